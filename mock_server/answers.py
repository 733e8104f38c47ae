"""Schema + `x-mock` → a healthy answer, as a value; HTTP comes later.

A member's value comes from its `x-mock` generator, else from the operation's first example, else
from its own `example`, else from what its schema allows. To add a generator: a function of the
draw in `GENERATORS`, and a line in `openapi/README.md`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from mock_server.captcha import Captchas
from openapi.plain_values import plain_value
from openapi.spec import Operation

Maker = Callable[["Draw"], object]

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Draw:
    """What one answer is drawn from: every captcha of a seed, and this answer's number."""

    captchas: Captchas
    number: str


def _image(draw: Draw) -> str:
    picture = draw.captchas.picture(draw.number)
    return "data:image/jpg;base64," + base64.b64encode(picture).decode("ascii")


def _uuid(draw: Draw) -> str:
    digest = blake2b(f"{draw.captchas.seed} {draw.number}".encode(), digest_size=16, person=b"uuid")
    return str(UUID(bytes=digest.digest(), version=4))


GENERATORS: Mapping[str, Maker] = {
    "captcha.image": _image,
    "captcha.id": lambda draw: draw.number,
    "uuid": _uuid,
}


def answer_maker(operation: Operation) -> Maker:
    """Compile an operation's schema into a function that makes one healthy answer of a draw.

    Raises:
        ValueError: an `x-mock` names no generator.
    """
    return maker_of(operation.schema, operation.examples, operation.id)


def maker_of(schema: Mapping[str, object], examples: Mapping[str, object], where: str) -> Maker:
    """Compile a schema into a function that makes one value; the first example fills it.

    Raises:
        ValueError: an `x-mock` names no generator.
    """
    return _maker(schema, next(iter(examples.values()), _MISSING), where)


def _maker(schema: Mapping[str, object], example: object, where: str) -> Maker:
    generator = schema.get("x-mock")
    if generator is not None:
        if generator not in GENERATORS:
            known = ", ".join(GENERATORS)
            raise ValueError(f"{where}: x-mock {generator} is no generator; there are: {known}")
        return GENERATORS[str(generator)]
    properties = _properties(schema)
    if properties:
        makers = {
            name: _maker(member, _at(example, name), f"{where}.{name}")
            for name, member in properties.items()
        }
        return lambda draw: {name: make(draw) for name, make in makers.items()}
    items = schema.get("items")
    if isinstance(items, Mapping):
        first = example[0] if isinstance(example, list) and example else _MISSING
        item = _maker(items, first, f"{where}[]")
        return lambda draw: [item(draw)]
    value = plain_value(schema) if example is _MISSING else example
    return lambda _: value


def _properties(schema: Mapping[str, object]) -> dict[str, Mapping[str, object]]:
    found: dict[str, Mapping[str, object]] = {}
    parts = schema.get("allOf", [])
    for part in (schema, *(parts if isinstance(parts, list) else [])):
        properties = part.get("properties")
        if isinstance(properties, Mapping):
            found |= properties
    return found


def _at(example: object, name: str) -> object:
    return example.get(name, _MISSING) if isinstance(example, Mapping) else _MISSING
