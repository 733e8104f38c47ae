"""What a new schema allows and the old one ruled out, keyword by keyword: no more, no less."""

from __future__ import annotations

import json

import pytest

from contract.changes.inclusion import loosened
from contract.findings import Place
from contract.spec.references import mapping
from contract.spec.yaml_text import Located, parse
from tests.comparing import Node

TEXT, SHORT, A = {"type": "string"}, {"type": "string", "maxLength": 3}, {"enum": ["a"]}
WHOLE, YES = {"type": "integer"}, {"type": "boolean"}
LONG = {"type": "string", "minLength": 2}
Said = tuple[str, str, object, object]


def read(schema: Node, name: str) -> Located:
    return mapping(parse(json.dumps(schema).encode(), name), Place(name, 1), "a schema")


def told(old: Node, new: Node) -> list[Said]:
    found = loosened(read(old, "old.yaml"), read(new, "new.yaml"))
    return [("/".join(each.path), each.keyword, each.was, each.now) for each in found]


# Alternatives


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([TEXT, WHOLE], [TEXT, WHOLE]),
        ([TEXT, WHOLE], [WHOLE, TEXT]),
        ([TEXT, WHOLE, A], [A, TEXT, WHOLE]),
        ([SHORT, LONG], [LONG, SHORT]),
        ([TEXT, WHOLE, YES], [YES, WHOLE]),
        ([TEXT, WHOLE], [SHORT, WHOLE]),
        ([TEXT, WHOLE], [WHOLE, SHORT]),
    ],
    ids=[
        *("the same", "turned", "turned, one in another", "turned, overlapping"),
        *("fewer", "narrower", "narrower and turned"),
    ],
)
def test_alternatives_that_allow_no_more_are_not_told(
    keyword: str, old: list[Node], new: list[Node]
) -> None:
    found = told({keyword: old}, {keyword: new})

    assert found == []


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize("of", [[TEXT, WHOLE], [WHOLE, TEXT], [TEXT, WHOLE, YES]])
@pytest.mark.parametrize("one", [TEXT, SHORT, WHOLE])
def test_one_of_the_alternatives_alone_is_not_told(keyword: str, of: list[Node], one: Node) -> None:
    found = told({keyword: of}, one)

    assert found == []


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([TEXT, WHOLE], [TEXT, WHOLE, YES], ("", None, "one of 2", "another alternative")),
        ([TEXT], [TEXT, WHOLE], ("", None, "one of 1", "another alternative")),
        ([SHORT, WHOLE], [TEXT, WHOLE], ("", "maxLength", 3, None)),
        ([SHORT, WHOLE], [WHOLE, TEXT], ("", "maxLength", 3, None)),
    ],
    ids=["one more", "a second one", "a wider one", "a wider one, turned"],
)
def test_alternatives_that_allow_more_are_told(
    keyword: str, old: list[Node], new: list[Node], expected: tuple[str, str | None, object, object]
) -> None:
    found = told({keyword: old}, {keyword: new})

    path, word, was, now = expected
    assert found == [(path, word or keyword, was, now)]


@pytest.mark.parametrize(
    "others",
    [[A], [A, WHOLE], [WHOLE, A], [WHOLE, YES, A]],
    ids=["alone", "before one apart", "behind one apart", "behind two apart"],
)
def test_what_two_of_exclusive_alternatives_allow_is_told_where_it_is_allowed_now(
    others: list[Node],
) -> None:
    found = told({"oneOf": [TEXT, *others]}, TEXT)

    assert found == [("", "oneOf", f"one of {1 + len(others)}", "another alternative")]


@pytest.mark.parametrize("others", [[A], [A, WHOLE], [WHOLE, A]])
def test_what_two_alternatives_allow_is_not_told_where_one_is_enough(others: list[Node]) -> None:
    found = told({"anyOf": [TEXT, *others]}, TEXT)

    assert found == []


# Members


def having(*names: str, **words: object) -> Node:
    return {"type": "object", "properties": dict.fromkeys(names, TEXT), **words}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            having("a", additionalProperties=False),
            having("a"),
            [("", "additionalProperties", False, "allowed")],
        ),
        (
            having("a", additionalProperties=False),
            having("a", "b", additionalProperties=False),
            [("b", "additionalProperties", False, "described")],
        ),
        (
            having("a", additionalProperties=False),
            having("a", "b"),
            [
                ("b", "additionalProperties", False, "described"),
                ("", "additionalProperties", False, "allowed"),
            ],
        ),
        (
            having("a", additionalProperties=WHOLE),
            having("a", "b", additionalProperties=WHOLE),
            [("b", "type", "integer", "string")],
        ),
        (
            having("a", additionalProperties=WHOLE),
            having("a"),
            [("*", "additionalProperties", "described", None)],
        ),
        (having("a"), having("a", additionalProperties=False), []),
        (having("a", "b", additionalProperties=False), having("a", additionalProperties=False), []),
    ],
    ids=[
        *("opened", "one more described", "opened with one more", "one of another type"),
        *("others of any type", "closed", "one described no more"),
    ],
)
def test_members_beside_those_that_are_described_are_told_where_they_may_come(
    old: Node, new: Node, expected: list[Said]
) -> None:
    found = told(old, new)

    assert found == expected
