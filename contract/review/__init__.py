"""Spec against document, and spec against itself → findings, each with its places.

What the document states wins; a finding says which edit makes the two agree. Rules about the YAML
stand in `by_itself.py`, about examples in `examples.py`, about spec and document in
`comparison.py`, about a document alone in `../document/rules.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from contract.documents import InterfaceDocument, UnreadableDocument, read, rules
from contract.documents.contradictions import contradictions
from contract.findings import Finding, Level, Place, named
from contract.review import by_itself, comparison, examples
from contract.review.by_itself import found
from contract.review.comparison import Comparison
from contract.spec.loading import interpret
from contract.spec.operations import Operation, Spec
from contract.spec.references import InvalidSpec, References, tree

RULES: Mapping[str, str] = {
    **comparison.RULES,
    **by_itself.RULES,
    **examples.RULES,
    "document-missing": "Every operation names its interface document, and it can be read.",
    "repeated-operation": "One document describes one method of one path.",
    "document-without-operation": "Every document beside those of the operations has one too.",
}
EVERY_RULE: Mapping[str, str] = {**RULES, **rules.RULES}


def review(path: Path) -> tuple[Finding, ...]:
    """Find everything that a spec says otherwise than its documents, or than itself.

    Raises:
        UnreadableYaml: a file of the spec cannot be read, or is not YAML.
    """
    told: list[Finding] = []
    try:
        root = tree(path)
        told += by_itself.unclear_names(root, path)
        told += by_itself.unportable_patterns(root, path)
        references = References(root)
        wrong = tuple(by_itself.invalid(root, path, references))
        if wrong:
            return (*told, *wrong)
        spec = interpret(path, root, references)
    except InvalidSpec as problem:
        if all(problem.place not in finding.places for finding in told):
            told.append(found("invalid-openapi", named(path), problem.problem, problem.place))
        return tuple(told)
    told += [
        *by_itself.operation_ids(spec),
        *by_itself.unused_components(root),
        *_without_operation(spec),
    ]
    reviewed = [finding for each in spec.operations for finding in _operation(each)]
    renamed = {finding.subject for finding in reviewed if finding.claim == "name"}
    unknown = by_itself.unknown_words(root, path)
    told += [finding for finding in unknown if finding.subject not in renamed]
    return tuple(told + reviewed)


def of_document(document: InterfaceDocument) -> Iterator[Finding]:
    """Find what of a document cannot be read, or contradicts another place of it."""
    for finding in (*document.findings, *contradictions(document)):
        places = tuple(_with_column(place, document, finding.subject) for place in finding.places)
        yield replace(finding, places=places)


def of_documents(documents: Sequence[InterfaceDocument]) -> Iterator[Finding]:
    """Find what is wrong with documents, each by itself and all of them together."""
    first: dict[tuple[str, str], InterfaceDocument] = {}
    for document in documents:
        yield from of_document(document)
        earlier = first.setdefault((document.method.text, document.address.text), document)
        if earlier is not document:
            call = f"{document.method.text} {document.address.text}"
            yield Finding(
                operation=named(document.path),
                subject=call,
                claim="repeated-operation",
                level=Level.TABLE,
                promise=RULES["repeated-operation"],
                evidence=f"both documents describe {call}; the first one counts",
                places=(
                    Place(named(earlier.path), earlier.address.line, 1),
                    Place(named(document.path), document.address.line, 1),
                ),
                remedy="remove one of the documents, or correct its 请求地址",
            )


def _operation(operation: Operation) -> Iterator[Finding]:
    compared = list(_compared(operation))
    told = {finding.subject for finding in compared if finding.claim in comparison.RULES}
    for about, finding in examples.examples(operation):
        if not about & told:  # what the two differ in shows in the example too
            yield finding
        told |= about
    yield from (each for each in examples.samples(operation) if each.subject not in told)
    yield from examples.business_code(operation)
    yield from compared


def _compared(operation: Operation) -> Iterator[Finding]:
    link = operation.node.at("externalDocs")
    if operation.document is None:
        yield _missing(operation, "externalDocs.url is missing", operation.place)
        return
    try:
        document = read(operation.document)
    except UnreadableDocument as problem:
        yield _missing(operation, problem.problem, problem.place, link)
        return
    yield from of_document(document)
    for finding in Comparison(operation, document).findings():
        source, *others = finding.places
        yield replace(finding, places=(_with_column(source, document, finding.subject), *others))


def _missing(operation: Operation, evidence: str, *places: Place) -> Finding:
    return Finding(
        operation=operation.id,
        subject="operation",
        claim="document-missing",
        level=Level.TABLE,
        promise=RULES["document-missing"],
        evidence=evidence,
        places=places,
        remedy="name the document in externalDocs.url, relative to the spec",
    )


def _without_operation(spec: Spec) -> Iterator[Finding]:
    documents = {each.document.resolve() for each in spec.operations if each.document}
    if not all(path.is_file() for path in documents):
        return  # it may be the very document that an operation names wrongly
    for folder in sorted({path.parent for path in documents}):
        for path in sorted(folder.glob("*.md")) if folder != spec.path.resolve().parent else ():
            if path not in documents:
                yield Finding(
                    operation=path.stem,
                    subject="document",
                    claim="document-without-operation",
                    level=Level.TABLE,
                    promise=RULES["document-without-operation"],
                    evidence="no operation names it in externalDocs.url",
                    places=(Place(named(path), 1, 1), spec.tree.at("paths")),
                    remedy=f"python -m openapi derive {named(path)} --into {named(spec.path)}",
                )


def _with_column(place: Place, document: InterfaceDocument, subject: str) -> Place:
    """Point at a word of a document's line, or at where the line begins."""
    if place.column is not None or not 0 < place.line <= len(document.lines):
        return place
    line = document.lines[place.line - 1]
    at = line.find(subject)
    start = at if at >= 0 else len(line) - len(line.lstrip())
    return replace(place, column=start + 1)
