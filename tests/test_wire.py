"""What goes over the wire, byte by byte; and that nothing hostile there costs much."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from contract.spec.operations import Spec
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.faults import FAULTS
from mock_server.serving.server import bind, serving, url_of
from mock_server.wire import Wire, send_wire, with_wires
from tests.loopback import python, raw_server
from tests.matrix import Shelf

PLANS = {
    "/nothing": Wire(),
    "/reset": Wire(reset=True),
    "/bytes": Wire(steps=(b"one", 0.01, b" two")),
    "/endless": Wire(steps=(b"a",), endless=(b"b" * 100_000,)),
    "/silent": Wire(endless=(0.01,)),
}


async def planned(scope: Scope, receive: Receive, send: Send) -> None:
    del send
    await send_wire(PLANS[scope["path"]], scope, receive)


@contextmanager
def uvicorn_serving(
    app: ASGIApp,
    protocol: type[asyncio.Protocol],
    loop: Literal["asyncio", "uvloop"] = "asyncio",
) -> Iterator[str]:
    """Serve as the mock server does, on the loop and by the protocol that are asked for."""
    config = uvicorn.Config(
        app,
        http=with_wires(protocol),
        loop=loop,
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    listener = bind("127.0.0.1", 0)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield url_of(listener)
    finally:
        server.should_exit = True
        thread.join()


def received(url: str, path: str, at_most: int = 1 << 20) -> bytes | type[OSError]:
    """What a plain socket gets before the end, or the error that ends it."""
    host, _, port = url.removeprefix("http://").partition(":")
    came = b""
    with socket.create_connection((host, int(port)), timeout=0.3) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode())
        try:
            while len(came) < at_most and (part := connection.recv(65536)):
                came += part
        except OSError as error:
            return type(error)
    return came


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("protocol", [H11Protocol, HttpToolsProtocol])
def test_a_plan_is_carried_out_whatever_the_loop_and_the_parser(
    loop: Literal["asyncio", "uvloop"], protocol: type[asyncio.Protocol]
) -> None:
    with uvicorn_serving(planned, protocol, loop) as url:
        came = {path: received(url, path) for path in PLANS}

    endless = came.pop("/endless")
    assert isinstance(endless, bytes)
    assert (endless[:3], len(endless) >= 1 << 20) == (b"abb", True)
    assert came == {
        "/nothing": b"",
        "/reset": ConnectionResetError,
        "/bytes": b"one two",
        "/silent": TimeoutError,
    }


def test_the_server_goes_on_after_each_wire_fault(spec: Spec) -> None:
    app = application(spec, Captchas("wire"), FAULTS["connection-reset-by-peer"])
    with serving(app) as url:
        path = spec.operations[0].path
        came = [received(url, each) for each in (path, path, "/elsewhere")]

    assert came[:2] == [ConnectionResetError] * 2
    assert isinstance(came[2], bytes)
    assert came[2].startswith(b"HTTP/1.1 404")


HOSTILE = {
    "body-endless": "too-large",
    "picture-bomb": "too-large",
    "body-dripping": "no-answer",
    "never-answers": "no-answer",
    "redirected-in-a-loop": "redirected",
    "body-of-50-megabytes": "too-large",
    "gzip-bomb": "too-large",
    "head-endless": "no-answer",
    "body-nested-deeply": "too-large",
}
ANSWER_TIMEOUT = 0.5
JUDGE = f"""
import json, sys
from pathlib import Path
from contract_tests.observing.sending import Manners, observe
from contract.judging.provenance import provenance_of
from contract.judging.verdict import judge
from contract.findings import Level
from contract.spec.default import SPEC
from contract.spec.loading import load

operation = load(SPEC).operations[0]
manners = Manners(samples=1, rate=1000, answer_timeout={ANSWER_TIMEOUT})
for url in sys.argv[1:]:
    seen = tuple(observe(operation, url, manners))
    judgement = judge(operation, provenance_of(operation), seen, strictness=Level.STRICT)
    reasons = [reading.reason for _, reading in judgement.unjudged]
    print(json.dumps([judgement.verdict, *reasons, seen[0].seconds]))
(peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
print(peak.split()[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc tells a process's own peak")
def test_nothing_hostile_takes_long_or_much_memory(spec: Spec, tls: ssl.SSLContext) -> None:
    shelf = Shelf({name: application(spec, Captchas("x"), FAULTS[name]) for name in HOSTILE})
    with serving(shelf) as url, raw_server(lambda _: None, tls) as untrusted:
        urls = [*(f"{url}/{name}" for name in HOSTILE), untrusted]
        done = python("-c", JUDGE, *urls)

    *told, peak = map(json.loads, done.stdout.splitlines())
    assert [line[:2] for line in told] == [
        ["inconclusive", reason] for reason in (*HOSTILE.values(), "no-answer")
    ]
    assert max(line[2] for line in told) < ANSWER_TIMEOUT + 2
    assert peak * 1024 < 300_000_000


GOOD = rb"HTTP/1\.1 200 OK\r\ncontent-type: application/json\r\n"
JSON = rb'\{"request_id":.*\}\}'
ON_THE_WIRE = {
    "empty-response": rb"",
    "random-data-then-close": rb"(?!HTTP).{256}",
    "greeting-of-another-protocol": rb"SSH-2\.0-\S+\r\n",
    "status-line-garbled": rb"HTTP/1\.1 OK OK\r\n.*" + JSON,
    "malformed-response-chunk": GOOD + rb"transfer-encoding: chunked\r\n.*\r\n\r\n(?![0-9a-f]).+",
    "body-short-of-its-length": GOOD + rb"content-length: \d{4}\r\n.*\r\n\r\n\{[^}]*",
    "chunks-without-end": GOOD + rb"transfer-encoding: chunked\r\n.*" + JSON + rb"\r\n",
    "two-lengths": GOOD + rb"content-length: \d{4}\r\ncontent-length: 7\r\n.*" + JSON,
    "length-no-number": GOOD + rb"content-length: -1\r\n.*" + JSON,
    "header-without-colon": GOOD + rb"served by node 3\r\n.*" + JSON,
    "gzip-announced-only": rb".*\r\ncontent-encoding: gzip\r\n.*\r\n\r\n" + JSON,
    "gzip-cut-off": rb".*\r\ncontent-encoding: gzip\r\n.*\r\n\r\n\x1f\x8b.*",
    "encoding-unknown": rb".*\r\ncontent-encoding: br\r\n.*\r\n\r\n" + JSON,
    "length-in-characters": GOOD + rb"content-length: \d{4}\r\n.*" + JSON,
    "body-endless": GOOD + rb"transfer-encoding: chunked\r\n.*\r\n\r\n(?!.*\r\n0\r\n).*",
    "head-endless": rb"HTTP/1\.1 200 OK\r\n(?!.*\r\n\r\n).*",
}


@pytest.mark.parametrize("name", ON_THE_WIRE)
def test_a_fault_of_the_wire_does_what_it_says(name: str, spec: Spec) -> None:
    with serving(application(spec, Captchas("wire"), FAULTS[name])) as url:
        came = received(url, spec.operations[0].path, at_most=100_000)

    assert isinstance(came, bytes)
    assert re.fullmatch(ON_THE_WIRE[name], came, re.DOTALL)


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("connection-reset-by-peer", ConnectionResetError),
        ("body-reset-halfway", ConnectionResetError),
        ("never-answers", TimeoutError),
        ("body-stuck", TimeoutError),
    ],
)
def test_a_fault_of_the_wire_ends_as_it_says(name: str, end: type[OSError], spec: Spec) -> None:
    with serving(application(spec, Captchas("wire"), FAULTS[name])) as url:
        assert received(url, spec.operations[0].path) is end


def test_a_length_in_characters_is_less_than_the_bytes(spec: Spec) -> None:
    with serving(application(spec, Captchas("wire"), FAULTS["length-in-characters"])) as url:
        came = received(url, spec.operations[0].path)

    assert isinstance(came, bytes)
    head, _, body = came.partition(b"\r\n\r\n")
    said = re.search(rb"content-length: (\d+)", head)
    assert said is not None
    assert int(said[1]) == len(body.decode()) < len(body)
