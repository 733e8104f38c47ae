"""Requests that the page shows filled in: what stands in their fields, for any spec."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract.findings import Place
from contract.spec.loading import interpret, load
from contract.spec.references import mapping
from contract.spec.vocabulary import validator
from contract.spec.yaml_text import parse
from mock_server.page.sample_request import draws_captchas, sample_request
from tests.small_specs import operation_of

SPECS = sorted((Path(__file__).parent / "specs").glob("*.yaml"))


def sample_of(facts: str, shared: str = "") -> Any:  # noqa: ANN401 - JSON
    """Give the filled-in request of an operation with these facts."""
    text = f"""
openapi: 3.0.3
info: {{title: x, version: "1"}}
{shared}
paths:
  /x/{{id}}:
    post:
      operationId: x
      {facts}
      responses: {{"204": {{description: done}}}}
"""
    root = parse(text.encode(), "x.yaml")
    spec = interpret(Path("x.yaml"), mapping(root, Place("x.yaml", 1), "a spec"))
    return json.loads(json.dumps(sample_request(spec.operations[0])))


@pytest.mark.parametrize("path", SPECS, ids=[path.stem for path in SPECS])
def test_every_body_of_json_keeps_its_schema(path: Path) -> None:
    for operation in load(path).operations:
        sample: Any = sample_request(operation)
        for body in sample["bodies"]:
            schema = operation.body.schemas[body["mediaType"]] if operation.body else {}
            texts = body["examples"].values() if body["form"] == "json" else ()
            sent = validator(schema, of_requests=True)
            assert all(sent.is_valid(json.loads(text)) for text in texts)


def test_what_is_required_or_shown_is_sent_and_the_rest_is_offered() -> None:
    facts = """parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
        - {name: shown, in: query, schema: {type: integer}, example: 9007199254740993}
        - {name: offered, in: header, schema: {type: string, enum: [甲]}}
        - {name: Accept, in: header, required: true, schema: {type: string}}"""

    fields = sample_of(facts)["parameters"]

    assert [(each["name"], each["value"], each["sent"]) for each in fields] == [
        ("id", "1", True),
        ("shown", "9007199254740993", True),
        ("offered", "甲", False),
    ]


@pytest.mark.parametrize(
    ("scheme", "place", "value"),
    [
        ("{type: apiKey, in: query, name: token}", ("token", "query"), "mock"),
        ("{type: http, scheme: Basic}", ("Authorization", "header"), "Basic bW9jazptb2Nr"),
        ("{type: http, scheme: bearer}", ("Authorization", "header"), "Bearer mock"),
    ],
)
def test_the_first_way_to_authenticate_is_filled_in(
    scheme: str, place: tuple[str, str], value: str
) -> None:
    shared = f"components: {{securitySchemes: {{it: {scheme}}}}}"

    (field,) = sample_of("security: [{it: []}, {}]", shared)["parameters"]

    assert ((field["name"], field["in"]), field["value"]) == (place, value)
    assert field["required"] is False


def test_the_fields_of_a_form_leave_out_what_is_only_read_and_know_files() -> None:
    facts = """requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              required: [files, id]
              properties:
                files: {type: array, items: {type: string, format: binary}}
                id: {type: integer, readOnly: true}
                facts: {type: object, properties: {plate: {type: string}}}"""

    (body,) = sample_of(facts)["bodies"]
    fields = body["examples"][""]

    assert [(each["name"], each["file"], each["sent"]) for each in fields] == [
        ("files", True, True),
        ("facts", False, False),
    ]
    assert body["form"] == "multipart"


def test_xml_is_written_as_xml_and_bytes_are_a_file() -> None:
    facts = """requestBody:
        content:
          application/xml: {schema: {type: object, properties: {a: {type: integer}}}}
          application/octet-stream: {schema: {type: string, format: binary}}"""

    xml, file = sample_of(facts)["bodies"]

    assert (xml["form"], xml["examples"][""].splitlines()[-1]) == ("text", "<root><a>1</a></root>")
    assert file["form"] == "file"


def test_an_operation_whose_answers_show_captchas_is_known() -> None:
    drawn = "{type: object, properties: {img: {type: string, x-mock: captcha.image}}}"

    assert draws_captchas(operation_of(drawn))
    assert not draws_captchas(operation_of("{type: string}"))
    assert sample_request(operation_of(drawn))["gives"] == [
        {"what": "captcha.image", "path": ("img",)}
    ]
