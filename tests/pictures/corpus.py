"""Every picture of the corpus: of all formats, whole and damaged, the same ones in every run.

To add one: a line in the module of its format. `python -m benchmarks.pictures` compares all of them
with a browser, and writes what the two disagree on into docs/pictures.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.pictures import bmps, gifs, icons, jpegs, others, pngs, webps

_HARMLESS = frozenset(
    {
        *("jpeg-arithmetic", "jpeg-arithmetic-grey"),
        *("jpeg-garbage-before-end", "jpeg-zeros-before-end"),
        *("png-palette-of-odd-length", "png-palette-in-grey", "png-end-of-bad-checksum"),
        *("png-transparency-of-bad-checksum", "png-stream-of-bad-checksum"),
        *("png-stream-without-checksum", "png-pixels-cut-1-bytes", "png-pixels-cut-4-bytes"),
        *("png-animated-of-none", "gif-without-end", "gif-foreign-bytes", "gif-zero-between"),
        *("webp-zeros-inside", "bmp-palette-of-300", "bmp-runs-past-the-row", "bmp-without-masks"),
        *("bmp-masks-overlapping", "bmp-runs-from-top", "bmp-two-planes", "icon-second-cut"),
        "avif-without-data",
    }
)
"""Damage that takes no pixel away, or that no decoder can tell."""
_TOO_ODD = frozenset({"jpeg-sampled-3x1-2x1-1x1", "bmp-runs-without-end", "svg-in-gbk"})
"""What is whole, and what decoders do not read all the same."""

_AS_DRAWN = {
    **jpegs.WHOLE,
    **pngs.WHOLE,
    **gifs.WHOLE,
    **webps.WHOLE,
    **bmps.WHOLE,
    **icons.WHOLE,
    **others.SVGS,
    **others.AVIFS,
}
_CHANGED = {
    **jpegs.DAMAGED,
    **pngs.DAMAGED,
    **gifs.DAMAGED,
    **webps.DAMAGED,
    **bmps.DAMAGED,
    **icons.DAMAGED,
    **others.NO_SVGS,
    **others.NO_AVIFS,
    **others.FOREIGN,
}
MADE: Mapping[str, bytes] = _AS_DRAWN | _CHANGED
"""The pictures by their names."""
ACCEPTED: Mapping[str, bytes] = {
    name: data
    for name, data in MADE.items()
    if name in _HARMLESS or (name in _AS_DRAWN and name not in _TOO_ODD)
}
"""Those that must be read."""
REFUSED: Mapping[str, bytes] = {name: data for name, data in MADE.items() if name not in ACCEPTED}
"""Those that must not."""
