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


def json_end(lines: Sequence[str], at: int) -> int:
    """Find the line after unfenced JSON that begins at a line; that line itself where none does."""
    if not _BEGINS.match(lines[at]):
        return at
    depth = 0
    for number in range(at, min(len(lines), at + _MOST_LINES)):
        if number > at and _ENDS.match(lines[number]):
            break
        for mark in _MARKS.finditer(lines[number]):
            if not mark["string"]:
                depth += 1 if mark[0] in "{[" else -1
        if depth <= 0:
            return number + 1 if _is_alone(lines[number]) else at
    return at


def _is_alone(last: str) -> bool:
    """Say whether nothing that people read stands behind the JSON: `[note](link)` is none."""
    return last.rstrip().rstrip(",，;；").endswith(("}", "]"))
