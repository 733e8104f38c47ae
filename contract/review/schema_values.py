"""The values that a spec writes down: choices, defaults and examples keep the schema beside them.

The examples of bodies and parameters are compared in `examples.py`, where the document is at hand;
here are those of schemas, headers and of every other answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from contract.findings import Level, Place
from contract.review.examples import DIFFERENCES, is_json
from contract.review.item_places import item_place
from contract.review.openapi_objects import Object, Objects, inner, meant
from contract.review.review_rule import ObjectRule, Tree, Violation, lines_of
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.references import InvalidSpec
from contract.spec.vocabulary import Meaningless, json_type, shown, validator
from contract.spec.yaml_text import Located

_LONGEST = 120
_LACKED = re.compile(r'"([^"]+)" is a required property')
_BITS = {"int32": 32, "int64": 64}
"""How many bits a number of a format has, its sign among them."""
_SENSE = ("unknown-word", "senseless-schema")
_NESTED = frozenset({"array", "object"})
_TYPES = frozenset({"array", "boolean", "integer", "number", "object", "string"})


def foreign_choices(tree: Tree) -> Iterator[Violation]:
    """Find the choices of an `enum` that its type does not allow, or that stand twice."""
    objects = tree.objects
    for schema in objects.of("Schema"):
        node, choices = schema.node, schema.node.get("enum")
        if schema.is_reference or not isinstance(choices, list):
            continue
        if not choices:
            evidence = "enum lists nothing, so that no value keeps it"
            remedy = "list the values, or remove enum"
            yield _violation(schema, "enum", evidence, node.at("enum"), remedy)
            continue
        told: set[tuple[str, object]] = set()
        for number, value in enumerate(choices):
            problem, remedy = _foreign(node, value)
            kind = json_type(value)
            plain = json.dumps(value, sort_keys=True) if kind in _NESTED else value
            key = ("number" if kind == "integer" else kind, plain)
            if not problem and key in told:
                problem, remedy = f"{shown(value)} stands twice in enum", "remove one of the two"
            told.add(key)
            if problem:
                place = item_place(node, "enum", number)
                yield _violation(schema, "enum", problem, place, remedy)


def _foreign(node: Located, value: object) -> tuple[str, str]:
    """Say why a type does not allow a value, and what to do; two empty texts if it does."""
    kind, came = node.get("type"), json_type(value)
    if not isinstance(kind, str) or kind not in _TYPES:
        return "", ""
    if value is None:
        allowed = node.get("nullable") is True
        return ("", "") if allowed else ("null stands in enum, and nullable does not", _NULLABLE)
    fits = came == kind or (kind == "number" and came == "integer")
    fits = fits or (kind == "integer" and isinstance(value, float) and value.is_integer())
    quoted = kind == "string" and came in {"integer", "number", "boolean"}
    remedy = f'quote it, as in "{_written(value)}"' if quoted else "correct the value, or the type"
    return ("", "") if fits else (f"{shown(value)} is of type {came}, and type is {kind}", remedy)


_NULLABLE = "write nullable: true, or remove null"


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def foreign_defaults(tree: Tree) -> Iterator[Violation]:
    """Find the defaults that break their own schemas."""
    objects = tree.objects
    for schema in objects.of("Schema"):
        nothing = schema.node.get("enum") == []  # told already
        if "default" in schema.node and not schema.is_reference and not nothing:
            value, place = schema.node["default"], schema.node.at("default")
            yield from _broken(schema, schema.node, "default", value, place, tree)
            bits = _BITS.get(str(schema.node.get("format")))
            if bits and isinstance(value, int) and value.bit_length() >= bits:
                evidence = f"{shown(value)} is no {schema.node['format']}"
                yield _violation(schema, "default", evidence, place, "choose a smaller number")


def foreign_examples(tree: Tree) -> Iterator[Violation]:
    """Find the examples of schemas, headers and bodies that break their schemas."""
    objects = tree.objects
    judged = {
        *(each.schema.place for one in tree.operations for each in _members_of(one)),
        *(each.node.place for one in tree.operations for each in one.parameters),
    }
    values = {id(value) for one in tree.operations for value in _examples_of(one)}
    for schema in objects.of("Schema"):
        if "example" in schema.node and not schema.is_reference and schema.node.place not in judged:
            value, place = schema.node["example"], schema.node.at("example")
            yield from _broken(schema, schema.node, "example", value, place, tree)
    for owner in objects.of("Header", "MediaType", "Parameter"):
        described = None if owner.is_reference else owner.node.get("schema")
        shows = owner.kind != "MediaType" or is_json(owner.name)
        if isinstance(described, Located) and shows and owner.node.place not in judged:
            for name, value, place in _shown(objects, owner):
                if id(value) in values:
                    continue
                yield from _broken(owner, described, name, value, place, tree)


def _members_of(operation: Operation) -> tuple[Member, ...]:
    """Give the members whose examples are compared beside the document."""
    return (*operation.members, *(operation.body.members if operation.body else ()))


def _examples_of(operation: Operation) -> Iterator[object]:
    """Give the examples that are compared beside the document."""
    yield from operation.examples.values()
    yield from operation.body.examples.values() if operation.body else ()


def _shown(objects: Objects, owner: Object) -> Iterator[tuple[str, object, Place]]:
    if "example" in owner.node:
        yield "example", owner.node["example"], owner.node.at("example")
    for each in inner(owner):
        node = meant(objects, each) if each.kind == "Example" else None
        if node is not None and "value" in node:
            yield each.name, node["value"], node.at("value")


def _broken(  # noqa: PLR0913, PLR0917 - what is shown, and what it is to keep
    of: Object,
    schema: Located,
    name: str,
    value: object,
    place: Place,
    tree: Tree,
) -> Iterator[Violation]:
    """Find what a value breaks in a schema; what cannot be followed is told elsewhere."""
    try:
        errors = list(validator(tree.references.inlined(schema)).iter_errors(value))
    except (InvalidSpec, Meaningless, RecursionError, ValueError):
        return
    for error in errors[:1]:
        steps = list(error.instance_path)
        where = "".join(f"{step}: " for step in steps[-1:])
        message = error.message
        message = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
        at = _inside(value, steps) or place
        remedy = "correct it, or let the schema allow it"
        found = _violation(of, name, f"{where}{message}", at, remedy)
        yield replace(found, about=frozenset({found.subject, *_LACKED.findall(error.message)}))


def _inside(value: object, steps: list[str | int]) -> Place | None:
    """Find the place of a member that a value writes in the YAML."""
    holder, key, rest = None, "", list[str | int]()
    for number, step in enumerate(steps):
        if isinstance(value, Located) and step in value:
            holder, key, rest = value, str(step), steps[number + 1 :]
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
    return item_place(holder, key, *rest) if holder is not None else None


def _violation(of: Object, name: str, evidence: str, place: Place, remedy: str) -> Violation:
    subject = of.name if name in {"enum", "default", "example"} else name
    return Violation(
        operation=of.operation,
        subject=subject,
        evidence=evidence,
        places=(place,),
        remedy=remedy,
        lines=lines_of(of.node),
    )


_SOURCES: Mapping[str, str] = {
    "enum": "OpenAPI 3.0.3, Schema Object: enum, type, nullable",
    "default": "OpenAPI 3.0.3, Schema Object: default",
    "example": "OpenAPI 3.0.3, Schema Object: example; Media Type Object: examples",
}

RULES = (
    ObjectRule(
        name="enum-breaks-type",
        title="enum 的值类型有误",
        find=foreign_choices,
        english="Every value of enum is of the schema's type, and stands there once.",
        chinese="enum 的每个值都符合 schema 的类型，且不重复。",
        source=_SOURCES["enum"],
        level=Level.TABLE,
        after=("invalid-openapi", *DIFFERENCES, "example-breaks-schema", *_SENSE),
        broken="msg: {x-sample: {type: string}, type: string, enum: [成功, 0]}",
        right="msg: {x-sample: {type: string}}",
    ),
    ObjectRule(
        name="default-breaks-schema",
        title="default 不符合 schema",
        find=foreign_defaults,
        english="Every default keeps its schema.",
        chinese="default 符合其 schema。",
        source=_SOURCES["default"],
        level=Level.TABLE,
        after=("invalid-openapi", *DIFFERENCES, "example-breaks-schema", *_SENSE),
        broken="msg: {x-sample: {type: string}, type: string, default: 0}",
        right="msg: {x-sample: {type: string}}",
    ),
    ObjectRule(
        name="shown-value-breaks-schema",
        title="示例不符合 schema",
        find=foreign_examples,
        english="Every example of a schema, a header or any answer keeps its schema.",
        chinese="schema、响应头及任何应答的示例都符合其 schema。",
        source=_SOURCES["example"],
        level=Level.TABLE,
        after=("invalid-openapi", *DIFFERENCES, "example-breaks-schema", *_SENSE),
        broken="description: 应答报文\n"
        "          headers: {x-a: {schema: {type: integer}, example: a}}",
        right="description: 应答报文",
    ),
)
