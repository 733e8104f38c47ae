"""What a request carries at a place that the spec names: parameters, and members of any body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl, unquote

from starlette.types import Scope

from contract.spec.expectations import BODY, Expectation
from contract.spec.operations import Operation

_TEMPLATE = re.compile(r"\{([^{}/]*)\}")


def value_at(
    expectation: Expectation, operation: Operation, scope: Scope, body: object
) -> str | None:
    """Give the value that a request has at a place, as a text; None where it has none.

    Args:
        expectation: names the place.
        operation: the one that is called.
        scope: of the request.
        body: what it carries, as `Carried` has it.
    """
    if expectation.location == BODY:
        return _text(_inside(body, expectation.path))
    name, *inner = expectation.path
    found = next(_sent(expectation.location, name, operation, scope), None)
    if found is None and inner:  # style deepObject
        written = name + "".join(f"[{each}]" for each in inner)
        found, inner = next(_sent(expectation.location, written, operation, scope), None), []
    return _text(_inside(found, inner)) if inner else found


def texts_sent(
    place: Expectation | None, operation: Operation, scope: Scope, body: object
) -> list[str]:
    """Give the texts that a request may mean at a place: of a header Cookie, each of its values.

    Args:
        place: names it; at None there are none.
        operation: the one that is called.
        scope: of the request.
        body: what it carries, as `Carried` has it.
    """
    sent = value_at(place, operation, scope, body) if place is not None else None
    if sent is None or place is None:
        return []
    if place.location == "header" and place.path[0].lower() == "cookie":
        pairs = (each.partition("=") for each in sent.split(";"))
        return [value.strip().strip('"') for _, sign, value in pairs if sign]
    return [sent.strip()]


def _sent(location: str, name: str, operation: Operation, scope: Scope) -> Iterator[str]:
    """Give the values of a parameter in the order in which they were sent."""
    if location == "query":
        query = scope["query_string"].decode("latin-1")
        yield from (value for key, value in parse_qsl(query, keep_blank_values=True) if key == name)
    elif location == "header":
        wanted = name.lower().encode("latin-1", "replace")
        yield from (value.decode("latin-1") for key, value in scope["headers"] if key == wanted)
    elif location == "cookie":
        sent = (value.decode("latin-1") for key, value in scope["headers"] if key == b"cookie")
        pairs = (pair.partition("=") for text in sent for pair in text.split(";"))
        yield from (value.strip().strip('"') for key, _, value in pairs if key.strip() == name)
    else:
        yield from _in_path(name, operation, scope)


def _in_path(name: str, operation: Operation, scope: Scope) -> Iterator[str]:
    names = _TEMPLATE.findall(operation.path)
    form = "([^/]+)".join(map(re.escape, _TEMPLATE.split(operation.path)[::2]))
    path = scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1") or scope["path"]
    found = re.search(f"{form}/?$", path)
    if found is not None and name in names:
        yield unquote(found[names.index(name) + 1])


def _inside(value: object, path: Iterable[str]) -> object:
    """Follow names into a value, also into JSON that a text holds; of a list the first counts."""
    for name in path:
        if isinstance(value, str):
            value = _parsed(value)
        if isinstance(value, list):
            value = value[0] if value else None
            if name == "*":
                continue
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def texts_at(value: object, path: tuple[str, ...]) -> Iterator[str]:
    """Give every text at a place of an answer; `*` stands for the items of a list."""
    if isinstance(value, str) and path:
        value = _parsed(value)
    if not path:
        if isinstance(value, str):
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_at(item, path[1:] if path[0] == "*" else path)
    elif isinstance(value, Mapping) and path[0] in value:
        yield from texts_at(value[path[0]], path[1:])
