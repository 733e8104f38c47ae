"""The rows of one message, request or answer, wherever its sections state them.

Sections are tables or lists of members. Tables below a status other than that of the success are
answers of their own (`status_answers.py`); rows whose types name models hold those of the models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from contract.documents.block import Stated, Table, TableRow
from contract.documents.cells import KINDS, Kind, is_nothing, word
from contract.documents.column_meanings import with_known_columns
from contract.documents.column_words import COLUMNS
from contract.documents.enumerations import is_enumeration, with_values
from contract.documents.field_rows import Row, read_rows
from contract.documents.forms import HOUSE, Form
from contract.documents.heading_words import Part
from contract.documents.list_rows import table_of, table_of_headers
from contract.documents.model_rows import ModelRows
from contract.documents.samples import ANSWERS, ASKS, stands_for_a_table
from contract.documents.schema_rows import table_of_schema
from contract.documents.sections import Section, with_statuses
from contract.documents.status_answers import (
    NO_CONTENT,
    SUCCESS,
    ListedStatus,
    StatusAnswer,
    is_status_table,
    listed_statuses,
    success_of,
)
from contract.documents.tables import columns, is_blank
from contract.documents.whole_rows import Message, lifted
from contract.documents.wrapping_rows import is_common, wraps
from contract.findings import Finding

_ABOUT = re.compile(r"(?:对象|字段|参数|结构|数据|列表|元素|说明|描述|信息|内容)+$")
_SIDE = re.compile(r"^(?:返回|响应|应答|请求|出参|入参|业务|参数|值|中|的)+")
_HOLDING = {Kind.OBJECT, Kind.ARRAY, Kind.ANY, None}
_SAYS_NOTHING = re.compile(r"[└├│»>─*.\s-]*|(?:非必须|必须|否|是)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a message, and what else its tables say.

    Attributes:
        rows: those of a request, or of an answer that is a success.
        findings: what was not read of it.
        there: how many rows its tables have.
        whole: the row of the whole message, where it is a list.
        status: of the success.
        statuses: the HTTP statuses that a table lists.
        others: the answers with another status.
    """

    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    there: int
    whole: Row | None = None
    status: str = SUCCESS
    statuses: tuple[Stated, ...] = ()
    others: tuple[StatusAnswer, ...] = ()


@dataclass(slots=True)
class _TablesByStatus:
    """The tables of one message as they are read, those of each status apart."""

    where: str
    models: ModelRows
    rows: dict[str, list[Row]] = field(default_factory=lambda: {"": []})
    stated: dict[str, Stated] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    there: int = 0
    latest: str = ""
    wrappers: tuple[Row, ...] = ()

    def wrapper(self, section: Section, table: Table) -> tuple[Row, ...]:
        """Give the common row that carries the business rows of a section, where there is one."""
        first = bool(section.tables) and section.tables[0] is table
        is_apart = first and not is_common(section.title.text) and not section.location
        return self.wrappers[:1] if is_apart else ()

    def read(self, section: Section, form: Form, values: Sequence[object]) -> None:
        """Read the tables of one section."""
        for table, status in _tables(section):
            if is_status_table(table):
                continue
            if is_enumeration(table):
                known, unknown = with_values(self.rows[self.latest], table, self.where)
                self.rows[self.latest] = known
                self.findings += unknown
                continue
            self.latest = status.text if status else ""
            if status:
                self.stated.setdefault(self.latest, status)
            self.there += count(table)
            read_in, wrong = read_rows(
                table,
                self.where,
                values if not self.latest or self.latest.startswith("2") else (),
                never=_never(section, form, listed=table not in section.tables),
                location=section.location,
                is_model=self.models.is_model,
            )
            rows = self.rows.get(self.latest, [])
            holders = _holders(rows, section) or self.wrapper(section, table)
            held = [replace(row, holds_rows=True) if row in holders else row for row in rows]
            self.rows[self.latest] = [*held, *_inside(read_in, holders)]
            if is_common(section.title.text):
                self.wrappers = tuple(row for row in read_in if wraps(row))
            self.findings += wrong

    def message(self, status: str) -> Message:
        """Give the rows of one status, with the models in them."""
        rows = self.rows.get(status, [])
        expanded = self.models.expanded(rows)
        self.there += len(expanded) - len(rows)
        found = lifted(expanded, self.where)
        self.there -= len(expanded) - len(found.rows) - len(found.findings)
        self.findings += found.findings
        return Message(found.rows, found.whole)


