"""A field table (请求参数, 应答报文) → rows, each with the path of the member that it describes.

`column_words.py` finds the columns, `cells.py` reads a cell, and `nesting.py` finds the object
that a row belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from contract.documents.block import Table, TableRow
from contract.documents.cells import (
    KINDS,
    Kind,
    MaxLength,
    holds_members,
    is_map,
    is_nothing,
    item_kind,
    kind,
    length_in_type,
    lengths,
    max_length,
    plain,
    requirement,
    shown,
    word,
)
from contract.documents.column_meanings import with_bars_in_the_last_cell, with_known_columns
from contract.documents.column_words import COLUMNS, NOTES
from contract.documents.document_rules import broken
from contract.documents.listed_values import values_listed
from contract.documents.locations import LOCATIONS, location_in
from contract.documents.locations import location as read_location
from contract.documents.member_names import UNNAMED, NameCell, read_name
from contract.documents.nesting import UnplacedRow, placed
from contract.documents.tables import alike, cell, columns, is_blank, unread_cells
from contract.findings import Finding

_Value = TypeVar("_Value")
_MARK = re.compile(r"[√✓✔✅☑●⚫*]+")
_SIZED = {Kind.STRING, Kind.NUMBER}
_PLAIN = set(Kind) - {Kind.OBJECT, Kind.ARRAY, Kind.ANY}
_LENGTH_BESIDE = re.compile(r"最大长度\s*[:：]\s*([0-9]{1,9})")
_VALUES_BESIDE = re.compile(r"枚举\s*[:：]\s*([^\s:：]+?)(?=\s|枚举备注|mock|$)")
_LEAST_BESIDE = re.compile(r"最小长度\s*[:：]\s*([0-9]{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a field table (参数, 是否必填, 类型, 最大长度, 参数描述, 示例值).

    A column that the table lacks is an empty text. `path` leads from the top of the message to
    the field, as far as the table says it: `("data", "img")` where the table nests or dots its
    rows, `("img",)` where it does not. `columns` says where in the line each cell begins.
    `location` is where a parameter is sent (path, query, header, cookie, body, form), empty where
    the document does not say it. `nullable` is what a column 可空 says, which means the inverse
    of 是否必填. `schema` is what a column of this name says beside the type: of a list, that is
    what its items are. `holds_rows` says that other rows describe the members inside. `values`
    are all that the member may have, where a column 枚举值 lists them.
    """

    path: tuple[str, ...]
    line: int
    required: str
    type: str
    max_length: str
    description: str
    example: str
    location: str = ""
    nullable: str = ""
    schema: str = ""
    holds_rows: bool = False
    values: tuple[str, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict, compare=False, hash=False)

    @property
    def name(self) -> str:
        """The member's own name, without the members around it."""
        return self.path[-1]

    @property
    def is_required(self) -> bool | None:
        """What 是否必填 says; None where it cannot be read, which is a finding already."""
        if self.nullable and not self.required:
            may_lack = _or_none(requirement, self.nullable)
            return None if may_lack is None else not may_lack
        return _or_none(requirement, self.required)

    @property
    def kind(self) -> Kind | None:
        """What 类型 says; None where it cannot be read, which is a finding already.

        A row of an unknown type is an object where it holds other rows.
        """
        stated = _or_none(kind, self.type)
        return Kind.OBJECT if self.holds_rows and stated in {None, Kind.ANY} else stated

    @property
    def items(self) -> Kind | None:
        """What 类型 says of the items of a list, or the column schema beside it."""
        if self.kind is not Kind.ARRAY:
            return None
        return item_kind(self.type) or _or_none(kind, self.schema)

    @property
    def limit(self) -> MaxLength | None:
        """What 最大长度 says, or 类型 (`String(32)`); None where neither sets a limit."""
        stated = _or_none(max_length, self.max_length)
        if stated is None and self.kind in _SIZED:
            return _or_none(max_length, length_in_type(self.type))
        return stated

    @property
    def min_length(self) -> int | None:
        """The least length of a text, where 定长8, 1-32 or a type such as an4 says it."""
        if self.kind is not Kind.STRING:
            return None
        said = length_in_type(self.type) if is_nothing(self.max_length) else self.max_length
        stated = _or_none(lengths, said)
        return None if stated is None else stated[0]


def _no_model(_: str) -> bool:
    return False


