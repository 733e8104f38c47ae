"""Icons and cursors of every kind."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from tests.pictures.bmps import bmp, pattern
from tests.pictures.drawings import DRAWING, GLASS, HEIGHT, WIDTH, saved

Entry = tuple[bytes, int, int, int]
"""The bytes of one picture, and what the directory says of it: width, height, bits."""


def icon(*entries: Entry, kind: int = 1) -> bytes:
    """Put an icon together, or a cursor (kind 2)."""
    offset, directory = 6 + 16 * len(entries), b""
    for data, width, height, bits in entries:
        directory += struct.pack(
            "<BBBBHHII", width % 256, height % 256, 0, 0, 1, bits, len(data), offset
        )
        offset += len(data)
    return (
        struct.pack("<HHH", 0, kind, len(entries))
        + directory
        + b"".join(data for data, *_ in entries)
    )


def bitmap(depth: int, *, size: tuple[int, int] = (WIDTH, HEIGHT), mask: bool = True) -> Entry:
    """Give a picture of an icon: a BMP without its first header, of twice the height."""
    width, height = size
    data = bmp(depth, size=size)[14:]
    data = data[:8] + struct.pack("<i", 2 * height) + data[12:]
    hidden = (b"\xf0" + bytes((width + 31) // 32 * 4 - 1)) * height if mask else b""
    return data + hidden, width, height, depth


def inside(data: bytes, *, size: tuple[int, int] = (WIDTH, HEIGHT), bits: int = 32) -> Entry:
    """Give a picture of an icon: a whole file."""
    return data, *size, bits


PNG = saved(GLASS, "PNG")
_SMALL = saved(DRAWING.resize((16, 16)), "PNG")
WHOLE: Mapping[str, bytes] = {
    **{f"icon-{depth}-bits": icon(bitmap(depth)) for depth in (1, 4, 8, 24, 32)},
    "icon-png": icon(inside(PNG)),
    "icon-of-two": icon(inside(_SMALL, size=(16, 16)), bitmap(24)),
    "icon-of-two-largest-first": icon(bitmap(24), inside(_SMALL, size=(16, 16))),
    "icon-of-two-depths": icon(bitmap(1), bitmap(24)),
    "icon-256": icon(inside(saved(DRAWING.resize((256, 256)), "PNG"), size=(256, 256))),
    "icon-bytes-behind": icon(bitmap(24)) + b"more",
    "icon-by-pillow": saved(DRAWING.resize((32, 32)), "ICO", sizes=[(16, 16), (32, 32)]),
    "cursor": icon(bitmap(24), kind=2),
    "cursor-png": icon(inside(PNG), kind=2),
}
"""Icons that are complete, and that browsers may show."""
_ROWS = len(pattern(24))
DAMAGED: Mapping[str, bytes] = {
    "icon-empty": icon(),
    "icon-cut": icon(bitmap(24))[:-200],
    "icon-mask-missing": icon(bitmap(24, mask=False)),
    "icon-mask-cut": icon(bitmap(24))[:-1],
    "icon-rows-missing": icon(bitmap(24, mask=False))[:-100],
    "icon-png-cut": icon(inside(PNG))[:-30],
    "icon-png-of-other-size": icon(inside(PNG, size=(16, 16))),
    "icon-second-cut": icon(bitmap(24), inside(_SMALL, size=(16, 16)))[:-30],
    "icon-first-broken": icon(inside(b"x" * 60), bitmap(1)),
    "icon-header-of-0": icon(bitmap(24)).replace(b"\x28\0\0\0", b"\0\0\0\0", 1),
    "icon-jpeg": icon(inside(saved(DRAWING, "JPEG"))),
    "icon-directory-cut": icon(bitmap(24))[:12],
}
"""Icons that lack something, or that browsers do not show."""
