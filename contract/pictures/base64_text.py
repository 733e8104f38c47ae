"""A 图片base64 text → the bytes it carries: RFC 4648 §4, with or without a data: URI prefix.

To accept another departure that browsers accept: name it in `decode`.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass


class NotBase64(ValueError):  # noqa: N818 - it names what is wrong with the text
    """The text carries no base64; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the text carries, and where it departs from RFC 4648 §4.

    Attributes:
        label: the media type of the data: URI as written, parameters included, possibly empty;
            None without a prefix.
        data: the bytes.
        untidy: departures from RFC 4648 §4 that every browser still decodes.
    """

    label: str | None
    data: bytes
    untidy: tuple[str, ...]


_LINE_BREAKS, _WHITE_SPACE = "\r\n", " \t\f"
_BLANK = _LINE_BREAKS + _WHITE_SPACE
_FOREIGN = re.compile(rf"[^A-Za-z0-9+/{_BLANK}]")
_STRANGE = re.compile(rf"[^A-Za-z0-9+/{_BLANK}_-]")


def decode(text: str) -> Encoded:
    """Decode base64 text, with or without a `data:` URI prefix.

    What every browser decodes all the same is decoded too, and listed in `untidy`: white space,
    missing padding, bits after the last byte. Positions in messages count characters from 1.

    Raises:
        NotBase64: it carries no base64 of RFC 4648 §4.
    """
    label, body = _without_prefix(text.lstrip(_BLANK))
    digits = body.rstrip("=" + _BLANK)
    foreign = _STRANGE.search(digits) or _FOREIGN.search(digits)
    if foreign:
        position = len(text) - len(body) + foreign.start() + 1
        alphabet = "the URL-safe alphabet" if foreign[0] in "-_" else "a foreign character"
        raise NotBase64(f"{alphabet}: {foreign[0]!a} at position {position}")
    padding = body.count("=", len(digits))
    compact = "".join(digits.split())
    if not compact:
        raise NotBase64("empty" if label is None else "a data: URI that carries nothing")
    missing = -len(compact) % 4
    if missing == 3 or padding not in {0, missing}:  # noqa: PLR2004 - one digit is no byte
        raise NotBase64(f"of an impossible length: {len(compact)} digits and {padding} '='")
    data = binascii.a2b_base64(compact + "=" * missing)
    last = binascii.b2a_base64(data, newline=False).rstrip(b"=")[-1:].decode()
    departures = {
        "line breaks": any(blank in text for blank in _LINE_BREAKS),
        "white space": any(blank in text for blank in _WHITE_SPACE),
        "no padding": padding != missing,
        "non-zero trailing bits": last != compact[-1],
    }
    return Encoded(label, data, tuple(name for name, is_so in departures.items() if is_so))


def _without_prefix(text: str) -> tuple[str | None, str]:
    if text[:5].lower() != "data:":
        return None, text
    prefix, comma, body = text[5:].partition(",")
    label, semicolon, encoding = prefix.rpartition(";")
    if not comma:
        raise NotBase64("a data: URI without a comma")
    if not semicolon or encoding.strip(_BLANK).lower() != "base64":
        raise NotBase64("a data: URI without ;base64")
    return label, body