def read_rows(  # noqa: PLR0913 - a table, and what is known of its document
    table: Table,
    where: str,
    values: Sequence[object],
    *,
    never: frozenset[str] = frozenset(),
    location: str = "",
    is_model: Callable[[str], bool] = _no_model,
) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """Read the rows of a field table, and find what cannot be read in it.

    Args:
        table: the table.
        where: the document's name.
        values: what samples show; it decides where a row belongs if the table does not say so.
        never: the columns that such a table never has, so that it does not lack them.
        location: where its rows are sent, if no column says it.
        is_model: whether a 类型 names a model that the document describes.
    """
    table = with_bars_in_the_last_cell(with_known_columns(table, COLUMNS), COLUMNS)
    known = columns(table, COLUMNS)
    findings = [*unread_cells(table, COLUMNS, where)]
    if "name" not in known:
        return (), (*findings, *_missing_columns(table, where, known, never))
    stars = _says_required_by_stars(table, known)
    marks = _says_required_by_marks(table, known)
    never |= {"required"} if stars else frozenset()
    findings += _missing_columns(table, where, known, never)
    rows: list[Row] = []
    names: list[NameCell] = []
    for line in table.rows:
        if is_blank(line) or _says_nothing(line, known) or _is_repeated_header(line, table):
            continue
        name = read_name(cell(line, known, "name"), centred=known["name"] in table.centred)
        findings += _unknown_location(line, known, name, where)
        row = _row(line, known, name, location, stars=stars)
        row = replace(row, required="否") if marks and is_nothing(row.required) else row
        if not name.names and _is_value(row, name, rows, names):
            name = replace(name, names=(UNNAMED,))
        if not name.names:
            findings.append(_nameless(line, where))
            continue
        rows.append(replace(row, path=name.names))
        names.append(name)
    members = [
        UnplacedRow(
            name,
            row.kind,
            (holds_members(row.type) and row.items not in _PLAIN) or is_model(row.type),
            row.line,
            described_apart=is_model(row.type) or is_map(row.type),
        )
        for name, row in zip(names, rows, strict=True)
    ]
    paths, unplaced = placed(members, where, values, flat="schema" in known)
    parents = {path[:-1] for path in paths}
    nested = [
        replace(
            row,
            path=path,
            holds_rows=not _holds(row) and (path in parents or is_model(row.type)),
        )
        for row, path in zip(rows, paths, strict=True)
        if path
    ]
    kept = [name for name, path in zip(names, paths, strict=True) if path]
    short = {line.line: line for line in table.rows if len(line.cells) < len(table.header.cells)}
    for row, name in zip(nested, kept, strict=True):
        unread = tuple(_unreadable_cells(row, name, known, where, never))
        shifted = row.line in short and any(each.claim in _OF_CELLS for each in unread)
        findings += [_shifted(short[row.line], row, table, where)] if shifted else unread
    return tuple(nested), (*findings, *unplaced)


def _says_required_by_stars(table: Table, known: Mapping[str, int]) -> bool:
    """Say whether a table has no 是否必填, but stars behind the names that are required."""
    if known.keys() & {"required", "nullable"}:
        return False
    cells = (cell(line, known, "name") for line in table.rows)
    return any(read_name(each, centred=False).starred for each in cells)


def _says_required_by_marks(table: Table, known: Mapping[str, int]) -> bool:
    """Say whether 是否必填 has a mark for what is required (✅), and nothing for the others."""
    cells = [cell(line, known, "required") for line in table.rows] if "required" in known else []
    said = [text for text in cells if not is_nothing(text)]
    return bool(said) and all(_MARK.fullmatch(word(text)) for text in said)


def _is_value(row: Row, name: NameCell, rows: Sequence[Row], names: Sequence[NameCell]) -> bool:
    """Say whether a row without a name is the whole message, or the items of the list above it."""
    if not rows:
        return row.kind in {Kind.ARRAY, Kind.OBJECT} and not row.example
    return row.kind is not None and rows[-1].kind is Kind.ARRAY and name.width > names[-1].width


def _holds(row: Row) -> bool:
    return row.kind in {Kind.OBJECT, Kind.ARRAY}


def _says_nothing(line: TableRow, known: Mapping[str, int]) -> bool:
    """Say whether a row has marks and a requirement alone: the unnamed items of a list."""
    required = known.get("required")
    others = [text for n, text in enumerate(line.cells) if n not in {known["name"], required}]
    name = cell(line, known, "name")
    unnamed = not read_name(name, centred=False).names and bool(plain(name))
    return unnamed and all(is_nothing(text) for text in others)


def _is_repeated_header(line: TableRow, table: Table) -> bool:
    return [word(each) for each in line.cells] == [word(each) for each in table.header.cells]


def _or_none(read: Callable[[str], _Value], cell: str) -> _Value | None:
    try:
        return read(cell)
    except ValueError:
        return None


def _row(
    line: TableRow, known: Mapping[str, int], name: NameCell, location: str, *, stars: bool
) -> Row:
    description = plain(cell(line, known, "description"))
    notes = [
        note.format(plain(cell(line, known, column)))
        for column, note in NOTES.items()
        if not is_nothing(cell(line, known, column))
    ]
    example = plain(cell(line, known, "example"))
    if is_nothing(example) and "value" in known:
        example = plain(cell(line, known, "value"))
    said = _or_none(read_location, cell(line, known, "location")) or location
    required = plain(cell(line, known, "required"))
    if stars or (not required and name.starred):
        required = "是" if name.starred else "否"
    return Row(
        path=name.names,
        line=line.line,
        required=required,
        type=plain(cell(line, known, "type")),
        max_length=plain(cell(line, known, "max_length")) or _length_beside(line, known),
        description="；".join(filter(None, (description, *notes))) if notes else description,
        example=example,
        location=said or location_in(description),
        nullable=plain(cell(line, known, "nullable")),
        schema=plain(cell(line, known, "schema")),
        values=values_listed(plain(cell(line, known, "values")) or _values_beside(line, known)),
        columns={
            meaning: line.columns[position]
            for meaning, position in known.items()
            if position < len(line.columns)
        },
    )


