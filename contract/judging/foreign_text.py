"""The search for an object of the service in a body that is not JSON.

A service may break its JSON: a warning stands before it, a comment behind it. A page may quote
JSON that is not its answer, in its scripts and its examples. This tells the two apart.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contract.judging.content import OtherContent
from contract.judging.own_envelope import OwnEnvelope, objects

_TRIES = 256
_BUDGET = 8 << 20
"""How many characters are read in search of an object."""
_BEGIN = re.compile(r"\{\s*\"")
_BROKEN = re.compile(r"\s*(?:\[\s*)?\{")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)[^<>]*+>")
_QUOTING = frozenset({"pre", "code", "textarea", "xmp", "samp", "template"})
_SILENT = frozenset({"style", "title", "noscript"})
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParts:
    """A page, taken apart: what it says itself, what it quotes, and its scripts."""

    said: str
    quoted: str
    scripts: str


def holds_own_object(content: OtherContent, envelope: OwnEnvelope) -> bool:
    """Say whether the service wrote a body that is not JSON: an object of its own stands in it.

    On a page it must stand in the page's own text; or in a script, together with a row; or be all
    that the page quotes and shows.
    """
    if envelope.code is None:
        return False
    if not content.is_page:
        return (
            _has(html.unescape(content.text), envelope.is_own)
            or _is_cut_off(content.text, envelope)
            or _has_elements(content.text, envelope)
        )
    page = parts_of(content.text)
    return (
        _has(html.unescape(page.said), envelope.is_own)
        or _has(page.scripts, envelope.is_whole)
        or (not page.said.strip() and _has(html.unescape(page.quoted), envelope.is_own))
    )


def parts_of(page: str) -> PageParts:
    """Take a page apart; comments, styles, the title and attributes are left out."""
    said: list[str] = []
    quoted: list[str] = []
    scripts: list[str] = []
    lowered = page.lower() if len(page.lower()) == len(page) else page
    at = 0
    while at < len(page):
        opening = page.find("<", at)
        if opening < 0:
            said.append(page[at:])
            break
        said.append(page[at:opening])
        if page.startswith("<!--", opening):
            end = page.find("-->", opening)
            at = len(page) if end < 0 else end + 3
            continue
        tag = _TAG.match(page, opening)
        if tag is None:
            said.append("<")
            at = opening + 1
            continue
        at, name = tag.end(), tag[2].lower()
        kept = {"script": scripts, **dict.fromkeys(_QUOTING, quoted)}.get(name)
        if not tag[1] and (kept is not None or name in _SILENT):
            end = lowered.find(f"</{name}", at)
            inner = page[at : len(page) if end < 0 else end]
            at += len(inner)
            if kept is not None:
                kept.append(inner if kept is scripts else _TAG.sub("", inner))
    return PageParts(said="".join(said), quoted="\n".join(quoted), scripts="\n".join(scripts))


def _has(text: str, wanted: Callable[[object], bool]) -> bool:
    return any(wanted(each) for value in _values(text) for each in objects(value))


def _values(text: str) -> Iterator[object]:
    """Give the objects of JSON that stand in a text, one after the other."""
    at = spent = 0
    for _ in range(_TRIES):
        begin = _BEGIN.search(text, at)
        if begin is None or spent > _BUDGET:
            return
        try:
            value, at = _DECODER.raw_decode(text, begin.start())
        except json.JSONDecodeError as error:
            spent += error.pos - begin.start()
            at = begin.start() + 1
        except (ValueError, RecursionError):
            return
        else:
            yield value


def _is_cut_off(text: str, envelope: OwnEnvelope) -> bool:
    """Say whether a text begins as JSON, or as what is taken for it, and names the code."""
    if _BROKEN.match(text) is None or envelope.code is None:
        return False
    name = re.escape(envelope.code.name)
    return re.search(rf"(?<![\w.-])([\"']?){name}\1\s*:", text) is not None


def _has_elements(text: str, envelope: OwnEnvelope) -> bool:
    """Say whether XML has elements named as the code and as another member of the envelope."""
    found = {name for name in envelope.names if f"<{name}>" in text and f"</{name}>" in text}
    return envelope.code is not None and envelope.code.path[0] in found and len(found) > 1
