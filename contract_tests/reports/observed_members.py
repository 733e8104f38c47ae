"""The value of an answer → its members: where each stands, of which type, how long its texts are.

No value is kept, so nothing here can carry a secret but the names, and a judgement holds none. The
items of a list are one member, whose name is `*`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from contract import printable
from contract.json_pointer import escape
from contract.spec.vocabulary import json_type
from contract_tests.reports.report_values import ReportMember

MOST_MEMBERS = 256
"""The most members that a report lists of one answer; of an answer with more it lists none."""
MOST_VALUES = 20_000
"""The most values of one answer that are looked at."""
ITEM = "*"
"""The name of the items of a list."""


@dataclass(slots=True)
class _Seen:
    """What was seen of one member so far."""

    count: int = 0
    types: set[str] = field(default_factory=set)
    lengths: tuple[int, ...] = ()


def observed_members(value: object) -> tuple[ReportMember, ...]:
    """List the members of an answer, the answer itself first; none where there are too many."""
    members: dict[str, _Seen] = {}
    for looked_at, (pointer, found) in enumerate(_walk(value), start=1):
        seen = members.setdefault(pointer, _Seen())
        if len(members) > MOST_MEMBERS or looked_at > MOST_VALUES:
            return ()
        seen.count += 1
        seen.types.add(json_type(found))
        if isinstance(found, str):
            lengths = (*seen.lengths, len(found))
            seen.lengths = (min(lengths), max(lengths))
    return tuple(
        ReportMember(
            pointer=pointer,
            count=seen.count,
            types=tuple(sorted(seen.types)),
            shortest=seen.lengths[0] if seen.lengths else None,
            longest=seen.lengths[-1] if seen.lengths else None,
        )
        for pointer, seen in members.items()
    )


def _walk(value: object) -> Iterator[tuple[str, object]]:
    """Give every value with its pointer, the outer ones first; nothing is read ahead."""
    yield "", value
    holders = deque([("", value)])
    while holders:
        pointer, holder = holders.popleft()
        for name, inner in _inside(holder):
            yield f"{pointer}/{name}", inner
            if isinstance(inner, dict | list):
                holders.append((f"{pointer}/{name}", inner))


def _inside(holder: object) -> Iterator[tuple[str, object]]:
    if isinstance(holder, dict):
        for name, inner in holder.items():
            yield escape(printable.line(name)), inner
    elif isinstance(holder, list):
        yield from ((ITEM, inner) for inner in holder)
