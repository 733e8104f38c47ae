"""ICO and CUR: the picture that browsers choose, the largest one with the most colours."""

from __future__ import annotations

import struct

from contract.pictures.image_formats import Layout, NotAnImage, bmp, judge_size, png

_DIRECTORY, _ENTRY = 6, 16
_OTHER_SIZE = "an icon whose picture has another size than its directory says"
_COPIES = 3
"""How many copies of the pixels are held while they are put in their usual form."""
_WITH_ALPHA = 32
"""The bits of a pixel that has its own alpha."""


def walk(data: bytes) -> Layout:
    """Choose a picture from the directory, and read it to its last row: a PNG, or a bitmap."""
    count = struct.unpack_from("<H", data, 4)[0]
    entries = [
        struct.unpack_from("<BBBxHHII", data, _DIRECTORY + _ENTRY * number)
        for number in range(count)
    ]
    if not entries:
        raise NotAnImage("an icon without a picture")
    chosen = max(entries, key=lambda entry: ((entry[0] or 256) * (entry[1] or 256), entry[4]))
    size, offset = (chosen[0] or 256, chosen[1] or 256), chosen[6]
    inside = data[offset:]
    layout = png.walk(inside) if inside.startswith(png.SIGNATURE) else _bitmap(inside, size)
    if (layout.width, layout.height) != size:
        raise NotAnImage(_OTHER_SIZE)
    return layout


def _bitmap(data: bytes, size: tuple[int, int]) -> Layout:
    """Read a bitmap of twice its height: below the rows stand those of its mask."""
    header = bmp.read_header(data, 0)
    width, height = header.width, header.height // 2
    if (width, height) != size:
        raise NotAnImage(_OTHER_SIZE)
    judge_size(width, height, passes=_COPIES)
    # numpy comes with it, 0.1 s that other pictures can do without
    from contract.pictures.image_formats import bitmap  # noqa: PLC0415 - as above

    file = bitmap.usual_form(bitmap.masked(data, header, has_alpha=header.depth == _WITH_ALPHA))
    return Layout(form="BMP", width=width, height=height, files=(file,))
