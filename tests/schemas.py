"""Small random schemas, their edits and their values, for the tests that look for a witness.

Everything is drawn from one `random.Random`, so that a seed is a whole example.
"""

from __future__ import annotations

import copy
from random import Random

Schema = dict[str, object]

NAMES = ("a", "b", "c")
_TEXTS = ("", "a", "ab", "abb", "b", "1.1.1.1")
_SCALARS: tuple[object, ...] = (None, True, False, -1, 0, 1, 2, 3, 4, 0.5, 1.0, 2.5, *_TEXTS)
_SIMPLE: dict[str, tuple[object, ...]] = {
    "string": _TEXTS,
    "integer": (-1, 0, 1, 2, 3, 4),
    "boolean": (True, False),
    "null": (None,),
}
_SIZED = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")


def schema(rng: Random, depth: int = 3) -> Schema:
    """Draw a schema; deep ones are mostly objects and lists."""
    made: Schema = {}
    kinds = ["string", "integer", "number", "boolean"]
    kinds += ["object", "object", "object", "array", "array"] if depth else []
    if rng.random() < 0.9:
        made["type"] = rng.choice(kinds)
        if rng.random() < 0.2:
            made["nullable"] = True
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        constrain(rng, made, depth)
    if made.get("type") == "object":
        constrain(rng, made, depth, "properties")
    return made


def constrain(rng: Random, made: Schema, depth: int, keyword: str | None = None) -> None:
    """Add or change one keyword of a schema."""
    kind = made.get("type", rng.choice(("string", "number", "object", "array")))
    word = keyword or rng.choice(_words(str(kind), depth))
    if word in {"minimum", "maximum"} and rng.random() < 0.4:
        made[f"exclusive{word.capitalize()}"] = rng.random() < 0.7
    argument = _shallow(rng, word) or (_deep(rng, word, depth - 1) if depth else None)
    if argument is not None:
        made[word] = argument[0]


def _shallow(rng: Random, word: str) -> tuple[object] | None:
    several: dict[str, tuple[object, ...]] = {
        **dict.fromkeys((*_SIZED, "minimum", "maximum"), (0, 1, 1, 2, 3)),
        "multipleOf": (1, 2, 0.5, 4),
        "pattern": ("^a", "b$"),
        "format": ("ipv4", "int32", "int64"),
        "uniqueItems": (True, True, True, False),
    }
    if word == "enum":
        return (rng.sample(_SCALARS, rng.choice((1, 2, 3))),)
    if word == "required":
        return (rng.sample(NAMES, rng.choice((1, 2))),)
    return (rng.choice(several[word]),) if word in several else None


def _deep(rng: Random, word: str, depth: int) -> tuple[object]:
    if word == "properties":
        chosen = rng.sample(NAMES, rng.choice((1, 2, 2)))
        return ({name: schema(rng, depth) for name in chosen},)
    if word == "additionalProperties":
        return (rng.choice((False, False, True, schema(rng, depth))),)
    if word in {"items", "not"}:
        return (schema(rng, depth),)
    return ([schema(rng, depth) for _ in range(rng.choice((1, 2, 2, 3)))],)


def _words(kind: str, depth: int) -> list[str]:
    words = {
        "string": ["minLength", "maxLength", "pattern", "format"],
        "integer": ["minimum", "maximum", "multipleOf", "format"],
        "number": ["minimum", "maximum", "multipleOf"],
        "boolean": ["enum"],
        "array": ["items", "items", "minItems", "maxItems", "uniqueItems"],
        "object": ["required", "required", "additionalProperties", *_SIZED[-2:]],
    }[kind]
    return [*words, "enum", *(["anyOf", "oneOf", "allOf", "not"] if depth > 1 else [])]


def edited(rng: Random, old: Schema, depth: int = 3) -> Schema:
    """Copy a schema with one to three random edits."""
    new = copy.deepcopy(old)
    for _ in range(rng.choice((1, 1, 2, 3))):
        _edit(rng, new, depth)
    return new


def _edit(rng: Random, node: Schema, depth: int) -> None:
    inner = list(_inner(node))
    if inner and rng.random() < 0.6:
        _edit(rng, rng.choice(inner), max(depth - 1, 0))
        return
    described = node.get("properties")
    removable = [key for key in node if not key.startswith(("exclusive", "minimum", "maximum"))]
    deed = rng.choice(("drop", "add", "add", "type", "member", "nullable"))
    if deed == "drop" and removable:
        del node[rng.choice(removable)]
    elif deed == "type":
        node["type"] = rng.choice(("string", "integer", "number", "boolean", "object", "array"))
    elif deed == "nullable":
        node["nullable"] = not node.get("nullable", False)
    elif deed == "member" and isinstance(described, dict):
        name = rng.choice(NAMES)
        if name in described and len(described) > 1:
            del described[name]
        else:
            described[name] = schema(rng, max(depth - 1, 0))
    else:
        constrain(rng, node, depth)


def _inner(node: Schema) -> list[Schema]:
    found: list[Schema] = []
    for key, value in node.items():
        if key in {"items", "not", "additionalProperties"} and isinstance(value, dict):
            found.append(value)
        if key == "properties" and isinstance(value, dict):
            found += list(value.values())
        if key in {"anyOf", "oneOf", "allOf"} and isinstance(value, list):
            found += value
    return found


def value(rng: Random, like: Schema, depth: int = 4) -> object:
    """Draw a value that may well keep a schema."""
    if rng.random() < 0.1 or not depth:
        return rng.choice(_SCALARS)
    merged = _merged(rng, like)
    listed = merged.get("enum")
    if isinstance(listed, list) and rng.random() < 0.8:
        return rng.choice(listed)
    kind = merged.get("type") or rng.choice(("string", "number", "object", "array", "null"))
    kind = "null" if merged.get("nullable") and rng.random() < 0.3 else kind
    if kind == "object":
        return _object(rng, merged, depth)
    if kind == "array":
        items = merged.get("items")
        item = items if isinstance(items, dict) else {}
        return [value(rng, item, depth - 1) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
    scalars = {
        "string": _TEXTS,
        "integer": (-1, 0, 1, 2, 3, 4),
        "boolean": (True, False),
        "null": (None,),
    }
    return rng.choice(scalars.get(str(kind), _SCALARS))


def _object(rng: Random, like: Schema, depth: int) -> object:
    described, needed = like.get("properties"), like.get("required")
    known = described if isinstance(described, dict) else {}
    names = set(needed if isinstance(needed, list) else ())
    names |= {name for name in NAMES if rng.random() < (0.6 if name in known else 0.15)}
    return {name: value(rng, known.get(name, {}), depth - 1) for name in sorted(names)}


def _merged(rng: Random, like: Schema) -> Schema:
    merged = dict(like)
    for key in ("allOf", "anyOf", "oneOf"):
        parts = like.get(key)
        if isinstance(parts, list):
            chosen = parts if key == "allOf" else [rng.choice(parts)]
            for part in chosen:
                for word, argument in _merged(rng, part).items():
                    known = merged.get(word)
                    if isinstance(known, dict) and isinstance(argument, dict):
                        merged[word] = {**known, **argument}
                    else:
                        merged[word] = argument
    return merged
