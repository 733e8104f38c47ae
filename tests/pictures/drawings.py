"""What the pictures of the corpus show, and Pillow's ways to write it."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 34, 22
"""The size of the drawing: no multiple of a block of any format."""


def _drawing() -> Image.Image:
    drawing = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(drawing)
    for column in range(WIDTH):
        pen.line((column, 0, column, 5), (7 * column, 255 - 7 * column, 128))
    pen.rectangle((4, 8, 14, 18), (204, 51, 51))
    pen.ellipse((16, 7, 30, 19), (0, 135, 255))
    pen.line((0, HEIGHT - 1, WIDTH, HEIGHT - 1), (51, 153, 51))  # the last row has its own colour
    return drawing


DRAWING = _drawing()
"""A small drawing of several colours, whose last row differs from those above it."""
GLASS = DRAWING.convert("RGBA")
"""The same drawing, transparent in its left third."""
GLASS.putalpha(Image.new("L", GLASS.size, 255).point(lambda _: 255))
GLASS.paste((0, 0, 0, 0), (0, 0, WIDTH // 3, HEIGHT))


def saved(drawing: Image.Image, form: str, **options: object) -> bytes:
    """Save a drawing in a format of Pillow's."""
    file = BytesIO()
    drawing.save(file, form, **options)
    return file.getvalue()


def animated(form: str, **options: object) -> bytes:
    """Save three drawings as an animation."""
    first, *others = (DRAWING.rotate(angle, fillcolor="white") for angle in (0, 10, 20))
    return saved(first, form, save_all=True, append_images=others, **options)


def turned(orientation: int, order: str = "MM") -> bytes:
    """Write the EXIF of a camera that was held another way (tag 274), in either byte order."""
    endian = "big" if order == "MM" else "little"

    def number(value: int, size: int) -> bytes:
        return value.to_bytes(size, endian)  # type: ignore[arg-type]  # one of its two names

    entry = number(0x112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + bytes(2)
    directory = number(1, 2) + entry + bytes(4)
    return b"Exif\0\0" + order.encode() + number(42, 2) + number(8, 4) + directory
