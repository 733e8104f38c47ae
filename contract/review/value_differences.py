"""Two JSON values, compared member by member: what differs, each fact once.

A member that has another name, rows that stand one level higher, and items in another order are one
fact each. To tell one more kind of change as one fact: a function that finds it in `_objects` or
`_lists`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import Enum

from contract.json_pointer import Step

Steps = tuple[Step, ...]

_LONGEST_LIST = 1000
"""Lists with more items are compared item by item, without looking for moved ones."""


class Departure(Enum):
    """How two values differ at one place."""

    VALUE = "another value"
    ADDED = "only the first has it"
    REMOVED = "only the second has it"
    RENAMED = "another name"
    MOVED = "another place"
    COUNT = "another number of items"
    ORDER = "another order of items"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueDifference:
    """One fact in which two values differ.

    Attributes:
        change: its kind.
        first: the steps that lead to it in the first value; where it lacks the member, those
            that would.
        second: the same in the second value.
        names: the members that moved.
    """

    change: Departure
    first: Steps
    second: Steps
    names: tuple[str, ...] = ()


def differences(
    first: object, second: object, at: Steps = (), other: Steps = ()
) -> Iterator[ValueDifference]:
    """Find where two values differ; the order of members does not matter.

    Args:
        first: one value.
        second: the other.
        at: what leads to the first value.
        other: what leads to the second.
    """
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        yield from _objects(first, second, at, other)
    elif isinstance(first, list) and isinstance(second, list):
        yield from _lists(first, second, at, other)
    elif not same(first, second):
        yield ValueDifference(change=Departure.VALUE, first=at, second=other)


def moved_once(
    found: Sequence[ValueDifference], first: object, second: object
) -> Iterator[ValueDifference]:
    """Tell a member that left one object for another as one fact, not as two.

    Args:
        found: the differences of two values.
        first: the first value.
        second: the other.
    """
    left = {
        (each.second[-1], canonical(value_at(second, each.second))): each
        for each in found
        if each.change is Departure.REMOVED
    }
    gone: list[ValueDifference] = []
    for each in found:
        key = (each.first[-1:] or ("",))[0], canonical(value_at(first, each.first))
        if each.change is Departure.ADDED and key in left:
            gone.append(left.pop(key))
            moved = replace(each, change=Departure.MOVED, first=each.first[:-1])
            names = (str(key[0]),)
            yield replace(moved, second=gone[-1].second[:-1], names=names)
        elif each.change is not Departure.REMOVED:
            yield each
    yield from (e for e in found if e.change is Departure.REMOVED and e not in gone)


def value_at(value: object, steps: Steps) -> object:
    """Follow steps into a value; None where they lead nowhere."""
    for step in steps:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def same(first: object, second: object) -> bool:
    """Say whether two JSON values are equal; 1 and 1.0 are, 1 and true are not."""
    return canonical(first) == canonical(second)


def canonical(value: object) -> str:
    """Write a value as JSON so that equal values give equal texts."""
    return json.dumps(_whole(value), sort_keys=True, ensure_ascii=True, default=str)


def likeness(first: object, second: object) -> float:
    """Say how much two values have in common, from 0 to 1: the share of leaves that are equal."""
    one, two = dict(_leaves(first)), dict(_leaves(second))
    if not one or not two:
        return 1.0 if same(first, second) else 0.0
    alike = sum(two.get(steps, "") == leaf for steps, leaf in one.items())
    named = len(one.keys() & two.keys())
    return (alike + named) / (len(one) + len(two))


def _leaves(value: object, at: Steps = ()) -> Iterator[tuple[Steps, str]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves(inner, (*at, name))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*at, number))
    else:
        yield at, canonical(value)


def _whole(value: object) -> object:
    """Give a value whose numbers are written in one way."""
    if isinstance(value, Mapping):
        return {str(name): _whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _objects(
    first: Mapping[str, object], second: Mapping[str, object], at: Steps, other: Steps
) -> Iterator[ValueDifference]:
    added = [name for name in first if name not in second]
    removed = [name for name in second if name not in first]
    yield from _regrouped(first, second, (added, removed), (at, other))
    if len(added) == len(removed) == 1 and _alike(first[added[0]], second[removed[0]]):
        mine, theirs = added.pop(), removed.pop()
        steps = (*at, mine), (*other, theirs)
        yield ValueDifference(change=Departure.RENAMED, first=steps[0], second=steps[1])
        yield from differences(first[mine], second[theirs], *steps)
    for name in added:
        yield ValueDifference(change=Departure.ADDED, first=(*at, name), second=(*other, name))
    for name in removed:
        yield ValueDifference(change=Departure.REMOVED, first=(*at, name), second=(*other, name))
    for name, value in first.items():
        if name in second:
            yield from differences(value, second[name], (*at, name), (*other, name))


def _alike(first: object, second: object) -> bool:
    """Say whether two members of other names may be one: equal, or of the same members."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return 2 * len(first.keys() & second.keys()) >= max(len(first), len(second)) > 0
    if isinstance(first, list) and isinstance(second, list) and first and second:
        return _alike(first[0], second[0])
    return same(first, second)


