"""What connexion gets of a spec: the paths to route, and what its parsers read requests by.

It is made of the operations as `contract.spec` has read them. A schema travels through connexion as
a value that it cannot look into, so neither its size nor its references matter there; the
validators of requests take it out again. An operation is listed below each base path of its servers
and without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from contract.spec.composition import merged
from contract.spec.media_types import plain
from contract.spec.operations import (
    METHODS,
    NO_PARAMETERS,
    Operation,
    Parameter,
    UnreadOperation,
    path_alone,
)
from contract.spec.yaml_text import Located
from mock_server.published_spec import published

_SCHEMA = "x-schema"
_TEMPLATE = re.compile(r"\{([^{}/]*)\}")
_USUAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_STYLES: Mapping[str, str] = {"path": "simple", "query": "form", "header": "simple"}
"""The style of parameters whose values are read, by where they stand."""
_PREFIXED = frozenset({"label", "matrix"})
_ANY_ANSWER: Mapping[str, object] = {"default": {"description": ""}}


@dataclass(frozen=True, slots=True, eq=False)
class Sealed:
    """A schema that is passed on as it is."""

    schema: Located

    def __deepcopy__(self, _: object) -> Sealed:
        return self


def unsealed(token: Mapping[str, object]) -> Mapping[str, object]:
    """Give the schema that a token stands for; anything else as it is."""
    sealed = token.get(_SCHEMA)
    return sealed.schema if isinstance(sealed, Sealed) else token


def paths_of(operation: Operation) -> tuple[str, ...]:
    """List the paths that an operation is served at: its own, and below each base path."""
    path = path_alone(operation.path)
    return (path, *(base + path for base in operation.base_paths))


def routed(
    operations: Iterable[Operation], unserved: Iterable[UnreadOperation]
) -> dict[str, object]:
    """Write the spec that connexion routes and validates requests by.

    Args:
        operations: those that are served.
        unserved: those that are answered with a reason.
    """
    served = [*operations]
    paths: dict[str, dict[str, object]] = {}
    for refused in unserved:
        named = {"operationId": refused.id, "responses": _ANY_ANSWER}
        for method in [refused.method.lower()] if refused.method else sorted(METHODS):
            path = path_alone(refused.path)
            paths.setdefault(_path(path, _safe_names(path)), {})[method] = named
    for operation in served:
        _add(paths, paths_of(operation)[0], operation)
    for operation in served:
        for path in paths_of(operation)[1:]:
            _add(paths, path, operation)
    ordered = sorted(paths, key=_generality)
    return {
        "openapi": "3.0.3",
        "info": {"title": "the operations of a spec", "version": "1"},
        "paths": {path: dict(sorted(paths[path].items(), key=_head_first)) for path in ordered},
    }


def _add(paths: dict[str, dict[str, object]], path: str, operation: Operation) -> None:
    names = _safe_names(path)
    item = paths.setdefault(_path(path, names), {})
    item.setdefault(operation.method.lower(), _routable(operation, names))


def _generality(path: str) -> list[bool]:
    """Order paths: one with a fixed segment comes before one with a parameter in its place."""
    return ["{" in segment for segment in path.split("/")]


def _head_first(item: tuple[str, object]) -> bool:
    return item[0] != "head"  # the router lets GET answer HEAD too


def _safe_names(path: str) -> Mapping[str, str]:
    """Name the parameters of a path so that the router knows them as such."""
    return {
        name: name if _USUAL_NAME.fullmatch(name) else f"parameter_{number}"
        for number, name in enumerate(_TEMPLATE.findall(path))
    }


def _path(path: str, names: Mapping[str, str]) -> str:
    """Write a path with the names of its parameters, each of them once."""
    seen: set[str] = set()

    def named(found: re.Match[str]) -> str:
        name = names[found[1]]
        name = f"{name}_{found.start()}" if name in seen else name
        seen.add(name)
        return f"{{{name}}}"

    return _TEMPLATE.sub(named, path)


def _routable(operation: Operation, names: Mapping[str, str]) -> dict[str, object]:
    """Describe an operation so far as it takes to find it: any text may stand for a parameter."""
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names.values()
    ]
    return {"operationId": operation.id, "parameters": parameters, "responses": _ANY_ANSWER}


def described(operation: Operation) -> dict[str, object]:
    """Describe what an operation asks for, so that connexion's parsers can read it.

    A `schema` is what the parsers look at; `unsealed` gives the whole one.
    """
    described: dict[str, object] = {
        "parameters": [*_parameters(operation, _safe_names(operation.path))]
    }
    body = operation.body
    if body is not None and body.schemas:
        content: dict[str, object] = {}
        for media_type, schema in body.schemas.items():
            token = _token(schema, "object")
            described_as = {"schema": token, **_encoding(body.node, media_type)}
            content.setdefault(
                plain(media_type), described_as
            )  # connexion compares without charset
        described["requestBody"] = {"required": body.required, "content": content}
    return described


def _encoding(body: Located, media_type: str) -> dict[str, object]:
    content = body.get("content")
    described = content.get(media_type) if isinstance(content, Located) else None
    encoding = described.get("encoding") if isinstance(described, Located) else None
    return {"encoding": published(encoding)} if isinstance(encoding, Located) else {}


def _parameters(operation: Operation, names: Mapping[str, str]) -> Iterator[dict[str, object]]:
    for each in operation.parameters:
        if each.location == "path" and each.name not in names:
            continue  # a path without it cannot carry it
        if each.location == "header" and each.name.lower() in NO_PARAMETERS:
            continue
        readable = _is_readable(each)
        kept = {key: each.node[key] for key in ("style", "explode") if key in each.node}
        yield {
            **kept,
            "name": names.get(each.name, each.name) if each.location == "path" else each.name,
            "in": each.location,
            "required": each.location == "path" or (each.required and readable),
            "schema": _seal(each) if readable else {},
            "x-json": "content" in each.node,
            "x-name": each.name,
        }


def _seal(parameter: Parameter) -> dict[str, object]:
    """Give what stands for a parameter's schema; no type where the text is no plain value."""
    plain = parameter.node.get("style") not in _PREFIXED
    return _token(parameter.schema) if plain else {_SCHEMA: Sealed(parameter.schema)}


