"""What is wrong with a request → the answer that refuses it, in one of two forms.

Problem details (RFC 9457) are the mock server's own form. With `--errors envelope` a refusal looks
as the platform's own failures do: it is a documented failure of the operation, whose message says
what is wrong. Which member is the message, the examples tell: it is a text beside the business
code.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from contract.spec.media_types import BodyForm
from mock_server.answer_editing import Answer
from mock_server.answers.replies import Reply, ServedOperation
from mock_server.problems import Problem, problem
from mock_server.requests.carried import Wrong

MOST_TOLD = 5
"""How many wrong things a sentence tells; `errors` lists all."""

_OF_PARAMETERS = re.compile(
    r"参数|格式|非法|校验|param|invalid|illegal|format|argument", re.IGNORECASE
)
"""Words of failures that are about what a request carries."""
_OF_FAILURES = re.compile(r"失败|错误|异常|非法|无效|err|fail|invalid|bad", re.IGNORECASE)
"""Words in the names of examples of failures, where no business code tells them."""


class ErrorForm(StrEnum):
    """The form of refusals."""

    PROBLEM = "problem"
    ENVELOPE = "envelope"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """A documented failure of an operation, and the way to its message."""

    reply: Reply
    payload: object
    message: tuple[str, ...]

    @property
    def usual(self) -> str:
        """What its message says in the document."""
        return str(_at(self.payload, self.message))


class Rejections:
    """The refusals of one operation.

    Args:
        served: the operation.
        form: how they look.
    """

    def __init__(self, served: ServedOperation, form: ErrorForm) -> None:
        self.failure = _failure(served) if form is ErrorForm.ENVELOPE else None
        self.served = served

    def of(
        self, wrong: Sequence[Wrong], status: HTTPStatus = HTTPStatus.BAD_REQUEST, **headers: str
    ) -> Problem:
        """Refuse a request.

        Args:
            wrong: what is wrong with it.
            status: of problem details; an envelope has that of the documented failure.
            headers: of the answer; underscores stand for hyphens.
        """
        told = "; ".join(map(str, wrong[:MOST_TOLD]))
        more = f"; and {len(wrong) - MOST_TOLD} more" if len(wrong) > MOST_TOLD else ""
        if self.failure is None:
            errors = [each.as_json() for each in wrong]
            return problem(status, f"{told}{more}", errors, **headers)
        return self._in_the_envelope(f"{told}{more}", self.failure, headers)

    @staticmethod
    def _in_the_envelope(told: str, failure: _Failure, headers: Mapping[str, str]) -> Problem:
        payload: Any = copy.deepcopy(failure.payload)
        holder = payload
        for name in failure.message[:-1]:
            holder = holder[name]
        holder[failure.message[-1]] = told
        answer = failure.reply.answer(payload)
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return Problem(Answer(answer.status, answer.media_type, answer.body, named))


def _failure(served: ServedOperation) -> _Failure | None:
    """Choose the documented failure that refusals look like; None where there is none."""
    found = [*_failures(served)]
    fitting = (
        each for each in found if _OF_PARAMETERS.search(str(_at(each.payload, each.message)))
    )
    return next(fitting, next(iter(found), None))


def _failures(served: ServedOperation) -> Iterator[_Failure]:
    operation = served.operation
    code = operation.business_code
    beside = code.path[:-1] if code else ()
    good: object = next(iter(operation.success.values()), None)
    for reply in served.replies.values():
        if reply.documented.form is not BodyForm.JSON:
            continue
        for name, payload in reply.examples.items():
            if code is not None and _at(payload, code.path) is not None:
                success = code.schema["x-business-success"]
                failed = not isinstance(success, list) or _at(payload, code.path) not in success
            else:
                failed = (
                    reply.status >= HTTPStatus.BAD_REQUEST
                    or (reply is served.good and name not in operation.success)
                    or _OF_FAILURES.search(name) is not None
                )
            message = _message(payload, beside, good, code.name if code else "")
            if failed and message is not None:
                yield _Failure(reply=reply, payload=payload, message=message)


def _message(
    payload: object, beside: tuple[str, ...], good: object, code: str
) -> tuple[str, ...] | None:
    """Find the message of a failure: a text beside its code, unlike that of a success."""
    holder = _at(payload, beside)
    path = beside
    if not isinstance(holder, Mapping):
        holder, path = payload, ()
    if not isinstance(holder, Mapping):
        return None
    texts = [name for name, value in holder.items() if isinstance(value, str) and name != code]
    usual = _at(good, path)

    def likeness(name: str) -> tuple[bool, bool, bool]:
        differs = not isinstance(usual, Mapping) or usual.get(name) != holder[name]
        is_sentence = not holder[name].isascii() or " " in holder[name]
        return is_sentence, differs, not holder[name].isdigit()

    return (*path, max(texts, key=likeness)) if texts else None


def _at(value: object, path: Sequence[str]) -> object:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
