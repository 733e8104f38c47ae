"""The parameters of a request: their values, read as the spec says, and what is wrong with them.

How a value is written, `styled_values` knows. What no style can write, such as a list of objects
in a query, is held to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from contract.spec.composition import merged
from contract.spec.operations import NO_PARAMETERS, Operation, Parameter
from mock_server.requests.called_paths import value_of
from mock_server.requests.carried import Wrong
from mock_server.requests.request_schemas import Misfit, RequestSchema, missing
from mock_server.requests.styled_values import MISSING, Writing, from_json, kind_of
from mock_server.routed_spec import safe_names

_ESCAPE = re.compile(r"\\(?:([0-3][0-7]{2})|(.))", re.DOTALL)
_AROUND_COMMA = re.compile(r"[ \t]*,[ \t]*")
_STYLES: Mapping[str, str] = {
    "path": "simple",
    "query": "form",
    "header": "simple",
    "cookie": "form",
}
"""The style of parameters that state none, by where they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One parameter that is asked for, and the name that the router has for it."""

    place: str
    name: str
    routed: str
    required: bool
    may_be_empty: bool
    writing: Writing
    schema: RequestSchema


class Parameters:
    """The parameters that an operation asks for."""

    def __init__(self, operation: Operation) -> None:
        self.asked = [*_asked(operation)]
        self.places = frozenset(each.place for each in self.asked)
        self.query = frozenset(each.name for each in self.asked if each.place == "query")

    def read(self, scope: Scope, wrong: list[Wrong]) -> dict[tuple[str, str], object]:
        """Read the parameters of a request, and add to what is wrong with it."""
        carried: dict[tuple[str, str], object] = {}
        sent = self._sent(scope) if self.asked else {}
        for each in self.asked:
            value = self._value(each, sent)
            if value is MISSING:
                if each.required:
                    must = missing(each.schema.described())
                    wrong.append(Wrong(place=each.place, name=each.name, must=must))
                continue
            value, slips = _judged(value, each.schema)
            if value == "" and each.may_be_empty:
                slips = []
            carried[each.place, each.name] = value
            wrong += [
                Wrong(place=each.place, name=each.name, steps=slip.steps, must=slip.must)
                for slip in slips
            ]
        return carried

    def _sent(self, scope: Scope) -> dict[str, Mapping[str, list[str]]]:
        sent: dict[str, Mapping[str, list[str]]] = {}
        if "query" in self.places:
            query = QueryParams(scope["query_string"])
            sent["query"] = {name: query.getlist(name) for name in query}
        if "path" in self.places:
            path = scope.get("path_params", {})
            sent["path"] = {name: [value_of(each)] for name, each in path.items()}
        if self.places & {"header", "cookie"}:
            headers = Headers(scope=scope)
            sent["header"] = {name: headers.getlist(name) for name in headers}
            known = cookies(headers.getlist("cookie")) if "cookie" in self.places else {}
            sent["cookie"] = {name: [value] for name, value in known.items()}
        return sent

    def _value(self, each: _Asked, sent: Mapping[str, Mapping[str, list[str]]]) -> object:
        known = sent.get(each.place, {})
        if each.place == "query":
            return each.writing.of_pairs(known, self.query)
        texts = known.get(each.routed)
        if not texts:
            return MISSING
        if each.place == "header" and each.writing.kind in {"array", "object"}:
            # white space may stand around commas (RFC 9110, section 5.6.1)
            return each.writing.of_text(_AROUND_COMMA.sub(",", ",".join(texts)))
        return each.writing.of_text(texts[0])


def _asked(operation: Operation) -> Iterator[_Asked]:
    names = safe_names(operation.path)
    for each in operation.parameters:
        if each.location == "path" and each.name not in names:
            continue  # a path without it cannot carry it
        if each.location == "header" and each.name.lower() in NO_PARAMETERS:
            continue
        if not _can_be_written(each):
            continue
        routed = {"path": names.get(each.name, "").replace("-", "_"), "header": each.name.lower()}
        yield _Asked(
            place=each.location,
            name=each.name,
            routed=routed.get(each.location, each.name),
            required=each.required or each.location == "path",
            may_be_empty=each.node.get("allowEmptyValue") is True and each.location == "query",
            writing=_writing(each),
            schema=RequestSchema(each.schema),
        )


def _writing(parameter: Parameter) -> Writing:
    style = str(parameter.node.get("style") or _STYLES.get(parameter.location, "form"))
    explode = parameter.node.get("explode")
    return Writing(
        parameter.name,
        parameter.schema,
        style=style,
        explode=explode if isinstance(explode, bool) else style == "form",
        as_json="content" in parameter.node,
    )


def _can_be_written(parameter: Parameter) -> bool:
    """Say whether a style says how such a value is written."""
    if "content" in parameter.node or parameter.node.get("style") == "deepObject":
        return True
    items = merged(parameter.schema).get("items")
    return not isinstance(items, Mapping) or kind_of(merged(items)) not in {"array", "object"}


def _judged(value: object, schema: RequestSchema) -> tuple[object, list[Misfit]]:
    """Give the value of a parameter, and what is wrong with it."""
    if schema.allows(value):
        return value, []
    if "type" not in schema.schema and schema.allows(from_json(value)):
        return from_json(value), []  # a text may also be the number that an alternative asks for
    return value, schema.slips(value)


def cookies(headers: Iterable[str]) -> Mapping[str, str]:
    """Read the cookies of a request; http.cookies takes ever longer for ever more backslashes."""
    return dict(_cookies(headers))


def _cookies(headers: Iterable[str]) -> Iterator[tuple[str, str]]:
    for pair in ";".join(headers).split(";"):
        name, mark, value = pair.partition("=")
        if mark:
            yield name.strip(), _unquoted(value.strip())


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _ESCAPE.sub(lambda found: found[2] or chr(int(found[1], 8)), value[1:-1])
    return value
