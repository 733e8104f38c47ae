"""Between browser and environment: what goes on, what comes back, and what is told of it."""

from __future__ import annotations

import gzip
import http.client
import itertools
import json
import random
import signal
import socket
import subprocess
import threading
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Browser
from starlette.types import Receive, Scope, Send

from contract.findings import Level
from contract.judging.provenance import provenance_of
from contract.judging.verdict import judge
from contract.spec.default import SPEC
from contract.spec.loading import load
from contract_tests.observing.recordings import recordings
from mock_server.answer_editing import NotApplicable
from mock_server.answers.replies import must_apply, served_operations
from mock_server.drawing.captcha import Captchas
from mock_server.faults import FAULTS
from mock_server.serving.server import serving
from tests.loopback import SILENT, broken_server, command, raw_server, started
from tests.matrix import KEYWORDS, PLATFORM
from tests.passing_on import (
    CALL,
    ENVELOPE,
    Environment,
    InFront,
    answering,
    in_front_of,
    mock_of,
)

CLIENT = httpx2.Client(trust_env=False, timeout=30)


def post(server: InFront, path: str = CALL, **more: object) -> httpx2.Response:
    return CLIENT.post(server.url + path, **more)  # type: ignore[arg-type]


def test_every_fault_that_breaks_the_table_is_told() -> None:
    tables = {name for name, fault in FAULTS.items() if fault.level is Level.TABLE}
    told: set[str] = set()
    tried: set[str] = set()
    for spec in (load(SPEC), load(PLATFORM), load(KEYWORDS)):
        upstream, operation = mock_of(spec), spec.operations[0]
        served = served_operations(spec, Captchas("c")).operations[operation.id]
        with in_front_of(upstream, spec) as server:
            for name in sorted(tables - tried):
                try:
                    must_apply(FAULTS[name], [served], Captchas("c"))
                except NotApplicable:
                    continue
                tried.add(name)
                upstream.fault = name
                repeats = any("one-picture" in each or each in {"unique", "varies"}
                              for each in FAULTS[name].detected_by)  # fmt: skip
                for _ in range(5 if repeats else 1):
                    answer = CLIENT.request(operation.method, server.url + operation.path)
                    if answer.headers["x-contract-verdict"] == "violates":
                        told.add(name)
    # It repeats one number now and then, which a few answers need not show.
    assert tried - told <= {"number-reused"}
    assert len(tried) > 70


@pytest.mark.parametrize("name", sorted(n for n, f in FAULTS.items() if f.inconclusive)[::12])
def test_what_says_nothing_about_the_contract_is_inconclusive(name: str) -> None:
    upstream = mock_of(load(SPEC))
    upstream.fault = name
    with (
        in_front_of(upstream, patience=0.5) as server,
        CLIENT.stream("POST", server.url + CALL) as answer,
    ):
        assert answer.headers["x-contract-verdict"] == "inconclusive"


def test_an_answer_comes_back_as_it_was_with_its_verdict() -> None:
    body = gzip.compress(ENVELOPE)
    headers = [(b"content-type", b"application/json"), (b"content-encoding", b"gzip"),
               (b"x-trace", b"7"), (b"connection", b"x-hop"), (b"x-hop", b"1")]  # fmt: skip
    with (
        in_front_of(answering(body, 200, headers)) as server,
        CLIENT.stream("POST", server.url + CALL) as answer,
    ):
        came = b"".join(answer.iter_raw())
        assert (answer.status_code, came) == (200, body)
        assert answer.headers["x-trace"] == "7"
        assert "x-hop" not in answer.headers
        assert answer.headers["x-contract-findings"] == "img required; img_code_id required"


def test_a_violation_is_told_in_the_journal_and_on_the_console() -> None:
    with in_front_of(answering()) as server:
        post(server)
        said = server.journal()[0]["upstream"]

    assert (said["verdict"], said["answeredBy"]) == ("violates", "upstream")
    assert "getImgCode-img-required" in [each["id"] for each in said["findings"]]
    assert any("violates the contract: img required" in line for line in server.said)


