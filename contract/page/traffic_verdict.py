"""What recorded traffic says about a change, as values."""

from __future__ import annotations

from dataclasses import dataclass

from contract.findings import Level, Place
from contract.spec.operations import Operation

OperationPair = tuple[Operation | None, Operation | None]
"""An operation of the old spec, and the same of the new one; one of them may be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenPromise:
    """A promise of the new spec that recorded answers break, and those of before did not.

    Attributes:
        subject: the row or the part of the answer.
        promise: in English; `chinese` says the same.
        evidence: what came in the first of these answers.
        places: where it is promised.
        answers: how many answers break it because of the change.
        level: who promises it.
    """

    subject: str
    promise: str
    chinese: str
    evidence: str
    places: tuple[Place, ...]
    answers: int
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficVerdict:
    """What the recorded calls of one operation in one environment say.

    Attributes:
        operation: the operationId; that of the old spec where it is removed.
        environment: its name.
        calls: how many calls were recorded.
        judged: how many answers the new spec can judge.
        broken: how many answers break the table's promises because of the change.
        broken_before: how many answers break those of the old spec.
        lost: how many answers only the old spec can judge.
        promises: what would be broken, the table's promises first.
        unjudged: why answers were not judged, in English and Chinese, and how many.
        removed: whether the new spec has no such operation.
    """

    operation: str
    environment: str
    calls: int
    judged: int
    broken: int
    broken_before: int
    lost: int
    promises: tuple[BrokenPromise, ...]
    unjudged: tuple[tuple[str, str, int], ...]
    removed: bool

    @property
    def harmed(self) -> int:
        """How many calls the change would break."""
        return self.calls if self.removed else self.broken
