"""WebP, animated or not: the container; libwebp itself refuses a frame that stops early.

libwebp takes up to two missing bytes at the end of a lossy frame for zeros, and so do browsers.
A frame that lost no more than those, and whose sizes were made to fit, is therefore accepted.
Browsers do not turn a WebP by its EXIF.
"""

from __future__ import annotations

import struct

from contract.pictures.image_formats import Layout, NotAnImage, judge_size

_RIFF = 12
"""The length of the header."""
_CANVASES = 3
"""How many canvases are held while one is drawn: libwebp's own, the one before it, and ours."""


def walk(data: bytes) -> Layout:
    """Walk the chunks to the end that the header promises; the first one gives the size."""
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    if end > len(data):
        raise NotAnImage(f"a WebP that stops early, at byte {len(data)} of {end}")
    position, frames = _RIFF, 0
    while position < end:
        kind, size = struct.unpack_from("<4sI", data, position)
        position += 8 + size + size % 2
        frames += kind == b"ANMF"
    width, height = _size(data[_RIFF:end])
    frames = max(frames, 1)
    judge_size(width, height, frames, passes=_CANVASES)
    return Layout(form="WEBP", width=width, height=height, frames=frames, files=(data[:end],))


def _size(chunk: bytes) -> tuple[int, int]:
    kind = chunk[:4]
    if kind == b"VP8X":
        width, high, height, highest = struct.unpack_from("<HBHB", chunk, 12)
        return width + (high << 16) + 1, height + (highest << 16) + 1
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", chunk, 9)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", chunk, 14)
        return width & 0x3FFF, height & 0x3FFF
    raise NotAnImage(f"a WebP that begins with a chunk that browsers do not know ({kind!a})")
