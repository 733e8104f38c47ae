"""The one form of every name that a report can show: checks, rules, faults, reasons.

A registry is a mapping of names to entries, and stands beside the code that uses them. `explain`
and the lists in `docs/` are made of the registries, so a new entry needs no other place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from contract.findings import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One name, and what a reader must know about it.

    Attributes:
        name: as reports show it.
        english: the promise, or what it does, in one sentence.
        chinese: the same in Chinese.
        source: who asks for it: a column of the document, an RFC, what browsers do.
        level: whose promise it is; None where the spec decides, or where nothing is promised.
        after: the names of what must hold before it is asked.
        recorded: whether a recording shows it.
        broken: an example that breaks it.
        right: the same example in its right form.
    """

    name: str
    english: str
    chinese: str
    source: str = ""
    level: Level | None = None
    after: tuple[str, ...] = ()
    recorded: bool = True
    broken: str = ""
    right: str = ""


Listed = TypeVar("Listed", bound=Entry)


def registry(entries: Iterable[Listed]) -> Mapping[str, Listed]:
    """List entries by their names, in their order.

    Raises:
        ValueError: two have the same name.
    """
    listed: dict[str, Listed] = {}
    for entry in entries:
        if entry.name in listed:
            raise ValueError(f"{entry.name} is listed twice")
        listed[entry.name] = entry
    return listed
