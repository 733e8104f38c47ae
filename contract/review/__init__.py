"""Spec against document, and spec against itself → findings, each with its places.

What the document states wins; a finding says which edit makes the two agree. Every rule is an
entry of `RULES` that carries its function: a rule listed here is applied, explained, and shown in
both languages everywhere. The kinds of rules are in `review_rule.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from contract.documents import (
    InterfaceDocument,
    UnreadableDocument,
    chosen,
    document_rules,
    read,
)
from contract.documents.contradictions import contradictions
from contract.findings import Finding, Place, named
from contract.registry import registry
from contract.review import (
    columns,
    examples,
    expected_values,
    linked_documents,
    named_things,
    openapi_validity,
    operation_differences,
    operation_ids,
    path_templates,
    portable_patterns,
    reference_siblings,
    sample_differences,
    sample_envelopes,
    sample_forms,
    schema_sense,
    schema_values,
    server_addresses,
    success_codes,
    table_differences,
    unclear_names,
    unknown_words,
    unreadable_yaml,
    unused_components,
    yaml_slips,
)
from contract.review.mending import Mending
from contract.review.openapi_objects import Objects
from contract.review.openapi_validity import INVALID_OPENAPI
from contract.review.review_rule import (
    WHOLE_SPEC,
    ColumnRule,
    DifferenceRule,
    DocumentsRule,
    Line,
    ObjectRule,
    OperationRule,
    Reviewed,
    SpecRule,
    Tree,
    Violation,
    YamlRule,
    finding,
    unless_known,
)
from contract.review.same_facts import told_once, told_once_of_samples
from contract.review.table_differences import answer_table, request_table
from contract.review.unreadable_yaml import unreadable as unreadable
from contract.rules import Rule
from contract.spec.loading import interpret
from contract.spec.operations import Operation, Spec, UnreadOperation
from contract.spec.references import InvalidSpec, References
from contract.spec.spec_files import tree
from contract.spec.yaml_text import Located, UnreadableYaml

RULES: Mapping[str, Rule] = registry(
    (
        *operation_differences.RULES,
        *table_differences.RULES,
        *columns.RULES,
        *unreadable_yaml.RULES,
        *yaml_slips.RULES,
        *unclear_names.RULES,
        *openapi_validity.RULES,
        *portable_patterns.RULES,
        *reference_siblings.RULES,
        *path_templates.RULES,
        *named_things.RULES,
        *server_addresses.RULES,
        *schema_sense.RULES,
        *operation_ids.RULES,
        *unused_components.RULES,
        *linked_documents.OF_SPECS,
        *unknown_words.RULES,
        *schema_values.RULES,
        *expected_values.RULES,
        *examples.RULES,
        *sample_envelopes.RULES,
        *sample_differences.RULES,
        *success_codes.RULES,
        *sample_forms.RULES,
        *linked_documents.OF_OPERATIONS,
        *linked_documents.OF_DOCUMENTS,
        *document_rules.RULES.values(),
    )
)
"""Every rule of `check` and `derive`, including those for documents, in the order of review."""

_Kind = TypeVar("_Kind", bound=Rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedSpec:
    """A spec with what was found in it, of one reading.

    Attributes:
        findings: all of them.
        spec: as its author meant it, with its slips mended; None where it cannot be interpreted.
        slips: the findings about slips of the hand; with any, the text itself says another thing.
        problem: why the text itself is not YAML; None where it is.
    """

    findings: tuple[Finding, ...]
    spec: Spec | None
    slips: tuple[Finding, ...]
    problem: UnreadableYaml | None


def review(path: Path) -> tuple[Finding, ...]:
    """Find every place where a spec contradicts its documents, or itself.

    Raises:
        UnreadableYaml: a file of the spec cannot be read, or is not YAML.
    """
    return reviewed(path).findings


def reviewed(path: Path) -> ReviewedSpec:
    """Read a spec, and find every place where it contradicts its documents, or itself.

    Raises:
        UnreadableYaml: a file of the spec cannot be read, or is not YAML.
    """
    asked = _Review()
    reader = Mending()
    spec: Spec | None = None
    findings: tuple[Finding, ...]
    try:
        root = tree(path, reader)
    except (InvalidSpec, UnreadableYaml) as problem:
        slips = tuple(asked.of_text(reader))
        if isinstance(problem, UnreadableYaml) and not reader.found:
            raise
        is_invalid = isinstance(problem, InvalidSpec)
        last = _invalid(path, problem.place, problem.problem) if is_invalid else unreadable(problem)
        findings = (*slips, last)
    else:
        slips = tuple(asked.of_text(reader))
        spec, findings = _of_tree(path, root, asked, slips)
    return ReviewedSpec(findings=findings, spec=spec, slips=slips, problem=reader.problem)


def _of_tree(
    path: Path, root: Located, asked: _Review, slips: Sequence[Finding]
) -> tuple[Spec | None, tuple[Finding, ...]]:
    """Interpret the tree of a spec, and give its slips with whatever else is wrong with it."""
    spec: Spec | None = None
    references = References(root)
    findings = [*slips, *asked.of_yaml(references, path)]
    try:
        spec = interpret(path, root, references)
    except InvalidSpec as problem:
        if all(each.claim != INVALID_OPENAPI.name for each in findings):
            findings.append(_invalid(path, problem.place, problem.problem))
    told = {place for each in findings for place in each.places}
    if all(each.claim != INVALID_OPENAPI.name for each in findings):
        unread = spec.unread if spec else ()
        findings.extend(_of_unread(each) for each in unread if each.place not in told)
    of_spec = tuple(filter(asked.is_news, asked.of_spec(spec))) if spec else ()
    of_objects = asked.of_objects(references, spec, (*findings, *of_spec))
    return spec, (*findings, *of_objects, *of_spec)


def _invalid(path: Path, place: Place, problem: str) -> Finding:
    wrong = Violation(subject=named(path), evidence=problem, places=(place,))
    return finding(INVALID_OPENAPI, WHOLE_SPEC, wrong)


def _of_unread(operation: UnreadOperation) -> Finding:
    """Tell an operation that can be neither served nor judged."""
    wrong = Violation(subject=operation.call, evidence=operation.reason, places=(operation.place,))
    return finding(INVALID_OPENAPI, operation.id, wrong)


def of_document(document: InterfaceDocument) -> Iterator[Finding]:
    """Find what cannot be read in a document, or contradicts another part of it."""
    for each in (*document.findings, *contradictions(document)):
        places = tuple(_with_column(place, document, each.subject) for place in each.places)
        yield replace(each, places=places)


def of_documents(documents: Sequence[InterfaceDocument]) -> Iterator[Finding]:
    """Find what is wrong with documents, each by itself and all of them together."""
    for document in documents:
        yield from of_document(document)
    yield from collisions(documents)


def collisions(documents: Sequence[InterfaceDocument]) -> Iterator[Finding]:
    """Find what is wrong with documents only because they stand together."""
    for rule in _rules(DocumentsRule):
        for violation in rule.find(documents):
            yield finding(rule, WHOLE_SPEC, violation)


def _rules(kind: type[_Kind]) -> list[_Kind]:
    return [rule for rule in RULES.values() if isinstance(rule, kind)]


class _Review:
    """One review: its rules are chosen once, and a document is read once."""

    def __init__(self) -> None:
        self._yaml_rules = _rules(YamlRule)
        self._object_rules = _rules(ObjectRule)
        self._spec_rules = _rules(SpecRule)
        self._operation_rules = _rules(OperationRule)
        self._difference_rules = _rules(DifferenceRule)
        self._column_rules = _rules(ColumnRule)
        self._broken: set[Line] = set()
        self._read = lru_cache(maxsize=16)(read)  # several operations may name one document

    def of_text(self, reader: Mending) -> Iterator[Finding]:
        """Tell the slips in the text of the files."""
        for rule, violation in reader.violations():
            self._broken |= violation.lines
            yield finding(rule, WHOLE_SPEC, violation)

    def of_yaml(self, references: References, path: Path) -> Iterator[Finding]:
        """Apply the rules for any YAML."""
        for rule in self._yaml_rules:
            for violation in rule.find(references, path):
                self._broken |= violation.lines
                yield finding(rule, WHOLE_SPEC, violation)

    def is_news(self, found: Finding) -> bool:
        """Say whether a finding is about something that the rules for any YAML did not tell."""
        place = found.places[-1]
        return (place.path, place.line) not in self._broken

    def of_objects(
        self, references: References, spec: Spec | None, known: Sequence[Finding]
    ) -> Iterator[Finding]:
        """Apply the rules for the objects of a spec, whether it could be interpreted or not.

        Args:
            references: of the tree.
            spec: what was interpreted.
            known: what was found before; what only follows from it is left out.
        """
        subjects: dict[str, set[str]] = {}
        lines: dict[str, set[Line]] = {}
        for each in known:
            place = each.places[-1]
            lines.setdefault(each.claim, set()).add((place.path, place.line))
            subjects.setdefault(each.claim, set()).add(each.subject)
        whole = Tree(
            objects=Objects(references.root),
            references=references,
            operations=spec.operations if spec else (),
        )
        for rule in self._object_rules:
            earlier = {line for name in rule.after for line in lines.get(name, ())}
            told = {subject for name in rule.after for subject in subjects.get(name, ())}
            for violation in rule.find(whole):
                place = violation.places[-1]
                about = violation.lines or {(place.path, place.line)}
                named_here = violation.about or {violation.subject}
                if not told & named_here and not (earlier | self._broken) & about:
                    lines.setdefault(rule.name, set()).update(about)
                    subjects.setdefault(rule.name, set()).update(named_here)
                    yield finding(rule, WHOLE_SPEC, violation)

    def of_spec(self, spec: Spec) -> Iterator[Finding]:
        """Apply the rules for a spec, then those for each of its operations."""
        known: dict[str, set[str]] = {}
        of_operations = [each for one in spec.operations for each in self._of_operation(one, spec)]
        for each in of_operations:
            known.setdefault(each.claim, set()).add(each.subject)
        for rule in self._spec_rules:
            for violation in unless_known(rule, rule.find(spec), known):
                yield finding(rule, WHOLE_SPEC, violation)
        yield from _once(of_operations)

    def _of_operation(self, operation: Operation, spec: Spec) -> Sequence[Finding]:
        reviewed = self._with_document(operation)
        known: dict[str, set[str]] = {}
        compared = list(self._compared(reviewed, spec))
        for each in compared:
            known.setdefault(each.claim, set()).add(each.subject)
        broken = [
            (rule, violation)
            for rule in self._operation_rules
            for violation in unless_known(rule, rule.find(reviewed), known)
        ]
        found = [finding(rule, operation.id, violation) for rule, violation in broken]
        about = {word for _, violation in broken for word in violation.about}
        return (*found, *told_once_of_samples(compared, found, about))

    def _with_document(self, operation: Operation) -> Reviewed:
        if operation.document is None:
            return Reviewed(operation=operation, document=None)
        try:
            found = self._read(operation.document)
            document = chosen(found, operation.method, operation.path)
            return Reviewed(operation=operation, document=document)
        except UnreadableDocument as problem:
            return Reviewed(operation=operation, document=None, problem=problem)

    def _compared(self, reviewed: Reviewed, spec: Spec) -> Sequence[Finding]:
        """Find what is wrong with the document, and where the spec differs from it."""
        operation, document = reviewed.operation, reviewed.document
        if document is None:
            return ()
        compared: list[Finding] = []
        for rule, violation in self._differences(operation, document):
            source, *others = violation.places
            places = (_with_column(source, document, violation.subject), *others)
            remedy = rule.remedy(operation, document, spec) if rule.remedy else violation.remedy
            found = replace(violation, places=places, remedy=remedy)
            compared.append(finding(rule, operation.id, found))
        return told_once(tuple(of_document(document)), compared, document)

    def _differences(
        self, operation: Operation, document: InterfaceDocument
    ) -> Iterator[tuple[DifferenceRule, Violation]]:
        for rule in self._difference_rules:
            if rule.find is not None:
                yield from ((rule, violation) for violation in rule.find(operation, document))
        for table in (request_table(operation, document), answer_table(operation, document)):
            yield from table_differences.table_differences(table, document, self._column_rules)


def _once(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Give what several operations share once: a document, or a schema."""
    told: set[tuple[object, ...]] = set()
    for each in findings:
        key = (each.claim, each.subject, each.evidence, each.places)
        if key not in told:
            told.add(key)
            yield each


def _with_column(place: Place, document: InterfaceDocument, subject: str) -> Place:
    """Point at a word of a document's line, or at where the line begins."""
    if place.column is not None or not 0 < place.line <= len(document.lines):
        return place
    line = document.lines[place.line - 1]
    at = line.find(subject)
    start = at if at >= 0 else len(line) - len(line.lstrip())
    return replace(place, column=start + 1)