def test_a_request_goes_on_as_it_was_but_for_what_is_ours() -> None:
    upstream = answering()
    sent = {"Prefer": "respond-async", "X-Mock-Session": "a", "X-Own": "1", "Origin": "http://localhost:1",
            "Cookie": "a=1; mock_session=b; mock_server_token=t; c=2", "TE": "trailers",
            "X-Forwarded-Host": "evil.example", "X-HTTP-Method-Override": "DELETE",
            "Content-Type": "application/json"}  # fmt: skip
    with in_front_of(upstream) as server:
        post(server, f"{CALL}?q=%2F%20a&e=", headers=sent, content=b"{}")
    (method, target, headers) = upstream.arrived[0]

    assert (method, target) == ("POST", f"{CALL}?q=%2F%20a&e=")
    assert (headers["x-own"], headers["cookie"], headers["content-length"]) == (
        "1",
        "a=1; c=2",
        "2",
    )
    ours = {"prefer", "x-mock-session", "origin", "te", "x-forwarded-host"}
    assert not (ours | {"x-http-method-override"}) & headers.keys()
    assert headers["host"] != urlsplit(server.url).netloc


@pytest.mark.parametrize("asks", [{"Prefer": "fault=row-missing"}, {"Prefer": "example=error"}])
def test_what_asks_for_an_answer_of_the_mock_server_never_goes_on(asks: dict[str, str]) -> None:
    upstream = answering()
    with in_front_of(upstream) as server:
        answer = post(server, headers=asks)

    assert (upstream.arrived, "x-contract-verdict" in answer.headers) == ([], False)


def foreign(server: str) -> list[tuple[str, str, str]]:
    """Give a thousand requests that are none of the spec's: method, target, host."""
    own = urlsplit(server).netloc
    methods = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]
    paths = ["/", "/admin", "/oauth", CALL + "/x", CALL[:-1], "//" + CALL, f"/x{CALL}",
             f"//evil.example{CALL}", CALL.replace("/api", "%2Fapi"), CALL.replace("/", "%2f"),
             f"/oauth/..{CALL}", f"/oauth/%2e%2e{CALL}", CALL.replace("/api", "\\api"),
             CALL + "%00", CALL + "%2f..", CALL + "/..;/admin", CALL.upper(), CALL + ";x=1",
             "http://evil.example/", f"http://evil.example{CALL}",
             f"https://{own}/other"]  # fmt: skip
    hosts = ["evil.example", "169.254.169.254", "dev-etc.ebaas.com", "localhost.evil.example",
             "evil.example:4010", "0x7f.1", "user@evil.example", f"{own}.evil.example"]  # fmt: skip
    every = [
        *itertools.product([*methods, "POST", "CONNECT"], paths, [own, *hosts]),
        *itertools.product(methods, [CALL, f"{CALL}?a=1"], [own]),
        *itertools.product(["POST"], [CALL, f"{CALL}?a=1"], hosts),
    ]
    every = [each for each in every if each[1:] != (f"http://{own}{CALL}", own)]
    random.Random("foreign").shuffle(every)
    return every[:1000]


def test_a_thousand_requests_for_something_else_never_go_on() -> None:
    upstream = answering()
    with in_front_of(upstream) as server:
        address = urlsplit(server.url)
        requests = foreign(server.url)
        line = socket.create_connection((address.hostname or "", address.port or 0))
        for method, target, host in requests:
            line.sendall(f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            came = http.client.HTTPResponse(line, method=method)
            came.begin()
            came.read()
            if came.will_close:
                line.close()
                line = socket.create_connection((address.hostname or "", address.port or 0))
        line.close()

        assert (len(requests), upstream.arrived) == (1000, [])
        assert post(server).status_code == HTTPStatus.OK
    assert len(upstream.arrived) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Referer": "https://evil.example/localhost"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost:5173/a"}, 200),
        ({"Upgrade": "websocket", "Connection": "Upgrade"}, 501),
        ({"Host": "evil.example"}, 421),
        ({"Origin": "http://localhost:5173"}, 200),
        ({"Origin": "https://ours.example", "Host": "mock.ours.example"}, 200),
    ],
)
def test_only_pages_and_names_of_this_machine_reach_the_upstream(
    headers: dict[str, str], status: int
) -> None:
    allowed = frozenset({"ours.example", "mock.ours.example"})
    with in_front_of(answering(), hosts=allowed) as server:
        assert post(server, headers=headers).status_code == status


