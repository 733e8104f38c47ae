"""Numbers of two sides → whether they moved, by more than chance and noise explain.

Nothing here is random, and no shape of the numbers is taken for granted: shares are compared by
Fisher's exact test, sizes and times by their ranks (Mann-Whitney). With the few samples of one run
no test of ranks can be sure; there the two sides must lie apart by as much as either spreads.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

SURE = 0.0005
"""The probability of chance below which two sides differ: one false alarm in 2,000 comparisons."""
LIKELY = 0.05
"""The same where something is known already, and only its share is asked for."""
PAIR = 2
"""The fewest answers of each side: one answer alone shows no rule."""
FEW = 4
"""The fewest numbers of each side whose distance is compared with their spread."""
ENOUGH_TO_TRIM = 5
"""From so many numbers on, the largest quarter of each side is left out: networks dawdle."""
EXACT = 30
"""Up to so many numbers the probability of their ranks is counted; beyond it, approximated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What is too small to be told, however sure: a difference of medians, and their ratio."""

    difference: float
    ratio: float


def share_moved(one: int, of_one: int, other: int, of_other: int) -> bool:
    """Say whether a share moved: from always to never or back, or by more than chance explains."""
    if min(of_one, of_other) < PAIR:
        return False
    never_and_always = {one / of_one, other / of_other} == {0.0, 1.0}
    return never_and_always or chance_of_shares(one, of_one, other, of_other) <= SURE


def chance_of_shares(one: int, of_one: int, other: int, of_other: int) -> float:
    """Give the probability that two shares differ as much by chance: Fisher's test, two-sided."""
    hits, total = one + other, of_one + of_other
    if not of_one or not of_other:
        return 1.0
    least, most = max(0, hits - of_other), min(hits, of_one)

    def ways(share: int) -> float:
        """Give the logarithm of how many ways there are."""
        return _log_of_ways(of_one, share) + _log_of_ways(of_other, hits - share)

    seen = ways(one) + 1e-9
    every = _log_of_ways(total, hits)
    likely = (ways(share) for share in range(least, most + 1))
    return min(1.0, sum(math.exp(each - every) for each in likely if each <= seen))


def _log_of_ways(among: int, chosen: int) -> float:
    return math.lgamma(among + 1) - math.lgamma(chosen + 1) - math.lgamma(among - chosen + 1)


def shifted(one: Sequence[float], other: Sequence[float], floor: Floor) -> bool:
    """Say whether numbers moved as a whole: not a few of them, and by more than the floor."""
    if min(len(one), len(other)) < FEW:
        return False
    low, high = sorted((sorted(one), sorted(other)), key=median)
    below, above = median(low), median(high)
    if above - below < floor.difference or above < floor.ratio * below:
        return False
    return chance_of_ranks(low, high) <= SURE or _lie_apart(low, high)


def _lie_apart(low: Sequence[float], high: Sequence[float]) -> bool:
    """Say whether sorted numbers lie apart by as much as either spreads, without the largest."""
    if min(len(low), len(high)) >= ENOUGH_TO_TRIM:
        low, high = low[: -(len(low) // 4)], high[: -(len(high) // 4)]
    return high[0] - low[-1] >= max(low[-1] - low[0], high[-1] - high[0])


def chance_of_ranks(one: Sequence[float], other: Sequence[float]) -> float:
    """Give the probability that ranks differ as much by chance: Mann-Whitney's test, two-sided."""
    here, there = len(one), len(other)
    among = sorted(other)
    above = sum(bisect_left(among, each) + bisect_right(among, each) for each in one) / 2
    middle = here * there / 2
    away = abs(above - middle)
    every = sorted([*one, *other])
    total = here + there
    if total <= EXACT and len(set(every)) == total:
        ways = _ways_of_ranks(here, there)
        far = sum(count for rank, count in ways.items() if abs(rank - middle) >= away)
        return far / sum(ways.values())
    ties = sum(count**3 - count for count in _counted(every).values())
    variance = here * there / 12 * (total + 1 - ties / (total * (total - 1)))
    if not variance:
        return 1.0
    return math.erfc(max(0.0, away - 0.5) / math.sqrt(2 * variance))


def _counted(numbers: Sequence[float]) -> Mapping[float, int]:
    counts: dict[float, int] = {}
    for each in numbers:
        counts[each] = counts.get(each, 0) + 1
    return counts


@cache
def _ways_of_ranks(here: int, there: int) -> Mapping[int, int]:
    """Count the orders of two groups by how many pairs have the member of the first behind."""
    ways: list[dict[int, int]] = [{0: 1}, *({} for _ in range(here))]
    for number in range(here + there):
        for chosen in range(min(here, number + 1), 0, -1):
            behind = number - (chosen - 1)
            for rank, count in ways[chosen - 1].items():
                ways[chosen][rank + behind] = ways[chosen].get(rank + behind, 0) + count
    return ways[here]
