"""Operation beside its interface document → what the two say differently, with both places.

A rule compares one thing and is listed in `RULES` with the sentence that explains it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contract.documents import InterfaceDocument, Row
from contract.documents.samples import ENVELOPE
from contract.findings import Finding, Level, Place, named
from contract.review.columns import Field, differences, of_member, of_parameter
from contract.spec.operations import Operation
from contract.spec.vocabulary import ENVIRONMENTS

RULES: Mapping[str, str] = {
    "summary": "The summary is the document's title.",
    "method": "The method is the document's 请求类型.",
    "path": "The path is the document's 请求地址.",
    "environment": "The servers are the rows of 域名列表 that have an address.",
    "row-without-property": "Every row of a field table is a property, or a parameter.",
    "property-without-row": "Every property beside a documented one, and every parameter, has a "
    "row, or rows inside it.",
    "name": "A row and its property have the same name.",
    "required": "A row with 是 is required, a String not empty; one with 否 is optional, nullable.",
    "type": "The type is what 类型 says.",
    "max-length": "maxLength, or the bounds of a number, is what 最大长度 says.",
    "description": "The description is what 参数描述 says.",
    "example": "The example is what 示例值 says.",
}

_IMPLIED = frozenset({"type", "properties", "items", "required", "x-sample"})
"""What a property says whose members alone have rows, as dotted names may."""
_REMEDY = "make the spec say what the document says, or have the document corrected"


@dataclass(frozen=True, slots=True)
class Pair:
    """A row, and the field that stands for it; None where the spec has nothing of it.

    `path` leads to the field, or to where it would be.
    """

    row: Row
    path: tuple[str, ...]
    field: Field | None


@dataclass(frozen=True, slots=True)
class Table:
    """One field table beside what the spec says of the same message."""

    rows: Sequence[Row]
    line: int
    fields: Mapping[tuple[str, ...], Field]
    holders: frozenset[tuple[str, ...]]
    place: Place

    def root(self) -> tuple[str, ...]:
        """Find where the rows live: where most of their names are, else in `data`."""
        names = {row.path[0] for row in self.rows}
        found = Counter(path[:-1] for path in self.fields if path[-1] in names)
        shortest = sorted(found, key=lambda path: (-found[path], len(path)))
        return shortest[0] if shortest else ("data",) if ("data",) in self.fields else ()

    def pairs(self) -> Iterator[Pair]:
        """Give each row with its field; of two rows of one path, only the first."""
        root = self.root()
        found: dict[tuple[str, ...], tuple[str, ...]] = {(): root}
        for row in self.rows:
            if row.path not in found:  # a second row of one path is told already
                holder = found.get(row.path[:-1], (*root, *row.path[:-1]))
                path = (*holder, row.name)
                if path not in self.fields:
                    path = _renamed(row, holder, self, root) or path
                found[row.path] = path
                yield Pair(row, path, self.fields.get(path))


@dataclass(frozen=True, slots=True)
class Comparison:
    """One operation beside the document that it was made from; the document wins."""

    operation: Operation
    document: InterfaceDocument

    def differs(  # noqa: PLR0913 - both sides and both places, each by name
        self,
        rule: str,
        subject: str,
        *,
        stated: str,
        line: int,
        specified: str,
        place: Place,
        column: int | None = None,
    ) -> Finding:
        """Tell one difference, with the place on either side."""
        return Finding(
            operation=self.operation.id,
            subject=subject,
            claim=rule,
            level=Level.TABLE,
            promise=f"the document says {stated}",
            evidence=f"the spec says {specified}",
            places=(Place(named(self.document.path), line, column), place),
            remedy=_REMEDY,
        )

    def findings(self) -> Iterator[Finding]:
        """Give every difference, both ways."""
        yield from self.of_headings()
        yield from self.of_environments()
        yield from self.of_table(self.request())
        yield from self.of_table(self.answer())

    def of_headings(self) -> Iterator[Finding]:
        """Compare title, method and path."""
        operation, document = self.operation, self.document
        summary = operation.node.at("summary")
        for rule, stated, specified, place in (
            ("summary", document.title, operation.summary, summary),
            ("method", document.method, operation.method, operation.place),
            ("path", document.address, operation.path, operation.path_place),
        ):
            if stated.text != specified:
                yield self.differs(
                    rule,
                    rule,
                    stated=stated.text,
                    line=stated.line,
                    specified=specified or "nothing",
                    place=place,
                )

    def of_environments(self) -> Iterator[Finding]:
        """Compare 域名列表 with the servers."""
        servers = dict(self.operation.environments)
        for row in self.document.environments:
            name = next((name for name, words in ENVIRONMENTS.items() if row.name in words), None)
            server = servers.pop(name, None) if name else None
            address = row.address.rpartition("://")[2].rstrip("/")
            if address != (server.host if server else ""):
                yield self.differs(
                    "environment",
                    name or row.name,
                    stated=f"{row.name} is at {row.address or 'no address'}",
                    line=row.line,
                    specified=f"{name or 'nothing'} is at {server.host if server else 'no server'}",
                    place=server.place if server else self.operation.servers_place,
                )
        for name, server in servers.items():
            yield self.differs(
                "environment",
                name,
                stated=f"nothing of {ENVIRONMENTS.get(name, (name,))[0]}",
                line=self.document.title.line,
                specified=f"{name} is at {server.host}",
                place=server.place,
            )

    def request(self) -> Table:
        """Put 请求参数 beside the parameters and the body."""
        body = self.operation.body
        return Table(
            rows=self.document.parameters,
            line=self.document.parameters_line,
            fields=request_fields(self.operation),
            holders=frozenset({()}),
            place=body.place if body else self.operation.node.at("parameters"),
        )

    def answer(self) -> Table:
        """Put 应答报文 beside the schema of a good answer."""
        return Table(
            rows=self.document.answer,
            line=self.document.answer_line,
            fields=answer_fields(self.operation),
            holders=frozenset() if self.document.answer else frozenset({(), ("data",)}),
            place=self.operation.schema.place,
        )

    def of_table(self, table: Table) -> Iterator[Finding]:
        """Compare a field table with what the spec says of it, both ways and column by column."""
        pairs = tuple(table.pairs())
        for pair in pairs:
            if pair.field is not None and pair.path[-1] == pair.row.name:
                yield from self._columns(pair.row, pair.field)
            else:
                yield self._unmatched(pair, table)
        documented = {pair.path for pair in pairs}
        holders = {path[:-1] for path in documented} | table.holders
        above = {path[:length] for path in documented for length in range(1, len(path))}
        for path, field in table.fields.items():
            is_envelope = len(path) == 1 and path[0] in ENVELOPE and table.holders != {()}
            is_implied = path in above and field.schema.keys() <= _IMPLIED
            exempt = is_envelope or is_implied
            if path[:-1] in holders and path not in documented and not exempt:
                yield self.differs(
                    "property-without-row",
                    path[-1],
                    stated=f"nothing of {path[-1]}",
                    line=table.line or self.document.title.line,
                    specified=f"{path[-1]} is a field",
                    place=field.place,
                )

    def _unmatched(self, pair: Pair, table: Table) -> Finding:
        row, field = pair.row, pair.field
        return self.differs(
            "name" if field else "row-without-property",
            row.name,
            stated=f"{row.name} is a field",
            line=row.line,
            column=row.columns.get("name"),
            specified=f"{pair.path[-1]} is the field in its place" if field else "nothing of it",
            place=field.place if field else table.place,
        )

    def _columns(self, row: Row, field: Field) -> Iterator[Finding]:
        for each in differences(row, field):
            yield self.differs(
                each.rule,
                row.name,
                stated=each.stated,
                line=row.line,
                column=each.column,
                specified=each.specified,
                place=each.place,
            )


def request_fields(operation: Operation) -> Mapping[tuple[str, ...], Field]:
    """List what an operation asks for: its parameters, and the members of its body."""
    body = operation.body
    fields = [of_parameter(each) for each in operation.parameters]
    fields += [of_member(each) for each in (body.members if body else ()) if each.path]
    return _by_path(fields)


def answer_fields(operation: Operation) -> Mapping[tuple[str, ...], Field]:
    """List the members of a good answer."""
    return _by_path([of_member(each) for each in operation.members if each.path])


def _by_path(fields: Sequence[Field]) -> dict[tuple[str, ...], Field]:
    """List fields by their paths; the items of a list are no field of their own."""
    listed: dict[tuple[str, ...], Field] = {}
    for field in fields:
        listed.setdefault(field.path, field)
    return listed


def _renamed(
    row: Row, holder: tuple[str, ...], table: Table, root: tuple[str, ...]
) -> tuple[str, ...] | None:
    """Find the one property without a row that stands where the one row without a property does."""
    depth = len(row.path) - 1
    inside = (each.path for each in table.rows if each.path[:depth] == row.path[:-1])
    names = {path[depth] for path in inside if len(path) > depth}
    here = {path[-1] for path in table.fields if path[:-1] == holder}
    exempt = ENVELOPE if not root and not holder else frozenset()
    missing, strangers = names - here, here - names - exempt
    return (*holder, *strangers) if len(missing) == len(strangers) == 1 else None
