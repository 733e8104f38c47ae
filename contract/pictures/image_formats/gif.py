"""GIF, animated or not: every block up to the trailer, and every pixel of every frame."""

from __future__ import annotations

import struct

from contract.pictures.image_formats import Layout, NotAnImage, judge_size

_SCREEN = 13
"""The length of the header up to the palette."""
_EXTENSION, _IMAGE, _TRAILER = b"!", b",", b";"
_HAS_PALETTE = 128
_MAX_ROOT = 8
"""The most bits of a colour's number."""
_MAX_CODE = 12
"""The most bits of an LZW code."""


def walk(data: bytes) -> Layout:
    """Walk the blocks to the trailer, then count the pixels that each frame's codes draw."""
    width, height = struct.unpack_from("<HH", data, 6)
    position = _SCREEN + _palette(data[10])
    frames: list[tuple[int, int, bytes]] = []  # bits of a colour number, pixels, codes
    while (kind := data[position : position + 1]) != _TRAILER:
        if kind == _EXTENSION:
            _, position = _blocks(data, position + 2)
        elif kind == _IMAGE:
            left, top, right, down, flags = struct.unpack_from("<HHHHB", data, position + 1)
            position = position + 10 + _palette(flags)
            root = data[position]
            codes, position = _blocks(data, position + 1)
            frames.append((root, right * down, codes))
            width, height = max(width, left + right), max(height, top + down)
        else:
            raise NotAnImage(
                f"a GIF that breaks at byte {position}" if kind else "a GIF without its end",
            )
    judge_size(width, height, len(frames))
    for number, (root, pixels, codes) in enumerate(frames, start=1):
        if not 1 <= root <= _MAX_ROOT or _drawn(codes, root, pixels) < pixels:
            raise NotAnImage(f"a GIF whose frame {number} of {len(frames)} stops early")
    file = data[: position + 1]
    return Layout(width=width, height=height, frames=len(frames), files=(file,))


def _palette(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & _HAS_PALETTE else 0


def _blocks(data: bytes, position: int) -> tuple[bytes, int]:
    """Join sub-blocks up to the empty one; running out of bytes is an IndexError."""
    parts: list[bytes] = []
    while size := data[position]:
        parts.append(data[position + 1 : position + 1 + size])
        position += 1 + size
    return b"".join(parts), position + 1


def _drawn(codes: bytes, root: int, wanted: int) -> int:
    """Count the pixels that LZW codes draw, up to those wanted; a bad code is an IndexError."""
    clear = 1 << root
    fresh = [1] * clear + [0, 0]  # the run that each code draws; clear and end draw nothing
    runs, size = fresh.copy(), root + 1
    drawn = previous = bits = held = 0
    for byte in codes:
        bits |= byte << held
        held += 8
        while held >= size:
            code = bits & (1 << size) - 1
            bits >>= size
            held -= size
            if code == clear:
                runs, size, previous = fresh.copy(), root + 1, 0
                continue
            if previous:
                runs.append(previous + 1)
                if len(runs) == 1 << size and size < _MAX_CODE:
                    size += 1
            if code == clear + 1:
                return drawn
            previous = runs[code]
            drawn += previous
            if drawn >= wanted:
                return drawn
    return drawn
