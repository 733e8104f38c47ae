"""Keywords of a text → the plainest text that keeps them: its format, its pattern, its length.

Patterns that no word here keeps are left to `rstr`, which takes the plainest of all choices. To add
a format: a text of it in `_OF_FORMATS`, with `{n}` where further texts of the same kind differ.
"""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs
from rstr import Rstr

_PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR42mNgYGD4//8/0////xkY"
    "GAAp8gX9PG+fOwAAAABJRU5ErkJggg=="
)
"""A picture of two by two pixels, as a 图片base64 text."""
_OF_FORMATS: Mapping[str, str] = {
    "date": "2026-01-{day:02}",
    "date-time": "2026-01-{day:02}T08:00:00Z",
    "time": "08:00:{n:02}Z",
    "duration": "P{day}D",
    "email": "name{n}@example.com",
    "idn-email": "name{n}@example.com",
    "hostname": "host{n}.example.com",
    "idn-hostname": "host{n}.example.com",
    "ipv4": "192.0.2.{day}",
    "ipv6": "2001:db8::{day}",
    "uri": "https://example.com/{n}",
    "url": "https://example.com/{n}",
    "uri-reference": "/{n}",
    "iri": "https://example.com/{n}",
    "iri-reference": "/{n}",
    "uri-template": "/{n}/{{id}}",
    "json-pointer": "/{n}",
    "relative-json-pointer": "{n}",
    "regex": "^{n}$",
    "uuid": "00000000-0000-4000-8000-{n:012}",
    "image-base64": _PICTURE,
}
_LONGEST = 100_000
"""The most characters of a text that is made up."""
_MORE = (0, 1, 7)
"""How many more repetitions than the fewest are tried, besides as many as a text is short."""


def plain_text(facts: Mapping[str, object], turn: int = 0) -> str:
    """Give a text that keeps the keywords of a schema, if one can be found at all.

    Args:
        facts: the keywords.
        turn: 0 for the plainest text; each further turn gives another one, where there are more.
    """
    shortest, longest = _length(facts, "minLength") or 0, _length(facts, "maxLength")
    pattern = facts.get("pattern")
    words = _words(str(facts.get("format", "")), turn)
    plainest, *others = (_fitted(word, shortest, longest) for word in words)
    if not isinstance(pattern, str):
        return plainest
    kept = next((each for each in (plainest, *others) if _keeps(pattern, each)), None)
    return kept or _by_pattern(pattern, shortest, longest, turn) or plainest


def _length(facts: Mapping[str, object], keyword: str) -> int | None:
    stated = facts.get(keyword)
    return stated if isinstance(stated, int) and 0 <= stated <= _LONGEST else None


def _words(form: str, turn: int) -> Iterator[str]:
    """Give the texts of a format; of none a word, and digits, as for a number in a query."""
    if form == "byte":
        yield base64.b64encode(f"text{turn or ''}".encode()).decode()
    elif form in _OF_FORMATS:
        yield _OF_FORMATS[form].format(n=turn, day=turn % 27 + 1)
    else:
        yield f"text{turn or ''}"
        yield f"{turn + 1}"
        yield f"Text-{turn + 1234}"  # what is asked of passwords


def _fitted(text: str, shortest: int, longest: int | None) -> str:
    """Make a text as long as it must be, and no longer than it may be."""
    long_enough = text[:1] * (shortest - len(text)) + text
    if longest is None or len(long_enough) <= longest:
        return long_enough
    return text[:longest] if text.isalpha() else text[len(text) - longest :]


def _keeps(pattern: str, text: str) -> bool:
    judge = _judge(pattern)
    return judge is not None and judge.is_valid(text)


@lru_cache(maxsize=1024)
def _judge(pattern: str) -> jsonschema_rs.Draft4Validator | None:
    """Compile a pattern; None for one that only other readers know."""
    try:
        return jsonschema_rs.Draft4Validator({"pattern": pattern})
    except (jsonschema_rs.ValidationError, ValueError):
        return None


@lru_cache(maxsize=1024)
def _by_pattern(pattern: str, shortest: int, longest: int | None, turn: int) -> str | None:
    """Make the plainest text of a pattern; None where none is found."""
    for more in (*_MORE, shortest):
        try:
            text = Rstr(_Plainest(turn, more)).xeger(pattern)
        except (re.error, KeyError, IndexError, OverflowError, RecursionError):
            return None
        fits = shortest <= len(text) <= (_LONGEST if longest is None else longest)
        if fits and _keeps(pattern, text):
            return text
    return None


class _Plainest(random.Random):
    """The choices that make a text plain: letters, digits, and few of them; later turns differ."""

    def __init__(self, turn: int, more: int) -> None:
        super().__init__(turn)
        self.turn = turn
        self.more = more

    def choice(self, seq: Any) -> Any:  # noqa: ANN401 - as it is in the class above
        """Choose the plainest character; of other things the first."""
        listed = sorted(seq, key=_oddity) if all(isinstance(each, str) for each in seq) else seq
        return super().choice(listed) if self.turn else listed[0]

    def randint(self, a: int, b: int) -> int:
        """Choose few repetitions."""
        return min(b, a + self.more)


def _oddity(character: str) -> tuple[bool, bool, str]:
    plain = character.isascii() and character.isalnum()
    return not plain, not character.islower(), character
