"""Every picture of the corpus: of all formats, whole and damaged, the same ones in every run."""

from __future__ import annotations

from collections.abc import Mapping

from tests.pictures import bmps, gifs, icons, jpegs, others, pngs, webps

MADE: Mapping[str, bytes] = {
    **jpegs.WHOLE,
    **pngs.WHOLE,
    **gifs.WHOLE,
    **webps.WHOLE,
    **bmps.WHOLE,
    **icons.WHOLE,
    **others.SVGS,
    **others.AVIFS,
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
"""The pictures by their names."""