def test_without_fallback_a_dead_upstream_is_told_as_such() -> None:
    with in_front_of(SILENT) as server:
        answer = post(server)

    assert (answer.status_code, answer.headers["x-contract-verdict"]) == (502, "inconclusive")
    assert "refused: " in answer.json()["detail"]


@pytest.mark.parametrize(
    ("upstream", "why"),
    [
        (SILENT, "refused"),
        (
            answering(b"<html>no such page</html>", 404, [(b"content-type", b"text/html")]),
            "HTTP 404",
        ),
        (answering(b"", 501, []), "HTTP 501"),
        (answering(b"busy", 503, [(b"content-type", b"text/plain")]), "HTTP 503"),
    ],
)
def test_with_fallback_the_mock_server_answers_what_the_upstream_does_not(
    upstream: Environment | str, why: str
) -> None:
    with in_front_of(upstream, fallback=True) as server:
        answer = post(server)
        said = server.journal()[0]["upstream"]

    assert (answer.status_code, answer.json()["code"]) == (200, "000")
    assert answer.headers["x-contract-fallback"].startswith(why)
    assert (said["answeredBy"], said["verdict"]) == ("mock", "inconclusive")


def test_an_answer_of_the_service_is_no_lack() -> None:
    missing = b'{"request_id":"x","code":"404","msg":"no such user","data":null}'
    with in_front_of(answering(missing, 404), fallback=True) as server:
        assert post(server).content == missing


def test_a_recording_is_judged_as_the_traffic_was_and_holds_no_credential(tmp_path: Path) -> None:
    spec, file = load(SPEC), tmp_path / "calls.har"
    upstream = mock_of(spec)
    headers = {"Authorization": "Bearer S3cret-Value", "Cookie": "sid=S3cret-Value"}
    with in_front_of(upstream, spec, har=file) as server:
        live = []
        for fault in ("", "row-missing", "answer-in-gbk" if "answer-in-gbk" in FAULTS else ""):
            upstream.fault = fault
            answer = post(server, f"{CALL}?token=S3cret-Value", headers=headers)
            live.append(answer.headers["x-contract-verdict"])
        journal = json.dumps(server.journal())
        server.passing.close()

    (recording,) = recordings(file, spec.operations)
    operation = recording.operation
    again = [
        judge(operation, provenance_of(operation), [each], strictness=Level.TABLE).verdict
        for each in recording.exchanges
    ]
    assert list(map(str, again)) == live
    everything = file.read_text(encoding="utf-8") + journal + str(server.said)
    assert "S3cret" not in everything


def test_a_cookie_becomes_one_of_this_server_and_no_redirect_is_followed() -> None:
    cookie = b"sid=1; Domain=test.example; Path=/; Secure; SameSite=None; HttpOnly"
    moved = [(b"location", b"http://elsewhere.example/"), (b"set-cookie", cookie),
             (b"strict-transport-security", b"max-age=9")]  # fmt: skip
    upstream = answering(b"", 302, moved)
    with in_front_of(upstream) as server:
        answer = post(server, follow_redirects=False)

    assert answer.headers["set-cookie"] == "sid=1; Path=/; HttpOnly"
    assert answer.headers["location"] == "http://elsewhere.example/"
    assert "strict-transport-security" not in answer.headers
    assert (len(upstream.arrived), answer.headers["x-contract-verdict"]) == (1, "inconclusive")


def test_an_answer_that_is_too_large_is_passed_on_unjudged() -> None:
    body = b" " * 3_000_000 + ENVELOPE
    with in_front_of(answering(body), max_answer=1000) as server:
        answer = post(server)

    assert (answer.content, answer.headers["x-contract-verdict"]) == (body, "inconclusive")
    assert "too-large" in answer.headers["x-contract-findings"]


