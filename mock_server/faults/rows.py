"""Faults of members: what the field table says of 是否必填, 类型 and 最大长度."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import replace

from contract.findings import Level
from contract.spec.operations import Operation
from mock_server.answer_editing import (
    Answer,
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
    typed,
    with_value,
    without,
)
from mock_server.faults.fault import fault

# 是否必填


@fault("required")
def row_missing(answer: Answer, operation: Operation) -> Answer:
    """A required field row is missing."""
    return without(answer, a_row(operation))


@fault("required")
def row_missing_in_some(answer: Answer, operation: Operation) -> Answer:
    """A required field row is missing in about half of the answers."""
    member = a_row(operation)
    return without(answer, member) if in_some(answer, operation) else answer


@fault("required")
def picture_missing(answer: Answer, operation: Operation) -> Answer:
    """The 图片base64 row is missing."""
    return without(answer, the_picture(operation))


@fault("required")
def row_null(answer: Answer, operation: Operation) -> Answer:
    """A required field row is null."""
    return with_value(answer, a_row(operation), lambda _: None)


@fault("required")
def row_empty(answer: Answer, operation: Operation) -> Answer:
    """A required field row is the empty string."""
    return with_value(answer, a_row(operation), lambda _: "")


@fault("required")
def number_renamed(answer: Answer, operation: Operation) -> Answer:
    """The image number comes under another spelling of its name."""
    member = the_number(operation)
    camel = "".join(part.title() if k else part for k, part in enumerate(member.name.split("_")))
    other = camel if camel != member.name else member.name.upper()

    def rename(holder: MutableMapping[str, object], name: str) -> None:
        holder[other] = holder.pop(name)

    return edited(answer, member, rename)


@fault("required")
def data_missing(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is missing."""
    return without(answer, the_container(operation))


@fault("required")
def data_null(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is null, though the call succeeded."""
    return with_value(answer, the_container(operation), lambda _: None)


@fault("required", "documented")
def data_unwrapped(answer: Answer, operation: Operation) -> Answer:
    """The field rows stand beside the business code, not in the member that they live in."""

    def unwrap(holder: MutableMapping[str, object], name: str) -> None:
        rows = holder.pop(name)
        holder.update(rows if isinstance(rows, dict) else {})

    return edited(answer, the_container(operation), unwrap)


@fault("required", "documented")
def envelope_missing(answer: Answer, operation: Operation) -> Answer:
    """The field rows come alone, without the envelope."""
    container = the_container(operation)
    holder = next(holders(payload_of(answer), container.path))
    return replace(answer, body=encode(holder[container.path[-1]]))


@fault("required")
def answer_hollow(answer: Answer, _: Operation) -> Answer:
    """The answer is an object without a member."""
    return replace(answer, body=b"{}")


@fault("required")
def code_missing(answer: Answer, operation: Operation) -> Answer:
    """The business code is missing."""
    return without(answer, the_code(operation))


@fault("required", level=Level.SAMPLE)
def request_id_missing(answer: Answer, operation: Operation) -> Answer:
    """An envelope member that the sample shows is missing."""
    return without(answer, shown_only(operation, "pattern"))


# 类型


@fault("type")
def row_a_number(answer: Answer, operation: Operation) -> Answer:
    """A field row of type String is a JSON number."""
    return with_value(answer, a_row(operation), lambda _: 20261123)


@fault("type")
def row_a_boolean(answer: Answer, operation: Operation) -> Answer:
    """A field row of type String is true."""
    return with_value(answer, a_row(operation), lambda _: True)


@fault("type")
def row_a_list(answer: Answer, operation: Operation) -> Answer:
    """A field row of type String is a list of strings."""
    return with_value(answer, a_row(operation), lambda value: [value])


@fault("type")
def row_an_object(answer: Answer, operation: Operation) -> Answer:
    """A field row of type String is an object that holds the string."""
    return with_value(answer, a_row(operation), lambda value: {"value": value})


@fault("type")
def number_an_integer(answer: Answer, operation: Operation) -> Answer:
    """The image number is an integer, another in every answer."""
    return with_value(answer, the_number(operation), lambda value: int(str(value), 36))


@fault("type")
def integer_a_text(answer: Answer, operation: Operation) -> Answer:
    """A field row of type Integer is a string of digits."""
    return with_value(answer, typed(operation, "integer"), str)


@fault("type")
def integer_with_a_fraction(answer: Answer, operation: Operation) -> Answer:
    """A field row of type Integer has a fraction."""
    return with_value(answer, typed(operation, "integer"), lambda _: 0.5)


@fault("type")
def list_of_one_bare(answer: Answer, operation: Operation) -> Answer:
    """A list with one item comes as that item, without its list."""

    def bare(value: object) -> object:
        return value[0] if isinstance(value, list) else value

    return with_value(answer, typed(operation, "array"), bare)


@fault("type")
def optional_row_mistyped(answer: Answer, operation: Operation) -> Answer:
    """An optional field row is there, but of another type."""
    member = first(operation, lambda each: each.nullable, "optional row")
    return with_value(answer, member, lambda _: 7)


@fault("type")
def data_a_list(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is a list of one object."""
    return with_value(answer, the_container(operation), lambda value: [value])


@fault("type")
def data_a_text(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is a string of JSON: encoded twice."""
    return with_value(answer, the_container(operation), lambda value: encode(value).decode())


@fault("type")
def answer_a_list(answer: Answer, _: Operation) -> Answer:
    """The whole answer stands in a list."""
    return replace(answer, body=b"[%s]" % answer.body)


@fault("type")
def answer_a_text(answer: Answer, _: Operation) -> Answer:
    """The whole answer is a string of JSON: encoded twice."""
    return replace(answer, body=encode(answer.body.decode()))


@fault("type")
def code_a_number(answer: Answer, operation: Operation) -> Answer:
    """The business code is a number: its leading zeros are lost."""
    return with_value(answer, the_code(operation), lambda value: int(str(value)))


@fault("type", level=Level.SAMPLE)
def msg_a_number(answer: Answer, operation: Operation) -> Answer:
    """The message is a number."""
    return with_value(answer, shown_only(operation, "enum"), lambda _: 0)


# 最大长度


@fault("max-length")
def row_too_long(answer: Answer, operation: Operation) -> Answer:
    """A field row is one character longer than its 最大长度."""
    member = first(operation, lambda each: "maxLength" in each.schema, "row with a 最大长度")
    limit = member.schema["maxLength"]
    return with_value(answer, member, lambda _: "字" * (limit + 1 if isinstance(limit, int) else 1))


# What no row names


@fault("documented", level=Level.STRICT)
def member_undocumented(answer: Answer, operation: Operation) -> Answer:
    """A member that no row and no sample shows stands beside the field rows."""
    name = {"traceId": "0af7651916cd43dd8448eb211c80319c"}

    def add(value: object) -> object:
        return {**value, **name} if isinstance(value, dict) else value

    return with_value(answer, the_container(operation), add)


@fault("documented", level=Level.STRICT)
def envelope_member_undocumented(answer: Answer, _: Operation) -> Answer:
    """A member that the sample does not show stands in the envelope."""
    return replace(answer, body=b'{"success":true,' + answer.body.lstrip()[1:])
