"""What a browser shows of a picture, and whether it is what `contract.pictures` reads."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageChops
from playwright.sync_api import Page

from contract.pictures import image, pixels

SCRIPT = """
async (pictures) => {
  const shown = {};
  const known = ['jpeg', 'png', 'gif', 'webp', 'bmp', 'avif'];
  for (const [name, type, text] of pictures) {
    const element = new Image();
    element.src = `data:${type};base64,${text}`;
    const facts = shown[name] = {decoded: true, whole: true, pixels: ''};
    await element.decode().catch(() => facts.decoded = false);
    const width = facts.width = element.naturalWidth, height = facts.height = element.naturalHeight;
    if (width && height && width * height < 100000) {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      const pen = canvas.getContext('2d');
      pen.fillStyle = 'white';
      pen.fillRect(0, 0, width, height);
      pen.drawImage(element, 0, 0);
      const data = pen.getImageData(0, 0, width, height).data;
      facts.pixels = btoa(Array.from(data, (value) => String.fromCharCode(value)).join(''));
    }
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    if (type !== 'image/svg+xml')
      await createImageBitmap(new Blob([bytes], {type})).catch(() => facts.whole = false);
    if (facts.whole && known.includes(type.slice(6))) {
      const decoder = new ImageDecoder({type, data: bytes});
      try {
        await decoder.tracks.ready;
        await decoder.completed;
        const frames = decoder.tracks.selectedTrack.frameCount;
        for (let frameIndex = 0; frameIndex < frames; frameIndex++)
          (await decoder.decode({frameIndex})).image.close();
      } catch { facts.whole = false; }
    }
  }
  return shown;
}
"""
"""Loads each picture as a page does; asks of each frame, with the interfaces that say so, whether
it is complete: an `img` resolves on the first part that came."""
NEAR = 3
"""How much a channel may differ: a canvas multiplies by alpha, and CMYK is turned into RGB."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the browser shows, and what we read.

    Attributes:
        size: width and height in the browser; None where it shows nothing.
        whole: whether the browser decodes every frame to its end.
        read: width and height as we read them; None where we refuse the picture.
        said: why we refuse it, or why its last row is not proved.
        difference: the largest difference of a channel; None where it cannot be told.
        last_row: the same in the last row.
    """

    size: tuple[int, int] | None
    whole: bool
    read: tuple[int, int] | None
    said: str
    difference: int | None
    last_row: int | None

    @property
    def agreed(self) -> bool:
        """Whether both show the same picture, or neither shows any."""
        if self.read is None:
            return self.size is None
        return self.whole and self.size == self.read and (self.difference or 0) <= NEAR


def compare(page: Page, pictures: Mapping[str, bytes]) -> dict[str, Shown]:
    """Show pictures in a page of localhost, which may use every interface, and read them."""
    page.route("**/*", lambda route: route.fulfill(body="<p>", content_type="text/html"))
    page.goto("http://localhost/")
    items = [
        [name, _label(name), base64.b64encode(data).decode()] for name, data in pictures.items()
    ]
    facts = page.evaluate(SCRIPT, items)
    return {name: _shown(data, facts[name]) for name, data in pictures.items()}


def _label(name: str) -> str:
    """Give the label that a browser needs for SVG and its newer interfaces; others are sniffed."""
    kind = name.partition("-")[0]
    own = {"svg": "svg+xml", "xml": "svg+xml", "icon": "x-icon", "cursor": "x-icon"}
    known = {"jpeg", "png", "gif", "webp", "bmp", "avif"}
    return "image/" + own.get(kind, kind if kind in known else "png")


def _shown(data: bytes, facts: dict[str, object]) -> Shown:
    size = (int(str(facts["width"])), int(str(facts["height"])))
    seen = size if facts["decoded"] and all(size) else None
    try:
        picture = image.read(data)
    except (image.NotAnImage, image.TooLarge) as error:
        return Shown(seen, bool(facts["whole"]), None, str(error), None, None)
    read, difference, last_row = (picture.width, picture.height), None, None
    _, layout = image.walk(data)
    if layout.files and facts["pixels"]:
        ours = _over_white(next(pixels.frames(layout)))
        theirs = Image.frombytes("RGBA", size, base64.b64decode(str(facts["pixels"])))
        if ours.size == theirs.size:
            changed = ImageChops.difference(ours, theirs.convert("RGB"))
            difference = _largest(changed)
            last_row = _largest(changed.crop((0, size[1] - 1, *size)))
    said = picture.unproved or ""
    return Shown(seen, bool(facts["whole"]), read, said, difference, last_row)


def _over_white(frame: Image.Image) -> Image.Image:
    parts = list(pixels.strips(frame))
    drawing = Image.new("RGBA", frame.size, "white")
    top = 0
    for part in parts:
        drawing.alpha_composite(part, (0, top))
        top += part.height
    return drawing.convert("RGB")


def _largest(difference: Image.Image) -> int:
    levels = difference.histogram()  # 256 for each channel
    return max(number % 256 for number, count in enumerate(levels) if count)
