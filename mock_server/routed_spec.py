"""What connexion gets of a spec: the paths to route, and what its parsers read requests by.

It is made of the operations as `contract.spec` has read them. A schema travels through connexion as
a value that it cannot look into, so neither its size nor its references matter there; the
validators of requests take it out again. An operation is listed below each base path of its servers
and without one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from contract.spec.operations import (
    METHODS,
    Operation,
    UnreadOperation,
    path_alone,
)

_TEMPLATE = re.compile(r"\{([^{}/]*)\}")
_USUAL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ANY_ANSWER: Mapping[str, object] = {"default": {"description": ""}}


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
            paths.setdefault(_path(path, safe_names(path)), {})[method] = named
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
    names = safe_names(path)
    item = paths.setdefault(_path(path, names), {})
    item.setdefault(operation.method.lower(), _routable(operation, names))


def _generality(path: str) -> list[bool]:
    """Order paths: one with a fixed segment comes before one with a parameter in its place."""
    return ["{" in segment for segment in path.split("/")]


def _head_first(item: tuple[str, object]) -> bool:
    return item[0] != "head"  # the router lets GET answer HEAD too


def safe_names(path: str) -> Mapping[str, str]:
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
