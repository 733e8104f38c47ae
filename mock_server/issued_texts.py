"""Numbers and tokens in the form that a document shows, with the captcha's own number inside.

A document may show `cc67513b-…` where this platform shows six characters. Such a text is made of
the number and of a digest, in the characters that the shown one has, so it can be read back: no
memory is needed to know which captcha it names.
"""

from __future__ import annotations

import re
import string
from hashlib import blake2b

from mock_server.captcha import DIGITS, HALF

NUMBER = re.compile(r"[0-9A-Z]{6}")
"""The form of a captcha's own number."""

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
_PLAIN = 32
"""How many characters a text has that nothing shows."""


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
    alphabet = next((each for each in _ALPHABETS if set(_CHARACTER.findall(form)) <= set(each)), "")
    value = _value(number, seed, len(alphabet) ** places if places else 0)
    if value is None:
        return None
    digits = iter(_written(value, alphabet, places))
    return _CHARACTER.sub(lambda _: next(digits), form)


def number_in(text: str, seed: str) -> str | None:
    """Read the number of a captcha back from a text; None where it names none of this seed."""
    if NUMBER.fullmatch(text):
        return text
    found = "".join(_CHARACTER.findall(text))
    for alphabet in _ALPHABETS:
        if found and set(found) <= set(alphabet):
            value = 0
            for character in found:
                value = value * len(alphabet) + alphabet.index(character)
            number = _written(value % _NUMBERS, DIGITS, 6)
            if value == _value(number, seed, len(alphabet) ** len(found)):
                return number
    return None


def plain_form(shortest: int, longest: int | None) -> str:
    """Give a form for texts of which only the bounds are known."""
    length = max(shortest, _PLAIN if longest is None else min(_PLAIN, longest))
    return ("0a" * length)[:length]


def _value(number: str, seed: str, room: int) -> int | None:
    """Give the number that a text stands for: the captcha's, and a digest above it."""
    above = room // _NUMBERS
    if not above:
        return None
    message = f"{seed} {number}".encode(errors="surrogatepass")
    digest = int.from_bytes(blake2b(message, person=b"issued").digest())
    return int(number, len(DIGITS)) + _NUMBERS * (digest % above)


def _written(value: int, alphabet: str, places: int) -> str:
    characters = []
    for _ in range(places):
        value, digit = divmod(value, len(alphabet))
        characters.append(alphabet[digit])
    return "".join(reversed(characters))
