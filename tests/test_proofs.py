"""What proves that a keyword is kept, and what does not: each keyword of one value, both ways."""

from __future__ import annotations

import pytest

from tests.comparing import Node, Said, loosenings

A_IN_ANY = {"enum": ["a"]}
TEXT, WHOLE, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
LIST, OBJECT = {"type": "array"}, {"type": "object"}
INTEGER_OR_TEXT = {"type": ["integer", "string"]}


def both(one: Node, other: Node) -> Node:
    """Give a schema that is all of two."""
    return {"allOf": [one, other]}


KEPT: dict[str, tuple[Node, Node]] = {
    "at most: the same": ({"maxLength": 3}, {"maxLength": 3}),
    "at most: less": ({"maxLength": 3}, {"maxLength": 2}),
    "at most: the same, as a float": ({"maxLength": 3}, {"maxLength": 3.0}),
    "at most: one of two": ({"maxLength": 3}, both({"maxLength": 9}, {"maxLength": 3})),
    "at most: members": ({"maxProperties": 3}, {"maxProperties": 3}),
    "at most: items": ({"maxItems": 3}, {"maxItems": 2}),
    "at least: the same": ({"minLength": 3}, {"minLength": 3}),
    "at least: more": ({"minLength": 3}, {"minLength": 4}),
    "at least: one of two": ({"minItems": 3}, both({"minItems": 1}, {"minItems": 3})),
    "at least: members that are needed": ({"minProperties": 2}, {"required": ["a", "b"]}),
    "at least: more members are needed": ({"minProperties": 1}, {"required": ["a", "b"]}),
    "at least: members": ({"minProperties": 2}, {"minProperties": 2, "required": ["a"]}),
    "minimum: the same": ({"minimum": 3}, {"minimum": 3}),
    "minimum: more": ({"minimum": 3}, {"minimum": 4}),
    "minimum: the same, now exclusive": ({"minimum": 3}, {"minimum": 3, "exclusiveMinimum": True}),
    "minimum: both exclusive": (
        {"minimum": 3, "exclusiveMinimum": True},
        {"minimum": 3, "exclusiveMinimum": True},
    ),
    "minimum: more than an exclusive one": (
        {"minimum": 3, "exclusiveMinimum": True},
        {"minimum": 4},
    ),
    "minimum: exclusive in no way": (
        {"minimum": 3, "exclusiveMinimum": False},
        {"minimum": 3},
    ),
    "minimum: one of two": ({"minimum": 3}, both({"minimum": 1}, {"minimum": 3})),
    "maximum: the same": ({"maximum": 3}, {"maximum": 3}),
    "maximum: less": ({"maximum": 3}, {"maximum": 2}),
    "maximum: less than nothing": ({"maximum": -3}, {"maximum": -4}),
    "maximum: the same, now exclusive": ({"maximum": 3}, {"maximum": 3, "exclusiveMaximum": True}),
    "multiple: the same": ({"multipleOf": 0.5}, {"multipleOf": 0.5}),
    "multiple: of a multiple": ({"multipleOf": 5}, {"multipleOf": 10}),
    "multiple: of one, whole": ({"multipleOf": 1}, WHOLE),
    "multiple: one of two": ({"multipleOf": 5}, both({"multipleOf": 3}, {"multipleOf": 10})),
    "multiple: of two and of a part": (
        {"multipleOf": 2},
        both({"multipleOf": 0.5}, {"multipleOf": 4}),
    ),
    "format: the same": ({**TEXT, "format": "ipv4"}, {**TEXT, "format": "ipv4"}),
    "format: a narrower number": ({**WHOLE, "format": "int64"}, {**WHOLE, "format": "int32"}),
    "format: a narrower fraction": ({**NUMBER, "format": "double"}, {**NUMBER, "format": "float"}),
    "format: one of two": (
        {"format": "ipv4"},
        both({"format": "uuid"}, {"format": "ipv4"}),
    ),
    "format: about texts only": ({"format": "ipv4"}, WHOLE),
    "unique items: the same": ({"uniqueItems": True}, {"uniqueItems": True}),
    "unique items: not promised": ({"uniqueItems": False}, LIST),
    "unique items: one at most": ({"uniqueItems": True}, {"maxItems": 1}),
    "unique items: none": ({"uniqueItems": True}, {"maxItems": 0}),
    "unique items: one of two": (
        {"uniqueItems": True},
        both({"uniqueItems": False}, {"uniqueItems": True}),
    ),
    "further items: beside one schema of them": (
        {**LIST, "items": TEXT, "additionalItems": False},
        {**LIST, "items": TEXT},
    ),
    "unique: the same": ({"x-unique": True}, {"x-unique": True}),
    "unique: not promised": ({"x-unique": False}, {}),
    "picture: the same": ({"x-image": {"width": 1}}, {"x-image": {"width": 1}}),
    "picture: more is said": ({"x-image": {"width": 1}}, {"x-image": {"width": 1, "height": 2}}),
    "picture: nothing was said": ({"x-image": {}}, {}),
    "picture: said in two parts": (
        {"x-image": {"width": 1, "height": 2}},
        both({"x-image": {"width": 1}}, {"x-image": {"height": 2}}),
    ),
    "codes: the same": ({"x-business-success": ["0"]}, {"x-business-success": ["0"]}),
    "codes: fewer": ({"x-business-success": ["0", "1"]}, {"x-business-success": ["1"]}),
    "codes: one, not in a list": ({"x-business-success": ["0"]}, {"x-business-success": "0"}),
    "codes: one, now in a list": ({"x-business-success": "0"}, {"x-business-success": ["0"]}),
    "enum: the same": ({"enum": ["a", 1]}, {"enum": [1, "a"]}),
    "enum: fewer": ({"enum": ["a", "b"]}, {"enum": ["b"]}),
    "enum: one of two": ({"enum": ["a"]}, both({"enum": ["a", "b"]}, {"enum": ["a", "c"]})),
    "type: the same": (TEXT, TEXT),
    "type: narrower": (NUMBER, WHOLE),
    "type: one of two": (INTEGER_OR_TEXT, TEXT),
    "type: null no more": ({**TEXT, "nullable": True}, TEXT),
    "type: of a part": (TEXT, both({}, TEXT)),
    "pattern: the same": ({"pattern": "^a"}, {"pattern": "^a"}),
    "pattern: one of two": ({"pattern": "^a"}, both({"pattern": "b$"}, {"pattern": "^a"})),
}


