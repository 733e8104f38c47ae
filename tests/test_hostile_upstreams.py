"""An upstream that does what no service should, and requests that try to lead elsewhere.

To try another answer, add a row to `ODD`: its bytes, and what a client is to get.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from mock_server import wire
from mock_server.delays import delay_of
from mock_server.passing_on import har_recording
from mock_server.serving import hang_ups
from mock_server.serving.server import serving
from mock_server.state.sessions import SHARED
from mock_server.state.settings import Settings
from tests.loopback import SILENT, raw_server
from tests.passing_on import CALL, ENVELOPE, InFront, answering, in_front_of
from tests.small_specs import spec_written

CLIENT = httpx2.Client(trust_env=False, timeout=30)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(ENVELOPE) + ENVELOPE
CHUNKS = b"%x\r\n%s\r\n0\r\n" % (len(ENVELOPE), ENVELOPE)
"""The body as one chunk, without the end of its trailers."""
NAMED = """
openapi: 3.0.3
info: {title: x, version: "1"}
paths:
  /things/{name}:
    get:
      operationId: getThing
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          description: x
          content:
            application/json:
              schema:
                type: object
                required: [code]
                properties: {code: {type: string, x-business-success: ["000"]}}
              example: {code: "000"}
"""
"""A spec whose operation has a parameter in its path."""


@contextmanager
def before(*answers: bytes) -> Iterator[InFront]:
    """Serve a mock server before an upstream that answers each request of a connection in turn."""

    def answer(connection: socket.socket) -> None:
        for each in answers:
            connection.sendall(each)
            if each is not answers[-1]:
                connection.recv(65536)

    with raw_server(answer) as url, in_front_of(url) as server:
        yield server


def post(server: InFront, **more: object) -> httpx2.Response:
    return CLIENT.post(server.url + CALL, **more)  # type: ignore[arg-type]


ODD = {
    "two-framings": HEAD
    + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"
    + CHUNKS
    + b"\r\n",
    "trailers": HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS + b"Set-Cookie: a=1\r\n\r\n",
    "no-framing": HEAD + b"\r\n" + ENVELOPE,
    "http-1.0": WHOLE.replace(b"1.1", b"1.0", 1),
    "interim": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + WHOLE,
    "bare-line-feeds": WHOLE.replace(b"\r\n", b"\n"),
    "unsendable": WHOLE.replace(b"\r\n", b"\r\nX-Odd: a\x01b\x7f c\r\n", 1),
}


@pytest.mark.parametrize("name", ODD)
def test_an_answer_in_an_odd_form_reaches_the_client_whole(name: str) -> None:
    with before(ODD[name]) as server:
        answer = post(server)

    assert (answer.status_code, answer.content) == (200, ENVELOPE)
    assert answer.headers["x-contract-verdict"] == "violates"
    assert "set-cookie" not in answer.headers
    assert answer.headers.get("x-odd", "a b  c") == "a b  c"


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "not-"),
        (WHOLE[:-5], "cut: "),
        (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "not-http: "),
        (HEAD + b"X: " + b"y" * 200_000, "not-http: "),
        (b"", "hung-up: "),
        (HEAD + b"Set-Cookie : sid=S3cret\r\n\r\n", "not-http: illegal header line. "),
        (b"SSH-2.0-x\r\n\r\n", "not-http: illegal status line: 'SSH-2.0-x'. "),
    ],
)
def test_what_is_no_answer_is_told_by_its_kind(sent: bytes, kind: str) -> None:
    with before(sent) as server:
        answer = post(server)

    assert (answer.status_code, answer.headers["x-contract-verdict"]) == (502, "inconclusive")
    assert f"gave no answer: {kind}" in answer.json()["detail"]


def test_what_follows_an_answer_is_not_the_answer_of_the_next_call() -> None:
    forged = WHOLE.replace(b"000", b"999")
    with before(WHOLE + forged, WHOLE + forged) as server:
        assert [post(server).json()["code"] for _ in range(3)] == ["000"] * 3


def test_the_verdict_is_never_the_upstreams_own() -> None:
    claimed = [
        (b"content-type", b"application/json"),
        (b"x-contract-verdict", b"conforms"),
        (b"x-contract-fallback", b"no"),
    ]
    with in_front_of(answering(ENVELOPE, 200, claimed)) as server:
        answer = post(server)

    assert answer.headers["x-contract-verdict"] == "violates"
    assert "x-contract-fallback" not in answer.headers


def test_a_page_of_another_origin_reads_every_header_of_the_upstream() -> None:
    sent = [(b"x-token", b"t"), (b"access-control-expose-headers", b"x-other")]
    with in_front_of(answering(ENVELOPE, 200, sent)) as server:
        answer = post(server, headers={"Origin": "http://localhost:5173"})

    exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
    assert {"x-token", "x-contract-verdict", "location"} <= {*exposed}
    assert "x-other" not in exposed


@pytest.mark.parametrize(
    ("here", "path"), [("", "/things"), ("/base", "/base/things"), ("/base/", "")]
)
def test_a_cookie_has_the_path_that_the_client_calls(here: str, path: str) -> None:
    text = NAMED.replace("paths:", "servers: [{url: '/base', x-environment: test}]\npaths:")
    cookie = [(b"set-cookie", b"sid=1; Path=/base/things")]
    with (
        serving(answering(ENVELOPE, 200, cookie)) as behind,
        in_front_of(f"{behind}/base", spec_written(text)) as server,
    ):
        answer = CLIENT.get(f"{server.url}{here}/things/7")

    assert answer.headers.get("set-cookie", "") == (path and f"sid=1; Path={path}")


def test_a_partitioned_cookie_without_tls_is_one_that_a_browser_takes() -> None:
    cookie = [(b"set-cookie", b"sid=1; Path=/; Secure; SameSite=None; Partitioned")]
    with in_front_of(answering(ENVELOPE, 200, cookie)) as server:
        assert post(server).headers["set-cookie"] == "sid=1; Path=/"


ASTRAY = [
    *("X-Forwarded-Host", "X_Forwarded_Host", "X-Original-URI", "X-Forwarded-Method"),
    *("X-Envoy-Original-Path", "X-HTTP-Host-Override", "Script-Name", "Sec-Fetch-Site"),
]


def test_no_header_leads_to_another_host_or_path() -> None:
    upstream = answering(ENVELOPE)
    with in_front_of(upstream) as server:
        post(server, headers={**dict.fromkeys(ASTRAY, "evil"), "X-Forwarded-For": "192.0.2.1"})

    (_, _, headers) = upstream.arrived[0]
    assert "evil" not in headers.values()
    assert headers["x-forwarded-for"] == "192.0.2.1"


def test_a_slash_that_is_encoded_many_times_never_goes_on() -> None:
    upstream = answering(ENVELOPE)
    with in_front_of(upstream, spec_written(NAMED)) as server:
        slashes = ["%" + "25" * times + "2f" for times in (0, 3, 8, 200)]
        answers = [CLIENT.get(f"{server.url}/things/a{each}b") for each in slashes]

    assert ([each.status_code for each in answers], upstream.arrived) == ([400] * 4, [])


def test_a_service_that_knows_no_such_thing_does_not_lack_the_operation() -> None:
    missing = b'{"code":"404"}'
    upstream = answering(missing, 404)
    with in_front_of(upstream, spec_written(NAMED), fallback=True) as server:
        answer = CLIENT.get(f"{server.url}/things/7")

    assert (answer.status_code, answer.content) == (404, missing)
    assert answer.headers["x-contract-verdict"] == "inconclusive"
    assert "the recording" not in answer.headers["x-contract-findings"]


def test_a_request_that_comes_back_goes_on_no_second_time() -> None:
    upstream = answering(ENVELOPE)
    with in_front_of(upstream) as server:
        post(server)
        (_, _, headers) = upstream.arrived[0]
        again = post(server, headers={"CDN-Loop": headers["cdn-loop"]})
        other = post(server, headers={"CDN-Loop": "another-proxy"})

    assert (again.status_code, other.status_code, len(upstream.arrived)) == (508, 200, 2)


def test_a_request_without_a_host_is_told_what_it_lacks() -> None:
    with in_front_of(answering(ENVELOPE)) as server, socket.socket() as line:
        address = httpx2.URL(server.url)
        line.connect((address.host, address.port))
        line.sendall(f"POST {CALL} HTTP/1.0\r\n\r\n".encode())
        came = line.makefile("rb").read()

    assert (b" 421 " in came, b"send the name of this server" in came) == (True, True)


def test_a_recording_is_bounded_by_what_requests_send_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(har_recording, "HAR_BYTES", 5000)
    file = tmp_path / "calls.har"
    with in_front_of(SILENT, har=file) as server:
        for _ in range(3):
            post(server, content=b"x" * 4000, headers={"Content-Type": "text/x-own"})
        server.passing.close()

    (entry,) = json.loads(file.read_text(encoding="utf-8"))["log"]["entries"]
    assert entry["request"]["postData"]["mimeType"] == "text/x-own"
    assert server.said[-1].endswith("2 more did not fit")


def test_the_bodies_on_their_way_share_their_room() -> None:
    seen: list[int] = []
    inner = answering(ENVELOPE)

    async def meanwhile(scope: Scope, receive: Receive, send: Send) -> None:
        if not seen:
            seen.append(0)
            second = await asyncio.to_thread(post, server, content=b"x" * 100)
            seen[0] = second.status_code
        await inner(scope, receive, send)

    with in_front_of(meanwhile) as server:
        server.passing.upstream.room.most = 150
        first = post(server, content=b"x" * 100).status_code

    assert (first, seen, server.passing.upstream.room.taken) == (200, [503], 0)


def test_a_client_that_has_closed_its_side_is_cut_off_without_a_word(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hang_ups, "HALF_CLOSED", 0.0)
    with (
        raw_server(lambda connection: connection.recv(1)) as url,
        in_front_of(url) as server,
        socket.socket() as line,
    ):
        address = httpx2.URL(server.url)
        line.connect((address.host, address.port))
        line.sendall(f"POST {CALL} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        line.shutdown(socket.SHUT_WR)
        with pytest.raises(ConnectionResetError):
            line.recv(1)

    assert caplog.messages == []


def test_a_delay_of_the_settings_holds_for_calls_that_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []

    async def wait(_: object, seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(wire._Wires, "wait", wait)  # noqa: SLF001 - no test may take the time
    with in_front_of(answering(ENVELOPE)) as server:
        asyncio.run(server.state.change(SHARED, Settings(delay=delay_of("700"))))
        answer = post(server)

    assert (answer.headers["x-contract-verdict"], waited) == ("violates", [0.7])


WAIVER = "- {finding: getImgCode-img-required, environment: '*', reason: known, expires: %s}\n"


@pytest.mark.parametrize(
    ("expires", "verdict"), [("2999-01-01", "conforms"), ("2020-01-01", "violates")]
)
def test_a_waived_finding_does_not_violate_until_it_expires(
    tmp_path: Path, expires: str, verdict: str
) -> None:
    waivers = tmp_path / "waivers.yaml"
    more = (WAIVER % expires).replace("-img-", "-img_code_id-")
    waivers.write_text(WAIVER % expires + more, encoding="utf-8")
    with in_front_of(answering(ENVELOPE), waivers=waivers) as server:
        answer = post(server)
        found = server.journal()[0]["upstream"]["findings"]

    waived = {each["id"] for each in found if each["waived"]}
    assert answer.headers["x-contract-verdict"] == verdict
    assert ("getImgCode-img-required" in waived) == (verdict == "conforms")
