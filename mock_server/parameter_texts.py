"""The texts of a request's parameters → the values that they write, by style and by type.

connexion's parser reads queries, paths and forms; what it leaves a text is read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connexion.exceptions import TypeValidationError
from connexion.uri_parsing import OpenAPIURIParser
from connexion.utils import is_null, is_nullable
from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from mock_server.called_paths import value_of
from mock_server.carried import Wrong
from mock_server.request_schemas import RequestSchema, missing
from mock_server.routed_spec import unsealed

_BOOLEANS = {"true": True, "false": False}
_ESCAPE = re.compile(r"\\(?:([0-3][0-7]{2})|(.))", re.DOTALL)
_MISSING = object()
Described = Mapping[str, Any]
"""A parameter, as `routed_spec` describes it."""


class TextParser(OpenAPIURIParser):  # type: ignore[misc]  # connexion has no types
    """connexion's parser of queries, paths and forms, which accepts what states no type."""

    @property
    def param_schemas(self) -> Mapping[str, Mapping[str, object]]:
        """Give the schemas of the parameters, by name."""
        return {
            name: {"type": "", **each.get("schema", {})} for name, each in self.param_defns.items()
        }

    @property
    def form_defns(self) -> Mapping[str, Mapping[str, object]]:
        """Give the schemas of the members of a form, by name."""
        members = self._body_schema.get("properties", {})
        return {name: {"type": "", **each} for name, each in members.items()}

    def form(self, texts: Mapping[str, list[Any]]) -> dict[str, object]:
        """Read the members of a form, each by itself; one that cannot be read stays a text."""
        read: dict[str, object] = {}
        for name, several in texts.items():
            try:
                read.update(self.resolve_form({name: several}))
            except (TypeValidationError, ValueError, RecursionError):
                read[name] = several[-1]
        return read


class Parameters:
    """The parameters that an operation asks for."""

    def __init__(self, described: Iterable[Described]) -> None:
        self.described = [*described]
        self.schemas = [RequestSchema(unsealed(each["schema"])) for each in self.described]
        self.parsers = {
            place: TextParser([each for each in self.described if each["in"] == place], {})
            for place in ("path", "query")
        }

    def read(self, scope: Scope, wrong: list[Wrong]) -> dict[tuple[str, str], object]:
        """Read the parameters of a request, and add to what is wrong with it."""
        carried: dict[tuple[str, str], object] = {}
        if not self.described:
            return carried
        sent = self._sent(scope)
        for parameter, schema in zip(self.described, self.schemas, strict=True):
            place, name = parameter["in"], parameter["x-name"]
            text = _value_of(parameter, sent)
            if text is _MISSING:
                if parameter["required"]:
                    must = missing(schema.described())
                    wrong.append(Wrong(place=place, name=name, must=must))
                continue
            value, slips = _judged(text, parameter, schema)
            carried[place, name] = value
            wrong += [
                Wrong(place=place, name=name, steps=slip.steps, must=slip.must) for slip in slips
            ]
        return carried

    def _sent(self, scope: Scope) -> dict[str, Mapping[str, object]]:
        sent: dict[str, Mapping[str, object]] = {}
        places = {each["in"] for each in self.described}
        if "query" in places:
            query = QueryParams(scope["query_string"])
            several = {name: query.getlist(name) for name in query}
            sent["query"] = self.parsers["query"].resolve_query(several)
        if "path" in places:
            segments = {name: value_of(each) for name, each in scope.get("path_params", {}).items()}
            sent["path"] = self.parsers["path"].resolve_path(segments)
        if places & {"header", "cookie"}:
            headers = Headers(scope=scope)
            sent["header"] = headers
            sent["cookie"] = cookies(headers.getlist("cookie")) if "cookie" in places else {}
        return sent


def _value_of(parameter: Described, sent: Mapping[str, Mapping[str, object]]) -> object:
    place, name = parameter["in"], parameter["name"]
    known = sent.get(place, {})
    value = known.get(name.replace("-", "_") if place == "path" else name, _MISSING)
    return _MISSING if value is None else value


def _judged(text: object, parameter: Described, schema: RequestSchema) -> tuple[object, list[Any]]:
    """Give the value of a parameter, and what is wrong with it."""
    token = parameter["schema"]
    if is_nullable(token) and is_null(text):
        return None, []
    value = text
    if parameter.get("x-json") is True:
        value = from_json(text)
    elif parameter["in"] in {"header", "cookie"}:
        value = _read(text, schema.schema)
    elif parameter.get("style") in {"label", "matrix"}:
        value = _read(_bare(str(text), str(parameter["x-name"])), schema.schema)
    if schema.allows(value):
        return value, []
    if "type" not in schema.schema and schema.allows(from_json(value)):
        return from_json(value), []  # a text may also be the number that an alternative asks for
    return value, schema.slips(value)


def from_json(value: object) -> object:
    """Read a parameter that is described as JSON, even encoded twice; else it stays a text."""
    try:
        read = json.loads(str(value))
        return json.loads(read) if isinstance(read, str) else read
    except (ValueError, RecursionError):
        return value


def _bare(text: str, name: str) -> str:
    """Take from a part of a path what the styles `label` and `matrix` write before it."""
    return text.removeprefix(".").removeprefix(f";{name}=")


def _read(value: object, schema: Mapping[str, object]) -> object:
    """Read the text of a header or a cookie as its schema says."""
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, Mapping):
        return [typed(items.get("type"), part.strip()) for part in str(value).split(",")]
    return typed(schema.get("type"), value)


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


def typed(kind: object, value: object) -> object:
    """Read a text as a value of a type; what is none stays a text."""
    try:
        if kind == "integer":
            return int(str(value))
        if kind == "boolean":
            return _BOOLEANS.get(str(value), value)
        if kind == "object" and isinstance(value, str):
            return json.loads(value)
        return float(str(value)) if kind == "number" else value
    except (ValueError, RecursionError):
        return value
