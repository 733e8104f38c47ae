"""Which part of a spec is what: a schema, a parameter, an answer, or data of the interface.

Data is everything that only looks like a part of the spec: examples, defaults, the choices of an
`enum`, extensions. A `$ref` or a keyword inside it means nothing. To add a keyword that holds
parts of a spec: list it at the object that has it, in `_OBJECTS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contract.spec.yaml_text import Located

Kind = str
"""The kind of an object of OpenAPI, such as `schema`; of the items, where a list stands."""

DOCUMENT, OPERATION, PATH_ITEM, SCHEMA = "document", "operation", "path item", "schema"
PARAMETER = "parameter"

OTHER = "other"
"""The kind of an object that holds no schema; references in it are followed all the same."""

_SERVED = {"servers": OTHER, "parameters": "parameter"}
_SHOWN = {"schema": SCHEMA, "examples": "examples", "content": "content"}
_OPERATION = {
    **_SERVED,
    "requestBody": "request body",
    "responses": "responses",
    "callbacks": "callbacks",
    "security": None,
}
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_OBJECTS: Mapping[Kind, Mapping[str, Kind | None]] = {
    DOCUMENT: {
        "info": "info",
        "paths": "paths",
        "components": "components",
        "security": None,
        "webhooks": None,
    },
    "info": {},
    "components": {
        "schemas": "schemas",
        "responses": "named responses",
        "parameters": "parameters",
        "examples": "examples",
        "requestBodies": "request bodies",
        "headers": "headers",
        "securitySchemes": "security schemes",
        "links": "links",
        "callbacks": "callbacks",
        "pathItems": "path items",
    },
    PATH_ITEM: {**_SERVED, **dict.fromkeys(_METHODS, OPERATION)},
    OPERATION: _OPERATION,
    "request body": {"content": "content"},
    "response": {"headers": "headers", "content": "content", "links": "links"},
    "parameter": _SHOWN,
    "header": _SHOWN,
    "media type": {**_SHOWN, "encoding": "encodings"},
    "encoding": {"headers": "headers"},
    "example": {"value": None},
    "link": {"parameters": None, "requestBody": None},
    SCHEMA: {
        **dict.fromkeys(("properties", "patternProperties", "dependentSchemas"), "schemas"),
        **dict.fromkeys(("definitions", "$defs"), "schemas"),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), SCHEMA),
        **dict.fromkeys(("not", "items", "additionalProperties", "additionalItems"), SCHEMA),
        **dict.fromkeys(("if", "then", "else", "contains", "propertyNames"), SCHEMA),
        **dict.fromkeys(("unevaluatedItems", "unevaluatedProperties"), SCHEMA),
        "contentSchema": SCHEMA,
        "required": None,
        "discriminator": None,
        "examples": None,
    },
    "security scheme": {},
    OTHER: {},
}
"""What each kind of object holds, by keyword; None stands for data."""

_MAPS: Mapping[Kind, Kind] = {
    "paths": PATH_ITEM,
    "path items": PATH_ITEM,
    "callbacks": "callback",
    "callback": PATH_ITEM,
    "responses": "response",
    "named responses": "response",
    "schemas": SCHEMA,
    "parameters": "parameter",
    "headers": "header",
    "content": "media type",
    "encodings": "encoding",
    "examples": "example",
    "links": "link",
    "request bodies": "request body",
    "security schemes": "security scheme",
}
"""The maps whose keys are names that the author of a spec chose, and what they name."""

_EXTENSIBLE = frozenset({"paths", "callback", "responses"})
"""The maps that may hold extensions: no path and no status begins with `x-`."""
_DATA = frozenset({"example", "default", "enum", "const"})


def is_map(kind: Kind) -> bool:
    """Say whether the keys of a mapping are names, and not keywords of OpenAPI."""
    return kind in _MAPS


def inner_kind(kind: Kind, key: str) -> Kind | None:
    """Give the kind of a member of a mapping; None where it is data."""
    named = _MAPS.get(kind)
    if named is not None:
        return None if kind in _EXTENSIBLE and key.startswith("x-") else named
    known = _OBJECTS[kind].get(key, OTHER)
    if known is not OTHER:
        return known
    return None if key in _DATA or key.startswith("x-") else OTHER


def parts(node: object, kind: Kind) -> Iterator[tuple[Located | list[object], Kind]]:
    """Give the mappings and lists that a node holds, each with its kind; data is left out."""
    if isinstance(node, list):
        for item in node:
            if isinstance(item, Located | list):
                yield item, kind
    elif isinstance(node, Located):
        for key, value in node.items():
            if isinstance(value, Located | list):
                inner = inner_kind(kind, key)
                if inner is not None:
                    yield value, inner
