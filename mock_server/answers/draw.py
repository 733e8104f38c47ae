"""What one answer is made from, and what makes a value of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mock_server.answers.issued_texts import NumberForm
from mock_server.drawing.captcha import Captchas

Maker = Callable[["Draw"], object]
"""A function that makes a value from a draw."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What one answer is made from.

    Attributes:
        captchas: those of a seed.
        number: of this answer.
        forms: takes the forms of the numbers that the answer shows; None where nobody asks.
    """

    captchas: Captchas
    number: str
    forms: list[NumberForm] | None = None
