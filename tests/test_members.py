"""Schema → members: what is promised of a value, by whom, and what is as good as one."""

from __future__ import annotations

import json

import pytest

from contract.findings import Level, Place
from contract.spec.members import Member, members_of
from contract.spec.references import InvalidSpec, mapping
from contract.spec.vocabulary import meaning
from contract.spec.yaml_text import parse

INTEGER, TEXT, NULL = {"type": "integer"}, {"type": "string"}, {"nullable": True}


def every(schema: object) -> list[Member]:
    place = Place("a.yaml", 1)
    node = mapping(parse(json.dumps(schema).encode(), "a.yaml"), place, "a schema")
    return list(members_of(node, (), None, place))


def whole(schema: object) -> Member:
    return every(schema)[0]


def kept(member: Member, value: object, level: Level) -> bool:
    promises = [each for each in member.promises if each.level is level]
    return all(meaning(each.keyword, each.argument)(value) is None for each in promises)


BOUNDS: dict[str, tuple[dict[str, object], list[int]]] = {
    "at least": ({"minimum": 2}, [2, 3, 4, 5]),
    "at least, in so many words": ({"minimum": 2, "exclusiveMinimum": False}, [2, 3, 4, 5]),
    "more than": ({"minimum": 2, "exclusiveMinimum": True}, [3, 4, 5]),
    "more than nothing": ({"exclusiveMinimum": True}, [1, 2, 3, 4, 5]),
    "no more than nothing": ({"exclusiveMinimum": False}, [1, 2, 3, 4, 5]),
    "more than zero": ({"minimum": 0, "exclusiveMinimum": True}, [1, 2, 3, 4, 5]),
    "at most": ({"maximum": 4}, [1, 2, 3, 4]),
    "at most, in so many words": ({"maximum": 4, "exclusiveMaximum": False}, [1, 2, 3, 4]),
    "less than": ({"maximum": 4, "exclusiveMaximum": True}, [1, 2, 3]),
    "less than nothing": ({"exclusiveMaximum": True}, [1, 2, 3, 4, 5]),
    "no less than nothing": ({"exclusiveMaximum": False}, [1, 2, 3, 4, 5]),
    "between": (
        {"minimum": 2, "exclusiveMinimum": True, "maximum": 4, "exclusiveMaximum": True},
        [3],
    ),
    "from": ({"minimum": 2, "maximum": 4, "exclusiveMaximum": True}, [2, 3]),
    "to": ({"minimum": 2, "exclusiveMinimum": True, "maximum": 4}, [3, 4]),
}


@pytest.mark.parametrize("bounds", BOUNDS)
def test_a_bound_is_exclusive_only_beside_the_word_that_makes_it_so(bounds: str) -> None:
    schema, expected = BOUNDS[bounds]
    member = whole({**INTEGER, **schema})

    found = [value for value in range(1, 6) if kept(member, value, Level.TABLE)]

    assert found == expected


@pytest.mark.parametrize("bounds", BOUNDS)
def test_a_bound_that_a_sample_shows_is_read_alike(bounds: str) -> None:
    schema, expected = BOUNDS[bounds]
    member = whole({**INTEGER, "x-sample": schema})

    found = [value for value in range(1, 6) if kept(member, value, Level.SAMPLE)]

    assert found == expected


@pytest.mark.parametrize(
    ("schema", "nullable"),
    [
        (TEXT, False),
        ({**TEXT, **NULL}, True),
        ({**TEXT, "nullable": False}, False),
        ({**TEXT, "nullable": "true"}, False),
        ({"anyOf": [TEXT, INTEGER]}, False),
        ({"anyOf": [{**TEXT, **NULL}, INTEGER]}, True),
        ({"anyOf": [TEXT, {**INTEGER, **NULL}]}, True),
        ({"anyOf": [{**TEXT, **NULL}, {**INTEGER, **NULL}]}, True),
    ],
    ids=[
        *("never", "always", "no", "a text", "in no way of writing it"),
        *("in the first way", "in the last way", "in every way"),
    ],
)
def test_null_is_as_good_as_a_value_where_one_way_of_writing_it_allows_null(
    schema: object, *, nullable: bool
) -> None:
    assert whole(schema).nullable is nullable


NESTED = {
    "allOf": [
        {"properties": {"a": INTEGER}, "required": ["a"], "x-sample": {"required": ["a", "b"]}},
        {"allOf": [{"properties": {"b": TEXT}}, {"minProperties": 1}]},
    ],
    "properties": {"c": {"type": "array", "items": {"properties": {"d": TEXT}, "required": ["d"]}}},
}


def test_a_composed_schema_has_the_members_of_all_its_parts_outer_ones_first() -> None:
    paths = [".".join(member.path) for member in every(NESTED)]

    assert paths == ["", "c", "c.*", "c.*.d", "a", "b"]


def test_a_member_is_required_by_the_table_before_the_sample_and_by_any_part() -> None:
    required = {".".join(member.path): member.required for member in every(NESTED)}

    assert required == {
        **dict.fromkeys(("", "c", "c.*")),
        "c.*.d": Level.TABLE,
        "a": Level.TABLE,
        "b": Level.SAMPLE,
    }


def test_a_composed_schema_promises_what_its_parts_promise() -> None:
    assert [promise.keyword for promise in whole(NESTED).promises] == ["minProperties"]


def test_the_items_of_a_list_bear_the_name_of_the_list_and_the_whole_that_of_an_answer() -> None:
    names = {".".join(member.path): member.name for member in every(NESTED)}

    assert names == {"": "answer", "c": "c", "c.*": "c", "c.*.d": "d", "a": "a", "b": "b"}


def test_only_words_that_limit_a_value_are_promises_and_its_type_is_the_first() -> None:
    schema = {
        "title": "t",
        "description": "d",
        "example": "e",
        "default": "f",
        "deprecated": False,
        "readOnly": False,
        "writeOnly": False,
        "externalDocs": {},
        "discriminator": {},
        "xml": {},
        "properties": {},
        "items": {},
        "required": [],
        "nullable": False,
        "additionalProperties": False,
        "allOf": [],
        "x-mock": "uuid",
        "pattern": "a",
        "maxLength": 3,
        "type": "string",
        "x-unique": True,
        "x-sample": {},
    }

    assert [promise.keyword for promise in whole(schema).promises] == [
        *("type", "pattern", "maxLength", "x-unique")
    ]


def test_members_and_promises_know_where_they_are_described() -> None:
    text = b"properties:\n  a:\n    maxLength: 3\n    x-sample:\n      minLength: 2\n"
    node = mapping(parse(text, "a.yaml"), Place("a.yaml", 1), "a schema")

    _, member = members_of(node, (), None, node.place)

    assert [member.place.line, *(promise.place.line for promise in member.promises)] == [2, 3, 5]


@pytest.mark.parametrize("schema", [{"required": [1]}, {"x-sample": {"required": [{}]}}])
def test_what_is_required_is_a_list_of_names(schema: object) -> None:
    with pytest.raises(InvalidSpec, match="required must be a list of names"):
        every(schema)


@pytest.mark.parametrize(
    ("schema", "promised"),
    [
        ({"x-unique": True}, ["x-unique"]),
        ({"x-unique": False}, []),
        ({"uniqueItems": False}, ["uniqueItems"]),
    ],
)
def test_only_what_need_not_be_unique_is_no_promise(schema: object, promised: list[str]) -> None:
    assert [promise.keyword for promise in whole(schema).promises] == promised
