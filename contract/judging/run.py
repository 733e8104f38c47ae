"""The judgements of one contract run, and the verdict of all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contract.findings import Level
from contract.judging.verdict import Judgement, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One contract run.

    Attributes:
        judgements: of every operation that was observed.
        strictness: the highest level of promises that fails the run.
        environment: the target's name, or the host of its base URL.
        insecure: whether certificates went unverified.
        started: when the run began.
        exit_status: the exit status of the run.
        remarks: what a reader must know besides the judgements.
    """

    judgements: tuple[Judgement, ...]
    strictness: Level
    environment: str
    insecure: bool
    started: datetime
    exit_status: int
    remarks: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict of the run as a whole: a claim without a verdict leaves it open."""
        if self.exit_status == 1 or any(
            each.verdict is Verdict.VIOLATES for each in self.judgements
        ):
            return Verdict.VIOLATES
        kept = all(each.verdict is Verdict.CONFORMS for each in self.judgements)
        sure = self.judgements and kept and self.exit_status == 0
        return Verdict.CONFORMS if sure else Verdict.INCONCLUSIVE
