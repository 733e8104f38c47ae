"""A spec's YAML → operations: every part of one is read, and what is no contract is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.findings import Place
from contract.spec import loading
from contract.spec.loading import interpret, load
from contract.spec.operations import Operation
from contract.spec.references import InvalidSpec, mapping
from contract.spec.yaml_text import parse

WHOLE = """\
openapi: 3.0.3
servers:
  - {url: https://whole, x-environment: test}
security: [{key: []}]
paths:
  /a/{id}:
    summary: a path
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}, example: "7"}
      - {name: size, in: query, schema: {type: integer}}
    post:
      operationId: a
      summary: 甲
      externalDocs: {url: "%E7%94%B2.md"}
      parameters:
        - {name: size, in: query, required: true, schema: {type: number}}
        - {name: size, in: header, required: false, schema: {type: boolean}}
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {$ref: "#/components/schemas/sent"}
            examples: {one: {value: {b: x}}}
          application/json: {}
      responses:
        default: {description: d}
        "400": {description: d, content: {text/plain: {schema: {type: string}, example: no}}}
        4XX: {description: d}
        "201":
          description: d
          content:
            text/plain: {}
            application/json:
              schema: {anyOf: [{$ref: "#/components/schemas/good"}, {title: failed}]}
              example: {c: 1}
              examples: {two: {value: {c: 2}}}
        "204": {description: d}
        x-a: 1
    get:
      operationId: b
      security: [{other: [read]}, 1]
      servers:
        - {url: https://no-name}
        - {x-environment: dev}
        - url: "{scheme}://{host}/{unnamed}x"
          x-environment: production
          variables:
            scheme: {default: http, enum: [https, http, wss]}
            host: {default: h}
            unnamed: {}
      responses: {"200": {content: {text/csv: {schema: {type: string}}}}}
  /b:
    servers: [{url: https://path, x-environment: test}]
    get:
      operationId: c
      requestBody: {content: {application/json: {schema: {}}}}
      responses: {"200": {content: {application/json: {schema: {}}}}}
components:
  schemas:
    sent: {properties: {b: {type: string}}}
    good: {properties: {c: {type: integer}}}
  securitySchemes: {key: {type: apiKey}}
"""


def interpreted(text: str) -> tuple[Operation, ...]:
    root = mapping(parse(text.encode(), "a.yaml"), Place("a.yaml", 1), "a spec")
    return interpret(Path("folder", "a.yaml"), root).operations


@pytest.fixture(scope="module")
def operations() -> dict[str, Operation]:
    return {operation.id: operation for operation in interpreted(WHOLE)}


def test_every_method_of_a_path_is_an_operation_and_nothing_else_there_is(
    operations: dict[str, Operation],
) -> None:
    found = [(each.id, each.method, each.path) for each in operations.values()]

    assert found == [("a", "POST", "/a/{id}"), ("b", "GET", "/a/{id}"), ("c", "GET", "/b")]


READ: dict[str, tuple[str, Callable[[Operation], object], object]] = {
    "the summary": ("a", lambda each: each.summary, "甲"),
    "no summary": ("b", lambda each: each.summary, ""),
    "the document": ("a", lambda each: each.document, Path("folder", "甲.md")),
    "no document": ("b", lambda each: each.document, None),
    "the parameters, its own in place of those of the path": (
        "a",
        lambda each: [(p.name, p.location, p.required, p.schema["type"]) for p in each.parameters],
        [
            ("id", "path", True, "string"),
            ("size", "query", True, "number"),
            ("size", "header", False, "boolean"),
        ],
    ),
    "an optional parameter of the path": (
        "b",
        lambda each: [(p.name, p.required) for p in each.parameters],
        [("id", True), ("size", False)],
    ),
    "examples of parameters": (
        "b",
        lambda each: [p.examples for p in each.parameters],
        [{"example": "7"}, {}],
    ),
    "no parameters": ("c", lambda each: each.parameters, ()),
    "the first media type of a body": (
        "a",
        lambda each: each.body and (each.body.media_type, each.body.required),
        ("application/x-www-form-urlencoded", True),
    ),
    "the members of a body": (
        "a",
        lambda each: each.body and [member.path for member in each.body.members],
        [(), ("b",)],
    ),
    "the examples of a body": (
        "a",
        lambda each: each.body and each.body.examples,
        {"one": {"b": "x"}},
    ),
    "no body": ("b", lambda each: each.body, None),
    "an optional body": ("c", lambda each: each.body and each.body.required, False),
    "the first status of success": ("a", lambda each: each.status, 201),
    "the answer in JSON": ("a", lambda each: each.media_type, "application/json"),
    "the answer in what there is": ("b", lambda each: each.media_type, "text/csv"),
    "the first schema of several": (
        "a",
        lambda each: [member.path for member in each.members],
        [(), ("c",)],
    ),
    "the schemas of failures": (
        "a",
        lambda each: [schema["title"] for schema in each.failures],
        ["failed"],
    ),
    "the one schema": ("b", lambda each: (each.schema, each.failures), ({"type": "string"}, ())),
    "the examples": ("a", lambda each: each.examples, {"example": {"c": 1}, "two": {"c": 2}}),
    "no examples": ("b", lambda each: each.examples, {}),
    "the other answers of a status": (
        "a",
        lambda each: [(o.status, o.media_type, o.schema, o.examples) for o in each.others],
        [(400, "text/plain", {"type": "string"}, {"example": "no"}), (204, "", {}, {})],
    ),
    "every answer": (
        "a",
        lambda each: list(each.responses),
        ["default", "400", "4XX", "201", "204"],
    ),
    "the security of the whole spec": (
        "a",
        lambda each: each.security,
        ({"key": [[], {"type": "apiKey"}]},),
    ),
    "its own security": ("b", lambda each: each.security, ({"other": [["read"], None]},)),
    "the servers of the whole spec": (
        "a",
        lambda each: [(e.name, e.url, e.schemes) for e in each.environments.values()],
        [("test", "https://whole", ("https",))],
    ),
    "its own servers, their variables filled": (
        "b",
        lambda each: [(e.name, e.url, e.schemes) for e in each.environments.values()],
        [("production", "{scheme}://h/x", ("http", "https", "wss"))],
    ),
    "the servers of the path": (
        "c",
        lambda each: [e.url for e in each.environments.values()],
        ["https://path"],
    ),
    "the places": (
        "a",
        lambda each: (each.place.line, each.path_place.line, each.servers_place.line),
        (11, 6, 2),
    ),
}


@pytest.mark.parametrize("what", READ)
def test_an_operation_is_read_with_all_that_it_says(
    what: str, operations: dict[str, Operation]
) -> None:
    name, read, expected = READ[what]

    assert read(operations[name]) == expected


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("openapi: 3.0.3", "openapi: 3", "a.yaml:1:1: openapi is 3; write a version"),
        ("      operationId: a\n", "", "a.yaml:12:7: post /a/{id} has no operationId"),
        ("operationId: a\n", "operationId: 1\n", "a.yaml:12:7: post /a/{id} has no operationId"),
        ('{"200": {content: {text/csv', '{"300": {content: {text/csv', "a.yaml:51:18: b documents"),
        ("name: id, in: path", "name: id", "a.yaml:9:9: a parameter needs name and in"),
        ("name: id, in: path", "in: path", "a.yaml:9:9: a parameter needs name and in"),
        (
            '{type: string}, example: "7"',
            '{type: x}, example: "7"',
            'a.yaml:9:54: "x" is not',
        ),
        ("b: {type: string}", "anyOf: [{not: {type: x}}]", "a.yaml:60:11: "),
        ("sent: {", "sent: {not: {type: x}, ", "a.yaml:60:11: "),
        ("{title: failed}", "{title: failed, not: {type: x}}", "a.yaml:34:69: "),
        ('[{$ref: "#/components/schemas/good"}', "[1", "a part of anyOf must be a mapping"),
        ("good: {", "good: {not: {type: x}, ", "a.yaml:61:12: not: "),
    ],
)
def test_what_is_no_contract_is_refused_with_its_place(old: str, new: str, problem: str) -> None:
    assert WHOLE.count(old) == 1

    with pytest.raises(InvalidSpec, match=re.escape(problem)):
        interpreted(WHOLE.replace(old, new))


def test_a_status_that_stands_for_several_is_no_success(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(WHOLE.replace('"201"', "2XX"), encoding="utf-8")

    with pytest.raises(InvalidSpec, match=r"a\.yaml:29:9: a documents no 2xx answer"):
        load(path)


@pytest.mark.parametrize(("limit", "value"), [("MAX_VALUES", 8), ("MAX_DEPTH", 6)])
def test_an_operation_may_be_as_large_and_deep_as_the_limits_and_no_more(
    limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = "responses: {'200': {content: {a: {schema: {type: string}}}}}"
    text = f"openapi: 3.0.3\npaths: {{/a: {{get: {{operationId: a, {operation}}}}}}}"

    monkeypatch.setattr(loading, limit, value)
    exactly = interpreted(text)
    monkeypatch.setattr(loading, limit, value - 1)

    assert [each.id for each in exactly] == ["a"]
    with pytest.raises(InvalidSpec, match=r"GET /a (has more than 7 values|is nested too deeply)"):
        interpreted(text)
