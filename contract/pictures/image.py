"""A 图片base64 text → the bytes it carries → the picture they hold, each strictly read.

Nothing is repaired, and nothing is accepted in silence: a picture is complete to its last pixel.
What each format demands stands in `image_formats` beside this file. To add a format, write its
module there and list it in `_FORMATS`. docs/pictures.md compares all of it with a browser.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from contract.pictures.base64_text import Encoded, NotBase64, decode
from contract.pictures.image_formats import (
    MAX_PIXELS,
    Layout,
    NotAnImage,
    TooLarge,
    avif,
    bmp,
    gif,
    icon,
    jpeg,
    png,
    svg,
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
    "walk",
]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that decodes to its last pixel, as far as that can be proved.

    Attributes:
        media_type: of the bytes, whatever any label says.
        width: in pixels, as browsers show it: of the canvas if it is animated, turned as its EXIF
            says.
        height: likewise.
        frames: 1 if it stands still.
        pixels: digest of the size and of all pixels as 8-bit RGBA: two encodings of the same
            pixels have the same one. Of the bytes where nothing here draws them.
        blank: whether all pixels have one colour, or none is to be seen.
        unproved: why its last row cannot be proved; None where it was.
    """

    media_type: str
    width: int
    height: int
    frames: int
    pixels: str
    blank: bool
    unproved: str | None


@dataclass(frozen=True, slots=True)
class _Format:
    """A name, the media type, how a file begins and what walks it."""

    name: str
    media_type: str
    start: re.Pattern[bytes]
    walk: Callable[[bytes], Layout]


_AVIF = rb"....ftyp(?:avi[fs]|.{8}(?:.{4}){0,20}?avi[fs])"
_SVG = (
    rb"(?:\xef\xbb\xbf)?\s*+<(?:\?xml|!--|!doctype\s+svg|(?:\w++:)?svg)"
    rb"|\xff\xfe<\0[?!s]\0|\xfe\xff\0<\0[?!s]"
)
_FORMATS = (  # BMP's first letters are but two: the length of its header belongs to them
    _Format("JPEG", "image/jpeg", re.compile(rb"\xff\xd8\xff"), jpeg.walk),
    _Format("PNG", "image/png", re.compile(rb"\x89PNG\r\n\x1a\n"), png.walk),
    _Format("GIF", "image/gif", re.compile(rb"GIF8[79]a"), gif.walk),
    _Format("WebP", "image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL), webp.walk),
    _Format("BMP", "image/bmp", re.compile(rb"BM.{12}[\x0c(48@l|]\0{3}", re.DOTALL), bmp.walk),
    _Format("icon", "image/x-icon", re.compile(rb"\0\0[\1\2]\0"), icon.walk),
    _Format("AVIF", "image/avif", re.compile(_AVIF, re.DOTALL), avif.walk),
    _Format("SVG", "image/svg+xml", re.compile(_SVG, re.IGNORECASE), svg.walk),
)


def read(data: bytes) -> Picture:
    """Read a picture to its last pixel.

    Bytes after its end are ignored: browsers ignore them, some servers pad with them, and the
    picture is complete without them. A picture whose end is missing is refused, even where an end
    marker was put back: browsers may show it without complaint, but not as it was drawn.

    Raises:
        NotAnImage: no format of `_FORMATS`, or not complete.
        TooLarge: beyond the budget; nothing was decoded.
    """
    media_type, layout = walk(data)
    if not layout.files:  # nothing here draws it
        seen = hashlib.sha256(data).hexdigest()
        width, height, blank = *layout.shown, False
    else:
        # it imports Pillow, which a command that meets no picture can do without
        from contract.pictures import pixels  # noqa: PLC0415 - as above

        found = pixels.read(layout)
        width, height, seen, blank = found.width, found.height, found.digest, found.blank
    return Picture(media_type, width, height, layout.frames, seen, blank, layout.unproved)


def walk(data: bytes) -> tuple[str, Layout]:
    """Give the media type and the layout of a picture; nothing is decoded.

    Raises:
        NotAnImage: no format of `_FORMATS`, or not complete.
        TooLarge: beyond the budget.
    """
    form = next((form for form in _FORMATS if form.start.match(data)), None)
    if form is None:
        raise NotAnImage(_likeness(data))
    try:
        return form.media_type, form.walk(data)
    except MemoryError as error:
        raise TooLarge(f"a {form.name} too large for this process ({error})") from error
    except (struct.error, LookupError, ArithmeticError, zlib.error) as error:
        raise NotAnImage(f"a {form.name} that breaks or stops early ({error})") from error


_LIKENESSES = (
    (rb"\Z", "empty"),
    (rb"\s*+<(!doctype html|html|head|body)", "HTML"),
    (rb"\s*+[{[]", "JSON"),
    (rb"data:|/9j/|iVBORw0KGgo|R0lGOD|UklGR", "base64 once more: it was encoded twice"),
    (rb"....ftyp(heic|heix|mif1|msf1)", "HEIC"),
    (rb"II\*\x00|MM\x00\*", "TIFF"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "JPEG XL"),
    (rb"\0\0\0\x0cjP  ", "JPEG 2000"),
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
    "image/vnd.microsoft.icon": "image/x-icon",
    "image/ico": "image/x-icon",
    "image/avif-sequence": "image/avif",
    "image/svg": "image/svg+xml",
}


def same_media_type(label: str, media_type: str) -> bool:
    """Say whether a label names the media type; case, parameters and old names do not matter."""
    name = label.partition(";")[0].strip().lower()
    return _SYNONYMS.get(name, name) == media_type
