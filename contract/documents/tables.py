"""What holds for every table: columns have known names, and no row is longer than the header."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher

from contract.documents.block import Table, TableRow
from contract.documents.cells import is_nothing, plain, shown, word
from contract.documents.document_rules import broken
from contract.findings import Finding


def alike(written: str, known: Iterable[str], most: int = 8) -> str:
    """List the known words, the likest to what is written first, and no more than a few."""
    text = word(written)
    first = sorted(known, key=lambda each: -SequenceMatcher(None, text, each).ratio())[:most]
    return f"{', '.join(first)} and others" if len(first) == most else ", ".join(first)


def columns(table: Table, names: Mapping[str, str]) -> dict[str, int]:
    """Find where each known column stands; if two mean the same, the first counts.

    Args:
        table: the table.
        names: the words that head a column → what the column means.
    """
    known: dict[str, int] = {}
    for position, header in enumerate(table.header.cells):
        if meaning := names.get(word(header)):
            known.setdefault(meaning, position)
    return known


def cell(row: TableRow, known: Mapping[str, int], meaning: str) -> str:
    """Give a cell as it is written; empty where the row or the table ends before it."""
    position = known.get(meaning, len(row.cells))
    return row.cells[position] if position < len(row.cells) else ""


def is_blank(row: TableRow) -> bool:
    """Say whether a row is empty, or says 无."""
    return all(is_nothing(cell) for cell in row.cells)


def unread_cells(table: Table, names: Mapping[str, str], where: str) -> Iterator[Finding]:
    """Find what stands in columns of unknown names, or in cells beyond the last column."""
    known = columns(table, names).values()
    for position, header in enumerate(table.header.cells):
        title = plain(header)
        below = (row.cells[position] for row in table.rows if position < len(row.cells))
        if position not in known and (title or not all(map(is_nothing, below))):
            yield broken(
                "unknown-column",
                where=where,
                lines=(table.line,),
                subject=title or f"column {position + 1}",
                evidence=f"column {shown(title)} is not known, or repeats another",
                remedy=f"rename or remove it; known are {alike(title, names)}",
            )
    width = len(table.header.cells)
    for row in table.rows:
        surplus = [plain(text) for text in row.cells[width:] if plain(text)]
        if surplus:
            yield broken(
                "unreadable-row",
                where=where,
                lines=(row.line,),
                subject=plain(row.cells[0]) or "row",
                evidence=f"{len(row.cells)} cells in {width} columns; surplus: {shown(surplus[0])}",
                remedy=r"write a bar inside a cell as \|, or remove the cell",
            )
