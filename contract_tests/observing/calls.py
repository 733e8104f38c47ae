"""Operation + values of its parameters → the documented call, or the values that it needs.

A value comes from the user, else from the document's own sample. A secret (`format: password`:
tokens, passwords, signatures) is never taken from a sample. Values are made up only for the mock
server.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from contract.credentials import REDACTED, Secret, SecretBytes
from contract.spec.operations import Body, Operation, Parameter
from contract.spec.plain_values import plain_value
from contract.spec.yaml_text import Located
from contract_tests.observing.form_parts import FORM_WITH_FILES, parts_of

ParameterValues = Mapping[str, object]
"""Values by the names of parameters and of members of the body; dots lead into objects."""

FORM = "application/x-www-form-urlencoded"
"""The media type of bodies that are forms."""
_SECRET = "password"  # noqa: S105 - the format that OpenAPI has for it


class _Nothing:
    """The type of `_NOTHING`, which stands for an unknown value."""


_NOTHING = _Nothing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One documented call, as far as its operation decides it.

    Attributes:
        path: with its query.
        headers: besides those that every call has.
        body: empty where the operation takes none.
        secret: the values that no report may show.
        needs: the parameters without a value; the call cannot be made while there are any.
        redacted: the same call without the secret values; None where there are none.
    """

    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    secret: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    redacted: Call | None = None


def call_of(operation: Operation, values: ParameterValues, *, invents: bool) -> Call:
    """Make the documented call of an operation.

    Args:
        operation: what is called.
        values: the values of its parameters that the user gives.
        invents: whether a parameter without a value may be given a plain one, which the mock
            server accepts.
    """
    call = _call(operation, values, invents=invents)
    hidden = dict.fromkeys(values, REDACTED)
    return replace(call, redacted=_call(operation, hidden, invents=invents)) if values else call


def _call(operation: Operation, values: ParameterValues, *, invents: bool) -> Call:
    filling = _Filling(values=values, invents=invents)
    path = operation.path
    query: list[tuple[str, str]] = []
    headers: list[tuple[str, str]] = []
    for each in operation.parameters:
        value = filling.parameter(each)
        if value is _NOTHING:
            continue
        if each.location == "path":
            path = path.replace(f"{{{each.name}}}", quote(_text(value), safe=""))
        elif each.location == "query":
            texts = [_text(value)] if "content" in each.node else _texts(value)
            query += [(each.name, text) for text in texts]
        else:
            name = each.name if each.location == "header" else "Cookie"
            text = _text(value) if each.location == "header" else f"{each.name}={_text(value)}"
            headers.append((name, text))
    body = b""
    if operation.body is not None:
        shown = next(iter(operation.body.examples.values()), _NOTHING)
        value = filling.value(operation.body.schema, shown, "", required=operation.body.required)
        if value is not _NOTHING:
            label, body = _encoded(value, operation.body)
            headers.append(("Content-Type", label))
    path += f"?{urlencode(query)}" if query else ""
    return Call(
        path=Secret(path) if filling.secret else path,
        headers=tuple((name, Secret(text) if filling.secret else text) for name, text in headers),
        body=SecretBytes(body) if filling.secret else body,
        secret=frozenset(filling.secret),
        needs=tuple(filling.needs),
    )


@dataclass(slots=True, kw_only=True)
class _Filling:
    """The search for values, which notes the secret and the missing ones."""

    values: ParameterValues
    invents: bool
    secret: set[str] = field(default_factory=set)
    needs: dict[str, None] = field(default_factory=dict)

    def parameter(self, parameter: Parameter) -> object:
        """Give the value of a parameter."""
        shown = next(iter(parameter.examples.values()), _NOTHING)
        return self.value(parameter.schema, shown, parameter.name, required=parameter.required)

    def value(self, schema: Located, shown: object, at: str, *, required: bool) -> object:
        """Give the value of a member: as given, as shown, or made of its members."""
        if at in self.values:
            value = self.values[at]
            self.secret |= set(map(Secret, _texts(value)))
            return value
        properties = schema.get("properties")
        if isinstance(properties, Located) and (
            required or shown is not _NOTHING or self._into(at, properties)
        ):
            return self._object(schema, properties, shown, at)
        value = self._known(schema, shown, required=required)
        if value is _NOTHING and required:
            self.needs[at or "the request's body"] = None
        return value

    def _into(self, at: str, properties: Located) -> bool:
        """Whether a value is given for a member of an object; the body itself has no name."""
        if at:
            return any(name.startswith(f"{at}.") for name in self.values)
        return any(name.partition(".")[0] in properties for name in self.values)

    def _object(
        self, schema: Located, properties: Located, shown: object, at: str
    ) -> dict[str, object]:
        needed = schema.get("required")
        needed = needed if isinstance(needed, list) else []
        inside = shown if isinstance(shown, Mapping) else {}
        filled: dict[str, object] = {}
        for name, member in properties.items():
            if isinstance(member, Located):
                path = f"{at}.{name}" if at else name
                seen = inside.get(name, _NOTHING)
                value = self.value(member, seen, path, required=name in needed)
                if value is not _NOTHING:
                    filled[name] = value
        others = {name: value for name, value in inside.items() if name not in properties}
        return {**filled, **others}

    def _known(self, schema: Located, shown: object, *, required: bool) -> object:
        if schema.get("format") == _SECRET and not self.invents:
            return _NOTHING
        if shown is not _NOTHING:
            return shown
        if {"example", "default", "enum"} & schema.keys() and required:
            return plain_value(schema)
        return self._invented(schema) if self.invents and required else _NOTHING

    def _invented(self, schema: Located) -> object:
        items = schema.get("items")
        if schema.get("type") == "array" and isinstance(items, Located):
            return [self.value(items, _NOTHING, "*", required=True)]
        return plain_value(schema)


def _encoded(value: object, stated: Body) -> tuple[str, bytes]:
    """Give a body as it is sent, and the Content-Type that it is sent with."""
    media_type = stated.media_type
    if media_type == FORM and isinstance(value, Mapping):
        pairs = [(name, text) for name, member in value.items() for text in _texts(member)]
        return media_type, urlencode(pairs).encode()
    if media_type == FORM_WITH_FILES and isinstance(value, Mapping):
        texts = [(name, text) for name, member in value.items() for text in _texts(member)]
        return parts_of(texts, stated.schema)
    return media_type, json.dumps(value, ensure_ascii=False).encode()


def _texts(value: object) -> Iterator[str]:
    """Give a value as a query writes it: a list once for each of its items."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    else:
        yield _text(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
