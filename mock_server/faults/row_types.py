"""Faults of JSON types: those of 类型 in the field table, and of the envelope in the sample."""

from __future__ import annotations

from dataclasses import replace

from contract.findings import Level
from contract.spec.members import Member
from contract.spec.operations import Operation
from mock_server.answer_editing import (
    Answer,
    a_row,
    encode,
    first,
    shown_only,
    the_code,
    the_container,
    the_number,
    typed,
    with_value,
)
from mock_server.faults.fault import fault


@fault(
    "type",
    chinese="String 类型的字段返回了 JSON 数字。",
    source="a language with weak types, or a changed column type",
)
def row_a_number(answer: Answer, operation: Operation) -> Answer:
    """A field row of type String is a JSON number."""
    return with_value(answer, a_row(operation), lambda _: 20261123)


@fault(
    "type",
    chinese="String 类型的字段返回了 true。",
    source="a language with weak types",
)
def row_a_boolean(answer: Answer, operation: Operation) -> Answer:
    """A field row of type String is true."""
    return with_value(answer, a_row(operation), lambda _: True)


@fault(
    "type",
    chinese="String 类型的字段返回了字符串数组。",
    source="an XML-to-JSON converter",
)
def row_a_list(answer: Answer, operation: Operation) -> Answer:
    """A field row of type String is a list of strings."""
    return with_value(answer, a_row(operation), lambda value: [value])


@fault(
    "type",
    chinese="String 类型的字段返回了包含该字符串的对象。",
    source="a serialised value object or enumeration",
)
def row_an_object(answer: Answer, operation: Operation) -> Answer:
    """A field row of type String is an object that holds the string."""
    return with_value(answer, a_row(operation), lambda value: {"value": value})


@fault(
    "type",
    chinese="图片编号是整数，且每次不同。",
    source="a service that sends its database key",
)
def number_an_integer(answer: Answer, operation: Operation) -> Answer:
    """The image number is an integer, a different one in every answer."""
    return with_value(answer, the_number(operation), lambda value: int(str(value), 36))


@fault(
    "type",
    chinese="Integer 类型的字段返回了数字字符串。",
    source="a serialiser that protects long integers from JavaScript's precision",
)
def integer_a_text(answer: Answer, operation: Operation) -> Answer:
    """A field row of type Integer is a string of digits."""
    return with_value(answer, typed(operation, "integer"), str)


@fault(
    "type",
    chinese="Integer 类型的字段返回了小数。",
    source="a column that became a decimal",
)
def integer_with_a_fraction(answer: Answer, operation: Operation) -> Answer:
    """A field row of type Integer has a fraction."""
    return with_value(answer, typed(operation, "integer"), lambda _: 0.5)


@fault(
    "type",
    chinese="只有一个元素的列表，返回成了该元素本身。",
    source="an XML-to-JSON converter; a serialiser that unwraps single items",
)
def list_of_one_bare(answer: Answer, operation: Operation) -> Answer:
    """A list with one item comes as that item, without its list."""

    def bare(value: object) -> object:
        return value[0] if isinstance(value, list) else value

    return with_value(answer, typed(operation, "array"), bare)


@fault(
    "type",
    chinese="非必填字段有值，但类型不对。",
    source="a path of the code that is seldom tested",
)
def optional_row_mistyped(answer: Answer, operation: Operation) -> Answer:
    """An optional field row has a value, but of another type."""
    member = first(operation, _optional_of_a_type, "optional row")
    return with_value(answer, member, lambda _: 7)


def _optional_of_a_type(member: Member) -> bool:
    return member.nullable and not {"type", "anyOf"}.isdisjoint(member.schema)


@fault(
    "type",
    chinese="承载业务字段的成员变成了只含一个对象的数组。",
    source="a query that returns rows in place of one row",
)
def data_a_list(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is a list of one object."""
    return with_value(answer, the_container(operation), lambda value: [value])


@fault(
    "type",
    chinese="承载业务字段的成员变成了 JSON 字符串：序列化了两次。",
    source="a service that serialises before its framework does",
)
def data_a_text(answer: Answer, operation: Operation) -> Answer:
    """The member that the field rows live in is a string of JSON: encoded twice."""
    return with_value(answer, the_container(operation), lambda value: encode(value).decode())


@fault(
    "type",
    chinese="整个应答包在数组里。",
    source="a query that returns rows in place of one row",
)
def answer_a_list(answer: Answer, _: Operation) -> Answer:
    """The whole answer stands in a list."""
    return replace(answer, body=b"[%s]" % answer.body)


@fault(
    "type",
    chinese="整个应答是一个 JSON 字符串：序列化了两次。",
    source="a service that serialises before its framework does",
)
def answer_a_text(answer: Answer, _: Operation) -> Answer:
    """The whole answer is a string of JSON: encoded twice."""
    return replace(answer, body=encode(answer.body.decode()))


@fault(
    "type",
    chinese="业务码是数字，前导零丢失。",
    source="a language with weak types",
)
def code_a_number(answer: Answer, operation: Operation) -> Answer:
    """The business code is a number: its leading zeros are lost."""
    return with_value(answer, the_code(operation), lambda value: int(str(value)))


@fault(
    "type",
    level=Level.SAMPLE,
    chinese="提示信息是数字。",
    source="a language with weak types",
)
def msg_a_number(answer: Answer, operation: Operation) -> Answer:
    """The message is a number."""
    return with_value(answer, shown_only(operation, "enum"), lambda _: 0)
