"""Patterns that rule nothing out, so that adding one is no tightening.

To add a way of writing “any text”: list it in `_ANY`.
"""

from __future__ import annotations

import re

_ANY = (
    r"(?:\.|\[\\s\\S\]|\[\\S\\s\]|\[\\d\\D\]|\[\\w\\W\]|\[\^\]"
    r"|\((?:\?:)?(?:\.\|\\n|\.\|\\r\|\\n)\))"
)
"""What stands for any character. A dot is meant so, although it leaves line breaks out."""
_EVERY = re.compile(rf"\^?(?:\((?:\?:)?)?{_ANY}(?:\*|\{{0,\}})\??\)?\$?")
_SOME = re.compile(rf"\^?(?:\((?:\?:)?)?{_ANY}(?:\+|\{{1,\}})?\??\)?\$?")
_PLACED = re.compile(r"[\^$\\]|\(\?")
"""What makes a pattern depend on more than the characters that it takes."""


def allows_every_text(pattern: object) -> bool:
    """Say whether it is certain that every text matches a pattern."""
    return isinstance(pattern, str) and (
        bool(_EVERY.fullmatch(pattern)) or pattern in {"^", "$"} or _takes_nothing(pattern)
    )


def allows_every_text_but_none(pattern: object) -> bool:
    """Say whether it is certain that every text with at least one character matches."""
    if not isinstance(pattern, str):
        return False
    whole = pattern.startswith("^") and pattern.endswith("$")
    found = _SOME.fullmatch(pattern)
    return bool(found) and (not whole or "+" in pattern or "{1,}" in pattern)


def _takes_nothing(pattern: str) -> bool:
    """Say whether a pattern that need not reach both ends matches the text without characters."""
    body = pattern.removeprefix("^") if pattern.startswith("^") else pattern.removesuffix("$")
    if _PLACED.search(body):
        return False
    try:
        return re.match(body, "") is not None
    except re.error:
        return False
