"""What a client does to a connection costs little, ends in time, and takes nobody's place."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from contract.spec.operations import Spec
from mock_server import limits
from mock_server.admin_bodies import whole_body
from mock_server.answer_editing import Answer
from mock_server.answers.delivery import deliver
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.limits import BEHIND, BODY_TIME, GRACE, HEAD, HEADERS, LARGEST_BODY, PATIENCE
from mock_server.serving.connections import with_limits
from mock_server.serving.front import Front
from mock_server.serving.handshakes import watch_handshakes
from mock_server.serving.server import ignore_signals, serving
from mock_server.serving.slots import Slot, Slots
from mock_server.state.memory import (
    CAPTCHAS,
    JOURNAL_LENGTH,
    JOURNAL_SIZE,
    SESSIONS,
    TOKENS,
    WHOLE_SIZE,
    InMemory,
)
from mock_server.wire import with_wires
from tests.loopback import ROOT, environment, started
from tests.work import megabytes

CALL = "/oauth/api/account/getImgCode"
PARSERS = pytest.mark.parametrize("parser", [H11Protocol, HttpToolsProtocol])
PADDING = " " * 16_000
WAITING = ("?__delay=600000", "?__fault=never-answers", "?__fault=body-dripping")
RESET = struct.pack("ii", 1, 0)


def connected(url: str, sent: bytes = b"") -> socket.socket:
    address = urlsplit(url)
    connection = socket.create_connection((address.hostname, address.port), 10)
    connection.sendall(sent)
    return connection


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    came = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            came += part
    return came


def answer_to(url: str, sent: bytes) -> bytes:
    with connected(url, sent) as connection:
        return rest(connection)


def request(target: str = CALL, *headers: str, method: str = "POST", body: str = "") -> bytes:
    lines = (f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *headers, "", body)
    return "\r\n".join(lines).encode()


async def healthy(_: Scope, __: Receive, send: Send) -> None:
    await deliver(Answer(200, "", b"healthy"), send)


@pytest.fixture(scope="module", params=[H11Protocol, HttpToolsProtocol])
def url(request: pytest.FixtureRequest, spec: Spec) -> Iterator[str]:
    """The contract of this repository, served in this process by each of the parsers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mock_server.serving.server.AutoHTTPProtocol", request.param)
        served = application(spec, Captchas("connections"))
        with serving(Front(served, healthy, InMemory())) as address:
            yield address


# What a request must keep


