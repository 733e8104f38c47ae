"""Spec against document, and spec against itself → findings, each with both places.

A rule is one generator of findings, listed in `RULES` with the sentence that `--explain` prints.
What the document states wins; a finding says which edit makes the two agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from openapi_spec_validator import OpenAPIV30SpecValidator

from openapi import comparison
from openapi.comparison import Comparison
from openapi.document import UnreadableDocument, read
from openapi.document.contradictions import contradictions
from openapi.findings import Finding, Level, Place, named
from openapi.references import InvalidSpec, inlined, tree
from openapi.spec import Operation, interpret
from openapi.vocabulary import EXTENSIONS, FORMATS, GENERATORS, validator
from openapi.yaml_text import Located

RULES: Mapping[str, str] = {
    **comparison.RULES,
    "invalid-openapi": "The YAML is valid OpenAPI 3.0.",
    "unclear-name": "Every name in the YAML is a text, and stands once.",
    "unknown-word": "Every x- key, format, generator and required member is one that there is.",
    "document-missing": "Every operation names its interface document, and it can be read.",
    "example-breaks-schema": "Every example keeps the schema that it illustrates.",
    "unquoted-code": "A business code is a text: quoted, so that its zeros stay.",
}

_MESSAGE = 120
_DATA = frozenset({"example", "examples", "default", "enum", "value"})


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
    unknown = tuple(_unknown_words(root, path))
    reviewed = (finding for each in spec.operations for finding in _operation(each))
    return (*unclear, *unknown, *reviewed)


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


def _unknown_words(node: object, path: Path) -> Iterator[Finding]:
    """Find what a reader of the YAML takes for a promise, and every program passes over."""
    if isinstance(node, list):
        for item in node:
            yield from _unknown_words(item, path)
    if not isinstance(node, Located):
        return
    for key, value in node.items():
        for known, word in _words(node, key, value):
            if word not in known:
                alike = get_close_matches(str(word), known, n=1)
                meant = f"; did you mean {alike[0]}?" if alike else ""
                evidence = f"{key}: {word}" if word != key else str(word)
                told = f"{evidence} means nothing here{meant}"
                yield _finding("unknown-word", named(path), told, node.at(key))
        if key == "properties" and isinstance(value, Located):
            for schema in value.values():
                yield from _unknown_words(schema, path)
        elif key not in _DATA:
            yield from _unknown_words(value, path)


def _words(node: Located, key: str, value: object) -> Iterator[tuple[Collection[str], object]]:
    """Give the words of a member that must be known, each with those that are."""
    if key.startswith("x-"):
        yield EXTENSIONS, key
    if key == "format" and isinstance(value, str):
        yield FORMATS, value
    if key == "x-mock":
        yield GENERATORS, value
    if key == "x-unique" and not isinstance(value, bool):
        yield ("true", "false"), value
    properties = node.get("properties")
    if key == "required" and isinstance(value, list) and isinstance(properties, Located):
        for name in value:
            yield properties, name


def _invalid(root: Located, path: Path) -> Iterator[Finding]:
    inlined(root, root)  # a reference that leads nowhere would end the validator
    try:
        errors = list(OpenAPIV30SpecValidator(dict(root)).iter_errors())
    except Exception as error:  # noqa: BLE001 - the validator trips over what it is to validate
        evidence = f"it cannot even be validated: {type(error).__name__} {error}"
        yield _finding("invalid-openapi", named(path), evidence.splitlines()[0], root.place)
        return
    for wrong in errors:
        steps = list(getattr(wrong, "absolute_path", ()))
        where = "/".join(str(step) for step in steps)
        told = str(wrong).splitlines()[0]
        evidence = f"{where}: {told}" if where else told
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
    yield from Comparison(operation, document).findings()


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
