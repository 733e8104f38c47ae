"""Specs as others write them: all that OpenAPI 3.0 allows is read, served, judged and rendered.

`tests/specs` holds them; together they use every keyword of OpenAPI 3.0, and three have the shape
of the examples of the OpenAPI Initiative. To add one: a file there.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

import httpx2
import pytest

from contract.findings import Level
from contract.judging.provenance import provenance_of
from contract.judging.verdict import Verdict, judge
from contract.page import page
from contract.review import review
from contract.spec.loading import load
from contract.spec.media_types import BodyForm
from contract.spec.operations import Spec
from contract.spec.vocabulary import validator
from contract.spec.yaml_text import read
from contract_tests.observing.sending import Manners, observe
from mock_server.admin import Admin
from mock_server.answers.draw import Draw
from mock_server.answers.replies import served_operations
from mock_server.app import application
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.serving.reloading import ReloadingApplication
from mock_server.serving.server import serving
from mock_server.state.memory import InMemory

SPECS = {path.stem: path for path in sorted((Path(__file__).parent / "specs").glob("*.yaml"))}
CAPTCHAS = Captchas("specs")
MANNERS = Manners(samples=2, rate=10_000, invents=True)

of_every_spec = pytest.mark.parametrize("name", SPECS)

# fmt: off
KEYWORDS = frozenset({
    "openapi", "info", "servers", "paths", "components", "security", "tags", "externalDocs",
    "title", "description", "termsOfService", "contact", "license", "version", "name", "url",
    "email", "variables", "enum", "default", "schemas", "responses", "parameters", "examples",
    "requestBodies", "headers", "securitySchemes", "links", "callbacks", "$ref", "summary",
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "operationId",
    "requestBody", "deprecated", "in", "required", "allowEmptyValue", "style", "explode",
    "allowReserved", "schema", "example", "content", "encoding", "contentType", "value",
    "externalValue", "operationRef", "server", "multipleOf", "maximum", "exclusiveMaximum",
    "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems",
    "uniqueItems", "maxProperties", "minProperties", "type", "allOf", "oneOf", "anyOf", "not",
    "items", "properties", "additionalProperties", "format", "nullable", "discriminator",
    "readOnly", "writeOnly", "xml", "propertyName", "mapping", "namespace", "prefix",
    "attribute", "wrapped", "scheme", "bearerFormat", "flows", "openIdConnectUrl", "implicit",
    "password", "clientCredentials", "authorizationCode", "authorizationUrl", "tokenUrl",
    "refreshUrl", "scopes",
})
# fmt: on


@of_every_spec
def test_nothing_is_invalid_openapi(name: str) -> None:
    found = [each for each in review(SPECS[name]) if each.claim == "invalid-openapi"]

    assert found == []


@of_every_spec
def test_it_is_rendered_with_every_operation(name: str) -> None:
    shown = page(SPECS[name])

    assert [each.id for each in load(SPECS[name]).operations if each.id not in shown] == []


def names_in(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield key
            yield from names_in(value)
    elif isinstance(node, list):
        for item in node:
            yield from names_in(item)


def test_they_use_every_keyword_of_openapi() -> None:
    used = {key for path in SPECS.values() for key in names_in(read(path))}

    assert sorted(KEYWORDS - used) == []
    assert len(SPECS) >= 13


def served(name: str) -> tuple[Spec, list[str]]:
    """Serve a spec, and say what is wrong with the answers to its documented calls."""
    spec = load(SPECS[name])
    app = application(spec, CAPTCHAS, lenient=True)
    wrong = [str(each) for each in app.unserved]
    with serving(app) as url:
        for operation in spec.operations:
            for base in ("", *operation.base_paths):
                seen = tuple(observe(operation, url + base, MANNERS))
                came = judge(operation, provenance_of(operation), seen, strictness=Level.SAMPLE)
                if came.verdict is not Verdict.CONFORMS:
                    said = came.findings or [reading for _, reading in came.unjudged]
                    wrong.append(f"{operation.method} {base}{operation.path}: {said}")
    return spec, wrong


@of_every_spec
def test_every_operation_answers_as_documented_with_and_without_its_base_paths(name: str) -> None:
    spec, wrong = served(name)

    assert (wrong, spec.unread) == ([], ())
    assert spec.operations


@of_every_spec
def test_every_payload_is_valid_and_the_same_every_time(name: str) -> None:
    draw = Draw(CAPTCHAS, CAPTCHAS.number(0))
    compiled = [served_operations(load(SPECS[name]), CAPTCHAS).operations for _ in range(2)]
    bodies = [
        {key: each.good.answer(each.good.make(draw)).body for key, each in operations.items()}
        for operations in compiled
    ]

    broken = [
        key
        for key, each in compiled[0].items()
        if each.operation.answer.form is BodyForm.JSON
        and not validator(each.operation.schema).is_valid(json.loads(bodies[0][key]))
    ]
    assert (broken, bodies[0]) == ([], bodies[1])


@pytest.mark.parametrize(
    ("path", "key"),
    [("/orders/latest", "latest"), ("/orders/7", "id")],
    ids=["a fixed segment", "any other"],
)
def test_a_fixed_path_comes_before_one_with_a_parameter_in_its_place(path: str, key: str) -> None:
    with serving(application(load(SPECS["parameters"]), CAPTCHAS)) as url:
        assert key in httpx2.get(url + path).json()


ONE_BAD = """\
openapi: 3.0.3
info: {title: one good of three, version: "1"}
paths:
  /good:
    get: {operationId: good, responses: {"200": {$ref: "#/components/responses/good"}}}
  /bad:
    get: {operationId: bad, responses: {"200": {$ref: "#/components/responses/bad"}}}
  /none:
    post: {operationId: none, responses: {"200": {$ref: "#/components/responses/none"}}}
