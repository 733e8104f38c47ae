"""What a request must carry: everything wrong is named at once, and one path has one answer."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from contract.spec.loading import load
from mock_server.app import SpecApplication, application
from mock_server.drawing.captcha import Captchas
from mock_server.limits import VALUES
from mock_server.requests.rejections import ErrorForm
from mock_server.requests.request_bodies import Room
from mock_server.serving.server import serving
from tests.in_process import http_scope, sent_by

SPEC = """
openapi: 3.0.3
info: {title: t, version: "1"}
components:
  securitySchemes:
    header: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: key}
    cookie: {type: apiKey, in: cookie, name: sid}
    token: {type: http, scheme: bearer}
    pair: {type: http, scheme: basic}
    flow: {type: oauth2, flows: {}}
    strange: {type: mutualTLS}
  responses:
    ok: {description: x, content: {application/json: {schema: {type: object}, example: {}}}}
paths:
  /orders:
    post:
      operationId: order
      parameters:
        - {name: page, in: query, required: true, schema: {type: integer, minimum: 1}}
        - {name: X-Id, in: header, required: true, schema: {type: string, format: uuid}}
        - {name: sort, in: cookie, schema: {type: string, enum: [up, down]}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name, items]
              properties:
                name: {type: string, maxLength: 3}
                items: {type: array, items: {$ref: "#/components/schemas/item"}}
      responses:
        "200":
          description: x
          content:
            application/json:
              schema:
                type: object
                properties:
                  code: {type: string, x-business-success: ["000"]}
                  msg: {type: string}
                  data: {type: object, nullable: true}
              examples:
                documented: {value: {code: "000", msg: 成功, data: {}}}
                error: {value: {code: "500", msg: 系统异常, data: null}}
                bad: {value: {code: "400", msg: 参数错误, data: null}}
  /users/{id}:
    get:
      operationId: user
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, maxLength: 5}}
      responses: {"200": {$ref: "#/components/responses/ok"}}
  /numbers/{n}:
    get:
      operationId: number
      parameters: [{name: n, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {$ref: "#/components/responses/ok"}}
  /named/{n}:
    get:
      operationId: named
      parameters: [{name: n, in: path, required: true, schema: {type: integer}}]
      responses:
        "200":
          description: x
          content:
            application/json:
              examples:
                success: {value: {status: "0", text: fine}}
                error: {value: {status: "9", text: wrong}}
  /用户:
    get: {operationId: chinese, responses: {"200": {$ref: "#/components/responses/ok"}}}
  /upload:
    post:
      operationId: upload
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties:
                file: {type: string, format: binary}
                size: {type: integer}
                note: {type: string}
                about: {type: object, properties: {n: {type: integer}}}
          text/plain: {schema: {type: string, maxLength: 3}}
          application/octet-stream: {schema: {type: string, format: binary}}
          application/x-www-form-urlencoded:
            schema: {type: object, required: [size], properties: {size: {type: integer}}}
      responses: {"204": {description: x}}
  /json:
    post:
      operationId: json
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, properties: {p: {type: string}}}}}
      responses: {"200": {$ref: "#/components/responses/ok"}}
  /closed:
    get:
      operationId: closed
      security: [{header: [], query: []}, {cookie: []}, {token: []}, {pair: []}]
      responses: {"200": {$ref: "#/components/responses/ok"}}
  /flow:
    get:
      operationId: flow
      security: [{flow: [read]}]
      responses:
        "200": {$ref: "#/components/responses/ok"}
        "401":
          description: x
          content: {application/json: {schema: {type: object}, example: {code: "401"}}}
  /open:
    get:
      operationId: open
      security: [{token: []}, {}]
      responses: {"200": {$ref: "#/components/responses/ok"}}
  /strange:
    get:
      operationId: strange
      security: [{strange: []}]
      responses: {"200": {$ref: "#/components/responses/ok"}}
