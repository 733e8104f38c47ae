"""A picture in the planes of a JPEG: Y as large as the picture, Cb and Cr half as large (4:2:0).

Colours are put where the encoder would compute them, so nothing is converted for each picture.
What is drawn often is kept as a `Cover`; anything else is drawn by `paste` and `putpixel`, which
mean what they mean in Pillow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import simplejpeg  # type: ignore[import-untyped]  # it has no types
from numpy.typing import NDArray
from PIL import Image

from mock_server.drawing.glyphs import CELL, PICTURE

Colour = tuple[int, int, int]
"""Red, green and blue."""

WHITE: Colour = (255, 255, 255)
"""The colour of the paper."""

QUALITY = 75
"""The quality of the documented sample."""

_ACROSS, _DOWN = ((length + 1) // 2 for length in PICTURE)
_WIDTH, _HEIGHT = 2 * _ACROSS, 2 * _DOWN
"""Of Y: its last column and row come twice, because the encoder works on pairs."""

_LUMA, _CHROMA = _WIDTH * _HEIGHT, _ACROSS * _DOWN

REACH = (PICTURE[1] - CELL[1]) // 2 * 2 * _WIDTH
"""The first sample that a character may reach."""

_WHOLE = 256


@dataclass(frozen=True, slots=True)
class Shape:
    """What a mask covers of the samples of all three planes.

    Attributes:
        at: the samples that it covers, by their place.
        share: how much of each it covers, in parts of 256.
        rest: how much of each it leaves.
        counts: how many samples of each plane it covers.
    """

    at: NDArray[np.intp]
    share: NDArray[np.uint16]
    rest: NDArray[np.uint16]
    counts: NDArray[np.intp]

    def painted(self, colour: Colour) -> Cover:
        """Give what a colour of this shape puts over a picture."""
        paint = np.array(ycc(colour), np.uint16).repeat(self.counts) * self.share
        return Cover(self.at, self.rest, paint)


@dataclass(frozen=True, slots=True)
class Cover:
    """A shape in a colour.

    Attributes:
        at: the samples that it covers, by their place.
        rest: how much it leaves of what is there, in parts of 256.
        paint: what it adds to that.
    """

    at: NDArray[np.intp]
    rest: NDArray[np.uint16]
    paint: NDArray[np.uint16]


class Canvas:
    """A picture that is being drawn, white at first."""

    __slots__ = ("_samples",)

    def __init__(self) -> None:
        self._samples = _paper().copy()

    def dye(self, shares: bytes, table: bytes) -> None:
        """Add to each sample within reach, modulo 256, what a table says of a byte."""
        dyes = np.frombuffer(shares.translate(table), np.uint8)
        np.add(self._samples[REACH:], dyes, self._samples[REACH:])

    def cover(self, cover: Cover) -> None:
        """Put a colour over what is there."""
        mixed = (self._samples[cover.at] * cover.rest + cover.paint) >> 8
        self._samples[cover.at] = mixed.astype(np.uint8)  # NumPy itself would convert it slowly

    def paste(self, colour: Colour, corner: tuple[int, int], mask: Image.Image) -> None:
        """Put a colour over what is there through a mask, as `Image.paste` does."""
        self.cover(shape_of(mask, corner).painted(colour))

    def putpixel(self, spot: tuple[int, int], colour: Colour) -> None:
        """Colour one pixel, as `Image.putpixel` does."""
        self.paste(colour, spot, Image.new("L", (1, 1), 255))

    def planes(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
        """Give Y, Cb and Cr, Y with its last column and row twice."""
        samples = self._samples
        return (
            samples[:_LUMA].reshape(_HEIGHT, _WIDTH),
            samples[_LUMA:-_CHROMA].reshape(_DOWN, _ACROSS),
            samples[-_CHROMA:].reshape(_DOWN, _ACROSS),
        )

    def encoded(self) -> bytes:
        """Give the picture as a JPEG file."""
        luma, blue, red = self.planes()
        # The encoder reads the column and the row behind those that it is told of.
        told = luma[: PICTURE[1], : PICTURE[0]]
        jpeg: bytes = simplejpeg.encode_jpeg_yuv_planes(told, blue, red, QUALITY)
        # JFIF 1.02, as the sample says; libjpeg says 1.01 and writes every other header byte alike.
        return jpeg[:12] + b"\x02" + jpeg[13:]


def shape_of(mask: Image.Image, corner: tuple[int, int] = (0, 0)) -> Shape:
    """Make the shape of a mask whose corner is at a place in a picture."""
    luma, chroma = shares_of(mask, corner, _WHOLE)
    planes = luma, chroma, chroma
    shares = np.concatenate(planes)
    at = np.flatnonzero(shares)
    share = shares[at].astype(np.uint16)
    counts = np.array([np.count_nonzero(plane) for plane in planes])
    return Shape(at, share, (_WHOLE - share).astype(np.uint16), counts)


def shares_of(
    mask: Image.Image, corner: tuple[int, int], whole: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Say how much a mask covers of each sample of Y, and of Cb or Cr, in parts of a whole.

    A sample of Cb is the mean of four pixels (JFIF 1.02).
    """
    canvas = Image.new("L", PICTURE)
    canvas.paste(mask, corner)
    pixels = np.frombuffer(canvas.tobytes(), np.uint8).reshape(PICTURE[::-1]).astype(np.int64)
    padding = (0, _HEIGHT - PICTURE[1]), (0, _WIDTH - PICTURE[0])
    luma = np.pad(pixels, padding, mode="edge")
    chroma = luma.reshape(_DOWN, 2, _ACROSS, 2).sum(axis=(1, 3))
    return _parts(luma, 255, whole), _parts(chroma, 4 * 255, whole)


def _parts(sums: NDArray[np.int64], most: int, whole: int) -> NDArray[np.int64]:
    return ((sums * whole + most // 2) // most).ravel()


def ycc(colour: Colour) -> tuple[int, int, int]:
    """Give Y, Cb and Cr of a colour, rounded as libjpeg does (JFIF 1.02)."""
    red, green, blue = colour
    half, centre = 1 << 15, (128 << 16) + (1 << 15) - 1
    return (
        (19595 * red + 38470 * green + 7471 * blue + half) >> 16,
        (-11059 * red - 21709 * green + 32768 * blue + centre) >> 16,
        (32768 * red - 27439 * green - 5329 * blue + centre) >> 16,
    )


@cache
def _paper() -> NDArray[np.uint8]:
    return np.repeat(np.array(ycc(WHITE), np.uint8), (_LUMA, _CHROMA, _CHROMA))
