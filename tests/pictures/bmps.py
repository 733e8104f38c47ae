"""BMPs and icons of every kind, header by header."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from tests.pictures.drawings import DRAWING, GLASS, HEIGHT, WIDTH, saved
from tests.pictures.pngs import PLAIN as PNG

RGB, RLE8, RLE4, FIELDS, JPEG_INSIDE, PNG_INSIDE, ALPHA_FIELDS = range(7)
"""How the pixels are packed."""


def pattern(depth: int, *, most: int = 0, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    """Give rows of a pattern, padded to four bytes; indexed ones stay below `most`."""
    sent = bytearray()
    for y in range(size[1]):
        values = (
            ((x * 2654435761 + y * 40503) >> 3) % (most or 1 << depth) for x in range(size[0])
        )
        if depth >= 8:
            row = b"".join(value.to_bytes(depth // 8, "little") for value in values)
        else:
            text = "".join(f"{value:0{depth}b}" for value in values)
            row = int(text + "0" * (-len(text) % 8), 2).to_bytes((len(text) + 7) // 8, "big")
        sent += row + bytes(-len(row) % 4)
    return bytes(sent)


def bmp(  # noqa: PLR0913 - the parts of a BMP that vary
    depth: int,
    *,
    packing: int = RGB,
    masks: Sequence[int] = (),
    header: int = 40,
    colours: int | None = None,
    stated: int = 0,
    pixels: bytes | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    offset: int | None = None,
    gap: bytes = b"",
) -> bytes:
    """Put a BMP together.

    Args:
        depth: bits of a pixel.
        packing: how the pixels are packed.
        masks: which bits of a pixel are red, green, blue and alpha.
        header: the length of the second header.
        colours: how many the palette has; as many as the depth can name without it.
        stated: how many the header says that it has; 0 for all.
        pixels: the rows; a pattern without them.
        size: width and height; a negative height puts the first row on top.
        offset: where the pixels are said to begin; where they do without it.
        gap: bytes between the palette and the pixels.
    """
    count = (1 << depth if depth <= 8 else 0) if colours is None else colours
    if header == 12:
        second = struct.pack("<IHHHH", 12, size[0], size[1], 1, depth)
    else:
        second = struct.pack("<IiiHHIIiiII", 40, *size, 1, depth, packing, 0, 0, 0, stated, 0)
        if header > 40:
            second = struct.pack("<I", header) + second[4:]
            fields = [*masks, 0, 0, 0, 0][: (header - 40) // 4][:4]
            second += struct.pack(f"<{len(fields)}I", *fields)
            second += b"BGRs" if header >= 108 else b""
            second = second.ljust(header, b"\0")
    outside = struct.pack(f"<{len(masks)}I", *masks) if header == 40 else b""
    palette = b"".join(
        bytes((n * 61 % 256, n * 29 % 256, n * 97 % 256)) + b"\0" * (header != 12)
        for n in range(count)
    )
    rows = pattern(depth, size=(size[0], abs(size[1]))) if pixels is None else pixels
    begins = 14 + len(second) + len(outside) + len(palette) + len(gap)
    start = struct.pack(
        "<2sIII", b"BM", begins + len(rows), 0, begins if offset is None else offset
    )
    return b"".join((start, second, outside, palette, gap, rows))


_888 = (0xFF0000, 0xFF00, 0xFF)
_RUNS = b"".join(bytes((WIDTH, row * 11)) + b"\0\0" for row in range(HEIGHT - 1))
_RUNS += bytes((0, WIDTH)) + bytes(range(WIDTH)) + b"\0\1"
_JUMP = b"\1\7\0\2\3\2" + bytes((WIDTH - 4, 9)) + b"\0\0" + _RUNS[12:]  # over two rows
_RUNS4 = b"".join(bytes((WIDTH, row * 11)) + b"\0\0" for row in range(HEIGHT))
WHOLE: Mapping[str, bytes] = {
    **{f"bmp-{depth}-bits": bmp(depth) for depth in (1, 4, 8, 16, 24, 32)},
    **{f"bmp-{depth}-bits-of-os2": bmp(depth, header=12) for depth in (1, 4, 8, 24)},
    "bmp-2-bits": bmp(2),
    **{f"bmp-{header}-byte-header": bmp(24, header=header) for header in (52, 56, 64, 108, 124)},
    **{
        f"bmp-masks-{name}": bmp(16, packing=FIELDS, masks=masks)
        for name, masks in {
            "565": (0xF800, 0x7E0, 0x1F),
            "555": (0x7C00, 0x3E0, 0x1F),
            "444": (0xF00, 0xF0, 0xF),
            "bgr-565": (0x1F, 0x7E0, 0xF800),
            "332": (0xE0, 0x1C, 0x3),
            "655": (0xFC00, 0x3E0, 0x1F),
            "green-only": (0, 0xFF00, 0),
        }.items()
    },
    **{
        f"bmp-masks-{name}-of-32": bmp(32, packing=FIELDS, masks=masks)
        for name, masks in {
            "bgr": _888,
            "rgb": (0xFF, 0xFF00, 0xFF0000),
            "high": (0xFF000000, 0xFF0000, 0xFF00),
            "high-rgb": (0xFF00, 0xFF0000, 0xFF000000),
            "101010": (0x3FF00000, 0xFFC00, 0x3FF),
            "odd": (0x7F, 0x3F80, 0x1FC000),
        }.items()
    },
    "bmp-masks-alpha-56": bmp(32, packing=FIELDS, header=56, masks=(*_888, 0xFF000000)),
    "bmp-masks-alpha-108": bmp(32, packing=FIELDS, header=108, masks=(*_888, 0xFF000000)),
    "bmp-masks-alpha-124": bmp(
        32, packing=FIELDS, header=124, masks=(0xFF, 0xFF00, 0xFF0000, 0xFF000000)
    ),
    "bmp-masks-alpha-1555": bmp(
        16, packing=FIELDS, header=108, masks=(0x7C00, 0x3E0, 0x1F, 0x8000)
    ),
    "bmp-masks-alpha-4444": bmp(16, packing=FIELDS, header=108, masks=(0xF00, 0xF0, 0xF, 0xF000)),
    **{
        f"bmp-alpha-mask-without-fields-{header}": bmp(32, header=header, masks=(*_888, 0xFF000000))
        for header in (56, 108, 124)
    },
    "bmp-alpha-mask-without-fields-16": bmp(16, header=108, masks=(0x7C00, 0x3E0, 0x1F, 0x8000)),
    **{
        f"bmp-alpha-all-zero-{header}": bmp(
            32,
            packing=FIELDS,
            header=header,
            masks=(*_888, 0xFF000000),
            pixels=b"\x40\x90\xd0\0" * (WIDTH * HEIGHT - 1) + b"\1\2\3\0",
        )
        for header in (56, 108)
    },
    "bmp-alpha-fields": bmp(32, packing=ALPHA_FIELDS, masks=(*_888, 0xFF000000)),
    "bmp-masks-52": bmp(32, packing=FIELDS, header=52, masks=_888),
    "bmp-from-top": bmp(24, size=(WIDTH, -HEIGHT)),
    "bmp-masks-from-top": bmp(16, packing=FIELDS, masks=(0xF00, 0xF0, 0xF), size=(WIDTH, -HEIGHT)),
    "bmp-runs": bmp(8, packing=RLE8, pixels=_RUNS),
    "bmp-runs-without-end": bmp(8, packing=RLE8, pixels=_RUNS[:-2]),
    "bmp-runs-of-4-bits": bmp(4, packing=RLE4, pixels=_RUNS4 + b"\0\1"),
    "bmp-runs-with-gap": bmp(8, packing=RLE8, pixels=_JUMP),
    "bmp-gap-before-pixels": bmp(24, gap=bytes(16)),
    "bmp-palette-short-but-enough": bmp(8, colours=5, stated=5, pixels=pattern(8, most=5)),
    "bmp-palette-beside-24-bits": bmp(24, colours=4, stated=4),
    "bmp-bytes-behind": bmp(24) + b"\0more",
    "bmp-P": saved(DRAWING.convert("P"), "BMP"),
    "bmp-RGBA": saved(GLASS, "BMP"),
    "bmp-one-colour": bmp(24, pixels=b"\xff" * (104 * HEIGHT)),
}
"""BMPs that are complete, and that browsers may show."""
_PLAIN = bmp(24)
DAMAGED: Mapping[str, bytes] = {
    "bmp-palette-too-short": bmp(8, colours=20, stated=20),
    "bmp-palette-of-1-in-1-bit": bmp(1, colours=1, stated=1),
    "bmp-palette-missing": bmp(8, colours=0),
    "bmp-palette-too-short-for-runs": bmp(8, packing=RLE8, pixels=_RUNS, colours=20, stated=20),
    "bmp-palette-of-300": bmp(8, colours=300, stated=300),
    "bmp-last-row-missing": _PLAIN[:-104],
    "bmp-last-byte-missing": _PLAIN[:-1],
    "bmp-last-pixel-missing": _PLAIN[:-3],
    **{f"bmp-cut-{part}%": _PLAIN[: len(_PLAIN) * part // 100] for part in (2, 30, 90)},
    "bmp-runs-cut": bmp(8, packing=RLE8, pixels=_RUNS[:40]),
    "bmp-runs-cut-but-ended": bmp(8, packing=RLE8, pixels=_RUNS[:40] + b"\0\1"),
    "bmp-runs-past-the-row": bmp(8, packing=RLE8, pixels=b"\xff\1" * 9 + _RUNS),
    "bmp-offset-0": bmp(24, offset=0),
    "bmp-header-of-0": bmp(24).replace(b"\x28\0\0\0", b"\0\0\0\0", 1),
    "bmp-pixels-in-header": bmp(24, offset=20),
    "bmp-pixels-outside": bmp(24, offset=99999),
    "bmp-3-bits": bmp(24).replace(b"\x18\0", b"\3\0", 1),
    "bmp-unknown-packing": bmp(24, packing=9),
    "bmp-jpeg-inside": bmp(24, packing=JPEG_INSIDE),
    "bmp-png-inside": bmp(24, packing=PNG_INSIDE, pixels=PNG),
    "bmp-without-masks": bmp(16, packing=FIELDS, masks=(0, 0, 0)),
    "bmp-masks-overlapping": bmp(16, packing=FIELDS, masks=(0xFFF0, 0xFF0, 0xF)),
    "bmp-masks-with-holes": bmp(16, packing=FIELDS, masks=(0xA000, 0x7E0, 0x1F)),
    "bmp-masks-of-24-bits": bmp(24, packing=FIELDS, masks=_888),
    "bmp-runs-of-24-bits": bmp(24, packing=RLE8),
    "bmp-runs-from-top": bmp(8, packing=RLE8, pixels=_RUNS, size=(WIDTH, -HEIGHT)),
    "bmp-of-no-width": bmp(24, size=(0, HEIGHT), pixels=b""),
    "bmp-of-negative-width": bmp(24, size=(-WIDTH, HEIGHT), pixels=bytes(3000)),
    "bmp-two-planes": _PLAIN[:26] + b"\2\0" + _PLAIN[28:],
}
"""BMPs that lack something, or that browsers do not show."""
