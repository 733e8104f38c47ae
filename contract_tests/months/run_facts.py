"""A series → what each of its runs showed, packed so that a page can compare any two runs.

Each fact, such as the type and length of a member, is a short text that most runs share; only where
it changes from one run to the next is it written. `months.js` reads this form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from contract_tests.comparing.facts import span
from contract_tests.comparing.run_reports import WORST_FIRST
from contract_tests.months.history import OPEN, KeptRun, Series

MOST_CHANGES = 400_000
"""So many changes of facts of members and pictures are packed; then they are left out."""

_ITEM = "/*"

Packed = dict[str, object]


def packed(every: Sequence[Series]) -> tuple[list[Packed], list[str]]:
    """Pack every series; give also the names of those whose members had no room."""
    room = MOST_CHANGES
    made, without = [], []
    for series in every:
        members, changes = _members(series)
        if changes > room:
            members = {}
            without.append(f"{series.name} ({series.environment})")
        else:
            room -= changes
        made.append(_packed(series, members))
    return made, without


def _packed(series: Series, members: Mapping[str, Packed]) -> Packed:
    names = list(dict.fromkeys(name for state in series.states for name in state))
    return {
        "name": series.name,
        "environment": series.environment,
        "summary": series.summary,
        "runs": _steps(each.run for each in series.kept),
        "verdicts": "".join(str(WORST_FIRST.index(each.verdict)) for each in series.kept),
        "claims": names,
        "states": ["".join(state.get(name, OPEN) for name in names) for state in series.states],
        "state": _changes([each.state for each in series.kept]),
        "times": [
            round(median(each.seconds) * 1000) if each.seconds else None for each in series.kept
        ],
        "reasons": _as_facts([_reasons(each) for each in series.kept]),
        "members": members,
    }


def _reasons(kept: KeptRun) -> str:
    return ", ".join(f"{name} ({count})" for name, count in kept.unjudged)


def _steps(runs: Iterable[int]) -> list[int]:
    """Write growing numbers by their distances."""
    made, last = [], 0
    for each in runs:
        made.append(each - last)
        last = each
    return made


def _changes(values: Sequence[int]) -> list[int]:
    """Write numbers by the places where they change, each with what it is from there on."""
    made: list[int] = []
    for place, value in enumerate(values):
        if not made or made[-1] != value:
            made += [place, value]
    return made


def _as_facts(texts: Sequence[str]) -> Packed:
    numbers: dict[str, int] = {}
    changes = _changes([numbers.setdefault(each, len(numbers)) for each in texts])
    return {"texts": list(numbers), "changes": changes}


def _members(series: Series) -> tuple[dict[str, Packed], int]:
    pictured = dict.fromkeys(each[0] for each in series.pictures)
    known = dict.fromkeys(name for shape in series.shapes for name, _ in shape if name)
    made: dict[str, Packed] = {}
    total = 0
    texts: dict[str, list[str]] = {pointer: [] for pointer in known}
    cache: dict[tuple[int, ...], Mapping[str, str]] = {}
    for kept in series.kept:
        shown = tuple(sorted(kept.shapes))
        if shown not in cache:
            cache[shown] = _of_shapes(series, shown, known)
        facts = cache[shown]
        for pointer, rows in texts.items():
            seen = facts.get(pointer, "")
            if seen and pointer in pictured:
                seen = f"{seen} · {_of_pictures(series, kept, pointer)}"
            rows.append(seen)
    for pointer, rows in texts.items():
        made[pointer] = _as_facts(rows)
        changes = made[pointer]["changes"]
        total += len(changes) if isinstance(changes, list) else 0
    return made, total


def _of_shapes(series: Series, shapes: Sequence[int], known: Iterable[str]) -> Mapping[str, str]:
    """Say of each member its types, its lengths, and in how many answers it stood."""
    answers = [dict(series.shapes[each]) for each in shapes]
    facts = {}
    for pointer in known:
        there = [each[pointer] for each in answers if pointer in each]
        types = "|".join(sorted({kind for each in there for kind in each.types}))
        lengths = [each.longest for each in there if each.longest is not None]
        size = f" {span(lengths)}" if lengths else ""
        holders = pointer.rpartition("/")[0]
        among = sum(holders in each and "object" in each[holders].types for each in answers)
        share = "" if len(there) == among or pointer.endswith(_ITEM) else f" {len(there)}/{among}"
        facts[pointer] = f"{types or '–'}{size}{share}" if answers else ""
    return facts


def _of_pictures(series: Series, kept: KeptRun, pointer: str) -> str:
    seen = [series.pictures[number] for number, _ in kept.pictures]
    kinds = dict.fromkeys(
        f"{kind} {width}×{height}" for name, kind, width, height in seen if name == pointer
    )
    return ", ".join(kinds) or "–"


def newest(packed_series: Packed, pointer: str) -> str:
    """Give what the newest run shows of a member."""
    members = packed_series["members"]
    facts = members.get(pointer) if isinstance(members, dict) else None
    return str(facts["texts"][facts["changes"][-1]]) if facts and facts["changes"] else ""
