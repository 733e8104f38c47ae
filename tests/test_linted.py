"""What linters of OpenAPI tell of a spec is told by `check`, at the line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.review import review
from contract.spec.yaml_text import UnreadableYaml

BASE = """\
openapi: 3.0.3
info:
  title: shop
  version: 1.0.0
servers:
  - url: https://{region}.shop.org
    variables:
      region: {default: eu, enum: [eu, us]}
tags:
  - name: pets
security:
  - key: []
paths:
  /pets:
    get:
      operationId: listPets
      summary: list
      tags: [pets]
      parameters:
        - name: limit
          in: query
          schema:
            type: integer
            default: 10
          example: 5
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: array
                items:
                  $ref: "#/components/schemas/Pet"
              example: [{id: 1, name: Tom}]
        "400":
          description: bad
  /pets/{petId}:
    parameters:
      - name: petId
        in: path
        required: true
        schema: {type: integer}
    post:
      operationId: setPet
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Pet"}
      responses:
        "200":
          description: done
          content: {application/json: {schema: {type: object}}}
components:
  securitySchemes:
    key: {type: apiKey, name: X-Key, in: header}
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties:
        id:
          type: integer
        name:
          type: string
          maxLength: 20
          example: Tom
        state:
          type: string
          enum: [free, sold]
          default: free
"""
AGAIN = """\
  /pets/{id}:
    post:
      operationId: x
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: a, content: {application/json: {schema: {type: object}}}}}
components:
"""
TWICE = """\
          example: 5
        - name: limit
          in: query
          schema: {type: integer}
