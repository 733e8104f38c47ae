"""BMP: all rows are there; of run-length encoded ones Pillow itself refuses too few.

Of pictures with channel masks, those are read whose masks Pillow knows, the usual ones.
"""

from __future__ import annotations

import struct

from contract.pictures.image_formats import Layout, NotAnImage, judge_size

_OLD_HEADER = 12  # OS/2's, with sizes of 16 bits
_MAX_INDEXED = 8  # bits of a pixel that is a colour number
_RUNS = frozenset({1, 2})  # run-length encodings


def walk(data: bytes) -> Layout:
    """Read the headers, then see that the last row has room in the file."""
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