def rows_of(  # noqa: PLR0913, PLR0917 - a message, and what is known of its document
    found: Sequence[Section],
    part: Part,
    where: str,
    values: Sequence[object],
    form: Form,
    models: ModelRows,
) -> Rows:
    """Read the rows of all sections of a message."""
    reading = _TablesByStatus(where, models)
    for section in found:
        shows = part is not Part.ANSWER_HEADERS and holds_rows(section, part, form)
        if section.part is part or shows:
            reading.read(section, form, values)
    if part is not Part.ANSWER:
        message = reading.message("")
        return Rows(
            rows=message.rows,
            findings=tuple(reading.findings),
            there=reading.there,
            whole=message.whole,
            statuses=(),
        )
    listed = listed_statuses(found)
    success = success_of(listed, [*reading.stated, *_named_successes(found)])
    if success == NO_CONTENT and any(reading.rows.values()):
        success = SUCCESS  # what has rows has a body
    message = _of_success(reading, listed, success)
    others = tuple(_others(reading, listed, success))
    return Rows(
        rows=message.rows,
        findings=tuple(reading.findings),
        there=reading.there,
        whole=message.whole,
        status=success,
        statuses=tuple(each.status for each in listed),
        others=others,
    )


def _named_successes(found: Sequence[Section]) -> Iterator[str]:
    """Give the statuses of successes that lines and headings of answers name."""
    for section in found:
        if section.part in {Part.ANSWER, Part.SAMPLES}:
            below = (status for _, status in with_statuses(section.blocks, section.status))
            named = (each.text for each in (section.status, *below) if each is not None)
            yield from (each for each in named if each.startswith("2"))


def _of_success(reading: _TablesByStatus, listed: Sequence[ListedStatus], success: str) -> Message:
    """Give the rows of the success: those of its tables, else those of the model it names."""
    reading.rows[""] += reading.rows.pop(success, [])
    if reading.rows[""]:
        return reading.message("")
    named = (each.model for each in listed if each.status.text == success and each.model)
    message = next(filter(None, map(reading.models.of, named)), None)
    if message is None:
        return Message(())
    reading.there += len(message.rows)
    return message


def _others(
    reading: _TablesByStatus, listed: Sequence[ListedStatus], success: str
) -> Iterator[StatusAnswer]:
    """Give the answers with another status whose members are described."""
    said = {each.status.text: each for each in reversed(listed)}
    stated = {each: line for each, line in reading.stated.items() if each != success}
    for each in listed:
        if each.status.text != success and reading.models.is_model(each.model):
            stated.setdefault(each.status.text, each.status)
    for status, line in stated.items():
        about = said.get(status)
        message = reading.message(status)
        if not (message.rows or message.whole) and about is not None:
            message = reading.models.of(about.model) or message
            reading.there += len(message.rows)
        yield StatusAnswer(
            status=line,
            description=about.description if about else "",
            rows=message.rows,
            whole=message.whole,
        )


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


def _tables(section: Section) -> Iterator[tuple[Table, Stated | None]]:
    """Give the tables of a section, each with the status that a line above it names."""
    listed = None if section.tables else table_of(section.blocks)
    if listed is not None:
        yield listed, None
    for fence in section.fences if section.location == "header" else ():
        if headers := table_of_headers(fence):
            yield headers, None
    for fence in section.fences:
        if stands_for_a_table(section, fence) and (schema := table_of_schema(fence)):
            yield schema, section.status
    for block, status in with_statuses(section.blocks, section.status):
        if isinstance(block, Table):
            yield block, status


def _never(section: Section, form: Form, *, listed: bool) -> frozenset[str]:
    never = {"type", "required"} if listed else set()
    if section.part is Part.ANSWER and not form.has_requirements:
        never.add("required")
    if section.part is Part.ANSWER_HEADERS or section.location in {"header", "path", "cookie"}:
        never |= {"required", "type"}
    if section.location in form.without_types:
        never.add("type")
    return frozenset(never)


def _holders(rows: Sequence[Row], section: Section) -> tuple[Row, ...]:
    """Give the rows that a section is about: they are of its class, or have its name."""
    return tuple(row for row in rows if _is_about(section, row))


def _inside(read_in: Sequence[Row], holders: Sequence[Row]) -> Iterator[Row]:
    """Put rows into the members that hold them; where there are none, they stand at the top."""
    if not holders:
        yield from read_in
    for holder in holders:
        for row in read_in:
            yield replace(row, path=(*holder.path, *row.path))


def _is_about(section: Section, row: Row) -> bool:
    """Say whether the heading of a section is the class of a row, or its name."""
    name = _SIDE.sub("", _ABOUT.sub("", word(section.title.text)))
    if not name.isascii() or is_nothing(name) or row.kind not in _HOLDING:
        return False
    of_class = re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", word(row.type))
    return word(row.name) == name or (of_class is not None and name not in KINDS)
