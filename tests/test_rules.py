"""Rules: answers for the requests of one operation, of one session, for so many times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from contract.spec.loading import load
from mock_server.admin import Admin
from mock_server.admin_application import admin_application
from mock_server.answers.choosing import choose
from mock_server.app import application
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.problems import Problem
from mock_server.serving.front import Front
from mock_server.serving.reloading import ReloadingApplication
from mock_server.serving.server import serving
from mock_server.settings_json import read_settings
from mock_server.state.memory import InMemory

SPEC = """\
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /login:
    post:
      operationId: login
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                userName: {type: string}
                age: {type: integer}
                from: {type: object, properties: {city: {type: string}}}
                items: {type: array, items: {type: string}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: object, properties: {code: {type: string}}}
              examples:
                good: {value: {code: '000'}}
                error: {value: {code: '500'}}
        '403':
          description: no
          content:
            application/json:
              schema: {type: object, properties: {code: {type: string}}}
              examples:
                locked: {value: {code: locked}}
  /users/{id}/posts/{post}:
    get:
      operationId: posts
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: post, in: path, required: true, schema: {type: string}}
        - {name: page, in: query, schema: {type: integer}}
      responses: &other
        '200': {description: ok, content: {text/plain: {examples: {good: {value: good}}}}}
        '404': {description: gone, content: {text/plain: {examples: {gone: {value: gone}}}}}
  /form:
    post:
      operationId: form
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: &fields
              type: object
              properties: {user: {type: string}, file: {type: string, format: binary}}
          multipart/form-data: {schema: *fields}
      responses: *other
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("rules") / "openapi.yaml"
    path.write_text(SPEC, encoding="utf-8")
    numbers, state = Numbers(Captchas("rules")), InMemory()
    live = ReloadingApplication(
        path, lambda spec: application(spec, numbers.captchas, state=state), print
    )
    admin = admin_application(Admin(live, numbers, state), None, loopback=True)
    with serving(Front(live, admin, state)) as address:
        yield address


@pytest.fixture
def client(url: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=url, headers={"X-Mock-Session": "rules"}) as client:
        yield client
        client.post("/__admin/reset")


def ruled(client: httpx2.Client, operation: str, rules: object) -> httpx2.Response:
    return client.put("/__admin/settings", json={"operations": {operation: rules}})


def codes(client: httpx2.Client, times: int = 1, **body: Any) -> list[str]:  # noqa: ANN401 - JSON
    return [client.post("/login", json=body).json()["code"] for _ in range(times)]


def test_an_operation_answers_with_the_example_of_its_rule_as_often_as_it_says(
    client: httpx2.Client,
) -> None:
    ruled(client, "login", {"example": "error", "times": 2})

    assert codes(client, 3) == ["500", "500", "000"]
    assert client.get("/users/1/posts/2").text == "good"


def test_a_list_of_rules_is_worked_off_in_order_and_shows_what_is_left(
    client: httpx2.Client,
) -> None:
    told = ruled(
        client,
        "login",
        [
            {"example": "error", "times": 1},
            {"code": 403, "times": 2, "match": {"/userName": "a"}},
            {"fault": "body-empty"},
        ],
    )
    seen = codes(client, 2, userName="a")
    left = client.get("/__admin/settings").json()["operations"]["login"]

    assert (told.status_code, seen) == (200, ["500", "locked"])
    assert left == [
        {"code": 403, "times": 1, "match": {"/userName": "a"}},
        {"fault": "body-empty"},
    ]
    assert client.post("/login", json={"userName": "b"}).content == b""


def test_what_is_shown_can_be_sent_again(client: httpx2.Client) -> None:
    spread = {"type": "uniform", "lower": 1, "upper": 2}
    rules = [
        {"example": "error", "times": 2, "match": {"/age": 3}},
        {"code": 403, "fixedDelay": 1},
        {"delayDistribution": spread},
        {"delay": "1-2"},
    ]
    ruled(client, "login", rules)
    shown = client.get("/__admin/settings").json()

    again = client.put("/__admin/settings", json=shown)

    assert (again.status_code, again.json()) == (200, shown)
    assert shown["operations"]["login"][2:] == [{"delayDistribution": spread}] * 2


