"""What the values of a request are held to by the mock server: `x-mock-expects`, place by place.

A parameter says it itself or in its schema, a member of a body in its schema, at any depth, and a
security scheme as a whole. To add something that a value can be held to: its name in `EXPECTED` of
`vocabulary.py`, and its meaning in `mock_server/holding.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from contract.findings import Place
from contract.spec.composition import merged
from contract.spec.operations import Operation
from contract.spec.yaml_text import Located

KEY = "x-mock-expects"
"""The key that holds a value of a request to something."""

BODY = "body"
"""The location of what a body carries; the others are those of parameters."""

_DEEPEST = 10
"""How many names lead to a value inside a parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One value of a request, and what the mock server holds it to.

    Attributes:
        word: what it is held to: one of `EXPECTED`.
        location: `path`, `query`, `header`, `cookie` or `body`.
        path: the names that lead to it; the name of a parameter stands first.
        required: whether a request without it is wrong.
        place: where the spec says so.
    """

    word: str
    location: str
    path: tuple[str, ...]
    required: bool
    place: Place

    @property
    def name(self) -> str:
        """What a person calls it: `query captchaId`, `data.code`."""
        dotted = ".".join(self.path)
        return dotted if self.location == BODY else f"{self.location} {dotted}"


def expectations(operation: Operation) -> tuple[Expectation, ...]:
    """List what an operation's requests are held to, parameters first.

    Of the several ways to authenticate, those of the first that is held to something count.
    """
    return (*_of_parameters(operation), *_of_security(operation), *_of_body(operation))


def _of_parameters(operation: Operation) -> Iterator[Expectation]:
    for each in operation.parameters:
        seen = Expectation(
            word="",
            location=each.location,
            path=(each.name,),
            required=each.required,
            place=each.place,
        )
        if KEY in each.node:
            yield replace(seen, word=str(each.node[KEY]), place=each.node.at(KEY))
        else:
            yield from _within(each.schema, seen)


def _within(schema: Mapping[str, object], seen: Expectation) -> Iterator[Expectation]:
    """Look into the schema of a parameter, which may be an object."""
    facts = merged(schema)
    if KEY in facts:
        yield replace(seen, word=str(facts[KEY]), place=_place(schema, seen.place))
    properties = facts.get("properties")
    if isinstance(properties, Mapping) and len(seen.path) < _DEEPEST:
        needed = facts.get("required", ())
        for name, inner in properties.items():
            if isinstance(inner, Mapping):
                required = seen.required and name in needed
                yield from _within(inner, replace(seen, path=(*seen.path, name), required=required))


def _of_body(operation: Operation) -> Iterator[Expectation]:
    if operation.body is None:
        return
    needed: dict[tuple[str, ...], bool] = {(): operation.body.required}
    for member in operation.body.members:
        if member.path:
            outer = needed.get(member.path[:-1], False)
            needed[member.path] = outer and (member.required is not None or member.path[-1] == "*")
        facts = merged(member.schema)
        if KEY in facts:
            yield Expectation(
                word=str(facts[KEY]),
                location=BODY,
                path=member.path,
                required=needed[member.path],
                place=_place(member.schema, member.place),
            )


def _of_security(operation: Operation) -> Iterator[Expectation]:
    required = all(operation.security)
    for way in operation.security:
        found = [
            Expectation(
                word=str(scheme[KEY]),
                location=location,
                path=(name,),
                required=required,
                place=scheme.at(KEY),
            )
            for scheme in _schemes(way)
            for location, name in [_place_of_credential(scheme)]
            if KEY in scheme
        ]
        if found:
            yield from found
            return


def _schemes(way: Mapping[str, object]) -> Iterator[Located]:
    for described in way.values():
        scheme = described[1] if isinstance(described, list) else None
        if isinstance(scheme, Located):
            yield scheme


def _place_of_credential(scheme: Located) -> tuple[str, str]:
    if scheme.get("type") == "apiKey":
        return str(scheme.get("in")), str(scheme.get("name"))
    return "header", "Authorization"


def _place(schema: Mapping[str, object], otherwise: Place) -> Place:
    return schema.at(KEY) if isinstance(schema, Located) and KEY in schema else otherwise
