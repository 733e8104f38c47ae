"""Months of runs that never took place: a folder of dated reports from a seed, with injections.

What is injected, and when, is known, so a test can ask for exactly that. Most of a run is a report
that was really judged, drawn from a pool; its times are its own.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from contract.judging.exchange import Failure
from contract.spec.operations import Operation
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
SAMPLES, POOL = 5, 24
DOWN = Injected(set(), failure=Failure("refused", "refused"))

Report = dict[str, Any]
Told = set[tuple[str, str, str, int, int | None]]
"""Movement, operation and environment, subject, first run, and the first run without it."""


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


@dataclass(slots=True)
class Platform:
    """The operations of generated months, with pools of their judged runs."""

    operations: Sequence[Operation]
    pools: dict[tuple[int, str], list[Report]] = field(default_factory=dict)

    def drawn(self, operation: int, change: str, random_: random.Random) -> Report:
        """Give an operation as a report shows it, judged with a change."""
        pool = self.pools.setdefault((operation, change), [])
        if len(pool) < POOL:
            injected, answer = self._made(operation, change)
            seed = f"{operation} {change} {len(pool)}"
            seen = exchanges(seed, answer, injected, SAMPLES)
            pool.append(json.loads(report(self.operations[operation], seen)))
            return pool[-1]
        return random_.choice(pool)

    @staticmethod
    def _made(operation: int, change: str) -> tuple[Injected, Callable[[random.Random], Payload]]:
        if change == "down":
            return DOWN, captcha
        changes: Mapping[str, Injected] = PARKING if operation else CAPTCHAS
        return changes[change], parking if operation else captcha


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
        change = next((each.change for each in active if each.change != "slow"), "nothing")
        slower = 3.0 if any(each.change == "slow" for each in active) else 1.0
        drawn = platform.drawn(index, change, random_)
        (operation,) = drawn["operations"]
        operation = {**operation, "environment": environment}
        operation["exchanges"] = [
            {**each, "seconds": _seconds(slower, random_)} for each in operation["exchanges"]
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


def _seconds(slower: float, random_: random.Random) -> float:
    seconds = 0.08 * slower * random_.lognormvariate(0, 0.12)
    return round(seconds + 0.3 * (random_.random() < 1 / 30), 6)
