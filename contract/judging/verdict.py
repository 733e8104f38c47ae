"""Exchanges → outcomes of claims → conforms, violates or inconclusive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from contract.findings import Finding, Level
from contract.judging.claims import claims
from contract.judging.exchange import Exchange
from contract.judging.outcomes import Outcome, outcomes
from contract.judging.provenance import Provenance
from contract.judging.reading import Reading, RefusedCall, Unjudged, read
from contract.judging.reasons import REASONS
from contract.judging.redacted_exchanges import Judged, without_credentials
from contract.judging.unjudged_limit import A_FIFTH, UnjudgedLimit
from contract.judging.who_answered import WHO, Answerer
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.waivers import Waiver

ENOUGH_TO_CONFORM = 2
"""How many samples must have been fully judged before an operation conforms."""
ENOUGH_IN_A_RECORDING = 1
"""The same for a recording, where no further sample can be had."""

NOTHING_WAIVED: Mapping[str, Waiver] = {}
"""The waivers of a run without any."""


class Verdict(StrEnum):
    """What is known of an operation after judging it; the three are never mixed."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Everything that is known of one operation in one environment.

    Nothing in it holds a credential: they were taken out of the exchanges, too. `environment` is
    the name of what was judged.
    """

    operation: Operation
    provenance: Provenance
    exchanges: tuple[Exchange, ...]
    readings: tuple[Reading, ...]
    outcomes: Mapping[str, Outcome]
    strictness: Level
    waived: Mapping[str, Waiver]
    limit: UnjudgedLimit = A_FIFTH
    environment: str = ""

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
        return Verdict.CONFORMS if self.suffices else Verdict.INCONCLUSIVE

    @property
    def suffices(self) -> bool:
        """Whether enough samples were judged, and not too many went unjudged.

        A call of which a recording does not show what came is none of the samples.
        """
        bare = {exchange.number for exchange in self.exchanges if exchange.is_bare}
        unjudged = sum(
            number not in bare and reading.reason != "unrecorded"
            for number, reading in self.unjudged
        )
        allowed = self.limit.allows(unjudged, self.judged + unjudged)
        return allowed and self.judged >= self.enough

    def fails(self, finding: Finding) -> bool:
        """Say whether a finding fails the run: it is within the strictness, and not waived."""
        return finding.level <= self.strictness and finding.id not in self.waived

    def verdict_of(self, outcome: Outcome) -> Verdict:
        """Give one claim's verdict; a moot claim is inconclusive where it would count.

        A waiver accepts a finding together with the claims that cannot be asked because of it.
        """
        counts = outcome.claim.level <= self.strictness
        if outcome.finding is not None and self.fails(outcome.finding):
            return Verdict.VIOLATES
        open_ = outcome.moot and counts and not self.is_waived(outcome)
        return Verdict.INCONCLUSIVE if open_ or not self.suffices else Verdict.CONFORMS

    def is_waived(self, outcome: Outcome) -> bool:
        """Say whether a moot claim lies behind waived findings only."""
        return outcome.moot and bool(outcome.causes) and outcome.causes <= self.waived.keys()

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
        """A sentence that says why too few samples could be judged."""
        reasons = [
            (REASONS[reading.reason], reading.evidence, reading.who) for _, reading in self.unjudged
        ]
        listed = "; ".join(
            dict.fromkeys(
                f"{reason.english} {reason.chinese} ({reason.name}: {evidence}; "
                f"who answered 应答者: {' '.join(WHO[who])})"
                for reason, evidence, who in reasons
            )
        )
        most = f", at most {self.limit} may go unjudged" if self.judged >= self.enough else ""
        return f"{self.judged} of {len(self.exchanges)} samples could be judged{most}: {listed}"


def judge(  # noqa: PLR0913 - what a judgement depends on
    operation: Operation,
    provenance: Provenance,
    observed: Iterable[Exchange],
    *,
    strictness: Level,
    waived: Mapping[str, Waiver] = NOTHING_WAIVED,
    limit: UnjudgedLimit = A_FIFTH,
) -> Judgement:
    """Judge the outcome of the documented calls by every claim of the spec.

    The judgement is made with the credentials in the exchanges, and holds none of them.
    """
    rows = provenance.rows(operation)
    claimed = claims(operation, provenance)

    def reading(exchange: Exchange) -> Reading:
        return read(exchange, operation, rows)

    def judged(exchanges: Sequence[Exchange]) -> Judged:
        readings = _settled(list(map(reading, exchanges)))
        numbered = [
            (exchange.number, each) for exchange, each in zip(exchanges, readings, strict=True)
        ]
        recorded = any(exchange.recorded for exchange in exchanges)
        found = outcomes(claimed, numbered, recorded=recorded)
        return readings, {outcome.claim.id: outcome for outcome in found}

    exchanges = without_credentials(tuple(observed), operation, reading, judged)
    readings, found = judged(exchanges)
    curl = exchanges[0].request.curl if exchanges else ""
    return Judgement(
        operation=operation,
        provenance=provenance,
        exchanges=exchanges,
        readings=readings,
        outcomes={name: _repeatable(outcome, curl) for name, outcome in found.items()},
        strictness=strictness,
        waived=waived,
        limit=limit,
    )


def _settled(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Leave refused calls unjudged if only some were refused: no contract says so."""
    always = all(isinstance(reading, RefusedCall) for reading in readings)
    return tuple(
        Unjudged("refused-sometimes", reading.evidence, Answerer.SERVICE)
        if isinstance(reading, RefusedCall) and not always
        else reading
        for reading in readings
    )


def _repeatable(outcome: Outcome, curl: str) -> Outcome:
    """Add to a finding the command that shows it again."""
    if outcome.finding is None:
        return outcome
    return replace(outcome, finding=replace(outcome.finding, remedy=curl))
