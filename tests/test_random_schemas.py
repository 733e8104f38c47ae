"""Schemas drawn at random, as people write them: the value that is made up for each keeps it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from contract.spec.plain_values import plain_value
from contract.spec.vocabulary import validator

FORMATS = (
    *("date", "date-time", "uuid", "email", "uri", "ipv4", "ipv6", "byte", "hostname"),
    *("password", "time"),
)
PATTERNS = (
    r"^1[3-9]\d{9}$",
    r"^[A-Z]{2}\d{4}$",
    r"^\d{6}(18|19|20)\d{2}(0[1-9]|1[0-2])\d{5}[\dXx]$",
    r"^(?!0)\d{4,8}$",
    r"^[\u4e00-\u9fa5]{2,5}$",
    r"^#[0-9a-fA-F]{6}$",
    r"^\d+(\.\d{1,2})?$",
    r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z\d]{8,16}$",
    r"https?://",
)
NAMES = ("id", "name", "价格", "x-y", "list")


class Drawing:
    """Schemas drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def schema(self, depth: int) -> dict[str, Any]:
        """Draw a schema of so many levels at most."""
        kinds: list[Callable[[int], dict[str, Any]]] = [self.text, self.number, self.text]
        if depth:
            kinds += [self.array, self.object, self.object, self.composed]
        drawn = self.random.choice(kinds)(depth - 1)
        return {**drawn, **({"nullable": True} if self.random.random() < 0.1 else {})}

    def text(self, _depth: int) -> dict[str, Any]:
        """Draw a text: of a format, a pattern, a list or a length."""
        size = self.random.randint(0, 12)
        facts = (
            {"format": self.random.choice(FORMATS)},
            {"pattern": self.random.choice(PATTERNS)},
            {"enum": self.random.sample(["a", "红", "x y", ""], 2)},
            {"minLength": size, "maxLength": size + self.random.randint(0, 4)},
            {"not": {"enum": ["text", "text1"]}},
        )
        return {"type": "string", **self.random.choice(facts)}

    def number(self, _depth: int) -> dict[str, Any]:
        """Draw a number with bounds and steps."""
        least = self.random.choice([-1000, -3, 0, 7, 2.5])
        kind = "number" if isinstance(least, float) else self.random.choice(["integer", "number"])
        drawn: dict[str, Any] = {"type": kind, "minimum": least}
        drawn["exclusiveMinimum"] = self.random.random() < 0.3
        if self.random.random() < 0.5:
            drawn["maximum"] = least + self.random.choice([20, 1000])
            drawn["exclusiveMaximum"] = self.random.random() < 0.3
        if self.random.random() < 0.4:
            drawn["multipleOf"] = self.random.choice([1, 3, 10])
        return drawn

    def array(self, depth: int) -> dict[str, Any]:
        """Draw a list; different items are asked only of what has many."""
        fewest = self.random.randint(0, 3)
        unique = self.random.random() < 0.3
        items = {"type": "integer", "minimum": 5} if unique else self.schema(depth)
        return {"type": "array", "items": items, "minItems": fewest, "uniqueItems": unique}

    def object(self, depth: int) -> dict[str, Any]:
        """Draw an object."""
        names = self.random.sample(NAMES, self.random.randint(0, 4))
        drawn: dict[str, Any] = {
            "type": "object",
            "properties": {name: self.schema(depth) for name in names},
            "required": [name for name in names if self.random.random() < 0.5] or ["id"],
        }
        if self.random.random() < 0.3:
            drawn["additionalProperties"] = self.schema(depth)
            drawn["minProperties"] = 4
        return drawn

    def composed(self, depth: int) -> dict[str, Any]:
        """Draw alternatives, or parts that hold together."""
        key = self.random.choice(["oneOf", "anyOf", "allOf"])
        if key != "allOf":
            return {key: [self.text(0), self.number(0), self.object(depth)]}
        return {key: [{"type": "object", "required": [name]} for name in NAMES[:2]]}


@pytest.mark.parametrize("seed", range(6))
def test_the_value_of_a_random_schema_keeps_it_and_is_the_same_every_time(seed: int) -> None:
    drawing = Drawing(seed)
    schemas = [drawing.schema(3) for _ in range(50)]

    values = [plain_value(schema) for schema in schemas]

    broken = [
        (schema, value)
        for schema, value in zip(schemas, values, strict=True)
        if not validator(schema).is_valid(value)
    ]
    assert broken == []
    assert [plain_value(schema) for schema in schemas] == values
