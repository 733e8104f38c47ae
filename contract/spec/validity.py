"""A quick proof that a tree is valid OpenAPI 3.0; without one, openapi-spec-validator decides.

That package knows every rule and describes what is broken, but it is slow to load and to run. Most
specs are valid, and the checks here are enough to prove it: the JSON schema of OpenAPI 3.0, and a
stricter form of each rule that the schema cannot express. A tree that fails them may still be
valid. A rule that was missing here would hide a finding, so a test compares the two.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import jsonschema_rs

from contract.spec.deferred import meant
from contract.spec.grammar import DOCUMENT
from contract.spec.operations import METHODS
from contract.spec.references import References, kind_at
from contract.spec.vocabulary import Meaningless, validator
from contract.spec.yaml_text import Located

_TEMPLATE = re.compile(r"\{([^{}!:]+)\}")
_TYPES = frozenset({"array", "boolean", "integer", "number", "object", "string"})
_PARTS = ("allOf", "anyOf", "oneOf")
_ONE = ("items", "not", "additionalProperties")
_BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
_ASKED = frozenset({"enum", "required", "pattern", "default", *dict(_BOUNDS)})
"""The keywords of a schema that are checked besides its type."""
_INT32 = 31
"""The bits of a number that every integer format holds."""


def surely_valid(root: Located, references: References) -> bool:
    """Say whether a tree is certainly valid OpenAPI 3.0.

    Args:
        root: the whole spec, in one tree.
        references: of this tree.

    Raises:
        InvalidSpec: a reference leads nowhere, or in a circle.
    """
    whole = references.inlined(root, DOCUMENT)
    schema = _openapi_schema()
    try:
        if schema is None or not schema.is_valid(root):
            return False
    except ValueError:  # a number or a text that JSON cannot express
        return False
    if any(kind_at(root, name.removeprefix("#")) != kind for name, kind in references.followed):
        return False  # the schema has checked what it names, but not as what it is used for
    return _tags_are_distinct(whole) and _operations_are_sound(whole) and _schemas_are_sound(whole)


@lru_cache(maxsize=1)
def _openapi_schema() -> jsonschema_rs.Draft4Validator | None:
    """Compile the official schema, which openapi-spec-validator brings; it is not imported."""
    package = find_spec("openapi_spec_validator")
    for folder in (package and package.submodule_search_locations) or ():
        file = Path(folder, "resources", "schemas", "v3.0", "schema.json")
        if file.is_file():
            return jsonschema_rs.Draft4Validator(json.loads(file.read_text(encoding="utf-8")))
    return None


def _tags_are_distinct(whole: Located) -> bool:
    names = [tag.get("name") for tag in _mappings(whole.get("tags"))]
    return len(names) == len(set(map(str, names)))


def _operations_are_sound(whole: Located) -> bool:
    """Say whether operationIds are distinct, and parameters are those of the path, each once."""
    ids: list[object] = []
    for address, item in _members(whole.get("paths")):
        shared = _parameters(item)
        for method, operation in _members(item):
            if method in METHODS:
                ids += [operation["operationId"]] if "operationId" in operation else []
                own = _parameters(operation)
                named = {str(name) for name, where in (*shared, *own) if where == "path"}
                if not _are_distinct(own) or named != set(_TEMPLATE.findall(address)):
                    return False
        if not _are_distinct(shared) or re.search(r"[{}]", _TEMPLATE.sub("", address)):
            return False
    return _are_distinct(ids)


def _are_distinct(values: list[object] | list[tuple[object, object]]) -> bool:
    return len(values) == len(set(map(repr, values)))


def _parameters(owner: Located) -> list[tuple[object, object]]:
    return [(each.get("name"), each.get("in")) for each in _mappings(owner.get("parameters"))]


def _schemas_are_sound(whole: Located) -> bool:
    seen: dict[int, Located] = {}
    waiting = [*_schemas(whole)]
    while waiting:
        schema = waiting.pop()
        if id(schema) not in seen:
            seen[id(schema)] = schema
            if not _is_sound(schema):
                return False
            waiting += _inner(schema)
    return True


def _schemas(whole: Located) -> Iterator[Located]:
    """Give the schemas of components, parameters and answers."""
    for section, members in _members(whole.get("components")):
        if section == "schemas":
            yield from (schema for _, schema in _members(members))
    for _, item in _members(whole.get("paths")):
        yield from _schemas_of_parameters(item)
        for method, operation in _members(item):
            if method in METHODS:
                yield from _schemas_of_parameters(operation)
                for _, response in _members(operation.get("responses")):
                    for _, answer in _members(response.get("content")):
                        yield from _mappings([answer.get("schema")])


def _schemas_of_parameters(owner: Located) -> Iterator[Located]:
    for parameter in _mappings(owner.get("parameters")):
        yield from _mappings([parameter.get("schema")])


def _inner(schema: Located) -> Iterator[Located]:
    for key, value in schema.items():
        if key == "properties":
            yield from (member for _, member in _members(value))
        elif key in _ONE:
            yield from _mappings([value])
        elif key in _PARTS:
            yield from _mappings(value)


def _is_sound(schema: Located) -> bool:
    """Say whether a schema is valid JSON Schema too, and its default is valid by it."""
    if str(schema.get("type", "object")) not in _TYPES:
        return False
    return _ASKED.isdisjoint(schema) or (
        all(bound in schema for exclusive, bound in _BOUNDS if exclusive in schema)
        and ("enum" not in schema or _is_enumeration(schema["enum"]))
        and ("required" not in schema or _are_described(schema["required"], schema))
        and ("pattern" not in schema or _is_regular(schema["pattern"]))
        and ("default" not in schema or _keeps(schema, schema["default"]))
    )


def _is_enumeration(enum: object) -> bool:
    """Say whether values are distinct scalars, at least one; 1 and 1.0 are one number."""
    if not isinstance(enum, list) or not enum:
        return False
    numbers = [each for each in enum if isinstance(each, int | float)]
    scalars = [each for each in enum if isinstance(each, str) or each is None]
    return len(set(numbers)) + len(set(scalars)) == len(enum)


def _are_described(required: object, schema: Located) -> bool:
    """Say whether a composed schema requires only members that it describes itself."""
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        return False
    own = [schema, *_mappings(schema.get("allOf"))]
    described = {name for part in own for name, _ in _members(part.get("properties"))}
    return "allOf" not in schema or described.issuperset(required)


def _is_regular(pattern: object) -> bool:
    return isinstance(pattern, str) and _compiles(pattern)


@lru_cache(maxsize=1024)
def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _keeps(schema: Located, default: object) -> bool:
    """Say whether a default is certainly valid; only plain schemas are tried."""
    if default is None and schema.get("nullable") is True:
        return True
    plain = not any(key in schema for key in (*_PARTS, "not", "items", "properties"))
    small = isinstance(default, int) and default.bit_length() <= _INT32
    if not plain or not ("format" not in schema or small):
        return False
    try:
        return validator(schema).is_valid(default)
    except (Meaningless, ValueError):
        return False


def _members(node: object) -> Iterator[tuple[str, Located]]:
    """Give the members of a mapping that are mappings."""
    for name, value in node.items() if isinstance(node, Located) else ():
        if isinstance(value, Located):
            yield name, meant(value)


def _mappings(node: object) -> Iterator[Located]:
    """Give the items of a list that are mappings."""
    for item in node if isinstance(node, list) else ():
        if isinstance(item, Located):
            yield meant(item)
