"""Words that look like a promise, but that every program ignores."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from contract.findings import Level, Place
from contract.review.item_places import item_place
from contract.review.openapi_objects import MAPS, OBJECTS, Object, Objects, inner, meant
from contract.review.review_rule import ObjectRule, Tree, Violation
from contract.spec.expectations import KEY
from contract.spec.vocabulary import EXPECTED, EXTENSIONS, FORMATS, GENERATORS
from contract.spec.yaml_text import Located
from contract.spelling import did_you_mean

_HELD = frozenset({"Parameter", "SecurityScheme"})
"""What may say itself what its value is held to, as schemas may."""


_MEDIA_TYPES = (
    *("application/json", "application/xml", "application/x-www-form-urlencoded"),
    *("multipart/form-data", "application/octet-stream", "text/plain", "text/html"),
)
"""The media types that a misspelt one may mean."""
_OTHER_TYPES = frozenset(
    {f"application/{name}" for name in ("bson", "jose", "json5", "jsonl", "jsonp", "ndjson")}
)
"""Media types that look like one of them, and are not."""
_ALIKE = 0.9


def _is_slip(media_type: str) -> bool:
    """Say whether a media type is one letter or two from one that everybody knows."""
    plain = media_type.partition(";")[0].strip().lower()
    if plain in _MEDIA_TYPES or plain in _OTHER_TYPES or "*" in plain:
        return False
    return bool(get_close_matches(plain, _MEDIA_TYPES, n=1, cutoff=_ALIKE))


class _Word(NamedTuple):
    """A word, those that are known in its place, and whether another tool may know more."""

    written: str
    word: object
    known: Collection[object]
    place: Place
    open_to_all: bool = False


def unknown_words(tree: Tree) -> Iterator[Violation]:
    """Find the words that mean nothing where they stand."""
    for each in tree.objects.of(*OBJECTS, *MAPS):
        for found in _words(tree.objects, each):
            if not isinstance(found.word, str | bool) or found.word not in found.known:
                hint = _hint(found)
                if hint or not found.open_to_all:
                    yield Violation(
                        operation=each.operation,
                        subject=str(found.word),
                        evidence=f"{found.written} means nothing here{hint and f'; {hint}'}",
                        places=(found.place,),
                        remedy="use a word from openapi/README.md, or remove it",
                    )


def _hint(found: _Word) -> str:
    """Ask whether a known word was meant; what all x- keys begin with makes none alike."""
    word, known = str(found.word), {str(each) for each in found.known}
    if word.startswith("x-"):
        ends = [each.removeprefix("x-") for each in known]
        meant = did_you_mean(word.removeprefix("x-"), ends, most=1).strip()
        return meant.replace("did you mean ", "did you mean x-")
    return did_you_mean(word, known, most=1).strip()


def _words(objects: Objects, each: Object) -> Iterator[_Word]:
    """Give the words of an object that must be known."""
    node = each.node
    for key in node:
        if key.startswith("x-") and each.kind not in {"Callback", "Security", "Schema"}:
            yield _Word(key, key, EXTENSIONS, node.at(key), open_to_all=True)
    if each.kind == "MediaType" and each.holder is not None:
        content = each.holder.node.get("content")
        if isinstance(content, Located) and _is_slip(each.name):
            yield _Word(each.name, each.name, _MEDIA_TYPES, content.at(each.name))
    if each.kind in _HELD and KEY in node:
        yield _Word(f"{KEY}: {node[KEY]}", node[KEY], EXPECTED, node.at(KEY))
    if each.kind == "Schema" and not each.is_reference:
        sample = node.get("x-sample")
        for holder in (node, *([sample] if isinstance(sample, Located) else [])):
            yield from _of_schema(holder)
            listed = holder.get("required")
            names = listed if isinstance(listed, list) else []
            own = _members(node)
            described = own if own.issuperset(map(str, names)) else _described(objects, each, set())
            for number, name in enumerate(names):
                place = item_place(holder, "required", number)
                yield _Word(f"required: {name}", name, described, place)


def _of_schema(node: Located) -> Iterator[_Word]:
    for key in node:
        if key.startswith("x-"):
            yield _Word(key, key, EXTENSIONS, node.at(key), open_to_all=True)
    known_words: tuple[tuple[str, Collection[object]], ...] = (
        ("format", FORMATS),
        ("x-mock", GENERATORS),
        (KEY, EXPECTED),
        ("x-unique", (True, False)),
    )
    for key, known in known_words:
        if key in node:
            value, place = node[key], node.at(key)
            yield _Word(f"{key}: {value}", value, known, place, open_to_all=key == "format")


def _members(schema: Located) -> set[str]:
    members = schema.get("properties")
    return {*members} if isinstance(members, Located) else set()


def _described(objects: Objects, schema: Object, seen: set[int]) -> set[str]:
    """List the members that a schema describes, with those it is composed with."""
    node = meant(objects, schema)
    if node is None or id(node) in seen:
        return set()
    seen.add(id(node))
    found = {*_members(node)}
    whole = Object(kind="Schema", node=node, name=schema.name)
    parts = [each for name in ("allOf", "anyOf", "oneOf") for each in _parts(whole, name)]
    if schema.holder is not None and schema.holder.kind == "Schema" and schema.name.isdecimal():
        parts.append(schema.holder)
    for part in parts:
        found |= _described(objects, part, seen)
    return found


def _parts(schema: Object, name: str) -> Iterator[Object]:
    listed = schema.node.get(name)
    ids = {id(item) for item in listed} if isinstance(listed, list) else set()
    return (each for each in inner(schema) if id(each.node) in ids)


RULES = (
    ObjectRule(
        name="unknown-word",
        title="未知的关键字",
        find=unknown_words,
        english="Every generator and required member is known, and no x- key and no format is a "
        "slip of one that is.",
        chinese="生成器的名称和 required 中的属性都是已知的，x- 扩展和 format 没有拼写错误。",
        source="openapi/README.md; OpenAPI 3.0.3, Schema Object",
        level=Level.TABLE,
        after=(
            *("invalid-openapi", "name", "row-without-property"),
            *("member-without-property", "rows-elsewhere"),
        ),
        broken='x-bussiness-success: ["000"]',
        right='x-business-success: ["000"]',
    ),
)