"""
ITEM = "  schemas: {item: {type: object, required: [id], properties: {id: {type: integer}}}}\n"
JSON, ID = ("content-type", "application/json"), "00000000-0000-4000-8000-000000000000"
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Came:
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    body: Any


def ask(  # noqa: PLR0913 - all that a request has
    app: SpecApplication,
    method: str,
    target: str,
    headers: Pairs = (),
    *,
    body: bytes = b"",
    parts: Sequence[bytes] = (),
) -> Came:
    """Ask an application in this process."""
    framing = [] if parts or not body else [(b"content-length", b"%d" % len(body))]
    framing += [(b"transfer-encoding", b"chunked")] if parts else []
    encoded = [*((name.encode(), value.encode()) for name, value in headers), *framing]
    scope = http_scope(method, target.encode(), encoded)
    sent = asyncio.run(sent_by(app, scope, parts or [body]))
    told = {name.decode(): value.decode() for name, value in sent.headers.items()}
    return Came(sent.status, told, json.loads(sent.body) if sent.body else None)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demands") / "openapi.yaml"
    before, responses, behind = SPEC.partition("  responses:\n    ok")
    file.write_text(before + ITEM + responses + behind, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def app(path: Path) -> SpecApplication:
    return application(load(path), Captchas("demands"))


def wrong(came: Came) -> list[tuple[str, str, str]]:
    return [
        (each["in"], each.get("name", each.get("pointer", "")), each["detail"])
        for each in came.body["errors"]
    ]


def test_a_refusal_names_everything_that_is_wrong_its_place_and_what_it_must_be(
    app: SpecApplication,
) -> None:
    body = b'{"name": "abcd", "items": [{"id": 1}, {}, {"id": "secret"}]}'

    came = ask(
        app, "POST", "/orders?page=0", [JSON, ("x-id", "7"), ("cookie", "sort=left")], body=body
    )

    assert (came.status, came.headers["content-type"]) == (400, "application/problem+json")
    assert wrong(came) == [
        ("query", "page", "must be 1 or more"),
        ("header", "X-Id", "must be a UUID"),
        ("cookie", "sort", "must be one of up, down"),
        ("body", "#/name", "must have 3 characters or fewer"),
        ("body", "#/items/1/id", "is missing: it must be an integer"),
        ("body", "#/items/2/id", "must be an integer, and is a text"),
    ]
    assert came.body["detail"].startswith(
        "the query parameter page must be 1 or more; the header X-Id must be a UUID; "
    )
    assert "secret" not in json.dumps(came.body)


def test_what_is_missing_is_named_with_what_it_must_be(app: SpecApplication) -> None:
    came = ask(app, "POST", "/orders")

    assert wrong(came) == [
        ("query", "page", "is missing: it must be an integer of 1 or more"),
        ("header", "X-Id", "is missing: it must be a UUID"),
        ("body", "#", "is missing: it must be application/json"),
    ]


def test_a_refusal_in_the_envelope_is_the_documented_failure_about_parameters(path: Path) -> None:
    app = application(load(path), Captchas("x"), errors=ErrorForm.ENVELOPE)

    came = ask(app, "POST", "/orders?page=x", [JSON, ("x-id", ID)], body=b'{"items": []}')
    named = ask(app, "GET", "/named/x")
    none = ask(app, "GET", "/numbers/x")

    assert (came.status, came.body) == (
        200,
        {
            "code": "400",
            "msg": "the query parameter page must be an integer, and is a text;"
            " the body at /name is missing: it must be a text of at most 3 characters",
            "data": None,
        },
    )
    told = "the path parameter n must be an integer, and is a text"
    assert (named.status, named.body) == (200, {"status": "9", "text": told})
    assert (none.status, none.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("parts", [[b'{"p": ', b'"x"}'], [b'{"p": "x"}', b""]])
def test_a_chunked_body_of_json_is_taken_as_one_with_a_length(
    parts: list[bytes], app: SpecApplication
) -> None:
    assert ask(app, "POST", "/json", [JSON], parts=parts).status == 200


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b'{"p": 1}', 400, "must be a text, and is an integer"),
        (b'{"p": NaN}', 400, "must be JSON: NaN is no JSON"),
        (b"{", 400, "must be JSON"),
        (b"\xff", 400, "must be JSON"),
        (b"[" * 100_000, 400, "nested too deeply"),
        (b"[" + b"0," * VALUES + b"0]", 413, "values"),
    ],
    ids=["type", "nan", "cut", "bytes", "deep", "many"],
)
def test_a_body_that_is_no_json_of_the_schema_is_refused(
    body: bytes, status: int, told: str, app: SpecApplication
) -> None:
    came = ask(app, "POST", "/json", [JSON], body=body)

    assert (came.status, told in came.body["detail"]) == (status, True)


def test_a_coded_body_and_one_of_another_media_type_are_refused(app: SpecApplication) -> None:
    coded = ask(app, "POST", "/json", [JSON, ("content-encoding", "gzip")], body=b"x")
    other = ask(app, "POST", "/json", [("content-type", "text/csv")], body=b"x")

    assert (coded.status, coded.headers["accept-encoding"]) == (415, "identity")
    assert (other.status, wrong(other)) == (
        415,
        [("header", "Content-Type", "must be application/json")],
    )


def form(name: str, more: str = "", size: int = 1) -> tuple[Pairs, bytes]:
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n\r\n'
    body = head.encode() + b"a" * size + f"\r\n{more}--x--\r\n".encode()
    return [("content-type", "multipart/form-data; boundary=x")], body


FIELD = '--x\r\nContent-Disposition: form-data; name="size"\r\n\r\n{}\r\n'


@pytest.mark.parametrize(
    ("name", "more", "status", "expected"),
    [
        ("file", FIELD.format(7), 204, []),
        ("file", FIELD.format("x"), 400, [("body", "#/size", "must be an integer, and is a text")]),
        ("other", "", 400, [("body", "#/file", "is missing: it must be a file")]),
    ],
)
def test_a_form_with_files_is_held_to_its_schema(
    name: str, more: str, status: int, expected: list[object], app: SpecApplication
) -> None:
    headers, body = form(name, more)

    came = ask(app, "POST", "/upload", headers, body=body)

    assert (came.status, wrong(came) if came.body else []) == (status, expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", []), ('"x"', [("body", "#/about/n", "must be an integer, and is a text")])],
)
def test_a_member_of_json_may_be_a_blob_of_a_browser(
    value: str, expected: list[object], app: SpecApplication
) -> None:
    blob = (
        '--x\r\nContent-Disposition: form-data; name="about"; filename="blob"\r\n'
        f'Content-Type: application/json\r\n\r\n{{"n": {value}}}\r\n'
    )
    headers, body = form("file", blob)

    came = ask(app, "POST", "/upload", headers, body=body)

    assert (wrong(came) if came.body else []) == expected


def test_a_text_of_a_form_may_be_as_large_as_a_body(app: SpecApplication) -> None:
    text = "a" * (2 << 20)  # more than starlette lets a part have
    headers, body = form(
        "file", f'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n{text}\r\n'
    )

    assert ask(app, "POST", "/upload", headers, body=body).status == 204


def test_nothing_of_a_file_is_held(app: SpecApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    headers, body = form("file", size=3 << 20)
    sizes: list[int] = []
    more = "mock_server.requests.request_bodies.Held.more"
    monkeypatch.setattr(more, lambda _, size: sizes.append(size))

    assert ask(app, "POST", "/upload", headers, body=body).status == 204
    assert sum(sizes) == 0


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("multipart/form-data; boundary=x", 400),
        ("application/x-www-form-urlencoded", 400),
        ("application/octet-stream", 204),
    ],
)
def test_no_bytes_are_a_file_but_no_form_that_needs_members(
    media_type: str, status: int, app: SpecApplication
) -> None:
    assert ask(app, "POST", "/upload", [("content-type", media_type)]).status == status


@pytest.mark.parametrize(("text", "status"), [("abc", 204), ("abcd", 400), ("", 400)])
def test_a_text_is_held_to_its_schema(text: str, status: int, app: SpecApplication) -> None:
    headers = [("content-type", "text/plain")] if text else []

    assert ask(app, "POST", "/upload", headers, body=text.encode()).status == status


def test_bodies_share_a_room_and_one_alone_may_be_larger() -> None:
    room = Room(10)
    with room.hold() as one:
        one.more(30)
        with room.hold() as other, pytest.raises(Exception, match="Problem"):
            other.more(1)
    with room.hold() as again:
        again.more(1)

    assert room.taken == 0


BASIC = "Basic YTpi"  # a:b


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/closed", [], 401),
        ("/closed", [("x-key", "1")], 401),
        ("/closed?key=1", [("x-key", "1")], 200),
        ("/closed?key=", [("x-key", "1")], 401),
        ("/closed", [("cookie", "a=b; sid=1")], 200),
        ("/closed", [("authorization", "bearer x")], 200),
        ("/closed", [("authorization", "Bearer ")], 401),
        ("/closed", [("authorization", BASIC)], 200),
        ("/closed", [("authorization", "Basic abc")], 401),
        ("/flow", [("authorization", "Bearer x")], 200),
        ("/open", [], 200),
        ("/strange", [], 200),
    ],
)
def test_a_declared_credential_must_be_there(
    target: str, headers: Pairs, status: int, app: SpecApplication
) -> None:
    assert ask(app, "GET", target, headers).status == status


def test_a_call_without_a_credential_is_told_what_it_lacks_or_answered_as_documented(
    app: SpecApplication, path: Path
) -> None:
    came, documented = ask(app, "GET", "/closed", [("x-key", "1")]), ask(app, "GET", "/flow")

    assert wrong(came) == [("query", "key", "is missing")]
    assert {"Bearer", "Basic", "ApiKey"} <= set(came.headers["www-authenticate"].split(" "))
    assert (documented.status, documented.body) == (401, {"code": "401"})
    assert documented.headers["www-authenticate"].startswith("Bearer")
    lenient = application(load(path), Captchas("x"), lenient=True)
    assert ask(lenient, "GET", "/closed").status == 200


@pytest.mark.parametrize(
    ("target", "status", "told"),
    [
        ("/users/a%2Fb", 200, ""),
        ("/users/a%2fbcdef", 400, "id must have 5 characters or fewer"),
        ("/users/a/b", 404, "/users/a/b is not an operation"),
        ("/users/1/", 404, "/users/{id} is, written just so"),
        ("//users//1", 404, "/users/{id} is, written just so"),
        ("/Users/1", 404, "/users/{id} is, written just so"),
        ("/orders/?page=1", 404, "/orders is, written just so"),
        ("/users/../orders", 400, "dot segments"),
        ("/users/%2e%2E", 400, "dot segments"),
        ("/users/..a", 200, ""),
        ("/numbers/x", 400, "the path parameter n must be an integer"),
        ("/%E7%94%A8%E6%88%B7", 200, ""),
    ],
)
def test_a_path_has_one_answer_and_leads_nowhere_else(
    target: str, status: int, told: str, app: SpecApplication
) -> None:
    came = ask(app, "GET", target)

    assert (came.status, told in came.body.get("detail", "")) == (status, True)


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("OPTIONS", 204), ("PUT", 405)])
def test_methods_of_a_path_are_answered_or_listed(
    method: str, status: int, app: SpecApplication
) -> None:
    came = ask(app, method, "/numbers/1")

    listed = "" if method == "HEAD" else "GET, HEAD, OPTIONS"
    assert (came.status, came.headers.get("allow", "")) == (status, listed)


@pytest.fixture(scope="module")
def url(app: SpecApplication) -> Iterator[str]:
    with serving(app) as address:
        yield address


def test_raw_utf8_in_a_path_is_read_as_encoded(url: str) -> None:
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), 10) as connection:
        connection.sendall("GET /用户 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        came = connection.recv(65536)

    assert came.startswith(b"HTTP/1.1 200 ")


def test_an_upload_of_megabytes_is_taken_over_http(url: str) -> None:
    raw = httpx2.post(
        f"{url}/upload",
        content=iter([b"x" * (1 << 20)] * 4),
        headers={"Content-Type": "application/octet-stream"},
    )

    assert raw.status_code == 204
