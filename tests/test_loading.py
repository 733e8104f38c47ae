"""A spec's YAML → operations: every part of one is read, and what is no contract is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.findings import Place
from contract.spec import loading
from contract.spec.loading import interpret
from contract.spec.operations import Operation, Spec
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


def interpreted(text: str) -> Spec:
    root = mapping(parse(text.encode(), "a.yaml"), Place("a.yaml", 1), "a spec")
    return interpret(Path("folder", "a.yaml"), root)


def of_paths(paths: str) -> Spec:
    return interpreted(f"openapi: 3.0.0\npaths: {{{paths}}}")


@pytest.fixture(scope="module")
def operations() -> dict[str, Operation]:
    return {operation.id: operation for operation in interpreted(WHOLE).operations}


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
        lambda each: [(o.key, o.status, o.media_type, o.schema, o.examples) for o in each.others],
        [
            ("default", 500, "", {}, {}),
            ("400", 400, "text/plain", {"type": "string"}, {"example": "no"}),
            ("4XX", 400, "", {}, {}),
            ("204", 204, "", {}, {}),
        ],
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
        ("paths:", "ways:", "a.yaml:1:1: 'paths' is missing here"),
    ],
)
def test_what_is_no_contract_is_refused_with_its_place(old: str, new: str, problem: str) -> None:
    assert WHOLE.count(old) == 1

    with pytest.raises(InvalidSpec, match=re.escape(problem)):
        interpreted(WHOLE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            '{"200": {content: {text/csv',
            "{x-a: {content: {text/csv",
            "a.yaml:51:18: documents no answer",
        ),
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
        ("schemas/good", "schemas/bad", "$ref #/components/schemas/bad leads nowhere"),
    ],
)
def test_an_operation_that_cannot_be_read_is_listed_with_the_reason_beside_the_others(
    old: str, new: str, problem: str
) -> None:
    assert WHOLE.count(old) == 1

    spec = interpreted(WHOLE.replace(old, new))

    told = [str(each) for each in spec.unread]
    assert told
    assert all(problem in each for each in told)
    names = [each.id for each in spec.operations] + [each.id for each in spec.unread]
    assert sorted(names) == ["a", "b", "c"]


def test_a_path_that_is_no_mapping_is_listed_as_a_whole() -> None:
    spec = interpreted(WHOLE.replace("  /b:\n", "  /broken: 1\n  /b:\n"))

    assert [str(each) for each in spec.unread] == [
        "/broken: a.yaml:52:3: /broken must be a mapping"
    ]
    assert [each.id for each in spec.operations] == ["a", "b", "c"]


ANSWERS: dict[str, tuple[str, object]] = {
    "no content": ("{'204': {description: d}}", ("204", 204, "", "none")),
    "a range": ("{2XX: {description: d}}", ("2XX", 200, "", "none")),
    "a range behind a status": ("{2XX: {}, '201': {}}", ("201", 201, "", "none")),
    "only default": ("{default: {content: {a/json: {}}}}", ("default", 200, "a/json", "json")),
    "only a redirect": ("{'404': {}, '302': {}}", ("302", 302, "", "none")),
    "only a refusal": ("{'404': {}}", ("404", 404, "", "none")),
    "JSON of several": (
        "{'200': {content: {text/html: {}, a/b+json: {}, application/json: {}}}}",
        ("200", 200, "application/json", "json"),
    ),
    "what is written as JSON": (
        "{'200': {content: {text/html: {}, application/hal+json;v=1: {}}}}",
        ("200", 200, "application/hal+json;v=1", "json"),
    ),
    "the first of others": (
        "{'200': {content: {application/xml: {}, text/html: {}}}}",
        ("200", 200, "application/xml", "text"),
    ),
    "content of a status that has none": (
        "{'204': {content: {application/json: {}}}}",
        ("204", 204, "", "none"),
    ),
    "an answer with an empty content": ("{'200': {content: {}}}", ("200", 200, "", "none")),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_every_legal_answer_is_read(what: str) -> None:
    responses, expected = ANSWERS[what]

    (operation,) = interpreted(
        f"openapi: 3.0.0\npaths: {{/a: {{get: {{responses: {responses}}}}}}}"
    ).operations

    answer = operation.answer
    assert (answer.key, answer.status, answer.media_type, str(answer.form)) == expected


def test_the_answer_to_head_has_no_body() -> None:
    content = "{'200': {content: {application/json: {schema: {type: object}}}}}"

    (operation,) = interpreted(
        f"openapi: 3.0.0\npaths: {{/a: {{head: {{responses: {content}}}}}}}"
    ).operations

    assert operation.answer.form == "none"


def test_operations_without_a_name_of_their_own_are_named_as_derive_names_them() -> None:
    one = "{responses: {default: {}}}"
    taken = "{operationId: cards, responses: {default: {}}}"
    twice = "{operationId: cards, responses: {default: {}}}"

    spec = of_paths(f"/a/cards: {{get: {one}, post: {taken}, put: {twice}}}, /: {{get: {one}}}")

    assert [each.id for each in spec.operations] == ["aCards", "cards", "putCards", "root"]


@pytest.mark.parametrize(
    ("servers", "base_paths"),
    [
        ("[{url: https://h/v1}]", ("/v1",)),
        ("[{url: /v1/}, {url: 'https://h:8/v1'}, {url: //h/v2}]", ("/v1", "/v2")),
        ("[{url: 'https://{h}/{p}', variables: {h: {default: a}, p: {default: b}}}]", ("/b",)),
        ("[{url: '{scheme}://h/v3', variables: {scheme: {default: http}}}]", ("/v3",)),
        ("[{url: https://h}, {url: /}, {url: .}, {url: 1}, {url: 'http://[x'}]", ()),
        ("[]", ()),
    ],
)
def test_the_base_paths_are_those_of_the_servers(servers: str, base_paths: tuple[str, ...]) -> None:
    spec = of_paths(f"/a: {{servers: {servers}, get: {{responses: {{default: {{}}}}}}}}")

    assert spec.operations[0].base_paths == base_paths


@pytest.mark.parametrize(("limit", "value"), [("MAX_VALUES", 8), ("MAX_DEPTH", 6)])
def test_an_operation_may_be_as_large_and_deep_as_the_limits_and_no_more(
    limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = "responses: {'200': {content: {a: {schema: {type: string}}}}}"
    text = f"openapi: 3.0.3\npaths: {{/a: {{get: {{operationId: a, {operation}}}}}}}"

    monkeypatch.setattr(loading, limit, value)
    exactly = interpreted(text)
    monkeypatch.setattr(loading, limit, value - 1)
    beyond = interpreted(text)

    assert [each.id for each in exactly.operations] == ["a"]
    assert re.search(r"GET /a (has more than 7 values|is nested too deeply)", str(beyond.unread[0]))
