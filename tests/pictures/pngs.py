"""PNGs of every kind, chunk by chunk."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from itertools import product

from PIL import Image, PngImagePlugin

from tests.pictures.drawings import DRAWING, GLASS, HEIGHT, WIDTH, animated, saved, turned

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = b"\0\0\0\0IEND\xae\x42\x60\x82"
"""The last chunk."""
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4)),
    *((1, 0, 2, 2), (0, 1, 1, 2)),
)


def chunk(kind: bytes, payload: bytes, *, checksum: int | None = None) -> bytes:
    """Write a chunk; another checksum than its own makes it a broken one."""
    right = zlib.crc32(kind + payload) if checksum is None else checksum
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", right)


def rows(depth: int, colour: int, *, interlaced: bool = False, size: tuple[int, int]) -> bytes:
    """Give rows of a pattern, unfiltered, in one pass or in seven."""
    width, height = size
    bits = depth * CHANNELS[colour]
    sent = bytearray()
    for left, top, right, down in _ADAM7 if interlaced else ((0, 0, 1, 1),):
        columns = range(left, width, right)
        for y in range(top, height, down) if columns else ():
            samples = "".join(
                f"{(x * 37 + y * 11 + channel * 90) % 255 % (1 << min(depth, 8)):0{min(depth, 8)}b}"
                + "10100101" * (depth == 16)
                for x in columns
                for channel in range(CHANNELS[colour])
            )
            samples += "0" * (-len(samples) % 8)
            sent += b"\0" + int(samples, 2).to_bytes((len(columns) * bits + 7) // 8, "big")
    return bytes(sent)


def png(  # noqa: PLR0913 - the parts of a PNG that vary
    depth: int,
    colour: int,
    *chunks: bytes,
    interlaced: bool = False,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    sent: bytes | None = None,
    behind: bytes = b"",
    end: bytes = END,
) -> bytes:
    """Put a PNG together: its header, these chunks, the pixels, what follows them, its end."""
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlaced)
    if sent is None:
        packed = zlib.compress(rows(depth, colour, interlaced=interlaced, size=size))
        sent = chunk(b"IDAT", packed)
    return b"".join((SIGNATURE, chunk(b"IHDR", header), *chunks, sent, behind, end))


def palette(count: int) -> bytes:
    """Write a palette of so many colours."""
    return chunk(b"PLTE", bytes(value * 29 % 256 for value in range(3 * count)))


def _control(number: int, size: tuple[int, int] = (WIDTH, HEIGHT), *, left: int = 0) -> bytes:
    return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, *size, left, 0, 1, 10, 0, 0))


def _animation(announced: int, *frames: bytes, sent: bytes | None = None) -> bytes:
    start = chunk(b"acTL", struct.pack(">II", announced, 0))
    return png(8, 2, start, _control(0), sent=sent, behind=b"".join(frames))


def _more(number: int, data: bytes) -> bytes:
    return chunk(b"fdAT", struct.pack(">I", number) + data)


_PACKED = zlib.compress(rows(8, 2, size=(WIDTH, HEIGHT)))
_TEXT = b"Comment\0kaptcha"
_INFO = PngImagePlugin.PngInfo()
_INFO.add_text("Comment", "kaptcha", zip=True)
PLAIN = saved(DRAWING, "PNG")
LEGAL = [
    *((depth, 0) for depth in (1, 2, 4, 8, 16)),
    *((depth, 3) for depth in (1, 2, 4, 8)),
    *((depth, colour) for depth, colour in product((8, 16), (2, 4, 6))),
]
"""The depths that each colour type may have."""


def _palette_for(depth: int, colour: int) -> tuple[bytes, ...]:
    return (palette(1 << depth),) if colour == 3 else ()


WHOLE: Mapping[str, bytes] = {
    **{
        f"png-colour{colour}-{depth}-bits{'-interlaced' * interlaced}": png(
            depth, colour, *_palette_for(depth, colour), interlaced=interlaced
        )
        for (depth, colour), interlaced in product(LEGAL, (False, True))
    },
    **{f"png-{mode}": saved(GLASS.convert(mode), "PNG") for mode in ("RGBA", "LA", "P", "1")},
    "png-one-pixel-interlaced": png(8, 2, interlaced=True, size=(1, 1)),
    "png-three-pixels-interlaced": png(1, 0, interlaced=True, size=(3, 1)),
    "png-palette-short-but-enough": png(
        8, 3, palette(2), sent=chunk(b"IDAT", zlib.compress((b"\0" + b"\0\1" * 17) * HEIGHT))
    ),
    "png-palette-beside-rgb": png(8, 2, palette(5)),
    "png-palette-longer-than-bits": png(2, 3, palette(9)),
    "png-transparent-colour": png(8, 2, chunk(b"tRNS", b"\0\0\0\x5a\0\xb4")),
    "png-transparent-grey": png(8, 0, chunk(b"tRNS", b"\0\0")),
    "png-transparent-palette": png(4, 3, palette(16), chunk(b"tRNS", b"\0\x80")),
    "png-transparency-longer-than-palette": png(
        1, 3, palette(2), chunk(b"tRNS", b"\0\x80\x40\x20")
    ),
    "png-text-of-bad-checksum": png(8, 2, chunk(b"tEXt", _TEXT, checksum=1)),
    "png-packed-text-of-bad-checksum": png(8, 2, chunk(b"zTXt", b"a\0\0xx", checksum=1)),
    "png-time-of-bad-checksum": png(8, 2, behind=chunk(b"tIME", bytes(7), checksum=1)),
    "png-private-of-bad-checksum": png(8, 2, chunk(b"caPt", b"x", checksum=1)),
    "png-resolution-of-bad-checksum": png(8, 2, chunk(b"pHYs", bytes(9), checksum=1)),
    "png-packed-text": saved(DRAWING, "PNG", pnginfo=_INFO),
    "png-packed-text-broken": png(8, 2, chunk(b"zTXt", b"a\0\0xx")),
    "png-profile-broken": png(8, 2, chunk(b"iCCP", b"x\0\0x")),
    "png-exif-broken": png(8, 2, chunk(b"eXIf", b"MM")),
    "png-resolution-too-long": png(8, 2, chunk(b"pHYs", bytes(12))),
    "png-private": png(8, 2, chunk(b"caPt", b"x")),
    "png-pixels-in-parts": png(
        8, 2, sent=b"".join(chunk(b"IDAT", part) for part in (_PACKED[:9], b"", _PACKED[9:]))
    ),
    "png-pixels-byte-by-byte": png(
        8, 2, sent=b"".join(chunk(b"IDAT", bytes((byte,))) for byte in _PACKED)
    ),
    "png-rows-too-many": png(
        8, 2, sent=chunk(b"IDAT", zlib.compress(rows(8, 2, size=(WIDTH, HEIGHT + 3))))
    ),
    "png-bytes-behind": PLAIN + b"\0<html>",
    "png-bytes-behind-stream": png(8, 2, sent=chunk(b"IDAT", _PACKED + b"more")),
    "png-stored": png(
        8, 2, sent=chunk(b"IDAT", zlib.compress(rows(8, 2, size=(WIDTH, HEIGHT)), 0))
    ),
    "png-animated": animated("PNG"),
    "png-animated-behind-still": animated("PNG", default_image=True),
    "png-animated-small-frame": _animation(
        2,
        _control(1, (5, 3), left=7),
        _more(2, zlib.compress(rows(8, 2, size=(5, 3)))),
    ),
    "png-animated-announced-late": png(
        8, 2, behind=chunk(b"acTL", struct.pack(">II", 1, 0)) + _control(0)
    ),
    **{f"png-turned-{number}": png(8, 2, chunk(b"eXIf", turned(number)[6:])) for number in (3, 6)},
    "png-turned-behind-pixels": png(8, 2, behind=chunk(b"eXIf", turned(6)[6:])),
    "png-turned-of-bad-checksum": png(8, 2, chunk(b"eXIf", turned(6)[6:], checksum=1)),
    "png-gamma": png(8, 2, chunk(b"gAMA", struct.pack(">I", 100_000))),
    "png-srgb": png(8, 2, chunk(b"sRGB", b"\0")),
    "png-transparency-behind-pixels": png(8, 2, behind=chunk(b"tRNS", b"\0\0\0\x5a\0\xb4")),
    "png-one-colour": saved(Image.new("RGB", (40, 20), "white"), "PNG"),
    "png-transparent": saved(Image.new("RGBA", (40, 20), (9, 9, 9, 0)), "PNG"),
}
"""PNGs that are complete, and that browsers may show."""
_DATA = PLAIN.index(b"IDAT") - 4
_LENGTH = struct.unpack_from(">I", PLAIN, _DATA)[0]
_SENT = PLAIN[_DATA + 8 : _DATA + 8 + _LENGTH]
DAMAGED: Mapping[str, bytes] = {
    "png-palette-missing": png(8, 3),
    "png-palette-missing-1-bit": png(1, 3),
    **{f"png-palette-of-{count}": png(8, 3, palette(count)) for count in (1, 20, 200)},
    "png-palette-of-1-in-1-bit": png(1, 3, palette(1)),
    "png-palette-of-15-in-4-bits": png(4, 3, palette(15)),
    "png-palette-empty": png(8, 3, chunk(b"PLTE", b"")),
    "png-palette-of-odd-length": png(1, 3, chunk(b"PLTE", bytes(7))),
    "png-palette-of-300": png(8, 3, palette(300)),
    "png-palette-behind-pixels": png(8, 3, behind=palette(256)),
    "png-palette-twice": png(8, 3, palette(256), palette(256)),
    "png-palette-in-grey": png(8, 0, palette(2)),
    "png-palette-of-bad-checksum": png(8, 3, chunk(b"PLTE", bytes(range(256)) * 3, checksum=1)),
    "png-palette-short-interlaced": png(8, 3, palette(20), interlaced=True),
    "png-header-of-bad-checksum": PLAIN[:29] + b"\0\0\0\0" + PLAIN[33:],
    "png-pixels-of-bad-checksum": png(8, 2, sent=chunk(b"IDAT", _PACKED, checksum=1)),
    "png-end-of-bad-checksum": png(8, 2, end=b"\0\0\0\0IEND\0\0\0\0"),
    "png-transparency-of-bad-checksum": png(8, 2, chunk(b"tRNS", b"\0\0\0\x5a\0\xb4", checksum=1)),
    "png-stream-of-bad-checksum": png(8, 2, sent=chunk(b"IDAT", _PACKED[:-1] + b"x")),
    "png-stream-without-checksum": png(8, 2, sent=chunk(b"IDAT", _PACKED[:-4])),
    "png-without-end": PLAIN[:-12],
    "png-end-cut": PLAIN[:-4],
    **{f"png-cut-{part}%": PLAIN[: len(PLAIN) * part // 100] for part in (5, 40, 80, 95)},
    **{
        f"png-pixels-cut-{size}-bytes": png(8, 2, sent=chunk(b"IDAT", _SENT[:-size]))
        for size in (1, 4, 5, 9, 60)
    },
    "png-a-row-too-few": png(
        8, 2, sent=chunk(b"IDAT", zlib.compress(rows(8, 2, size=(WIDTH, HEIGHT - 1))))
    ),
    "png-a-byte-too-few": png(
        8, 2, sent=chunk(b"IDAT", zlib.compress(rows(8, 2, size=(WIDTH, HEIGHT))[:-1]))
    ),
    "png-interlaced-a-row-too-few": png(
        8,
        2,
        interlaced=True,
        sent=chunk(
            b"IDAT", zlib.compress(rows(8, 2, size=(WIDTH, HEIGHT), interlaced=True)[:-103])
        ),
    ),
    "png-unknown-filter": png(8, 0, size=(3, 2), sent=chunk(b"IDAT", zlib.compress(b"\0abc\5def"))),
    "png-unknown-filter-in-first-row": png(
        8, 0, size=(3, 2), sent=chunk(b"IDAT", zlib.compress(b"\7abc\0def"))
    ),
    "png-without-pixels": png(8, 2, sent=b""),
    "png-empty-pixels": png(8, 2, sent=chunk(b"IDAT", b"")),
    "png-without-header": SIGNATURE + chunk(b"IDAT", _PACKED) + END,
    "png-header-twice": png(8, 2, PLAIN[8:33]),
    "png-comment-before-header": SIGNATURE + chunk(b"tEXt", _TEXT) + PLAIN[8:],
    "png-pixels-in-two-places": png(
        8,
        2,
        sent=chunk(b"IDAT", _PACKED[:9]) + chunk(b"tEXt", _TEXT) + chunk(b"IDAT", _PACKED[9:]),
    ),
    "png-unknown-critical": png(8, 2, chunk(b"CaPt", b"")),
    "png-of-apple": png(8, 2, chunk(b"CgBI", bytes(4))),
    **{
        f"png-colour{colour}-{depth}-bits": png(8, 2, sent=chunk(b"IDAT", _PACKED)).replace(
            chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)),
            chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, 0)),
        )
        for depth, colour in ((4, 2), (16, 3), (1, 6), (3, 0), (8, 5), (8, 1))
    },
    **{
        f"png-header-{name}": png(8, 2).replace(
            chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)),
            chunk(b"IHDR", struct.pack(">II", WIDTH, HEIGHT) + values),
        )
        for name, values in (
            ("unknown-packing", b"\x08\2\1\0\0"),
            ("unknown-filtering", b"\x08\2\0\1\0"),
            ("unknown-interlacing", b"\x08\2\0\0\2"),
            ("too-long", b"\x08\2\0\0\0\0"),
        )
    },
    "png-empty-header": png(8, 2, size=(0, HEIGHT), sent=chunk(b"IDAT", _PACKED)),
    "png-animated-frame-outside": _animation(
        2,
        _control(1, (5, 3), left=WIDTH - 3),
        _more(2, zlib.compress(rows(8, 2, size=(5, 3)))),
    ),
    "png-animated-frame-too-few": _animation(3),
    "png-animated-frame-cut": _animation(2, _control(1), _more(2, _PACKED[:60])),
    "png-animated-numbers-repeated": _animation(2, _control(1), _more(1, _PACKED)),
    "png-animated-of-none": _animation(0),
    "png-through-a-text": PLAIN.decode("utf-8", "replace").encode(),
    "png-line-ends-changed": PLAIN.replace(b"\r\n", b"\n"),
    "png-flipped-bit": PLAIN[:-40] + bytes((PLAIN[-40] ^ 1,)) + PLAIN[-39:],
}
"""PNGs that lack something, or that browsers do not show."""