def test_an_example_of_another_status_needs_no_code(client: httpx2.Client) -> None:
    ruled(client, "login", {"example": "locked"})

    answer = client.post("/login", json={})

    assert (answer.status_code, answer.json()) == (403, {"code": "locked"})


@pytest.mark.parametrize(
    ("match", "sent", "met"),
    [
        ({"/userName": "a"}, {"userName": "a"}, True),
        ({"/userName": "a"}, {"userName": "b"}, False),
        ({"/userName": "a"}, {}, False),
        ({"/userName": None}, {}, True),
        ({"/userName": None}, {"userName": "a"}, False),
        ({"/age": 1}, {"age": 1}, True),
        ({"/age": 1.0}, {"age": 1}, True),
        ({"/age": True}, {"age": 1}, False),
        ({"/from/city": "x"}, {"from": {"city": "x"}}, True),
        ({"/from": {"city": "x"}}, {"from": {"city": "x"}}, True),
        ({"/items/1": "x"}, {"items": ["y", "x"]}, True),
        ({"/items/01": "x"}, {"items": ["y", "x"]}, False),
        ({"": {"userName": "a"}}, {"userName": "a"}, True),
        ({"/userName": "a", "/age": 2}, {"userName": "a", "age": 1}, False),
        ({"header:x-mock-session": "rules", "/age": 1}, {"age": 1}, True),
        ({"header:X-None": None}, {}, True),
        ({"cookie:who": "me"}, {}, False),
    ],
    ids=str,
)
def test_a_rule_is_for_the_requests_that_hold_what_it_wants(
    match: Mapping[str, object],
    sent: Mapping[str, Any],
    met: bool,  # noqa: FBT001
    client: httpx2.Client,
) -> None:
    told = ruled(client, "login", {"example": "error", "match": match})

    assert (told.status_code, codes(client, **sent)) == (200, ["500" if met else "000"])


@pytest.mark.parametrize(
    ("match", "path", "met"),
    [
        ({"path:id": "7"}, "/users/7/posts/1", True),
        ({"path:id": 7}, "/users/7/posts/1", True),
        ({"path:id": "a b"}, "/users/a%20b/posts/1", True),
        ({"path:post": "7"}, "/users/7/posts/1", False),
        ({"query:page": "2"}, "/users/7/posts/1?page=2", True),
        ({"query:page": None}, "/users/7/posts/1?page=2", False),
        ({"query:page": None}, "/users/7/posts/1", True),
        ({"cookie:who": "me"}, "/users/7/posts/1", True),
    ],
    ids=str,
)
def test_a_rule_looks_at_path_query_and_cookies(
    match: Mapping[str, object],
    path: str,
    met: bool,  # noqa: FBT001
    client: httpx2.Client,
) -> None:
    told = ruled(client, "posts", {"code": 404, "match": match})
    answer = client.get(path, headers={"Cookie": "who=me"})

    assert (told.status_code, answer.text) == (200, "gone" if met else "good")


def test_a_rule_looks_at_the_fields_of_forms_and_leaves_the_body_whole(
    client: httpx2.Client,
) -> None:
    ruled(client, "form", [{"code": 404, "match": {"form:user": "a", "form:file": None}}])

    answers = [
        client.post("/form", data={"user": "a"}).text,
        client.post("/form", data={"user": "b"}).text,
        client.post("/form", data={"user": "a"}, files={"file": ("f.txt", b"x")}).text,
    ]

    assert answers == ["gone", "good", "good"]


