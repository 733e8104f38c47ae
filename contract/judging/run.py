"""The judgements of one contract run, and the verdict of all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contract.findings import Level
from contract.judging.verdict import Judgement, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedEnvironment:
    """What one contract run found in one environment.

    Attributes:
        name: the target's name, or the host of its base URL.
        judgements: of every operation that was observed there.
        settled: whether every claim that was asked about it has a verdict.
        failed: whether a test about it failed, be it of a claim or of a generated request.
    """

    name: str
    judgements: tuple[Judgement, ...]
    settled: bool = True
    failed: bool = False

    @property
    def verdict(self) -> Verdict:
        """The verdict of the environment: a claim without a verdict leaves it open."""
        verdicts = {each.verdict for each in self.judgements}
        if self.failed or Verdict.VIOLATES in verdicts:
            return Verdict.VIOLATES
        kept = self.settled and verdicts == {Verdict.CONFORMS}
        return Verdict.CONFORMS if kept else Verdict.INCONCLUSIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One contract run.

    Attributes:
        environments: what was found in each, in the order in which they were asked for.
        strictness: the highest level of promises that fails the run.
        insecure: whether certificates went unverified.
        started: when the run began.
        exit_status: the exit status of the run.
        remarks: what a reader must know besides the judgements.
    """

    environments: tuple[JudgedEnvironment, ...]
    strictness: Level
    insecure: bool
    started: datetime
    exit_status: int
    remarks: tuple[str, ...] = ()

    @property
    def environment(self) -> str:
        """The names of all environments."""
        return ", ".join(each.name for each in self.environments)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all environments; a run that did not end well leaves it open."""
        verdicts = {each.verdict for each in self.environments}
        if self.exit_status == 1 or Verdict.VIOLATES in verdicts:
            return Verdict.VIOLATES
        kept = self.exit_status == 0 and verdicts == {Verdict.CONFORMS}
        return Verdict.CONFORMS if kept else Verdict.INCONCLUSIVE
