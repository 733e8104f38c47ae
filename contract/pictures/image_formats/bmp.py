"""BMP: every row is there. Where rows are run-length encoded, Pillow refuses a file with too few.

Pictures with channel masks are read where Pillow knows the masks: the usual ones.
"""

from __future__ import annotations

import struct

from contract.pictures.image_formats import Layout, NotAnImage, judge_size

_OLD_HEADER = 12
"""The length of OS/2's header, whose sizes have 16 bits."""
_MAX_INDEXED = 8
"""The most bits of a pixel that is the number of a colour."""
_RUNS = frozenset({1, 2})
"""The run-length encodings."""


def walk(data: bytes) -> Layout:
    """Read the headers, then check that the last row has room in the file."""
    offset, header = struct.unpack_from("<II", data, 10)
    if header == _OLD_HEADER:
        width, height, _, depth = struct.unpack_from("<HHHH", data, 18)
        packing, colours, colour_size = 0, 0, 3
    else:
        width, height, _, depth, packing, colours = struct.unpack_from("<iiHHI12xI", data, 18)
        colour_size = 4
    height = abs(height)  # negative: rows from top to bottom
    judge_size(width, height)
    palette = colour_size * (colours or 1 << depth) if depth <= _MAX_INDEXED else 0
    if offset < 14 + header + palette:
        raise NotAnImage("a BMP whose pixels begin in its header")
    rows = (width * depth + 31) // 32 * 4 * height
    if packing not in _RUNS and offset + rows > len(data):
        raise NotAnImage("a BMP whose pixels stop early")
    return Layout(width=width, height=height, frames=1, files=(data,))
