"""Whether two parts of specs say the same, however often and however deeply they are shared.

References make specs into graphs: what many refer to is one node, and a schema may lead back to
itself. Here every pair of nodes is compared once. To add a reading of nodes in which two may be
alike although their texts differ: one `Reading`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

from contract.spec.deferred import meant
from contract.spec.vocabulary import ANNOTATIONS
from contract.spec.yaml_text import Located

CONSTRAINING = frozenset({"x-unique", "x-image", "x-business-success"})
"""The x- keys that promise something about answers; they mean nothing in a request."""
DIRECTED = frozenset({"readOnly", "writeOnly"})
"""The keywords that say in which direction a member is sent."""


class Reading(Enum):
    """How a node is read: as plain data, as a schema, or as the schemas of named members."""

    DATA = "data"
    SCHEMA = "schema"
    MEMBERS = "members"


_WITHIN: Mapping[str, Reading] = {
    **dict.fromkeys(("properties", "patternProperties"), Reading.MEMBERS),
    **dict.fromkeys(("enum", "required", *CONSTRAINING), Reading.DATA),
}
_Pair = tuple[object, object, Reading]
_Key = tuple[int, int, Reading]


class Likeness:
    """The memory of what was compared; each node is kept, so that its id stays its own."""

    def __init__(self) -> None:
        self._alike: dict[_Key, _Pair] = {}
        self._different: dict[_Key, _Pair] = {}

    def same(self, one: object, other: object) -> bool:
        """Say whether two nodes say the same in every word; the order of members is free."""
        return self._compared((one, other, Reading.DATA))

    def alike(self, one: object, other: object) -> bool:
        """Say whether two schemas promise the same in the same words."""
        return self._compared((one, other, Reading.SCHEMA))

    def _compared(self, pair: _Pair) -> bool:
        seen: dict[_Key, tuple[_Pair, _Key | None]] = {}
        waiting: list[tuple[_Pair, _Key | None]] = [(pair, None)]
        while waiting:
            found, holder = waiting.pop()
            one, other, reading = each = _meant(found)
            if one is other:
                continue
            key = (id(one), id(other), reading)
            if _nested(one) and _nested(other):
                if key in seen or key in self._alike:
                    continue
                inner = None if key in self._different else _inner(one, other, reading)
                seen[key] = each, holder
            else:
                inner = [] if _scalar(one) == _scalar(other) else None
                if inner is None:
                    key = holder or key
                    seen.setdefault(key, (each, None))
            if inner is None:
                self._tell_apart(key, seen)
                return False
            waiting += [(within, key) for within in inner]
        self._alike.update((key, each) for key, (each, _) in seen.items())
        return True

    def _tell_apart(self, key: _Key | None, seen: Mapping[_Key, tuple[_Pair, _Key | None]]) -> None:
        """Remember that a pair differs, and so does every pair that holds it."""
        while key is not None:
            self._different[key], key = seen[key]


def _meant(pair: _Pair) -> _Pair:
    one, other, reading = pair
    return _end(one), _end(other), reading


def _end(node: object) -> object:
    return meant(node) if isinstance(node, Located) else node


def _nested(node: object) -> bool:
    return isinstance(node, Mapping | list)


def _scalar(value: object) -> tuple[str, object]:
    """Give a scalar in a form in which 1 and 1.0 are equal, but 1 and true are not."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return "number" if number else type(value).__name__, value


def _inner(one: object, other: object, reading: Reading) -> list[_Pair] | None:
    """Give the pairs within two nodes that must be alike; None where they cannot be."""
    if isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            return None
        return [(mine, theirs, reading) for mine, theirs in zip(one, other, strict=True)]
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return None
    names, others = (set(_words(node, reading)) for node in (one, other))
    if names != others:
        return None
    return [(one[name], other[name], _reading_of(name, reading)) for name in names]


def _words(node: Mapping[str, object], reading: Reading) -> Iterator[str]:
    for word, value in node.items():
        promises = word in CONSTRAINING or not (word in ANNOTATIONS or word.startswith("x-"))
        if reading is not Reading.SCHEMA or promises or (word in DIRECTED and value is True):
            yield word


def _reading_of(name: str, reading: Reading) -> Reading:
    if reading is Reading.SCHEMA:
        return _WITHIN.get(name, Reading.SCHEMA)
    return Reading.SCHEMA if reading is Reading.MEMBERS else Reading.DATA