WRONG = {
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
    "a host with a path": (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    "two lengths": (request("/", "Content-Length: 1", "Content-Length: 2"), 400),
    "a length and chunks": (request("/", "Content-Length: 1", "Transfer-Encoding: chunked"), 400),
    "chunks in HTTP/1.0": (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    "another expectation": (request("/", "Expect: the-best"), 417),
    "a proxy is wanted": (b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 405),
    "a star but for OPTIONS": (request("*"), 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "many headers": (request("/", *["a: b"] * HEADERS), 431),
    "a long target": (request("/" + "a" * limits.TARGET), 414),
    "many pairs": (request("/?" + "a=b&" * limits.PAIRS), 400),
    "much that is preferred": (
        request(CALL, "Connection: close", "Prefer: a" + " " * 16_000 + "("),
        431,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_breaks_http_is_refused_as_a_problem_and_the_connection_is_closed(
    name: str, url: str
) -> None:
    sent, status = WRONG[name]

    head, _, body = answer_to(url, sent).partition(b"\r\n\r\n")

    assert int(head.split()[1]) == status
    assert b"application/problem+json" in head
    assert f'"status":{status}'.encode() in body


RIGHT = {
    "no host in HTTP/1.0": (b"GET /nowhere HTTP/1.0\r\n\r\n", 404),
    "a whole URL": (request("http://elsewhere:1" + CALL, "Connection: close"), 200),
    "a whole URL with a query": (request(f"http://a{CALL}?__code=9", "Connection: close"), 404),
    "a whole URL without a path": (request("http://a", "Connection: close", method="GET"), 200),
    "a star for OPTIONS": (request("*", "Connection: close", method="OPTIONS"), 200),
    "an upgrade": (request(CALL, "Connection: upgrade, close", "Upgrade: h2c"), 200),
    "many headers": (request(CALL, *["a: b"] * (HEADERS - 2), "Connection: close"), 200),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_http_allows_is_answered(name: str, url: str) -> None:
    sent, status = RIGHT[name]

    assert int(answer_to(url, sent).split()[1]) == status


OFFER = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAA")
"""What Java's client says with every first request of a connection."""


@pytest.mark.parametrize("pieces", ["at once", "byte by byte", "the body behind its head"])
@pytest.mark.parametrize(
    ("framing", "body"),
    [
        ("Content-Length: 13", '{"fault": "a"'),
        ("Transfer-Encoding: chunked", '5\r\n{"fau\r\n8\r\nlt": "a"\r\n0\r\n\r\n'),
    ],
)
@PARSERS
def test_a_body_is_read_behind_an_offer_of_another_protocol_and_so_is_the_next_request(
    parser: type, framing: str, body: str, pieces: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_server.serving.server.AutoHTTPProtocol", parser)
    bodies: list[bytes] = []

    async def reading(_: Scope, receive: Receive, send: Send) -> None:
        bodies.append(await whole_body(receive))
        await deliver(Answer(200, "", b"healthy"), send)

    sent = request(CALL, *OFFER, framing, body=body) + request(CALL, "Connection: close")
    at = sent.index(b"\r\n\r\n") + 4
    parts = {
        "at once": [sent],
        "byte by byte": [sent[here : here + 1] for here in range(len(sent))],
        "the body behind its head": [sent[:at], sent[at:]],
    }
    with serving(reading) as url, connected(url) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts[pieces]:
            connection.sendall(part)
            time.sleep(0.001)
        came = rest(connection)

    assert came.count(b"HTTP/1.1 200") == 2
    assert bodies == [b'{"fault": "a"', b""]


def test_a_body_that_comes_behind_its_answer_is_no_request(url: str) -> None:
    body = "中文\r\n".encode() * 20_000  # more than a head may have
    head = f"DELETE {CALL} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"

    with connected(url, head.encode()) as connection:
        refused = connection.recv(65536)
        connection.sendall(body)
        connection.sendall(f"POST {CALL} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        served = rest(connection)

    assert (refused[:12], served[:12]) == (b"HTTP/1.1 405", b"HTTP/1.1 200")


def test_a_chunk_whose_size_is_no_number_is_refused_in_one_answer(url: str) -> None:
    delayed = request(f"{CALL}?__delay=300", "Transfer-Encoding: chunked", body="zz\r\n")

    came = answer_to(url, delayed)

    assert (came[:13], came.count(b"HTTP/1.1 4")) == (b"HTTP/1.1 400 ", 1)


def test_a_body_that_was_never_asked_for_is_not_waited_for(url: str) -> None:
    came = answer_to(url, request(CALL, "Expect: 100-continue", "Content-Length: 9"))

    assert (came.count(b"HTTP/1.1 200 "), came.count(b"HTTP/1.1 100 ")) == (1, 0)
    assert b"\r\nconnection: close\r\n" in came.lower()


@PARSERS
def test_a_body_that_is_wanted_is_asked_for(parser: type, monkeypatch: pytest.MonkeyPatch) -> None:
    async def reading(_: Scope, receive: Receive, send: Send) -> None:
        await deliver(Answer(200, "", (await receive()).get("body", b"")), send)

    monkeypatch.setattr("mock_server.serving.server.AutoHTTPProtocol", parser)
    with serving(reading) as url, connected(url) as connection:
        connection.sendall(request("/", "Expect: 100-continue", "Content-Length: 2"))
        first = connection.recv(100)
        connection.sendall(b"ok" + request("/", "Connection: close"))
        came = rest(connection)

    assert first.split(b"\r\n")[0].rstrip() == b"HTTP/1.1 100 Continue"
    assert (came.count(b"HTTP/1.1 200 OK"), b"\r\n\r\nok" in came) == (2, True)


# What comes behind an open answer


def taken(connection: socket.socket, block: bytes, at_most: int) -> int:
    """How many bytes the other side takes before it has taken none for a moment."""
    connection.settimeout(0.5)
    count = 0
    with contextlib.suppress(TimeoutError):
        while count < at_most:
            count += connection.send(block)
    return count


def test_what_comes_behind_an_open_answer_waits_with_the_client(url: str) -> None:
    head = b"GET / HTTP/1.1\r\nHost: a\r\n" + b"ab:c\r\n" * 10_000
    with connected(url, request(f"{CALL}?__delay=60000")) as connection:
        assert taken(connection, head, at_most=40 << 20) < 10 << 20  # what the kernel may hold


class Wire(asyncio.Transport):
    """A transport that a test looks at."""

    def __init__(self) -> None:
        super().__init__()
        self.sent, self.unsent, self.reading, self.end = b"", 0, True, ""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += bytes(data)

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return bool(self.end)

    def can_write_eof(self) -> bool:
        return False

    def close(self) -> None:
        self.end = self.end or "closed"

    def abort(self) -> None:
        self.end = "aborted"


def protocol_of(parser: type, app: ASGIApp, wire: Wire) -> Any:  # noqa: ANN401 - made at run time
    config = uvicorn.Config(app, ws="none", lifespan="off", log_config=None)
    config.load()
    protocol = with_limits(with_wires(parser), Slots(), 64 << 10)
    made: Any = protocol(config, ServerState(), {}, asyncio.get_running_loop())  # type: ignore[call-arg]
    made.connection_made(wire)
    return made


@PARSERS
@pytest.mark.parametrize("sent", [b"GET /more HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\n"])
def test_one_request_is_parsed_at_a_time_and_little_is_kept_behind_it(
    parser: type, sent: bytes
) -> None:
    calls: list[str] = []

    async def hanging(scope: Scope, _: Receive, __: Send) -> None:
        calls.append(scope["path"])
        await asyncio.sleep(60)

    async def fed() -> tuple[int, int]:
        protocol = protocol_of(parser, hanging, wire)
        protocol.data_received(request("/first") + sent)
        count = len(sent)
        while wire.reading and count < 1 << 20:
            protocol.data_received(sent)
            count += len(sent)
            await asyncio.sleep(0)
        return count, len(protocol.behind)

    wire = Wire()
    count, kept = asyncio.run(fed())

    assert (calls, wire.reading) == (["/first"], False)
    assert BEHIND < count == kept <= BEHIND + len(sent)


def test_all_that_is_pipelined_is_served_and_the_half_closed_client_gets_it(url: str) -> None:
    one, count = request("/nowhere", "x-pad: " + "x" * 150), 1000
    with connected(url) as connection:

        def send() -> None:
            connection.sendall(one * count)
            connection.shutdown(socket.SHUT_WR)

        sending = threading.Thread(target=send)
        sending.start()
        came = rest(connection)
        sending.join()

    assert len(one) * count > 200_000
    assert came.count(b"HTTP/1.1 404 ") == count


@pytest.mark.parametrize("query", ["", "?__delay=300"])
def test_a_half_closed_client_gets_its_answer_and_then_the_end(query: str, url: str) -> None:
    with connected(url, request(CALL + query)) as connection:
        connection.shutdown(socket.SHUT_WR)

        assert rest(connection).startswith(b"HTTP/1.1 200 ")


@PARSERS
def test_a_half_closed_connection_is_closed_once_all_is_answered(parser: type) -> None:
    async def fed() -> None:
        protocol = protocol_of(parser, healthy, wire)
        protocol.data_received(request("/first") + request("/second"))
        assert protocol.eof_received()
        for _ in range(20):
            await asyncio.sleep(0)

    wire = Wire()
    asyncio.run(fed())

    assert (wire.sent.count(b"HTTP/1.1 200 "), wire.end) == (2, "closed")


@pytest.mark.parametrize("query", ["?__fault=never-answers", "?__fault=body-stuck"])
def test_what_never_ends_ends_for_a_client_that_sends_no_more(query: str, url: str) -> None:
    with connected(url, request(CALL + query)) as connection:
        time.sleep(0.1)
        connection.shutdown(socket.SHUT_WR)

        assert b"HTTP/1.1 500" not in rest(connection)


def test_what_never_ends_ends_by_itself(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_server.wire.ANSWER_TIME", 0.1)

    assert answer_to(url, request(f"{CALL}?__fault=never-answers")) == b""


@PARSERS
def test_a_body_may_not_be_framed_without_end(parser: type) -> None:
    async def hanging(_: Scope, __: Receive, ___: Send) -> None:
        await asyncio.sleep(60)

    async def fed() -> int:
        protocol = protocol_of(parser, hanging, wire)
        protocol.data_received(request("/", "Transfer-Encoding: chunked"))
        count = 0
        while not wire.end and count < 8 << 20:
            protocol.data_received(b"1;" + b"e" * 1000 + b"\r\nx\r\n")
            count += 1007
        return count

    wire = Wire()

    assert asyncio.run(fed()) <= limits.framed(64 << 10) + 1007
    assert wire.sent.startswith(b"HTTP/1.1 413 ")


# Slots


def slots(most: int, count: int) -> tuple[Slots, list[Wire]]:
    wires = [Wire() for _ in range(count)]
    all_slots = Slots(most)
    for moment, wire in enumerate(wires):
        all_slots.take(Slot(wire), float(moment))
    return all_slots, wires


def test_who_waits_longest_gives_way_to_who_comes() -> None:
    _, wires = slots(most=2, count=4)

    assert [wire.end for wire in wires] == ["aborted", "aborted", "", ""]


def test_who_is_answered_gives_way_to_nobody() -> None:
    busy = Slots(1)
    first = Slot(Wire())
    busy.take(first, 0.0)
    busy.work(first)

    assert not busy.take(Slot(Wire()), 1.0)
    busy.wait(first, 2.0)
    assert busy.take(Slot(Wire()), 3.0)


def test_nobody_waits_longer_than_the_patience() -> None:
    held, wires = slots(most=9, count=3)

    held.look(PATIENCE + 1.5)

    assert [wire.end for wire in wires] == ["closed", "closed", ""]


@pytest.mark.parametrize(
    ("sizes", "end"),
    [
        ([9, 9, 9], "aborted"),
        ([9, 8, 8], ""),
        ([0, 9, 9], ""),
        ([9, 0, 9], ""),
    ],
    ids=["nothing is read", "something is read", "it began to wait", "all was read"],
)
def test_a_client_that_does_not_read_is_cut_off(sizes: list[int], end: str) -> None:
    held, (wire,) = slots(most=1, count=1)
    for step, size in enumerate(sizes):
        wire.unsent = size
        held.look_at_all(1 + step * (PATIENCE - 1))

    assert wire.end == end


def test_a_connection_that_is_closing_is_closed_in_the_end() -> None:
    held, (wire,) = slots(most=1, count=1)
    wire.close()
    for step, size in enumerate((90, 80, 70, 60)):
        wire.unsent = size
        held.look_at_all(step * BODY_TIME / 2.5)

    assert wire.end == "aborted"


def test_the_calls_that_hang_leave_places_for_the_interface(
    spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_server.serving.front.calls", lambda _: 3)
    hanging = ["?__delay=60000", "?__fault=never-answers", "?__fault=body-dripping"]
    with (
        serving(Front(application(spec, Captchas("x")), healthy, InMemory())) as url,
        contextlib.ExitStack() as stack,
    ):
        for query in hanging:
            stack.enter_context(connected(url, request(CALL + query)))
        refused = answer_to(url, request(CALL, "Connection: close"))
        told = answer_to(url, request("/__admin/health", "Connection: close"))

    assert refused.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 1" in refused
    assert told.endswith(b"healthy")


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc tells another process's memory")
def test_a_thousand_calls_may_hang() -> None:
    limits.more_descriptors()
    kinds = [request(CALL + query) for query in WAITING[:2]]
    kinds.append(request(f"{CALL}?__delay=600000", "Content-Length: 9"))
    server = started()
    before = megabytes(server.process.pid)
    with contextlib.ExitStack() as stack:
        stack.callback(server.process.communicate, timeout=GRACE + 10)
        stack.callback(server.process.terminate)
        for number in range(limits.CALLS + 50):
            stack.enter_context(connected(server.url, kinds[number % 3]))
        told = answer_to(server.url, request("/__admin/health", "Connection: close", method="GET"))
        refused = answer_to(server.url, request(CALL, "Connection: close"))
        grown = megabytes(server.process.pid) - before

    assert told.startswith(b"HTTP/1.1 200 ")
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert grown < 80


def test_the_bodies_that_hang_leave_the_interface_to_probes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await healthy(scope, receive, send)

    monkeypatch.setattr("mock_server.serving.front.ADMIN_CALLS", 2)
    settings = request("/__admin/settings", "Content-Length: 9", method="PUT")
    with (
        serving(Front(healthy, reading, InMemory())) as url,
        contextlib.ExitStack() as stack,
    ):
        for _ in range(2):
            stack.enter_context(connected(url, settings))
        refused = answer_to(url, settings.replace(b"Host", b"Connection: close\r\nHost") + b"{" * 9)
        told = answer_to(url, request("/__admin/health", "Connection: close", method="GET"))

    assert refused.startswith(b"HTTP/1.1 503 ")
    assert told.endswith(b"healthy")


def test_where_there_are_few_descriptors_half_of_the_places_are_for_calls() -> None:
    assert (limits.calls(limits.CONNECTIONS), limits.calls(300)) == (limits.CALLS, 150)
    assert 2 <= limits.room() <= limits.CONNECTIONS


# TLS


def test_a_handshake_that_does_not_come_and_http_that_is_plain_are_closed(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[object] = []
    watch_handshakes(tls, said.append)
    monkeypatch.setattr("mock_server.serving.server.PATIENCE", 0.3)

    with serving(healthy, tls=tls) as url, connected(url) as silent:
        plain = [answer_to(url, request("/")) for _ in range(3)]
        came = rest(silent)

    assert (came, plain) == (b"", [b"", b"", b""])
    assert said == [
        "a client speaks plain HTTP to this port, which speaks https; this is said once"
    ]


# The end of the process


UNREAD = "?__fault=body-of-50-megabytes"


@pytest.mark.parametrize(
    ("workers", "queries"), [("1", (*WAITING, UNREAD)), ("2", WAITING)], ids=["one", "two"]
)
def test_the_server_ends_in_its_grace_whoever_left_or_stays(
    workers: str, queries: tuple[str, ...]
) -> None:
    server = started("--workers", workers, errors=subprocess.PIPE)
    with contextlib.ExitStack() as stack:
        for query in queries:
            for _ in range(2):
                stack.enter_context(connected(server.url, request(CALL + query)))
            connected(server.url, request(CALL + query)).close()
            reset = connected(server.url, request(CALL + query))
            reset.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            reset.close()
        stack.enter_context(connected(server.url, b"POST / HTTP/1.1\r\nHo"))
        stack.enter_context(connected(server.url, request(CALL, "Content-Length: 9")))
        answer_to(server.url, request("/nowhere", "Connection: close"))
        server.process.send_signal(signal.SIGTERM)
        complained = server.process.communicate(timeout=GRACE + 10)[1]

    assert (server.process.returncode, complained) == (0, "")


@pytest.mark.parametrize("query", [*WAITING, UNREAD])
@pytest.mark.parametrize("leaves", ["by a reset", "by an end", "never"])
def test_no_client_keeps_the_server_from_its_end(
    leaves: str, query: str, spec: Spec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_server.serving.server.GRACE", 0.3)
    ended = threading.Event()
    with contextlib.ExitStack() as stack:

        def serve() -> None:
            with serving(application(spec, Captchas("end"))) as url:
                connection = stack.enter_context(connected(url, request(CALL + query)))
                answer_to(url, request("/nowhere", "Connection: close"))
                if leaves == "by a reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                if leaves != "never":
                    connection.close()
                answer_to(url, request("/nowhere", "Connection: close"))
            ended.set()

        threading.Thread(target=serve, daemon=True).start()

        assert ended.wait(20)


def test_ctrl_c_twice_ends_the_server_at_once_and_without_a_word() -> None:
    server = started(errors=subprocess.PIPE)
    with connected(server.url, request(CALL + UNREAD)) as connection:
        connection.recv(100)
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        server.process.send_signal(signal.SIGINT)
        complained = server.process.communicate(timeout=GRACE - 1)[1]

    assert (server.process.returncode, complained) == (0, "")


def test_a_signal_that_comes_when_all_is_done_changes_no_exit_status() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        ignore_signals()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.raise_signal(number)
        after = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])

    assert after == [signal.SIG_IGN, signal.SIG_IGN]


def alive(process: str) -> bool:
    """Whether a process runs; one that nobody has waited for does not."""
    with contextlib.suppress(OSError):
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    return False


@pytest.mark.skipif(not Path("/proc").exists(), reason="only /proc tells a process's children")
def test_workers_end_with_their_parent() -> None:
    process = started("--workers", "2").process
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()

    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    until = time.monotonic() + 30
    while any(map(alive, children)) and time.monotonic() < until:
        time.sleep(0.05)

    assert [child for child in children if alive(child)] == []
    assert len(children) == 2


@pytest.mark.skipif(not Path("/proc").exists(), reason="only /proc tells a process's children")
def test_a_worker_that_is_stopped_alone_stops_the_others() -> None:
    process = started("--workers", "2", errors=subprocess.PIPE).process
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()

    os.kill(int(children[0]), signal.SIGTERM)
    complained = process.communicate(timeout=30)[1]

    assert (process.returncode, complained) == (0, "")


def test_calls_are_answered_though_nobody_reads_their_lines_any_more() -> None:
    server = started("-v", errors=subprocess.PIPE)
    with server.process as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        answers = [answer_to(server.url, request(CALL, "Connection: close")) for _ in range(3)]
        process.terminate()
        complained = process.stderr.read()

    assert [answer[:12] for answer in answers] == [b"HTTP/1.1 200"] * 3
    assert (complained, process.returncode) == ("", 0)


def test_calls_are_answered_though_the_disk_is_full_that_their_lines_go_to(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="only POSIX bounds the files of a process")
    log = tmp_path / "log"
    with (
        log.open("wb") as lines,
        subprocess.Popen(
            [sys.executable, "-m", "mock_server", "-p", "0", "-v"],
            cwd=ROOT,
            env=environment(PYTHONDONTWRITEBYTECODE="1"),
            stdout=lines,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200)),  # noqa: PLW1509
        ) as process,
    ):
        until = time.monotonic() + 30
        while b"\n" not in log.read_bytes() and time.monotonic() < until:
            time.sleep(0.05)
        url = log.read_text().split()[-1]
        answers = [answer_to(url, request(CALL, "Connection: close")) for _ in range(5)]
        process.terminate()
        told = process.communicate(timeout=30)[1]

    assert [answer[:12] for answer in answers] == [b"HTTP/1.1 200"] * 5
    assert (process.returncode, told.count(b"\n")) == (0, 1)
    assert b"the lines of the requests are lost from here on" in told


# The documented limits


@pytest.mark.parametrize("page", ["mock-server.md", "mock-server.zh-CN.md"])
def test_every_documented_limit_is_the_one_that_is_kept(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    rows = re.search(r"\| [^\n]*64 KiB.*?16 KiB[^\n]*\n\n", text, re.DOTALL)
    documented = [row.split("|")[2] for row in rows[0].splitlines()[:-1]] if rows else []

    assert [int(number) for cell in documented for number in re.findall(r"\d+", cell)] == [
        *(HEAD >> 10, HEADERS, limits.TARGET >> 10, limits.PAIRS, limits.PREFERENCES >> 10),
        *(LARGEST_BODY >> 20, limits.ADMIN_BODY >> 10, limits.VALUES, limits.BODIES >> 20),
        *(PATIENCE, BODY_TIME, limits.ANSWER_TIME),
        *(limits.CALLS, limits.ADMIN_CALLS, limits.WAITS, SESSIONS, WHOLE_SIZE >> 20),
        *(JOURNAL_LENGTH, JOURNAL_SIZE >> 20, CAPTCHAS, TOKENS),
        *(limits.CONNECTIONS, limits.HANDSHAKES, BEHIND >> 10),
    ]
    assert f"{GRACE:g} s" in text