def _is_readable(parameter: Parameter) -> bool:
    """Say whether the value of a parameter can be told from the others, in its style."""
    facts = merged(parameter.schema)
    kind, style = facts.get("type"), parameter.node.get("style")
    items = facts.get("items")
    if isinstance(items, Mapping) and merged(items).get("type") in {"array", "object"}:
        return "content" in parameter.node  # no style says how these are written
    if style in _PREFIXED:
        return kind not in {"array", "object"}
    if parameter.location == "path" and kind == "object":
        return "content" in parameter.node
    usual = style in {None, _STYLES.get(parameter.location, style)}
    if parameter.location == "query" and kind == "object" and "content" not in parameter.node:
        return style == "deepObject"
    listed = parameter.location == "query" and style in {"spaceDelimited", "pipeDelimited"}
    return usual or listed


def _token(schema: Located, kind: str = "") -> dict[str, object]:
    """Give what stands for a schema: what the parsers of connexion look at, and the schema.

    `kind` is the type that a schema of members means which states none.
    """
    properties = merged(schema).get("properties")
    token = _kind(schema)
    if isinstance(properties, Mapping):
        members = {name: _kind(each) for name, each in properties.items()}
        token = {"type": kind, **token, "properties": members}
    return {**token, _SCHEMA: Sealed(schema)}


def _kind(schema: object) -> dict[str, object]:
    """Give the keywords of a schema by which texts become values."""
    if not isinstance(schema, Mapping):
        return {}
    facts = merged(schema)
    kept: dict[str, object] = {
        key: facts[key] for key in ("type", "format", "nullable") if key in facts
    }
    if facts.get("type") != "array":
        return kept
    items = facts.get("items")
    item = merged(items).get("type") if isinstance(items, Mapping) else None
    return {**kept, "items": {"type": item or "string"}}
