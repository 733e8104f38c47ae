"""Findings as the page shows them: numbered, each at its operation."""

from __future__ import annotations

from collections.abc import Iterable
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


class FindingsOfOperations:
    """The findings of operations that are asked for one after the other, each told once.

    Those that belong to a document are given to the first operation that the document describes.
    """

    def __init__(self, findings: Iterable[NumberedFinding]) -> None:
        self._left: dict[str, list[NumberedFinding]] = {}
        for each in findings:
            self._left.setdefault(each.finding.operation, []).append(each)

    def next(self, operation: Operation) -> tuple[NumberedFinding, ...]:
        """Give the findings of an operation and its document that no earlier one was given."""
        document = operation.document
        names = {operation.id, *([named(document)] if document is not None else [])}
        mine = [each for name in names for each in self._left.pop(name, ())]
        return tuple(sorted(mine, key=lambda each: each.number))
