"""A schema and the parts of its `allOf` → what they say together, as one set of keywords.

Of two bounds the narrower one counts. To merge a further keyword: a function in `_MERGING`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Facts = dict[str, Any]
"""The keywords of a schema."""


def merged(schema: Mapping[str, object]) -> Facts:
    """Give what a schema and the parts of its `allOf` say; `x-sample` counts least."""
    facts: Facts = {}
    sample = schema.get("x-sample")
    if isinstance(sample, Mapping):
        facts.update(sample)
    parts = schema.get("allOf")
    own = {key: value for key, value in schema.items() if key != "allOf"}
    for part in (*(parts if isinstance(parts, list) else ()), own):
        if isinstance(part, Mapping):
            inner = merged(part) if "allOf" in part or "x-sample" in part else part
            for key, value in inner.items():
                facts[key] = _together(key, facts[key], value) if key in facts else value
    return facts


def _together(key: str, one: object, other: object) -> object:
    merge = _MERGING.get(key)
    alike = type(one) is type(other) or all(isinstance(each, int | float) for each in (one, other))
    return other if merge is None or not alike else merge(one, other)


def _both(one: object, other: object) -> object:
    return one if one is other else {"allOf": [one, other]}


def _properties(one: Mapping[str, object], other: Mapping[str, object]) -> object:
    shared = {name: _both(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **shared}


def _common(one: list[object], other: list[object]) -> object:
    return [each for each in one if each in other] or other


def _pairs(one: list[object], other: list[object]) -> object:
    return [_both(left, right) for left in one for right in other]


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
