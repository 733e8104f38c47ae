"""Tables of the values that members may have (枚举值) → what the rows of the members say.

So exports of Apifox write it: 属性 | 值, one line a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contract.documents.block import Table
from contract.documents.cells import is_nothing, plain, word
from contract.documents.document_rules import broken
from contract.documents.field_rows import Row
from contract.documents.member_names import read_name
from contract.findings import Finding

HEADERS = (("属性", "值"), ("property", "value"))
"""The columns of a table of values, as `word` gives them."""
_MOST_VALUES = 50


def is_enumeration(table: Table) -> bool:
    """Say whether a table lists the values of members."""
    return tuple(word(cell) for cell in table.header.cells) in HEADERS


def with_values(rows: Sequence[Row], table: Table, where: str) -> tuple[list[Row], list[Finding]]:
    """Write the values into the descriptions of their rows, and tell those of no row."""
    values: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for row in table.rows:
        cells = [*row.cells, "", ""]
        names = read_name(cells[0], centred=False).names
        if names and not is_nothing(cells[1]):
            values.setdefault(names[-1], []).append(plain(cells[1]))
            lines.setdefault(names[-1], row.line)
    said = [_with(row, values.get(row.name, [])) for row in rows]
    unknown = values.keys() - {row.name for row in rows}
    return said, list(_of_no_row(unknown, lines, where))


def _with(row: Row, values: Sequence[str]) -> Row:
    if not values:
        return row
    more = " …" if len(values) > _MOST_VALUES else ""
    note = f"取值范围：{'、'.join(values[:_MOST_VALUES])}{more}"
    said = "" if is_nothing(row.description) else row.description
    listed = () if more or len(set(values)) < len(values) else tuple(values)
    return replace(row, description="；".join(filter(None, (said, note))), values=listed)


def _of_no_row(names: set[str], lines: dict[str, int], where: str) -> Iterator[Finding]:
    for name in sorted(names, key=lines.__getitem__):
        yield broken(
            "unreadable-row",
            where=where,
            lines=(lines[name],),
            subject=name,
            evidence="values are listed of it, and no row above has this name",
            remedy="state the member in a row, or remove its values",
        )
