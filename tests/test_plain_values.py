"""Schema → the plainest value: it keeps every keyword, is the same every time, and ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.findings import Place
from contract.spec.loading import interpret
from contract.spec.plain_values import NoValue, plain_value
from contract.spec.references import mapping
from contract.spec.vocabulary import validator
from contract.spec.yaml_text import parse

TEXT: dict[str, object] = {"type": "string"}
ODD: dict[str, object] = {"type": "integer", "multipleOf": 3}
SHOWN: dict[str, tuple[dict[str, object], object]] = {
    "a word": (TEXT, "text"),
    "a number": ({"type": "integer"}, 1),
    "an example": ({**TEXT, "example": "shown"}, "shown"),
    "no example that breaks the schema": ({"type": "integer", "example": "x"}, 1),
    "a default": ({**TEXT, "default": "usual"}, "usual"),
    "the first of an enum": ({"enum": ["b", "a"]}, "b"),
    "the step above an exclusive bound": (
        {"type": "integer", "minimum": 7, "exclusiveMinimum": True, "multipleOf": 7},
        14,
    ),
    "between two exclusive bounds": (
        {
            "type": "number",
            "minimum": 0,
            "exclusiveMinimum": True,
            "maximum": 1,
            "exclusiveMaximum": True,
        },
        0.5,
    ),
    "a mobile number": ({**TEXT, "pattern": r"^1[3-9]\d{9}$"}, "13000000000"),
    "a password": ({**TEXT, "pattern": r"^(?=.*[A-Z])(?=.*\d).{8,}$"}, "Text-1234"),
    "a Chinese pattern": ({**TEXT, "pattern": "^[京沪][A-Z]$"}, "京A"),
    "a length and a pattern": ({**TEXT, "minLength": 6, "pattern": "^[0-9]+$"}, "111111"),
    "as many items as must be": (
        {"type": "array", "minItems": 2, "items": TEXT},
        ["text", "text1"],
    ),
    "different items of an enum": (
        {"type": "array", "minItems": 2, "uniqueItems": True, "items": {"enum": [4, 5]}},
        [4, 5],
    ),
    "one item where none must be": ({"type": "array", "items": TEXT}, ["text"]),
    "none where none may be": ({"type": "array", "maxItems": 0, "items": TEXT}, []),
    "members of other names": (
        {"type": "object", "minProperties": 2, "additionalProperties": {"type": "integer"}},
        {"key1": 1, "key2": 2},
    ),
    "no more members than may be": (
        {"type": "object", "properties": {"a": TEXT, "b": TEXT}, "maxProperties": 1},
        {"a": "text"},
    ),
    "a required member that is not described": (
        {"type": "object", "required": ["a"]},
        {"a": "text"},
    ),
    "what all parts ask for": (
        {"allOf": [{**TEXT, "minLength": 2}, {"maxLength": 2}, {"pattern": "^t"}]},
        "te",
    ),
    "exactly one of two": (
        {"oneOf": [ODD, {"type": "integer", "multipleOf": 5}], "minimum": 15},
        18,
    ),
    "what several alternatives hold in common, many times": (
        {
            "type": "array",
            "minItems": 4,
            "uniqueItems": True,
            "items": {"oneOf": [{**TEXT, "pattern": "^1[0-9]$"}, TEXT]},
        },
        ["text", "text1", "text2", "text3"],
    ),
    "one of two demands": (
        {
            "type": "object",
            "properties": {"a": TEXT, "b": TEXT},
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        },
        {"a": "text"},
    ),
    "a class of Unicode": ({**TEXT, "pattern": r"^\p{Han}{2}\p{Lu}$"}, "一一A"),
    "no class of Unicode": ({**TEXT, "pattern": r"^\P{L}{2}$"}, "00"),
    "a hyphen beside a set": ({**TEXT, "pattern": r"^[\w-.]+@\d{2}$"}, "a@00"),
    "the number of a named group": ({**TEXT, "pattern": r"^(?<y>\d)-\k<y>$"}, "0-0"),
    "what stands ahead": ({**TEXT, "pattern": r"^\d+(?=px)px$"}, "0px"),
    "more repetitions than a library makes": ({**TEXT, "pattern": "^a{120}$"}, "a" * 120),
    "two repetitions that share a length": (
        {**TEXT, "pattern": "^[a-z]+-[0-9]+$", "minLength": 9, "maxLength": 10},
        "aaaa-0000",
    ),
    "a format and a pattern": (
        {**TEXT, "format": "date-time", "pattern": r"\+08:00$"},
        "2026-01-01T08:00:00+08:00",
    ),
    "a format and a part of it": (
        {**TEXT, "format": "email", "pattern": r"@163\.com$"},
        "n@163.com",
    ),
    "a format and a length": ({**TEXT, "format": "email", "maxLength": 8}, "n@e.cn"),
    "a coded text of a length": ({**TEXT, "format": "byte", "minLength": 9}, "dHR0dHR0ZXh0"),
    "a digit for a long number in a text": ({**TEXT, "format": "int64"}, "1"),
    "between two near bounds": (
        {
            "type": "number",
            "minimum": 0,
            "exclusiveMinimum": True,
            "maximum": 0.001,
            "exclusiveMaximum": True,
        },
        0.0005,
    ),
    "every step between two bounds": (
        {
            "type": "array",
            "minItems": 3,
            "uniqueItems": True,
            "items": {"type": "number", "multipleOf": 0.5, "minimum": 0, "maximum": 1},
        },
        [1.0, 0.5, 0.0],
    ),
    "null where no other item differs": (
        {
            "type": "array",
            "minItems": 3,
            "uniqueItems": True,
            "items": {"type": "boolean", "nullable": True},
        },
        [True, False, None],
    ),
    "what is not forbidden": ({**TEXT, "not": {"enum": ["text"]}}, "text1"),
    "a type by its keywords": ({"minimum": 4}, 4.0),
}
_PETS = """
openapi: 3.0.3
info: {title: x, version: "1"}
paths:
  /pet: {get: {operationId: pet, responses: {"200": {$ref: "#/components/responses/Pet"}}}}
  /bird: {get: {operationId: bird, responses: {"200": {$ref: "#/components/responses/Bird"}}}}
