"""A schema and the parts of its `allOf` → what they say together, as one set of keywords.

Of two bounds the narrower one counts. To merge a further keyword: a function in `_MERGING`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from contract.spec.deferred import meant

Facts = dict[str, Any]
"""The keywords of a schema."""
_MOST_PAIRS = 100
"""How many combinations of alternatives are kept: ten lists of ten would have billions."""


def merged(schema: Mapping[str, object]) -> Facts:
    """Give what a schema and the parts of its `allOf` say; `x-sample` counts least."""
    facts: Facts = {}
    samples: Facts = {}
    for part in _parts(schema, set()):
        for key, value in part.items():
            if key == "x-sample":
                samples.update(value if isinstance(value, Mapping) else {})
            elif key != "allOf":
                facts[key] = _together(key, facts[key], value) if key in facts else value
    return {**samples, **facts}


def _parts(schema: Mapping[str, object], seen: set[int]) -> Iterator[Mapping[str, object]]:
    """Give the parts of a schema and then itself; what stands there twice is given once."""
    schema = meant(schema)
    if id(schema) in seen:
        return
    seen.add(id(schema))
    inner = schema.get("allOf")
    for part in inner if isinstance(inner, list) else ():
        if isinstance(part, Mapping):
            yield from _parts(part, seen)
    yield schema


def _together(key: str, one: object, other: object) -> object:
    merge = _MERGING.get(key)
    alike = type(one) is type(other) or any(
        all(isinstance(each, kind) for each in (one, other)) for kind in (int | float, Mapping)
    )
    return other if merge is None or not alike else merge(one, other)


def _both(one: object, other: object) -> object:
    return one if one is other else {"allOf": [one, other]}


def _properties(one: Mapping[str, object], other: Mapping[str, object]) -> object:
    shared = {name: _both(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **shared}


def _common(one: list[object], other: list[object]) -> object:
    return [each for each in one if each in other] or other


def _pairs(one: list[object], other: list[object]) -> object:
    pairs = (_both(left, right) for left in one for right in other)
    return list(islice(pairs, _MOST_PAIRS))


_MERGING: Mapping[str, Callable[[Any, Any], object]] = {
    **dict.fromkeys(("minLength", "minItems", "minProperties", "minimum"), max),
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties", "maximum"), min),
    **dict.fromkeys(("oneOf", "anyOf"), _pairs),
    "properties": _properties,
    "required": lambda one, other: [*dict.fromkeys([*one, *other])],
    "enum": _common,
    "type": lambda one, other: "integer" if {one, other} == {"integer", "number"} else other,
    "items": _both,
}
