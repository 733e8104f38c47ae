"""A field table compared with the same message in the spec, row by row and both ways.

The rules here are about whole rows; those about one column are in `columns.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contract.documents import InterfaceDocument, Row
from contract.documents.request_rows import parameter_rows
from contract.findings import Level, Place
from contract.review.fields import SpecField, answer_fields, request_fields
from contract.review.look_alikes import told_apart
from contract.review.operation_differences import DocumentPlace, difference
from contract.review.review_rule import ColumnRule, DifferenceRule, Violation
from contract.spec.operations import Operation, Parameter

ROW_WITHOUT_PROPERTY = DifferenceRule(
    name="row-without-property",
    title="契约缺少该字段",
    english="Every row of a field table is a property, or a parameter, of the spec.",
    chinese="字段表的每一行在契约中都有对应的属性或请求参数。",
    source="请求参数, 应答报文",
    level=Level.TABLE,
    after=("document-missing",),
    broken="# no tags",
    right="tags: {type: array, nullable: true, description: 标签, items: {type: string}}",
)
PROPERTY_WITHOUT_ROW = DifferenceRule(
    name="property-without-row",
    title="文档缺少该字段",
    english="Every property beside a documented one, and every parameter, has a row, or rows "
    "inside it.",
    chinese="契约中的每个请求参数，以及与已说明属性同级的每个属性，在字段表中都有对应的行或下级行。",
    source="请求参数, 应答报文",
    level=Level.TABLE,
    after=("document-missing",),
    broken="level: {type: integer}\n            tags: {type: array, nullable: true,",
    right="tags: {type: array, nullable: true,",
)
NAME = DifferenceRule(
    name="name",
    title="字段名不一致",
    english="A row and its property have the same name.",
    chinese="字段表中的行与对应的属性同名。",
    source="参数",
    level=Level.TABLE,
    after=("document-missing",),
    broken="label: {type: array, nullable: true,",
    right="tags: {type: array, nullable: true,",
)
RULES = (ROW_WITHOUT_PROPERTY, PROPERTY_WITHOUT_ROW, NAME)

_IMPLIED = frozenset({"type", "properties", "items", "required", "x-sample"})
"""The keywords of a property without a row of its own, only with rows inside it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A row, and the field that stands for it; None where the spec has no such field.

    `path` leads to the field, or to where it would be.
    """

    row: Row
    path: tuple[str, ...]
    field: SpecField | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTable:
    """One field table beside the description of the same message in the spec.

    Attributes:
        rows: of the document's table.
        line: where the table's heading stands; 0 where there is none.
        fields: of the spec, by their paths.
        holders: the paths whose fields need rows even where no row stands there.
        exempt: the paths of fields that need no row: the envelope.
        fallback: where the rows live if the spec has none of them.
        place: where the spec describes the message.
    """

    rows: Sequence[Row]
    line: int
    fields: Mapping[tuple[str, ...], SpecField]
    holders: frozenset[tuple[str, ...]]
    exempt: frozenset[tuple[str, ...]]
    fallback: tuple[str, ...]
    place: Place

    def root(self) -> tuple[str, ...]:
        """Find where the rows live: where most of their names are, else as samples show."""
        names = {row.path[0] for row in self.rows}
        found = Counter(path[:-1] for path in self.fields if path[-1] in names)
        shortest = sorted(found, key=lambda path: (-found[path], len(path)))
        return shortest[0] if shortest else self.fallback if self.fallback in self.fields else ()

    def pairs(self) -> Iterator[Pair]:
        """Give each row with its field; of two rows of one path, only the first."""
        root = self.root()
        beside = _Beside(self)
        found: dict[tuple[str, ...], tuple[str, ...]] = {(): root}
        for row in self.rows:
            if row.path not in found:  # the document's own findings name the second row of a path
                holder = found.get(row.path[:-1], (*root, *row.path[:-1]))
                path = (*holder, row.name)
                if path not in self.fields:
                    path = beside.renamed(row.path[:-1], holder) or path
                found[row.path] = path
                yield Pair(row, path, self.fields.get(path))


def request_table(operation: Operation, document: InterfaceDocument) -> FieldTable:
    """Put 请求参数 beside the parameters and the body."""
    body = operation.body
    return FieldTable(
        rows=tuple(parameter_rows(document)),
        line=document.parameters_line,
        fields=request_fields(operation),
        holders=frozenset({()}),
        exempt=frozenset((each.name,) for each in operation.parameters if _is_implied(each)),
        fallback=(),
        place=body.place if body else operation.node.at("parameters"),
    )


def _is_implied(parameter: Parameter) -> bool:
    """Say whether a parameter says no more than that its path has it."""
    plain = parameter.schema == {"type": "string"} and "description" not in parameter.node
    return parameter.location == "path" and plain


def answer_table(operation: Operation, document: InterfaceDocument) -> FieldTable:
    """Put 应答报文 beside the schema of a successful answer."""
    fields = answer_fields(operation)
    code = operation.business_code
    exempt = {*document.envelope.members, *((code.path,) if code is not None else ())}
    above = {path[:length] for path in exempt for length in range(1, len(path))}
    return FieldTable(
        rows=document.answer,
        line=document.answer_line,
        fields=fields,
        holders=frozenset() if document.answer else frozenset({(), *(path[:1] for path in fields)}),
        exempt=frozenset(exempt | above),
        fallback=document.envelope.root,
        place=operation.schema.place,
    )


def table_differences(
    table: FieldTable, document: InterfaceDocument, columns: Collection[ColumnRule]
) -> Iterator[tuple[DifferenceRule, Violation]]:
    """Compare a field table with the spec, both ways and column by column."""
    pairs = tuple(table.pairs())
    for pair in pairs:
        if pair.field is not None and pair.path[-1] == pair.row.name:
            yield from _columns(pair.row, pair.field, document, columns)
        else:
            yield _unmatched(pair, table, document)
    documented = {pair.path for pair in pairs}
    holders = {path[:-1] for path in documented} | table.holders
    above = {path[:length] for path in documented for length in range(1, len(path))}
    for path, field in table.fields.items():
        is_implied = path in above and field.schema.keys() <= _IMPLIED
        exempt = path in table.exempt or is_implied
        if path[:-1] in holders and path not in documented and not exempt:
            found = difference(
                document,
                path[-1],
                stated=f"nothing about {path[-1]}",
                at=DocumentPlace(table.line or document.title.line),
                specified=f"{path[-1]} is a field",
                place=field.place,
            )
            yield PROPERTY_WITHOUT_ROW, found


def _unmatched(
    pair: Pair, table: FieldTable, document: InterfaceDocument
) -> tuple[DifferenceRule, Violation]:
    row, field = pair.row, pair.field
    found = difference(
        document,
        row.name,
        stated=f"{row.name} is a field",
        at=DocumentPlace(row.line, row.columns.get("name")),
        specified=f"{pair.path[-1]} is the field in its place" if field else "nothing about it",
        place=field.place if field else table.place,
        apart=told_apart(row.name, pair.path[-1]) if field else "",
    )
    return NAME if field else ROW_WITHOUT_PROPERTY, found


def _columns(
    row: Row, field: SpecField, document: InterfaceDocument, columns: Collection[ColumnRule]
) -> Iterator[tuple[DifferenceRule, Violation]]:
    for rule in columns:
        both = rule.compare(row, field)
        if both.stated != both.specified:
            cell = str(getattr(row, rule.cell, ""))
            silent = both.specified in (None, "")
            found = difference(
                document,
                row.name,
                stated=f"{rule.column} {cell}" if cell else f"nothing in {rule.column}",
                at=DocumentPlace(row.line, row.columns.get(rule.cell) or row.columns.get("name")),
                specified=f"nothing about {rule.column}"
                if silent
                else rule.wording.format(both.specified),
                place=both.place,
                apart=told_apart(both.stated, both.specified),
            )
            first, *others = found.places
            yield rule, replace(found, places=(first, *both.beside, *others))


class _Beside:
    """The names of rows and of properties that stand in one object, grouped once for a table."""

    def __init__(self, table: FieldTable) -> None:
        ways = dict.fromkeys(
            row.path[:depth] for row in table.rows for depth in range(1, len(row.path) + 1)
        )
        self._rows = _grouped(ways)
        self._fields = _grouped(table.fields)
        self._exempt = _grouped(table.exempt)
        self._known: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...] | None] = {}

    def renamed(self, inside: tuple[str, ...], holder: tuple[str, ...]) -> tuple[str, ...] | None:
        """Find the only property without a row beside the only row without a property.

        Args:
            inside: the object that the rows stand in.
            holder: the same object in the spec.
        """
        key = (inside, holder)
        if key not in self._known:
            none: frozenset[str] = frozenset()
            names, here = self._rows.get(inside, none), self._fields.get(holder, none)
            missing, unlisted = names - here, here - names - self._exempt.get(holder, none)
            one = len(missing) == len(unlisted) == 1
            self._known[key] = (*holder, *unlisted) if one else None
        return self._known[key]


def _grouped(paths: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], frozenset[str]]:
    """List the last names of paths by what leads to them."""
    groups: dict[tuple[str, ...], set[str]] = {}
    for path in paths:
        if path:
            groups.setdefault(path[:-1], set()).add(path[-1])
    return {way: frozenset(names) for way, names in groups.items()}
