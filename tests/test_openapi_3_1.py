"""OpenAPI 3.1 is read as the 3.0 that means the same, and what has no such words is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from contract.changes import changes
from contract.review import review
from contract.spec.loading import load
from contract.spec.operations import Operation
from contract.spec.references import InvalidSpec
from contract.spec.spec_files import tree
from contract.spec.vocabulary import validator

HEAD = """openapi: 3.1.0
info: {title: T, summary: S, version: "1", license: {name: MIT, identifier: MIT}}
"""
OPERATION = """paths:
  /a:
    get:
      operationId: a
      responses:
        "200":
          description: d
          content:
            application/json:
              schema:
"""


def spec_of(folder: Path, schema: str, more: str = "") -> Path:
    path = folder / "openapi.yaml"
    path.write_text(f"{HEAD}{OPERATION}                {schema}\n{more}", encoding="utf-8")
    return path


def operation_of(folder: Path, schema: str, more: str = "") -> Operation:
    (operation,) = load(spec_of(folder, schema, more)).operations
    return operation


@pytest.mark.parametrize(
    ("schema", "meaning", "right", "wrong"),
    [
        ("{type: [string, 'null']}", "{type: string, nullable: true}", None, 1),
        ("{type: [string]}", "{type: string}", "a", None),
        ("{type: 'null'}", "{enum: [null]}", None, 0),
        ("{const: a}", "{enum: [a]}", "a", "b"),
        ("{const: null}", "{enum: [null]}", None, "null"),
        ("{exclusiveMinimum: 1}", "{exclusiveMinimum: true, minimum: 1}", 1.5, 1),
        ("{exclusiveMaximum: 1}", "{exclusiveMaximum: true, maximum: 1}", 0, 1),
        (
            "{minimum: 1, exclusiveMinimum: 1}",
            "{minimum: 1, exclusiveMinimum: true}",
            1.5,
            1,
        ),
        ("{minimum: 2, exclusiveMinimum: 1}", "{minimum: 2}", 2, 1.5),
        ("{maximum: 0, exclusiveMaximum: 1}", "{maximum: 0}", 0, 0.5),
        ("{type: string, examples: [a, b]}", "{type: string, example: a}", "c", 1),
        (
            "{type: string, contentEncoding: base64, contentMediaType: image/png}",
            "{type: string, format: byte}",
            "YQ==",
            1,
        ),
        (
            "{contentMediaType: application/octet-stream}",
            "{format: binary, type: string}",
            "a",
            1,
        ),
        (
            "{type: string, contentMediaType: application/json}",
            "{type: string}",
            "{}",
            {},
        ),
        (
            "{type: object, properties: {a: true, b: false}}",
            "{type: object, properties: {a: {}, b: {not: {}}}}",
            {"a": 1},
            {"b": 1},
        ),
        ("{type: array, items: false}", "{type: array, items: {not: {}}}", [], [1]),
        ("{type: object, additionalProperties: false}", None, {}, {"a": 1}),
        ("{type: string, $comment: c, $id: 'x:y', $defs: {a: {}}}", "{type: string}", "a", 1),
    ],
)
def test_a_schema_is_read_as_the_one_of_3_0_that_means_the_same(
    schema: str, meaning: str | None, right: object, wrong: object, tmp_path: Path
) -> None:
    operation = operation_of(tmp_path, schema)

    judge = validator(operation.schema)
    assert operation.schema == yaml.safe_load(meaning or schema)
    assert (judge.is_valid(right), judge.is_valid(wrong)) == (True, False)


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ("{properties: {a: {type: [string, integer, 'null']}}}", {"a": None}, {"a": []}),
        (
            "{properties: {a: {type: [string, integer], anyOf: [{minLength: 2}, {minimum: 2}]}}}",
            {"a": "bc"},
            {"a": True},
        ),
        (
            "{properties: {a: {$ref: '#/components/schemas/N', maxLength: 2, description: d}}}",
            {"a": "bc"},
            {"a": "bcd"},
        ),
        (
            "{properties: {a: {$ref: '#/components/schemas/N', allOf: [{maxLength: 2}]}}}",
            {"a": "bc"},
            {"a": "bcd"},
        ),
        (
            "{properties: {a: {anyOf: [{$ref: '#/components/schemas/N'}, {type: 'null'}]}}}",
            {"a": None},
            {"a": 1},
        ),
        (
            "{properties: {a: {$ref: '#/components/schemas/O/$defs/I'}}}",
            {"a": {"up": {"up": {}}}},
            {"a": {"up": {"up": 1}}},
        ),
    ],
)
def test_alternatives_siblings_and_definitions_keep_their_meaning(
    schema: str, right: object, wrong: object, tmp_path: Path
) -> None:
    more = (
        "components:\n  schemas:\n    N: {type: string}\n    O:\n      $defs:\n"
        "        I: {type: object, properties: {up: {$ref: '#/components/schemas/O/$defs/I'}}}\n"
    )

    judge = validator(operation_of(tmp_path, schema, more).schema)

    assert (judge.is_valid(right), judge.is_valid(wrong)) == (True, False)
    assert "invalid-openapi" not in {each.claim for each in review(tmp_path / "openapi.yaml")}


def test_a_part_keeps_its_place(tmp_path: Path) -> None:
    operation = operation_of(
        tmp_path, "type: object\n                properties:\n                  a:\n"
        "                    const: x\n                    type: [string, 'null']"
    )  # fmt: skip

    (_, member) = operation.members
    assert {(each.keyword, each.place.line) for each in member.promises} == {
        ("enum", 16),
        ("type", 17),
    }


@pytest.mark.parametrize(
    "keyword",
    [
        "prefixItems: [{type: string}]",
        "patternProperties: {^a: {}}",
        "propertyNames: {maxLength: 2}",
        "contains: {type: string}",
        "if: {required: [a]}",
        "dependentRequired: {a: [b]}",
        "dependentSchemas: {a: {required: [b]}}",
        "unevaluatedProperties: false",
        "$dynamicRef: '#a'",
    ],
)
def test_what_3_0_has_no_words_for_is_told_for_its_operation_only(
    keyword: str, tmp_path: Path
) -> None:
    more = "  /b:\n    get: {operationId: b}\n"
    path = spec_of(tmp_path, f"{{properties: {{p: {{{keyword}}}}}}}", more)

    spec = load(path)

    (unread,) = spec.unread
    assert [each.id for each in spec.operations] == ["b"]
    assert (
        unread.reason == f"{keyword.partition(':')[0]} of OpenAPI 3.1 cannot be said in OpenAPI 3.0"
    )
    assert unread.place.line == 13


@pytest.mark.parametrize("keyword", ["unevaluatedProperties: true", "prefixItems: []", "if: {}"])
def test_a_keyword_that_asks_for_nothing_refuses_nothing(keyword: str, tmp_path: Path) -> None:
    assert operation_of(tmp_path, f"{{type: object, {keyword}}}").schema["type"] == "object"


def test_the_objects_of_3_1_become_those_of_3_0(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(
        f"""{HEAD}jsonSchemaDialect: https://spec.openapis.org/oas/3.1/dialect/base
