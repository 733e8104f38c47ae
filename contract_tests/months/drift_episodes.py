"""A series → when what its answers hold became something else: members, types, lengths, pictures.

A change is found in the shares of what came in each run, and told only where the comparison of the
runs before with the runs after tells it too, in its words. To follow something more: give its kinds
by run, and the movements that name its changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from contract_tests.comparing.evidence import SURE, chance_of_shares
from contract_tests.comparing.facts import SIZE, Difference, differences
from contract_tests.comparing.member_rows import is_optional, name_of_member
from contract_tests.comparing.movements import MOVEMENTS
from contract_tests.comparing.run_reports import RunMember
from contract_tests.months.episodes import Episode
from contract_tests.months.history import KeptRun, Series
from contract_tests.months.segmentation import Numbers, shifts, stretches_of_kinds

WINDOW = 30
"""How many runs before a change, and after it, are compared."""
BINS = 6
"""Into so many kinds the lengths of a text are parted, at most."""

_OF_MEMBERS = ("member-vanished", "member-appeared", "type-changed", "length-moved")
_OF_PICTURES = ("picture-moved",)
_ABSENT, _NULL = "absent", "null"
_STEPS = 2
_ITEM = "/*"
_NUMBERS = {"integer": "number"}

Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Followed:
    """Something of a series that may change: in which runs it was seen, and where it was parted."""

    series: Series
    pointer: str
    kept: Sequence[KeptRun]
    spans: Spans
    tell: Callable[[Sequence[KeptRun], Sequence[KeptRun]], Difference | None]


def of_members(series: Series) -> Iterator[Episode]:
    """Tell when members vanished, appeared, or became of another type or length."""
    answers = np.array([each for run in series.kept for each in run.shapes], dtype=np.int64)
    runs = np.repeat(np.arange(len(series.kept)), [len(each.shapes) for each in series.kept])
    shapes = [dict(each) for each in series.shapes]
    pictured = {each[0] for each in series.pictures}
    for pointer in dict.fromkeys(name for shape in shapes for name in shape if name):
        kinds = _kinds(pointer, shapes, answers)
        names = [each for each in dict.fromkeys(kinds) if each is not None]
        if len(names) < 2:  # noqa: PLR2004 - nothing ever changed
            continue
        number_of = {each: at for at, each in enumerate(names)}
        of_shape = np.array([-1 if each is None else number_of[each] for each in kinds])
        seen = of_shape[answers]
        counts = np.zeros((len(series.kept), len(names)))
        np.add.at(counts, (runs[seen >= 0], seen[seen >= 0]), 1)
        there = np.flatnonzero(counts.sum(axis=1))
        shares = counts[there] / counts[there].sum(axis=1, keepdims=True)
        kept = [series.kept[int(each)] for each in there]
        optional = is_optional(pointer, series.observed(kept[-1:], only=pointer))
        spans = _parted(shares, stepwise=not optional and pointer not in pictured)
        yield from _told(_Followed(series, pointer, kept, spans, _by(series, pointer, _OF_MEMBERS)))


def _kinds(
    pointer: str, shapes: Sequence[Mapping[str, RunMember]], answers: NDArray[np.int64]
) -> list[str | None]:
    """Say what each shape of an answer has at a pointer; None where nothing can stand there."""
    lengths: Counter[int] = Counter()
    counted = np.bincount(answers, minlength=len(shapes))
    for shape, count in zip(shapes, counted, strict=True):
        if pointer in shape and shape[pointer].longest is not None:
            lengths[shape[pointer].longest or 0] += int(count)
    edges = _edges(lengths)
    outer = pointer.rpartition("/")[0]
    found: list[str | None] = []
    for shape in shapes:
        member = shape.get(pointer)
        if member is not None:
            types = sorted({_NUMBERS.get(each, each) for each in member.types})
            longest = member.longest
            size = "" if longest is None else str(int(np.searchsorted(edges, longest)))
            found.append(f"{'+'.join(types)} {size}")
        elif outer in shape and "object" in shape[outer].types and not pointer.endswith(_ITEM):
            found.append(_ABSENT)
        else:
            found.append(None)
    return found


def _edges(lengths: Counter[int]) -> NDArray[np.int64]:
    """Give where lengths are parted: each by itself where they are few, else equally many."""
    if len(lengths) <= BINS:
        return np.array(sorted(lengths), dtype=np.int64)
    every = np.sort(np.array([*lengths.elements()], dtype=np.int64))
    places = np.linspace(0, len(every) - 1, BINS + 1)[1:-1].astype(int)
    return np.unique(every[places])


def _parted(shares: Numbers, *, stepwise: bool) -> Spans:
    if stepwise:
        there = shares > 0
        edges = np.flatnonzero(np.any(there[1:] != there[:-1], axis=1)) + 1
        if 1 <= len(edges) <= _STEPS and not any(np.any(there[at] & there[at - 1]) for at in edges):
            return list(pairwise([0, *(int(each) for each in edges), len(shares)]))
    return stretches_of_kinds(shares)


def _by(
    series: Series, pointer: str, movements: Collection[str]
) -> Callable[[Sequence[KeptRun], Sequence[KeptRun]], Difference | None]:
    """Compare runs before and after by what the comparison of two sides says of a member."""

    def tell(before: Sequence[KeptRun], after: Sequence[KeptRun]) -> Difference | None:
        a = series.observed(before[-WINDOW:], only=pointer)
        b = series.observed(after[:WINDOW], only=pointer)
        told = (
            each
            for each in differences(a, b)
            if each.pointer == pointer and each.movement in movements
        )
        return next(told, None)

    return tell


def _told(followed: _Followed) -> Iterator[Episode]:
    """Make episodes of the stretches of something, where a comparison confirms them."""
    kept, spans = followed.kept, followed.spans
    before = [*kept[slice(*spans[0])]]
    index = 1
    while index < len(spans):
        now = kept[slice(*spans[index])]
        difference = followed.tell(before, now)
        if difference is None:
            before = [*before, *now]
            index += 1
            continue
        until = index + 1
        while until < len(spans) and followed.tell(now, kept[slice(*spans[until])]) is None:
            now = [*now, *kept[slice(*spans[until])]]
            until += 1
        after = kept[slice(*spans[until])] if until < len(spans) else None
        back = after is not None and followed.tell(before, after) is None
        yield _episode(followed, difference, before, now, after, back=back)
        if after is not None and back:
            before, index = [*before, *after], until + 1
        else:
            before, index = [*now], until


def _episode(  # noqa: PLR0913 - all that an episode is
    followed: _Followed,
    difference: Difference,
    before: Sequence[KeptRun],
    now: Sequence[KeptRun],
    after: Sequence[KeptRun] | None,
    *,
    back: bool,
) -> Episode:
    row = followed.series.fields.get(followed.pointer) if followed.pointer else None
    return Episode(
        movement=MOVEMENTS[difference.movement],
        operations=(followed.series.name,),
        environment=followed.series.environment,
        subject=row.name if row else name_of_member(followed.pointer),
        pointer=followed.pointer,
        row=row,
        was=difference.was,
        now=difference.now,
        before=before[-1].run,
        first=now[0].run,
        last=now[-1].run,
        after=after[0].run if after else None,
        runs=len(now),
        came_back=back,
    )


def of_pictures(series: Series) -> Iterator[Episode]:
    """Tell when pictures became of another type, width, height or size."""
    for pointer in dict.fromkeys(each[0] for each in series.pictures):
        mine = {number for number, each in enumerate(series.pictures) if each[0] == pointer}
        kept = [each for each in series.kept if any(number in mine for number, _ in each.pictures)]
        columns = {number: at for at, number in enumerate(sorted(mine))}
        counts = np.zeros((len(kept), len(columns)))
        sizes = np.zeros(len(kept))
        for at, run in enumerate(kept):
            own = [(number, size) for number, size in run.pictures if number in mine]
            for number, _ in own:
                counts[at, columns[number]] += 1
            sizes[at] = float(np.median([size for _, size in own]))
        shares = counts / counts.sum(axis=1, keepdims=True)
        ends = {low for low, _ in _parted(shares, stepwise=True)}
        near = {at + step for at in ends for step in range(-_STEPS - 2, _STEPS + 3)}
        of_sizes = {low for low, _ in shifts(sizes, difference=SIZE.difference, ratio=SIZE.ratio)}
        ends |= {each for each in of_sizes if each not in near}
        spans = list(pairwise([*sorted({0, *ends}), len(kept)]))
        yield from _told(
            _Followed(series, pointer, kept, spans, _by(series, pointer, _OF_PICTURES))
        )


def of_unjudged(series: Series) -> Iterator[Episode]:
    """Tell when more answers, or fewer, could not be judged in runs that have a verdict."""
    kept = [each for each in series.kept if each.verdict != "inconclusive" and each.samples]
    if not any(each.unjudged for each in kept):
        return
    counts = np.array([_counted(each) for each in kept], dtype=float)
    open_ = np.minimum(counts[:, 0] / counts[:, 1], 1)
    spans = stretches_of_kinds(np.column_stack([1 - open_, open_]))
    yield from _told(_Followed(series, "", kept, spans, _unjudged_moved))


def _counted(kept: KeptRun) -> tuple[int, int]:
    return sum(count for _, count in kept.unjudged), kept.samples


def _unjudged_moved(before: Sequence[KeptRun], after: Sequence[KeptRun]) -> Difference | None:
    one, other = (
        np.array([_counted(each) for each in some]).sum(axis=0)
        for some in (before[-WINDOW:], after[:WINDOW])
    )
    if chance_of_shares(int(one[0]), int(one[1]), int(other[0]), int(other[1])) > SURE:
        return None
    was, now = (f"{each[0]}/{each[1]}" for each in (one, other))
    return Difference("unjudged-moved", "", was, now)
