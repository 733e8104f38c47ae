"""Operation beside its interface document → what the two say differently, with both places.

A rule compares one thing and is listed in `RULES` with the sentence that explains it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openapi.document import InterfaceDocument, Row
from openapi.document.cells import Kind, plain
from openapi.findings import Finding, Level, Place, named
from openapi.spec import Member, Operation
from openapi.vocabulary import ENVIRONMENTS
from openapi.yaml_text import Located

RULES: Mapping[str, str] = {
    "summary": "The summary is the document's title.",
    "method": "The method is the document's 请求类型.",
    "path": "The path is the document's 请求地址.",
    "environment": "The servers are the rows of 域名列表 that have an address.",
    "row-without-property": "Every row of the field table is a property of the answer.",
    "property-without-row": "Every property beside a documented one has a row.",
    "required": "A row with 是 is required, a String not empty; one with 否 is optional, nullable.",
    "type": "The type is what 类型 says.",
    "max-length": "maxLength is what 最大长度 says.",
    "description": "The description is what 参数描述 says.",
    "example": "The example is what 示例值 says.",
}

TYPES: Mapping[Kind, frozenset[str]] = {
    Kind.STRING: frozenset({"string"}),
    Kind.INTEGER: frozenset({"integer"}),
    Kind.NUMBER: frozenset({"number", "integer", "string"}),
    Kind.BOOLEAN: frozenset({"boolean"}),
    Kind.DATE: frozenset({"string", "integer"}),
    Kind.OBJECT: frozenset({"object"}),
    Kind.ARRAY: frozenset({"array"}),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One operation beside the document that it was made from; the document wins."""

    operation: Operation
    document: InterfaceDocument

    def differs(  # noqa: PLR0913 - both sides and both places, each by name
        self, rule: str, subject: str, *, stated: str, line: int, specified: str, place: Place
    ) -> Finding:
        """Tell one difference, with the place on either side."""
        return Finding(
            operation=self.operation.id,
            subject=subject,
            claim=rule,
            level=Level.TABLE,
            promise=f"the document says {stated}",
            evidence=f"the spec says {specified}",
            places=(Place(named(self.document.path), line), place),
            remedy="make the spec say what the document says, or have the document corrected",
        )

    def findings(self) -> Iterator[Finding]:
        """Give every difference, both ways."""
        yield from self.of_headings()
        yield from self.of_environments()
        yield from self.of_rows()

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

    def of_rows(self) -> Iterator[Finding]:
        """Compare the field table with the properties, both ways and column by column."""
        documented: dict[tuple[str, ...], Row] = {}
        for row in self.document.answer:
            member = next((each for each in self.operation.members if _is(each, row)), None)
            if member is None:
                yield self.differs(
                    "row-without-property",
                    row.name,
                    stated=f"{row.name} is a field",
                    line=row.line,
                    specified="nothing of it",
                    place=self.operation.schema.place,
                )
            else:
                documented[member.path] = row
                yield from self.of_columns(row, member)
        holders = {path[:-1] for path in documented}
        for member in self.operation.members:
            beside = member.path[:-1] in holders and member.path[-1:] != ("*",)
            if member.path and beside and member.path not in documented:
                yield self.differs(
                    "property-without-row",
                    member.name,
                    stated=f"nothing of {member.name}",
                    line=self.document.answer_line or self.document.title.line,
                    specified=f"{member.name} is a field",
                    place=member.place,
                )

    def of_columns(self, row: Row, member: Member) -> Iterator[Finding]:
        """Compare one row with its property, column by column."""
        schema = member.schema
        for rule, cell, stated, specified, keyword in (
            ("required", row.required, _stated_need(row), _specified_need(row, member), ""),
            ("type", row.type, *_types(row, schema), "type"),
            ("max-length", row.max_length, row.limit, schema.get("maxLength"), "maxLength"),
            (
                "description",
                row.description,
                plain(row.description),
                schema.get("description", ""),
                "description",
            ),
            (
                "example",
                row.example,
                _stated_example(row, schema),
                schema.get("example"),
                "example",
            ),
        ):
            if stated != specified:
                yield self.differs(
                    rule,
                    row.name,
                    stated=f"{COLUMNS[rule]} {cell or 'nothing'}",
                    line=row.line,
                    specified=_told(rule, specified),
                    place=schema.at(keyword) if keyword in schema else member.place,
                )


COLUMNS: Mapping[str, str] = {
    "required": "是否必填",
    "type": "类型",
    "max-length": "最大长度",
    "description": "参数描述",
    "example": "示例值",
}


def _is(member: Member, row: Row) -> bool:
    path = tuple(step for step in member.path if step != "*")
    return bool(path) and path[-len(row.path) :] == row.path and member.path[-1] != "*"


def _stated_need(row: Row) -> str | None:
    if row.is_required is None:
        return None
    if not row.is_required:
        return "optional and nullable"
    return "required and not empty" if row.kind is Kind.STRING else "required"


def _specified_need(row: Row, member: Member) -> str | None:
    if row.is_required is None:
        return None
    if member.required is not Level.TABLE:
        return "optional and nullable" if member.nullable else "optional but not nullable"
    if member.nullable:
        return "required but nullable"
    filled = member.schema.get("minLength", 0)
    return "required and not empty" if filled and row.kind is Kind.STRING else "required"


def _types(row: Row, schema: Located) -> tuple[object, object]:
    """Give the stated and the specified type; the same where the spec's is one of the stated."""
    specified = schema.get("type")
    if row.kind is None or specified in TYPES[row.kind]:
        return specified, specified
    return row.kind, specified


def _stated_example(row: Row, schema: Located) -> object:
    text = plain(row.example)
    if not text:
        return None
    example = schema.get("example")
    return example if isinstance(example, int | float) and str(example) == text else text


def _told(rule: str, specified: object) -> str:
    return f"{rule} {'nothing' if specified in {None, ''} else specified}"
