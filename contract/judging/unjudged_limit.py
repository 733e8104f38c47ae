"""How many samples may go unjudged before nothing is known of an operation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class UnjudgedLimit:
    """A share of the samples, or a number of them.

    Attributes:
        most: a share from 0 to 1, or a number.
        is_share: which of the two it is.
    """

    most: Fraction
    is_share: bool

    def allows(self, unjudged: int, samples: int) -> bool:
        """Say whether so many of the samples may go unjudged."""
        return unjudged <= (self.most * samples if self.is_share else self.most)

    def __str__(self) -> str:
        return f"{float(self.most * _PERCENT):g}%" if self.is_share else str(self.most)


A_FIFTH = UnjudgedLimit(most=Fraction(1, 5), is_share=True)
"""What may go unjudged if nobody says otherwise."""


def unjudged_limit(text: str) -> UnjudgedLimit:
    """Read `20%`, or a number of samples such as `2`.

    Raises:
        ValueError: it is neither.
    """
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)%|([0-9]{1,9})", text.strip())
    if found is None or Fraction(found[1] or 0) > _PERCENT:
        raise ValueError(f"{text!r} is neither a share from 0% to 100% nor a number of samples")
    if found[1]:
        return UnjudgedLimit(most=Fraction(found[1]) / _PERCENT, is_share=True)
    return UnjudgedLimit(most=Fraction(found[2]), is_share=False)
