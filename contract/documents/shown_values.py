"""A value that a document shows, against the type and the 最大长度 that a row states for it."""

from __future__ import annotations

import re
from decimal import Decimal

from contract.documents.cells import Kind, is_nothing, shown
from contract.documents.field_rows import Row

_TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.STRING: (str,),
    Kind.INTEGER: (int,),
    Kind.NUMBER: (int, float, str),
    Kind.LONG: (int, str),
    Kind.BOOLEAN: (bool,),
    Kind.DATE: (str, int),
    Kind.OBJECT: (dict,),
    Kind.ARRAY: (list,),
    Kind.FILE: (str,),
    Kind.ANY: (object,),
}
_INTEGER = re.compile(r"[+-]?[0-9]{1,400}")
_NUMERIC = re.compile(r"[+-]?([0-9]+)(?:\.([0-9]+))?")


def departure(row: Row, value: object) -> tuple[str, str] | None:
    """Find the rule that a value breaks, and describe the value; None if it is as the row states.

    Null is not judged here: whether a value may be null depends on the message.
    """
    if value is None or row.kind is None:
        return None
    if not _has_kind(row.kind, value):
        return "sample-value-type", f"{described(value)}, where the row says {shown(row.type)}"
    items = row.items
    if isinstance(value, list) and items is not None:
        wrong = (each for each in value if each is not None and not _has_kind(items, each))
        for each in wrong:
            said = shown(f"{row.type} {row.schema}".strip())
            return "sample-value-type", f"{described(each)} in it, where the row says {said}"
    if row.values and not isinstance(value, dict | list | bool) and _text(value) not in row.values:
        listed = shown("、".join(row.values))
        return "sample-value-type", f"{shown(_text(value))}, where 枚举值 lists {listed}"
    if too_long := _excess(row, value):
        return "sample-value-too-long", f"{too_long}, where the row says {shown(row.max_length)}"
    return None


def _text(value: object) -> str:
    return _written_out(value) if isinstance(value, float) else str(value)


def typed(kind: Kind | None, text: str) -> object:
    """Give the value that a text of a cell or a query stands for; the text if it fits no type."""
    if kind is Kind.INTEGER and _INTEGER.fullmatch(text):
        return int(text)
    if kind is Kind.BOOLEAN and text in {"true", "false"}:
        return text == "true"
    return text


def example(row: Row) -> object:
    """Give the value that 示例值 stands for; None where it is blank, or of an object or list."""
    if is_nothing(row.example) or row.kind in {Kind.OBJECT, Kind.ARRAY}:
        return None
    return typed(row.kind, row.example)


def described(value: object) -> str:
    """Describe a value without its content: its JSON type, and for a string how long it is."""
    if isinstance(value, str):
        return f"a string of {len(value)} characters"
    if isinstance(value, bool):
        return "a boolean"
    names = {int: "an integer", float: "a number", dict: "an object", list: "an array"}
    return names.get(type(value), "null")


def _has_kind(kind: Kind, value: object) -> bool:
    if isinstance(value, bool):
        return kind in {Kind.BOOLEAN, Kind.ANY}
    if kind is Kind.NUMBER and isinstance(value, str):
        return bool(_NUMERIC.fullmatch(value))
    if kind is Kind.LONG and isinstance(value, str):
        return bool(_INTEGER.fullmatch(value))
    return isinstance(value, _TYPES[kind])


def _excess(row: Row, value: object) -> str:
    """Say how long a value is; empty unless it is too long."""
    limit = row.limit
    if limit is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = value if isinstance(value, str) else _written_out(value)
    if isinstance(limit, int):
        length = len(text) if isinstance(value, str) else sum(map(str.isdigit, text))
        unit = "characters" if isinstance(value, str) else "digits"
        return f"{length} {unit}" if length > limit else ""
    number = _NUMERIC.fullmatch(text)
    if number is None:
        return ""
    digits, decimals = limit
    whole, fraction = len(number[1].lstrip("0")), len(number[2] or "")
    return f"{whole} digits and {fraction} decimals" * (
        whole > digits - decimals or fraction > decimals
    )


def _written_out(value: float) -> str:
    """Write a number without exponent, and without a fraction that is zero."""
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")
