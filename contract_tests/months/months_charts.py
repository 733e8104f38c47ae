"""Runs in the order of time → calendars of verdicts, and curves of times, as paths of SVG.

All days of one verdict are one path, so that years of runs take a few kilobytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contract_tests.months.answer_times import Period
from contract_tests.months.episodes import Episode
from contract_tests.months.history import DatedRun, Series

FEW_RUNS = 120
"""Up to so many runs each is drawn by itself; of more, days are."""
WEEKS = 26
"""The weeks of one block of a calendar: as wide as a phone."""

_STEP, _SIDE = 12, 10
_YEAR = 48
_WEEK = 7
_TALL = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of a calendar, or of a row of runs: its size, a path for each kind, its labels."""

    width: int
    height: int
    paths: Mapping[str, str]
    labels: tuple[tuple[int, str], ...] = ()


def calendar(series: Series, runs: Sequence[DatedRun]) -> list[Block]:
    """Draw the verdicts of a series: of each run where they are few, else of each day."""
    if len(series.kept) <= FEW_RUNS:
        return _of_runs([each.verdict for each in series.kept])
    by_day: dict[date, list[str]] = {}
    for each in series.kept:
        by_day.setdefault(runs[each.run].moment.date(), []).append(each.verdict)
    days = {day: _kind(verdicts) for day, verdicts in by_day.items()}
    first, last = min(days), max(days)
    monday = first - timedelta(days=first.weekday())
    blocks = []
    while monday <= last:
        blocks.append(_of_days(monday, days))
        monday += timedelta(weeks=WEEKS)
    return blocks


def _kind(verdicts: Sequence[str]) -> str:
    """Say what a day was: its worst verdict, and whether most of its runs came to it."""
    for word in ("violates", "inconclusive"):
        if word in verdicts:
            return word if 2 * verdicts.count(word) > len(verdicts) else f"some-{word}"
    return "conforms"


def _of_runs(verdicts: Sequence[str]) -> list[Block]:
    paths: dict[str, list[str]] = {}
    for index, verdict in enumerate(verdicts):
        row, column = divmod(index, WEEKS)
        paths.setdefault(verdict, []).append(_cell(verdict, column * _STEP, row * _STEP))
    rows = -(-len(verdicts) // WEEKS)
    width = min(len(verdicts), WEEKS) * _STEP
    return [Block(width=width, height=rows * _STEP, paths=_joined(paths))]


def _of_days(monday: date, days: Mapping[date, str]) -> Block:
    paths: dict[str, list[str]] = {}
    labels: list[tuple[int, str]] = []
    top = _STEP + 2
    weeks = 0
    for index in range(WEEKS * _WEEK):
        each = monday + timedelta(days=index)
        week, weekday = divmod(index, _WEEK)
        if each.day <= _WEEK and weekday == 0:
            labels.append((week * _STEP, f"{each:%m}"))
        if each in days:
            weeks = week + 1
            kind = days[each]
            at = week * _STEP, top + weekday * _STEP
            paths.setdefault(kind, []).append(_cell(kind, *at))
    shown = [label for label in labels if _YEAR <= label[0] < max(weeks, 1) * _STEP]
    shown = [(0, f"{monday:%Y-%m}"), *shown]
    return Block(
        width=max(weeks * _STEP, 4 * _STEP),
        height=top + _WEEK * _STEP,
        paths=_joined(paths),
        labels=tuple(shown),
    )


def _cell(kind: str, x: int, y: int) -> str:
    """Draw one day: a square, one with a bite for a violation, a diamond where nothing is known."""
    half = _SIDE // 2
    if kind == "violates":
        return f"M{x} {y}h{_SIDE}v{_SIDE}h-{_SIDE}z"
    if kind == "inconclusive":
        return f"M{x + half} {y}l{half} {half}l-{half} {half}l-{half}-{half}z"
    if kind.startswith("some-"):
        return f"M{x} {y}v{_SIDE}h{_SIDE}z"
    return f"M{x + 2} {y + 2}h{_SIDE - 4}v{_SIDE - 4}h-{_SIDE - 4}z"


def _joined(paths: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    return {kind: "".join(each) for kind, each in paths.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """Percentiles over time: two lines in a square of 100, marks at changes, and the highest."""

    p50: str
    p95: str
    marks: tuple[float, ...]
    highest: float
    began: date
    ended: date


def curves(
    shown: Sequence[Period], runs: Sequence[DatedRun], episodes: Sequence[Episode]
) -> Curves | None:
    """Draw the percentiles of a series, where there are several periods."""
    if len(shown) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    first, last = shown[0].began, shown[-1].began
    reach = (last - first).days or 1
    highest = max(each.p95 for each in shown) or 1.0

    def line(numbers: Sequence[float]) -> str:
        points = (
            f"{100 * (period.began - first).days / reach:.2f} {_TALL - _TALL * each / highest:.2f}"
            for period, each in zip(shown, numbers, strict=True)
        )
        return "M" + "L".join(points)

    moments = [
        runs[at].moment.date()
        for each in episodes
        for at in (each.first, each.after)
        if at is not None
    ]
    return Curves(
        p50=line([each.p50 for each in shown]),
        p95=line([each.p95 for each in shown]),
        marks=tuple(
            round(min(100.0, max(0.0, 100 * (day - first).days / reach)), 2) for day in moments
        ),
        highest=highest,
        began=first,
        ended=last,
    )


def bar(episode: Episode, runs: Sequence[DatedRun]) -> tuple[float, float]:
    """Place an episode on the whole time: where it begins, and how wide it is, in per cent."""
    start, end = runs[0].moment, runs[-1].moment
    whole = (end - start).total_seconds() or 1.0
    begins = runs[episode.first].moment
    ends = end if episode.after is None else runs[episode.after].moment
    low = 100 * (begins - start).total_seconds() / whole
    wide = 100 * (ends - begins).total_seconds() / whole
    return round(min(low, 99.4), 2), round(max(wide, 0.6), 2)
