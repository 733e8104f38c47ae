"""The kinds of review rules, by what they look at, and what breaks one.

A rule is an entry that carries its own function; the function gives violations and need not know
its rule. To add a rule: write its function and its entry in the module of its subject, and list
the entry in the `RULES` of that module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contract.documents import InterfaceDocument, Row, UnreadableDocument
from contract.findings import Finding, Level, Place
from contract.review.fields import SpecField
from contract.review.openapi_objects import Objects
from contract.rules import Rule
from contract.spec.operations import Operation, Spec
from contract.spec.references import References
from contract.spec.yaml_text import Located

WHOLE_SPEC = "spec"
"""What a finding names as its operation if it is not about a single one."""


Line = tuple[str, int]
"""A file, and the number of one of its lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One place that breaks a rule.

    Attributes:
        subject: the member, row or word that it is about.
        evidence: what was found.
        places: where, the document first.
        remedy: the edit that mends it.
        promise: what was promised, where it says more than the rule's own sentence.
        operation: whose it is, where that is not the operation that is reviewed.
        about: everything that it is about, where that is more than the subject. Of the violations
            of one rule about the same thing only the first is a finding.
        pointer: JSON Pointer into the document's sample.
        lines: the lines of what it is about, where these are more than that of its place. It only
            follows from a finding there of a rule that its own one comes `after`.
    """

    subject: str
    evidence: str
    places: tuple[Place, ...]
    remedy: str = ""
    promise: str = ""
    operation: str = ""
    about: frozenset[str] = frozenset()
    pointer: str = ""
    lines: frozenset[Line] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One operation beside its interface document; None where that is missing or unreadable."""

    operation: Operation
    document: InterfaceDocument | None
    problem: UnreadableDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlRule(Rule):
    """A rule about the YAML of a spec, applied before the spec is interpreted."""

    find: Callable[[References, Path], Iterator[Violation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A whole spec as OpenAPI's objects; `operations` are those that could be interpreted."""

    objects: Objects
    references: References
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRule(Rule):
    """A rule about the objects of a spec as OpenAPI knows them, applied to any tree."""

    find: Callable[[Tree], Iterator[Violation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecRule(Rule):
    """A rule about a spec as a whole."""

    find: Callable[[Spec], Iterator[Violation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRule(Rule):
    """A rule about one operation.

    Attributes:
        find: gives its violations.
        compares: whether document and spec differ where it is broken; a violation's promise is
            then what the document says.
    """

    find: Callable[[Reviewed], Iterator[Violation]]
    compares: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsRule(Rule):
    """A rule about several documents together."""

    find: Callable[[Sequence[InterfaceDocument]], Iterator[Violation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRule(Rule):
    """A rule about what an operation and its document both say; the document wins.

    Attributes:
        find: gives its violations; where it is None, the comparison of field tables applies it.
        remedy: says how one is mended, where that takes a look at the whole spec.
    """

    find: Callable[[Operation, InterfaceDocument], Iterator[Violation]] | None = None
    remedy: Callable[[Operation, InterfaceDocument, Spec], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a cell and the spec say about one thing, and where the spec says it.

    `beside` is where else it may say so: a member is described at one place, and listed as
    required at another.
    """

    stated: object
    specified: object
    place: Place
    beside: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule(DifferenceRule):
    """A rule about one column of a field table.

    Attributes:
        column: the column's name.
        keywords: the keywords of the spec that say the same.
    wording: how a finding words what the spec says, with `{}` for the value.
        compare: reads a row and its field; if the two say different things, the rule is broken.
    """

    column: str
    keywords: tuple[str, ...]
    wording: str = "{}"
    compare: Callable[[Row, SpecField], Column]


def finding(rule: Rule, operation: str, violation: Violation) -> Finding:
    """Make a finding of a violation."""
    return Finding(
        operation=violation.operation or operation,
        subject=violation.subject,
        claim=rule.name,
        level=rule.level or Level.TABLE,
        promise=violation.promise or rule.english,
        evidence=violation.evidence,
        places=violation.places,
        remedy=violation.remedy,
        pointer=violation.pointer,
    )


def lines_of(node: Located) -> frozenset[Line]:
    """List the lines that name the members of a node."""
    return frozenset((each.path, each.line) for each in (node.place, *node.places.values()))


def unless_known(
    rule: Rule, violations: Iterator[Violation], known: dict[str, set[str]]
) -> Iterator[Violation]:
    """Leave out violations that only follow from those of a rule that this one comes `after`.

    Args:
        rule: whose violations they are.
        violations: the violations of that rule.
        known: rule → what its violations were about; those of this rule are added.
    """
    earlier = {name for each in rule.after for name in known.get(each, ())}
    mine: set[str] = set()
    for violation in violations:
        about = violation.about or frozenset({violation.subject})
        if not about & earlier and not violation.about & mine:
            yield violation
        mine |= about
    known.setdefault(rule.name, set()).update(mine)