components:
  responses:
    good: {description: d, content: {application/json: {schema: {type: object}}}}
    bad:
      description: d
      content: {application/json: {schema: {type: integer, minimum: 5, maximum: 4}}}
    none: {description: d, content: {application/json: {schema: {type: strin}}}}
"""


def test_an_operation_that_cannot_be_served_refuses_no_other_and_says_why(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(ONE_BAD, encoding="utf-8")
    app = application(load(path), CAPTCHAS)

    with serving(app) as url:
        good = httpx2.get(f"{url}/good")
        bad = httpx2.get(f"{url}/bad")
        none = httpx2.post(f"{url}/none")

    assert good.status_code == HTTPStatus.OK
    assert (bad.status_code, none.status_code) == (501, 501)
    assert bad.headers["Content-Type"] == "application/problem+json"
    assert "GET /bad cannot be served" in bad.json()["detail"]
    assert "spec.yaml:16:" in none.json()["detail"]
    assert [each.id for each in app.unserved] == ["none", "bad"]


def test_an_operation_that_documents_no_final_answer_is_not_served(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    text = ONE_BAD.replace('good, responses: {"200"', 'good, responses: {"103"')
    path.write_text(text.replace("type: strin}", "type: string}"), encoding="utf-8")

    app = application(load(path), CAPTCHAS)

    told = {each.id: each.reason for each in app.unserved}
    assert told["good"] == "HTTP 103 ends no call; document the answer that follows it"


def test_health_lists_the_operations_that_cannot_be_served(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(ONE_BAD, encoding="utf-8")
    numbers = Numbers(CAPTCHAS)
    live = ReloadingApplication(path, lambda spec: application(spec, CAPTCHAS), print)
    admin = Admin(live, numbers, InMemory())

    told = asyncio.run(admin.health())["spec"]
    listed = asyncio.run(admin.operations())["operations"]

    assert isinstance(told, dict)
    unserved = [(each["path"], bool(each["reason"])) for each in told["unserved"]]
    assert unserved == [("/none", True), ("/bad", True)]
    assert isinstance(listed, list)
    assert [each["operationId"] for each in listed] == ["good"]


def test_check_finds_an_operation_that_cannot_be_read_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(ONE_BAD, encoding="utf-8")

    found = [each for each in review(path) if each.claim == "invalid-openapi"]

    assert [each.places[0].line for each in found] == [16]
