"""`python -m mock_server.drawing.glyphs.bake FONT`: bakes `atlas.png`, the same from the same font.

A character is drawn in its place in a picture, then bent as the documented captcha is: by a water
effect around the middle, then by a ripple. To bend it differently, write a function that says
where a pixel comes from, and list it in `BENDS`.
"""

from __future__ import annotations

import argparse
import io
import math
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from mock_server.drawing.glyphs import (
    ALPHABET,
    ATLAS,
    CELL,
    PICTURE,
    SHIFTS,
    SLOTS,
    corner,
    middle,
    window,
)

FONT_SIZE = 40
BASELINE = 41

WIDEST = 20
"""Pixels; wider letters are condensed, because the documented pitch has room only for digits."""

FINE = 8
"""How many times larger a character is drawn, so that hinting, which varies, stays invisible."""

PARTS = 256
"""Parts of a pixel, so that no mask depends on the last bit of a platform's sine."""

REACH = 5
"""No bend moves a pixel further."""

Bend = Callable[[int, int], tuple[float, float]]
"""A function that says where a pixel comes from."""


def water(x: int, y: int) -> tuple[float, float]:
    """Give the place from which the water effect takes a pixel."""
    radius, amplitude, wavelength, phase = 50, 1.5, 2, 10
    dx, dy = x - PICTURE[0] / 2, y - PICTURE[1] / 2
    distance = math.hypot(dx, dy)
    if distance > radius:
        return x, y
    wave = amplitude * math.sin(2 * math.pi * distance / wavelength - phase)
    pull = wave * (radius - distance) / radius * wavelength / distance
    return x + dx * pull, y + dy * pull


def ripple(x: int, y: int) -> tuple[float, float]:
    """Give the place from which the ripple takes a pixel."""
    return x + 2.6 * math.sin(y / 15), y + 1.7 * math.sin(x / 5)


BENDS: tuple[Bend, ...] = (water, ripple)
"""The bends, in the order in which they are applied."""


def bake(font: ImageFont.FreeTypeFont) -> bytes:
    """Draw the atlas of a font, as a PNG file.

    Raises:
        ValueError: the font draws nothing for a character.
    """
    columns = SLOTS * len(SHIFTS)
    sheet = Image.new("L", (columns * CELL[0], len(ALPHABET) * CELL[1]))
    for row, character in enumerate(ALPHABET):
        ink = _ink(font, character)
        for slot in range(SLOTS):
            for number, shift in enumerate(SHIFTS):
                mask = _placed(ink, middle(slot) + shift)
                for bend in BENDS:
                    mask = _bent(mask, bend)
                sheet.paste(mask.crop(window(slot)), corner(row, slot, number))
    file = io.BytesIO()
    sheet.save(file, "PNG", optimize=True)
    return file.getvalue()


def _ink(font: ImageFont.FreeTypeFont, character: str) -> Image.Image:
    width, height = (FINE * length for length in PICTURE)
    canvas = Image.new("L", (width, height))
    ImageDraw.Draw(canvas).text((0, FINE * BASELINE), character, 255, font, anchor="ls")
    box = canvas.getbbox()
    if box is None:
        raise ValueError(f"the font draws nothing for {character!r}")
    ink = canvas.crop((box[0], 0, box[2], height))
    return ink.resize((min(ink.width, FINE * WIDEST), height))


def _placed(ink: Image.Image, centre: float) -> Image.Image:
    canvas = Image.new("L", (FINE * PICTURE[0], FINE * PICTURE[1]))
    canvas.paste(ink, (round(FINE * centre) - ink.width // 2, 0))
    return canvas.reduce(FINE)


def _bent(mask: Image.Image, bend: Bend) -> Image.Image:
    width, height = mask.size
    pixels = mask.tobytes()
    left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)

    def at(x: int, y: int) -> int:
        return pixels[y * width + x] if 0 <= x < width and 0 <= y < height else 0

    bent = Image.new("L", mask.size)
    for y in range(max(0, top - REACH), min(height, bottom + REACH)):
        for x in range(max(0, left - REACH), min(width, right + REACH)):
            (column, across), (row, down) = (
                divmod(round(PARTS * source), PARTS) for source in bend(x, y)
            )
            upper = at(column, row) * (PARTS - across) + at(column + 1, row) * across
            lower = at(column, row + 1) * (PARTS - across) + at(column + 1, row + 1) * across
            bent.putpixel((x, y), (upper * (PARTS - down) + lower * down) // PARTS**2)
    return bent


def load(path: Path) -> ImageFont.FreeTypeFont:
    """Open the font of a path.

    Raises:
        OSError: there is no such font.
    """
    # Given a path that does not exist, Pillow takes a font of that name from anywhere, and the
    # older Liberation Sans Bold bears another licence.
    file = io.BytesIO(path.read_bytes())
    return ImageFont.truetype(file, FINE * FONT_SIZE, layout_engine=ImageFont.Layout.BASIC)


def main() -> None:
    """Write the atlas beside this module."""
    parser = argparse.ArgumentParser(
        prog="python -m mock_server.drawing.glyphs.bake",
        description="Bake the captcha's characters from a font.",
    )
    parser.add_argument("font", type=Path, help="LiberationSans-Bold.ttf of Liberation 2.x")
    font = parser.parse_args().font
    try:
        ATLAS.write_bytes(bake(load(font)))
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        parser.exit(2, f"{parser.prog}: cannot bake {font}: {reason}\n")


if __name__ == "__main__":
    main()
