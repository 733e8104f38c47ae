"""SVG: well-formed XML whose root is `svg`, and the size that browsers give it.

Nothing is drawn, resolved or run: entities outside are never fetched, links never followed, and
expat needs no stack for nested elements. Where a DTD may make more of the file than it holds, by
entities or by attributes that stand by default, the file is too large.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from contract.pictures.image_formats import Layout, NotAnImage, TooLarge

_ROOT = "http://www.w3.org/2000/svg svg"
_DEFAULT = 300.0, 150.0
"""The size of what states none (CSS 2.1 §10.3.2)."""
_MAX_EXPANDED = 1 << 20
"""The most characters that entities may expand to."""
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "q": 2.4 / 2.54,
    "pt": 96 / 72,
    "pc": 16.0,
    "em": 16.0,
    "rem": 16.0,
}
"""How many pixels a unit of CSS has."""
_LENGTH = re.compile(
    r"\s*([+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:e[+-]?\d{1,2})?)([a-z]*)\s*", re.IGNORECASE
)
_SEPARATOR = re.compile(r"[\s,]+")
_UNPROVED = "an SVG: it is drawn by the browser, and programs can read its text"


def walk(data: bytes) -> Layout:
    """Parse to the end of the root, then read the size from its attributes."""
    root = _root(data)
    width, height = (round(length) for length in _size(root))
    if width < 1 or height < 1:
        raise NotAnImage("an SVG without a width or a height")
    return Layout(form="SVG", width=width, height=height, files=(), unproved=_UNPROVED)


def _root(data: bytes) -> dict[str, str]:
    """Give the attributes of the root, once all of the file is well-formed."""
    parser = expat.ParserCreate(namespace_separator=" ")
    found: list[tuple[str, dict[str, str]]] = []

    def element(name: str, attributes: dict[str, str]) -> None:
        if not found:
            found.append((name, attributes))

    def entity(name: str, is_parameter: bool, value: str | None, *_: object) -> None:  # noqa: FBT001 - expat calls it
        longest = len(value or "")
        if is_parameter or "&" in (value or "") or longest * data.count(b"&") > _MAX_EXPANDED:
            raise TooLarge(f"an SVG whose entity {name!a} may expand without bounds")

    def attributes_by_default(element: str, *_: object) -> None:
        raise TooLarge(f"an SVG that gives {element!a} attributes by its DTD, any number of times")

    parser.StartElementHandler = element
    parser.AttlistDeclHandler = attributes_by_default
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat's own parameter
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, TooLarge):
            raise
        raise NotAnImage(f"an SVG that is not well-formed ({error})") from error
    name, attributes = found[0]
    if name != _ROOT:
        raise NotAnImage("XML whose root is no svg of its namespace")
    return attributes


def _size(root: Mapping[str, str]) -> tuple[float, float]:
    """Give width and height as browsers do: those stated, else by the ratio of the view box."""
    width, height = _pixels(root.get("width", "")), _pixels(root.get("height", ""))
    ratio = _ratio(root.get("viewBox", ""))
    if width is None and height is None and ratio:
        return min(_DEFAULT[0], _DEFAULT[1] * ratio), min(_DEFAULT[1], _DEFAULT[0] / ratio)
    if width is None:
        width = height * ratio if ratio and height is not None else _DEFAULT[0]
    if height is None:
        height = width / ratio if ratio else _DEFAULT[1]
    return width, height


def _pixels(length: str) -> float | None:
    """Give a length in pixels; None for a percentage, or for what is no length."""
    found = _LENGTH.fullmatch(length)
    unit = _PIXELS.get(found[2].lower()) if found else None
    return float(found[1]) * unit if found and unit else None


def _ratio(view_box: str) -> float | None:
    numbers = [_pixels(part) for part in _SEPARATOR.split(view_box.strip())]
    if len(numbers) != 4:  # noqa: PLR2004 - left, top, width, height
        return None
    width, height = numbers[2] or 0.0, numbers[3] or 0.0
    return width / height if width > 0 and height > 0 else None
