"""The pixels of a picture that was walked to its end, decoded by Pillow → what is known of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageFile, WebPImagePlugin  # noqa: F401 - WebP's first use would load all plugins

from contract.pictures.image_formats import Layout, NotAnImage, TooLarge

_STRIP = 1 << 18
"""How many pixels are turned into RGBA at a time, to save memory."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture is turned for each way that a camera was held."""
_CLEAR = b"\0\0\0\0"


@dataclass(frozen=True, slots=True)
class Pixels:
    """What is known of the pixels of all frames.

    Attributes:
        width: as browsers show it.
        height: as browsers show it.
        digest: of the size and of all pixels as 8-bit RGBA.
        blank: whether all of them have one colour.
    """

    width: int
    height: int
    digest: str
    blank: bool


def read(layout: Layout) -> Pixels:
    """Decode every pixel of every frame.

    Raises:
        NotAnImage: the pixels do not decode.
        TooLarge: this process has no room for them.
    """
    form = layout.form
    seen, colours, size = hashlib.sha256(), set[bytes](), (layout.width, layout.height)
    try:
        for number, frame in enumerate(frames(layout)):
            if number == 0:
                size = frame.size
                seen.update(f"{size[0]}x{size[1]}".encode())
            for strip in strips(frame):
                seen.update(strip.tobytes())
                if len(colours) < 2:  # noqa: PLR2004 - the second colour ends it
                    colours |= _colours(strip)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise TooLarge(f"a {form} too large for this process ({error})") from error
    except NotAnImage:
        raise
    except Exception as error:
        raise NotAnImage(f"a {form} that does not decode ({error})") from error
    return Pixels(*size, seen.hexdigest(), len(colours) == 1)


def digest(form: str, file: bytes) -> str:
    """Give the digest of all pixels of one file; see `read` for what it raises."""
    return read(Layout(form=form, width=0, height=0, files=(file,))).digest


def frames(layout: Layout) -> Iterator[Image.Image]:
    """Give every frame as browsers show it, turned; each is good until the next one is asked for.

    Raises:
        NotAnImage: it uses colours that its palette lacks.
    """
    for file in layout.files:
        with _strictly(), Image.open(BytesIO(file), formats=(layout.form,)) as image:
            for number in range(layout.frames // len(layout.files)):
                image.seek(number)
                image.load()
                _judge_palette(image, layout)
                turn = _TURNS.get(layout.orientation)
                yield image if turn is None else image.transpose(turn)


def _judge_palette(image: Image.Image, layout: Layout) -> None:
    if image.mode != "P" or layout.colours is None:
        return
    last = max(number for number, count in enumerate(image.histogram()) if count)
    if last >= layout.colours:
        raise NotAnImage(
            f"a {layout.form} whose palette is too short: it has {layout.colours} colours, and a "
            f"pixel has the colour number {last}"
        )


@contextmanager
def _strictly() -> Iterator[None]:
    """Keep Pillow from showing half a picture, whatever this process told it before."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def strips(image: Image.Image) -> Iterator[Image.Image]:
    """Cut a frame into strips of 8-bit RGBA, from top to bottom."""
    rows = max(_STRIP // image.width, 1)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        if strip.mode == "I;16":  # Pillow clips 16-bit grey: everything but black would be white
            strip = Image.frombytes("L", strip.size, strip.tobytes()[1::2])
        yield strip.convert("RGBA")


def _colours(strip: Image.Image) -> set[bytes]:
    """Give the colour of a strip, or two of several; what is transparent has none."""
    lowest, highest = zip(*strip.getextrema(), strict=True)
    if highest[3] == 0:
        return {_CLEAR}
    return {bytes(lowest), bytes(highest)}
