"""The rows of one message, request or answer, wherever its sections state them.

Sections are tables or lists of members. A table of HTTP statuses is read as such, and the rows of
an answer with a status other than 2xx are told: only a success is described.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contract.documents.block import Heading, Prose, Stated, Table, TableRow
from contract.documents.cells import KINDS, Kind, is_nothing, plain, word
from contract.documents.column_meanings import with_known_columns
from contract.documents.column_words import COLUMNS
from contract.documents.document_rules import broken
from contract.documents.field_rows import Row, read_rows
from contract.documents.forms import HOUSE, Form
from contract.documents.heading_words import Part
from contract.documents.list_rows import table_of, table_of_headers
from contract.documents.samples import ANSWERS, ASKS
from contract.documents.sections import Section
from contract.documents.tables import columns, is_blank
from contract.findings import Finding

STATUS_COLUMNS = frozenset(
    {"状态码", "http状态码", "响应状态码", "httpcode", "statuscode", "status"}
)
"""The words that head the first column of a table of HTTP statuses."""

_STATUS_ABOVE = re.compile(r"(?:状态码|status(?:code)?)[:：]?\**([1-5][0-9]{2})\**.*")
_ABOUT = re.compile(r"(?:对象|字段|参数|结构|数据|列表|元素|说明|描述|信息|内容)+$")
_SAYS_NOTHING = re.compile(r"[└├│»>─*.\s-]*|(?:非必须|必须|否|是)?")
_STATUS = re.compile(r"[1-5][0-9]{2}")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a message, what was not read of it, and how many rows its tables have."""

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    statuses: tuple[Stated, ...]
    there: int


def rows_of(
    found: Sequence[Section], part: Part, where: str, values: Sequence[object], form: Form
) -> Rows:
    """Read the rows of all sections of a message."""
    rows: list[Row] = []
    findings: list[Finding] = []
    there = 0
    for section in found:
        if section.part is not part and not holds_rows(section, part, form):
            continue
        for table, status in _tables(section):
            if is_status_table(table):
                continue
            there += count(table)
            if status and not status.text.startswith("2"):
                findings.append(_of_another_status(table, status, where))
                continue
            never = _never(section, form, listed=table not in section.tables)
            location = section.location
            read_in, wrong = read_rows(table, where, values, never=never, location=location)
            rows = [*_holding(rows, section), *_in_their_list(read_in, section, rows)]
            findings += wrong
    return Rows(tuple(rows), tuple(findings), statuses(found), there)


def holds_rows(section: Section, part: Part, form: Form) -> bool:
    """Say whether tables below the heading of a sample describe a message, as in other forms."""
    if section.part is not Part.SAMPLES or form is HOUSE:
        return False
    asks = bool(ASKS.search(section.title.text)) and not ANSWERS.search(section.title.text)
    tables = [
        t for t in section.tables if "name" in columns(with_known_columns(t, COLUMNS), COLUMNS)
    ]
    return bool(tables) and (part is Part.PARAMETERS) == asks


def count(table: Table) -> int:
    """Count the rows of a table that say something, and do not repeat its header."""
    header = [word(cell) for cell in table.header.cells]
    rows = (row for row in table.rows if not is_blank(row) and not _is_marked_only(row))
    return sum([word(cell) for cell in row.cells] != header for row in rows)


def _is_marked_only(row: TableRow) -> bool:
    return all(_SAYS_NOTHING.fullmatch(word(cell)) for cell in row.cells)


def is_status_table(table: Table) -> bool:
    """Say whether a table lists HTTP statuses, and no members."""
    names_members = "name" in columns(table, COLUMNS)
    first = table.header.cells[0] if table.header.cells else ""
    return not names_members and word(first) in STATUS_COLUMNS


def statuses(found: Sequence[Section]) -> tuple[Stated, ...]:
    """Give the HTTP statuses that tables list."""
    return tuple(
        Stated(plain(row.cells[0]), row.line)
        for section in found
        for table in section.tables
        if is_status_table(table)
        for row in table.rows
        if row.cells and _STATUS.fullmatch(plain(row.cells[0]))
    )


def _tables(section: Section) -> Iterator[tuple[Table, Stated | None]]:
    """Give the tables of a section, each with the status that a line above it names."""
    status: Stated | None = None
    listed = None if section.tables else table_of(section.blocks)
    if listed is not None:
        yield listed, None
    for fence in section.fences if section.location == "header" else ():
        if headers := table_of_headers(fence):
            yield headers, None
    for block in section.blocks:
        if isinstance(block, Table):
            yield block, status
        elif isinstance(block, Heading | Prose) and (
            match := _STATUS_ABOVE.fullmatch(word(block.text))
        ):
            status = Stated(match[1], block.line)


def _never(section: Section, form: Form, *, listed: bool) -> frozenset[str]:
    never = {"type", "required"} if listed else set()
    if section.part is Part.ANSWER and not form.has_requirements:
        never.add("required")
    if section.location in {"header", "path", "cookie"}:
        never |= {"required", "type"}
    if section.location in form.without_types:
        never.add("type")
    return frozenset(never)


def _holding(rows: Sequence[Row], section: Section) -> Iterator[Row]:
    """Say of the rows that a section is about that they hold its rows."""
    for row in rows:
        yield replace(row, holds_rows=True) if _is_about(section, row) else row


def _in_their_list(read_in: Sequence[Row], section: Section, rows: Sequence[Row]) -> Iterator[Row]:
    """Put the rows below the heading of a class into the members that are of this class."""
    holders = [row for row in rows if _is_about(section, row)]
    if not holders:
        yield from read_in
    for holder in holders:
        for row in read_in:
            yield replace(row, path=(*holder.path, *row.path))


def _is_about(section: Section, row: Row) -> bool:
    """Say whether the heading of a section is the class of a row, or its name."""
    name = _ABOUT.sub("", word(section.title.text))
    if not name.isascii() or is_nothing(name) or row.kind not in {Kind.OBJECT, Kind.ARRAY, None}:
        return False
    of_class = re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", word(row.type))
    return word(row.name) == name or (of_class is not None and name not in KINDS)


def _of_another_status(table: Table, status: Stated, where: str) -> Finding:
    return broken(
        "unreadable-section",
        where=where,
        lines=(table.line, status.line),
        subject=f"状态码 {status.text}",
        evidence=f"its {count(table)} rows are not read: only the answer of a success is described",
        remedy="describe this answer by a sample below a heading such as 错误样例",
    )
