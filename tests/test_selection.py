"""What a request asks for beside the healthy answer: by a header, by its query, by the settings."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import Message

from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from mock_server.answer_editing import Answer
from mock_server.answers import choosing
from mock_server.app import application
from mock_server.choosing_middleware import CHOICE
from mock_server.delays import Between, Lognormal, delay_of
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.faults import FAULTS
from mock_server.preferences import as_header, preferences_of, without_preferences
from mock_server.serving.server import serving
from mock_server.state.memory import InMemory
from mock_server.state.sessions import SHARED
from mock_server.state.settings import Settings
from mock_server.wire import Wire

CALL = "/oauth/api/account/getImgCode"


@pytest.fixture(scope="module")
def url(spec: Spec) -> Iterator[str]:
    with serving(application(spec, Captchas("selection"))) as address:
        yield address + CALL


def asked(url: str, prefer: str = "", query: str = "") -> httpx2.Response:
    headers = {"Prefer": prefer} if prefer else {}
    return httpx2.post(f"{url}?{query}" if query else url, headers=headers, timeout=10)


@pytest.mark.parametrize(
    ("headers", "query", "expected"),
    [
        (["code=404"], b"", {"code": "404"}),
        (["example=a, fault=b;x=1, delay=3"], b"", {"example": "a", "fault": "b", "delay": "3"}),
        (["fault=b; delay=3"], b"", {"fault": "b", "delay": "3"}),
        (['example="a, \\"b\\""'], b"", {"example": 'a, "b"'}),
        (["fault = a", "fault=b"], b"", {"fault": "a"}),
        (["FAULT=a"], b"", {"fault": "a"}),
        (["respond-async, wait=10, fault=a"], b"", {"fault": "a"}),
        (["dynamic=true"], b"", {}),
        ([], b"a=1&__fault=b&__x=2", {"fault": "b", "__x": "2"}),
        ([], b"__example=%E5%A4%B1+x&__delay=1", {"example": "失 x", "delay": "1"}),
        (["fault=a"], b"__fault=b&__delay=2", {"fault": "a", "delay": "2"}),
        (["example=失"], b"", {"example": "失"}),
        ([";;,,==\\"], b"__", {"__": ""}),
    ],
)
def test_preferences_are_read_from_the_header_first_and_key_by_key(
    headers: list[str], query: bytes, expected: dict[str, str]
) -> None:
    sent = [(b"accept", b"*/*"), *((b"prefer", value.encode()) for value in headers)]

    assert preferences_of(sent, query) == expected


def test_preferences_are_taken_out_of_the_query_and_nothing_else() -> None:
    kept = without_preferences(b"a=1&__fault=b&__delay=&c__code=2&__x=3")

    assert kept == b"a=1&c__code=2&__x=3"


def test_preferences_are_written_as_a_header_can_carry_them() -> None:
    assert as_header([("code", "200"), ("example", "失 1")]) == 'code=200, example="\\u5931 1"'


@pytest.mark.parametrize("text", ["", "x", "-1", "2-1", "1.5", "600001", "1-2-3", "１"])
def test_what_is_not_a_delay_is_refused(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"is not a delay; .*200 or 200-800|'2-1' begins above its end"
    ):
        delay_of(text)


def test_a_delay_is_drawn_from_its_range() -> None:
    drawn = [delay_of("200-800").seconds(random.Random(number)) for number in range(200)]

    assert (min(drawn) >= 0.2, max(drawn) <= 0.8, max(drawn) - min(drawn) > 0.4) == (True,) * 3
    assert str(delay_of("200-800")) == "200-800"


def test_a_lognormal_delay_lies_about_its_median() -> None:
    drawn = sorted(Lognormal(100, 0.5).seconds(random.Random(number)) for number in range(401))

    assert 0.08 < drawn[200] < 0.12
    assert Lognormal(0, 1).seconds(random.Random(1)) == 0


@pytest.mark.parametrize(
    ("prefer", "query"), [("example=documented", ""), ("", "__example=documented")]
)
def test_an_example_of_the_spec_is_answered_as_it_stands(
    prefer: str, query: str, url: str, spec: Spec
) -> None:
    answer = asked(url, prefer, query)

    assert answer.json() == spec.operations[0].examples["documented"]
    assert answer.headers["Preference-Applied"] == "example=documented"


def test_a_fault_is_put_on_one_answer_and_not_on_the_next(url: str) -> None:
    broken, healthy = asked(url, "fault=picture-missing"), asked(url)

    assert ("img" in broken.json()["data"], "img" in healthy.json()["data"]) == (False, True)
    assert "Preference-Applied" not in healthy.headers


@pytest.mark.parametrize("name", ["empty-response", "EMPTY_RESPONSE"])
def test_a_fault_of_the_wire_can_be_asked_for_by_wiremocks_name_too(name: str, url: str) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        asked(url, f"fault={name}")


@pytest.mark.parametrize("name", ["redirected-in-a-loop", "redirected-to-https"])
def test_a_call_that_is_sent_on_to_itself_keeps_its_query(name: str, url: str) -> None:
    answer = asked(url, query=f"__fault={name}&a=1")

    assert answer.headers["Location"].endswith(f"{CALL}?__fault={name}&a=1")


def test_an_answer_waits_as_long_as_it_is_asked_to(url: str) -> None:
    started = time.monotonic()

    answer = asked(url, query="__delay=300")

    assert time.monotonic() - started >= 0.3
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (200, "delay=300")


@pytest.mark.parametrize(
    ("prefer", "status", "told"),
    [
        ("example=nope", 404, "example=nope does not exist; there are: documented"),
        ("code=418", 404, "code=418 does not exist; there are: 200"),
        ("fault=nope", 404, "fault=nope does not exist; /__admin/faults lists all"),
        ("fault=row-mising", 404, "did you mean row-missing"),
        ("delay=soon", 422, "delay: 'soon' is not a delay; write milliseconds"),
        ("fault=row-too-long", 422, "fault=row-too-long breaks nothing here: "),
    ],
)
def test_what_does_not_exist_is_a_problem_that_says_what_does(
    prefer: str, status: int, told: str, url: str
) -> None:
    answer = asked(url, prefer)

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        status,
        "application/problem+json",
    )
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("__falt=row-missing", "__falt is not a key; did you mean __fault? the keys are: __code, "),
        ("__=1", "__ is not a key; the keys are: __code, __example, __fault, __delay"),
        ("__fault=row-missing&__wait=1", "__wait is not a key"),
    ],
)
def test_an_unknown_key_of_the_query_is_refused(query: str, told: str, url: str) -> None:
    answer = asked(url, query=query)

    assert (answer.status_code, told in answer.json()["detail"]) == (422, True)


def test_a_request_for_what_does_not_exist_costs_no_number(spec: Spec) -> None:
    numbers = Numbers(Captchas("x"))
    with serving(application(spec, numbers.captchas, numbers=numbers)) as url:
        asked(url + CALL, "example=nope")
        asked(url + CALL)

    assert numbers.issued == 1


def with_another_answer(folder: Path) -> Spec:
    text = SPEC.read_text(encoding="utf-8")
    other = """
        "503":
          description: busy
          content:
            application/json:
              schema: {type: object, required: [code], properties: {code: {type: string}}}
              examples:
                busy: {value: {code: "503"}}
                night: {value: {code: "503", msg: 夜间维护}}
        "404":
          description: nothing
