"""How long an answer waits: a fixed time, a range, or the spread that real services have.

To add a kind of delay, write a class with `seconds`, and read it in `settings_json.py`.
"""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass
from typing import Protocol

LONGEST = 600_000
"""Milliseconds of the longest delay: ten minutes."""


class Delay(Protocol):
    """How long an answer waits."""

    def seconds(self, choices: random.Random) -> float:
        """Draw one delay."""


@dataclass(frozen=True, slots=True)
class Between:
    """A delay between two bounds, in milliseconds; a fixed one has equal bounds."""

    lower: float
    upper: float

    def seconds(self, choices: random.Random) -> float:
        """Draw one delay; all are equally likely."""
        return choices.uniform(self.lower, self.upper) / 1000

    def __str__(self) -> str:
        return f"{self.lower:g}" if self.lower == self.upper else f"{self.lower:g}-{self.upper:g}"


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A delay as real services have it: mostly near the median, seldom much longer."""

    median: float
    sigma: float

    def seconds(self, choices: random.Random) -> float:
        """Draw one delay, `LONGEST` at most."""
        drawn = choices.lognormvariate(math.log(self.median), self.sigma) if self.median else 0.0
        return min(drawn, LONGEST) / 1000


def delay_of(text: str) -> Between:
    """Read a number of milliseconds, or a range of them: `200`, `200-800`.

    Raises:
        ValueError: it is neither.
    """
    found = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", text, re.ASCII)
    lower, upper = (float(found[1]), float(found[2] or found[1])) if found else (0.0, math.inf)
    if upper > LONGEST:
        form = f"write milliseconds, up to {LONGEST}, or a range: 200 or 200-800"
        raise ValueError(f"{text!r} is not a delay; {form}")
    if lower > upper:
        raise ValueError(f"{text!r} begins above its end; write a range such as 200-800")
    return Between(lower, upper)
