"""A 图片base64 text → the bytes it carries → the picture they hold, each strictly read.

Nothing is repaired, and nothing is accepted in silence: a picture is complete to its last pixel.
What each format demands stands in `image_formats` beside this file. To add a format, write its
module there and list it in `_FORMATS`.
"""

from __future__ import annotations

import binascii
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from contract.pictures.image_formats import (
    MAX_PIXELS,
    Layout,
    NotAnImage,
    TooLarge,
    bmp,
    gif,
    jpeg,
    png,
    webp,
)

__all__ = [
    "MAX_PIXELS",
    "Encoded",
    "NotAnImage",
    "NotBase64",
    "Picture",
    "TooLarge",
    "decode",
    "read",
    "same_media_type",
]


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


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that decodes to its last pixel.

    Attributes:
        media_type: of the bytes, whatever any label says.
        width: in pixels, of the canvas if it is animated.
        height: in pixels, of the canvas if it is animated.
        frames: 1 if it stands still.
        pixels: digest of the size and of all pixels as 8-bit RGBA: two encodings of the same
            pixels have the same one.
    """

    media_type: str
    width: int
    height: int
    frames: int
    pixels: str


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


@dataclass(frozen=True, slots=True)
class _Format:
    """Pillow's name, the media type, how a file begins and what walks it."""

    name: str
    media_type: str
    start: re.Pattern[bytes]
    walk: Callable[[bytes], Layout]


_FORMATS = (  # BMP's first letters are but two: the length of its header belongs to them
    _Format("JPEG", "image/jpeg", re.compile(rb"\xff\xd8\xff"), jpeg.walk),
    _Format("PNG", "image/png", re.compile(rb"\x89PNG\r\n\x1a\n"), png.walk),
    _Format("GIF", "image/gif", re.compile(rb"GIF8[79]a"), gif.walk),
    _Format("WEBP", "image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL), webp.walk),
    _Format("BMP", "image/bmp", re.compile(rb"BM.{12}[\x0c(48@l|]\0{3}", re.DOTALL), bmp.walk),
)


def read(data: bytes) -> Picture:
    """Read a picture to its last pixel.

    Bytes after its end are ignored: browsers ignore them, some servers pad with them, and the
    picture is complete without them. A picture whose end is missing is refused, even where an end
    marker was put back: browsers may show it without complaint, but not as it was drawn.

    Raises:
        NotAnImage: no format of `_FORMATS`, or not complete.
        TooLarge: too many pixels or frames; nothing was decoded.
    """
    form = next((form for form in _FORMATS if form.start.match(data)), None)
    if form is None:
        raise NotAnImage(_likeness(data))
    try:
        layout = form.walk(data)
    except (struct.error, LookupError, zlib.error) as error:
        raise NotAnImage(f"a {form.name} that breaks or stops early ({error})") from error
    # it imports Pillow, which a command that meets no picture can do without
    from contract.pictures.pixels import digest  # noqa: PLC0415 - as above

    pixels = digest(form.name, layout)
    return Picture(form.media_type, layout.width, layout.height, layout.frames, pixels)


_LIKENESSES = (
    (rb"\Z", "empty"),
    (rb"\s*+<(!doctype html|html|head|body)", "HTML"),
    (rb"\s*+<(\?xml|svg|!--)", "XML or SVG"),
    (rb"\s*+[{[]", "JSON"),
    (rb"data:|/9j/|iVBORw0KGgo|R0lGOD|UklGR", "base64 once more: it was encoded twice"),
    (rb"....ftyp(avif|avis|heic|mif1)", "AVIF or HEIC"),
    (rb"II\*\x00|MM\x00\*", "TIFF"),
    (rb"\x00\x00[\x01\x02]\x00", "an icon"),
    (rb"%PDF", "PDF"),
    (rb"\x1f\x8b", "gzip"),
    (rb"PK\x03\x04", "a ZIP archive"),
)


def _likeness(data: bytes) -> str:
    for start, name in _LIKENESSES:
        if re.match(start, data, re.IGNORECASE | re.DOTALL):
            return name
    return f"no picture format that is known here: it begins with {data[:8].hex(' ')}"


_SYNONYMS = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/apng": "image/png",
    "image/x-bmp": "image/bmp",
    "image/x-ms-bmp": "image/bmp",
}


def same_media_type(label: str, media_type: str) -> bool:
    """Say whether a label names the media type; case, parameters and old names do not matter."""
    name = label.partition(";")[0].strip().lower()
    return _SYNONYMS.get(name, name) == media_type
