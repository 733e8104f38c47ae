"""What today's recorded traffic says about a change: each answer judged by both specs.

The judgement is that of the contract run. What breaks a promise of the old spec as well is not
said to be caused by the change. Who reads recordings is passed in: this package reads specs only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contract.findings import Level, Unusable
from contract.judging.claims import Claim
from contract.judging.exchange import Exchange
from contract.judging.outcomes import Outcome
from contract.judging.provenance import Provenance
from contract.judging.reasons import REASONS
from contract.judging.verdict import Judgement, judge
from contract.page.shortening import shortened
from contract.page.traffic_verdict import BrokenPromise, OperationPair, TrafficVerdict
from contract.page.versions import Version
from contract.spec.operations import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCalls:
    """The recorded calls of one operation in one environment.

    Attributes:
        operation: what was called.
        environment: its name, as reports show it.
        base_url: where it is.
        exchanges: the calls.
    """

    operation: Operation
    environment: str
    base_url: str
    exchanges: tuple[Exchange, ...]


TrafficReader = Callable[[Path, Sequence[Operation]], Sequence[RecordedCalls]]
"""A function that reads the calls of some operations from a recording."""


def judged_traffic(
    paths: Iterable[Path],
    read: TrafficReader,
    old: Version,
    new: Version,
    pairs: Sequence[OperationPair],
) -> tuple[TrafficVerdict, ...]:
    """Judge recordings by both specs.

    Raises:
        Unusable: a recording cannot be read, or has no call of any operation.
    """
    before: dict[tuple[str, str], list[RecordedCalls]] = {}
    after: dict[tuple[str, str], list[RecordedCalls]] = {}
    for path in paths:
        problems = [
            problem
            for version, known in ((new, after), (old, before))
            if (problem := _gather(path, read, version, known)) is not None
        ]
        if len(problems) > 1:
            raise problems[0]
    return tuple(_verdicts(pairs, old, new, before, after))


def _gather(
    path: Path,
    read: TrafficReader,
    version: Version,
    known: dict[tuple[str, str], list[RecordedCalls]],
) -> Unusable | None:
    try:
        calls = read(path, version.spec.operations)
    except Unusable as problem:  # it may still have calls of the other spec
        return problem
    for each in calls:
        known.setdefault((each.operation.id, each.base_url), []).append(each)
    return None


def _verdicts(
    pairs: Sequence[OperationPair],
    old: Version,
    new: Version,
    before: Mapping[tuple[str, str], Sequence[RecordedCalls]],
    after: Mapping[tuple[str, str], Sequence[RecordedCalls]],
) -> Iterator[TrafficVerdict]:
    for was, now in pairs:
        recorded, operation = (after, now) if now is not None else (before, was)
        for (name, base_url), calls in recorded.items():
            if operation is None or name != operation.id:
                continue
            former = before.get((was.id, base_url), ()) if was is not None else ()
            judged = _judged(calls, operation, new if now is not None else old)
            if now is None:
                yield _removed(operation, calls[0].environment, len(judged.exchanges))
            else:
                past = _judged(former, was, old) if was is not None and former else None
                yield _compared(calls[0].environment, past, judged)


def _judged(calls: Sequence[RecordedCalls], operation: Operation, version: Version) -> Judgement:
    every = (exchange for each in calls for exchange in each.exchanges)
    return judge(
        operation,
        Provenance(version.readable_document(operation)),
        [replace(exchange, number=number) for number, exchange in enumerate(every, start=1)],
        strictness=Level.TABLE,
    )


def _removed(operation: Operation, environment: str, calls: int) -> TrafficVerdict:
    return TrafficVerdict(
        operation=operation.id,
        environment=environment,
        calls=calls,
        judged=0,
        broken=0,
        broken_before=0,
        lost=0,
        promises=(),
        unjudged=(),
        removed=True,
    )


def _compared(environment: str, past: Judgement | None, now: Judgement) -> TrafficVerdict:
    former = {_key(each.claim): each for each in past.outcomes.values()} if past else {}
    caused: dict[str, set[int]] = {}
    for name, outcome in now.outcomes.items():
        known = former.get(_key(outcome.claim))
        broken = _broken(outcome) - (_broken(known) if known else set())
        if broken and outcome.claim.level < Level.STRICT:
            caused[name] = broken
    tables = [samples for name, samples in caused.items() if _of_table(now.outcomes[name])]
    unjudged = Counter(reading.reason for _, reading in now.unjudged)
    able = {number for number, _ in past.unjudged} if past else set()
    return TrafficVerdict(
        operation=now.operation.id,
        environment=environment,
        calls=len(now.exchanges),
        judged=now.judged,
        broken=len(set().union(*tables)),
        broken_before=len(_broken_of_table(past)) if past else 0,
        lost=sum(number not in able for number, _ in now.unjudged) if past else 0,
        promises=tuple(
            sorted(
                (_promise(now.outcomes[name], samples) for name, samples in caused.items()),
                key=lambda each: each.level,
            )
        ),
        unjudged=tuple(
            (REASONS[reason].english, REASONS[reason].chinese, count)
            for reason, count in unjudged.items()
        ),
        removed=False,
    )


def _key(claim: Claim) -> tuple[str, str, int]:
    """Name a claim without its operation, which may be renamed."""
    return claim.subject, claim.name, claim.ordinal


def _of_table(outcome: Outcome) -> bool:
    return outcome.claim.level is Level.TABLE


def _broken(outcome: Outcome) -> set[int]:
    """Give the numbers of the answers that break a claim."""
    return {sample for (sample, _), evidence in outcome.judged.items() if evidence is not None}


def _broken_of_table(judgement: Judgement) -> set[int]:
    return set[int]().union(*map(_broken, filter(_of_table, judgement.outcomes.values())))


def _promise(outcome: Outcome, samples: set[int]) -> BrokenPromise:
    claim = outcome.claim
    evidence = (
        said
        for (sample, _), said in outcome.judged.items()
        if sample in samples and said is not None
    )
    return BrokenPromise(
        subject=claim.subject,
        promise=shortened(claim.promise),
        chinese=shortened(claim.promise_in_chinese),
        evidence=shortened(next(evidence, "")),
        places=claim.places,
        answers=len(samples),
        level=claim.level,
    )
