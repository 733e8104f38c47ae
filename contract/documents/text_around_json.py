"""A sample with other text around its JSON → the JSON, and what stands beside it.

An HTTP response (`HTTP/1.1 200 OK`, headers, a blank line) and a line that names the sample
(返回：) say nothing wrong; any other text is told as a slip.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BEGINS = re.compile(r"[{\[]")
_STATUS_LINE = re.compile(r"\s*HTTP/[0-9.]+\s+[1-5][0-9]{2}\b.*", re.IGNORECASE)
_HEADER = re.compile(r"\s*[A-Za-z][A-Za-z0-9-]*\s*:\s*\S.*")
_NAME = re.compile(r"[^{}\[\]\"]{1,40}")
_NAMED = 20
_ENDS = {"{": "}", "[": "]"}
_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\'|//[^\n]*|[{}\[\]]')
_COMMENT = re.compile(r"(?://|#)[^\n]*")
_MOST_BEFORE = 20


@dataclass(frozen=True, slots=True)
class InnerJson:
    """The text that is JSON in a sample.

    Attributes:
        text: the JSON.
        line: where it begins, counted from 0 at the first line of the sample.
        named: what the line above it calls it; empty where it is an HTTP response or none.
        beside: what else stands there and is not read, with its line.
    """

    text: str
    line: int
    named: str
    beside: tuple[tuple[str, int], ...]


def json_inside(text: str) -> InnerJson | None:
    """Find the JSON in a text that holds one value of it; None where there is none.

    The value begins at the start of a line, or behind a short name and a colon.
    """
    lines = text.split("\n")
    start, before = _start(lines)
    if start is None:
        return None
    rest = "\n".join([lines[start][len(before) :], *lines[start + 1 :]])
    end = _end(rest)
    if end is None or _BEGINS.search(rest[end:]):
        return None  # several values are samples of their own
    above = [*lines[:start], before]
    named, unread = _said_above([(each, n) for n, each in enumerate(above) if each.strip()])
    at = start + rest[:end].count("\n")
    below = enumerate(_COMMENT.sub("", rest[end:]).split("\n"))
    after = [(each, at + n) for n, each in below if each.strip(" ;；\t")]
    beside = [(f"{_shown(each)} is no part of the JSON", n) for each, n in (*unread, *after)]
    return InnerJson(rest[:end], start, named, tuple(beside[:1]))


def _start(lines: list[str]) -> tuple[int | None, str]:
    """Give the line where the value begins, and what stands before it in that line."""
    for number, line in enumerate(lines[:_MOST_BEFORE]):
        begins = _BEGINS.search(line)
        if begins is None:
            continue
        before = line[: begins.start()]
        named = before.rstrip().endswith((":", "：", "=")) and _NAME.fullmatch(before.strip())
        return (number, before) if not before.strip() or named else (None, "")
    return None, ""


def _end(text: str) -> int | None:
    """Find where the first value ends; None where it never does."""
    open_: list[str] = []
    for found in _TEXT.finditer(text):
        mark = found[0]
        if mark in _ENDS:
            open_.append(_ENDS[mark])
        elif open_ and mark == open_[-1]:
            open_.pop()
            if not open_:
                return found.end()
    return None


def _said_above(above: list[tuple[str, int]]) -> tuple[str, list[tuple[str, int]]]:
    """Give the name that stands above a value, and the lines that say something else."""
    if above and _STATUS_LINE.fullmatch(above[0][0]):
        others = [each for each in above[1:] if not _HEADER.fullmatch(each[0])]
        return "", others
    if above and (len(above) == 1 or _is_name(above[-1][0])):
        return above[-1][0].strip(" :：=/#*")[:_NAMED], above[:-1]
    return "", above


def _is_name(line: str) -> bool:
    return line.rstrip().endswith((":", "：", "="))


def _shown(text: str) -> str:
    return f"“{text.strip()[:_NAMED]}”"
