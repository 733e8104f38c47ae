"""Numbers of captchas and tokens in the form that a document shows, which can be read back.

A document may show `cc67513b-…`, `07f3` or the integer 10086 where this platform shows six
characters. What has room for every number holds it, and a digest above it; what has less, counts,
and begins again when all values were given (`folded`). So no memory is needed to know which captcha
a value names.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from math import gcd

from mock_server.drawing.captcha import DIGITS, HALF, PROCESSES, Captchas

NUMBER = re.compile(r"[0-9A-Z]{6}")
"""The form of a captcha's own number."""

LARGEST_INTEGER = 2**31 - 1
"""The largest integer that is made where nothing shows a larger one."""

_NUMBERS = HALF**2
_ALPHABETS = (
    string.digits,
    string.digits + "abcdef",
    string.digits + "ABCDEF",
    string.digits + string.ascii_lowercase,
    string.digits + string.ascii_uppercase,
    string.digits + string.ascii_uppercase + string.ascii_lowercase,
)
_CHARACTER = re.compile(r"[0-9A-Za-z]")
_INTEGER = re.compile(r"0|[1-9][0-9]{0,18}")
_PLAIN = 32
"""How many characters a text has that nothing shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberForm:
    """How an operation writes the numbers of its captchas.

    Attributes:
        shown: a value of the form, as a text; it names no captcha.
        room: how many values there are.
        lowest: the lowest of them, if they are integers; None for texts.
        is_own: whether it is the form of the captcha's own number.
    """

    shown: str
    room: int
    lowest: int | None = None
    is_own: bool = False

    @property
    def _counts(self) -> bool:
        """Whether the values are too few for every number."""
        return self.room < _NUMBERS

    def folded(self, number: str, captchas: Captchas) -> str:
        """Give the number of the captcha that is drawn in place of another one.

        Each process that may share the seed has its own of the few values, as it has of all.
        """
        if not self._counts:
            return number
        several = self.room // PROCESSES * PROCESSES
        index = captchas.index(number) % several
        if str(self.written(captchas.number(index), captchas)) == self.shown:
            index = (index + PROCESSES) % several
        return captchas.number(index)

    def written(self, number: str, captchas: Captchas) -> str | int:
        """Write the number of a captcha; where the form counts, a folded one."""
        if self.is_own:
            return number
        if self.lowest is None and not self._counts:
            return str(shown_like(self.shown, number, captchas.seed))
        factor, offset = self._shuffle(captchas.seed)
        value = (captchas.index(number) * factor + offset) % self.room
        return _filled(self.shown, value) if self.lowest is None else self.lowest + value

    def read(self, value: str, captchas: Captchas) -> str | None:
        """Read the number of a captcha back from a value; None where it names none."""
        if self.is_own:
            return value if NUMBER.fullmatch(value) else None
        place = self._place(value)
        if place is None:
            return None
        if self.lowest is None and not self._counts:
            number = _written(place % _NUMBERS, DIGITS, 6)
        else:
            factor, offset = self._shuffle(captchas.seed)
            index = (place - offset) * pow(factor, -1, self.room) % self.room
            number = captchas.number(index) if index < _NUMBERS else ""
        return number if number and str(self.written(number, captchas)) == value else None

    def _place(self, value: str) -> int | None:
        """Say the how-manieth of all values one is; None where it is none."""
        if self.lowest is not None:
            place = int(value) - self.lowest if _INTEGER.fullmatch(value) else -1
            return place if 0 <= place < self.room else None
        found, alphabet = _CHARACTER.findall(value), _alphabet(self.shown)
        if len(found) != len(_CHARACTER.findall(self.shown)) or not set(found) <= set(alphabet):
            return None
        place = 0
        for character in found:
            place = place * len(alphabet) + alphabet.index(character)
        return place

    def _shuffle(self, seed: str) -> tuple[int, int]:
        """Give a factor and an offset by which values that follow each other look unlike."""
        factor = self.room * 618 // 1000 | 1
        while gcd(factor, self.room) != 1:
            factor += 2
        digest = blake2b(seed.encode(errors="surrogatepass"), person=b"shuffle").digest()
        return factor, int.from_bytes(digest) % self.room


OWN = NumberForm(shown="", room=_NUMBERS, is_own=True)
"""The form of the captcha's own number."""


def text_form(shown: str) -> NumberForm | None:
    """Give the form of a text; None where it has too few values for all who may share a seed."""
    if NUMBER.fullmatch(shown):
        return OWN
    places = len(_CHARACTER.findall(shown))
    room = len(_alphabet(shown)) ** places if places else 0
    return NumberForm(shown=shown, room=room) if room >= 2 * PROCESSES else None


def integer_form(shown: int | None, lowest: int, highest: int) -> NumberForm | None:
    """Give the form of integers within bounds; None where there are too few of them.

    Args:
        shown: one of them, if any is shown; one of many digits says how many all have.
        lowest: the lowest that is allowed.
        highest: the highest that is allowed.
    """
    digits = len(str(shown)) if shown is not None and shown > LARGEST_INTEGER else 0
    lowest = max(lowest, 10 ** (digits - 1) if digits else 1)
    room = min(highest - lowest + 1, _NUMBERS)
    if room < 2 * PROCESSES:
        return None
    return NumberForm(shown="" if shown is None else str(shown), room=room, lowest=lowest)


def numbers_in(value: str, captchas: Captchas, forms: Iterable[NumberForm]) -> Iterator[str]:
    """Give the numbers of the captchas that a value may name, in any of the forms or as its own."""
    read = (form.read(value, captchas) for form in (*forms, OWN))
    yield from dict.fromkeys(number for number in read if number is not None)


def shown_like(form: str, number: str, seed: str) -> str | None:
    """Write the number of a captcha in a form: every letter and digit is another, the rest stays.

    Args:
        form: a text of that form.
        number: of the captcha.
        seed: of the captchas, so that other seeds give other texts.

    Returns:
        None where the form has too few characters to tell all numbers apart.
    """
    places = len(_CHARACTER.findall(form))
    above = (len(_alphabet(form)) ** places if places else 0) // _NUMBERS
    if not above:
        return None
    message = f"{seed} {number}".encode(errors="surrogatepass")
    digest = int.from_bytes(blake2b(message, person=b"issued").digest())
    return _filled(form, int(number, len(DIGITS)) + _NUMBERS * (digest % above))


def plain_form(shortest: int, longest: int | None) -> str:
    """Give a form for texts of which only the bounds are known."""
    length = max(shortest, _PLAIN if longest is None else min(_PLAIN, longest))
    return ("0a" * length)[:length]


def _alphabet(form: str) -> str:
    return next(each for each in _ALPHABETS if set(_CHARACTER.findall(form)) <= set(each))


def _filled(form: str, value: int) -> str:
    digits = iter(_written(value, _alphabet(form), len(_CHARACTER.findall(form))))
    return _CHARACTER.sub(lambda _: next(digits), form)


def _written(value: int, alphabet: str, places: int) -> str:
    characters = []
    for _ in range(places):
        value, digit = divmod(value, len(alphabet))
        characters.append(alphabet[digit])
    return "".join(reversed(characters))
