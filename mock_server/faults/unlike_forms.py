"""Faults of answers that are no JSON: a body where none is documented, and none where one is."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from contract.findings import Level
from contract.spec.media_types import BodyForm
from contract.spec.operations import Operation
from mock_server.answer_editing import JSON, Answer
from mock_server.faults.fault import fault


@fault(
    "body-as-documented",
    "status",
    level=Level.SAMPLE,
    chinese="契约没有应答体，却返回 200 和 JSON。",
    source="a framework whose default answer is an object",
    forms={BodyForm.NONE},
)
def body_undocumented(answer: Answer, _: Operation) -> Answer:
    """No body is documented, and 200 comes with JSON."""
    return replace(answer, status=HTTPStatus.OK, media_type=JSON, body=b'{"deleted":true}')


@fault(
    "body-as-documented",
    level=Level.SAMPLE,
    chinese="契约有文本或文件，应答体却是空的。",
    source="a file that was not written to its end",
)
def body_left_out(answer: Answer, _: Operation) -> Answer:
    """A text or a file is documented, and the body is empty."""
    return replace(answer, body=b"")
