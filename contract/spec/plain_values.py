"""Schema → the plainest value that it allows, where no example shows one."""

from __future__ import annotations

import re
from collections.abc import Mapping


def plain_value(schema: Mapping[str, object]) -> object:
    """Give a value that the schema allows, the plainest one."""
    sample = schema.get("x-sample")
    facts: dict[str, object] = {**(sample if isinstance(sample, Mapping) else {}), **schema}
    choices = facts.get("enum", facts.get("x-business-success"))
    if "example" in facts or "default" in facts:
        return facts.get("example", facts.get("default"))
    if isinstance(choices, list) and choices:
        return choices[0]
    parts = facts.get("anyOf")
    if isinstance(parts, list) and parts:
        return plain_value({**parts[0], "x-sample": sample})
    longest, shortest = facts.get("maxLength"), facts.get("minLength")
    text = _text(facts, shortest if isinstance(shortest, int) else 0)
    plain: dict[object, object] = {
        "string": text[:longest] if isinstance(longest, int) else text,
        "integer": _within(facts, 1),
        "number": _within(facts, 1.5),
        "boolean": True,
        "array": [],
        "object": {},
    }
    return plain.get(facts.get("type"))


def _text(facts: Mapping[str, object], shortest: int) -> str:
    """Give a word, or digits where only they keep the pattern, as for a number in a query."""
    pattern = facts.get("pattern")
    word, digits = "text".ljust(shortest, "t"), "1".ljust(shortest, "1")
    if not isinstance(pattern, str) or shortest > _LONGEST_TRIED:
        return word
    try:
        fits = not re.search(pattern, word) and re.search(pattern, digits)
    except re.error:
        return word
    return digits if fits else word


_LONGEST_TRIED = 32


def _within(facts: Mapping[str, object], number: float) -> float:
    """Give the number, or the bound that it exceeds."""
    least, most = facts.get("minimum", number), facts.get("maximum", number)
    if isinstance(least, int | float) and isinstance(most, int | float):
        return min(max(number, least), most)
    return number
