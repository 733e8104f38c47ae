"""JSON that its writer did not fence → the lines that it takes.

It begins with a brace or bracket at the start of a line, and ends where that is closed again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BEGINS = re.compile(r"""\s*(?:\{\s*(?:["'}/]|$)|\[\s*(?:[{"']|$))""")
_ENDS = re.compile(r"\s{0,3}#{1,6}\s*[^#\s]|\s*[|｜]|\s*(?:`{3,}|~{3,})")
_MARKS = re.compile(r"""(?P<string>"(?:[^"\\]|\\.)*"?)|[{\[]|[}\]]""")
_MOST_LINES = 5000


def json_end(lines: Sequence[str], at: int) -> tuple[int, int]:
    """Find the line after unfenced JSON that begins at a line; that line itself where none does.

    The second is the line up to which no JSON can begin, where that one is never closed.
    """
    if not _BEGINS.match(lines[at]):
        return at, at
    depth = 0
    last = min(len(lines), at + _MOST_LINES)
    for number in range(at, last):
        if number > at and _ENDS.match(lines[number]):
            return at, number
        for mark in _MARKS.finditer(lines[number]):
            if not mark["string"]:
                depth += 1 if mark[0] in "{[" else -1
        if depth <= 0:
            return (number + 1 if _is_alone(lines[number]) else at), at
    return at, last


def _is_alone(last: str) -> bool:
    """Say whether nothing that people read stands behind the JSON: `[note](link)` is none."""
    return last.rstrip().rstrip(",，;；").endswith(("}", "]"))
