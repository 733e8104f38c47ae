"""What a file of each picture format must hold before a decoder may see it, one module each.

`walk` reads a file from its first byte to its end marker. It refuses what decoders accept in
silence: a missing scan, row or frame, a bad checksum, a missing end. Sizes are checked before
anything is inflated or counted, so a decompression bomb costs nothing. Decoders stumble over
comments, profiles and previews, which browsers do not show; the files that `walk` gives for JPEG
and PNG hold only what makes pixels.

To add a format: write its module, and list it in `contract.pictures.image`.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_PIXELS = 25_000_000
"""The most pixels that are decoded, those of all frames together."""
MAX_SIDE = 65_535
"""The longest side that is decoded: the most that JPEG and GIF can state. Decoders keep a pointer
for every row."""
MAX_FRAMES = 100
"""The most frames of an animation that are decoded."""


class NotAnImage(ValueError):  # noqa: N818 - it names what is wrong with the bytes
    """The bytes are no picture that decodes completely; the message says what they are."""


class TooLarge(ValueError):  # noqa: N818 - it names what is wrong with the bytes
    """The picture has too many pixels, frames or scans; none of it was decoded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The size of a picture, and the files that its frames are decoded from.

    An animation is one file with all its frames, or one file for each of them.
    """

    width: int
    height: int
    frames: int
    files: tuple[bytes, ...]


def judge_size(width: int, height: int, frames: int = 1) -> None:
    """Refuse a picture that has no pixels, or more than will be decoded."""
    if min(width, height, frames) < 1:
        raise NotAnImage(f"a picture without pixels, {width}×{height}, frames: {frames}")
    if frames > MAX_FRAMES:
        raise TooLarge(f"{frames} frames; at most {MAX_FRAMES} are decoded")
    if width * height * frames > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise TooLarge(
            f"{width}×{height} pixels, frames: {frames}; at most {MAX_PIXELS} pixels in all "
            f"and {MAX_SIDE} on a side are decoded",
        )
