"""One row beside one field, column by column: what counts as the same, and where it is written."""

from __future__ import annotations

import json

import pytest

from contract.documents import Row
from contract.findings import Place
from contract.review.columns import RULES
from contract.review.fields import SpecField
from contract.review.review_rule import Column
from contract.spec.references import mapping
from contract.spec.vocabulary import branches
from contract.spec.yaml_text import Located, parse
from tests.comparing import Node

BY_NAME = {rule.name: rule for rule in RULES}
FIELD = Place("openapi.yaml", 99)
EMPTY = "which allows the empty text that 是 forbids"
TEXT, WHOLE, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def node(schema: Node) -> Located:
    return mapping(parse(json.dumps(schema).encode(), "openapi.yaml"), FIELD, "a schema")


def compared(rule: str, row: dict[str, str], schema: Node, *, required: bool = True) -> Column:
    said = node(schema)
    nullable = any(part.get("nullable") is True for part in branches(said))
    field = SpecField(("it",), said, said, required, nullable, FIELD, FIELD)
    stated = Row(
        path=("it",),
        line=1,
        required=row.get("required", "是"),
        type=row.get("type", "String"),
        max_length=row.get("max_length", ""),
        description=row.get("description", ""),
        example=row.get("example", ""),
    )
    return BY_NAME[rule].compare(stated, field)


def differs(rule: str, row: dict[str, str], schema: Node, *, required: bool = True) -> bool:
    both = compared(rule, row, schema, required=required)
    return both.stated != both.specified


@pytest.mark.parametrize(
    ("cell", "kind", "schema", "required", "expected"),
    [
        ("是", "String", {**TEXT, "minLength": 1}, True, ("required and not empty",) * 2),
        (
            "是",
            "String",
            TEXT,
            True,
            ("required and not empty", f"required, but has no minLength, {EMPTY}"),
        ),
        (
            *("是", "String", {**TEXT, "minLength": 0}, True),
            ("required and not empty", f"required, but has minLength 0, {EMPTY}"),
        ),
        ("是", "Integer", WHOLE, True, ("required", "required")),
        ("是", "Integer", {**WHOLE, "minLength": 1}, True, ("required", "required")),
        ("是", "Strong", {**TEXT, "minLength": 1}, True, ("required", "required")),
        (
            *("是", "Integer", {**WHOLE, "nullable": True}, True),
            ("required", "required but nullable"),
        ),
        ("是", "Integer", WHOLE, False, ("required", "optional but not nullable")),
        (
            *("是", "Integer", {**WHOLE, "nullable": True}, False),
            ("required", "optional and nullable"),
        ),
        ("否", "String", {**TEXT, "nullable": True}, False, ("optional and nullable",) * 2),
        (
            *("否", "String", TEXT, False),
            ("optional and nullable", "optional but not nullable"),
        ),
        ("否", "Integer", WHOLE, True, ("optional and nullable", "required")),
        ("也许", "String", TEXT, True, (None, None)),
        ("也许", "String", TEXT, False, (None, None)),
    ],
)
def test_whether_a_member_is_needed_is_said_of_both_sides(
    cell: str, kind: str, schema: Node, expected: tuple[str | None, str | None], *, required: bool
) -> None:
    found = compared("required", {"required": cell, "type": kind}, schema, required=required)

    assert (found.stated, found.specified) == expected


def test_an_empty_text_that_is_allowed_is_told_at_its_keyword() -> None:
    found = compared("required", {}, {**TEXT, "minLength": 0})

    assert (found.place.line, found.place.column) == (1, 20)


@pytest.mark.parametrize(
    ("kind", "schema", "specified", "same"),
    [
        ("String", TEXT, "string", True),
        ("String", WHOLE, "integer", False),
        ("String", {}, "", False),
        ("String", {"anyOf": [TEXT, WHOLE]}, "string or integer", False),
        ("String", {"anyOf": [TEXT, {"maxLength": 3}]}, "string", True),
        ("BigDecimal", {"anyOf": [NUMBER, TEXT]}, "number or string", True),
        ("BigDecimal", NUMBER, "number", True),
        ("BigDecimal", WHOLE, "integer", True),
        ("BigDecimal", {"type": "boolean"}, "boolean", False),
        ("Integer", WHOLE, "integer", True),
        ("Integer", NUMBER, "number", False),
        ("Date", TEXT, "string", True),
        ("Date", NUMBER, "number", False),
        ("JSONArray", {"type": "array"}, "array", True),
        ("Strong", TEXT, "string", True),
        ("Strong", {}, "", True),
    ],
)
def test_a_type_is_the_same_where_the_row_allows_every_type_of_the_spec(
    kind: str, schema: Node, specified: str, *, same: bool
) -> None:
    found = compared("type", {"type": kind}, schema)

    assert (found.specified, found.stated == found.specified) == (specified, same)