def _length_beside(line: TableRow, known: Mapping[str, int]) -> str:
    """Give the length that 其他信息 says, as exports of YApi write it: 最大长度: 20."""
    said = plain(cell(line, known, "other"))
    most, least = _LENGTH_BESIDE.search(said), _LEAST_BESIDE.search(said)
    if most is None:
        return ""
    return f"{least[1]}-{most[1]}" if least and int(least[1]) > 0 else most[1]


def _values_beside(line: TableRow, known: Mapping[str, int]) -> str:
    """Give the values that 其他信息 lists, as exports of YApi write it: 枚举: 1,2,3."""
    found = _VALUES_BESIDE.search(plain(cell(line, known, "other")))
    return found[1] if found else ""


def _missing_columns(
    table: Table, where: str, known: Mapping[str, int], never: frozenset[str]
) -> Iterator[Finding]:
    if "name" not in known:
        yield broken(
            "unreadable-table",
            where=where,
            lines=(table.line,),
            subject="参数",
            evidence="no column holds the names of the members",
            remedy="head the column of names with 参数",
        )
        return
    for meaning, title in (("required", "是否必填"), ("type", "类型")):
        stated = meaning in known or (meaning == "required" and "nullable" in known)
        if not stated and meaning not in never:
            yield broken(
                "missing-column",
                where=where,
                lines=(table.line,),
                subject=title,
                evidence=f"no column is headed {title}",
                remedy=f"add the column {title}",
            )


def _nameless(line: TableRow, where: str) -> Finding:
    filled = next(plain(text) for text in line.cells if not is_nothing(text))
    return broken(
        "unreadable-row",
        where=where,
        lines=(line.line,),
        subject="row",
        evidence=f"it names no member, but says {shown(filled)}",
        remedy="name the member in the column 参数, or join the row to the one above",
    )


_OF_CELLS = frozenset({"unknown-requirement", "unknown-type", "unreadable-length"})
"""What a row breaks whose cells stand one column too far to the left."""


def _shifted(line: TableRow, row: Row, table: Table, where: str) -> Finding:
    """Find that a row lacks a cell, so that the cells behind it stand in the wrong columns."""
    there, wanted = len(line.cells), len(table.header.cells)
    return broken(
        "unreadable-row",
        where=where,
        lines=(row.line,),
        subject=row.name,
        evidence=f"{there} cells in {wanted} columns, so that some stand in the wrong column",
        remedy=f"write all {wanted} cells, also the empty ones",
    )


def _unknown_location(
    line: TableRow, known: Mapping[str, int], name: NameCell, where: str
) -> Iterator[Finding]:
    """Tell a row that says where it is sent in a word that nobody knows."""
    said = plain(cell(line, known, "location"))
    if not is_nothing(said) and _or_none(read_location, said) is None:
        yield broken(
            "unknown-location",
            where=where,
            lines=(line.line,),
            subject=(name.names or ("row",))[-1],
            evidence=f"{shown(said)} is no place of a parameter; the row is read where the method "
            "or the section puts it",
            remedy=f"write one of {alike(said, LOCATIONS)}",
        )


def _unreadable_cells(
    row: Row, name: NameCell, known: Mapping[str, int], where: str, never: frozenset[str]
) -> Iterator[Finding]:
    is_whole = row.location == "body" and len(row.path) == 1 and "schema" in known
    if not name.is_readable and not is_whole:
        yield broken(
            "unreadable-name",
            where=where,
            lines=(row.line,),
            subject=shown(".".join(row.path)),
            evidence=f"{shown('.'.join(row.path))} is kept as it is written",
            remedy="write the member's name alone in the column 参数",
        )
    readers: tuple[tuple[str, Callable[[str], object], str, str, str], ...] = (
        ("required", requirement, row.required, "unknown-requirement", "write 是 or 否"),
        ("nullable", requirement, row.nullable, "unknown-requirement", "write 是 or 否"),
        ("type", kind, row.type, "unknown-type", ""),
        ("max_length", max_length, row.max_length, "unreadable-length", "write 32, 10,2 or -"),
    )
    for meaning, read, text, rule, remedy in readers:
        unclear = meaning == "type" and row.holds_rows and _or_none(kind, text) is None
        if meaning not in known or unclear or (meaning in never and not text):
            continue
        try:
            read(text)
        except ValueError as reason:
            yield broken(
                rule,
                where=where,
                lines=(row.line,),
                subject=row.name,
                evidence=str(reason),
                remedy=remedy or f"write one of {alike(text, KINDS)}",
            )
