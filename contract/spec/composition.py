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
    parts = schema.get("allOf")
    inner = parts if isinstance(parts, list) else []
    own = {key: value for key, value in schema.items() if key not in {"allOf", "x-sample"}}
    for part in (*(merged(each) for each in inner if isinstance(each, Mapping)), own):
        for key, value in part.items():
            facts[key] = _together(key, facts[key], value) if key in facts else value
    sample = schema.get("x-sample")
    return {**sample, **facts} if isinstance(sample, Mapping) else facts


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
