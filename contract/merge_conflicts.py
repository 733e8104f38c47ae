"""The marks that git leaves in a file where two branches changed the same lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_OPENED = re.compile(r"<{7}(?: .*)?\r?")
_BASE = re.compile(r"\|{7}(?: .*)?\r?")
_PARTED = re.compile(r"={7}\r?")
_CLOSED = re.compile(r">{7}(?: .*)?\r?")


@dataclass(frozen=True, slots=True)
class Merged:
    """A text as it is without what was left of its conflicts.

    Attributes:
        lines: as many as there were: the first side of each conflict, and nothing for the rest.
        conflicts: the line of each mark that opens one, from 1.
    """

    lines: tuple[str, ...]
    conflicts: tuple[int, ...]


def merged(lines: Sequence[str]) -> Merged:
    """Take the first side of every conflict; a mark that nothing closes is left out alone."""
    kept = list(lines)
    conflicts: list[int] = []
    number = 0
    while number < len(kept):
        if _OPENED.fullmatch(kept[number]):
            conflicts.append(number + 1)
            number = _settled(kept, number)
        number += 1
    return Merged(tuple(kept), tuple(conflicts))


def _settled(lines: list[str], opened: int) -> int:
    """Blank what a conflict leaves over; give the number of its last line."""
    lines[opened] = ""
    after = range(opened + 1, len(lines))
    end = next((n for n in after if _CLOSED.fullmatch(lines[n])), None)
    if end is None:
        return opened
    marks = (_BASE, _PARTED)
    between = range(opened + 1, end)
    parted = next((n for n in between if any(m.fullmatch(lines[n]) for m in marks)), end)
    lines[parted : end + 1] = [""] * (end + 1 - parted)
    return end


def in_words(conflicts: Sequence[int]) -> str:
    """Say that conflicts were left, and where the others stand."""
    others = ", ".join(map(str, conflicts[1:]))
    more = f"; others in line {others}" if others else ""
    return f"a merge conflict was left here{more}"
