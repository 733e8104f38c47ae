"""An answer of several media types: the client's `Accept` chooses; its headers stay its own."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from contract.spec.loading import load
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.serving.server import serving

SPEC = """
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /a:
    get:
      operationId: several
      responses:
        "200":
          description: x
          headers: {X-Rate: {schema: {type: integer, minimum: 5}}}
          content:
            text/csv: {example: "a,b"}
            application/xml: {schema: {type: object, properties: {a: {type: integer}}}}
            application/json: {schema: {type: object, required: [a], properties: {a: {enum: [7]}}}}
            text/strange: {schema: {pattern: "("}}
        "429":
          description: x
          headers: {Retry-After: {schema: {type: integer}, example: 9}}
          content: {application/json: {example: {}}}
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("accepted") / "openapi.yaml"
    path.write_text(SPEC, encoding="utf-8")
    with serving(application(load(path), Captchas("s"))) as address:
        yield f"{address}/a"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", '{"a":7}'),
        ("text/html", '{"a":7}'),  # nothing that it likes: better than a refusal
        ("text/csv", "a,b"),
        ("text/*;q=0.5, application/json;q=0.1", "a,b"),
        ("application/json;q=0.5, application/xml;q=0.4", '{"a":7}'),
        ("application/json;q=0, text/csv;q=0.1", "a,b"),
        ("garbage;;q=x,", '{"a":7}'),
    ],
)
@pytest.mark.parametrize("asked", ["", "?__delay=1"])
def test_an_answer_comes_in_the_media_type_that_a_client_likes_best(
    accept: str, expected: str, asked: str, url: str
) -> None:
    answer = httpx2.get(url + asked, headers={"Accept": accept})

    assert (answer.text, "Accept" in answer.headers["vary"]) == (expected, True)


def test_a_fault_breaks_the_answer_that_is_judged(url: str) -> None:
    answer = httpx2.get(f"{url}?__fault=body-cut-off", headers={"Accept": "text/csv"})

    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("asked", "name", "expected"),
    [("?__delay=1", "x-rate", "5"), ("?__code=429", "retry-after", "9")],
)
def test_an_answer_that_was_asked_for_has_its_documented_headers(
    asked: str, name: str, expected: str, url: str
) -> None:
    assert httpx2.get(url + asked).headers[name] == expected