def test_a_request_that_asks_itself_takes_no_answer_of_a_rule_and_uses_none_up(
    client: httpx2.Client,
) -> None:
    ruled(client, "login", {"example": "error", "times": 1})

    asked = client.post("/login", json={}, headers={"Prefer": "example=good"}).json()

    assert (asked, codes(client)) == ({"code": "000"}, ["500"])


def test_a_refusal_waits_as_long_as_the_answer_would_have(client: httpx2.Client) -> None:
    ruled(client, "posts", {"delay": 40})

    refused = client.get("/users/1/posts/2?page=x")

    (entry,) = client.get("/__admin/requests?limit=1").json()["requests"]
    assert (refused.status_code, entry["milliseconds"] >= 40) == (400, True)


def test_a_rule_comes_before_the_fault_of_all_operations(client: httpx2.Client) -> None:
    client.put(
        "/__admin/settings",
        json={"fault": "body-empty", "operations": {"login": {"fault": "none", "times": 1}}},
    )

    answers = [client.post("/login", json={}).content for _ in range(2)]

    assert answers == [b'{"code":"000"}', b""]


@pytest.mark.parametrize(
    ("operation", "rule", "status", "told"),
    [
        (
            "logn",
            {"example": "error"},
            422,
            "/operations/logn: there is no operation logn; did",
        ),
        (
            "login",
            {"example": "eror"},
            422,
            "/operations/login: example=eror does not exist",
        ),
        ("login", {"code": 500}, 422, "code=500 does not exist; there are: 200, 403"),
        ("login", {"code": 200, "example": "locked"}, 422, "there are: good, error"),
        ("login", {"fault": "slw"}, 422, "/operations/login/fault: there is no fault"),
        (
            "login",
            [{"fault": "row-too-long"}],
            422,
            "/operations/login/0/fault: fault row",
        ),
        ("login", {"fault": "slow", "code": 403}, 422, "breaks only the successful answer"),
        ("login", {}, 422, "a rule asks for one of code, example, fault"),
        ("login", {"delay": "x"}, 422, "/operations/login/delay: 'x' is not a delay"),
        ("login", {"delay": 1, "fixedDelay": 1}, 422, "exclude each other"),
        ("login", {"exmaple": "error"}, 400, '"exmaple" is not a member; the members are: example'),
        ("login", [{"code": 403}, {"times": 0}], 400, "/operations/login/1/times: 0 must be 1 or"),
        ("login", "error", 400, '/operations/login: "error" must be a rule, or a list of'),
        ("login", {"code": 403, "match": {"/usr": 1}}, 422, "there are: /userName, /age, /from"),
        ("login", {"code": 403, "match": {"usr": 1}}, 422, "is no place; write a JSON pointer"),
        ("posts", {"code": 404, "match": {"path:x": 1}}, 422, "there are: path:id, path:post"),
        ("posts", {"code": 404, "match": {"query:x": 1}}, 422, "there are: query:page"),
        ("form", {"code": 404, "match": {"form:x": 1}}, 422, "there are: form:user, form:file"),
        ("form", {"code": 404, "match": {"body:x": 1}}, 422, "or one of form:name, query:name"),
    ],
    ids=str,
)
def test_what_no_rule_can_be_is_refused_with_what_can_and_changes_nothing(
    operation: str, rule: object, status: int, told: str, client: httpx2.Client
) -> None:
    answer = ruled(client, operation, rule)

    assert (answer.status_code, told in answer.json()["detail"]) == (status, True), answer.text
    assert client.get("/__admin/settings").json()["operations"] == {}


def test_a_rule_whose_example_the_newest_save_lacks_says_so(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(SPEC, encoding="utf-8")
    served = application(load(path), Captchas("x")).operations
    settings = read_settings({"operations": {"login": {"example": "error"}}}, served, Captchas("x"))

    told = choose(served["form"], {}, settings, settings.rules[0])

    assert isinstance(told, Problem)
    assert told.detail == (
        "a rule of the settings cannot be met any more: example=error does not exist;"
        " there are: good, gone"
    )
