"""A registry's entries, as people read them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import fields
from enum import Enum

from contract.registry import Entry

Registries = Mapping[str, Mapping[str, Entry]]
"""The kind of the names, such as `check`, → their registry."""

_WIDTH = 80
_OF_EVERY_ENTRY = frozenset(field.name for field in fields(Entry))


def explained(name: str, registries: Registries) -> str | None:
    """Explain a name, or the id of a finding that ends in one; None where nothing has the name.

    A name that stands in several registries is explained once for each.
    """
    found = [
        (kind, entries[name]) for kind, entries in registries.items() if name in entries
    ] or list(_of_id(name, registries))
    return "\n\n".join(_paragraph(kind, entry) for kind, entry in found) or None


def _of_id(name: str, registries: Registries) -> Iterator[tuple[str, Entry]]:
    """Find the entries that an id such as `getImgCode-img-max-length` ends in, the longest ones."""
    ends = [
        (kind, entry)
        for kind, entries in registries.items()
        for entry in entries.values()
        if name.endswith(f"-{entry.name}")
    ]
    longest = max((len(entry.name) for _, entry in ends), default=0)
    return ((kind, entry) for kind, entry in ends if len(entry.name) == longest)


def _paragraph(kind: str, entry: Entry) -> str:
    lines = [f"{entry.name} ({kind})", *_wrapped(entry.english, 2), f"  {entry.chinese}"]
    for label, text in facts(entry):
        first, *others = text.splitlines() or [""]
        lines.append(f"  {label:<12} {first}")
        lines += [f"  {'':<12} {line}" for line in others]
    return "\n".join(lines)


def _wrapped(text: str, indent: int) -> list[str]:
    space = " " * indent
    return textwrap.wrap(text, _WIDTH, initial_indent=space, subsequent_indent=space)


def facts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Give the facts of an entry other than its sentences, each with a label."""
    if entry.level is not None:
        yield "level", str(entry.level)
    if entry.source:
        yield "source", entry.source
    if entry.after:
        yield "after", ", ".join(entry.after)
    if not entry.recorded:
        yield "recording", "no recording shows it"
    for field in fields(entry):
        if field.name not in _OF_EVERY_ENTRY:
            text = _text(getattr(entry, field.name))
            if text:
                yield field.name.replace("_", " "), text
    if entry.broken:
        yield "broken", entry.broken
    if entry.right:
        yield "right", entry.right


def _text(value: object) -> str:
    """Write the value of a field; a function has no text."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, str):
        return value
    if isinstance(value, tuple | frozenset | list):
        texts = [_text(item) for item in value]
        return ", ".join(sorted(texts) if isinstance(value, frozenset) else texts)
    return ""
