"""A field table (请求参数, 应答报文) → rows, each with the path of the member that it describes.

Columns are found by name; a new name is one more entry of `COLUMNS`. `cells.py` reads a cell, and
`nesting.py` finds the object that a row belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from contract.documents.cells import (
    KINDS,
    Kind,
    MaxLength,
    holds_members,
    is_nothing,
    kind,
    max_length,
    plain,
    requirement,
    shown,
)
from contract.documents.document_rules import broken
from contract.documents.markdown import Table, TableRow
from contract.documents.nesting import NameCell, UnplacedRow, placed, read_name
from contract.documents.tables import cell, columns, is_blank, unread_cells
from contract.findings import Finding

COLUMNS: dict[str, str] = {
    **dict.fromkeys(("参数", "参数名", "参数名称", "字段", "字段名", "字段名称", "名称"), "name"),
    **dict.fromkeys(("是否必填", "必填", "是否必须", "必须", "是否必传", "是否必选"), "required"),
    **dict.fromkeys(("类型", "参数类型", "数据类型", "字段类型"), "type"),
    **dict.fromkeys(("最大长度", "长度", "字段长度", "数据长度"), "max_length"),
    **dict.fromkeys(
        ("参数描述", "描述", "参数说明", "说明", "字段描述", "字段说明", "含义", "备注"),
        "description",
    ),
    **dict.fromkeys(("示例值", "示例", "样例", "样例值", "参数示例"), "example"),
    "序号": "number",
}
"""The words that head a column of a field table → what the column means."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a field table (参数, 是否必填, 类型, 最大长度, 参数描述, 示例值).

    A column that the table lacks is an empty text. `path` leads from the top of the message to
    the field, as far as the table says it: `("data", "img")` where the table nests or dots its
    rows, `("img",)` where it does not. `columns` says where in the line each cell begins.
    `location` is where a parameter is sent (path, query, header, cookie, body, form), empty where
    the document does not say it. `min_length` is the least length, where 定长8 or 1-32 says it.
    """

    path: tuple[str, ...]
    line: int
    required: str
    type: str
    max_length: str
    description: str
    example: str
    location: str = ""
    min_length: int | None = None
    columns: Mapping[str, int] = field(default_factory=dict, compare=False, hash=False)

    @property
    def name(self) -> str:
        """The member's own name, without the members around it."""
        return self.path[-1]

    @property
    def is_required(self) -> bool | None:
        """What 是否必填 says; None where it cannot be read, which is a finding already."""
        return _or_none(requirement, self.required)

    @property
    def kind(self) -> Kind | None:
        """What 类型 says; None where it cannot be read, which is a finding already."""
        return _or_none(kind, self.type)

    @property
    def limit(self) -> MaxLength | None:
        """What 最大长度 says; None where there is no limit, or none that can be read."""
        return _or_none(max_length, self.max_length)


def read_rows(
    table: Table, where: str, values: Sequence[object]
) -> tuple[tuple[Row, ...], tuple[Finding, ...]]:
    """Read the rows of a field table, and find what cannot be read in it.

    Args:
        table: the table.
        where: the document's name.
        values: what samples show; it decides where a row belongs if the table does not say so.
    """
    known = columns(table, COLUMNS)
    findings = [*unread_cells(table, COLUMNS, where), *_missing_columns(table, where, known)]
    if "name" not in known:
        return (), tuple(findings)
    rows: list[Row] = []
    members: list[UnplacedRow] = []
    for line in table.rows:
        if is_blank(line):
            continue
        name = read_name(cell(line, known, "name"), centred=known["name"] in table.centred)
        if not name.names:
            findings.append(_nameless(line, where))
            continue
        row = _row(line, known, name)
        findings += _unreadable_cells(row, name, known, where)
        rows.append(row)
        members.append(UnplacedRow(name, row.kind, holds_members(row.type), row.line))
    paths, unplaced = placed(members, where, values)
    nested = (replace(row, path=path) for row, path in zip(rows, paths, strict=True))
    return tuple(nested), (*findings, *unplaced)


def _or_none(read: Callable[[str], _Value], cell: str) -> _Value | None:
    try:
        return read(cell)
    except ValueError:
        return None


def _row(line: TableRow, known: Mapping[str, int], name: NameCell) -> Row:
    return Row(
        path=name.names,
        line=line.line,
        required=plain(cell(line, known, "required")),
        type=plain(cell(line, known, "type")),
        max_length=plain(cell(line, known, "max_length")),
        description=plain(cell(line, known, "description")),
        example=plain(cell(line, known, "example")),
        columns={
            meaning: line.columns[position]
            for meaning, position in known.items()
            if position < len(line.columns)
        },
    )


def _missing_columns(table: Table, where: str, known: Mapping[str, int]) -> Iterator[Finding]:
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
        if meaning not in known:
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


def _unreadable_cells(
    row: Row, name: NameCell, known: Mapping[str, int], where: str
) -> Iterator[Finding]:
    if not name.is_readable:
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
        ("type", kind, row.type, "unknown-type", f"write one of {', '.join(sorted(KINDS))}"),
        ("max_length", max_length, row.max_length, "unreadable-length", "write 32, 10,2 or -"),
    )
    for meaning, read, text, rule, remedy in readers:
        if meaning not in known:
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
                remedy=remedy,
            )
