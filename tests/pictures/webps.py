"""WebPs of every kind, by libwebp and chunk by chunk."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from PIL import Image

from tests.pictures.drawings import DRAWING, GLASS, HEIGHT, WIDTH, animated, saved, turned


def chunk(kind: bytes, payload: bytes) -> bytes:
    """Write a chunk."""
    return kind + struct.pack("<I", len(payload)) + payload + bytes(len(payload) % 2)


def webp(*chunks: bytes) -> bytes:
    """Put a WebP together, with a size that is right."""
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def extended(*chunks: bytes, flags: int = 0, size: tuple[int, int] = (WIDTH, HEIGHT)) -> bytes:
    """Put a WebP with an extended header together."""
    head = struct.pack("<I", flags) + (size[0] - 1).to_bytes(3, "little")
    return webp(chunk(b"VP8X", head + (size[1] - 1).to_bytes(3, "little")), *chunks)


LOSSY = saved(DRAWING, "WEBP")
LOSSLESS = saved(DRAWING, "WEBP", lossless=True)
ANIMATED = animated("WEBP")
_LOSSY, _LOSSLESS = LOSSY[12:], LOSSLESS[12:]
_FRAMES = ANIMATED.split(b"ANMF")
WHOLE: Mapping[str, bytes] = {
    "webp-lossy": LOSSY,
    "webp-lossless": LOSSLESS,
    "webp-lossy-quality-1": saved(DRAWING, "WEBP", quality=1),
    "webp-alpha": saved(GLASS, "WEBP"),
    "webp-alpha-lossless": saved(GLASS, "WEBP", lossless=True),
    "webp-exif-and-profile-broken": saved(
        DRAWING, "WEBP", exif=b"Exif\0\0MM\0*xx", icc_profile=b"x"
    ),
    "webp-extended": extended(_LOSSY),
    "webp-extended-lossless": extended(_LOSSLESS),
    "webp-unknown-chunk": extended(chunk(b"CAPT", b"x"), _LOSSY),
    "webp-unknown-chunk-behind": extended(_LOSSY, chunk(b"CAPT", b"xy")),
    "webp-bytes-behind": LOSSY + b"\0more",
    "webp-animated": ANIMATED,
    "webp-animated-lossless": animated("WEBP", lossless=True),
    **{
        f"webp-turned-{number}": saved(DRAWING, "WEBP", exif=turned(number)) for number in (3, 6, 8)
    },
    "webp-turned-lossless": saved(DRAWING, "WEBP", exif=turned(6), lossless=True),
    "webp-turned-not-flagged": extended(_LOSSY, chunk(b"EXIF", turned(6)[6:])),
    "webp-turned-flagged": extended(_LOSSY, chunk(b"EXIF", turned(6)[6:]), flags=8),
    "webp-one-colour": saved(Image.new("RGB", (40, 20), "white"), "WEBP"),
    "webp-one-pixel": saved(DRAWING.resize((1, 1)), "WEBP"),
}
"""WebPs that are complete, and that browsers may show."""
DAMAGED: Mapping[str, bytes] = {
    **{f"webp-cut-{part}%": LOSSY[: len(LOSSY) * part // 100] for part in (5, 30, 60, 90, 98)},
    **{
        f"webp-lossless-cut-{part}%": LOSSLESS[: len(LOSSLESS) * part // 100]
        for part in (30, 60, 90, 98)
    },
    **{
        f"webp-cut-{size}-bytes-sizes-made-to-fit": webp(
            chunk(b"VP8 ", LOSSY[20:].rstrip(b"\0")[:-size])
        )
        for size in (3, 9, 40)
    },
    **{
        f"webp-lossless-cut-{size}-bytes-sizes-made-to-fit": webp(
            chunk(b"VP8L", LOSSLESS[20:].rstrip(b"\0")[:-size])
        )
        for size in (1, 9, 40)
    },
    "webp-empty": webp(),
    "webp-chunk-unknown-first": webp(chunk(b"CAPT", b"xx"), _LOSSY),
    "webp-extended-without-picture": extended(),
    "webp-extended-of-other-size": extended(_LOSSY, size=(WIDTH + 9, HEIGHT)),
    "webp-alpha-broken": extended(chunk(b"ALPH", b"\1xxxx"), _LOSSY, flags=16),
    "webp-animated-cut": ANIMATED[:-60],
    "webp-animated-second-frame-broken": b"ANMF".join(
        (*_FRAMES[:2], _FRAMES[2][:36] + bytes(60) + _FRAMES[2][96:], *_FRAMES[3:])
    ),
    "webp-version-unknown": LOSSLESS[:24] + bytes((LOSSLESS[24] | 0xE0,)) + LOSSLESS[25:],
    "webp-key-frame-broken": LOSSY.replace(b"\x9d\1\x2a", b"\x9d\1\x2b"),
    "webp-no-key-frame": LOSSY[:20] + bytes((LOSSY[20] | 1,)) + LOSSY[21:],
    "webp-zeros-inside": LOSSY[:60] + bytes(40) + LOSSY[100:],
    "webp-through-a-text": LOSSY.decode("utf-8", "replace").encode(),
}
"""WebPs that lack something, or that browsers do not show."""
