"""The bytes of a body → what they are: JSON, a page of markup, text, or other bytes.

The bytes decide, not the label. A page begins with an element of HTML, whatever stands before it:
a byte order mark, white space, comments, an XML declaration, a doctype.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass

from contract.judging.exchange import Response

BOM = b"\xef\xbb\xbf"
"""The byte order mark, in UTF-8."""

_DIGITS = 4000
"""How many digits of an integer are read."""
_SAMPLED = 4096
"""How many characters tell a text from other bytes."""
_SCRIPTS = frozenset(
    f"application/{name}" for name in ("javascript", "x-javascript", "ecmascript", "x-ecmascript")
)
"""The obsolete names of text/javascript (RFC 9239 §6)."""
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ELEMENTS = """a abbr address applet area article aside audio b base basefont bdo big blink
    blockquote body br button canvas caption center cite code col colgroup dd del details dialog dir
    div dl dt em embed fieldset figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header
    hr html i iframe img input ins kbd label legend li link main map marquee menu meta nav nobr
    noframes noscript object ol p param pre s samp script section select small span strike strong
    style sub sup svg table tbody td template textarea tfoot th thead title tr tt u ul video wbr"""
_HTML = re.compile(rf"</?(?:{'|'.join(_ELEMENTS.split())})(?![\w:.-])", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!doctype\s*html", re.IGNORECASE)
_ENDS = (("<!--", "-->"), ("<?", "?>"), ("<!", ">"))
"""What may stand before a page's first element, and how it ends."""
_BLANKS = re.compile(r"[\ufeff\s\0]+")
_OBJECT = re.compile(r"\s*[\[{\"]")


@dataclass(frozen=True, slots=True)
class JsonContent:
    """JSON in UTF-8, and nothing else (RFC 8259).

    Attributes:
        value: the value; if a member is named twice, the last one counts.
        repeated: the names that stand twice in one object.
    """

    value: object
    repeated: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherContent:
    """A body that is not JSON.

    Attributes:
        problem: why it is not.
        text: the body as text, from the encoding that it is most likely in.
        is_page: whether it begins as HTML does.
        is_text: whether it is text by its label; without a label, by its look.
    """

    problem: str
    text: str
    is_page: bool
    is_text: bool


Content = JsonContent | OtherContent
"""What a body is."""


def content_of(response: Response) -> Content:
    """Read the body of a response; a byte order mark before JSON is accepted here.

    Raises:
        RecursionError: it is JSON nested too deeply to read.
    """
    body = response.body
    try:
        return _json(body)
    except ValueError as error:
        text = _text(body)
        page = _is_page(text)
        return OtherContent(
            problem=f"{len(body)} bytes: {error}",
            text=text,
            is_page=page,
            is_text=page or _is_text(response, text),
        )


def _json(body: bytes) -> JsonContent:
    """Read RFC 8259 JSON in UTF-8, and the names that stand twice in one object.

    Such names, and a BOM, are accepted here: they have checks of their own.
    """
    if not body:
        raise ValueError("the body is empty")
    try:
        text = body.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1} is not UTF-8") from None
    repeated: dict[str, None] = {}

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        named = dict(pairs)
        if len(named) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            repeated.update((name, None) for name in counts if counts[name] > 1)
        return named

    try:
        value: object = json.loads(
            text, object_pairs_hook=members, parse_constant=_no_constant, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from None
    return JsonContent(value, tuple(repeated))


def _no_constant(word: str) -> object:
    raise ValueError(f"not JSON: {word} is not a JSON value")


def _integer(digits: str) -> int:
    # The interpreter refuses to read more digits; no promise needs the exact value.
    return int(digits[:_DIGITS])


def _text(body: bytes) -> str:
    """Decode a body by its byte order mark, else as UTF-8, else as a Chinese Windows writes it."""
    coded = _UTF_16.get(body[:2])
    if coded is not None:
        return body[2:].decode(coded, "replace")
    try:
        return body.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError:
        return body.removeprefix(BOM).decode("gb18030", "replace")


def _is_page(text: str) -> bool:
    """Say whether a text begins as HTML, behind what may stand before it."""
    at, commented = 0, False
    while True:
        blanks = _BLANKS.match(text, at)
        at = blanks.end() if blanks else at
        if _DOCTYPE.match(text, at):
            return True
        closing = next((end for begin, end in _ENDS if text.startswith(begin, at)), None)
        if closing is None:
            return _HTML.match(text, at) is not None or (commented and at == len(text))
        commented |= text.startswith("<!--", at)
        end = text.find(closing, at)
        at = len(text) if end < 0 else end + len(closing)


def _is_text(response: Response, text: str) -> bool:
    """Say whether a body is text: labelled so; without a label, readable and no start of JSON."""
    label = (response.header("Content-Type") or "").partition(";")[0].strip().lower()
    if label:
        return (label.startswith("text/") or label in _SCRIPTS) and bool(text.strip())
    start = text[:_SAMPLED]
    readable = all(each.isprintable() or each in "\t\r\n\f" for each in start)
    return readable and bool(start.strip()) and not _OBJECT.match(start)
