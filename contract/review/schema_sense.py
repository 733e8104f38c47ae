"""Schemas whose keywords contradict one another, or mean nothing beside their type."""

from __future__ import annotations

from collections.abc import Iterator

from contract.findings import Level
from contract.review.examples import DIFFERENCES
from contract.review.openapi_objects import Object
from contract.review.review_rule import ObjectRule, Tree, Violation, lines_of
from contract.spec.vocabulary import FORMATS

_OF_TYPES = {
    "string": ("minLength", "maxLength", "pattern"),
    "array": ("items", "minItems", "maxItems", "uniqueItems"),
    "object": (
        *("properties", "additionalProperties", "required", "minProperties", "maxProperties"),
        "discriminator",
    ),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""The keywords that say something about values of one type only."""
_NUMERIC = frozenset({"int32", "int64", "float", "double"})
_ORDERED = (
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)
_COMBINED = ("allOf", "anyOf", "oneOf")


def senseless_schemas(tree: Tree) -> Iterator[Violation]:
    """Find keywords that no value keeps, that no value is asked of, and those that lack another."""
    objects = tree.objects
    for schema in objects.of("Schema"):
        if not schema.is_reference:
            yield from _keywords(schema)
            yield from _bounds(schema)


def _keywords(schema: Object) -> Iterator[Violation]:
    node = schema.node
    kind = node.get("type")
    kind = "number" if kind == "integer" else kind
    if kind in _OF_TYPES:
        for other, keywords in _OF_TYPES.items():
            for name in keywords if other != kind else ():
                if name in node and not (kind == "string" and name == "properties"):
                    evidence = f"{name} says nothing about a value of type {node['type']}"
                    yield _violation(schema, name, evidence, "correct the type, or remove it")
    form = node.get("format")
    if kind != "string" and "type" in node and form in FORMATS - _NUMERIC:
        evidence = f"format {form} says nothing about a value of type {node['type']}"
        yield _violation(schema, "format", evidence, "correct the type, or remove it")
    if kind == "array" and "items" not in node:
        evidence = "type is array, and items does not say what it lists"
        yield _violation(schema, "type", evidence, "write items; items: {} allows everything")
    if node.get("nullable") is True and "type" not in node and not _is_combined(schema):
        evidence = "nullable says nothing without type: null is allowed already"
        yield _violation(schema, "nullable", evidence, "write the type, or remove nullable")
    if node.get("readOnly") is True and node.get("writeOnly") is True:
        evidence = "readOnly and writeOnly exclude each other"
        yield _violation(schema, "writeOnly", evidence, "remove one of the two")


def _is_combined(schema: Object) -> bool:
    return any(name in schema.node for name in (*_COMBINED, "x-sample"))


def _bounds(schema: Object) -> Iterator[Violation]:
    node = schema.node
    for least, most in _ORDERED:
        low, high = node.get(least), node.get(most)
        if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
            evidence = f"{least} {low} is more than {most} {high}, so that no value keeps both"
            yield _violation(schema, least, evidence, "correct one of the two")
    for exclusive in ("exclusiveMinimum", "exclusiveMaximum"):
        bound = exclusive.removeprefix("exclusive").lower()
        if exclusive in node and bound not in node:
            evidence = f"{exclusive} says nothing without {bound}"
            yield _violation(schema, exclusive, evidence, f"write {bound}")


def _violation(schema: Object, name: str, evidence: str, remedy: str) -> Violation:
    return Violation(
        operation=schema.operation,
        subject=f"{schema.name}/{name}",
        evidence=evidence,
        places=(schema.node.at(name),),
        remedy=remedy,
        lines=lines_of(schema.node),
    )


RULES = (
    ObjectRule(
        name="senseless-schema",
        title="schema 自相矛盾",
        find=senseless_schemas,
        english="The keywords of a schema fit its type, and some value keeps all of them.",
        chinese="schema 的关键字与其类型相符，并且互不矛盾。",
        source="OpenAPI 3.0.3, Schema Object; JSON Schema Wright draft 00, §5",
        level=Level.TABLE,
        after=("invalid-openapi", *DIFFERENCES),
        broken="msg: {x-sample: {type: string}, type: integer, maxLength: 3}",
        right="msg: {x-sample: {type: string}}",
    ),
)
