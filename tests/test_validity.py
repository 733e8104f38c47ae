"""What `check` tells of a spec beside openapi-spec-validator: what that refuses has a finding."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

from contract.review import review
from contract.spec.default import SPEC
from contract.spec.yaml_text import Located, UnreadableYaml, parse
from tests.loopback import ROOT

ADMIN = ROOT / "mock_server" / "admin.yaml"
SPECS = (SPEC, ADMIN)
OTHERWISE = {"document-missing", "document-without-operation", "unused-component"}
"""The findings that have nothing to do with whether a spec is OpenAPI."""

SOUND = """
openapi: 3.0.3
info: {title: T, version: "1"}
tags: [{name: t}, {name: u}]
paths:
  /a/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, pattern: "^a$"}}
    get:
      operationId: a
      parameters:
        - {name: size, in: query, schema: {type: integer, format: int32, default: 5, maximum: 9}}
      responses:
        "200":
          description: d
          content:
            application/json:
              schema: {$ref: "#/components/schemas/whole"}
  /b:
    get:
      operationId: b
      responses: {"200": {description: d, content: {application/json: {schema: {}}}}}
components:
  schemas:
    part: {type: object, properties: {x: {type: number, minimum: 0, exclusiveMinimum: true}}}
    whole:
      required: [x, y]
      allOf: [{$ref: "#/components/schemas/part"}]
      properties: {y: {type: string, enum: [a, b], default: null, nullable: true}}
