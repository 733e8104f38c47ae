"""Spec → what each operation can answer, compiled once when the spec is loaded.

An operation has one reply for each status that the spec describes. The first healthy answer is
checked against the spec here, so a spec that contradicts itself is refused before the first call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import jsonschema_rs

from contract.spec.operations import Operation, Spec
from contract.spec.references import InvalidSpec
from contract.spec.vocabulary import json_schema
from mock_server.answer_editing import Answer, NotApplicable, encode
from mock_server.captcha import Captchas
from mock_server.faults.fault import Fault
from mock_server.generators import Draw, Maker, answer_maker, maker_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One status that an operation can answer with: how its body is made, and its examples."""

    status: int
    media_type: str
    make: Maker
    examples: Mapping[str, object]

    def answer(self, payload: object) -> Answer:
        """Give a payload as an answer of this status; without a media type there is no body."""
        return Answer(self.status, self.media_type, encode(payload) if self.media_type else b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedOperation:
    """One operation with everything that it can answer.

    Attributes:
        operation: as the spec describes it.
        good: the reply of a successful call.
        replies: every reply by its status, the successful one first.
        validator: checks the body of a successful reply.
    """

    operation: Operation
    good: Reply
    replies: Mapping[str, Reply]
    validator: jsonschema_rs.Draft4Validator

    def lacks_body(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Say whether a request lacks the body that this operation requires.

        connexion does not notice: it does not validate the body of a request without Content-Type.
        """
        body = self.operation.body
        if body is None or not body.required:
            return False
        names = {name for name, value in headers if value != b"0"}
        return not names & {b"content-length", b"transfer-encoding"}


def served_operations(spec: Spec, captchas: Captchas) -> Mapping[str, ServedOperation]:
    """Compile every operation of a spec, by its operationId.

    Raises:
        InvalidSpec: the answer made from the spec breaks the spec, or a generator is unknown.
    """
    return {operation.id: _compiled(operation, captchas) for operation in spec.operations}


def _compiled(operation: Operation, captchas: Captchas) -> ServedOperation:
    good = Reply(
        status=operation.status,
        media_type=operation.media_type,
        make=answer_maker(operation),
        examples=operation.examples,
    )
    others = {
        str(each.status): Reply(
            status=each.status,
            media_type=each.media_type,
            make=maker_of(each.schema, each.examples),
            examples=each.examples,
        )
        for each in operation.others
    }
    answers = {"anyOf": [operation.schema, *operation.failures]}
    validator = jsonschema_rs.Draft4Validator(json_schema(answers))
    wrong = next(iter(validator.iter_errors(_first_payload(good, captchas))), None)
    if wrong is not None:
        where = "/".join(str(step) for step in wrong.instance_path)
        message = f"the answer made from the spec breaks it at {where}: {wrong.message}"
        raise InvalidSpec(operation.place, message)
    return ServedOperation(
        operation=operation,
        good=good,
        replies={str(good.status): good, **others},
        validator=validator,
    )


def _first_payload(reply: Reply, captchas: Captchas) -> object:
    return reply.make(Draw(captchas, captchas.number(0)))


def must_apply(fault: Fault, operations: Iterable[ServedOperation], captchas: Captchas) -> None:
    """Make sure that a fault has something to break in at least one operation.

    Raises:
        NotApplicable: it has nothing to break; the message gives the reason of each operation.
    """
    reasons: list[str] = []
    for each in operations:
        healthy = each.good.answer(_first_payload(each.good, captchas))
        try:
            fault.apply(healthy, each.operation)
        except NotApplicable as reason:
            reasons.append(str(reason))
        else:
            return
    raise NotApplicable(f"fault {fault.name} breaks nothing here: {'; '.join(reasons)}")
