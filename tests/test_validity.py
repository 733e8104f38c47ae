"""`surely_valid` beside openapi-spec-validator: what passes here has no error there."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator

from contract.spec import validity
from contract.spec.default import SPEC
from contract.spec.references import InvalidSpec, References, tree
from contract.spec.validity import surely_valid
from contract.spec.yaml_text import Located, parse
from tests.conftest import PLATFORM
from tests.loopback import ROOT

ADMIN = ROOT / "mock_server" / "admin.yaml"
SPECS = (SPEC, PLATFORM, ADMIN)

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
      responses: {"204": {description: d}}
components:
  schemas:
    part: {type: object, properties: {x: {type: number, minimum: 0, exclusiveMinimum: true}}}
    whole:
      required: [x, y]
      allOf: [{$ref: "#/components/schemas/part"}]
      properties: {y: {enum: [a, 1], default: null, nullable: true}}
"""


def read(text: str) -> Located:
    root = parse(text.encode(), "a.yaml")
    assert isinstance(root, Located)
    return root


def is_valid(root: Located) -> bool:
    try:
        return not list(OpenAPIV30SpecValidator(dict(root)).iter_errors())
    except Exception:  # noqa: BLE001 - it trips over what it is to validate
        return False


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_valid_spec_passes_without_the_slow_validator(path: Path) -> None:
    root = tree(path)

    assert surely_valid(root, References(root))


def test_a_spec_that_uses_every_rule_passes() -> None:
    root = read(SOUND)

    assert surely_valid(root, References(root))
    assert is_valid(root)


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
        (r"enum: \[a, 1\]", "enum: [1, 1.0]"),
        (r"enum: \[a, 1\]", "enum: [[], []]"),
        (r"enum: \[a, 1\]", "enum: []"),
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
def test_a_spec_that_breaks_a_rule_does_not_pass(old: str, new: str) -> None:
    text, count = re.subn(old, new, SOUND, count=1)
    root = read(f"{text}x-part: {{part: {{required: 1}}}}\n")

    assert count == 1
    assert not surely_valid(root, References(root))


def mutant(root: object, chance: random.Random) -> object:
    """Give a tree in which one value is removed, repeated, renamed, or made something else."""
    if isinstance(root, dict) and root and chance.random() < 0.9:
        name = chance.choice(list(root))
        if chance.random() < 0.2:
            changed = {key: value for key, value in root.items() if key != name}
            if chance.random() < 0.5:
                changed[chance.choice(["default", "required", "a", "{a}", "enum"])] = root[name]
            return changed
        return {**root, name: mutant(root[name], chance)}
    if isinstance(root, list) and root and chance.random() < 0.8:
        at = chance.randrange(len(root))
        return [*root[:at], mutant(root[at], chance), *root[at:]]
    return chance.choice(
        ["x", "(", 1, -1, True, None, [], {}, ["a", "a"], {"$ref": "#/info"}, root]
    )


def test_whatever_passes_has_no_error_there() -> None:
    chance = random.Random(1)
    sources = [yaml.safe_load(SOUND), *(yaml.safe_load(path.read_bytes()) for path in SPECS)]
    passed, hidden = 0, []
    for _ in range(400):
        text = yaml.safe_dump(mutant(chance.choice(sources), chance), allow_unicode=True)
        root = parse(text.encode(), "a.yaml")
        if isinstance(root, Located):
            try:
                passes = surely_valid(root, References(root))
            except InvalidSpec:
                continue
            passed += passes
            if passes and not is_valid(root):
                hidden.append(text)

    assert hidden == []
    assert passed > 30


def test_without_the_schema_nothing_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    validity._openapi_schema.cache_clear()  # noqa: SLF001 - what the next call is to look for again
    monkeypatch.setattr(validity, "find_spec", lambda _: None)
    root = read(SOUND)

    passes = surely_valid(root, References(root))
    validity._openapi_schema.cache_clear()  # noqa: SLF001 - likewise

    assert not passes


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


def with_schema(holder: str, schema: str) -> Located:
    old, new = HOLDERS[holder]
    assert SOUND.count(old) == 1
    return read(SOUND.replace(old, new.replace("{}", schema, 1)))


@pytest.mark.parametrize("schema", SOUND_SCHEMAS)
def test_a_schema_that_keeps_every_rule_passes(schema: str) -> None:
    root = with_schema("a component", schema)

    assert (surely_valid(root, References(root)), is_valid(root)) == (True, True)


@pytest.mark.parametrize("schema", UNSOUND_SCHEMAS)
def test_a_schema_that_may_break_a_rule_does_not_pass(schema: str) -> None:
    root = with_schema("a component", schema)

    assert surely_valid(root, References(root)) is False


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_schema_is_asked_wherever_it_stands(holder: str) -> None:
    exclusive = "{exclusiveMinimum: true}"  # which only JSON Schema refuses
    roots = (with_schema(holder, text) for text in ("{minimum: 1}", exclusive))

    found = [surely_valid(root, References(root)) for root in roots]

    assert found == [True, False]


def test_parameters_of_a_path_stand_there_once() -> None:
    shared = '- {name: id, in: path, required: true, schema: {type: string, pattern: "^a$"}}\n'
    root = read(SOUND.replace(shared, shared + "      " + shared))

    assert surely_valid(root, References(root)) is False


def test_operations_may_lack_an_id_and_have_parameters_of_one_name_in_two_places() -> None:
    text = SOUND.replace("      operationId: a\n", "").replace("      operationId: b\n", "")
    root = read(text.replace("name: size, in: query", "name: id, in: query"))

    assert (surely_valid(root, References(root)), is_valid(root)) == (True, True)


@pytest.mark.parametrize(
    "part",
    [
        *("{type: thing}", "{enum: []}", "{enum: 1}", "{required: 1}", "{required: [1]}"),
        *("{required: [a, 1]}", "{pattern: 1}"),
    ],
)
def test_what_only_a_reference_makes_a_schema_is_asked_too(part: str) -> None:
    parts = (
        f"  x-parts: {{part: {part}}}\n  schemas:\n    x: {{$ref: '#/components/x-parts/part'}}\n"
    )
    root = read(SOUND.replace("  schemas:\n", parts))

    assert surely_valid(root, References(root)) is False


@pytest.mark.parametrize(
    "schema",
    [
        *(f"{{default: 1, {part}: [{{}}]}}" for part in ("allOf", "anyOf", "oneOf")),
        *("{default: 1, not: {type: string}}", "{default: 1, properties: {}}"),
        *("{default: [1], type: array, items: {}}", "{default: 2022-01-01, format: date}"),
    ],
)
def test_a_default_that_is_not_simple_is_left_to_the_slow_validator(schema: str) -> None:
    root = with_schema("a component", schema)

    assert surely_valid(root, References(root)) is False
