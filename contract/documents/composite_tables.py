"""One table that describes a whole interface → a table for each section of it.

Word's templates have such tables: rows such as 请求参数 and 返回参数 stand alone in them and head
what follows, or a column 方向 says of each row whether it is asked or answered. Another word for a
direction is one more entry of `DIRECTIONS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from contract.documents.block import Fence, Stated, Table, TableRow
from contract.documents.cells import is_nothing, plain, word
from contract.documents.column_words import COLUMNS
from contract.documents.heading_words import Part, part_of, unnumbered
from contract.documents.tables import columns

DIRECTIONS: dict[str, Part] = {
    **dict.fromkeys(
        ("请求", "入参", "输入", "上行", "发送", "request", "req", "in", "i"), Part.PARAMETERS
    ),
    **dict.fromkeys(
        ("响应", "返回", "应答", "出参", "输出", "下行", "response", "resp"), Part.ANSWER
    ),
    **dict.fromkeys(("接收", "out", "o"), Part.ANSWER),
}
"""What a cell of a column 方向 says → the section that its row belongs to."""
_DIRECTION_HEADERS = frozenset(
    {"方向", "参数方向", "请求/响应", "请求/返回", "输入/输出", "入参/出参", "in/out", "i/o"}
)
_TITLES = {Part.PARAMETERS: "请求参数", Part.ANSWER: "返回参数"}
_ROWS = frozenset(_TITLES)
_HEADED = _ROWS | {Part.SAMPLES}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a table, and what heads it; None for rows above the first heading."""

    part: Part | None
    title: Stated
    block: Table | Fence


def pieces(table: Table) -> tuple[Piece, ...]:
    """Cut a table into those of its sections; none where it describes a single thing."""
    return tuple(_by_direction(table)) or tuple(_by_headings(table))


def _by_direction(table: Table) -> Iterator[Piece]:
    heads = [word(cell) for cell in table.header.cells]
    at = next((n for n, each in enumerate(heads) if each in _DIRECTION_HEADERS), None)
    if at is None or "name" not in columns(table, COLUMNS):
        return
    parts = [
        DIRECTIONS.get(word(row.cells[at])) if at < len(row.cells) else None for row in table.rows
    ]
    if None in parts:
        return
    for part in dict.fromkeys(parts):
        rows = tuple(
            _without(row, at) for row, own in zip(table.rows, parts, strict=True) if own is part
        )
        if part is not None:
            title = Stated(_TITLES[part], rows[0].line - 1)
            yield Piece(part, title, Table(_without(table.header, at), rows, frozenset()))


def _without(row: TableRow, at: int) -> TableRow:
    cells = tuple(cell for n, cell in enumerate(row.cells) if n != at)
    starts = tuple(column for n, column in enumerate(row.columns) if n != at)
    return replace(row, cells=cells, columns=starts)


def _by_headings(table: Table) -> Iterator[Piece]:
    rows = (table.header, *table.rows)
    starts = [n for n, row in enumerate(rows) if _heads(row) in _HEADED]
    if not any(_heads(rows[n]) in _ROWS for n in starts):
        return
    if starts[0]:
        above = tuple(_narrowed(row) for row in rows[: starts[0]])
        yield Piece(None, Stated("", table.line), Table(above[0], above[1:], frozenset()))
    shared = next((row for row in rows if _names_columns(row)), None)
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        part = _heads(rows[start])
        title = Stated(unnumbered(_text(rows[start])), rows[start].line)
        own = rows[start + 1 : end]
        if part is Part.SAMPLES:
            text = "\n".join(filter(None, map(_text, own)))
            yield Piece(part, title, Fence(text, rows[start].line + 1, closed=True))
            continue
        head = own[0] if own and _names_columns(own[0]) else shared
        below = own[1:] if own and head is own[0] else own
        if own:
            yield Piece(part, title, Table(head or own[0], below if head else own[1:], frozenset()))


def _heads(row: TableRow) -> Part | None:
    """Give what a row announces that has one text alone, in one cell or merged ones."""
    text = _text(row)
    return part_of(text) if text and len(row.cells) > 1 else None


def _text(row: TableRow) -> str:
    texts = {plain(cell) for cell in row.cells if not is_nothing(cell)}
    return texts.pop() if len(texts) == 1 else ""


def _names_columns(row: TableRow) -> bool:
    known = columns(Table(row, (), frozenset()), COLUMNS)
    return "name" in known and len(known) > 1


def _narrowed(row: TableRow) -> TableRow:
    """Give a row of a key and its value without the cells that merging left blank or repeated."""
    cells: list[str] = []
    for cell in row.cells:
        if not is_nothing(cell) and cell not in cells:
            cells.append(cell)
    return replace(row, cells=tuple(cells) or row.cells[:1], columns=())
