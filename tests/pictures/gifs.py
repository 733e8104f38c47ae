"""GIFs of every kind, block by block."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from itertools import product

from PIL import Image

from tests.pictures.drawings import DRAWING, GLASS, HEIGHT, WIDTH, animated, saved

TRAILER = b";"


def colours(bits: int) -> bytes:
    """Give a palette of `2 ** bits` colours."""
    return bytes(value * 61 % 256 for value in range(3 << bits))


def packed(pixels: Sequence[int], bits: int, *, end: bool = True) -> bytes:
    """Pack pixels into codes that never make a table: a clear code comes before it is full."""
    clear, size, text = 1 << bits, bits + 1, ""
    for number, pixel in enumerate(pixels):
        if number % max((1 << bits) - 2, 1) == 0:
            text = f"{clear:0{size}b}" + text
        text = f"{pixel:0{size}b}" + text
    if end:
        text = f"{clear + 1:0{size}b}" + text
    text = "0" * (-len(text) % 8) + text
    data = bytes(int(text[start : start + 8], 2) for start in range(0, len(text), 8))[::-1]
    blocks = (data[start : start + 255] for start in range(0, len(data), 255))
    return bytes((bits,)) + b"".join(bytes((len(block),)) + block for block in blocks) + b"\0"


def frame(  # noqa: PLR0913 - the parts of a frame that vary
    size: tuple[int, int] = (WIDTH, HEIGHT),
    *,
    at: tuple[int, int] = (0, 0),
    bits: int = 2,
    most: int | None = None,
    own: bytes = b"",
    flags: int = 0,
    count: int | None = None,
    end: bool = True,
) -> bytes:
    """Write a frame of a pattern of colours below `most`, with so many of its pixels."""
    whole = size[0] * size[1]
    wanted = whole if count is None else count
    pixels = [number * 7 % (most or 1 << bits) for number in range(wanted)]
    if own:
        flags |= 0x80 | (len(own) // 3).bit_length() - 2
    return struct.pack("<cHHHHB", b",", *at, *size, flags) + own + packed(pixels, bits, end=end)


def gif(
    *blocks: bytes,
    screen: tuple[int, int] = (WIDTH, HEIGHT),
    shared: bytes = b"",
    version: bytes = b"89a",
    end: bytes = TRAILER,
) -> bytes:
    """Put a GIF together: its screen, its shared palette, its blocks, its end."""
    flags = 0x80 | (len(shared) // 3).bit_length() - 2 if shared else 0
    return (
        b"GIF"
        + version
        + struct.pack("<HHBBB", *screen, flags, 0, 0)
        + shared
        + b"".join((*blocks, end))
    )


def control(*, transparent: int | None = None, disposal: int = 0, delay: int = 10) -> bytes:
    """Write the block that says how the next frame is shown."""
    flags = disposal << 2 | (transparent is not None)
    return b"!\xf9\4" + struct.pack("<BHB", flags, delay, transparent or 0) + b"\0"


_FOUR = colours(2)
_NOISE = Image.frombytes("L", (120, 90), bytes(n * n // 7 % 251 for n in range(120 * 90)))
PLAIN = saved(DRAWING, "GIF")
WHOLE: Mapping[str, bytes] = {
    **{
        f"gif-{mode}-{'interlaced' if interlace else 'plain'}": saved(
            GLASS.convert(mode), "GIF", interlace=interlace
        )
        for mode, interlace in product(("RGB", "RGBA", "L", "1"), (0, 1))
    },
    "gif-full-table": saved(_NOISE, "GIF"),
    "gif-87a": gif(frame(), shared=_FOUR, version=b"87a"),
    "gif-own-palette": gif(frame(own=_FOUR)),
    "gif-both-palettes": gif(frame(own=_FOUR[::-1]), shared=_FOUR),
    "gif-of-two-colours": gif(frame(bits=2, most=2), shared=colours(1)),
    "gif-codes-larger-than-palette": gif(frame(bits=8, most=4), shared=_FOUR),
    "gif-transparent": gif(control(transparent=1), frame(), shared=_FOUR),
    "gif-smaller-than-screen": gif(frame((9, 7), at=(5, 4)), shared=_FOUR),
    "gif-larger-than-screen": gif(frame(), shared=_FOUR, screen=(10, 10)),
    "gif-beside-screen": gif(frame((9, 7), at=(WIDTH - 4, 3)), shared=_FOUR),
    "gif-without-screen": gif(frame(), shared=_FOUR, screen=(0, 0)),
    "gif-without-end-code": gif(frame(end=False), shared=_FOUR),
    "gif-comment": gif(b"!\xfe\7kaptcha\0", frame(), shared=_FOUR),
    "gif-unknown-extension": gif(b"!\x55\3abc\0", frame(), shared=_FOUR),
    "gif-text-extension": gif(b"!\1\x0c" + bytes(12) + b"\2ab\0", frame(), shared=_FOUR),
    "gif-bytes-behind": PLAIN + b"\0\0more",
    "gif-pixels-too-many": gif(frame(count=WIDTH * HEIGHT + 40), shared=_FOUR),
    "gif-animated": animated("GIF"),
    **{f"gif-animated-disposal-{number}": animated("GIF", disposal=number) for number in (1, 2, 3)},
    "gif-animated-palettes": gif(frame(own=_FOUR), control(), frame((5, 5), own=_FOUR[::-1])),
    "gif-animated-second-larger": gif(
        frame((9, 9)), frame((30, 20)), shared=_FOUR, screen=(12, 12)
    ),
    "gif-interlaced-by-hand": gif(frame(flags=0x40), shared=_FOUR),
    "gif-sorted-palette": gif(frame(own=_FOUR, flags=0x20)),
    "gif-of-8-bits": gif(frame(bits=8), shared=colours(8)),
    "gif-of-7-bits": gif(frame(bits=7), shared=colours(7)),
    "gif-loops": gif(b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0", frame(), frame(), shared=_FOUR),
    "gif-one-colour": gif(frame(most=1), shared=_FOUR),
}
"""GIFs that are complete, and that browsers may show."""
DAMAGED: Mapping[str, bytes] = {
    "gif-palette-missing": gif(frame()),
    "gif-palette-missing-87a": gif(frame(), version=b"87a"),
    "gif-palette-too-short": gif(frame(bits=4), shared=_FOUR),
    "gif-palette-too-short-own": gif(frame(bits=4, own=_FOUR), shared=colours(4)),
    "gif-palette-missing-in-second-frame": gif(frame(own=_FOUR), frame()),
    "gif-without-end": gif(frame(), shared=_FOUR, end=b""),
    "gif-without-end-block": gif(frame(), shared=_FOUR)[:-2],
    "gif-without-end-block-but-trailer": gif(frame(), shared=_FOUR)[:-2] + TRAILER,
    **{f"gif-cut-{part}%": PLAIN[: len(PLAIN) * part // 100] for part in (2, 50, 80, 95)},
    "gif-cut-end-put-back": PLAIN[:-60] + b"\0;",
    "gif-a-pixel-too-few": gif(frame(count=WIDTH * HEIGHT - 1), shared=_FOUR),
    "gif-a-row-too-few": gif(frame(count=WIDTH * (HEIGHT - 1)), shared=_FOUR),
    "gif-no-pixels": gif(frame(count=0), shared=_FOUR),
    "gif-without-frames": gif(shared=_FOUR),
    "gif-second-frame-cut": gif(frame(), frame(count=50), shared=_FOUR),
    "gif-code-never-made": gif(
        struct.pack("<cHHHHB", b",", 0, 0, 2, 1, 0) + b"\2\1\xfc\0", shared=_FOUR, screen=(2, 1)
    ),
    "gif-code-size-0": gif(
        struct.pack("<cHHHHB", b",", 0, 0, 2, 1, 0) + b"\0\2\x04\x01\0", shared=_FOUR, screen=(2, 1)
    ),
    "gif-code-size-1": gif(frame(bits=1), shared=_FOUR),
    "gif-code-size-12": gif(
        struct.pack("<cHHHHB", b",", 0, 0, 2, 1, 0) + b"\x0c\2\x04\x01\0",
        shared=_FOUR,
        screen=(2, 1),
    ),
    "gif-foreign-bytes": gif(frame(), b"xx", shared=_FOUR),
    "gif-foreign-bytes-before": gif(b"xx", frame(), shared=_FOUR),
    "gif-zero-between": gif(frame(), b"\0", frame(), shared=_FOUR),
    "gif-of-no-width": gif(frame((0, 5), count=0), shared=_FOUR, screen=(0, 5)),
    "gif-version-unknown": gif(frame(), shared=_FOUR, version=b"90a"),
    "gif-through-a-text": PLAIN.decode("utf-8", "replace").encode(),
}
"""GIFs that lack something, or that browsers do not show."""