"""
    path = folder / "openapi.yaml"
    text, (head, tail) = "", text.split("      responses:\n", 1)
    path.write_text(head + "      responses:" + other + tail, encoding="utf-8")
    return load(path)


@pytest.mark.parametrize(
    ("prefer", "status", "body"),
    [
        ("code=503", 503, {"code": "503"}),
        ("code=503, example=night", 503, {"code": "503", "msg": "夜间维护"}),
        ("code=404", 404, None),
        ("code=200, example=documented", 200, ...),
        ("code=503, example=documented", 404, ...),
        ("code=503, fault=row-missing", 422, ...),
    ],
)
def test_every_status_that_the_spec_describes_can_be_asked_for(
    prefer: str,
    status: int,
    body: object,
    tmp_path: Path,
) -> None:
    with serving(application(with_another_answer(tmp_path), Captchas("x"))) as url:
        answer = asked(url + CALL, prefer)

    assert answer.status_code == status
    if body is not ...:
        assert (json.loads(answer.content) if answer.content else None) == body


STRICT = """
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /orders:
    post:
      operationId: order
      parameters:
        - {name: page, in: query, schema: {type: integer}}
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [plate]}}}
      responses:
        "200":
          description: good
          content:
            application/json:
              schema: {type: object, properties: {code: {type: string, example: "000"}}}
        "422":
          description: refused
          headers: {X-Reason: {required: true, schema: {type: string}}}
