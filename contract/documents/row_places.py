"""Where in a sample's value the rows of a field table stand: at its top, or in one of its members.

Only names decide: rows stand where the sample shows most of them. No member's name is known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from contract.documents.sample_json import Names

_DEEPEST = 3


def objects(value: object, at: Names = ()) -> Iterator[tuple[Names, dict[str, object]]]:
    """Give the object itself, or the objects in the lists that it is made of."""
    if isinstance(value, dict):
        yield at, value
    elif isinstance(value, list):
        for number, element in enumerate(value):
            yield from objects(element, (*at, number))


def rows_root(names: AbstractSet[str], value: object) -> tuple[str, ...]:
    """Find what leads to the object, or the list of objects, in which the rows stand.

    Of two places that show equally many rows, the inner one counts where something else stands
    beside it: an envelope. Where no row is shown, the only member that could hold them does.

    Args:
        names: the names of the rows that stand in no other row.
        value: what a sample shows.
    """
    if not isinstance(value, dict) or not names:
        return ()
    places = _places(value)
    above = names & value.keys()
    inner = [
        path
        for path, held in places.items()
        if path and all(step not in names or step in held for step in path)
    ]
    best = max(inner, key=lambda path: (len(names & places[path]), -len(path)), default=())
    count = len(names & places[best]) if best else 0
    beside = value.keys() - names - {*best[:1]}
    if count and (count > len(above) or (count == len(above) and beside)):
        return best
    return () if above or count else _only_holder(value)


def _places(value: dict[str, object]) -> dict[tuple[str, ...], set[str]]:
    """List the names in each object, those of a list together."""
    places: dict[tuple[str, ...], set[str]] = {}
    level: list[tuple[tuple[str, ...], object]] = [((), value)]
    while level:
        deeper: list[tuple[tuple[str, ...], object]] = []
        for path, each in level:
            for _, holder in objects(each):
                places.setdefault(path, set()).update(holder)
                if len(path) < _DEEPEST:
                    deeper += [
                        ((*path, name), inner)
                        for name, inner in holder.items()
                        if isinstance(inner, dict | list)
                    ]
        level = deeper
    return places


def _only_holder(value: dict[str, object]) -> tuple[str, ...]:
    holders = [name for name, inner in value.items() if isinstance(inner, dict | list)]
    holders = holders or [name for name, inner in value.items() if inner is None]
    return (holders[0],) if len(holders) == 1 else ()
