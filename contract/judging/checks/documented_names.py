"""The names that a spec documents in each object, and a guess which one a wrong name means."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from itertools import islice

from contract.spec.members import Member

_ALIKE = 0.7
"""How alike two names must be: image is like enough to img, msg is not."""
_COMPARED, _NAME = 1000, 100
"""How many names are compared, and how many characters of each; a server may send millions."""

DocumentedNames = Mapping[tuple[str, ...], frozenset[str]]
"""The path of each object that the spec describes → the names of its members."""


def documented_names(members: Iterable[Member]) -> DocumentedNames:
    """List what is documented in every object, except in those that may hold anything."""
    found: dict[tuple[str, ...], set[str]] = {}
    listed = tuple(members)
    for member in listed:
        if member.path and member.path[-1] != "*":
            found.setdefault(member.path[:-1], set()).add(member.name)
    for member in listed:
        if member.schema.get("additionalProperties", False) is not False:
            found.pop(member.path, None)
    return {path: frozenset(names) for path, names in found.items()}


def likely_meant(missing: str, holder: Iterable[str], known: Collection[str]) -> str | None:
    """Find the undocumented name that is most likely meant for a missing one."""
    unknown = islice((name for name in holder if name not in known), _COMPARED)
    undocumented = {_plain(name): name for name in unknown}
    alike = get_close_matches(_plain(missing), undocumented, n=1, cutoff=_ALIKE)
    return undocumented[alike[0]] if alike else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()[:_NAME]
