"""Faults of keywords that few documents need: bounds of numbers, sizes of lists and objects."""

from __future__ import annotations

from contract.findings import Level
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.plain_values import plain_value
from contract.spec.vocabulary import meaning
from mock_server.answer_editing import Answer, first, with_value
from mock_server.faults.fault import fault

_PLAIN: tuple[object, ...] = ([], {}, 0, True, "text", 1.5)
"""A value of every type, to find one that a schema does not allow."""


def _stated(member: Member, keyword: str) -> object:
    """Give the argument of a keyword that the member's table promises; None where it has none."""
    promises = (each for each in member.promises if each.level is Level.TABLE)
    return next((each.argument for each in promises if each.keyword == keyword), None)


def _with(operation: Operation, keyword: str, more_than: float | None = None) -> Member:
    """Find the first member with a keyword whose value is more than a number."""

    def wanted(member: Member) -> bool:
        argument = _stated(member, keyword)
        if more_than is None or not isinstance(argument, int | float):
            return argument is not None
        return argument > more_than

    return first(operation, wanted, f"member with {keyword}")


def _number(member: Member, keyword: str) -> float:
    argument = _stated(member, keyword)
    return argument if isinstance(argument, int | float) else 0


def _count(member: Member, keyword: str) -> int:
    return int(_number(member, keyword))


@fault(
    "min-length",
    chinese="文本比 minLength 少一个字符。",
    source="a service that cuts or pads in another way than its table says",
)
def text_too_short(answer: Answer, operation: Operation) -> Answer:
    """A text is one character shorter than its minLength."""
    member = _with(operation, "minLength", more_than=1)
    length = _count(member, "minLength") - 1
    return with_value(answer, member, lambda value: str(value)[:length])


@fault(
    "minimum",
    chinese="数值小于 minimum。",
    source="a service that counts from another number",
)
def number_below_its_minimum(answer: Answer, operation: Operation) -> Answer:
    """A number is smaller than its minimum."""
    member = _with(operation, "minimum")
    return with_value(answer, member, lambda _: _number(member, "minimum") - 1)


@fault(
    "maximum",
    chinese="数值大于 maximum。",
    source="a counter that has grown past what the table allows",
)
def number_above_its_maximum(answer: Answer, operation: Operation) -> Answer:
    """A number is larger than its maximum."""
    member = _with(operation, "maximum")
    return with_value(answer, member, lambda _: _number(member, "maximum") + 1)


@fault(
    "exclusive-minimum",
    chinese="应大于下限的数值恰好等于下限。",
    source="a comparison with >= in place of >",
)
def number_at_its_lower_bound(answer: Answer, operation: Operation) -> Answer:
    """A number that must be larger than its bound is equal to it."""
    member = _with(operation, "exclusiveMinimum")
    return with_value(answer, member, lambda _: _number(member, "exclusiveMinimum"))


@fault(
    "exclusive-maximum",
    chinese="应小于上限的数值恰好等于上限。",
    source="a comparison with <= in place of <",
)
def number_at_its_upper_bound(answer: Answer, operation: Operation) -> Answer:
    """A number that must be smaller than its bound is equal to it."""
    member = _with(operation, "exclusiveMaximum")
    return with_value(answer, member, lambda _: _number(member, "exclusiveMaximum"))


@fault(
    "multiple-of",
    chinese="数值不是 multipleOf 的整数倍。",
    source="an amount in another unit, or rounded otherwise",
)
def number_between_multiples(answer: Answer, operation: Operation) -> Answer:
    """A number is one more than a multiple of its multipleOf."""
    member = _with(operation, "multipleOf", more_than=1)
    return with_value(answer, member, lambda _: _number(member, "multipleOf") + 1)


@fault(
    "min-items",
    chinese="列表比 minItems 少一项。",
    source="a query that finds nothing",
)
def list_too_short(answer: Answer, operation: Operation) -> Answer:
    """A list has one item less than its minItems."""
    member = _with(operation, "minItems", more_than=0)
    count = _count(member, "minItems") - 1
    return with_value(answer, member, lambda value: _items(value)[:count])


@fault(
    "max-items",
    chinese="列表比 maxItems 多一项：重复其第一项。",
    source="a query without its limit",
)
def list_too_long(answer: Answer, operation: Operation) -> Answer:
    """A list has one item more than its maxItems: its first item, again and again."""
    member = _with(operation, "maxItems")
    count = _count(member, "maxItems") + 1
    return with_value(answer, member, lambda value: _items(value)[:1] * count)


@fault(
    "unique-items",
    chinese="列表的第一项出现了两次。",
    source="a join that yields a row twice",
)
def list_with_an_item_twice(answer: Answer, operation: Operation) -> Answer:
    """The first item of a list stands in it twice."""
    member = _with(operation, "uniqueItems")
    return with_value(answer, member, lambda value: [*_items(value)[:1], *_items(value)])


@fault(
    "min-properties",
    chinese="对象比 minProperties 少一个成员。",
    source="a serialiser that omits empty members",
)
def object_too_small(answer: Answer, operation: Operation) -> Answer:
    """An object has one member less than its minProperties."""
    member = _with(operation, "minProperties", more_than=0)
    count = _count(member, "minProperties") - 1
    return with_value(answer, member, lambda value: dict(_members(value)[:count]))


@fault(
    "max-properties",
    chinese="对象比 maxProperties 多一个成员。",
    source="a serialiser that writes members of a parent class too",
)
def object_too_large(answer: Answer, operation: Operation) -> Answer:
    """An object has one member more than its maxProperties."""
    member = _with(operation, "maxProperties")
    count = _count(member, "maxProperties") + 1

    def grown(value: object) -> dict[str, object]:
        more = [(f"more_{number}", number) for number in range(count)]
        return dict([*_members(value), *more][:count])

    return with_value(answer, member, grown)


@fault(
    "one-of",
    chinese="取值不符合 oneOf 中的任何一个 schema。",
    source="a service that has another variant of the value",
)
def value_of_none_of_its_schemas(answer: Answer, operation: Operation) -> Answer:
    """A value matches none of the schemas of its oneOf."""
    member = _with(operation, "oneOf")
    judge = meaning("oneOf", _stated(member, "oneOf"))
    misfit = next((value for value in _PLAIN if judge(value) is not None), None)
    return with_value(answer, member, lambda _: misfit)


@fault(
    "not",
    chinese="取值符合 not 所禁止的 schema。",
    source="a service that still sends what was ruled out",
)
def value_of_a_forbidden_schema(answer: Answer, operation: Operation) -> Answer:
    """A value matches the schema that its `not` forbids."""
    member = _with(operation, "not")
    schema = _stated(member, "not")
    return with_value(
        answer, member, lambda _: plain_value(schema) if isinstance(schema, dict) else None
    )


@fault(
    "whole-schema",
    chinese="嵌套在同类值内部的值，其成员类型不符。",
    source="a service that writes inner values by other code than the outer ones",
)
def inner_value_of_another_type(answer: Answer, operation: Operation) -> Answer:
    """A value inside one of its own kind has a member of another type."""
    member = _with(operation, "$ref")
    judge = meaning("$ref", member.schema)
    names = member.schema.get("properties")
    tried = (
        {name: value} for name in (names if isinstance(names, dict) else ()) for value in _PLAIN
    )
    misfit = next((each for each in tried if judge(each) is not None), None)
    return with_value(answer, member, lambda _: misfit)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _members(value: object) -> list[tuple[str, object]]:
    return list(value.items()) if isinstance(value, dict) else []
