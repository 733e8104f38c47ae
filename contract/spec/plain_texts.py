"""Keywords of a text → the plainest text that keeps them: its format, its pattern, its length.

Words are tried first. Patterns that no word keeps are left to `rstr`, which takes the plainest of
all choices, and then others by chance: what looks ahead is kept by luck. To add a format: see
`format_words`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import jsonschema_rs
from rstr import Rstr

from contract.spec.format_words import words
from contract.spec.strict_patterns import as_python, strict

_LONGEST = 100_000
"""The most characters of a text that is made up."""
_MORE = (0, 1, 7)
"""How many more repetitions than the fewest are tried first."""
_SWEEP = 64
"""How many further numbers of repetitions are tried, where a text must be long."""
_CHANCES = 200
"""How many texts of a pattern are made by chance, where the plainest ones do not fit."""
_SPREAD = 17
"""How many numbers of repetitions they differ in."""
_LABEL = 50
"""The length of the names that make the name of a host longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What a text must keep."""

    form: str
    pattern: str | None
    shortest: int
    longest: int | None

    def is_met_by(self, text: str) -> bool:
        """Say whether a text keeps all of it."""
        if not self.shortest <= len(text) <= (_LONGEST if self.longest is None else self.longest):
            return False
        return _keeps(self.pattern, self.form, text)


def plain_text(facts: Mapping[str, object], turn: int = 0) -> str:
    """Give a text that keeps the keywords of a schema, if one can be found at all.

    Args:
        facts: the keywords.
        turn: 0 for the plainest text; each further turn gives another one, where there are more.
    """
    shortest, longest = _length(facts, "minLength") or 0, _length(facts, "maxLength")
    form, stated = str(facts.get("format", "")), facts.get("pattern")
    of_format = [*words(form, turn, shortest)]
    if not of_format and not isinstance(stated, str):
        return _filled(f"text{turn or ''}", shortest, longest)
    pattern = strict(stated) if isinstance(stated, str) else None
    wanted = _Wanted(form=form, pattern=pattern, shortest=shortest, longest=longest)
    usual = of_format or _plain_words(turn)
    texts = chain(
        (_filled(each, shortest, longest) for each in usual),
        _of_pattern(wanted, turn, [*of_format]) if pattern is not None else (),
        (each for word in of_format for each in _lengthened(word, shortest)),
    )
    met = next(filter(wanted.is_met_by, texts), None)
    return _filled(usual[0], shortest, longest) if met is None else met


def _length(facts: Mapping[str, object], keyword: str) -> int | None:
    stated = facts.get(keyword)
    return stated if isinstance(stated, int) and 0 <= stated <= _LONGEST else None


def _plain_words(turn: int) -> list[str]:
    """Give a word, and digits, as for a number in a query, and what is asked of passwords."""
    return [f"text{turn or ''}", f"{turn + 1}", f"Text-{turn + 1234}"]


def _filled(text: str, shortest: int, longest: int | None) -> str:
    """Make a text as long as it must be, and no longer than it may be."""
    long_enough = text[:1] * (shortest - len(text)) + text
    if longest is None or len(long_enough) <= longest:
        return long_enough
    return text[:longest] if text.isalpha() else text[len(text) - longest :]


def _lengthened(text: str, shortest: int) -> Iterator[str]:
    """Make a text of a format longer, as paths and the names of hosts grow."""
    lacking = max(0, shortest - len(text))
    labels = (
        (f"{'a' * _LABEL}." * (lacking // _LABEL + 1))[:lacking].rstrip(".").ljust(lacking, "a")
    )
    name, mark, host = text.rpartition("@")
    yield text + "0" * lacking
    yield f"{name}{mark}{labels.removesuffix('.').ljust(lacking, 'a')}{host}"


def _of_pattern(wanted: _Wanted, turn: int, of_format: list[str]) -> Iterator[str]:
    """Give texts that a pattern allows, also as a part of a text of a format."""
    pattern = str(wanted.pattern)
    made = _by_pattern(pattern, wanted.shortest, wanted.longest, turn)
    if made is not None:
        yield made
    part = _by_pattern(pattern, 0, None, turn) if of_format else None
    for word in of_format if part is not None else ():
        for cut in range(len(word) + 1):
            yield f"{word[:cut]}{part}"
            yield f"{part}{word[cut:]}"


def _keeps(pattern: str | None, form: str, text: str) -> bool:
    judge = _judge(pattern, form)
    return judge is not None and judge.is_valid(text)


@lru_cache(maxsize=1024)
def _judge(pattern: str | None, form: str) -> jsonschema_rs.Draft201909Validator | None:
    """Compile a pattern and a format; None for a pattern that only other readers know."""
    rule = {"format": form, **({} if pattern is None else {"pattern": pattern})}
    try:
        return jsonschema_rs.Draft201909Validator(rule, validate_formats=True)
    except (jsonschema_rs.ValidationError, ValueError):
        return None


@lru_cache(maxsize=1024)
def _by_pattern(pattern: str, shortest: int, longest: int | None, turn: int) -> str | None:
    """Make the plainest text of a pattern; None where none is found."""
    if turn and _by_pattern(pattern, shortest, longest, 0) is None:
        return None
    for looking, made in _attempts(shortest, turn):
        try:
            text = made.xeger(_as_python(pattern, looking=looking))
        except (re.error, KeyError, IndexError, OverflowError, RecursionError):
            return None
        fits = shortest <= len(text) <= (_LONGEST if longest is None else longest)
        if fits and _keeps(pattern, "", text):
            return text
    return None


def _attempts(shortest: int, turn: int) -> Iterator[tuple[bool, Rstr]]:
    """Give ways to make texts, the plainest first: with what looks ahead, and without it."""
    for looking in (True, False):
        for more in (*_MORE, *range(2, min(shortest, _SWEEP)), shortest):
            yield looking, Rstr(_Plainest(turn, more))
    for chance in range(_CHANCES):
        yield False, Rstr(_Plainest(turn * _CHANCES + chance + 1, chance % _SPREAD))


@lru_cache(maxsize=1024)
def _as_python(pattern: str, *, looking: bool) -> str:
    return as_python(pattern, keeps=lambda one, text: _keeps(one, "", text), looking=looking)


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
        """Choose few repetitions, also of what must stand there more often than `rstr` knows."""
        return max(a, min(b, a + self.more))


def _oddity(character: str) -> tuple[bool, bool, str]:
    plain = character.isascii() and character.isalnum()
    return not plain, not character.islower(), character