LONGEST = {"maximum": 999, "minimum": -999}


@pytest.mark.parametrize(
    ("kind", "length", "schema", "expected"),
    [
        ("String", "3", {**TEXT, "maxLength": 3}, ("", "")),
        ("String", "3", {**TEXT, "maxLength": 4}, ("maxLength 3", "maxLength 4")),
        ("String", "3", TEXT, ("maxLength 3", "")),
        ("String", "", {**TEXT, "maxLength": 4}, ("maxLength None", "maxLength 4")),
        ("String", "", {**TEXT, "pattern": "^a"}, ("", "")),
        ("String", "", TEXT, ("", "")),
        ("Integer", "3", {**WHOLE, **LONGEST}, ("", "")),
        ("Integer", "3", {**WHOLE, "maximum": 99}, ("maximum 999", "maximum 99")),
        ("Integer", "3", WHOLE, ("maximum 999", "")),
        ("Integer", "", {**WHOLE, "maximum": 99}, ("", "")),
        ("BigDecimal", "3", {**NUMBER, **LONGEST}, ("", "")),
        ("BigDecimal", "3", {**WHOLE, **LONGEST}, ("", "")),
        ("BigDecimal", "3", {**WHOLE, "maximum": 99}, ("maximum 999", "maximum 99")),
        (
            *("BigDecimal", "3", {"anyOf": [{**NUMBER, "maximum": 1}, {**TEXT, "pattern": "^a"}]}),
            (
                "maximum 999, maxLength 3, pattern ^-?[0-9]+(\\.[0-9]+)?$",
                "maximum 1, pattern ^a",
            ),
        ),
        ("String", "3", WHOLE, ("", "")),
        ("String", "3", {**WHOLE, "maxLength": 4}, ("maxLength None", "maxLength 4")),
        ("String", "3", {"maxLength": 3}, ("maxLength None", "maxLength 3")),
    ],
)
def test_a_length_is_compared_with_the_bounds_of_the_type_that_it_bounds(
    kind: str, length: str, schema: Node, expected: tuple[str, str]
) -> None:
    found = compared("max-length", {"type": kind, "max_length": length}, schema)

    assert (found.stated, found.specified) == expected


@pytest.mark.parametrize(
    ("kind", "cell", "schema", "same"),
    [
        ("String", "7", {"example": "7"}, True),
        ("String", "7", {"example": 7}, True),
        ("String", "7.50", {"example": 7.5}, False),
        ("BigDecimal", "7.5", {"example": 7.5}, True),
        ("Integer", "7", {"example": 7}, True),
        ("Integer", "7", {"example": "7"}, False),
        ("Integer", "7", {"example": 8}, False),
        ("Boolean", "true", {"example": True}, True),
        ("String", "A", {}, False),
        ("String", "", {}, True),
        ("String", "", {"example": "A"}, False),
    ],
)
def test_an_example_is_the_same_where_a_text_reads_as_the_number_of_the_spec(
    kind: str, cell: str, schema: Node, *, same: bool
) -> None:
    assert differs("example", {"type": kind, "example": cell}, schema) is not same


@pytest.mark.parametrize(
    ("cell", "schema", "same"),
    [("名", {"description": "名"}, True), ("名", {}, False), ("", {}, True)],
)
def test_a_description_is_the_same_where_its_words_are(
    cell: str, schema: Node, *, same: bool
) -> None:
    assert differs("description", {"description": cell}, schema) is not same


@pytest.mark.parametrize(
    ("rule", "keyword"),
    [
        ("type", "type"),
        ("max-length", "maxLength"),
        ("description", "description"),
        ("example", "example"),
    ],
)
def test_the_place_of_a_column_is_its_keyword_or_else_the_field(rule: str, keyword: str) -> None:
    there = compared(rule, {}, {"title": "x", keyword: "string"})
    absent = compared(rule, {}, {"title": "x"})

    assert (there.place.path, there.place != FIELD, absent.place) == ("openapi.yaml", True, FIELD)
