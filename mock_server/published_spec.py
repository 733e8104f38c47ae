"""The spec as readers see it: without addresses that lead elsewhere, and with types for programs.

Generators of clients know types and references, and no `x-sample`. What a sample shows of a
member's type is written as its type where the document states none.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from contract.spec.operations import METHODS
from contract.spec.vocabulary import json_type
from mock_server.problems import PROBLEM

_NAMED = frozenset({"properties", "example", "value"})
"""Keys below which names are those of members, not OpenAPI's."""
_DATA = frozenset({"example", "examples", "value", "default", "enum", "x-sample"})
"""Keys below which no schema stands."""
_COMPOSING = frozenset({"type", "$ref", "allOf", "oneOf", "anyOf", "not", "enum", "nullable"})
"""Keywords of schemas that say their type, or leave it to others."""
_TYPED = frozenset({"string", "integer", "number", "boolean", "object", "array"})


def published(node: Mapping[str, object], *, named: bool = False) -> dict[str, object]:
    """Copy a spec without the servers that Swagger UI would call, and the links that lead nowhere.

    Args:
        node: the spec, or a part of it.
        named: whether its keys are the names of members, and not OpenAPI's.
    """
    links = frozenset() if named else {"servers", "externalDocs"}
    return {
        key: _copied(value, named=key in _NAMED and not named)
        for key, value in node.items()
        if key not in links
    }


def _copied(value: object, *, named: bool = False) -> object:
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return published(value, named=named) if isinstance(value, Mapping) else value


def typed(node: dict[str, object]) -> dict[str, object]:
    """Write into a published spec, in place, the types of the members that only samples show."""
    for key, value in node.items():
        if key == "properties" and isinstance(value, dict):
            for member in value.values():
                if isinstance(member, dict):
                    _type(member)
                    typed(member)
        elif key not in _DATA:
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict):
                    typed(part)
    return node


def _type(schema: dict[str, object]) -> None:
    sample = schema.get("x-sample")
    if not isinstance(sample, Mapping) or not _COMPOSING.isdisjoint(schema):
        return
    shown = sample.get("type")
    choices = sample.get("enum")
    if shown is None and isinstance(choices, list) and choices:
        kinds = {json_type(each) for each in choices}
        shown = kinds.pop() if len(kinds) == 1 else None
    if shown in _TYPED:
        schema["type"] = shown


def refusable(spec: dict[str, object]) -> dict[str, object]:
    """Write into a published spec, in place, how the mock server refuses what breaks it.

    It is the answer `default`, as generators of clients read no `4XX`; a documented answer with a
    status of 4xx is one of two forms.
    """
    components = spec.setdefault("components", {})
    schemas = components.setdefault("schemas", {}) if isinstance(components, dict) else {}
    if not isinstance(schemas, dict):
        return spec
    name = next(each for each in _problem_names() if each not in schemas)
    problem = {PROBLEM: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    for operation in _operations(spec):
        responses = operation.get("responses")
        if not isinstance(responses, dict):
            continue
        responses = operation["responses"] = _by_served_status(responses)
        if _ASKING.isdisjoint(operation):
            continue
        for status, answer in responses.items():
            content = answer.get("content") if isinstance(answer, dict) else None
            if str(status).startswith("4") and isinstance(content, dict):
                content.update({key: value for key, value in problem.items() if key not in content})
        responses.setdefault("default", {"description": "请求不符合文档", "content": {**problem}})
        schemas[name] = _PROBLEM
    return spec


def _by_served_status(responses: Mapping[str, object]) -> dict[str, object]:
    """Name answers such as `2XX` by the status that stands for them: generators read no range."""
    served: dict[str, object] = {}
    for key, answer in responses.items():
        first = f"{key[0]}00" if key.upper().endswith("XX") else key
        served[key if first in responses and first != key else first] = answer
    return served


def _problem_names() -> Iterator[str]:
    yield "Problem"
    for number in itertools.count(2):
        yield f"Problem{number}"


def _operations(spec: Mapping[str, object]) -> Iterator[dict[str, object]]:
    paths = spec.get("paths")
    for item in paths.values() if isinstance(paths, dict) else ():
        for method, operation in item.items() if isinstance(item, dict) else ():
            if method in METHODS and isinstance(operation, dict):
                yield operation


_ASKING = frozenset({"parameters", "requestBody", "security"})
_TEXT: Mapping[str, object] = {"type": "string"}
_PROBLEM: Mapping[str, object] = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "detail"],
                "properties": {"in": _TEXT, "name": _TEXT, "pointer": _TEXT, "detail": _TEXT},
            },
        },
    },
}
"""The schema of problem details."""