@pytest.mark.parametrize("case", KEPT)
def test_a_keyword_that_is_kept_is_not_told(case: str) -> None:
    old, new = KEPT[case]

    assert loosenings(old, new) == []


BROKEN: dict[str, tuple[Node, Node, tuple[str, object, object]]] = {
    "at most: more": ({"maxLength": 3}, {"maxLength": 4}, ("maxLength", 3, 4)),
    "at most: anything": ({"maxItems": 3}, LIST, ("maxItems", 3, None)),
    "at most: a little more": ({"maxItems": 3}, {"maxItems": 3.5}, ("maxItems", 3, 3.5)),
    "at least: less": ({"minLength": 3}, {"minLength": 2}, ("minLength", 3, 2)),
    "at least: anything": ({"minItems": 3}, LIST, ("minItems", 3, None)),
    "at least: too few are needed": (
        {"minProperties": 2},
        {"required": ["a"]},
        ("minProperties", 2, None),
    ),
    "at least: one is needed twice": (
        {"minProperties": 2},
        both({"required": ["a"]}, {"required": ["a"]}),
        ("minProperties", 2, None),
    ),
    "at least: items, though members are needed": (
        {"minItems": 1},
        {"required": ["a", "b"]},
        ("minItems", 1, None),
    ),
    "minimum: less": ({"minimum": 3}, {"minimum": 2}, ("minimum", 3, 2)),
    "minimum: anything": ({"minimum": 3}, NUMBER, ("minimum", 3, None)),
    "minimum: exclusive no more": (
        {"minimum": 3, "exclusiveMinimum": True},
        {"minimum": 3},
        ("minimum", "3 (exclusive)", 3),
    ),
    "minimum: less, and exclusive": (
        {"minimum": 3},
        {"minimum": 2, "exclusiveMinimum": True},
        ("minimum", 3, "2 (exclusive)"),
    ),
    "maximum: more": ({"maximum": 3}, {"maximum": 4}, ("maximum", 3, 4)),
    "maximum: exclusive no more": (
        {"maximum": 3, "exclusiveMaximum": True},
        {"maximum": 3},
        ("maximum", "3 (exclusive)", 3),
    ),
    "maximum: two that are larger": (
        {"maximum": 3},
        both({"maximum": 5}, {"maximum": 4}),
        ("maximum", 3, 5),
    ),
    "multiple: of another": ({"multipleOf": 2}, {"multipleOf": 3}, ("multipleOf", 2, 3)),
    "multiple: of a part": ({"multipleOf": 10}, {"multipleOf": 5}, ("multipleOf", 10, 5)),
    "multiple: of one, not whole": ({"multipleOf": 1}, NUMBER, ("multipleOf", 1, None)),
    "multiple: of two, whole": ({"multipleOf": 2}, WHOLE, ("multipleOf", 2, None)),
    "multiple: of a fraction, inexactly": (
        {"multipleOf": 0.1},
        {"multipleOf": 0.2},
        ("multipleOf", 0.1, 0.2),
    ),
    "multiple: of a fraction, whole": (
        {"multipleOf": 0.1},
        WHOLE,
        ("multipleOf", 0.1, None),
    ),
    "format: another": (
        {**TEXT, "format": "ipv4"},
        {**TEXT, "format": "ipv6"},
        ("format", "ipv4", "ipv6"),
    ),
    "format: none": ({**TEXT, "format": "ipv4"}, TEXT, ("format", "ipv4", None)),
    "format: a wider number": (
        {**WHOLE, "format": "int32"},
        {**WHOLE, "format": "int64"},
        ("format", "int32", "int64"),
    ),
    "format: of a fraction": (
        {**NUMBER, "format": "float"},
        {**NUMBER, "format": "double"},
        ("format", "float", "double"),
    ),
    "unique items: no more": ({"uniqueItems": True}, LIST, ("uniqueItems", True, None)),
    "unique items: denied": (
        {"uniqueItems": True},
        {"uniqueItems": False},
        ("uniqueItems", True, False),
    ),
    "unique items: two at most": (
        {"uniqueItems": True},
        {"maxItems": 2},
        ("uniqueItems", True, None),
    ),
    "further items": (
        {**LIST, "items": [{}], "additionalItems": False},
        {**LIST, "items": [{}]},
        ("additionalItems", False, None),
    ),
    "unique: no more": ({"x-unique": True}, {}, ("x-unique", True, None)),
    "unique: denied": ({"x-unique": True}, {"x-unique": False}, ("x-unique", True, False)),
    "picture: another": (
        {"x-image": {"width": 1}},
        {"x-image": {"width": 2}},
        ("x-image", {"width": 1}, {"width": 2}),
    ),
    "picture: one of two facts": (
        {"x-image": {"width": 1, "height": 2}},
        {"x-image": {"width": 1}},
        ("x-image", {"width": 1, "height": 2}, {"width": 1}),
    ),
    "picture: undescribed": ({"x-image": {"width": 1}}, {}, ("x-image", {"width": 1}, None)),
    "picture: described as nothing that is one": (
        {"x-image": {"width": 1}},
        {"x-image": "wide"},
        ("x-image", {"width": 1}, "wide"),
    ),
    "format: of no text": ({"format": "ipv4"}, {"format": ["ipv4"]}, ("format", "ipv4", ["ipv4"])),
    "codes: more": (
        {"x-business-success": ["0"]},
        {"x-business-success": ["0", "1"]},
        ("x-business-success", ["0"], ["0", "1"]),
    ),
    "codes: another": (
        {"x-business-success": "0"},
        {"x-business-success": "1"},
        ("x-business-success", "0", "1"),
    ),
    "codes: unknown": ({"x-business-success": ["0"]}, {}, ("x-business-success", ["0"], None)),
    "enum: more": ({"enum": ["a"]}, {"enum": ["a", "b"]}, ("enum", ["a"], ["a", "b"])),
    "enum: anything": (A_IN_ANY, {}, ("enum", ["a"], None)),
    "enum: null beside a type that is any": (
        {"enum": ["a"]},
        {"enum": ["a"], "nullable": True},
        ("enum", ["a"], ["a", None]),
    ),
    "enum: null where the type names null": (
        {"type": ["string", "null"], "enum": ["a"]},
        {"type": ["string", "null"], "enum": ["a", None]},
        ("enum", ["a"], ["a", None]),
    ),
    "type: another": (TEXT, WHOLE, ("type", "string", "integer")),
    "type: wider": (WHOLE, NUMBER, ("type", "integer", "number")),
    "type: one more": (TEXT, INTEGER_OR_TEXT, ("type", "string", "integer or string")),
    "type: any": (TEXT, {}, ("type", "string", "any type")),
    "type: another, and null": (
        TEXT,
        {"type": "array", "nullable": True},
        ("type", "string", "array or null"),
    ),
    "type: null": (
        {"type": "string"},
        {"type": "string", "nullable": True},
        ("nullable", "string", "string or null"),
    ),
    "type: null where the enum has it": (
        {"type": "string", "enum": ["a"]},
        {"type": "string", "enum": ["a"], "nullable": True},
        ("nullable", "string", "string or null"),
    ),
    "pattern: another": ({"pattern": "^a"}, {"pattern": "b$"}, ("pattern", "^a", "b$")),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_keyword_that_may_be_broken_is_told_with_what_was_and_what_is_now(case: str) -> None:
    old, new, expected = BROKEN[case]

    assert loosenings(old, new) == [("", *expected)]


HAVING: Node = {**OBJECT, "properties": {"a": {}}}
RULED_OUT: dict[str, tuple[Node, Node, list[Said]]] = {
    "the same": ({"not": TEXT}, {"not": TEXT}, []),
    "more": ({"not": WHOLE}, {"not": NUMBER}, []),
    "less": ({"not": NUMBER}, {"not": WHOLE}, [("", "not", NUMBER, WHOLE)]),
    "nothing": ({"not": TEXT}, {}, [("", "not", TEXT, None)]),
    "another type by itself": ({"not": TEXT}, WHOLE, []),
    "one of two types": ({"not": TEXT}, INTEGER_OR_TEXT, [("", "not", TEXT, None)]),
    "in one of two parts": ({"not": TEXT}, both({"not": WHOLE}, {"not": TEXT}), []),
    "more by a word about answers": (
        {"not": TEXT},
        {"not": {**TEXT, "x-unique": True}},
        [],
    ),
    "less by the members beside those that are described": (
        {"not": HAVING},
        {"not": {**HAVING, "additionalProperties": False}},
        [("", "not", HAVING, {**HAVING, "additionalProperties": False})],
    ),
    "less by a word beside one about answers": (
        {"not": TEXT},
        {"not": {**TEXT, "maxLength": 3, "x-unique": True}},
        [("", "not", TEXT, {**TEXT, "maxLength": 3, "x-unique": True})],
    ),
}


@pytest.mark.parametrize("case", RULED_OUT)
def test_what_was_ruled_out_is_told_where_it_may_come_now(case: str) -> None:
    old, new, expected = RULED_OUT[case]

    assert loosenings(old, new) == expected
