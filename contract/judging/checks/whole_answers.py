"""Checks of an answer as a whole: was the call accepted, and is the answer what was documented.

To add one: write a function here, with `@check(NAME, ANSWER, …)`, and a fault that breaks it in
`mock_server/faults/`.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from contract.findings import Level
from contract.judging.checks.check import ANSWER, Clause, WordedClause, check, each_value
from contract.judging.reading import Broken, JudgeableAnswer, RefusedCall
from contract.spec.media_types import BodyForm, plain
from contract.spec.operations import DEFAULT
from contract.spec.vocabulary import shown


@check(
    "accepted",
    ANSWER,
    english="The service accepts the call as the document describes it.",
    chinese="服务端接受按文档发出的调用。",
    source="请求方式, 请求地址 and 请求参数 of the document; 4xx with JSON: RFC 9110 §15.5",
    level=Level.TABLE,
    after=(),
    broken='HTTP 415 {"error": "Unsupported Media Type"}',
    right='HTTP 200 {"code": "000", …}',
)
def call_is_accepted(clause: Clause) -> WordedClause | None:
    """The service accepts the call as documented."""
    call = f"{clause.operation.method} {clause.operation.path}"
    return WordedClause(
        f"{call} is accepted as documented",
        f"按文档调用 {call}，服务端应接受",
        each_value(lambda reading: reading.evidence if isinstance(reading, RefusedCall) else None),
    )


@check(
    "json",
    ANSWER,
    english="The body is JSON in UTF-8, and nothing else.",
    chinese="应答体是 UTF-8 编码的 JSON，前后没有其他内容。",
    source="the document's 应答样例; RFC 8259",
    level=Level.TABLE,
    after=("accepted",),
    broken='callback({"code": "000"});',
    right='{"code": "000"}',
)
def body_is_json(clause: Clause) -> WordedClause | None:
    """The body is JSON (RFC 8259) in UTF-8, and nothing else, where JSON is documented."""
    if clause.operation.answer.form is not BodyForm.JSON:
        return None
    return WordedClause(
        "the body is JSON in UTF-8",
        "应答体为 UTF-8 编码的 JSON",
        each_value(lambda reading: reading.evidence if isinstance(reading, Broken) else None),
    )


@check(
    "status",
    ANSWER,
    english="The status is the documented one.",
    chinese="HTTP 状态码与契约一致。",
    source="the status of the answer in the spec; RFC 9110 §15",
    level=Level.SAMPLE,
    after=("accepted", "json"),
    broken="HTTP 201",
    right="HTTP 200",
)
def status_is_the_documented_one(clause: Clause) -> WordedClause | None:
    """The status is the documented one."""
    documented = clause.operation.answer
    said = "2xx" if documented.key == DEFAULT else documented.key

    def judge(reading: object) -> str | None:
        if not isinstance(reading, JudgeableAnswer) or documented.allows(reading.response.status):
            return None
        return f"HTTP {reading.response.status}"

    return WordedClause(f"the status is {said}", f"HTTP 状态码为 {said}", each_value(judge))


@check(
    "body-as-documented",
    ANSWER,
    english="The answer has a body exactly where one is documented.",
    chinese="契约描述了应答体才有应答体，未描述则没有。",
    source="the content of the answer in the spec; RFC 9110 §6.4.1",
    level=Level.SAMPLE,
    after=("accepted", "json"),
    broken='HTTP 200 {"deleted": true}, where 204 without content is documented',
    right="HTTP 204, no body",
)
def body_is_there_as_documented(clause: Clause) -> WordedClause | None:
    """An answer without content has no body; a text or a file has one."""
    form = clause.operation.answer.form
    if form is BodyForm.JSON:  # a check of its own says that an empty body is none
        return None
    if form is BodyForm.NONE:

        def judge(reading: object) -> str | None:
            body = reading.response.body if isinstance(reading, JudgeableAnswer) else b""
            return f"a body of {len(body)} bytes" if body else None

        return WordedClause("there is no body", "没有应答体", each_value(judge))

    def judge_presence(reading: object) -> str | None:
        lacking = isinstance(reading, JudgeableAnswer) and not reading.response.body
        return "the body is empty" if lacking else None

    return WordedClause("the body is not empty", "应答体不为空", each_value(judge_presence))


@check(
    "media-type",
    ANSWER,
    english="The media type is the documented one; its parameters do not matter.",
    chinese="媒体类型与契约一致；参数（如 charset）不影响判定。",
    source="the media type of the answer in the spec; RFC 9110 §8.3",
    level=Level.SAMPLE,
    after=("accepted", "json"),
    broken="Content-Type: text/html;charset=UTF-8",
    right="Content-Type: application/json;charset=UTF-8",
)
def media_type_is_the_documented_one(clause: Clause) -> WordedClause | None:
    """The media type is the documented one; its parameters do not matter."""
    media_type = clause.operation.media_type
    if not media_type:
        return None

    def judge(reading: object) -> str | None:
        if not isinstance(reading, JudgeableAnswer):
            return None
        header = reading.response.header("Content-Type")
        came = plain(header or "")
        return None if fnmatchcase(came, plain(media_type)) else f"Content-Type {shown(header)}"

    return WordedClause(
        f"the media type is {media_type}", f"媒体类型为 {media_type}", each_value(judge)
    )
