"""Exchanges → outcomes of claims → conforms, violates or inconclusive."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from contract.findings import Finding, Level
from contract.instances import MISSING, instances
from contract.judging.checks import Spot
from contract.judging.claims import Claim, claims
from contract.judging.exchange import Exchange
from contract.judging.provenance import Sources
from contract.judging.reading import (
    REASONS,
    Answer,
    Reading,
    Refused,
    Unjudged,
    read,
)
from contract.judging.redaction import Redaction, redaction_of
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.waivers import Waiver

ENOUGH_TO_CONFORM = 2
"""How many samples must have been fully judged before an operation conforms."""
ENOUGH_IN_A_RECORDING = 1
"""Likewise in a HAR file: nobody can ask for another sample."""

NOT_RECORDED = frozenset({"no-bom"})
"""Claims that no recording shows to be kept: its bodies are texts that a browser decoded."""


NOTHING_WAIVED: Mapping[str, Waiver] = {}


class Verdict(StrEnum):
    """What is known of an operation after judging it; the three are never mixed."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one claim fared over all samples.

    Attributes:
        claim: what was claimed.
        kept: how many spots kept it; 0 for an optional member that never came, and where a
            recording does not show it.
        finding: what is wrong, where a spot broke it.
        moot: no spot could be asked, because another claim had failed there already.
    """

    claim: Claim
    kept: int
    finding: Finding | None
    moot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Everything that is known of one operation in one environment.

    What is told of it, in findings and readings, holds no credential; the exchanges do, and the
    redaction takes out of any text what they hold.
    """

    operation: Operation
    sources: Sources
    exchanges: tuple[Exchange, ...]
    readings: tuple[Reading, ...]
    outcomes: Mapping[str, Outcome]
    redaction: Redaction
    strictness: Level
    waived: Mapping[str, Waiver]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every broken promise, also those above the strictness."""
        found = (outcome.finding for outcome in self.outcomes.values())
        return tuple(finding for finding in found if finding is not None)

    @property
    def unjudged(self) -> tuple[tuple[int, Unjudged], ...]:
        """The samples that could not be judged, with their numbers."""
        return tuple(
            (exchange.number, reading)
            for exchange, reading in zip(self.exchanges, self.readings, strict=True)
            if isinstance(reading, Unjudged)
        )

    @property
    def judged(self) -> int:
        """How many samples could be judged."""
        return len(self.exchanges) - len(self.unjudged)

    @property
    def enough(self) -> int:
        """How many samples must have been judged before the operation conforms."""
        recorded = any(exchange.recorded for exchange in self.exchanges)
        return ENOUGH_IN_A_RECORDING if recorded else ENOUGH_TO_CONFORM

    @property
    def verdict(self) -> Verdict:
        """The operation's verdict."""
        if any(self.fails(finding) for finding in self.findings):
            return Verdict.VIOLATES
        return Verdict.CONFORMS if self.judged >= self.enough else Verdict.INCONCLUSIVE

    def fails(self, finding: Finding) -> bool:
        """Whether a finding fails the run: within the strictness, and nobody waived it."""
        return finding.level <= self.strictness and finding.id not in self.waived

    def verdict_of(self, outcome: Outcome) -> Verdict:
        """Give one claim's verdict; a moot claim is inconclusive where it would count."""
        counts = outcome.claim.level <= self.strictness
        if outcome.finding is not None and self.fails(outcome.finding):
            return Verdict.VIOLATES
        unknown = self.judged < self.enough or (outcome.moot and counts)
        return Verdict.INCONCLUSIVE if unknown else Verdict.CONFORMS

    def verdict_of_member(self, member: Member) -> Verdict:
        """Give the verdict of all claims about one member together."""
        verdicts = {
            self.verdict_of(outcome)
            for outcome in self.outcomes.values()
            if outcome.claim.member is not None and outcome.claim.member.path == member.path
        }
        ranked = (Verdict.VIOLATES, Verdict.INCONCLUSIVE)
        return next((verdict for verdict in ranked if verdict in verdicts), Verdict.CONFORMS)

    @property
    def why_inconclusive(self) -> str:
        """Say in a sentence why too few samples could be judged."""
        reasons = dict.fromkeys(
            f"{REASONS[reading.reason]} ({reading.reason}: {reading.evidence})"
            for _, reading in self.unjudged
        )
        told = "; ".join(reasons)
        return f"{self.judged} of {len(self.exchanges)} samples could be judged: {told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One contract run.

    Attributes:
        judgements: of every operation that was observed.
        strictness: the highest level of promises that fails the run.
        environment: the target's name, or the host of its base URL.
        insecure: whether certificates went unverified.
        started: when the run began.
        exit_status: what the run ends with.
        remarks: what a reader must know beside the judgements.
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


