"""Schema + `x-mock` → the payload of a healthy answer; HTTP comes later.

A member's value comes from its `x-mock` generator, else from the answer's first example, else from
what its schema says: its own `example`, `default` or `enum`, or a value that it allows. To
add a generator: a function of the draw in `GENERATORS`, its name in `contract/spec/vocabulary.py`,
and a line in `openapi/README.md`; one whose values have a form that the spec shows: `formed.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from uuid import UUID

from contract.spec.composition import merged
from contract.spec.deferred import meant
from contract.spec.plain_values import NoValue, plain_value
from contract.spec.references import InvalidSpec
from contract.spec.yaml_text import Located
from mock_server.answers.draw import Draw, Maker
from mock_server.answers.formed import FORMED

_MISSING = object()
_VERSION_4 = UUID(int=0, version=4).int
_FREE = UUID(int=(1 << 128) - 1, version=4).int ^ _VERSION_4
"""The bits of a UUID that say nothing of its version (RFC 9562, section 5.4)."""


def _uuid(draw: Draw) -> str:
    digest = blake2b(f"{draw.captchas.seed} {draw.number}".encode(), digest_size=16, person=b"uuid")
    text = f"{int.from_bytes(digest.digest()) & _FREE | _VERSION_4:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


GENERATORS: Mapping[str, Maker] = {
    "uuid": _uuid,
}
"""The generators of one form each, by the names that `x-mock` has for them."""

NAMES = (*FORMED, *GENERATORS)
"""What `x-mock` may name."""


def maker_of(schema: Located, examples: Mapping[str, object]) -> Maker:
    """Compile a schema into a function that makes a value, filled from the first example.

    Raises:
        InvalidSpec: an `x-mock` is not the name of a generator, or no value keeps the schema.
    """
    return _maker(schema, next(iter(examples.values()), _MISSING))


def is_generated(schema: Located, kind: str = "") -> bool:
    """Say whether a part of a schema names a generator, so that every answer is another.

    Args:
        schema: of the answer.
        kind: what the names of those that count begin with.
    """
    waiting: list[object] = [schema]
    seen: dict[int, object] = {}
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Mapping) or id(node := meant(node)) in seen:
            continue
        seen[id(node)] = node
        if str(node.get("x-mock", "")).startswith(kind) and "x-mock" in node:
            return True
        parts = node.get("allOf")
        properties = node.get("properties")
        waiting += parts if isinstance(parts, list) else []
        waiting += properties.values() if isinstance(properties, Mapping) else []
        waiting.append(node.get("items"))
    return False


def _maker(node: Located, example: object, inside: tuple[int, ...] = ()) -> Maker:
    schema = meant(node)
    if "x-mock" in schema:
        return _generator(schema, example)
    if id(schema) in inside or not is_generated(schema):
        value = _plain(schema) if example is _MISSING else example
        return lambda _: value
    properties = _properties(schema)
    in_text = _in_text(example)
    if properties and isinstance(in_text, Mapping):  # the object is written into a text
        inner = _maker(schema, in_text, inside)
        return lambda draw: json.dumps(inner(draw), ensure_ascii=False, separators=(",", ":"))
    if properties and not isinstance(example, str):
        needed = merged(schema).get("required", ())
        makers = {
            name: _maker(member, _at(example, name), (*inside, id(schema)))
            for name, member in properties.items()
            if not isinstance(example, Mapping) or name in example or name in needed
        }
        further = _further(example, properties)
        return lambda draw: {**{name: make(draw) for name, make in makers.items()}, **further}
    items = schema.get("items")
    if isinstance(items, Located):
        shown = example if isinstance(example, list) else [_MISSING]
        each = [_maker(items, one, (*inside, id(schema))) for one in shown]
        return lambda draw: [make(draw) for make in each]
    value = _plain(schema) if example is _MISSING else example
    return lambda _: value


def _generator(schema: Located, example: object) -> Maker:
    generator = schema["x-mock"]
    formed = FORMED.get(generator) if isinstance(generator, str) else None
    if formed is not None:
        return formed(schema, example)
    if not isinstance(generator, str) or generator not in GENERATORS:
        known = ", ".join(NAMES)
        message = f"x-mock {generator} is not a generator; the generators are: {known}"
        raise InvalidSpec(schema.at("x-mock"), message)
    return GENERATORS[generator]


def _in_text(example: object) -> object:
    """Give what an example that is a text holds in JSON; None where it holds none."""
    try:
        return json.loads(example) if isinstance(example, str) else None
    except (ValueError, RecursionError):
        return None


def _plain(schema: Located) -> object:
    try:
        return plain_value(schema, without="writeOnly")
    except NoValue as problem:
        raise InvalidSpec(schema.place, f"no answer can be made: {problem}") from None


def _properties(schema: Located) -> dict[str, Located]:
    parts = schema.get("allOf", [])
    return {
        name: member
        for part in (schema, *(parts if isinstance(parts, list) else []))
        for properties in [meant(part).get("properties")]
        if isinstance(properties, Located)
        for name, member in properties.items()
        if isinstance(member, Located)
    }


def _further(example: object, properties: Mapping[str, object]) -> Mapping[str, object]:
    """Give the members of an example that no schema describes."""
    members = example if isinstance(example, Mapping) else {}
    return {name: value for name, value in members.items() if name not in properties}


def _at(example: object, name: str) -> object:
    return example.get(name, _MISSING) if isinstance(example, Mapping) else _MISSING
