"""Captchas and their texts in one picture: `python -m mock_server.drawing.contact_sheet FILE`."""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from mock_server.drawing.captcha import Captchas
from mock_server.drawing.glyphs import PICTURE

COLUMNS, ROWS = 4, 6
ENLARGED = 2
GAP = 10
CAPTION = 20
CELL = (ENLARGED * PICTURE[0] + GAP, ENLARGED * PICTURE[1] + CAPTION + GAP)
SHEET = (COLUMNS * CELL[0] + GAP, ROWS * CELL[1] + GAP)
GREY = (224, 224, 224)
BLACK = (0, 0, 0)


def contact_sheet(captchas: Captchas) -> bytes:
    """Draw the first captchas of a seed, each with its text and number below, as a PNG file."""
    sheet = Image.new("RGB", SHEET, GREY)
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(CAPTION - 4)
    for index in range(COLUMNS * ROWS):
        number = captchas.number(index)
        row, column = divmod(index, COLUMNS)
        x, y = GAP + column * CELL[0], GAP + row * CELL[1]
        with Image.open(io.BytesIO(captchas.picture(number))) as picture:
            enlarged = picture.resize((ENLARGED * PICTURE[0], ENLARGED * PICTURE[1]))
        sheet.paste(enlarged, (x, y))
        caption = f"{captchas.text(number)}   ({number})"
        pen.text((x, y + enlarged.height), caption, BLACK, font)
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def main() -> None:
    """Write a contact sheet to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m mock_server.drawing.contact_sheet",
        description="Write captchas with their texts below as one PNG, for a person to look at.",
    )
    parser.add_argument("file", type=Path, help="the PNG to write")
    parser.add_argument("--seed", default="captcha", help="default: %(default)s")
    arguments = parser.parse_args()
    try:
        arguments.file.write_bytes(contact_sheet(Captchas(arguments.seed)))
    except OSError as problem:
        reason = problem.strerror or problem
        parser.exit(2, f"{parser.prog}: cannot write {arguments.file}: {reason}\n")


if __name__ == "__main__":
    main()
