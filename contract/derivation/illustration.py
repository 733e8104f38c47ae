"""Values of a sample that contradicts its table, kept where they do not contradict it.

A sample that breaks the table becomes no example of the spec. What it shows of every other member
still stands in `x-sample`, as its `example`, so that whoever makes an answer makes one like it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contract.derivation.stated_schema import Schema
from contract.spec.vocabulary import CAPTCHA_NUMBER, TOKEN, validator

_FORMED = frozenset({None, CAPTCHA_NUMBER, TOKEN})
"""The generators, and none, whose values are like those that samples show."""


def illustrated(schema: Schema, values: Sequence[object]) -> Schema:
    """Give a schema whose members carry what samples show of them, as far as they allow it."""
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        holders = [value for value in values if isinstance(value, dict)]
        inner = {
            name: illustrated(member, [each[name] for each in holders if name in each])
            for name, member in properties.items()
        }
        return {**schema, "properties": inner}
    items = schema.get("items")
    if isinstance(items, dict):
        lists = [value for value in values if isinstance(value, list)]
        return {**schema, "items": illustrated(items, [each for value in lists for each in value])}
    if "example" in schema or schema.get("x-mock") not in _FORMED:
        return schema
    sample = schema.get("x-sample")
    facts = dict(sample) if isinstance(sample, Mapping) else {}
    judge = validator({**facts, **schema})
    shown = next((each for each in values if each is not None and judge.is_valid(each)), None)
    if shown is None or isinstance(shown, dict | list) or "enum" in facts:
        return schema
    return {**schema, "x-sample": {**facts, "example": shown}}
