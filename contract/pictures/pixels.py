"""The pixels of a picture that was walked to its end, decoded by Pillow → their digest."""

from __future__ import annotations

import hashlib
from io import BytesIO

from PIL import Image, WebPImagePlugin  # noqa: F401 - WebP's first use would load all plugins

from contract.pictures.image_formats import Layout, NotAnImage, TooLarge

_STRIP = 256
"""How many rows are turned into RGBA at a time, to save memory."""


def digest(form: str, layout: Layout) -> str:
    """Decode every pixel of every frame, and give the digest of the size and of them all.

    Args:
        form: Pillow's name of the format.
        layout: the size, and the files to decode.

    Raises:
        NotAnImage: the pixels do not decode.
        TooLarge: this process has no room for them.
    """
    try:
        return _digest(form, layout)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise TooLarge(f"a {form} too large for this process ({error})") from error
    except Exception as error:
        raise NotAnImage(f"a {form} that does not decode ({error})") from error


def _digest(form: str, layout: Layout) -> str:
    seen = hashlib.sha256(f"{layout.width}x{layout.height}".encode())
    for file in layout.files:
        with Image.open(BytesIO(file), formats=(form,)) as image:
            for number in range(layout.frames // len(layout.files)):
                image.seek(number)
                for top in range(0, image.height, _STRIP):
                    bottom = min(top + _STRIP, image.height)
                    seen.update(_rgba(image.crop((0, top, image.width, bottom))))
    return seen.hexdigest()


def _rgba(image: Image.Image) -> bytes:
    if image.mode == "I;16":  # Pillow clips 16-bit grey: everything but black would be white
        image = Image.frombytes("L", image.size, image.tobytes()[1::2])
    return image.convert("RGBA").tobytes()
