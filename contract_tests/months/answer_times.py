"""How long the answers of a series took: percentiles of days or weeks, and when they shifted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from contract_tests.comparing.evidence import SURE, Floor, chance_of_shares, shifted
from contract_tests.comparing.facts import LATENCY, milliseconds
from contract_tests.comparing.movements import MOVEMENTS
from contract_tests.months.episodes import Episode
from contract_tests.months.history import DatedRun, KeptRun, Series
from contract_tests.months.segmentation import shifts, stretches_of_kinds

TAIL = Floor(difference=0.05, ratio=1.5)
"""Seconds: by what an answer is slow, beside the median of all, and how many times as long."""
MUCH = 0.04
"""By so much the share of slow answers must differ: enough for the 95th percentile to move."""
MOST_DAYS = 92
"""Of a longer history weeks are shown, not days."""

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

    def moved(one: tuple[int, int], other: tuple[int, int]) -> bool:
        return shifted([*middles[slice(*one)]], [*middles[slice(*other)]], LATENCY)

    whole = list(_episodes(series, timed, spans, moved, _in_words))
    yield from whole
    told = {at + step for each in whole for at in (each.first, each.after) if at is not None
            for step in range(-_NEAR, _NEAR + 1)}  # fmt: skip
    yield from (each for each in _of_tails(series, timed) if each.first not in told)


def _of_tails(series: Series, timed: Sequence[KeptRun]) -> Iterator[Episode]:
    """Tell when slow answers became more, or fewer, by their share."""
    every = np.array([each for run in timed for each in run.seconds])
    middle = float(np.median(every))
    slow = max(TAIL.ratio * middle, middle + TAIL.difference)
    counts = np.array([[sum(each > slow for each in run.seconds), len(run.seconds)]
                       for run in timed], dtype=float)  # fmt: skip
    shares = counts[:, 0] / counts[:, 1]
    spans = stretches_of_kinds(np.column_stack([1 - shares, shares]))

    def moved(one: tuple[int, int], other: tuple[int, int]) -> bool:
        a, b = (counts[slice(*each)].sum(axis=0) for each in (one, other))
        low, high = sorted((a[0] / a[1], b[0] / b[1]))
        if high - low < MUCH:
            return False
        return chance_of_shares(int(a[0]), int(a[1]), int(b[0]), int(b[1])) <= SURE

    return _episodes(series, timed, spans, moved, _slow_in_words)


def _episodes(
    series: Series,
    timed: Sequence[KeptRun],
    spans: Sequence[tuple[int, int]],
    moved: Callable[[tuple[int, int], tuple[int, int]], bool],
    in_words: Callable[[Sequence[KeptRun]], str],
) -> Iterator[Episode]:
    base, index = 0, 1
    while index < len(spans):
        was, now = spans[base], spans[index]
        if not moved(was, now):
            index += 1
            continue
        following = index + 1
        while following < len(spans) and not moved(now, spans[following]):
            now = (now[0], spans[following][1])
            following += 1
        after = spans[following] if following < len(spans) else None
        back = after is not None and not moved(was, after)
        here, there = (timed[slice(*each)] for each in (now, was))
        yield Episode(
            movement=MOVEMENTS["latency-moved"],
            operations=(series.name,),
            environment=series.environment,
            was=in_words(there),
            now=in_words(here),
            before=there[-1].run,
            first=here[0].run,
            last=here[-1].run,
            after=timed[after[0]].run if after is not None else None,
            runs=len(here),
            came_back=back,
        )
        base = following if back else index
        index = following + 1 if back else following


def _in_words(runs: Sequence[KeptRun]) -> str:
    return milliseconds([each for run in runs for each in run.seconds][:_AT_MOST])


def _slow_in_words(runs: Sequence[KeptRun]) -> str:
    seconds = [each for run in runs for each in run.seconds]
    high = f"p95 {np.percentile(seconds, _HIGH) * 1000:.0f} ms"
    return f"{high}, p50 {np.percentile(seconds, 50) * 1000:.0f} ms"
