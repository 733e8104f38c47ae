"""The four characters of a captcha → how much they cover of each sample of the picture's planes.

Half of a character is edge, so most of its samples need a colour of their own. Looking them up in a
table is faster than blending: two characters that never meet share one array of shares, with levels
of their own, and one table colours both. Where neighbours meet, the right one lies over the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mock_server.drawing.glyphs import SLOTS, atlas
from mock_server.drawing.planes import REACH, WHITE, Canvas, Colour, shares_of, ycc

Glyph = NDArray[np.uint8]
"""How much a character covers of the samples that any may reach, 0 for nothing.

Each plane, and each half of the slots, has levels of its own.
"""

_HALF = SLOTS // 2
LEVELS = 256 // (3 * _HALF)
"""How many shares of a sample are told apart; those of three planes and two slots fill a byte."""

_MOST = LEVELS - 1
_UNUSED = bytes(256 - 3 * _HALF * LEVELS)


def write(picture: Canvas, text: str, shift: int, colours: Sequence[Colour]) -> None:
    """Write a text on white paper, each character in its colour; the shift is an index."""
    one, two, three, four = [_glyph(each, shift, slot) for slot, each in enumerate(text)]
    layers = one + three, two + four
    for slot, (left, right) in enumerate(pairwise(text)):
        at, shares = _seam(left, right, shift, slot)
        layers[slot % _HALF][at] = shares
    for slot, layer in enumerate(layers):
        picture.dye(layer.tobytes(), _ink(colours[slot]) + _ink(colours[slot + _HALF]) + _UNUSED)


@cache
def _glyph(character: str, shift: int, slot: int) -> Glyph:
    stamp = atlas()[character][shift][slot]
    luma, chroma = shares_of(stamp.mask, stamp.corner, _MOST)
    first = 3 * (slot // _HALF)
    planes = (luma[REACH:], chroma, chroma)
    levelled = [plane + (plane > 0) * LEVELS * (first + at) for at, plane in enumerate(planes)]
    return np.concatenate(levelled).astype(np.uint8)


@cache
def _seam(left: str, right: str, shift: int, slot: int) -> tuple[NDArray[np.intp], Glyph]:
    """Give the samples that a character shares with its right neighbour, and what it keeps."""
    lower, upper = _glyph(left, shift, slot), _glyph(right, shift, slot + 1)
    at = np.flatnonzero(np.minimum(lower, upper))
    first, share = np.divmod(lower[at].astype(np.int64), LEVELS)
    kept = (share * (_MOST - upper[at] % LEVELS) + _MOST // 2) // _MOST
    return at, (first * LEVELS + kept).astype(np.uint8)


@cache
def _ink(colour: Colour) -> bytes:
    """Give what each share of a colour adds to the white of Y, Cb and Cr, modulo 256."""
    return bytes(
        round((level - white) * share / _MOST) % 256
        for level, white in zip(ycc(colour), ycc(WHITE), strict=True)
        for share in range(LEVELS)
    )