webhooks: {{new: {{post: {{requestBody: {{$ref: '#/nowhere'}}}}}}}}
paths:
  /a: {{$ref: '#/components/pathItems/A'}}
components:
  securitySchemes: {{tls: {{type: mutualTLS}}}}
  parameters: {{P: {{name: p, in: query, schema: {{type: string}}}}}}
  pathItems:
    A: {{get: {{parameters: [{{$ref: '#/components/parameters/P', description: d}}]}}}}
""",
        encoding="utf-8",
    )

    root, spec = tree(path), load(path)

    assert root == {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1", "license": {"name": "MIT"}},
        "paths": {
            "/a": {
                "get": {
                    "parameters": [{"$ref": "#/components/parameters/P"}],
                    "responses": {"default": {"description": "not documented"}},
                }
            }
        },
        "components": {
            "securitySchemes": {"tls": {"type": "http", "scheme": "mutual"}},
            "parameters": {"P": {"name": "p", "in": "query", "schema": {"type": "string"}}},
        },
    }
    assert [each.name for each in spec.operations[0].parameters] == ["p"]
    assert "invalid-openapi" not in {each.claim for each in review(path)}


def test_a_spec_of_components_alone_is_read(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(f"{HEAD}components: {{schemas: {{A: {{const: 1}}}}}}\n", encoding="utf-8")

    assert load(path).operations == ()


def test_other_files_are_translated_too(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text("N: {type: [string, 'null']}\n", encoding="utf-8")

    operation = operation_of(tmp_path, "{$ref: 'n.yaml#/N'}")

    assert operation.schema == {"type": "string", "nullable": True}


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("swagger: '2.0'", "is Swagger 2.0; convert it to OpenAPI 3.0"),
        ("openapi: 3.2.0", 'openapi is "3.2.0"; write a version of OpenAPI 3.0 or 3.1'),
        ("openapi: 3.1", "openapi is 3.1; write a version of OpenAPI 3.0 or 3.1, such as 3.0.3"),
        ("a: 1", "openapi is missing; write a version of OpenAPI 3.0 or 3.1"),
    ],
)
def test_another_version_is_refused_in_a_sentence_that_says_what_to_do(
    version: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(f"{version}\ninfo: {{title: T, version: '1'}}\npaths: {{}}\n", encoding="utf-8")

    with pytest.raises(InvalidSpec) as problem:
        load(path)

    assert told in str(problem.value)


def test_a_schema_that_is_true_or_false_is_read_wherever_a_schema_may_stand(tmp_path: Path) -> None:
    path = spec_of(tmp_path, "true", "components: {schemas: {A: true, B: false}}\n")

    (operation,) = load(path).operations

    assert operation.schema == {}


def test_an_operation_that_cannot_be_translated_refuses_no_other_of_its_path(
    tmp_path: Path,
) -> None:
    more = """    parameters: [{name: q, in: query, schema: {type: string}}]
    put: {operationId: b, responses: {"204": {description: none}}}
"""

    spec = load(spec_of(tmp_path, "{prefixItems: [{type: string}]}", more))

    assert [each.id for each in spec.operations] == ["b"]
    assert [each.id for each in spec.unread] == ["a"]


@pytest.mark.parametrize(("now", "differs"), [("string", False), ("integer", True)])
def test_a_change_of_what_cannot_be_translated_is_seen(
    now: str,
    differs: bool,  # noqa: FBT001 - a column of the table
    tmp_path: Path,
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    specs = []
    for folder, kind in ((old, "string"), (new, now)):
        folder.mkdir()
        specs.append(load(spec_of(folder, f"{{prefixItems: [{{type: {kind}}}]}}")))

    assert bool(changes(*specs)) is differs