def judge(
    operation: Operation,
    sources: Sources,
    observed: Iterable[Exchange],
    *,
    strictness: Level,
    waived: Mapping[str, Waiver] = NOTHING_WAIVED,
) -> Judgement:
    """Judge what came of the documented calls by every claim of the spec."""
    exchanges = tuple(observed)
    rows = sources.rows(operation)
    redaction = redaction_of(exchanges)
    readings = _settled([read(exchange, operation, rows) for exchange in exchanges], redaction)
    numbered = [
        (exchange.number, reading) for exchange, reading in zip(exchanges, readings, strict=True)
    ]
    curl = exchanges[0].request.curl if exchanges else ""
    recorded = any(exchange.recorded for exchange in exchanges)
    unshown = NOT_RECORDED if recorded else frozenset[str]()
    outcomes = [
        _told(outcome, redaction, curl)
        for outcome in _outcomes(claims(operation, sources), numbered, unshown)
    ]
    return Judgement(
        operation=operation,
        sources=sources,
        exchanges=exchanges,
        readings=readings,
        outcomes={outcome.claim.id: outcome for outcome in outcomes},
        redaction=redaction,
        strictness=strictness,
        waived=waived,
    )


def _settled(readings: Sequence[Reading], redaction: Redaction) -> tuple[Reading, ...]:
    """A call that is refused in some samples only was refused by accident, not by contract."""
    always = all(isinstance(reading, Refused) for reading in readings)

    def settled(reading: Reading) -> Reading:
        if isinstance(reading, Refused) and not always:
            reading = Unjudged("refused-sometimes", reading.evidence)
        if isinstance(reading, Unjudged):
            return replace(reading, evidence=redaction.text(reading.evidence))
        return reading

    return tuple(map(settled, readings))


def _told(outcome: Outcome, redaction: Redaction, curl: str) -> Outcome:
    """Take credentials out of what is told of an outcome, and say how to see it again."""
    if outcome.finding is None:
        return outcome
    evidence = redaction.text(outcome.finding.evidence)
    return replace(outcome, finding=replace(outcome.finding, evidence=evidence, remedy=curl))


def _outcomes(
    listed: Sequence[Claim],
    samples: Sequence[tuple[int, Reading]],
    unshown: Collection[str],
) -> Iterator[Outcome]:
    failed: set[tuple[Spot, str]] = set()
    unknown: set[tuple[str, ...]] = set()
    if not any(isinstance(reading, Answer) for _, reading in samples):
        unknown.add(())
    spots = {
        claim.member.path if claim.member else None: list(_spots(claim.member, samples))
        for claim in listed
    }
    for claim in listed:
        path = claim.member.path if claim.member else None
        clear = [
            spot for spot in spots[path] if not any((spot, name) in failed for name in claim.after)
        ]
        able = [spot for spot in clear if not _is_absent(claim, spot)]
        broken = dict(claim.check(able))
        failed |= {(spot, claim.name) for spot in broken}
        blocked = len(clear) < len(spots[path]) or bool(path is not None and path[:-1] in unknown)
        moot = not able and (blocked or path in unknown)
        if path is not None and (moot or (broken and claim.name in {"required", "type"})):
            unknown.add(path)
        finding = _finding(claim, broken) if broken else None
        kept = 0 if claim.name in unshown else len(able) - len(broken)
        yield Outcome(claim, kept, finding, moot)


def _spots(member: Member | None, samples: Sequence[tuple[int, Reading]]) -> Iterator[Spot]:
    for number, reading in samples:
        if member is None:
            if not isinstance(reading, Unjudged):
                yield Spot(number, "", reading)
        elif isinstance(reading, Answer):
            for found in instances(reading.value, member.path):
                yield Spot(number, found.pointer, found.value, found.holder)


def _is_absent(claim: Claim, spot: Spot) -> bool:
    """Whether there is nothing to ask about: an optional member that did not come, or is null."""
    if claim.member is None or claim.name == "required":
        return False
    return spot.value is MISSING or (spot.value is None and claim.member.nullable)


def _finding(claim: Claim, broken: Mapping[Spot, str]) -> Finding:
    first = next(iter(broken))
    return Finding(
        operation=claim.operation,
        subject=claim.subject,
        claim=claim.name,
        level=claim.level,
        promise=claim.promise,
        evidence=broken[first],
        places=claim.places,
        pointer=first.pointer,
        samples=tuple(dict.fromkeys(spot.sample for spot in broken)),
    )
