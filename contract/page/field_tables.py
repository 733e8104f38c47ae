"""A field table as the document has it, and beside each row what the spec says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contract.documents import InterfaceDocument, Row
from contract.findings import Level, Place, named
from contract.page.numbered_findings import Told
from contract.page.shortening import shortened
from contract.page.stated_keywords import Fact, sampled, stated
from contract.review.columns import Field
from contract.review.comparison import Comparison, Table, answer_fields, request_fields
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

_CELLS: Mapping[str, str] = {
    "required": "required",
    "type": "type",
    "max-length": "max_length",
    "description": "description",
    "example": "example",
    "unknown-requirement": "required",
    "unknown-type": "type",
    "list-without-list-type": "type",
    "unreadable-length": "max_length",
    "sample-value-type": "type",
    "sample-value-too-long": "max_length",
    "row-missing-in-sample": "required",
    "null-in-sample": "required",
}
"""Rule → the cell that it is about; any other is about the row, which its name stands for."""

_OF_NO_ROW = frozenset({"undescribed-member"})
"""Rules that name a row's line though they are about what no row describes."""

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
        field: the names that lead to the field; None where the spec has nothing of it.
        place: where the spec describes it.
        facts: what the spec states.
        samples: what the spec has from the sample alone.
        told: the findings about it.
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
    told: tuple[Told, ...]
    differing: frozenset[str]

    @property
    def depth(self) -> int:
        """How far it is indented."""
        return min(len(self.path) - 1, _DEEPEST)


def request(
    operation: Operation, document: InterfaceDocument | None, told: Sequence[Told]
) -> tuple[Line, ...]:
    """Give the lines of 请求参数."""
    body = operation.body
    table = Comparison(operation, document).request() if document else None
    members = body.members if body else ()
    return tuple(_lines(table, request_fields(operation), document, members, told))


def answer(
    operation: Operation, document: InterfaceDocument | None, told: Sequence[Told]
) -> tuple[Line, ...]:
    """Give the lines of 应答报文."""
    table = Comparison(operation, document).answer() if document else None
    return tuple(_lines(table, answer_fields(operation), document, operation.members, told))


def _lines(
    table: Table | None,
    fields: Mapping[Path, Field],
    document: InterfaceDocument | None,
    members: Sequence[Member],
    told: Sequence[Told],
) -> Iterator[Line]:
    needs = {tuple(step for step in each.path if step != "*"): each.required for each in members}
    pairs = {pair.row.line: pair for pair in table.pairs()} if table else {}
    for row in table.rows if table else ():
        pair = pairs.get(row.line)
        field = pair.field if pair else None
        line = _line(row, document, field, told, required=_only_shown(needs, field))
        yield replace(line, repeated=pair is None)
    documented = {pair.path for pair in pairs.values()}
    for path, field in fields.items():
        if path not in documented:
            yield _line(None, None, field, told, required=_only_shown(needs, field))


def _only_shown(needs: Mapping[Path, Level | None], field: Field | None) -> bool:
    return field is not None and needs.get(field.path) is Level.SAMPLE


def _line(
    row: Row | None,
    document: InterfaceDocument | None,
    field: Field | None,
    told: Sequence[Told],
    *,
    required: bool,
) -> Line:
    stands = Place(named(document.path), row.line) if row and document else None
    facts = stated(field, ()) if field else ()
    samples = sampled(field, (), required=required) if field else ()
    written = [fact.place for fact in (*facts, *samples)]
    mine = tuple(
        each
        for each in told
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
        facts=stated(field, mine) if field else (),
        samples=sampled(field, mine, required=required) if field else (),
        told=mine,
        differing=frozenset(
            _CELLS.get(each.finding.claim, "name")
            for each in mine
            if row is None or each.is_at(stands)
        ),
    )
