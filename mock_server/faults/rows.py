"""Faults of members: 是否必填 and 最大长度 of the field table, and what no row names."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import replace

from contract.findings import Level
from contract.spec.media_types import BodyForm
from contract.spec.operations import Operation
from mock_server.answer_editing import (
    Answer,
    NotApplicable,
    a_row,
    edited,
    encode,
    first,
    holders,
    in_some,
    payload_of,
    shown_only,
    the_code,
    the_container,
    the_number,
    the_picture,
    with_value,
    without,
)
from mock_server.faults.fault import fault

# 是否必填


@fault(
    "required",
    chinese="缺少一个必填字段。",
    source="a service that leaves a member unset; a serialiser that omits empty members",
)
def row_missing(answer: Answer, operation: Operation) -> Answer:
    """A required field row is missing."""
    return without(answer, a_row(operation))


@fault(
    "required",
    chinese="约一半的应答缺少一个必填字段。",
    source="one of several nodes runs another version",
)
def row_missing_in_some(answer: Answer, operation: Operation) -> Answer:
    """A required field row is missing in about half of the answers."""
    member = a_row(operation)
    return without(answer, member) if in_some(answer, operation) else answer


@fault(
    "required",
    chinese="缺少图片base64字段。",
    source="a drawing service that is down, and a serialiser that omits null",
)
def picture_missing(answer: Answer, operation: Operation) -> Answer:
    """The 图片base64 row is missing."""
    return without(answer, the_picture(operation))


@fault(
    "required",
    chinese="必填字段的值为 null。",
    source="a service that leaves a member unset",
)
def row_null(answer: Answer, operation: Operation) -> Answer:
    """A required field row is null."""
    return with_value(answer, a_row(operation), lambda _: None)


@fault(
    "required",
    chinese="必填字段的值为空字符串。",
    source='a service that sends "" for what it does not have',
)
def row_empty(answer: Answer, operation: Operation) -> Answer:
    """A required field row is the empty string."""
    return with_value(answer, a_row(operation), lambda _: "")


@fault(
    "required",
    chinese="图片编号的字段名换了写法。",
    source="a serialiser with another naming strategy: camelCase for snake_case",
)
def number_renamed(answer: Answer, operation: Operation) -> Answer:
    """The image number comes under another spelling of its name."""
    member = the_number(operation)
    camel = "".join(part.title() if k else part for k, part in enumerate(member.name.split("_")))
    other = camel if camel != member.name else member.name.upper()

    def rename(holder: MutableMapping[str, object], name: str) -> None:
        holder[other] = holder.pop(name)

    return edited(answer, member, rename)


@fault(
    "required",
    chinese="缺少承载业务字段的成员。",
    source="a service that answers without its payload",
)
def data_missing(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is missing."""
    return without(answer, the_container(operation))


@fault(
    "required",
    chinese="调用成功，但承载业务字段的成员为 null。",
    source="a service that swallowed an exception",
)
def data_null(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is null, though the call succeeded."""
    return with_value(answer, the_container(operation), lambda _: None)


@fault(
    "required",
    "documented",
    chinese="业务字段与业务码并列，没有放进应在的成员里。",
    source="a gateway or framework that flattens the payload",
)
def data_unwrapped(answer: Answer, operation: Operation) -> Answer:
    """The field rows stand beside the business code, not in the member that they live in."""

    def unwrap(holder: MutableMapping[str, object], name: str) -> None:
        rows = holder.pop(name)
        holder.update(rows if isinstance(rows, dict) else {})

    return edited(answer, the_container(operation), unwrap)


@fault(
    "required",
    "documented",
    chinese="只返回业务字段，没有外层报文结构。",
    source="a call that bypasses the platform's response wrapper",
)
def envelope_missing(answer: Answer, operation: Operation) -> Answer:
    """The field rows come alone, without the envelope."""
    container = the_container(operation)
    holder = next(holders(payload_of(answer), container.path))
    return replace(answer, body=encode(holder[container.path[-1]]))


@fault(
    inconclusive="not-the-operation",
    chinese="应答是一个空对象。",
    source="a serialiser that finds no accessible members",
    forms={BodyForm.JSON},
)
def answer_hollow(answer: Answer, _: Operation) -> Answer:
    """The answer is an object without members."""
    return replace(answer, body=b"{}")


@fault(
    "required",
    chinese="缺少业务码。",
    source="a call that bypasses the platform's response wrapper",
)
def code_missing(answer: Answer, operation: Operation) -> Answer:
    """The business code is missing."""
    return without(answer, the_code(operation))


@fault(
    "required",
    level=Level.SAMPLE,
    chinese="缺少样例中出现的外层成员。",
    source="a service without the tracing filter",
)
def request_id_missing(answer: Answer, operation: Operation) -> Answer:
    """An envelope member that the sample shows is missing."""
    return without(answer, shown_only(operation, "pattern"))


# 最大长度


@fault(
    "max-length",
    chinese="字段比最大长度多一个字符。",
    source="a column that was widened; a limit that counts bytes",
)
def row_too_long(answer: Answer, operation: Operation) -> Answer:
    """A field row is one character longer than its 最大长度."""
    member = first(operation, lambda each: "maxLength" in each.schema, "row with a 最大长度")
    limit = member.schema["maxLength"]
    return with_value(answer, member, lambda _: "字" * (limit + 1 if isinstance(limit, int) else 1))


# What no row names


@fault(
    "documented",
    level=Level.STRICT,
    chinese="业务字段旁边多出一个文档和样例都没有的成员。",
    source="a service that was extended before its document",
)
def member_undocumented(answer: Answer, operation: Operation) -> Answer:
    """A member that no row and no sample shows stands beside the field rows."""
    name = {"traceId": "0af7651916cd43dd8448eb211c80319c"}

    def add(value: object) -> object:
        return {**value, **name} if isinstance(value, dict) else value

    return with_value(answer, the_container(operation), add)


@fault(
    "documented",
    level=Level.STRICT,
    chinese="外层多出一个样例没有的成员。",
    source="a platform that was extended before its document",
)
def envelope_member_undocumented(answer: Answer, operation: Operation) -> Answer:
    """A member that the sample does not show stands in the envelope."""
    if not isinstance(payload_of(answer), dict):
        raise NotApplicable(f"{operation.id} answers with no object")
    return replace(answer, body=b'{"success":true,' + answer.body.lstrip()[1:])
