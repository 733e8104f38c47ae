"""Operation + values of its parameters → the documented call, or the values that it needs.

A value comes from the user, else from the document's own sample. A secret (`format: password`:
tokens, passwords, signatures) is never taken from a sample. Values are made up only for the mock
server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from contract.credentials import REDACTED, Secret, SecretBytes
from contract.spec.deferred import meant
from contract.spec.operations import NO_PARAMETERS, Operation, Parameter
from contract.spec.plain_values import NoValue, plain_value
from contract.spec.vocabulary import Meaningless, validator
from contract.spec.yaml_text import Located
from contract_tests.observing.serialisation import encoded, in_header, in_path, in_query, texts

ParameterValues = Mapping[str, object]
"""Values by the names of parameters and of members of the body; dots lead into objects."""

_SECRET = "password"  # noqa: S105 - the format that OpenAPI has for it


class _Nothing:
    """The type of `_NOTHING`, which stands for an unknown value."""


_NOTHING = _Nothing()
_ANY_MEMBER: Mapping[str, object] = {"key1": "text"}


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
    cookies: list[str] = []
    for each in operation.parameters:
        value = filling.parameter(each)
        if value is _NOTHING:
            continue
        if each.location == "path":
            if invents and isinstance(value, Mapping) and not value:
                value = _ANY_MEMBER  # a path needs a text there
            path = path.replace(f"{{{each.name}}}", in_path(each, value))
        elif each.location == "query":
            query += in_query(each, value)
        elif each.location == "header":
            headers += [(each.name, in_header(each, value))] if _is_sent(each) else []
        else:
            cookies.append(f"{each.name}={in_header(each, value)}")
    headers += [("Cookie", "; ".join(cookies))] if cookies else []
    content = b""
    body = operation.body
    if body is not None:
        shown = next(iter(body.examples.values()), _NOTHING)
        value = filling.value(body.schema, shown, "", required=body.required)
        if value is not _NOTHING and invents and not values and _breaks(body.schema, value):
            made = _plain(body.schema)  # what its alternatives require is no member of its own
            value = value if made is _NOTHING else made
        if value is not _NOTHING:
            # What may be anything is an object: servers take null for no body.
            media_type, content = encoded(body, {} if value is None else value)
            headers.append(("Content-Type", media_type))
    path += f"?{urlencode(query)}" if query else ""
    return Call(
        path=Secret(path) if filling.secret else path,
        headers=tuple((name, Secret(text) if filling.secret else text) for name, text in headers),
        body=SecretBytes(content) if filling.secret else content,
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
            self.secret |= set(map(Secret, texts(value)))
            return value
        whole = meant(schema)
        properties = whole.get("properties")
        described = whole is schema and (required or shown is not _NOTHING)
        if isinstance(properties, Located) and (described or self._into(at, properties)):
            return self._object(whole, properties, shown, at)
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
        if shown is not _NOTHING and not (self.invents and _breaks(schema, shown)):
            return shown
        states_one = not {"example", "default", "enum"}.isdisjoint(schema)
        return _plain(schema) if required and (self.invents or states_one) else _NOTHING


def _breaks(schema: Located, shown: object) -> bool:
    """Say whether a shown value breaks its own schema, so that the mock server refuses it."""
    try:
        return not validator(schema, of_requests=True).is_valid(shown)
    except (Meaningless, ValueError):
        return False


def _plain(schema: Located) -> object:
    try:
        return plain_value(schema)
    except NoValue:
        return _NOTHING


def _is_sent(parameter: Parameter) -> bool:
    """Say whether a header is a parameter at all."""
    return parameter.name.lower() not in NO_PARAMETERS
