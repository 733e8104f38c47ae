"""A field table as the document has it, and beside each row what the spec says about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contract.documents import InterfaceDocument, Row
from contract.findings import Level, Place, named
from contract.page.numbered_findings import NumberedFinding
from contract.page.shortening import shortened
from contract.page.stated_keywords import Fact, sampled, stated
from contract.review import RULES
from contract.review.fields import SpecField, answer_fields, request_fields
from contract.review.table_differences import FieldTable, answer_table, request_table
from contract.spec.members import Member
from contract.spec.operations import Operation

Path = tuple[str, ...]

COLUMNS: Mapping[str, str] = {
    "name": "参数",
    "required": "是否必填",
    "type": "类型",
    "max_length": "最大长度",
    "description": "参数描述",
    "example": "示例值",
}
"""The columns of the page: the attribute of a row → its heading."""

_OF_NO_ROW = frozenset({"undescribed-member"})
"""Rules about members without a row, although their findings name the line of another row."""

_DEEPEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: a row beside its field, or one of them alone.

    Attributes:
        path: the names that lead to it, as the document nests them; of a field without a row,
            those from the top of the message.
        cells: the row's cells by their meanings; None for a field without a row.
        document: where the row stands.
        repeated: an earlier row describes the same member, and counts.
        field: the names that lead to the field; None where the spec has no such field.
        place: where the spec describes it.
        facts: what the spec states.
        samples: what the spec has from the sample alone.
        findings: the findings about it.
        differing: the cells that they are about.
    """

    path: Path
    cells: Mapping[str, str] | None
    document: Place | None
    repeated: bool
    field: Path | None
    place: Place | None
    facts: tuple[Fact, ...]
    samples: tuple[Fact, ...]
    findings: tuple[NumberedFinding, ...]
    differing: frozenset[str]

    @property
    def depth(self) -> int:
        """How far it is indented."""
        return min(len(self.path) - 1, _DEEPEST)


def request(
    operation: Operation, document: InterfaceDocument | None, findings: Sequence[NumberedFinding]
) -> tuple[Line, ...]:
    """Give the lines of 请求参数."""
    body = operation.body
    table = request_table(operation, document) if document else None
    members = body.members if body else ()
    return tuple(_lines(table, request_fields(operation), document, members, findings))


def answer(
    operation: Operation, document: InterfaceDocument | None, findings: Sequence[NumberedFinding]
) -> tuple[Line, ...]:
    """Give the lines of 应答报文."""
    table = answer_table(operation, document) if document else None
    return tuple(_lines(table, answer_fields(operation), document, operation.members, findings))


def _lines(
    table: FieldTable | None,
    fields: Mapping[Path, SpecField],
    document: InterfaceDocument | None,
    members: Sequence[Member],
    findings: Sequence[NumberedFinding],
) -> Iterator[Line]:
    needs = {tuple(step for step in each.path if step != "*"): each.required for each in members}
    pairs = {id(pair.row): pair for pair in table.pairs()} if table else {}
    rows_at = Counter(row.line for row in table.rows) if table else Counter()
    for row in table.rows if table else ():
        pair = pairs.get(id(row))
        field = pair.field if pair else None
        about: Sequence[NumberedFinding] = findings
        if rows_at[row.line] > 1:  # as YApi exports a table, or of one model in two places
            about = [each for each in findings if each.finding.subject == row.name]
        line = _line(row, document, field, about, required=_only_shown(needs, field))
        yield replace(line, repeated=pair is None)
    documented = {pair.path for pair in pairs.values()}
    for path, field in fields.items():
        if path not in documented:
            yield _line(None, None, field, findings, required=_only_shown(needs, field))


def _only_shown(needs: Mapping[Path, Level | None], field: SpecField | None) -> bool:
    return field is not None and needs.get(field.path) is Level.SAMPLE


def _line(
    row: Row | None,
    document: InterfaceDocument | None,
    field: SpecField | None,
    findings: Sequence[NumberedFinding],
    *,
    required: bool,
) -> Line:
    stands = Place(named(document.path), row.line) if row and document else None
    facts = stated(field, ()) if field else ()
    samples = sampled(field, (), required=required) if field else ()
    written = [fact.place for fact in (*facts, *samples)]
    mine = tuple(
        each
        for each in findings
        if each.is_at(stands, field.place if field else None, *written)
        and each.finding.claim not in _OF_NO_ROW
    )
    return Line(
        path=row.path if row else field.path if field else (),
        cells={cell: shortened(str(getattr(row, cell))) for cell in COLUMNS} if row else None,
        document=stands,
        repeated=False,
        field=field.path if field else None,
        place=field.place if field else None,
        facts=stated(field, mine) if field and mine else facts,
        samples=sampled(field, mine, required=required) if field and mine else samples,
        findings=mine,
        differing=frozenset(
            RULES[each.finding.claim].cell or "name"
            for each in mine
            if row is None or each.is_at(stands)
        ),
    )
