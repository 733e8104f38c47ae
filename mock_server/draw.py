"""What one answer is made from, and what makes a value of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mock_server.captcha import Captchas

Maker = Callable[["Draw"], object]
"""A function that makes a value from a draw."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What one answer is made from: the captchas of a seed, and the number of this answer."""

    captchas: Captchas
    number: str