"""


def is_valid(text: str) -> bool:
    root = parse(text.encode(), "a.yaml")
    assert isinstance(root, Located)
    try:
        return not list(OpenAPIV30SpecValidator(dict(root)).iter_errors())
    except Exception:  # noqa: BLE001 - it trips over what it is to validate
        return False


def told(text: str, folder: Path) -> set[str]:
    path = folder / "openapi.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        return {each.claim for each in review(path)} - OTHERWISE
    except UnreadableYaml:
        return {"unreadable-yaml"}


def test_a_spec_that_uses_every_rule_has_no_finding(tmp_path: Path) -> None:
    assert (told(SOUND, tmp_path), is_valid(SOUND)) == (set(), True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("info: .*\n", ""),
        ("get:", "got:"),
        ("name: u", "name: t"),
        ("operationId: b", "operationId: a"),
        ("/b:", "/b/{id}:"),
        ("/b:", "/b{:"),
        ("/b:", "/b/{id!r}:"),
        ("/{id}", ""),
        ("name: size, in: query", "name: other, in: path, required: true"),
        (r"(      - \{name: id.*\n)", r"\1\1"),
        (r'"\^a\$"', '"("'),
        ("default: 5", "default: 10"),
        ("default: 5", "default: [5]"),
        ("default: 5", "default: x"),
        ("default: 5", f"default: {2**40}"),
        ("minimum: 0, ", ""),
        (r"enum: \[a, b\]", "enum: [1, 1.0]"),
        (r"enum: \[a, b\]", "enum: [[], []]"),
        (r"enum: \[a, b\]", "enum: []"),
        (r"\[x, y\]", "[x, y, z]"),
        (r"\[x, y\]", "x"),
        ("type: number", "type: thing"),
        ("nullable: true", "nullable: false"),
        (r"\$ref: .#/components/schemas/part.", '$ref: "#/x-part/part"'),
        ("  schemas:\n", "  schemas:\n    x-n: {allOf: [{}], required: [z]}\n"),
        (
            r"properties: \{y: \{",
            "properties: {y: {properties: {x-a: {default: 1, type: string}}, ",
        ),
    ],
)
def test_a_spec_that_breaks_a_rule_is_told(old: str, new: str, tmp_path: Path) -> None:
    text, count = re.subn(old, new, SOUND, count=1)

    assert count == 1
    assert told(f"{text}x-part: {{part: {{required: 1}}}}\n", tmp_path)


def mutant(root: object, chance: random.Random) -> object:
    """Give a tree in which one value is removed, repeated, renamed, or made something else."""
    if isinstance(root, dict) and root and chance.random() < 0.9:
        name = chance.choice(list(root))
        if chance.random() < 0.2:
            changed = {key: value for key, value in root.items() if key != name}
            if chance.random() < 0.5:
                changed[chance.choice(["default", "required", "x-a", "{a}", "enum"])] = root[name]
            return changed
        return {**root, name: mutant(root[name], chance)}
    if isinstance(root, list) and root and chance.random() < 0.8:
        at = chance.randrange(len(root))
        return [*root[:at], mutant(root[at], chance), *root[at:]]
    return chance.choice(
        ["x", "(", 1, -1, True, None, [], {}, ["a", "a"], {"$ref": "#/info"}, root]
    )


def test_whatever_the_validator_refuses_is_told(tmp_path: Path) -> None:
    chance = random.Random(1)
    sources = [yaml.safe_load(SOUND), *(yaml.safe_load(path.read_bytes()) for path in SPECS)]
    refused, hidden = 0, []
    for _ in range(120):
        text = yaml.safe_dump(mutant(chance.choice(sources), chance), allow_unicode=True)
        if isinstance(parse(text.encode(), "a.yaml"), Located) and not is_valid(text):
            refused += 1
            hidden += [text] if not told(text, tmp_path) else []

    assert hidden == []
    assert refused > 30


HOLDERS = {
    "a component": ("  schemas:\n", "  schemas:\n    x-n: {}\n"),
    "a property": ("properties: {y: ", "properties: {z: {}, y: "),
    "a part of allOf": ("allOf: [", "allOf: [{}, "),
    "a part of anyOf": ("    whole:\n", "    whole:\n      anyOf: [{}]\n"),
    "a part of oneOf": ("    whole:\n", "    whole:\n      oneOf: [{}]\n"),
    "what it is not": ("    whole:\n", "    whole:\n      not: {}\n"),
    "the items of a list": ("    whole:\n", "    whole:\n      items: {}\n"),
    "other members": ("    whole:\n", "    whole:\n      additionalProperties: {}\n"),
    "a parameter of a path": ('schema: {type: string, pattern: "^a$"}', "schema: {}"),
    "a parameter of an operation": (
        "schema: {type: integer, format: int32, default: 5, maximum: 9}",
        "schema: {}",
    ),
    "an answer": ('schema: {$ref: "#/components/schemas/whole"}', "schema: {}"),
}
SOUND_SCHEMAS = (
    *("{type: string}", "{type: array, items: {}}", "{required: [a]}", "{enum: [a, null, 1, 2.5]}"),
    *("{maximum: 1, exclusiveMaximum: true}", "{minimum: 1, exclusiveMinimum: false}", "{}"),
    *("{pattern: a+}", "{nullable: true, default: null}", "{default: 1, format: int32}"),
    *("{enum: [a], default: a}", "{type: integer, default: 2147483647, format: int32}"),
    *("{required: [a], properties: {a: {}}, allOf: [{}]}", "{type: string, default: x}"),
    *("{required: [a], allOf: [{properties: {a: {}}}]}", "{minimum: 1, maximum: 2, default: 2}"),
    *("{type: string, enum: [a, b], pattern: a, required: [x]}", "{enum: [1, '1']}"),
)
UNSOUND_SCHEMAS = (
    *("{type: 'null'}", "{exclusiveMaximum: true}", "{exclusiveMinimum: false, maximum: 1}"),
    *("{enum: [1, 1.0]}", "{enum: [a, a]}", "{enum: [null, null]}", "{enum: []}", "{pattern: ')'}"),
    *("{pattern: 'a{99999999999}'}", "{enum: [{a: 1}]}", "{type: string, default: 1}"),
    "{default: null, nullable: false, type: string}",
    *("{type: string, nullable: true, default: 1}", "{enum: [a], default: b}"),
    *("{default: 2147483648, format: int32}", "{default: x, format: date}"),
    *(f"{{default: 1, {part}: [{{type: string}}]}}" for part in ("allOf", "anyOf", "oneOf")),
    *("{default: 1, not: {type: integer}}", "{default: [1], type: array, items: {type: string}}"),
    *("{default: {a: 1}, properties: {a: {type: string}}}", "{default: 1, pattern: '(?<a>b)'}"),
    *("{required: [a], allOf: [{}]}", "{required: [a, b], allOf: [{properties: {a: {}}}]}"),
    *("{enum: [1, 1.0], pattern: a}", "{enum: [1], pattern: '('}", "{required: [1, a]}"),
    *("{exclusiveMinimum: true, minimum: 1, exclusiveMaximum: true}",),
)


def with_schema(holder: str, schema: str) -> str:
    old, new = HOLDERS[holder]
    assert SOUND.count(old) == 1
    return SOUND.replace(old, new.replace("{}", schema, 1))


@pytest.mark.parametrize("schema", SOUND_SCHEMAS)
def test_a_schema_that_keeps_every_rule_is_not_told(schema: str, tmp_path: Path) -> None:
    text = with_schema("a component", schema)

    assert is_valid(text)
    assert told(text, tmp_path) <= {"senseless-schema", "unknown-word"}


@pytest.mark.parametrize("schema", UNSOUND_SCHEMAS)
def test_a_schema_that_breaks_a_rule_is_told(schema: str, tmp_path: Path) -> None:
    text = with_schema("a component", schema)

    assert is_valid(text) or told(text, tmp_path)


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_schema_is_asked_wherever_it_stands(holder: str, tmp_path: Path) -> None:
    texts = [with_schema(holder, text) for text in ("{minimum: 1}", "{exclusiveMinimum: true}")]

    assert [bool(told(text, tmp_path)) for text in texts] == [False, True]
