"""OpenAPI 3.1 → 3.0, object by object while a spec is read; every part keeps its place.

What 3.0 has no words for is marked, and `References` refuses the operations that need it. To
translate one more keyword of schemas: a function in `_TRANSLATED`, or its name in `_DROPPED`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from contract.findings import Place
from contract.spec.grammar import DOCUMENT, OPERATION, PATH_ITEM, SCHEMA, Kind, inner_kind
from contract.spec.yaml_text import Located

_VERSION = re.compile(r"3\.1\.\d+")
TRANSLATED_TO = "3.0.3"
"""The version that is written in the place of 3.1."""
UNTRANSLATABLE = "x-untranslatable"
"""The key that names the keyword of a schema that OpenAPI 3.0 has no words for."""

_SAID = "x-said-in-3-1"
"""The key of what its schema said there, so that a change of it is seen."""

_WITHOUT_WORDS = (
    *("prefixItems", "patternProperties", "propertyNames", "contains", "if", "then", "else"),
    *("dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties"),
    *("$dynamicRef", "$recursiveRef"),
)
_ASKING_NOTHING: tuple[object, ...] = (True, {}, [])
_DROPPED = frozenset(
    {"$id", "$schema", "$anchor", "$comment", "$defs", "definitions", "$vocabulary"}
    | {"$dynamicAnchor", "$recursiveAnchor", "contentSchema", "minContains", "maxContains"}
    | {"additionalItems"}
)
"""The keywords of schemas that say nothing about a value, or only together with others."""
_MOVED = frozenset({*_DROPPED, *_WITHOUT_WORDS, "pathItems", "webhooks"})


def is_3_1(root: Located) -> bool:
    """Say whether a tree is OpenAPI 3.1."""
    version = root.get("openapi")
    return isinstance(version, str) and _VERSION.fullmatch(version) is not None


def is_moved(steps: list[str]) -> bool:
    """Say whether what stands at a place of a 3.1 file stands elsewhere once it is translated."""
    return not _MOVED.isdisjoint(steps)


def translated(node: Located, kind: Kind) -> Located:
    """Translate one object; what it holds is translated by itself, afterwards."""
    translate = _OBJECTS.get(kind)
    return node if translate is None else translate(node)


def without_siblings(node: Located, kind: Kind) -> Located:
    """Leave out what 3.1 may say beside a reference to anything but a schema: texts for people."""
    if len(node) == 1 or kind == PATH_ITEM:
        return node
    return _with(node, {}, without=[name for name in node if name != "$ref"])


def _document(node: Located) -> Located:
    changes: dict[str, object] = {"openapi": TRANSLATED_TO}
    if "paths" not in node:
        changes["paths"] = Located(node.place)
    return _with(node, changes, without=("webhooks", "jsonSchemaDialect", "$self"))


def _info(node: Located) -> Located:
    licensed = node.get("license")
    changes: dict[str, object] = {}
    if isinstance(licensed, Located) and "identifier" in licensed:
        changes["license"] = _with(licensed, {}, without=("identifier",))
    return _with(node, changes, without=("summary",))


def _components(node: Located) -> Located:
    return _with(node, {}, without=("pathItems",))


def _operation(node: Located) -> Located:
    """Give an operation that documents no answer one that says nothing."""
    if "responses" in node:
        return node
    anything = _made(node.place, {"description": "not documented"})
    return _with(node, {"responses": _made(node.place, {"default": anything})})


def _security_scheme(node: Located) -> Located:
    """Name mutual TLS as the scheme of HTTP that is closest to it."""
    if node.get("type") != "mutualTLS":
        return node
    return _with(node, {"type": "http", "scheme": "mutual"})


def _schema(node: Located) -> Located:
    """Translate a schema: its keywords one by one, after its siblings of `$ref`."""
    if isinstance(node.get("$ref"), str):
        if node.keys() == {"$ref"}:
            return node
        place = node.at("$ref")
        whole = _made(place, {"$ref": node["$ref"]})
        parts = node.get("allOf")
        listed = [whole, *(parts if isinstance(parts, list) else [])]
        node = _with(node, {"allOf": listed}, without=("$ref",), places={"allOf": place})
    without = [word for word in node if word in _DROPPED]
    node = _with(node, {}, without=without) if without else node
    for word, translate in _TRANSLATED.items():
        if word in node:
            node = translate(node)
    unknown = [word for word in _WITHOUT_WORDS if word in node]
    said = next((word for word in unknown if node[word] not in _ASKING_NOTHING), None)
    if said is not None:
        places = {UNTRANSLATABLE: node.at(said)}
        whole = _made(node.at(said), {word: node[word] for word in unknown})
        changes = {UNTRANSLATABLE: said, _SAID: whole}
        node = _with(node, changes, without=unknown, places=places)
    elif unknown:
        node = _with(node, {}, without=unknown)
    return _without_flags(node)


def _type(node: Located) -> Located:
    stated = node["type"]
    kinds = stated if isinstance(stated, list) else [stated]
    others = [each for each in kinds if each != "null"]
    nullable = len(others) < len(kinds)
    if not isinstance(stated, list) and not nullable:
        return node
    place = node.at("type")
    if not others:
        return _with(node, {"enum": [None]}, without=("type",), places={"enum": place})
    if len(others) == 1:
        changes: dict[str, object] = {"type": others[0]}
        return _with(node, {**changes, "nullable": True} if nullable else changes)
    alternatives: list[object] = [_made(place, {"type": each}) for each in others]
    if nullable:
        alternatives[0] = _made(place, {"type": others[0], "nullable": True})
    if "anyOf" not in node:
        changes, places = {"anyOf": alternatives}, {"anyOf": place}
    else:
        parts = node.get("allOf")
        inner = _made(place, {"anyOf": alternatives})
        changes = {"allOf": [*(parts if isinstance(parts, list) else []), inner]}
        places = {"allOf": place}
    return _with(node, changes, without=("type",), places=places)


def _const(node: Located) -> Located:
    place = node.at("const")
    return _with(node, {"enum": [node["const"]]}, without=("const",), places={"enum": place})


def _bound(exclusive: str, plain: str, sign: int) -> Callable[[Located], Located]:
    """Make the translation of an exclusive bound: the narrower one of the two counts."""

    def translate(node: Located) -> Located:
        bound, other = node[exclusive], node.get(plain)
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            return node
        if isinstance(other, int | float) and sign * other > sign * bound:
            return _with(node, {}, without=(exclusive,))
        places = {plain: node.at(exclusive)}
        return _with(node, {plain: bound, exclusive: True}, places=places)

    return translate


def _examples(node: Located) -> Located:
    shown = node["examples"]
    place = node.at("examples")
    if isinstance(shown, list) and shown and "example" not in node:
        places = {"example": place}
        return _with(node, {"example": shown[0]}, without=("examples",), places=places)
    return _with(node, {}, without=("examples",)) if isinstance(shown, list) else node


def _content(node: Located) -> Located:
    """Name an encoding, or a media type, by the format that 3.0 has for it."""
    encoded = node.get("contentEncoding")
    first = "contentEncoding" if encoded is not None else "contentMediaType"
    changes: dict[str, object] = {}
    if "format" not in node and encoded in {None, "binary", "base64"}:
        media_type = str(node.get("contentMediaType"))
        if encoded is not None or not _TEXTS.fullmatch(media_type):
            changes["format"] = "byte" if encoded == "base64" else "binary"
            changes["type"] = node.get("type", "string")
    places = {word: node.at(first) for word in changes if word not in node}
    return _with(node, changes, without=("contentEncoding", "contentMediaType"), places=places)


_TEXTS = re.compile(r"text/.*|.*json|.*xml", re.IGNORECASE)
_FLAGS = frozenset({"additionalProperties"})


def _without_flags(node: Located) -> Located:
    """Give the schemas that are `true` or `false` as objects, where 3.0 takes no others."""
    changes: dict[str, object] = {}
    for word, value in node.items():
        kind = None if word in _FLAGS else inner_kind(SCHEMA, word)
        if kind == SCHEMA and isinstance(value, bool):
            changes[word] = _flag(value, node.at(word))
        elif kind == SCHEMA and isinstance(value, list):
            changes[word] = [_flag(each, node.at(word)) for each in value]
    return _with(node, changes) if changes else node


def _holder(node: Located) -> Located:
    """Give the schema of what holds one as an object, where it is `true` or `false`."""
    flag = node.get("schema")
    if not isinstance(flag, bool):
        return node
    return _with(node, {"schema": _flag(flag, node.at("schema"))})


def _schemas(node: Located) -> Located:
    flags = {name: each for name, each in node.items() if isinstance(each, bool)}
    changes = {name: _flag(each, node.at(name)) for name, each in flags.items()}
    return _with(node, changes) if changes else node


def _flag(value: object, place: Place) -> object:
    if not isinstance(value, bool):
        return value
    return _made(place, {} if value else {"not": _made(place, {})})


def _made(place: Place, members: Mapping[str, object]) -> Located:
    made = Located(place)
    made.update(members)
    made.places = dict.fromkeys(members, place)
    return made


def _with(
    node: Located,
    changes: Mapping[str, object],
    *,
    without: tuple[str, ...] | list[str] = (),
    places: Mapping[str, Place] | None = None,
) -> Located:
    """Copy a mapping with some members changed, added or left out."""
    copy = Located(node.place)
    copy.slips = node.slips
    copy.update({name: value for name, value in node.items() if name not in without})
    copy.update(changes)
    copy.places = {**node.places, **(places or {})}
    return copy


_TRANSLATED: Mapping[str, Callable[[Located], Located]] = {
    "const": _const,
    "type": _type,
    "exclusiveMinimum": _bound("exclusiveMinimum", "minimum", 1),
    "exclusiveMaximum": _bound("exclusiveMaximum", "maximum", -1),
    "examples": _examples,
    "contentEncoding": _content,
    "contentMediaType": _content,
}
_OBJECTS: Mapping[Kind, Callable[[Located], Located]] = {
    DOCUMENT: _document,
    "info": _info,
    "components": _components,
    OPERATION: _operation,
    "security scheme": _security_scheme,
    SCHEMA: _schema,
    "schemas": _schemas,
    **dict.fromkeys(("media type", "parameter", "header"), _holder),
}