"""
EDITS: dict[str, tuple[str, str, str, str]] = {
    "beside $ref": (
        'schemas/Pet"\n              example',
        'schemas/Pet"\n                  nullable: true\n              example',
        "reference-sibling",
        "nullable: true",
    ),
    "no such security scheme": (
        "- key: []",
        "- kee: []",
        "undefined-security",
        "- kee",
    ),
    "a choice of another type": (
        "[free, sold]",
        "[free, 1]",
        "enum-breaks-type",
        "enum",
    ),
    "a choice twice": (
        "[free, sold]",
        "[free, free]",
        "enum-breaks-type",
        "enum",
    ),
    "null among choices": (
        "[free, sold]",
        "[free, null]",
        "enum-breaks-type",
        "enum",
    ),
    "no choice": (
        "[free, sold]",
        "[]",
        "enum-breaks-type",
        "enum",
    ),
    "a default of another type": (
        "default: 10",
        "default: ten",
        "default-breaks-schema",
        "default: t",
    ),
    "a default that is no choice": (
        "default: free",
        "default: x",
        "default-breaks-schema",
        "default: x",
    ),
    "an example of another type": (
        "example: Tom",
        "example: 5",
        "example-breaks-schema",
        "example: 5",
    ),
    "an example of an answer": (
        "{id: 1,",
        "{id: one,",
        "example-breaks-schema",
        "example: [{",
    ),
    "an example of a parameter": (
        "example: 5",
        "example: x",
        "example-breaks-schema",
        "example: x",
    ),
    "braces without a parameter": (
        "/{petId}:",
        "/{petId}/{x}:",
        "path-parameter",
        "/pets/{petId}/{x}",
    ),
    "a parameter without braces": (
        "/pets/{petId}:",
        "/pets/one:",
        "path-parameter",
        "- name: petId",
    ),
    "an optional path parameter": (
        "required: true",
        "required: false",
        "path-parameter",
        "required: f",
    ),
    "a required member that is none": (
        "[id, name]\n",
        "[id, name, nam]\n",
        "unknown-word",
        "required: [",
    ),
    "one operationId twice": (
        "Id: setPet",
        "Id: listPets",
        "operation-id",
        "operationId: l",
    ),
    "an operationId with a blank": (
        "Id: setPet",
        "Id: set Pet",
        "operation-id",
        "operationId: s",
    ),
    "one path twice": (
        "components:\n",
        AGAIN,
        "ambiguous-path",
        "/pets/{id}:",
    ),
    "a query in a path": (
        "/pets:",
        "/pets?a=1:",
        "path-with-query",
        "/pets?a",
    ),
    "a parameter twice": (
        "          example: 5\n",
        TWICE,
        "repeated-parameter",
        "- name: limit",
    ),
    "an answer without a description": (
        "          description: bad\n",
        "          x-a: 1\n",
        "invalid-openapi",
        "x-a: 1",
    ),
    "a slash behind a server": (
        "shop.org",
        "shop.org/",
        "server-address",
        "- url",
    ),
    "a variable that is none": (
        "{region}",
        "eu",
        "server-address",
        "region:",
    ),
    "braces without a variable": (
        "shop.org",
        "shop.org/{v}",
        "server-address",
        "- url",
    ),
    "a default beside the choices": (
        "default: eu",
        "default: cn",
        "server-address",
        "region:",
    ),
    "a component that nobody uses": (
        "  schemas:\n",
        "  schemas:\n    Spare: {type: string}\n",
        "unused-component",
        "Spare",
    ),
    "types of 3.1": (
        "string\n          maxL",
        "[string]\n          maxL",
        "invalid-openapi",
        "type: [",
    ),
    "no such type": (
        "string\n          maxL",
        "text\n          maxL",
        "invalid-openapi",
        "type: text",
    ),
    "no such tag": (
        "tags: [pets]",
        "tags: [pet]",
        "undefined-tag",
        "tags: [pet]",
    ),
    "a tag twice": (
        "  - name: pets\n",
        "  - name: pets\n  - name: pets\n",
        "undefined-tag",
        "- name",
    ),
    "a list of nothing": (
        'array\n                items:\n                  $ref: "#/components/schemas/Pet"',
        "array",
        "senseless-schema",
        "type: array",
    ),
    "items of an object": (
        "      type: object\n",
        "      type: object\n      items: {}\n",
        "senseless-schema",
        "items",
    ),
    "more than the most": (
        "maxLength: 20",
        "maxLength: 2\n          minLength: 3",
        "senseless-schema",
        "minLength",
    ),
    "nullable without a type": (
        "          type: string\n          enum",
        "          nullable: true\n          enum",
        "senseless-schema",
        "nullable",
    ),
    "a misspelt field": (
        "summary:",
        "sumary:",
        "invalid-openapi",
        "sumary",
    ),
    "a misspelt responses": (
        'responses:\n        "200":\n          description: done',
        'response:\n        "200":\n          description: done',
        "invalid-openapi",
        "response:",
    ),
    "a reference to nothing": (
        'Pet"\n              ex',
        'Pot"\n              ex',
        "invalid-openapi",
        "$ref",
    ),
    "no title": (
        "  title: shop\n",
        "",
        "invalid-openapi",
        "version",
    ),
    "a name twice": (
        "summary: list",
        "summary: list\n      summary: more",
        "unclear-name",
        "summary: m",
    ),
    "a parameter without a schema": (
        "          schema:\n            type: integer\n            default: 10\n",
        "",
        "invalid-openapi",
        "- name: limit",
    ),
    "no such place": (
        "in: query",
        "in: querry",
        "invalid-openapi",
        "in: querry",
    ),
    "no such status": (
        '"400"',
        '"4000"',
        "invalid-openapi",
        '"4000"',
    ),
    "a number as a version": (
        "1.0.0",
        "1.0",
        "invalid-openapi",
        "version",
    ),
    "a text as a flag": (
        "required: true",
        'required: "true"',
        "invalid-openapi",
        "required",
    ),
    "braces without a name": (
        "/pets/{petId}:",
        "/pets/{}:",
        "path-parameter",
        "/pets/{}",
    ),
    "two kinds of example": (
        "example: [{id: 1, name: Tom}]",
        "example: []\n              examples: {}",
        "invalid-openapi",
        "examples",
    ),
    "a format of texts for a number": (
        "            type: integer\n            default: 10",
        "            type: integer\n            format: date-time\n            default: 10",
        "senseless-schema",
        "format: date-time",
    ),
    "a name that is required twice": (
        "required: [id, name]",
        "required:\n        - id\n        - name\n        - id",
        "invalid-openapi",
        "- id",
    ),
    "a media type with a slip": (
        "            application/json:\n",
        "            application/jsom:\n",
        "unknown-word",
        "application/jsom",
    ),
    "a reference to this file without #": (
        '{$ref: "#/components/schemas/Pet"}',
        '{$ref: "components/schemas/Pet"}',
        "invalid-openapi",
        'schema: {$ref: "components',
    ),
}
"""An edit, the rule that tells it, and what its line begins with."""
FOLLOWED = {"a required member that is none", "more than the most"}
"""The edits that leave an example without its schema as well."""


def told(folder: Path, text: str) -> list[tuple[str, str]]:
    path = folder / "openapi.yaml"
    path.write_text(text, encoding="utf-8")
    lines = text.splitlines()
    return [
        (each.claim, lines[each.places[-1].line - 1].strip())
        for each in review(path)
        if each.claim != "document-missing"
    ]


def test_the_spec_of_these_edits_has_no_finding(tmp_path: Path) -> None:
    assert told(tmp_path, BASE) == []


@pytest.mark.parametrize("edit", EDITS)
def test_what_linters_tell_is_told_at_its_line(edit: str, tmp_path: Path) -> None:
    old, new, claim, begins = EDITS[edit]
    assert old in BASE

    found = told(tmp_path, BASE.replace(old, new, 1))

    follows = {"example-breaks-schema"} if edit in FOLLOWED else set[str]()
    assert {name for name, _ in found} - follows == {claim}
    assert next(line for name, line in found if name == claim).startswith(begins)


def test_a_broken_operation_leaves_the_others_checked(tmp_path: Path) -> None:
    text = BASE.replace("in: query", "in: querry").replace("maxLength: 20", "maxLength: twenty")
    text = text.replace("[free, sold]", "[free, 1]").replace("Id: setPet", "Id: set Pet")

    assert {claim for claim, _ in told(tmp_path, text)} == {
        *("invalid-openapi", "enum-breaks-type", "operation-id"),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      summary: list", "      x-a: 1\n      x-internal: true"),
        ("            application/json:\n", "            application/bson:\n"),
        ("          maxLength: 20", "          format: int64\n          maxLength: 20"),
    ],
)
def test_what_only_looks_like_a_slip_is_not_told(old: str, new: str, tmp_path: Path) -> None:
    assert old in BASE

    assert told(tmp_path, BASE.replace(old, new, 1)) == []


def test_a_reference_to_this_file_without_its_mark_is_told_with_what_was_meant(
    tmp_path: Path,
) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(BASE.replace('"#/components', '"components', 1), encoding="utf-8")

    (found,) = (each for each in review(path) if "$ref" in each.subject)

    assert found.remedy == "write #/components/schemas/Pet"


def test_a_colon_that_is_missing_is_told_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(BASE.replace("summary: list", "summary list"), encoding="utf-8")

    with pytest.raises(UnreadableYaml) as problem:
        review(path)

    assert BASE.splitlines()[problem.value.place.line - 1].strip() == "summary: list"
