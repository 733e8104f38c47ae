"""BMP: the headers. The rows, of which every one must be there, are read in `bitmap`.

Icons hold the same headers, without the first one.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from contract.pictures.image_formats import Layout, NotAnImage, judge_size

RUNS_OF_8, RUNS_OF_4, MASKS, MASKS_WITH_ALPHA = 1, 2, 3, 6
"""How pixels may be packed, beside not at all (0)."""
_DEEPEST = 32
"""The most bits of a pixel."""
MAX_INDEXED = 8
"""The most bits of a pixel that is the number of a colour."""

_FILE_HEADER = 14
_OLD_HEADER = 12
"""The length of OS/2's header, whose sizes have 16 bits."""
_HEADER = 40
"""The length of the usual header; longer ones hold the masks that follow it."""
_WITH_ALPHA_MASK = 56
"""The length of the first header that holds a mask for alpha."""
_WITH_ALPHA_ALWAYS = 108
"""The length of the first header whose mask for alpha counts without the others."""
_OS2_HEADER = 64
"""The length of OS/2's second header, which holds other things than masks."""
_HEADERS = frozenset(
    {_OLD_HEADER, _HEADER, 52, _WITH_ALPHA_MASK, _OS2_HEADER, _WITH_ALPHA_ALWAYS, 124}
)
"""The lengths that a header may have."""
_DEPTHS = {
    0: frozenset({1, 2, 4, 8, 16, 24, 32}),
    RUNS_OF_8: frozenset({8}),
    RUNS_OF_4: frozenset({4}),
    MASKS: frozenset({16, 32}),
    MASKS_WITH_ALPHA: frozenset({16, 32}),
}
"""The bits that a pixel may have, by how pixels are packed."""
_USUAL_MASKS = {16: (0x7C00, 0x3E0, 0x1F, 0), 24: (0xFF0000, 0xFF00, 0xFF, 0)}
_COPIES = 3
"""How many copies of the pixels are held while they are put in their usual form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BitmapHeader:
    """What the headers of a bitmap say.

    Attributes:
        width: in pixels.
        height: in pixels.
        from_top: whether the first row is the one on top.
        depth: bits of a pixel.
        packing: how pixels are packed.
        colours: how many the palette has; 0 where pixels are no numbers of colours.
        colour_size: bytes of a colour of the palette.
        masks: which bits are red, green, blue and alpha.
        palette: where the palette begins.
        end: where the headers end, palette included.
    """

    width: int
    height: int
    from_top: bool
    depth: int
    packing: int
    colours: int
    colour_size: int
    masks: tuple[int, int, int, int]
    palette: int
    end: int


def walk(data: bytes) -> Layout:
    """Read the headers, then every row."""
    offset = struct.unpack_from("<I", data, 10)[0]
    header = read_header(data, _FILE_HEADER)
    judge_size(header.width, header.height, passes=_COPIES)
    if offset < header.end:
        raise NotAnImage("a BMP whose pixels begin in its header")
    # numpy comes with it, 0.1 s that other pictures can do without
    from contract.pictures.image_formats import bitmap  # noqa: PLC0415 - as above

    file = bitmap.usual_form(bitmap.pixels(data, header, offset))
    return Layout(form="BMP", width=header.width, height=header.height, files=(file,))


def read_header(data: bytes, start: int) -> BitmapHeader:
    """Read the second header, the masks and the size of the palette.

    Raises:
        NotAnImage: browsers refuse such a header.
    """
    length = struct.unpack_from("<I", data, start)[0]
    if length not in _HEADERS:
        raise NotAnImage(f"a BMP with a header of {length} bytes, which browsers refuse")
    if length == _OLD_HEADER:
        width, height, _, depth = struct.unpack_from("<HHHH", data, start + 4)
        packing = stated = 0
    else:
        width, height, _, depth, packing, stated = struct.unpack_from("<iiHHI12xI", data, start + 4)
    if depth not in _DEPTHS.get(packing, ()):
        raise NotAnImage(f"a BMP of a kind that browsers refuse: {depth} bits, packing {packing}")
    end = start + length
    masks = _USUAL_MASKS.get(min(depth, 24), (0, 0, 0, 0))
    if packing in {MASKS, MASKS_WITH_ALPHA}:
        with_alpha = packing == MASKS_WITH_ALPHA or length >= _WITH_ALPHA_MASK
        count = 4 if with_alpha and length != _OS2_HEADER else 3
        read = struct.unpack_from(f"<{count}I", data, start + _HEADER)
        red, green, blue, alpha = (*read, 0)[:4]
        masks = (red, green, blue, alpha)
        if length == _HEADER:
            end += 4 * count
    elif length >= _WITH_ALPHA_ALWAYS and depth == _DEEPEST:
        masks = (*masks[:3], struct.unpack_from("<I", data, start + _HEADER + 12)[0])
    most = 1 << depth
    colours = 0 if depth > MAX_INDEXED else min(stated or most, most)
    colour_size = 3 if length == _OLD_HEADER else 4
    return BitmapHeader(
        width=width,
        height=abs(height),
        from_top=height < 0,
        depth=depth,
        packing=packing,
        colours=colours,
        colour_size=colour_size,
        masks=masks,
        palette=end,
        end=end + colours * colour_size,
    )
