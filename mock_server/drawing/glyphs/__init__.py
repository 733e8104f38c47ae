"""The characters of the captchas: an atlas of masks, its layout and its reader.

`atlas.png` has a row of cells for each character, with a cell for each slot (which of the four
places the character has) and each shift (where the word starts). The documented captcha bends a
character by its position alone, so the masks were bent once, by `bake.py`. To add a character, add
it to `ALPHABET` and bake. The masks are made from Liberation Sans Bold under `OFL.txt`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

ATLAS = Path(__file__).with_name("atlas.png")
"""The file of the masks."""
ALPHABET = "ACDEFG23456789"
"""At most one of characters that look alike: no B (bent, it is an 8), no 0 1 I L O."""

PICTURE = (125, 45)
"""Width and height of a captcha in pixels."""

SLOTS = 4
"""How many characters a captcha has."""

SHIFTS = (-1, 0, 1)
"""By how many pixels a word may be shifted to the right."""

CELL = (36, 37)
"""Width and height of a cell of the atlas in pixels."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A shape to colour, cropped to its ink, and where its upper left corner is in a picture."""

    mask: Image.Image
    corner: tuple[int, int]


def middle(slot: int) -> float:
    """Give the horizontal middle of a character before it is shifted and bent."""
    return 32.5 + 21.2 * slot


def window(slot: int) -> tuple[int, int, int, int]:
    """Give the part of a picture that the cells of a slot show."""
    width, height = CELL
    left = round(middle(slot)) - width // 2 - 2  # the ripple moves characters to the left
    return left, PICTURE[1] - height, left + width, PICTURE[1]


def corner(row: int, slot: int, shift: int) -> tuple[int, int]:
    """Give the corner of a cell in the atlas; the row and the shift are indices."""
    return (slot * len(SHIFTS) + shift) * CELL[0], row * CELL[1]


@cache
def atlas() -> Mapping[str, tuple[tuple[Stamp, ...], ...]]:
    """Read the stamps of each character, by shift and slot."""
    with Image.open(ATLAS) as sheet:
        sheet.load()
        return {
            character: tuple(
                tuple(_stamp(sheet, row, slot, shift) for slot in range(SLOTS))
                for shift in range(len(SHIFTS))
            )
            for row, character in enumerate(ALPHABET)
        }


def stamp(mask: Image.Image, at: tuple[int, int] = (0, 0)) -> Stamp:
    """Make the stamp of a mask whose corner is at a place in the picture."""
    left, top, right, bottom = mask.getbbox() or (0, 0, *mask.size)
    return Stamp(mask.crop((left, top, right, bottom)), (at[0] + left, at[1] + top))


def _stamp(sheet: Image.Image, row: int, slot: int, shift: int) -> Stamp:
    left, top = corner(row, slot, shift)
    width, height = CELL
    return stamp(sheet.crop((left, top, left + width, top + height)), window(slot)[:2])
