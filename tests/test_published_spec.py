"""The spec that the mock server publishes: programs that make clients of it find all they need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.spec.loading import load
from mock_server.published_spec import published, refusable, typed

SPEC = """
openapi: 3.0.3
info: {title: t, version: "1"}
servers: [{url: "https://real.example"}]
paths:
  /orders:
    post:
      operationId: order
      externalDocs: {url: documents/order.md}
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/order"}}}
      responses:
        2XX:
          description: x
          content: {application/json: {schema: {$ref: "#/components/schemas/order"}}}
        "401":
          description: x
          content: {application/json: {schema: {$ref: "#/components/schemas/order"}}}
  /plain:
    get: {operationId: plain, responses: {"200": {description: x}, 2XX: {description: y}}}
components:
  schemas:
    Problem: {type: object}
    order:
      type: object
      properties:
        shown: {x-sample: {type: string}}
        chosen: {x-sample: {enum: [1, 2]}}
        mixed: {x-sample: {enum: [1, "2"]}}
        stated: {type: integer, x-sample: {type: string}}
        nothing: {x-sample: {enum: [null]}}
        x-sample: {x-sample: {type: boolean}}
        part: {$ref: "#/components/schemas/Problem"}
"""


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path: Path = tmp_path_factory.mktemp("published") / "openapi.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return refusable(typed(published(load(path).tree)))


def test_references_stay_and_addresses_go(spec: dict[str, Any]) -> None:
    (media_type,) = spec["paths"]["/orders"]["post"]["requestBody"]["content"].values()

    assert media_type == {"schema": {"$ref": "#/components/schemas/order"}}
    assert "real.example" not in yaml.safe_dump(spec)
    assert "externalDocs" not in spec["paths"]["/orders"]["post"]


def test_a_member_has_the_type_that_only_its_sample_shows(spec: dict[str, Any]) -> None:
    members = spec["components"]["schemas"]["order"]["properties"]

    assert {name: member.get("type") for name, member in members.items()} == {
        "shown": "string",
        "chosen": "integer",
        "mixed": None,
        "stated": "integer",
        "nothing": None,
        "x-sample": "boolean",
        "part": None,
    }


def test_refusals_are_described_and_no_status_is_a_range(spec: dict[str, Any]) -> None:
    responses = spec["paths"]["/orders"]["post"]["responses"]

    assert [*responses] == ["200", "401", "default"]
    assert [*responses["401"]["content"]] == ["application/json", "application/problem+json"]
    problem = responses["default"]["content"]["application/problem+json"]["schema"]
    assert problem == {"$ref": "#/components/schemas/Problem2"}
    assert spec["components"]["schemas"]["Problem2"]["required"] == ["title", "status", "detail"]
    assert [*spec["paths"]["/plain"]["get"]["responses"]] == ["200", "2XX"]
