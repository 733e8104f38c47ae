"""Validators of JSON Schema whose work grows with the value alone, whatever a client sends.

jsonschema compares every item of an array with every other, so 60 kB of objects cost half a minute;
and it searches by a backtracking regex, so thirty characters may cost an hour. To bound another
keyword: one more function, listed in `bounded`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
from jsonschema import ValidationError
from jsonschema.validators import extend

from contract.spec.deferred import meant
from contract.spec.vocabulary import has_word

Schema = dict[str, Any]


def bounded(validator: type) -> type:
    """Give a class of validators with the bounded keywords."""
    keywords = {
        "$ref": _reference,
        "pattern": _pattern,
        "required": _required,
        "uniqueItems": _unique_items,
    }
    extended: type = extend(validator, keywords)
    return extended


def _reference(
    validator: Any,  # noqa: ANN401 - jsonschema has no types
    _: object,
    instance: object,
    schema: Schema,
) -> Iterator[ValidationError]:
    """Follow the reference of a schema that holds itself, as far as the value does."""
    yield from validator.descend(instance, meant(schema))


def _required(
    _: object, names: object, instance: object, schema: Schema
) -> Iterator[ValidationError]:
    """Require what a request can carry: a member that is only read is required of answers."""
    properties = schema.get("properties") or {}
    if isinstance(names, list) and isinstance(instance, dict):
        for name in names:
            if name not in instance and not has_word(properties.get(name), "readOnly"):
                yield ValidationError(f"{name!r} is a required property")


def _unique_items(
    _: object, wanted: object, instance: object, __: Schema
) -> Iterator[ValidationError]:
    if wanted and isinstance(instance, list):
        seen = {json.dumps(_comparable(item), sort_keys=True) for item in instance}
        if len(seen) < len(instance):
            yield ValidationError(f"{instance!r} has non-unique elements")


def _comparable(value: object) -> object:
    """Write numbers so that those that are equal look alike: 1 and 1.0 are one number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_comparable(item) for item in value]
    if isinstance(value, dict):
        return {name: _comparable(member) for name, member in value.items()}
    return value


def _pattern(_: object, pattern: str, instance: object, __: Schema) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not _matches(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _matches(pattern: str, text: str) -> bool:
    search = _search(pattern)
    if search is None:
        return re.search(pattern, text) is not None
    return search.is_valid(text)


@cache
def _search(pattern: str) -> jsonschema_rs.Draft4Validator | None:
    """Compile a pattern of the spec; None for one that only Python knows."""
    limited = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000)
    try:
        return jsonschema_rs.Draft4Validator({"pattern": pattern}, pattern_options=limited)
    except (jsonschema_rs.ValidationError, ValueError):
        return None