def test_a_client_that_hangs_up_ends_the_call_and_holds_up_nobody() -> None:
    gone, asked = threading.Event(), threading.Event()

    def never(connection: socket.socket) -> None:
        asked.set()
        connection.settimeout(20)
        if not connection.recv(1):
            gone.set()

    with raw_server(never) as url, in_front_of(url) as server:
        address = urlsplit(server.url)
        with socket.create_connection((address.hostname or "", address.port or 0)) as line:
            head = f"POST {CALL} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
            line.sendall(head.encode())
            assert asked.wait(20)
            forced = post(server, headers={"Prefer": "fault=row-missing"})
        assert (forced.status_code, gone.wait(20)) == (200, True)


def test_a_browser_reads_every_verdict(browser: Browser) -> None:
    upstream = mock_of(load(SPEC))
    faults = ["", "row-missing", "truncated-image" if "truncated-image" in FAULTS else "row-null"]
    ask = """async url => { const a = await fetch(url, {method: "POST", credentials: "include"});
        await a.text(); return a.headers.get("x-contract-verdict") }"""

    async def page_of_a_dev_server(_: Scope, __: Receive, send: Send) -> None:
        html = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": html})
        await send({"type": "http.response.body", "body": b"<title>app</title>"})

    with in_front_of(upstream) as server, serving(page_of_a_dev_server) as app:
        tab = browser.new_page()
        tab.goto(app)
        seen = []
        for fault in faults:
            upstream.fault = fault
            seen.append(tab.evaluate(ask, server.url + CALL))
        tab.close()

    assert seen == ["conforms", "violates", "violates"]


def test_the_recording_is_written_when_the_server_is_stopped(
    tmp_path: Path,
) -> None:
    file = tmp_path / "calls.har"
    with broken_server("") as url:
        server = started("--upstream", url, "--har", str(file), errors=subprocess.STDOUT)
        CLIENT.post(server.url + CALL)
        server.process.send_signal(signal.SIGTERM)
        said, _ = server.process.communicate(timeout=30)

    assert (server.process.returncode, "1 call was written" in said) == (0, True)
    assert len(json.loads(file.read_text(encoding="utf-8"))["log"]["entries"]) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fallback"], "--fallback belongs to --upstream"),
        (["--upstream", "test", "--workers", "2"], "--upstream needs one worker"),
        (["--upstream", "production"], "--upstream production: the document gives no address"),
        (["--upstream", "ftp://x"], "a base URL is http://HOST/PREFIX"),
        (["--upstream", "Test"], "the names are dev, test, staging, production"),
        (["--upstream", "http://u:S3cret@x"], "let them send their own Authorization"),
        (["--upstream", "http://127.0.0.1:9", "--har", "/nowhere/x.har"], "a folder that exists"),
    ],
)
def test_an_upstream_that_cannot_be_used_is_told_before_anything_is_served(
    options: list[str], said: str
) -> None:
    done = command("mock_server", *options, "--check")

    assert (done.returncode, said in done.stderr, "S3cret" in done.stderr) == (2, True, False)


def test_production_is_called_only_when_that_is_said(tmp_path: Path) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text(
        "openapi: 3.0.3\ninfo: {title: x, version: '1'}\n"
        "servers: [{url: 'https://www.ours.example', x-environment: production}]\n"
        "paths: {/x: {get: {operationId: x, responses: {'200': {description: x}}}}}\n",
        encoding="utf-8",
    )
    by_name, by_address = (
        command("mock_server", str(spec), "--upstream", named, "--check")
        for named in ("production", "https://www.ours.example")
    )
    allowed = command(
        "mock_server", str(spec), "--upstream", "production", "--allow-production", "--check"
    )

    assert (by_name.returncode, by_address.returncode, allowed.returncode) == (2, 2, 0)
    assert "--allow-production" in by_name.stderr
    assert "--allow-production" in by_address.stderr
