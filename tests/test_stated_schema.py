"""What the cells of one row become: its types, its bounds, and whether null is a value."""

from __future__ import annotations

import re

import pytest

from contract.derivation.stated_schema import described, item_schema, text_pattern, value_schema
from contract.documents import Row

DIGITS = "^-?[0-9]+$"


def row(kind: str, length: str = "", required: str = "是", description: str = "") -> Row:
    return Row(
        path=("a",),
        line=1,
        required=required,
        type=kind,
        max_length=length,
        description=description,
        example="",
    )


@pytest.mark.parametrize(
    ("cells", "schema"),
    [
        (("String",), {"type": "string", "minLength": 1}),
        (("String", "8"), {"type": "string", "minLength": 1, "maxLength": 8}),
        (
            ("String", "4,2"),
            {"type": "string", "minLength": 1, "pattern": r"^-?[0-9]{1,2}(\.[0-9]{1,2})?$"},
        ),
        (("String", "8", "否"), {"type": "string", "nullable": True, "maxLength": 8}),
        (("String", "", "perhaps"), {"type": "string"}),
        (("int",), {"type": "integer"}),
        (("int", "3"), {"type": "integer", "minimum": -999, "maximum": 999}),
        (
            ("int", "3", "否"),
            {"type": "integer", "nullable": True, "minimum": -999, "maximum": 999},
        ),
        (("int", "3,1"), {"type": "integer", "minimum": -99.9, "maximum": 99.9}),
        (("int", "15"), {"type": "integer", "minimum": -(10**15 - 1), "maximum": 10**15 - 1}),
        (("int", "16"), {"type": "integer"}),
        (("Boolean", "3"), {"type": "boolean"}),
        (("JSONObject", "3"), {"type": "object"}),
        (("JSONArray", "3", "否"), {"type": "array", "nullable": True}),
        (("List<Order>",), {"type": "array"}),
        (("thing", "3"), {}),
        (
            ("Long",),
            {
                "anyOf": [
                    {"type": "integer", "format": "int64"},
                    {"type": "string", "pattern": DIGITS},
                ]
            },
        ),
        (
            ("Long", "2", "否"),
            {
                "anyOf": [
                    {
                        "type": "integer",
                        "format": "int64",
                        "nullable": True,
                        "minimum": -99,
                        "maximum": 99,
                    },
                    {"type": "string", "nullable": True, "pattern": DIGITS, "maxLength": 2},
                ]
            },
        ),
        (
            ("Decimal", "2,2"),
            {
                "anyOf": [
                    {"type": "number", "minimum": -0.99, "maximum": 0.99},
                    {"type": "string", "pattern": r"^-?0(\.[0-9]{1,2})?$"},
                ]
            },
        ),
        (
            ("Date", "10"),
            {"anyOf": [{"type": "string", "minLength": 1, "maxLength": 10}, {"type": "integer"}]},
        ),
    ],
)
def test_a_row_states_the_type_and_the_bounds_of_its_value(
    cells: tuple[str, ...], schema: dict[str, object]
) -> None:
    assert value_schema(row(*cells)) == schema


@pytest.mark.parametrize(
    ("limit", "kept", "broken"),
    [
        (None, ["0", "-12", "1.5"], ["", ".5", "1.", "x", "+1"]),
        (8, ["0", "123456789.5"], ["1e3"]),
        ((3, 1), ["1", "12", "-12.5"], ["123", "1.25", "1."]),
        ((3, 0), ["123"], ["1234", "1.0"]),
        ((2, 2), ["0", "0.25", "-0.5"], ["1", "0.125"]),
    ],
)
def test_a_number_written_as_a_text_has_so_many_digits_and_decimals(
    limit: int | tuple[int, int] | None, kept: list[str], broken: list[str]
) -> None:
    pattern = text_pattern(limit)

    found = [text for text in (*kept, *broken) if re.search(pattern, text)]

    assert found == kept


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("List<String>", "string"),
        ("array< INT >", "integer"),
        ("Integer[]", "integer"),
        ("`Set<Boolean>`", "boolean"),
        ("List<Order>", None),
        ("[integer]", "integer"),
        ("integer [array]", "integer"),
        ("object []", "object"),
        ("List", None),
        ("String", None),
    ],
)
def test_a_list_states_the_type_of_its_items(kind: str, items: str | None) -> None:
    assert item_schema(row(kind)).get("type") == items


@pytest.mark.parametrize(
    ("description", "said"), [("**编号**", {"description": "编号"}), ("无", {}), ("", {})]
)
def test_a_row_is_described_where_it_says_something(
    description: str, said: dict[str, object]
) -> None:
    assert described(row("String", description=description)) == said
