"""Waivers → lines of a waivers file, added to what is there.

No other line changes: new waivers are written behind the last one, in the form that the list has,
and of a waiver that is extended only the date is replaced. The new text is read again before it
counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from contract.findings import Place, Unusable
from contract.spec.yaml_text import composed_by_pyyaml
from contract.waivers import Waiver, parsed

_ENDLESS = 1 << 30
"""The width of a line that is never broken."""


class Deed(StrEnum):
    """What became of a waiver that is wanted."""

    ADDED = "added 已添加"
    EXTENDED = "extended 已延期"
    THERE = "already there 已存在"


@dataclass(frozen=True, slots=True)
class Written:
    """A wanted waiver and what became of it; `known` is the one that was there before."""

    deed: Deed
    waiver: Waiver
    known: Waiver | None = None


class NotExtensibleWaivers(Unusable):
    """A waivers file that cannot be added to as it is written."""


def new_text(wanted: Iterable[Waiver]) -> str:
    """Write waivers as a file of their own."""
    return "".join(_block(waiver) for waiver in wanted)


def extended_text(content: bytes, name: str, wanted: Iterable[Waiver]) -> tuple[str, list[Written]]:
    """Add wanted waivers to the content of a file; say what became of each.

    A waiver of the same finding in the same environment, or in every one, that holds as long is
    enough. One of the same environment that ends sooner is extended; its reason stays.

    Raises:
        UnreadableYaml: the file is not YAML.
        UnusableWaivers: it is no waivers file.
        NotExtensibleWaivers: it is written in a way that nothing can be added to.
    """
    known = parsed(content, name)
    written = [_written(waiver, known) for waiver in wanted]
    text = content.decode()
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        root = composed_by_pyyaml(text)
        places = {id(waiver): _date_of(root, number) for number, waiver in enumerate(known)}
        dates = [(places[id(each.known)], each.waiver) for each in _of(written, Deed.EXTENDED)]
        added = [each.waiver for each in _of(written, Deed.ADDED)]
        changed = _added(text, root, added, newline)
        for (start, end), waiver in sorted(dates, key=lambda each: each[0], reverse=True):
            quote = changed[start] if changed[start] in "\"'" else ""
            date = f"{quote}{waiver.expires.isoformat()}{quote}"
            changed = changed[:start] + date + changed[end:]
        same = _plain(parsed(changed.encode(), name)) == _plain(_expected(known, written))
    except (yaml.YAMLError, ValueError, IndexError, KeyError):
        same = False
    if not same:
        problem = "is written in a way that cannot be added to: write one waiver below the other"
        raise NotExtensibleWaivers(Place(name, 1), problem)
    return changed, written


def _written(waiver: Waiver, known: Sequence[Waiver]) -> Written:
    of_it = [each for each in known if each.finding == waiver.finding]
    long = [
        each
        for each in of_it
        if each.concerns(waiver.environment) and each.expires >= waiver.expires
    ]
    if long:
        return Written(Deed.THERE, waiver, long[0])
    own = [each for each in of_it if each.environment == waiver.environment]
    return Written(Deed.EXTENDED, waiver, own[-1]) if own else Written(Deed.ADDED, waiver)


def _of(written: Iterable[Written], deed: Deed) -> Iterable[Written]:
    return (each for each in written if each.deed is deed)


def _expected(known: Sequence[Waiver], written: Sequence[Written]) -> list[Waiver]:
    dates = {id(each.known): each.waiver.expires for each in _of(written, Deed.EXTENDED)}
    kept = [replace(each, expires=dates.get(id(each), each.expires)) for each in known]
    return [*kept, *(each.waiver for each in _of(written, Deed.ADDED))]


def _plain(waivers: Iterable[Waiver]) -> list[Waiver]:
    """Leave out where they stand."""
    return [replace(each, place=Place("", 0)) for each in waivers]


def _date_of(root: Node | None, number: int) -> tuple[int, int]:
    """Find where the date of a waiver begins and ends in the text."""
    item = root.value[number] if root is not None else None
    pairs = item.value if isinstance(item, MappingNode) else []
    found = [value for key, value in pairs if key.value == "expires"]
    return found[-1].start_mark.index, found[-1].end_mark.index


def _added(text: str, root: Node | None, wanted: Sequence[Waiver], newline: str) -> str:
    if not wanted:
        return text
    if isinstance(root, SequenceNode) and root.flow_style:
        end = root.end_mark.index - 1
        items = [*([""] if root.value else []), *map(_flow, wanted)]
        return text[:end] + ", ".join(items) + text[end:]
    column = root.start_mark.column if root is not None else 0
    end = root.end_mark.index if root is not None else len(text)
    end = text.rfind("\n", 0, end) + 1 if end < len(text.rstrip("\0")) else len(text)
    block = "".join(" " * column + line for line in new_text(wanted).splitlines(keepends=True))
    before = text[:end]
    before += newline if before and not before.endswith("\n") else ""
    return before + block.replace("\n", newline) + text[end:]


def _block(waiver: Waiver) -> str:
    return _dumped([_mapping(waiver)], flow=False)


def _flow(waiver: Waiver) -> str:
    return _dumped(_mapping(waiver), flow=True).strip()


def _dumped(value: object, *, flow: bool) -> str:
    dumped = yaml.safe_dump(
        value, allow_unicode=True, sort_keys=False, width=_ENDLESS, default_flow_style=flow
    )
    return str(dumped)


def _mapping(waiver: Waiver) -> dict[str, object]:
    ticket = {"ticket": waiver.ticket} if waiver.ticket else {}
    return {
        "finding": waiver.finding,
        "environment": waiver.environment,
        "reason": waiver.reason,
        **ticket,
        "expires": waiver.expires,
    }
