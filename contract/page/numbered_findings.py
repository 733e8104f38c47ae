"""Findings as the page shows them: numbered, each at its operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from contract.findings import Finding, Place, named
from contract.page.shortening import shortened
from contract.review import RULES
from contract.review.review_rule import DifferenceRule
from contract.spec.operations import Operation


@dataclass(frozen=True, slots=True)
class NumberedFinding:
    """One finding, by its number on the page."""

    number: int
    finding: Finding

    @property
    def anchor(self) -> str:
        """The anchor of the place where the page shows all of it."""
        return f"f{self.number}"

    @property
    def chinese(self) -> str:
        """What is wrong, in a few words."""
        return RULES[self.finding.claim].title

    @property
    def rule(self) -> str:
        """What the rule asks for, in Chinese."""
        return RULES[self.finding.claim].chinese

    @property
    def promise(self) -> str:
        """What was promised, without base64."""
        return shortened(self.finding.promise)

    @property
    def evidence(self) -> str:
        """What came instead, without base64."""
        return shortened(self.finding.evidence)

    @property
    def is_difference(self) -> bool:
        """Whether document and spec differ; the promise is then what the document says."""
        rule = RULES[self.finding.claim]
        return isinstance(rule, DifferenceRule) or getattr(rule, "compares", False)

    def is_at(self, *places: Place | None) -> bool:
        """Say whether it names the line of one of these places."""
        lines = {(place.path, place.line) for place in places if place is not None}
        return any((place.path, place.line) in lines for place in self.finding.places)


def numbered(findings: Iterable[Finding]) -> tuple[NumberedFinding, ...]:
    """Number findings from 1, in the order of the review."""
    return tuple(
        NumberedFinding(number, finding) for number, finding in enumerate(findings, start=1)
    )


def of_operation(
    operation: Operation, findings: Sequence[NumberedFinding], others: Sequence[Operation] = ()
) -> Iterator[NumberedFinding]:
    """Give the findings of an operation and its document; those of `others` are left out."""
    mine, document = _names(operation), operation.document
    told = {other.id for other in others}
    if document is not None and any(other.document == document for other in others):
        told.add(named(document))
    mine -= told
    yield from (each for each in findings if each.finding.operation in mine)


def _names(operation: Operation) -> set[str]:
    document = operation.document
    return {operation.id, *([named(document)] if document is not None else [])}
