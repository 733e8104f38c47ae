"""What one row of a field table states of its value → an OpenAPI schema, members aside.

`derive` writes this schema and `check` compares a spec with it, so the two cannot disagree about
what a cell means. A new meaning of 类型 or 最大长度 is one more branch here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from contract.documents import Row
from contract.documents.cells import Kind, MaxLength, is_nothing, plain

Schema = dict[str, object]
"""A schema, or another part of a spec, as plain values."""

TYPES: Mapping[Kind, tuple[str, ...]] = {
    Kind.STRING: ("string",),
    Kind.INTEGER: ("integer",),
    Kind.NUMBER: ("number", "string"),
    Kind.LONG: ("integer", "string"),
    Kind.BOOLEAN: ("boolean",),
    Kind.DATE: ("string", "integer"),
    Kind.OBJECT: ("object",),
    Kind.ARRAY: ("array",),
    Kind.FILE: ("string",),
    Kind.ANY: (),
}
"""What a value of each 类型 may be in JSON."""

_DIGITS = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_MOST_REPEATED = 1000
_MOST_DIGITS = 15
"""The number of digits that every JSON reader keeps (RFC 8259 §6)."""


def value_schema(row: Row) -> Schema:
    """Give the schema of a row's value: its type, its bounds, and whether it may be null.

    A 类型 that JSON writes in two ways (Long, BigDecimal, Date) becomes `anyOf` of the two.
    """
    kinds = TYPES[row.kind] if row.kind else ()
    branches = [_branch(row, kind) for kind in kinds] or [{}]
    return branches[0] if len(branches) == 1 else {"anyOf": branches}


def item_schema(row: Row) -> Schema:
    """Give the schema of a list's items where 类型 says it in one JSON type, else an empty one."""
    kinds = TYPES[row.items] if row.items else ()
    if len(kinds) != 1:
        return {}
    return {"type": kinds[0], **({"format": "binary"} if row.items is Kind.FILE else {})}


def text_pattern(limit: MaxLength | None) -> str:
    """Give the pattern of a number written as a text, with at most these digits and decimals."""
    if not isinstance(limit, tuple):
        return r"^-?[0-9]+(\.[0-9]+)?$"
    digits, decimals = limit
    whole = f"[0-9]{_times(digits - decimals)}" if digits > decimals else "0"
    fraction = rf"(\.[0-9]{_times(decimals)})?" if decimals else ""
    return f"^-?{whole}{fraction}$"


def _times(most: int) -> str:
    """Write that a digit stands once at least, and at most so often, if a pattern can say it."""
    return f"{{1,{most}}}" if most <= _MOST_REPEATED else "+"


def _branch(row: Row, kind: str) -> Schema:
    schema: Schema = {"type": kind}
    if row.is_required is False:
        schema["nullable"] = True
    if row.kind is Kind.LONG and kind == "integer":
        schema["format"] = "int64"
    if row.kind is Kind.FILE:
        schema["format"] = "binary"
    elif kind == "string" and row.kind not in {Kind.NUMBER, Kind.LONG}:
        least = row.min_length or (1 if row.is_required else 0)
        schema |= {"minLength": least} if least else {}
    schema.update(_limits(row, kind))
    if values := _listed(row, kind):
        schema["enum"] = [*values, None] if schema.get("nullable") else values
    return schema


def _listed(row: Row, kind: str) -> list[object]:
    """Give all values that a row lists, in one JSON type; none where one is of another."""
    if kind == "string":
        return [] if row.kind in {Kind.DATE, Kind.FILE} else list(row.values)
    if kind not in {"integer", "number"} or row.kind is Kind.DATE:
        return []
    numbers = [int(each) for each in row.values if _DIGITS.fullmatch(each)]
    return list(numbers) if len(numbers) == len(row.values) else []


def _limits(row: Row, kind: str) -> Iterator[tuple[str, object]]:
    limit = row.limit
    if kind == "string" and row.kind is Kind.LONG:
        yield "pattern", "^-?[0-9]+$"
    elif kind == "string" and (row.kind is Kind.NUMBER or isinstance(limit, tuple)):
        yield "pattern", text_pattern(limit)
    if kind == "string" and isinstance(limit, int):
        yield "maxLength", limit
    if kind in {"integer", "number"} and row.kind is not Kind.DATE and limit is not None:
        digits, decimals = limit if isinstance(limit, tuple) else (limit, 0)
        if digits <= _MOST_DIGITS:
            most = 10**digits - 1
            largest = most / 10**decimals if decimals else most
            yield "minimum", -largest
            yield "maximum", largest


def described(row: Row) -> Schema:
    """Give what a row says about its value for people: 参数描述."""
    text = plain(row.description)
    return {} if is_nothing(row.description) else {"description": text}
