"""The parts that a document is made of, whatever notation it is written in; each knows its line.

A new kind of part is one dataclass, one alternative of `Block`, and what makes it (`markdown.py`,
`html_tables.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

BOLD_LEVEL = 7
"""The level of a heading that is a bold line; those of marked headings are 1 to 6."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What the document states in one place: a cell, a value behind a colon, a heading."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of any level, or a line that is bold as a whole, which is below them all."""

    text: str
    line: int
    bold: bool = False
    level: int = field(default=BOLD_LEVEL, compare=False)


@dataclass(frozen=True, slots=True)
class Prose:
    """Any other line, as it is written."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Fence:
    """Fenced code; `line` is the first line inside the fence.

    Where `bare`, its writer did not fence it, and it is known by its form.
    """

    text: str
    line: int
    closed: bool
    bare: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells between the bars, as they are written, padding included.

    `columns` says where in the line the text of each cell begins, counted from 1.
    """

    cells: tuple[str, ...]
    line: int
    columns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows; `centred` names the columns that are not aligned to the left."""

    header: TableRow
    rows: tuple[TableRow, ...]
    centred: frozenset[int]

    @property
    def line(self) -> int:
        """The header's line."""
        return self.header.line


Block = Heading | Prose | Fence | Table
"""A part of a document."""
