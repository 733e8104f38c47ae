r"""A text → a pattern of every spelling that it may come back in.

A server, a proxy or an exception may repeat a value as it is, escaped in JSON or by Python
(`\u00e4`, `\/`, `\xe4`), percent-encoded in either case and more than once, with `+` for a blank,
as HTML writes it, or as a part of base64. To add a spelling: an alternative in `_character`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape

SHORTEST = 4
"""Characters of a value that is looked for; what is shorter stands in too many texts by itself."""
_UNMISTAKABLE = 8
"""Characters of a value that is looked for inside words too."""
_UNMISTAKABLE_BYTES = 12
"""The same in bytes of UTF-8: four Chinese characters say as much."""

_SPELLED = 200
"""Characters of a value that are spelled out; the rest of a longer one goes up to a blank."""
_ENCODED = 6
"""Characters of base64 that are no coincidence."""
_REST = r"""[^\s"'<>&]*"""
_NAMED = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_BASE64 = {"+": r"(?:[+\-]|%2[Bb])", "/": r"(?:\\*[/_]|%2[Ff])"}


def anywhere(values: Iterable[str]) -> re.Pattern[str] | None:
    """Make a pattern that finds some values in a text: short ones as words, others inside words.

    It is None if none of them is long enough to be found.
    """
    return _compiled(
        spelling
        for value in _findable(values)
        for spelling in (_plain(value, bounded=not _is_unmistakable(value)), *_base64(value))
    )


def inside(values: Iterable[str]) -> re.Pattern[str] | None:
    """Make a pattern that finds the values in a text that are no coincidence there."""
    return _compiled(
        spelling
        for value in _findable(values)
        for spelling in (*([_plain(value)] if _is_unmistakable(value) else ()), *_base64(value))
    )


def whole(values: Iterable[str]) -> re.Pattern[str] | None:
    """Make a pattern that a text has from end to end if it is one of some values."""
    return _compiled(_plain(value) for value in _findable(values))


def _findable(values: Iterable[str]) -> list[str]:
    return sorted({each for each in values if len(each) >= SHORTEST}, key=len, reverse=True)


def _compiled(spellings: Iterable[str]) -> re.Pattern[str] | None:
    listed = "|".join(spellings)
    return re.compile(listed) if listed else None


def _is_unmistakable(value: str) -> bool:
    size = len(value.encode("utf-8", "replace"))
    return len(value) >= _UNMISTAKABLE or size >= _UNMISTAKABLE_BYTES


def _plain(value: str, *, bounded: bool = False) -> str:
    plain = "".join(map(_character, value[:_SPELLED])) + _REST * (len(value) > _SPELLED)
    return rf"(?<![^\W_]){plain}(?![^\W_])" if bounded else plain


def _base64(value: str) -> Iterator[str]:
    for core in _within_base64(value[:_SPELLED].encode("utf-8", "surrogatepass")):
        rest = "[A-Za-z0-9+/=_-]*" if len(value) > _SPELLED else ""
        yield "".join(_BASE64.get(each, each) for each in core) + rest


def _character(character: str) -> str:
    """Give the pattern of one character, in every way to write it."""
    code = ord(character)
    utf8 = character.encode("utf-8", "surrogatepass")
    utf16 = character.encode("utf-16-be", "surrogatepass").hex()
    units = [utf16[at : at + 4] for at in range(0, len(utf16), 4)]
    forms = [
        re.escape(character),
        "(?i:" + "".join(rf"\\+u{unit}" for unit in units) + ")",
        "(?i:" + "".join(f"%(?:25)*{byte:02x}" for byte in utf8) + ")",
    ]
    if code <= 0xFF:  # noqa: PLR2004 - the last character of Latin-1
        forms.append(rf"(?i:\\+x{code:02x})")
    if len(units) > 1:
        forms.append(rf"(?i:\\+U{code:08x})")
    if character in _NAMED:
        forms.append(rf"\\+{_NAMED[character]}")
    if character in "\"'/":
        forms.append(rf"\\+{character}")
    if character == "\\":
        forms.append(r"\\\\+")
    if character == " ":
        forms.append(r"\+")
    if escape(character) != character:
        forms.append(f"(?i:{escape(character)}|&#0*{code};|&#x0*{code:x};)")
    return f"(?:{'|'.join(forms)})"


def _within_base64(data: bytes) -> Iterator[str]:
    """Give what base64 shows of some bytes wherever they begin, without what others share."""
    for before in range(3):
        text = b64encode(bytes(before) + data).decode("ascii")
        core = text[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        if len(core) >= _ENCODED:
            yield core
