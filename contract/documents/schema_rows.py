"""A JSON Schema that stands for a field table → the same table as any other.

A keyword that a table can say is one more column of `_COLUMNS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract.documents.block import Fence, Table, TableRow
from contract.documents.sample_json import Names, NotJson, read_json

_COLUMNS = ("参数", "类型", "是否必填", "最大长度", "参数描述", "枚举值")
_DEEPEST = 20


def is_schema(value: object) -> bool:
    """Say whether JSON describes a value, as `{"type": "object", "properties": {…}}` does."""
    if not isinstance(value, dict) or value.get("type") != "object":
        return False
    members = value.get("properties")
    inner = members.values() if isinstance(members, dict) else ()
    return bool(inner) and all(
        isinstance(each, dict) and (isinstance(each.get("type"), str) or "$ref" in each)
        for each in inner
    )


def table_of_schema(fence: Fence) -> Table | None:
    """Make a table of the members that a schema describes; None where the code is no schema.

    One that refers to others is none.
    """
    if '"properties"' not in fence.text or '"$ref"' in fence.text:
        return None
    try:
        found = read_json(fence.text)
    except NotJson:
        return None
    if not is_schema(found.value) or not isinstance(found.value, dict):
        return None
    rows = tuple(_rows(found.value, "", (), found.lines, fence.line))
    return Table(TableRow(_COLUMNS, fence.line), rows, frozenset())


def _rows(
    schema: Mapping[str, object], before: str, at: Names, lines: Mapping[Names, int], first: int
) -> Iterator[TableRow]:
    """Give a row for each member of an object, and for those inside it."""
    members, needed = schema.get("properties"), schema.get("required")
    if not isinstance(members, dict) or len(at) > _DEEPEST:
        return
    required = set(needed) if isinstance(needed, list) else set()
    for name, member in members.items():
        if not isinstance(member, dict):
            continue
        place = (*at, "properties", name)
        said = (
            f"{before}{name}",
            _type(member),
            "是" if name in required else "否",
            str(member.get("maxLength", "")),
            str(member.get("description") or member.get("title") or ""),
            _values(member),
        )
        yield TableRow(said, first + lines.get(place, 0))
        items = member.get("items")
        if isinstance(items, dict):
            inner = (*place, "items")
            yield from _rows(items, f"{before}{name}[].", inner, lines, first)
        yield from _rows(member, f"{before}{name}.", place, lines, first)


def _type(member: Mapping[str, object]) -> str:
    stated, items = member.get("type"), member.get("items")
    if stated == "array" and isinstance(items, dict) and isinstance(items.get("type"), str):
        return f"array<{items['type']}>"
    return stated if isinstance(stated, str) else "any"


def _values(member: Mapping[str, object]) -> str:
    values = member.get("enum")
    return ",".join(map(str, values)) if isinstance(values, list) else ""
