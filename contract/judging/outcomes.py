"""Claims, and the readings of all samples → the outcome of each claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contract.findings import Finding
from contract.instances import MISSING, instances
from contract.judging.checks.check import Spot
from contract.judging.claims import Claim
from contract.judging.exchange import Response
from contract.judging.reading import JudgeableAnswer, Reading, Unjudged
from contract.spec.members import Member

NumberedReading = tuple[int, Reading]
"""The number of a sample, and its reading."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one claim over all samples.

    Attributes:
        claim: what was claimed.
        kept: how many spots kept it; 0 for an optional member that never came, and where a
            recording does not show it.
        finding: what is wrong, where a spot broke it.
        moot: it could not be judged anywhere, because another claim had failed there already.
        causes: the ids of the claims that had failed there, where it is moot.
        judged: what broke it at every place where it was judged, by the number of the sample and
            the pointer; None where it was kept.
    """

    claim: Claim
    kept: int
    finding: Finding | None
    moot: bool
    judged: Mapping[tuple[int, str], str | None]
    causes: frozenset[str] = frozenset()

    @property
    def asked(self) -> bool:
        """Whether it was asked of any sample."""
        return self.kept > 0 or self.finding is not None


def outcomes(
    claimed: Sequence[Claim], samples: Sequence[NumberedReading], *, recorded: bool
) -> Iterator[Outcome]:
    """Judge every claim at every spot where it can be judged, in the order of judgement.

    Args:
        claimed: the claims, in that order.
        samples: the readings.
        recorded: whether the samples come from a recording.
    """
    responses = {
        number: reading.response
        for number, reading in samples
        if isinstance(reading, JudgeableAnswer)
        and (reading.response.hidden or reading.response.known)
    }
    failed: dict[tuple[Spot, str], str] = {}
    unknown: dict[tuple[str, ...], frozenset[str]] = {}
    if not any(isinstance(reading, JudgeableAnswer) for _, reading in samples):
        unknown[()] = frozenset()
    spots = {
        claim.member.path if claim.member else None: list(_spots(claim.member, samples))
        for claim in claimed
    }
    for claim in claimed:
        path = claim.member.path if claim.member else None
        stops = {
            spot: {failed[spot, name] for name in claim.check.after if (spot, name) in failed}
            for spot in spots[path]
        }
        clear = [spot for spot in spots[path] if not stops[spot]]
        able = [
            spot
            for spot in clear
            if not _is_absent(claim, spot) and _is_shown(claim, spot, responses.get(spot.sample))
        ]
        broken = _broken(claim, able, responses)
        few = len(able) < claim.check.fewest
        failed |= {(spot, claim.name): claim.id for spot in broken}
        blocked = len(clear) < len(spots[path]) or bool(path is not None and path[:-1] in unknown)
        moot = not able and (blocked or path in unknown)
        causes = _causes(stops, unknown, path) if moot else frozenset[str]()
        own = frozenset([claim.id] if broken else [])
        if path is None and () in unknown:
            unknown[()] |= own
        elif path is not None and (moot or (broken and claim.check.blocks_inner)):
            unknown[path] = unknown.get(path, frozenset()) | causes | own
        shown = claim.check.recorded or not recorded
        yield Outcome(
            claim,
            kept=len(able) - len(broken) if shown and not few else 0,
            finding=_finding(claim, broken) if broken else None,
            moot=moot,
            causes=causes,
            judged={(spot.sample, spot.pointer): broken.get(spot) for spot in able},
        )


def _causes(
    stops: Mapping[Spot, set[str]],
    unknown: Mapping[tuple[str, ...], frozenset[str]],
    path: tuple[str, ...] | None,
) -> frozenset[str]:
    """Give the claims that keep a moot one from being judged: at its spots, and around them."""
    around = () if path is None else (unknown.get(path[:-1], ()), unknown.get(path, ()))
    return frozenset().union(*stops.values(), *around)


def _spots(member: Member | None, samples: Sequence[NumberedReading]) -> Iterator[Spot]:
    for number, reading in samples:
        if member is None:
            if not isinstance(reading, Unjudged):
                yield Spot(number, "", reading)
        elif isinstance(reading, JudgeableAnswer):
            for found in instances(reading.value, member.path):
                yield Spot(number, found.pointer, found.value, found.holder)


def _is_absent(claim: Claim, spot: Spot) -> bool:
    """Say whether there is nothing to judge: an optional member that is missing or null."""
    member = claim.member
    return (
        member is not None
        and not claim.check.asks_the_absent
        and (spot.value is MISSING or (spot.value is None and member.nullable))
    )


def _is_shown(claim: Claim, spot: Spot, response: Response | None) -> bool:
    """Say whether a value is there to be judged: a credential was, by the claims of that day."""
    if response is None or spot.pointer not in response.hidden:
        return True
    return claim.id in response.known.get(spot.pointer, {})


def _broken(
    claim: Claim, spots: Sequence[Spot], responses: Mapping[int, Response]
) -> dict[Spot, str]:
    """Give the spots that break a claim; what was known before counts more than what is there."""
    if not responses:
        return dict(claim.judge(spots))
    known = {
        spot: response.known[spot.pointer][claim.id]
        for spot in spots
        if (response := responses.get(spot.sample)) is not None
        and claim.id in response.known.get(spot.pointer, {})
    }
    broken = {**known, **dict(claim.judge([spot for spot in spots if spot not in known]))}
    told = ((spot, broken.get(spot)) for spot in spots)
    return {spot: evidence for spot, evidence in told if evidence is not None}


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
        ordinal=claim.ordinal,
    )
