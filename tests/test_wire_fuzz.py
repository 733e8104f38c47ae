"""A fuzzer of heads, pipelines and bodies against a real server: the same inputs in every run.

Whatever comes, the server goes on, answers the next good call, keeps its memory, and says nothing.
To try another kind of input: a function of a `random.Random`, listed in `KINDS`.
"""

from __future__ import annotations

import contextlib
import random
import socket
import subprocess
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.loopback import started
from tests.thoroughness import tries
from tests.work import megabytes

CALL = b"/oauth/api/account/getImgCode"
GOOD = b"POST " + CALL + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
INPUTS, MOST_MEGABYTES = tries(300), 60

METHODS = (
    b"GET",
    b"POST",
    b"PUT",
    b"OPTIONS",
    b"HEAD",
    b"CONNECT",
    b"TRACE",
    b"PRI",
    b"G\x1bT",
    b"",
)
TARGETS = (
    *(CALL, b"/", b"/__admin/health", b"/__admin/settings", b"/__admin/requests?limit=1000"),
    *(b"/ui/", b"/openapi.json", b"*", b"http://a/", b"http://", b"//a", b"/%00%1b%zz", b"/\x80"),
    CALL + b"?__delay=600000",
    CALL + b"?__fault=never-answers",
    CALL + b"?__fault=body-dripping",
    CALL + b"?__fault=body-endless",
    CALL + b"?__fault=connection-reset-by-peer",
    CALL + b"?__fault=%1b[31m&__code=" + b"9" * 5000,
    b"/" + b"%41" * 3000,
    b"/?" + b"a=b&" * 3000,
)
VERSIONS = (b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"", b"X")
ENDS = (b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r", b"\r\n ", b"\x00")
HEADERS = (
    *(b"Host: 127.0.0.1", b"Host: a/b", b"Host:", b"Connection: close", b"Connection: upgrade"),
    *(
        b"Upgrade: websocket",
        b"Upgrade: h2c",
        b"Expect: 100-continue",
        b"Expect: x",
        b"Origin: null",
    ),
    *(b"Content-Length: 5", b"Content-Length: -1", b"Content-Length: 99999999999999999999"),
    *(b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip", b"Origin: null"),
    *(b"Content-Type: application/json", b"Content-Type: a/b; charset=zlib", b"Range: bytes=0-,1-"),
    *(b"Content-Type: multipart/form-data; boundary=" + b"-" * 3000, b"Accept: " + b"*/*," * 3000),
    *(b"Prefer: a" + b" " * 16_000 + b"(", b'Prefer: "' + b'\\"' * 1500, b"Prefer: fault=\x9b31m"),
    *(b'Cookie: a="' + b"\\" * 9000, b"Forwarded: " + b"for=1;" * 3000, b"A: \x1b[2J", b": b"),
)
BODIES = (
    *(b"", b"{}", b"hello", b"[" * 30_000, b"5\r\nhello\r\n0\r\n\r\n", b"ffffffffffffffffff\r\n"),
    *(b"zz\r\n", b"0\r\nA: b\r\n" * 500, b"1;" + b"x" * 9000 + b"\r\na\r\n", b"\r\n" * 9000),
    *(b'{"fault": "\\ud800"}', b'{"fixedDelay": NaN}', b'{"fixedDelay": ' + b"9" * 6000 + b"}"),
)


def head(choices: random.Random) -> bytes:
    """A head that may be right."""
    line = b" ".join(map(choices.choice, (METHODS, TARGETS, VERSIONS)))
    hosts = [b"Host: 127.0.0.1"] * choices.choice((1, 1, 1, 1, 0, 2))
    headers = choices.choices(HEADERS, k=choices.randrange(5))
    return b"".join(each + choices.choice(ENDS) for each in (line, *hosts, *headers)) + b"\r\n"


def with_body(choices: random.Random) -> bytes:
    """A request with a body that may be announced."""
    return head(choices) + choices.choice(BODIES)


def pipeline(choices: random.Random) -> bytes:
    """Requests behind each other, some of them behind an answer that does not come."""
    good = GOOD.replace(b"Connection: close\r\n", b"")
    parts = [choices.choice((good, with_body(choices))) for _ in range(choices.randrange(2, 30))]
    return b"".join(parts)


def endless_head(choices: random.Random) -> bytes:
    """A head beyond every limit, behind an answer that is open or not."""
    before = choices.choice((b"", GOOD.replace(b" HTTP", b"?__delay=600000 HTTP")))
    return before + b"GET / HTTP/1.1\r\n" + choices.choice((b"a: b\r\n", b"a" * 4000)) * 20_000


def mutated(choices: random.Random) -> bytes:
    """A request with some bytes changed, left out or doubled."""
    data = bytearray(with_body(choices))
    for _ in range(choices.randrange(1, 8)):
        place = choices.randrange(len(data))
        data[place : place + choices.randrange(3)] = choices.randbytes(choices.randrange(3))
    return bytes(data)


def noise(choices: random.Random) -> bytes:
    """Bytes without a sense, or the beginning of another protocol."""
    start = choices.choice(
        (b"", b"\x16\x03\x01", b"SSH-2.0-x\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n")
    )
    return start + choices.randbytes(choices.randrange(3000))


KINDS: tuple[Callable[[random.Random], bytes], ...] = (
    *(head, with_body, with_body, pipeline, pipeline, endless_head, mutated, mutated, noise),
)


def exchanged(url: str, data: bytes, choices: random.Random) -> None:
    """Send in pieces, perhaps half-close, perhaps read a little, and leave in some way."""
    address = urlsplit(url)
    with (
        contextlib.suppress(OSError),
        socket.create_connection((address.hostname, address.port), 0.05) as connection,
    ):
        cut = choices.randrange(len(data) + 1)
        for piece in (data[:cut], data[cut:]):
            connection.sendall(piece)
        if choices.random() < 0.3:
            connection.shutdown(socket.SHUT_WR)
        if choices.random() < 0.7:
            connection.recv(choices.choice((1, 65536)))


def answers(url: str) -> bool:
    """Whether a good call is answered."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), 30) as connection:
        connection.sendall(GOOD)
        return connection.recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc tells another process's memory")
def test_whatever_comes_the_next_good_call_is_answered_and_nothing_is_kept_or_said() -> None:
    server = started("-v", "--seed", "fuzz", errors=subprocess.PIPE)
    choices = random.Random(20261126)
    before = megabytes(server.process.pid)
    unanswered = []
    printed: list[str] = []
    with contextlib.ExitStack() as stack:
        stack.callback(server.process.kill)
        for number in range(INPUTS):
            data = choices.choice(KINDS)(choices)
            exchanged(server.url, data, choices)
            if number % 20 == 0 and not answers(server.url):
                unanswered.append(data)
        after = megabytes(server.process.pid)
        server.process.terminate()
        said, complained = server.process.communicate(timeout=60)
        printed += said.splitlines()

    assert (unanswered, complained, server.process.returncode) == ([], "", 0)
    assert after - before < MOST_MEGABYTES
    assert [line for line in printed if not line.isprintable()] == []
