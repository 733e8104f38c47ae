"""A server that means harm, or was badly written: whatever it sends, a call ends with an outcome.

The answers of the fuzzer are drawn from a fixed seed. To try another piece, add it to a table.
"""

from __future__ import annotations

import random
import socket
import tracemalloc
import zlib
from collections.abc import Sequence
from typing import TypeVar

import pytest

from contract.findings import Level
from contract.judging.exchange import Exchange, Failure
from contract.judging.provenance import provenance_of
from contract.judging.verdict import judge
from contract.spec.operations import Operation
from contract_tests.observing.caller import FRAMING, HEADS
from contract_tests.observing.sending import Manners, observe
from tests.loopback import raw_server

T = TypeVar("T")
ONCE = Manners(samples=1, rate=1e9, answer_timeout=20, max_answer=20_000)
BUFFERED = 12 << 20
"""Bytes that the buffers of a connection on this machine may hold."""

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 100),
    "a status line": (b"HTTP/1.1 200 ", b"x" * 9999),
    "headers": (OK, b"X-Y: z\r\n" * 1000),
    "a header": (OK + b"X: ", b"x" * 9999),
    "a folded header": (OK + b"X: y\r\n", b" x\r\n" * 1000),
    "a body": (OK + b"\r\n", b"x" * 9999),
    "chunks": (CHUNKED, b"1\r\nx\r\n" * 1000),
    "a chunk extension": (CHUNKED + b"1;", b"x" * 9999),
    "chunk extensions": (CHUNKED, (b"1;" + b"x" * 50_000 + b"\r\n \r\n") * 2),
    "a chunk size": (CHUNKED, b"0" * 9999),
    "trailers": (CHUNKED + b"0\r\n", b"X-Y: z\r\n" * 1000),
    "empty lines": (b"", b"\r\n" * 5000),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_left_after_a_counted_number_of_bytes(
    name: str, operation: Operation
) -> None:
    begin, again = ENDLESS[name]
    sent = 0

    def answer(connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(begin)
        while sent < 4 * BUFFERED:
            connection.sendall(again)
            sent += len(again)

    tracemalloc.start()
    try:
        with raw_server(answer) as url:
            (seen,) = observe(operation, url, ONCE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert isinstance(seen.outcome, Failure)
    assert seen.outcome.kind in {"too-large", "not-http"}
    assert sent < FRAMING * ONCE.max_answer + HEADS + BUFFERED
    assert peak < 16 << 20


ODDITY = 0.1
STATUSES = (
    *("204", "304", "404", "500", "600", "999"),
    *("100", "101", "103", "199", "099", "000", "1000", "20", "-20", "2²", "+20"),
)
VERSIONS = ("HTTP/1.0", "HTTP/0.9", "HTTP/2", "HTTP/9.9", "ICY", "http/1.1", "")
ENDS = (b"\n", b"\r", b"\r\n ")
REASONS = (b"", b" \xe9\xff", b" " + b"x" * 300, b"\t", b" \xe5\x9b\xbe")
LENGTHS = (b"2", b"8", b"-1", b"+2", b"2, 2", b"2, 3", b"0x2", b"", b"9" * 5000, b"1" * 20, b"\xb2")
CODINGS = (b"gzip", b"br", b"zstd", b"deflate", b"utf-8", b"", b"none", b"gzip," * 50, b"\xe9")
TRANSFERS = (b"chunked", b"gzip, chunked", b"identity", b"\x0bchunked")
HEADERS = (
    *(b"Content-Length: " + each for each in LENGTHS),
    *(b"Content-Encoding: " + each for each in CODINGS),
    *(
        b"Transfer-Encoding: " + each
        for each in (b"chunked", b"gzip, chunked", b"identity", b"\x0b")
    ),
    *(b"Connection: " + each for each in (b"close", b"upgrade", b"keep-alive")),
    *(
        b"X: \xe9\x80\xff",
        b"X-\xe9: 1",
        b": v",
        b"no colon",
        b" folded",
        b"X : y",
        b"X:\x00",
        b"X:",
    ),
    *(
        b"X: " + b"y" * 5000,
        b"Retry-After: " + b"9" * 5000,
        b"Content-Type: \xff/\xfe; charset=\x80",
    ),
    *(b"Age: " + b"9" * 5000, b"Expires: \xff", b"Date: Thu, 99 Foo 99999 99:99:99 GMT"),
)
BODIES = (
    *(b"{}", b"", b'{"code": "000"}', b"\x00" * 100, b"\r\n" * 50, b"[" * 9000, b"9" * 9000),
    *(
        b"2\r\n{}\r\n0\r\n\r\n",
        b"2;a=\xff\r\n{}\r\n0\r\n\r\n",
        b"-2\r\n{}\r\n",
        b"F" * 21 + b"\r\n",
    ),
    *(b"0x2\r\n{}", b"2\r\n{}\r\n0\r\nT: x\r\n\xe9\r\n\r\n", zlib.compress(b" " * 100_000)),
    zlib.compress(b"{}" * 3, wbits=31),
)
BEFORE = (OK[:9] + b"100 Continue\r\n\r\n", b"\r\n\r\n", b"\x16\x03\x01\x00\x05hello")


def drawn(chance: random.Random) -> bytes:
    """Draw an answer that is odd in a place or two."""

    def one(usual: T, odd: Sequence[T]) -> T:
        return chance.choice(odd) if chance.random() < ODDITY else usual

    line = f"{one('HTTP/1.1', VERSIONS)} {one('200', STATUSES)}".encode() + one(b" OK", REASONS)
    headers = chance.sample(HEADERS, chance.choice((0, 1, 1, 2)))
    head = b"".join(each + one(b"\r\n", ENDS) for each in (line, *headers)) + b"\r\n"
    return one(b"", BEFORE) + head + chance.choice(BODIES)


def outcome_of(exchange: Exchange) -> str:
    outcome = exchange.outcome
    return outcome.kind if isinstance(outcome, Failure) else str(outcome.status)


def test_whatever_a_server_sends_has_an_outcome_and_can_be_judged(operation: Operation) -> None:
    chance = random.Random(11)
    left = [drawn(chance) for _ in range(150)]
    came: set[str] = set()
    with raw_server(lambda connection: connection.sendall(left[0])) as url:
        while left:
            seen = tuple(observe(operation, url, ONCE))
            came |= set(map(outcome_of, seen))
            judge(operation, provenance_of(operation), seen, strictness=Level.STRICT)
            left.pop(0)

    assert {"200", "999", "not-http", "undecodable", "cut", "hung-up"} <= came
    assert "no-answer" not in came
