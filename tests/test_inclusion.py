"""What a new schema allows and the old one ruled out, keyword by keyword: no more, no less."""

from __future__ import annotations

import pytest

from tests.comparing import Node, Said, loosenings

TEXT, SHORT, A = {"type": "string"}, {"type": "string", "maxLength": 3}, {"enum": ["a"]}
WHOLE, YES = {"type": "integer"}, {"type": "boolean"}
LONG = {"type": "string", "minLength": 2}

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
    found = loosenings({keyword: old}, {keyword: new})

    assert found == []


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize("of", [[TEXT, WHOLE], [WHOLE, TEXT], [TEXT, WHOLE, YES]])
@pytest.mark.parametrize("one", [TEXT, SHORT, WHOLE])
def test_one_of_the_alternatives_alone_is_not_told(keyword: str, of: list[Node], one: Node) -> None:
    found = loosenings({keyword: of}, one)

    assert found == []


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([TEXT, WHOLE], [TEXT, WHOLE, YES], ("", None, "string / integer", "boolean")),
        ([TEXT], [TEXT, WHOLE], ("", None, "string", "integer")),
        ([SHORT, WHOLE], [TEXT, WHOLE], ("", "maxLength", 3, None)),
        ([SHORT, WHOLE], [WHOLE, TEXT], ("", "maxLength", 3, None)),
    ],
    ids=["one more", "a second one", "a wider one", "a wider one, turned"],
)
def test_alternatives_that_allow_more_are_told(
    keyword: str, old: list[Node], new: list[Node], expected: tuple[str, str | None, object, object]
) -> None:
    found = loosenings({keyword: old}, {keyword: new})

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
    found = loosenings({"oneOf": [TEXT, *others]}, TEXT, request=True)

    assert [(path, keyword, now) for path, keyword, _, now in found] == [("", "oneOf", "string")]


@pytest.mark.parametrize("others", [[A], [A, WHOLE], [WHOLE, A]])
def test_who_reads_an_answer_reads_one_of_exclusive_alternatives(others: list[Node]) -> None:
    found = loosenings({"oneOf": [TEXT, *others]}, TEXT)

    assert found == []


@pytest.mark.parametrize("others", [[A], [A, WHOLE], [WHOLE, A]])
def test_what_two_alternatives_allow_is_not_told_where_one_is_enough(others: list[Node]) -> None:
    found = loosenings({"anyOf": [TEXT, *others]}, TEXT)

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
    found = loosenings(old, new)

    assert found == expected


# Values within


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (having("a", required=["a"]), having("a", required=["a"]), []),
        (
            having("a", "b", required=["a", "b"]),
            having("a", "b", required=["b"]),
            [("a", "required", "required", "optional")],
        ),
        (
            having("a", required=["a"]),
            {"allOf": [having("a"), {"required": ["a"]}]},
            [],
        ),
        (having("a"), {"type": "object"}, [("a", "properties", "described", None)]),
        ({"properties": {"a": {}}}, {"type": "object"}, []),
        (having("a"), {"properties": {"a": SHORT}}, [("", "type", "object", "any type")]),
        (
            {"properties": {"a": SHORT}},
            having("a"),
            [("a", "maxLength", 3, None)],
        ),
        ({"properties": {"a": SHORT}}, {"additionalProperties": SHORT}, []),
        (
            {"properties": {"a": SHORT}},
            {"additionalProperties": TEXT},
            [("a", "maxLength", 3, None)],
        ),
        ({"properties": {"a": SHORT}}, {"additionalProperties": False}, []),
        (
            {"properties": {"a": {"properties": {"b": SHORT}}}},
            {"properties": {"a": {"properties": {"b": TEXT}}}},
            [("a/b", "maxLength", 3, None)],
        ),
    ],
    ids=[
        *("needed", "one needed no more", "needed in a part", "described no more", "empty"),
        *("any type around it", "looser", "as the others", "looser as the others"),
        *("impossible", "deeper"),
    ],
)
def test_what_holds_a_member_is_told_where_it_holds_less(
    old: Node, new: Node, expected: list[Said]
) -> None:
    assert loosenings(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"items": SHORT}, {"items": SHORT}, []),
        ({"items": SHORT}, {"items": TEXT}, [("*", "maxLength", 3, None)]),
        ({"items": SHORT}, {"type": "array"}, [("*", "items", "described", None)]),
        ({"items": {}}, {"type": "array"}, []),
        ({"items": SHORT}, {"maxItems": 0}, []),
        ({"items": SHORT}, {"maxItems": 1}, [("*", "items", "described", None)]),
        ({"items": SHORT}, {"allOf": [{"items": TEXT}, {"items": SHORT}]}, []),
        ({"items": [SHORT]}, {"items": [SHORT]}, []),
        ({"items": [SHORT]}, {"items": [TEXT]}, [("", "items", [SHORT], [TEXT])]),
        ({"items": [SHORT]}, {"items": SHORT}, [("", "items", [SHORT], SHORT)]),
        ({"items": SHORT}, {"items": [SHORT]}, [("*", "items", "described", None)]),
    ],
    ids=str,
)
def test_what_holds_the_items_of_a_list_is_told_where_it_holds_less(
    old: Node, new: Node, expected: list[Said]
) -> None:
    listed = {"type": "array"}

    assert loosenings({**listed, **old}, {**listed, **new}) == expected


