"""What a history tells: episodes, each with its beginning and its end, and claims that waver.

The kinds of episodes are the movements of the comparison of two sides. An episode is in force where
the newest run shows it; what was never otherwise is an episode without a beginning.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contract_tests.comparing.movements import Movement
from contract_tests.comparing.run_reports import RunField
from contract_tests.months.segmentation import stretches_of_kinds

FEW_BREAKS = 2
"""So many separate breaks within a stretch are each told; of more, the claim wavers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Something that began, and may have ended: the runs count from 0 in the order of time.

    Attributes:
        movement: how it began.
        operations: whose, by name; several where all of them show it in the same runs.
        environment: where.
        subject: the row, member or part of the answer; empty for the operation as a whole.
        pointer: of the member.
        row: the row of the field table, where it is one.
        claim: the id of the claim, for one.
        was: what was seen before.
        now: what was seen then.
        before: the last run that did not show it; None where it is as old as the history.
        first: the first run that shows it.
        last: the last one.
        after: the first run that shows it no longer; None where it is in force.
        runs: how many runs show it.
        came_back: whether all is again as it was before; False where something else came instead.
    """

    movement: Movement
    operations: tuple[str, ...]
    environment: str
    subject: str = ""
    pointer: str = ""
    row: RunField | None = None
    claim: str = ""
    was: str
    now: str
    before: int | None
    first: int
    last: int
    after: int | None
    runs: int
    came_back: bool = True

    @property
    def in_force(self) -> bool:
        """Whether the newest run shows it."""
        return self.after is None

    @property
    def acts(self) -> bool:
        """Whether a reader must act on it now."""
        return self.in_force and self.movement.act


@dataclass(frozen=True, slots=True, kw_only=True)
class Wavering:
    """A claim that some runs of a stretch break and others keep; or answers that come and go.

    Attributes:
        operation: its name.
        environment: where.
        claim: its id; empty where it is the operation that can be judged or not.
        pointer: of the member that the claim is about.
        broken: how many runs broke it.
        judged: of how many.
        flips: how often it changed from one run to the next.
        first: the first run that broke it.
        last: the last one.
        in_force: whether the stretch reaches the newest run.
    """

    operation: str
    environment: str
    claim: str
    pointer: str
    broken: int
    judged: int
    flips: int
    first: int
    last: int
    in_force: bool


def breaks_and_waverings(
    broken: NDArray[np.bool_],
) -> tuple[list[tuple[int, int]], list[list[tuple[int, int]]]]:
    """Part the breaks of a claim from the stretches in which it wavers.

    Args:
        broken: whether each run broke it, in the order of time.

    Returns:
        The breaks, and the stretches of waverings; a wavering that a break interrupts has several.
    """
    if not broken.any():
        return [], []
    shares = np.column_stack([~broken, broken]).astype(float)
    stretches = [
        ((low, high), [(low + start, low + end) for start, end in streaks_of(broken[low:high])])
        for low, high in stretches_of_kinds(shares)
    ]
    wavering = [streaks for _, streaks in stretches if len(streaks) > FEW_BREAKS]
    usual = max((high - low for streaks in wavering for low, high in streaks), default=0)
    breaks: list[tuple[int, int]] = []
    waverings: list[list[tuple[int, int]]] = []
    quiet = True
    for span, streaks in stretches:
        whole = len(streaks) == 1 and streaks[0] == span
        own = len(streaks) <= FEW_BREAKS and (
            whole or max((high - low for low, high in streaks), default=0) > usual
        )
        if own or not streaks:
            breaks += streaks
            quiet = quiet or not whole
        elif quiet or not waverings:
            waverings.append([span])
            quiet = False
        else:
            waverings[-1].append(span)
    return _joined(breaks), waverings


def streaks_of(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Give the streaks of true, each by its start and its end."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(low), int(high)) for low, high in edges.reshape(-1, 2)]


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    made: list[tuple[int, int]] = []
    for low, high in spans:
        if made and made[-1][1] == low:
            made[-1] = made[-1][0], high
        else:
            made.append((low, high))
    return made