"""


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("strict") / "openapi.yaml"
    path.write_text(STRICT, encoding="utf-8")
    with serving(application(load(path), Captchas("strict"))) as address:
        yield address


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/nowhere?__falt=x", {"plate": "A"}, 404),
        ("GET", "/orders?__falt=x", None, 405),
        ("POST", "/orders?__falt=x", None, 400),
        ("POST", "/orders?__falt=x", {}, 400),
        ("POST", "/orders?__falt=x&page=first", {"plate": "A"}, 400),
        ("POST", "/orders?__falt=x", {"plate": "A"}, 422),
        ("POST", "/orders?__fault=nope", {"plate": "A"}, 404),
        ("POST", "/orders?__fault=body-empty", {}, 400),
        ("POST", "/orders?__fault=body-empty", {"plate": "A"}, 200),
    ],
)
def test_an_invalid_request_is_refused_before_a_preference_that_cannot_be_met(
    method: str, path: str, body: object, status: int, strict: str
) -> None:
    answer = httpx2.request(method, strict + path, json=body)

    assert answer.status_code == status


def test_a_refusal_need_not_be_as_the_spec_describes_its_status(strict: str) -> None:
    answer = httpx2.post(f"{strict}/orders?__falt=x", json={"plate": "A"})

    assert (answer.status_code, "X-Reason" in answer.headers) == (422, False)
    assert "__falt is not a key" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["row-missing", "chunks-without-end"])
def test_a_fault_is_applied_once_to_an_answer(
    name: str, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied: list[str] = []
    fault = FAULTS[name]

    def counted(answer: Answer, operation: Operation) -> Answer | Wire:
        applied.append(name)
        return fault.breaks(answer, operation)

    monkeypatch.setattr(choosing, "fault_named", lambda _: replace(fault, breaks=counted))
    with serving(application(spec, Captchas("x"))) as url, suppress(httpx2.RemoteProtocolError):
        asked(url + CALL, f"fault={name}")

    assert applied == [name]


def test_an_answer_names_each_header_once_whatever_breaks_it(url: str) -> None:
    headers = {"Prefer": "fault=row-missing", "Origin": "http://front.example"}

    answer = httpx2.post(url, headers=headers)

    names = [name for name, _ in answer.headers.multi_items()]
    assert sorted(names) == sorted(set(names))


def test_what_is_chosen_for_a_request_stays_inside_of_it(spec: Spec) -> None:
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": CALL,
        "query_string": b"__example=documented",
        "headers": [],
        "extensions": {},
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Message) -> None:
        return None

    async def call() -> None:
        await application(spec, Captchas("x"))(scope, receive, send)

    asyncio.run(call())

    assert scope["query_string"] == b"__example=documented"
    assert CHOICE not in scope["extensions"]


def test_the_settings_decide_what_nobody_asks_for(spec: Spec) -> None:
    state = InMemory(Settings(fault=FAULTS["picture-missing"], delay=Between(50, 50)))
    with serving(application(spec, Captchas("x"), state=state)) as url:
        default = asked(url + CALL)
        spared = asked(url + CALL, "fault=none, delay=0")
        other = asked(url + CALL, "fault=msg-in-english")
        asyncio.run(state.change(SHARED, Settings()))
        healthy = asked(url + CALL)

    there = ["img" in answer.json()["data"] for answer in (default, spared, other, healthy)]
    assert there == [False, True, True, True]
    assert other.json()["msg"] != healthy.json()["msg"]