ANY_A: Node = {"^a": {}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            {"additionalProperties": False, "patternProperties": ANY_A},
            {"additionalProperties": False, "patternProperties": ANY_A, "minProperties": 1},
            [("", "additionalProperties", False, False)],
        ),
        (
            {"additionalProperties": True, "patternProperties": ANY_A},
            {"additionalProperties": False, "patternProperties": ANY_A},
            [],
        ),
        ({"additionalProperties": True}, having("a"), []),
        ({"additionalProperties": SHORT}, {"additionalProperties": SHORT}, []),
        (
            {"additionalProperties": SHORT},
            {"additionalProperties": TEXT},
            [("*", "maxLength", 3, None)],
        ),
        (
            {"additionalProperties": False},
            {
                "properties": {"a": {"enum": ["x"], "type": "integer"}},
                "additionalProperties": False,
            },
            [],
        ),
        (
            {"additionalProperties": False},
            {"properties": {"b": {}, "a": {}}, "additionalProperties": False},
            [
                ("a", "additionalProperties", False, "described"),
                ("b", "additionalProperties", False, "described"),
            ],
        ),
    ],
    ids=[
        *("patterns", "patterns and any other", "any", "the same", "looser"),
        *("one that can have no value", "two"),
    ],
)
def test_what_holds_members_that_nothing_describes_is_told_where_it_holds_less(
    old: Node, new: Node, expected: list[Said]
) -> None:
    kind = {"type": "object"}

    assert loosenings({**kind, **old}, {**kind, **new}) == expected


@pytest.mark.parametrize(
    ("old", "new", "answered", "sent"),
    [
        (
            having("a", additionalProperties=False),
            having("a"),
            [("", "additionalProperties", False, "allowed")],
            [],
        ),
        (
            having("a", additionalProperties=False),
            having("a", additionalProperties=True),
            [("", "additionalProperties", False, "allowed")],
            [("", "additionalProperties", False, "allowed")],
        ),
        (having("a", "b"), having("a"), [("b", "properties", "described", None)], []),
        ({"x-unique": True}, {}, [("", "x-unique", True, None)], []),
        (
            {"properties": {"a": having("b", "c")}},
            {"properties": {"a": having("b")}},
            [("a/c", "properties", "described", None)],
            [],
        ),
    ],
    ids=["opened", "opened in so many words", "described no more", "about answers", "deeper"],
)
def test_who_sends_a_request_sends_nothing_that_it_does_not_describe(
    old: Node, new: Node, answered: list[Said], sent: list[Said]
) -> None:
    assert (loosenings(old, new), loosenings(old, new, request=True)) == (answered, sent)


# Alternatives that are near


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            {"maxLength": 3},
            {"anyOf": [{"maxLength": 5}, {"maxLength": 6}]},
            [("", "maxLength", 3, 5)],
        ),
        (
            {"anyOf": [SHORT, {"type": "string", "pattern": "^a"}]},
            {"anyOf": [SHORT, {"type": "string", "pattern": "^b"}]},
            [("", "pattern", "^a", "^b")],
        ),
        (
            {"anyOf": [{"type": "string", "maxLength": 2, "minLength": 1}, SHORT]},
            {"type": "string", "maxLength": 4},
            [("", "maxLength", 3, 4)],
        ),
        (
            {"anyOf": [{**TEXT, "x-unique": True}]},
            {"type": "integer"},
            [("", "anyOf", "string", "integer")],
        ),
        ({"anyOf": []}, {"type": "string"}, [("", "anyOf", "", "string")]),
        (
            {"oneOf": [TEXT, SHORT]},
            {"allOf": [{"oneOf": [SHORT, TEXT]}, {"minLength": 1}]},
            [],
        ),
        (
            {"oneOf": [TEXT, SHORT]},
            {"allOf": [{"oneOf": [TEXT]}, {"oneOf": [SHORT, TEXT]}]},
            [],
        ),
        ({"anyOf": [TEXT, WHOLE]}, {"type": ["string", "integer"]}, []),
        (
            {"anyOf": [TEXT, WHOLE]},
            {"type": ["string", "boolean"]},
            [("", "anyOf", "string / integer", "boolean")],
        ),
        (
            {"anyOf": [having("a", additionalProperties=SHORT), WHOLE]},
            {"type": "object", "properties": {"a": TEXT}, "additionalProperties": TEXT},
            [("*", "maxLength", 3, None)],
        ),
    ],
    ids=[
        *("two cases of one word", "the one that is left", "the nearest", "another type", "none"),
        *("the same, turned, in a part", "the same in one of two parts", "one for each type"),
        *("one for one type", "within"),
    ],
)
def test_what_breaks_an_alternative_is_told_of_the_nearest(
    old: Node, new: Node, expected: list[Said]
) -> None:
    assert loosenings(old, new) == expected