components:
  responses:
    Pet: {description: x, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
    Bird:
      description: x
      content: {application/json: {schema: {$ref: "#/components/schemas/Bird"}}}
  schemas:
    Pet:
      oneOf: [{$ref: "#/components/schemas/Cat"}, {$ref: "#/components/schemas/Bird"}]
      discriminator: {propertyName: kind, mapping: {kitty: "#/components/schemas/Cat"}}
    Cat:
      type: object
      required: [meows]
      properties: {kind: {type: string}, meows: {type: boolean}}
    Animal:
      {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind}}
    Bird:
      allOf:
        - $ref: "#/components/schemas/Animal"
        - {type: object, required: [wings], properties: {wings: {type: integer}}}
"""
FORMATS = ("date", "date-time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid", "image-base64")


@pytest.mark.parametrize("what", SHOWN)
def test_the_plainest_value_keeps_the_schema(what: str) -> None:
    schema, expected = SHOWN[what]

    value = plain_value(schema)

    assert value == expected
    assert validator(schema).is_valid(value)
    assert plain_value(dict(schema)) == value


@pytest.mark.parametrize("name", FORMATS)
def test_a_text_has_its_format(name: str) -> None:
    schema = {**TEXT, "format": name}

    assert validator(schema).is_valid(plain_value(schema))


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 5, "maximum": 4},
        {**TEXT, "enum": []},
        {"allOf": [TEXT, {"type": "integer"}]},
        {"type": "array", "minItems": 10_000, "items": TEXT},
        {**TEXT, "pattern": "^a$", "minLength": 2},
    ],
    ids=["bounds", "enum", "types", "items", "pattern"],
)
def test_a_schema_that_allows_nothing_has_no_value(schema: dict[str, object]) -> None:
    with pytest.raises(NoValue):
        plain_value(schema)


@pytest.mark.parametrize("name", ["date", "date-time", "duration", "ipv4", "ipv6", "uri", "time"])
def test_as_many_texts_of_a_format_as_are_asked_for_differ(name: str) -> None:
    schema = {"type": "array", "minItems": 300, "items": {**TEXT, "format": name}}

    value = plain_value({**schema, "uniqueItems": True})

    assert isinstance(value, list)
    assert len(set(value)) == 300


def test_a_look_ahead_is_kept_by_chance_and_by_the_same_one_every_time() -> None:
    schema = {**TEXT, "pattern": "^(?=.*[!@#])[A-Za-z!@#]{6}$"}

    value = plain_value(schema)

    assert validator(schema).is_valid(value)
    assert plain_value(dict(schema)) == value


def test_a_discriminator_names_the_schema_of_a_value() -> None:
    root = parse(_PETS.encode(), "pets.yaml")
    spec = interpret(Path("pets.yaml"), mapping(root, Place("pets.yaml", 1), "a spec"))

    values = {each.id: plain_value(each.schema) for each in spec.operations}

    assert values == {
        "pet": {"kind": "kitty", "meows": True},
        "bird": {"kind": "Bird", "wings": 1},
    }


def test_a_schema_that_requires_itself_has_no_value() -> None:
    schema: dict[str, object] = {"type": "object", "required": ["self"]}
    schema["properties"] = {"self": schema}

    with pytest.raises(NoValue, match="without an end"):
        plain_value(schema)


def test_a_value_is_as_deep_as_the_rows_that_are_read() -> None:
    schema: dict[str, object] = {**TEXT}
    for _ in range(64):  # the rows of a document that nest deeper are not read
        schema = {"type": "object", "required": ["a"], "properties": {"a": schema}}

    value = plain_value(schema)

    assert str(value).count("a") == 64


def test_members_that_double_at_every_level_cost_a_bounded_number_of_values() -> None:
    schema: dict[str, object] = {**TEXT}
    for _ in range(12):
        schema = {"type": "object", "properties": {"a": dict(schema), "b": dict(schema)}}

    value = plain_value(schema)

    assert isinstance(value, dict)


@pytest.mark.parametrize(
    ("without", "names"), [("writeOnly", ["a", "id"]), ("readOnly", ["a", "key"])]
)
def test_answers_lack_what_is_only_written_and_requests_what_is_only_read(
    without: str, names: list[str]
) -> None:
    properties = {
        "a": TEXT,
        "id": {**TEXT, "readOnly": True},
        "key": {**TEXT, "writeOnly": True},
    }

    value = plain_value({"type": "object", "properties": properties}, without=without)

    assert isinstance(value, dict)
    assert list(value) == names
