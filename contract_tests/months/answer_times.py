"""How long the answers of a series took: percentiles of days or weeks, and when they shifted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from contract_tests.comparing.evidence import Floor, shifted
from contract_tests.comparing.facts import LATENCY, milliseconds
from contract_tests.comparing.movements import MOVEMENTS
from contract_tests.months.episodes import Episode
from contract_tests.months.history import DatedRun, KeptRun, Series
from contract_tests.months.segmentation import Numbers, shifts

TAIL = Floor(difference=0.05, ratio=1.5)
"""Seconds: what a 95th percentile must differ by, and how many times."""
MOST_DAYS = 92
"""Of a longer history weeks are shown, not days."""

_FOR_A_TAIL = 60
_NEAR = 20
_AT_MOST = 2000
_HIGH = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The answers of a day or a week: how many, and their percentiles in seconds."""

    began: date
    answers: int
    p50: float
    p95: float


def periods(series: Series, runs: Sequence[DatedRun]) -> list[Period]:
    """Give the percentiles of each day, or of each week where the history is long."""
    timed = [each for each in series.kept if each.seconds]
    if not timed:
        return []
    ends = [runs[each.run].moment.date() for each in (timed[0], timed[-1])]
    weekly = (ends[1] - ends[0]).days > MOST_DAYS
    gathered: dict[date, list[float]] = {}
    for each in timed:
        day = runs[each.run].moment.date()
        began = day - timedelta(days=day.weekday()) if weekly else day
        gathered.setdefault(began, []).extend(each.seconds)
    return [
        Period(
            began=began,
            answers=len(seconds),
            p50=float(np.percentile(seconds, 50)),
            p95=float(np.percentile(seconds, _HIGH)),
        )
        for began, seconds in gathered.items()
    ]


def of_times(series: Series) -> Iterator[Episode]:
    """Tell when answers began to take longer, or less long: as a whole, or only the slow ones."""
    timed = [each for each in series.kept if each.seconds]
    if not timed:
        return
    middles = np.array([float(np.median(each.seconds)) for each in timed])
    spans = shifts(middles, difference=LATENCY.difference, ratio=LATENCY.ratio)
    single = [[each] for each in timed]
    whole = list(_shifted(series, single, middles, spans, LATENCY))
    yield from whole
    groups = _grouped(timed)
    tails = np.array([_tail(each) for each in groups])
    spans = shifts(tails, difference=TAIL.difference, ratio=TAIL.ratio)
    reach = max((len(each) for each in groups), default=0) * 2 + _NEAR
    told = [at for each in whole for at in (each.first, each.after) if at is not None]
    for each in _shifted(series, groups, tails, spans, TAIL):
        if not any(abs(each.first - at) <= reach for at in told):
            yield each


def _grouped(timed: Sequence[KeptRun]) -> list[list[KeptRun]]:
    """Gather runs until they have answers enough for a 95th percentile."""
    made: list[list[KeptRun]] = [[]]
    count = 0
    for each in timed:
        if count >= _FOR_A_TAIL:
            made.append([])
            count = 0
        made[-1].append(each)
        count += len(each.seconds)
    return made


def _tail(runs: Sequence[KeptRun]) -> float:
    return float(np.percentile([each for run in runs for each in run.seconds], _HIGH))


def _shifted(
    series: Series,
    groups: Sequence[Sequence[KeptRun]],
    numbers: Numbers,
    spans: Sequence[tuple[int, int]],
    floor: Floor,
) -> Iterator[Episode]:
    middles = [float(np.median(numbers[low:high])) for low, high in spans]
    index = 1
    base = 0
    while index < len(spans):
        was, now = spans[base], spans[index]
        if not shifted([*numbers[slice(*was)]], [*numbers[slice(*now)]], floor):
            index += 1
            continue
        following = index + 1 if index + 1 < len(spans) else None
        back = following is not None and not _differ(middles[base], middles[following], floor)
        here = [run for group in groups[slice(*now)] for run in group]
        there = [run for group in groups[slice(*was)] for run in group]
        yield Episode(
            movement=MOVEMENTS["latency-moved"],
            operations=(series.name,),
            environment=series.environment,
            was=_in_words(there, floor),
            now=_in_words(here, floor),
            before=there[-1].run,
            first=here[0].run,
            last=here[-1].run,
            after=groups[spans[following][0]][0].run if following is not None else None,
            runs=len(here),
            came_back=back,
        )
        base = following if back and following is not None else index
        index = base + 1


def _differ(one: float, other: float, floor: Floor) -> bool:
    low, high = sorted((one, other))
    return high - low >= floor.difference and high >= floor.ratio * low


def _in_words(runs: Sequence[KeptRun], floor: Floor) -> str:
    seconds = [each for run in runs for each in run.seconds]
    if floor is TAIL:
        return f"p95 {np.percentile(seconds, _HIGH) * 1000:.0f} ms"
    return milliseconds(seconds[:_AT_MOST])
