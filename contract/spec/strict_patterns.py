r"""Patterns of ECMA 262 → how other readers of patterns write the same.

Specs hold patterns as browsers take them without the flag `u`: `[\w-.]`, a lone `}`, `\A`. To know
another way of writing: a branch in `_strict` or `_python`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

_TOKEN = re.compile(
    r"\[\^?(?:\\.|[^\]\\])*\]"  # a class
    r"|\\[pP]\{[^}]*\}|\\u\{[0-9A-Fa-f]+\}|\\k<\w+>|\\c[A-Za-z]|\\."
    r"|\(\?<?[=!]|\(\?<\w+>|\(\?:|\("
    r"|\{\d+(?:,\d*)?\}|.",
    re.DOTALL,
)
_INSIDE = re.compile(r"\\[pP]\{[^}]*\}|\\u\{[0-9A-Fa-f]+\}|\\c[A-Za-z]|\\.|.", re.DOTALL)
_SET = re.compile(r"\\(?:[wWdDsS]|[pP]\{[^}]*\})")
_AROUND = ("(?=", "(?!", "(?<=", "(?<!")
_ENDS = {r"\A": "^", r"\Z": "$", r"\z": "$"}
_POOL = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.,:;!?@#$%&*+=/()[]{}'\"<>^|~"
    "一中文字京沪あアß\u00e9\u03a9\u0434€，。（）《》\u00a0٣Ⅷ😀"
)
"""The characters that a class of Unicode is made up of."""


@lru_cache(maxsize=4096)
def strict(pattern: str) -> str:
    r"""Write a pattern so that readers take it who know only the flag `u` of ECMA 262.

    A hyphen beside `\w` is a hyphen, a brace that counts nothing is a brace, `[^]` is any
    character, `\A` and `\z` are the ends, and `\k<name>` is the number of its group.
    """
    tokens = _TOKEN.findall(pattern)
    opened = [each for each in tokens if each == "(" or each.startswith("(?<")]
    names = [each[3:-1] for each in opened if each not in _AROUND]
    return "".join(_strict(each, names) for each in tokens)


def _strict(part: str, names: list[str]) -> str:
    if part == "[^]":
        return r"[\s\S]"
    if len(part) > 1 and part.startswith("["):
        return _with_plain_hyphens(part)
    if part in {"{", "}", "]"}:
        return f"\\{part}"
    if part.startswith(r"\k<") and part[3:-1] in names:
        return f"(?:\\{names.index(part[3:-1]) + 1})"
    return _ENDS.get(part, part)


def _with_plain_hyphens(token: str) -> str:
    r"""Write the hyphens of a class that stand beside a set, such as `\w`, as characters."""
    start = "[^" if token.startswith("[^") else "["
    parts = _INSIDE.findall(token[len(start) : -1])
    for at in range(1, len(parts) - 1):
        if parts[at] == "-" and (_SET.fullmatch(parts[at - 1]) or _SET.fullmatch(parts[at + 1])):
            parts[at] = r"\-"
    return f"{start}{''.join(parts)}]"


def as_python(pattern: str, *, keeps: Callable[[str, str], bool], looking: bool) -> str:
    """Write a pattern as `re` reads it; what `re` does not know stays as it is.

    Args:
        pattern: as `strict` gives it.
        keeps: says whether a text keeps a pattern; it tells what a class of Unicode is.
        looking: whether what looks ahead and behind stays.
    """
    tokens = _TOKEN.findall(pattern)
    return "".join(_python(each, keeps) for each in (tokens if looking else _straight(tokens)))


def _straight(tokens: Iterable[str]) -> Iterable[str]:
    """Leave out the groups that look ahead and behind."""
    depth = 0
    for part in tokens:
        if depth or part in _AROUND:
            depth += part.startswith("(") - (part == ")")
        else:
            yield part


def _python(token: str, keeps: Callable[[str, str], bool]) -> str:
    if len(token) > 1 and token.startswith("["):
        start = "[^" if token.startswith("[^") else "["
        inner = _INSIDE.findall(token[len(start) : -1])
        return f"{start}{''.join(_member(each, keeps) for each in inner)}]"
    if token.startswith((r"\p", r"\P")):
        return f"[{_member(token, keeps)}]"
    if token.startswith("(?<") and token not in _AROUND:
        return f"(?P<{token[3:]}"
    return _member(token, keeps) if token.startswith("\\") else token


def _member(token: str, keeps: Callable[[str, str], bool]) -> str:
    """Write one character, or one set of them, as it stands in a class."""
    if token.startswith((r"\p", r"\P")) and token.endswith("}"):
        return re.escape("".join(each for each in _POOL if keeps(f"^{token}$", each))) or token
    if token.startswith(r"\u{"):
        return f"\\U{int(token[3:-1], 16):08x}"
    if token.startswith(r"\c"):
        return f"\\x{ord(token[2]) % 32:02x}"
    return f"\\{token}" if token in {"[", "&", "|", "~"} else token
