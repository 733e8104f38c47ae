"""The mock server's own errors, as problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from contract.printable import in_json
from mock_server.answer_editing import Answer

PROBLEM = "application/problem+json"
"""The media type of problem details."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of the mock server itself, with the answer that describes it."""

    answer: Answer

    @property
    def detail(self) -> str:
        """The sentence for the developer; empty where the answer has none."""
        return str(json.loads(self.answer.body)["detail"]) if self.answer.body else ""


class RequestRefused(Exception):  # noqa: N818 - no error of the program: the request is refused
    """The request is refused, and the problem is the answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def problem(
    status: HTTPStatus,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
    **headers: str,
) -> Problem:
    """Describe in an answer what is wrong, and what would be right.

    Args:
        status: of the answer.
        detail: a sentence for the developer who sent the request.
        errors: everything that is wrong, each with its place (RFC 9457, section 3).
        headers: of the answer; underscores stand for hyphens.
    """
    payload = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        **({"errors": errors} if errors else {}),
    }
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    body = in_json(text).encode()  # it quotes what others sent, and is read in terminals
    return Problem(Answer(status, PROBLEM, body, named))


def malformed(detail: str) -> RequestRefused:
    """Give the refusal of a request that cannot be read (400)."""
    return RequestRefused(problem(HTTPStatus.BAD_REQUEST, detail))


def unprocessable(detail: str) -> RequestRefused:
    """Give the refusal of a request that asks for what there is not (422)."""
    return RequestRefused(problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail))
