"""Months of runs that never took place: a folder of dated reports from a seed, with injections.

What is injected, and when, is known, so a test can ask for exactly that. Most of a run is a report
that was really judged, drawn from a pool; its times are its own.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from contract.judging.exchange import Failure
from contract.spec.operations import Operation
from contract_tests.months.months import Months
from tests.generated_runs import (
    CAPTCHAS,
    PARKING,
    Injected,
    Payload,
    captcha,
    exchanges,
    parking,
    report,
)

BEGAN = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
SAMPLES = 5
LOOSE = 3
"""By so many turns the ends of a slowness, and of nulls that come anyway, may be told off."""
DOWN = Injected({("no-longer-judged", "")}, failure=Failure("refused", "refused"))


def _in_records(edit: Callable[[Payload, random.Random], object]) -> Injected:
    return Injected(set(), lambda p, r: [edit(each, r) for each in p["data"]["records"]])


MORE_OF_PARKING: Mapping[str, Injected] = {
    "plates shorter": replace(
        _in_records(lambda each, _: each.update(plate=each["plate"][:4])),
        told={("length-moved", "plate")},
    ),
    "coupons never": replace(
        _in_records(lambda each, _: each.update(coupon=None)), told={("type-changed", "coupon")}
    ),
    "page new": Injected(
        {("warning-began", "answer"), ("member-appeared", "data.page")},
        lambda p, r: p["data"].update(page=r.randrange(9)),
    ),
    "message an object": Injected(
        {("type-changed", "msg"), ("member-appeared", "msg.text")},
        lambda p, _: p.update(msg={"text": "成功"}),
    ),
    "down": DOWN,
}
"""Changes of 查询停车记录 that break no claim."""

Report = dict[str, Any]
Told = tuple[str, str, str, str, int, int | None]
"""Movement, operation, environment, subject, first turn, and the first turn without it."""


@dataclass(frozen=True, slots=True)
class Injection:
    """One change of one operation in one environment.

    Attributes:
        change: the name of one of `CAPTCHAS` or `PARKING`; "slow", "down" and "wavering" too.
        operation: index of the operation.
        environment: where.
        first: the first run that shows it.
        after: the first run that does not; None where it stays.
        share: of the runs in between that show it; 1 is a break, less is a wavering claim.
    """

    change: str
    operation: int
    environment: str
    first: int
    after: int | None
    share: float = 1.0


def change_of(operation: int, name: str) -> Injected:
    """Give a change by its name."""
    changes: Mapping[str, Injected] = {**PARKING, **MORE_OF_PARKING} if operation else CAPTCHAS
    return changes[name]


@dataclass(slots=True)
class Platform:
    """The operations of generated months, with pools of their judged runs."""

    operations: Sequence[Operation]
    size: int = 24
    pools: dict[tuple[int, str], list[Report]] = field(default_factory=dict)

    def drawn(self, operation: int, change: str, random_: random.Random) -> Report:
        """Give an operation as a report shows it, judged with a change."""
        pool = self.pools.setdefault((operation, change), [])
        if len(pool) < self.size:
            injected, answer = self._made(operation, change)
            seed = f"{operation} {change} {len(pool)}"
            seen = exchanges(seed, answer, injected, SAMPLES)
            pool.append(json.loads(report(self.operations[operation], seen)))
            return pool[-1]
        return random_.choice(pool)

    @staticmethod
    def _made(operation: int, change: str) -> tuple[Injected, Callable[[random.Random], Payload]]:
        return change_of(operation, change), parking if operation else captcha


def store(  # noqa: PLR0913 - all that a folder is made of
    folder: Path,
    platform: Platform,
    injections: Sequence[Injection],
    *,
    count: int,
    seed: str,
    environments: Sequence[str] = ("test",),
    apart: timedelta = timedelta(hours=12),
) -> None:
    """Write so many reports, each in a folder of its own; the environments take turns."""
    random_ = random.Random(seed)
    for number in range(count):
        environment = environments[number % len(environments)]
        turn = number // len(environments)
        moment = BEGAN + apart * turn + timedelta(minutes=random_.randrange(20))
        path = folder / f"{moment:%Y-%m}" / f"{environment}-{number:05}" / "report.json"
        path.parent.mkdir(parents=True)
        path.write_bytes(
            orjson.dumps(_report(platform, injections, environment, turn, moment, random_))
        )


def _report(  # noqa: PLR0913, PLR0917 - all that a run is
    platform: Platform,
    injections: Sequence[Injection],
    environment: str,
    turn: int,
    moment: datetime,
    random_: random.Random,
) -> Report:
    shown = []
    for index in range(len(platform.operations)):
        active = [
            each
            for each in injections
            if each.operation == index
            and each.environment == environment
            and each.first <= turn
            and (each.after is None or turn < each.after)
            and random_.random() < each.share
        ]
        active.sort(key=lambda each: -each.share)  # a break is there in each of its runs
        change = next((each.change for each in active if each.change != "slow"), "nothing")
        slower = 3.0 if any(each.change == "slow" for each in active) else 1.0
        drawn = platform.drawn(index, change, random_)
        (operation,) = drawn["operations"]
        operation = {**operation, "environment": environment}
        operation["exchanges"] = [
            {
                **each,
                "seconds": _seconds(slower, random_),
                "members": [_redrawn(member, random_) for member in each["members"]],
            }
            for each in operation["exchanges"]
        ]
        shown.append((drawn, operation))
    verdicts = [each["verdict"] for _, each in shown]
    worst = next(each for each in ("violates", "inconclusive", "conforms") if each in verdicts)
    return {
        **shown[0][0],
        "started": moment.isoformat(timespec="seconds"),
        "environment": environment,
        "environments": [{"name": environment, "verdict": worst}],
        "verdict": worst,
        "exit_status": {"violates": 1, "inconclusive": 69, "conforms": 0}[worst],
        "operations": [each for _, each in shown],
    }


def _redrawn(member: Report, random_: random.Random) -> Report:
    """Draw again the length that varies most: a pool would repeat the same few."""
    if not member["pointer"].endswith("/coupon") or member["longest"] is None:
        return member
    return {**member, "longest": 8 if random_.random() < 0.9 else 7, "shortest": 7}


def _seconds(slower: float, random_: random.Random) -> float:
    seconds = 0.08 * slower * random_.lognormvariate(0, 0.12)
    return round(seconds + 0.3 * (random_.random() < 1 / 30), 6)


def injected(platform: Platform, injections: Sequence[Injection]) -> tuple[set[Told], set[Told]]:
    """Give what must be told of injections: the episodes, and the claims that waver."""
    episodes: set[Told] = set()
    waverings: set[Told] = set()
    for each in injections:
        name = platform.operations[each.operation].id
        for movement, subject in change_of(each.operation, each.change).told:
            if each.share < 1:
                waverings.add((movement, name, each.environment, subject, each.first, each.after))
            else:
                episodes.add((movement, name, each.environment, subject, each.first, each.after))
    return episodes, waverings


def told(found: Months, environments: int) -> set[Told]:
    """Give the episodes of a history, by the turns of the runs."""

    def turn(at: int | None) -> int | None:
        if at is None:
            return None
        name = Path(found.history.runs[at].file).parent.name
        return int(name.rpartition("-")[2]) // environments

    return {
        (
            each.movement.name,
            operation,
            each.environment,
            each.subject,
            turn(each.first) or 0,
            turn(each.after),
        )
        for each in found.episodes
        for operation in each.operations
    }


def differs(found: Months, platform: Platform, injections: Sequence[Injection]) -> list[str]:
    """Say what was told and not injected, and the other way round; a slowness may begin loosely."""
    environments = len({each.environment for each in found.history.runs})
    wanted, wavering = injected(platform, injections)
    seen = told(found, environments)
    loose = {each for each in wanted if any(_alike(each, other) for other in seen)}
    wrong = [f"not told: {each}" for each in sorted(map(str, wanted - loose))]
    extra = {each for each in seen if not any(_alike(each, other) for other in wanted)}
    wrong += [f"told: {each}" for each in sorted(map(str, extra))]
    waves = {(each.operation, each.environment, _name(each.pointer)) for each in found.waverings}
    expected = {
        (operation, environment, subject) for _, operation, environment, subject, *_ in wavering
    }
    return wrong + [f"wavers: {each}" for each in sorted(map(str, waves ^ expected))]


def _name(pointer: str) -> str:
    return pointer.rpartition("/")[2]


def _alike(one: Told, other: Told) -> bool:
    if one[:4] != other[:4]:
        return False
    reach = LOOSE if one[0] in {"latency-moved", "type-changed"} else 0
    ends = zip(one[4:], other[4:], strict=True)
    return all(a == b or (a is not None and b is not None and abs(a - b) <= reach) for a, b in ends)
