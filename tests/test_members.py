"""Schema → members: what is promised of a value, by whom, and what is as good as one."""

from __future__ import annotations

import json

import pytest

from contract.findings import Level, Place
from contract.spec.members import Member, members_of
from contract.spec.references import mapping
from contract.spec.vocabulary import meaning
from contract.spec.yaml_text import parse

INTEGER, TEXT, NULL = {"type": "integer"}, {"type": "string"}, {"nullable": True}


def whole(schema: object) -> Member:
    place = Place("a.yaml", 1)
    node = mapping(parse(json.dumps(schema).encode(), "a.yaml"), place, "a schema")
    return next(members_of(node, (), None, place))


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
