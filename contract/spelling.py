"""Hints for a name that does not exist: the known names that look like it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str], *, most: int = 3) -> str:
    """Ask whether a known name was meant, with a blank behind it; an empty text if none is alike.

    Args:
        word: the name that does not exist.
        known: the names that do; one that stands there twice counts once.
        most: how many of them are suggested.
    """
    alike = get_close_matches(word, list(dict.fromkeys(known)), n=most)
    return f"did you mean {', '.join(alike)}? " if alike else ""