def _regrouped(
    first: Mapping[str, object],
    second: Mapping[str, object],
    names: tuple[list[str], list[str]],
    steps: tuple[Steps, Steps],
) -> Iterator[ValueDifference]:
    """Find members that one value has beside an object, and the other inside it.

    Those that are told are taken out of the lists of added and removed names.
    """
    (added, removed), (at, other) = names, steps
    for holder, inner, moved in _held(second, removed, added):
        within = (*other, *inner)
        yield ValueDifference(change=Departure.MOVED, first=at, second=within, names=moved)
        held = members_of(second[holder])
        for name in moved:
            yield from differences(first[name], held[name], (*at, name), (*within, name))
        for name in (each for each in held if each not in moved):
            places = (*at, name), (*within, name)
            yield ValueDifference(change=Departure.REMOVED, first=places[0], second=places[1])
        removed.remove(holder)
        added.clear()
    for holder, inner, moved in _held(first, added, removed):
        within = (*at, *inner)
        yield ValueDifference(change=Departure.MOVED, first=within, second=other, names=moved)
        held = members_of(first[holder])
        for name in moved:
            yield from differences(held[name], second[name], (*within, name), (*other, name))
        for name in (each for each in held if each not in moved):
            places = (*within, name), (*other, name)
            yield ValueDifference(change=Departure.ADDED, first=places[0], second=places[1])
        added.remove(holder)
        removed.clear()


def _held(
    value: Mapping[str, object], holders: Sequence[str], names: Sequence[str]
) -> Iterator[tuple[str, Steps, tuple[str, ...]]]:
    """Find the holder, among members that only one value has, of names that only the other has."""
    for holder in holders:
        moved = tuple(name for name in names if name in members_of(value[holder]))
        if moved and len(moved) == len(names):
            is_list = isinstance(value[holder], list)
            yield holder, (holder, 0) if is_list else (holder,), moved
            return


def members_of(value: object) -> Mapping[str, object]:
    """Give the members of an object, or of the first object in a list."""
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, Mapping) else {}


def _lists(
    first: Sequence[object], second: Sequence[object], at: Steps, other: Steps
) -> Iterator[ValueDifference]:
    if len(first) == len(second):
        if _is_reordered(first, second):
            yield ValueDifference(change=Departure.ORDER, first=at, second=other)
            return
        for number, (mine, theirs) in enumerate(zip(first, second, strict=True)):
            yield from differences(mine, theirs, (*at, number), (*other, number))
        return
    if max(len(first), len(second)) > _LONGEST_LIST:
        yield ValueDifference(change=Departure.COUNT, first=at, second=other)
        return
    texts = [canonical(each) for each in first], [canonical(each) for each in second]
    matcher = SequenceMatcher(None, *texts, autojunk=False)
    changed = [each for each in matcher.get_opcodes() if each[0] != "equal"]
    _, start, _, begin, _ = changed[0]
    yield ValueDifference(change=Departure.COUNT, first=(*at, start), second=(*other, begin))
    for _, start, end, begin, stop in changed:
        for mine, theirs in zip(range(start, end), range(begin, stop), strict=False):
            yield from differences(first[mine], second[theirs], (*at, mine), (*other, theirs))


def _is_reordered(first: Sequence[object], second: Sequence[object]) -> bool:
    if len(first) > _LONGEST_LIST:
        return False
    mine, theirs = [canonical(each) for each in first], [canonical(each) for each in second]
    return mine != theirs and sorted(mine) == sorted(theirs)
