"""What a file of each picture format must hold before a decoder may see it, one module each.

`walk` reads a file from its first byte to its end marker. It refuses what decoders accept in
silence: a missing scan, row or frame, a bad checksum, a missing end, a palette that is too short.
What decoding would cost is counted from the headers alone, before anything is inflated or drawn,
so a decompression bomb costs nothing. Decoders stumble over comments, profiles and previews, which
browsers do not show; the files that `walk` gives hold only what makes pixels, and those of BMP and
icons are written anew in the one form that decoders read alike.

To add a format: write its module, and list it in `contract.pictures.image`.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_PIXELS = 25_000_000
"""The work that a picture may cost: its pixels × frames × passes, however it is stored.

A pass draws every pixel once. A scan of a JPEG is one, and so is whatever a decoder keeps beside
the picture, such as libwebp's second canvas: passes stand for memory too.
"""
MAX_SIDE = 65_535
"""The longest side that is decoded: the most that JPEG and GIF can state. Decoders keep a pointer
for every row."""
MAX_FRAMES = 100
"""The most frames of an animation that are decoded."""


_LAST_UPRIGHT = 4
"""The last orientation that leaves width and height in their places."""


class NotAnImage(ValueError):  # noqa: N818 - it names what is wrong with the bytes
    """The bytes are no picture that decodes completely; the message says what they are."""


class TooLarge(ValueError):  # noqa: N818 - it names what is wrong with the bytes
    """The picture is beyond the budget; none of it was decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a picture is like, and the files that its frames are decoded from.

    Attributes:
        form: Pillow's name of the format of `files`.
        width: as the file states it, before it is turned.
        height: likewise.
        frames: 1 if it stands still.
        files: one file with all frames, or one for each of them; none where nothing here can
            decode them.
        orientation: how a camera was held, 1 to 8 (EXIF's tag 274); from 5 on, width and height
            change places.
        colours: how many colours its palette has; None without one.
        unproved: why its last row cannot be proved; None where it can.
    """

    form: str
    width: int
    height: int
    frames: int = 1
    files: tuple[bytes, ...]
    orientation: int = 1
    colours: int | None = None
    unproved: str | None = None

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height as browsers show them."""
        size = self.width, self.height
        return size if self.orientation <= _LAST_UPRIGHT else size[::-1]


def judge_size(width: int, height: int, frames: int = 1, passes: int = 1) -> None:
    """Refuse a picture that has no pixels, or whose pixels cost more than will be spent."""
    if min(width, height, frames) < 1:
        raise NotAnImage(f"a picture without pixels, {width}×{height}, frames: {frames}")
    if frames > MAX_FRAMES:
        raise TooLarge(f"{frames} frames; at most {MAX_FRAMES} are decoded")
    if max(width, height) > MAX_SIDE:
        raise TooLarge(f"{width}×{height} pixels; at most {MAX_SIDE} on a side are decoded")
    if width * height * frames * passes > MAX_PIXELS:
        raise TooLarge(
            f"{width}×{height} pixels, frames: {frames}, passes: {passes}; at most {MAX_PIXELS} "
            f"pixels × frames × passes are decoded",
        )
