"""GIF, animated or not: every pixel of every frame, in colours that a palette has.

As in browsers, only the first frame enlarges the screen, and what follows the last whole frame is
ignored: a missing trailer, or a block that is none.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from contract.pictures.image_formats import Layout, NotAnImage, judge_size

_SCREEN = 13
"""The length of the header up to the palette."""
_EXTENSION, _IMAGE, _TRAILER = b"!", b",", b";"
_HAS_PALETTE = 128
_ROOTS = range(2, 9)
"""How many bits a colour's number may have."""
_MAX_CODE = 12
"""The most bits of an LZW code."""


@dataclass(frozen=True, slots=True)
class _CodedFrame:
    """How many bits a colour's number has, the pixels due, the colours there are, the codes."""

    root: int
    pixels: int
    colours: int
    codes: bytes


def walk(data: bytes) -> Layout:
    """Walk the blocks to the trailer, then count the pixels that each frame's codes draw."""
    width, height = struct.unpack_from("<HH", data, 6)
    shared = _palette(data[10])
    position = _SCREEN + shared
    frames: list[_CodedFrame] = []
    right = bottom = 0
    while (kind := data[position : position + 1]) in {_EXTENSION, _IMAGE}:
        if kind == _EXTENSION:
            _, position = _blocks(data, position + 2)
            continue
        left, top, across, down, flags = struct.unpack_from("<HHHHB", data, position + 1)
        position = position + 10 + _palette(flags)
        root = data[position]
        codes, position = _blocks(data, position + 1)
        frames.append(_CodedFrame(root, across * down, (_palette(flags) or shared) // 3, codes))
        right, bottom = max(right, left + across), max(bottom, top + down)
        if len(frames) == 1:
            width, height = max(width, right), max(height, bottom)
    if not frames:
        raise NotAnImage("a GIF without a frame" if kind == _TRAILER else "a GIF that breaks early")
    several = len(frames) > 1  # they are drawn over each other, on a second canvas
    judge_size(max(width, right), max(height, bottom), len(frames), passes=1 + several)
    for number, frame in enumerate(frames, start=1):
        if not frame.pixels or frame.root not in _ROOTS or not _draws(frame):
            raise NotAnImage(f"a GIF whose frame {number} of {len(frames)} stops early")
    file = data[:6] + struct.pack("<HH", width, height) + data[10:position] + _TRAILER
    return Layout(form="GIF", width=width, height=height, frames=len(frames), files=(file,))


def _palette(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & _HAS_PALETTE else 0


def _blocks(data: bytes, position: int) -> tuple[bytes, int]:
    """Join sub-blocks up to the empty one; running out of bytes is an IndexError."""
    parts: list[bytes] = []
    while size := data[position]:
        parts.append(data[position + 1 : position + 1 + size])
        position += 1 + size
    return b"".join(parts), position + 1


def _draws(frame: _CodedFrame) -> bool:
    """Say whether LZW codes draw all pixels; a bad code is an IndexError.

    Raises:
        NotAnImage: a pixel has a colour that the palette lacks. All colours that are drawn come by
            their own codes first.
    """
    root, wanted = frame.root, frame.pixels
    clear = 1 << root
    fresh = [1] * clear + [0, 0]  # the run that each code draws; clear and end draw nothing
    runs, size = fresh.copy(), root + 1
    drawn = previous = bits = held = 0
    for byte in frame.codes:
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
                return False
            if frame.colours <= code < clear:
                raise NotAnImage(
                    f"a GIF whose palette is too short: it has {frame.colours} colours, and a "
                    f"pixel has the colour number {code}"
                )
            previous = runs[code]
            drawn += previous
            if drawn >= wanted:
                return True
    return False
