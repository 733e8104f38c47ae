"""Numbers in the order of time → the stretches in which nothing changed.

Stretches are chosen by their likelihood and a penalty for each (optimal partitioning, Jackson et
al. 2005), so a few numbers that stray change nothing, and a short break between long stretches is
found. Nothing here is random, and nothing knows what the numbers mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

MOST_CANDIDATES = 800
"""How many places are tried as the ends of stretches; of more, as many at even distances."""
SHORTEST_SHIFT = 4
"""The fewest runs of a stretch of times or sizes: what is shorter dawdled."""
MOST_SHIFTS = 12
"""More stretches than this are a rhythm, such as of nights and weekends, and no change."""

_TRIMMED = 2
_BLOCK = 20


def penalty_of(count: int, kinds: int = 2) -> float:
    """Give what one more stretch must be worth, in twice the logarithm of the likelihood."""
    return max(3 * math.log(max(count, 2)), 12.0) + 2.0 * (kinds - 2)


def partition(
    candidates: Places, cost: Callable[[Places, int], Numbers], penalty: float
) -> list[int]:
    """Choose the ends of stretches, the first of which is 0.

    Args:
        candidates: the places where a stretch may end, in order; 0 and the end of all among them.
        cost: of the stretches that begin at some places and end at another.
        penalty: what one more stretch costs.
    """
    best = np.zeros(len(candidates))
    best[0] = -penalty
    chosen = [0] * len(candidates)
    for index in range(1, len(candidates)):
        every = best[:index] + cost(candidates[:index], int(candidates[index])) + penalty
        chosen[index] = int(np.argmin(every))
        best[index] = every[chosen[index]]
    ends, index = [], len(candidates) - 1
    while index > 0:
        ends.append(int(candidates[index]))
        index = chosen[index]
    return [0, *reversed(ends)]


def stretches_of_kinds(shares: Numbers, *, penalty: float | None = None) -> list[tuple[int, int]]:
    """Part runs where the shares of some kinds changed.

    Args:
        shares: one row a run, one column a kind; the shares of a run sum to 1.
        penalty: of one more stretch.
    """
    count, kinds = shares.shape
    penalty = penalty_of(count, kinds) if penalty is None else penalty
    changed = np.flatnonzero(np.any(shares[1:] != shares[:-1], axis=1)) + 1
    if not len(changed):
        return [(0, count)]
    summed = np.vstack([np.zeros(kinds), np.cumsum(shares, axis=0)])

    def cost(starts: Places, end: int) -> Numbers:
        within = summed[end] - summed[starts]
        found: Numbers = 2 * (_xlogx(end - starts) - _xlogx(within).sum(axis=1))
        return found

    places = np.array([0, *changed, count], dtype=np.int64)
    return list(pairwise(_best_ends(places, cost, penalty)))


def _best_ends(places: Places, cost: Callable[[Places, int], Numbers], penalty: float) -> list[int]:
    """Choose the ends of stretches among many places: roughly at first, then near those."""
    step = -(-len(places) // MOST_CANDIDATES)
    if step <= 1:
        return partition(places, cost, penalty)
    ends = partition(np.unique(np.append(places[::step], places[-1])), cost, penalty)
    around = np.arange(-step, step + 1)
    near = np.searchsorted(places, ends)[:, None] + around[None, :]
    return partition(places[np.unique(near.clip(0, len(places) - 1))], cost, penalty)


def _xlogx(numbers: Numbers | Places) -> Numbers:
    positive = np.maximum(numbers, 1e-12)
    found: Numbers = positive * np.log(positive)
    return found


def shifts(values: Numbers, *, difference: float, ratio: float) -> list[tuple[int, int]]:
    """Part runs where positive numbers shifted as a whole.

    Args:
        values: one a run, in the order of time.
        difference: what two stretches must differ by, at least.
        ratio: likewise.
    """
    count = len(values)
    if count < 2 * SHORTEST_SHIFT:
        return [(0, count)]
    logs = np.log(np.maximum(values, 1e-6))
    smooth = _running_median(logs)
    ends = _shift_ends(logs, smooth)
    while len(ends) > 2:  # noqa: PLR2004 - more than one stretch
        middles = [float(np.median(values[low:high])) for low, high in pairwise(ends)]
        apart = [max(pair) / max(min(pair), 1e-9) for pair in pairwise(middles)]
        weakest = int(np.argmin(apart))
        pair = sorted(middles[weakest : weakest + 2])
        if pair[1] - pair[0] >= difference and pair[1] >= ratio * pair[0]:
            break
        del ends[weakest + 1]
    return list(pairwise(_sharpened(ends, logs)))


def _shift_ends(logs: Numbers, smooth: Numbers) -> list[int]:
    count = len(logs)
    summed = np.append(0.0, np.cumsum(smooth))
    squares = np.append(0.0, np.cumsum(smooth * smooth))
    scale = 1.57 * _noise(logs) ** 2

    def cost(starts: Places, end: int) -> Numbers:
        size = end - starts
        total = summed[end] - summed[starts]
        spread = (squares[end] - squares[starts] - total * total / size) / scale
        found: Numbers = np.where(size < min(SHORTEST_SHIFT, count), 1e12, spread)
        return found

    penalty = penalty_of(count) * 1.5
    while True:
        ends = _best_ends(np.arange(count + 1), cost, penalty)
        if len(ends) - 2 <= MOST_SHIFTS:
            return ends
        penalty *= 2


def _noise(logs: Numbers) -> float:
    """Give how far one run strays from the next, or how far blocks of runs do, whatever is more."""
    one = _deviation(np.diff(logs))
    blocks = len(logs) // _BLOCK
    if blocks < _BLOCK // 2:
        return max(one, 0.03)
    middles = np.median(logs[: blocks * _BLOCK].reshape(blocks, _BLOCK), axis=1)
    of_blocks = _deviation(np.diff(middles)) * math.sqrt(_BLOCK / 1.57)
    return max(one, of_blocks, 0.03)


def _deviation(differences: Numbers) -> float:
    """Give the standard deviation of numbers by the median of their distances."""
    return float(np.median(np.abs(differences))) / 0.6745 / math.sqrt(2)


def _running_median(values: Numbers) -> Numbers:
    padded = np.pad(values, _TRIMMED, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _TRIMMED + 1)
    found: Numbers = np.median(windows, axis=1)
    return found


def _sharpened(ends: list[int], logs: Numbers) -> list[int]:
    """Move each end by a few runs, to where the numbers themselves change."""
    for index in range(1, len(ends) - 1):
        low, here, high = ends[index - 1 : index + 2]
        middle = (float(np.median(logs[low:here])) + float(np.median(logs[here:high]))) / 2
        rises = np.median(logs[here:high]) > middle
        near = range(max(low + 1, here - _BLOCK // 2), min(high, here + _BLOCK // 2 + 1))
        wrong = [
            int(np.sum((logs[near.start - 1 : at] > middle) == rises))
            + int(np.sum((logs[at : near.stop] > middle) != rises))
            for at in near
        ]
        ends[index] = near[int(np.argmin(wrong))]
    return ends
