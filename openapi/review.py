"""Spec against document, and spec against itself → findings, each with both places.

A rule is one generator of findings, listed in `RULES` with the sentence that `--explain` prints.
What the document states wins; a finding says which edit makes the two agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openapi_spec_validator import OpenAPIV30SpecValidator

from openapi.document import InterfaceDocument, UnreadableDocument, read
from openapi.document.cells import Kind, plain
from openapi.document.contradictions import contradictions
from openapi.document.rows import Row
from openapi.findings import Finding, Level, Place, named
from openapi.references import InvalidSpec, inlined, tree
from openapi.spec import Member, Operation, interpret
from openapi.vocabulary import ENVIRONMENTS, validator
from openapi.yaml_text import Located

RULES: Mapping[str, str] = {
    "invalid-openapi": "The YAML is valid OpenAPI 3.0.",
    "unclear-name": "Every name in the YAML is a text, and stands once.",
    "document-missing": "Every operation names its interface document, and it can be read.",
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
    "example-breaks-schema": "Every example keeps the schema that it illustrates.",
    "unquoted-code": "A business code is a text: quoted, so that its zeros stay.",
}

_MESSAGE = 120

TYPES: Mapping[Kind, frozenset[str]] = {
    Kind.STRING: frozenset({"string"}),
    Kind.INTEGER: frozenset({"integer"}),
    Kind.NUMBER: frozenset({"number", "integer", "string"}),
    Kind.BOOLEAN: frozenset({"boolean"}),
    Kind.DATE: frozenset({"string", "integer"}),
    Kind.OBJECT: frozenset({"object"}),
    Kind.ARRAY: frozenset({"array"}),
}


def review(path: Path) -> tuple[Finding, ...]:
    """Find everything that a spec says otherwise than its documents, or than itself.

    Raises:
        UnreadableYaml: a file of the spec cannot be read, or is not YAML.
    """
    try:
        root = tree(path)
        unclear = tuple(_unclear_names(root, path))
        invalid = tuple(_invalid(root, path))
        if invalid:
            return unclear + invalid
        spec = interpret(path, root)
    except InvalidSpec as problem:
        return (_finding("invalid-openapi", named(path), problem.problem, problem.place),)
    reviewed = (finding for each in spec.operations for finding in _operation(each))
    return (*unclear, *reviewed)


def _finding(  # noqa: PLR0913 - a finding is made of these, each by name
    rule: str,
    subject: str,
    evidence: str,
    *places: Place,
    operation: str = "spec",
    promise: str = "",
    remedy: str = "",
) -> Finding:
    return Finding(
        operation=operation,
        subject=subject,
        claim=rule,
        level=Level.TABLE,
        promise=promise or RULES[rule],
        evidence=evidence,
        places=places,
        remedy=remedy,
    )


# The YAML by itself.


def _unclear_names(node: object, path: Path) -> Iterator[Finding]:
    if isinstance(node, Located):
        for place, slip in node.slips:
            yield _finding("unclear-name", named(path), slip, place)
        for value in node.values():
            yield from _unclear_names(value, path)
    elif isinstance(node, list):
        for item in node:
            yield from _unclear_names(item, path)


def _invalid(root: Located, path: Path) -> Iterator[Finding]:
    inlined(root, root)  # a reference that leads nowhere would end the validator
    for error in OpenAPIV30SpecValidator(dict(root)).iter_errors():
        steps = list(getattr(error, "absolute_path", ()))
        where = "/".join(str(step) for step in steps)
        evidence = f"{where}: {error}".splitlines()[0] if where else str(error).splitlines()[0]
        yield _finding("invalid-openapi", named(path), evidence, _place(root, steps))


def _place(root: Located, steps: list[str | int]) -> Place:
    """Find the place of the last step of a path that the text names."""
    place = root.place
    node: object = root
    for step in steps:
        if isinstance(node, Located) and step in node:
            place = node.at(str(step))
            node = node[str(step)]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
            place = node.place if isinstance(node, Located) else place
    return place


# An operation against its document, and against itself.


def _operation(operation: Operation) -> Iterator[Finding]:
    yield from _examples(operation)
    yield from _business_code(operation)
    if operation.document is None:
        evidence = "externalDocs.url is missing"
        yield _finding(
            "document-missing", "operation", evidence, operation.place, operation=operation.id
        )
        return
    try:
        document = read(operation.document)
    except UnreadableDocument as problem:
        places = (problem.place, operation.node.at("externalDocs"))
        yield _finding(
            "document-missing", "operation", problem.problem, *places, operation=operation.id
        )
        return
    yield from document.findings
    yield from contradictions(document)
    comparison = _Comparison(operation, document)
    yield from comparison.of_headings()
    yield from comparison.of_environments()
    yield from comparison.of_rows()


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One operation beside the document that it was made from."""

    operation: Operation
    document: InterfaceDocument

    def differs(  # noqa: PLR0913 - both sides and both places, each by name
        self, rule: str, subject: str, *, stated: str, line: int, specified: str, place: Place
    ) -> Finding:
        """Tell one difference, with the place on either side."""
        return _finding(
            rule,
            subject,
            f"the spec says {specified}",
            Place(named(self.document.path), line),
            place,
            operation=self.operation.id,
            promise=f"the document says {stated}",
            remedy="make the spec say what the document says, or have the document corrected",
        )

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
            hosts = {server.host} if server else set()
            if hosts != ({row.address} if row.address else set()):
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


def _examples(operation: Operation) -> Iterator[Finding]:
    whole = [
        (name, operation.schema, value, operation.place)
        for name, value in operation.examples.items()
    ]
    parts = [
        (member.name, member.schema, member.schema["example"], member.schema.at("example"))
        for member in operation.members
        if "example" in member.schema
    ]
    for name, schema, value, place in whole + parts:
        for error in validator(schema).iter_errors(value):
            steps = list(error.instance_path)
            where = "".join(f"{step}: " for step in steps[-1:])
            yield _finding(
                "example-breaks-schema",
                name,
                f"{where}{_short(error.message)}",
                _place(value, steps) if isinstance(value, Located) else place,
                operation=operation.id,
                remedy="make the example keep the schema, or the schema allow the example",
            )


def _short(message: str) -> str:
    return message if len(message) <= _MESSAGE else f"{message[:_MESSAGE]}…"


def _business_code(operation: Operation) -> Iterator[Finding]:
    member = operation.business_code
    success = member.schema["x-business-success"] if member else []
    for code in success if isinstance(success, list) else [success]:
        if member and not isinstance(code, str):
            yield _finding(
                "unquoted-code",
                member.name,
                f"YAML reads the code as the number {code}",
                member.schema.at("x-business-success"),
                operation=operation.id,
                remedy='quote it, as in ["000"]',
            )
