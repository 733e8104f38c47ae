"""What leaves for an environment, and what is kept of what comes back."""

from __future__ import annotations

import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from contract.judging.exchange import Exchange, Failure, Response
from contract.judging.reading import Unjudged, read
from contract.spec.operations import Operation
from contract_tests.observing.sending import Manners, not_sent, observe
from tests.loopback import SILENT, raw_server, sample_server

PROXY_HINT = "Correct that, name the host in NO_PROXY, or give --proxy none."
ONCE = Manners(samples=1, rate=1000, answer_timeout=0.6, max_answer=1000)


def sending(*parts: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(b"".join(parts))


def body(content: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", *headers, b"Content-Length: %d" % len(content), b"", content]
    return b"\r\n".join(lines)


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    for _ in range(40):
        connection.sendall(b" ")
        time.sleep(0.05)


def drip_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(40):
        connection.sendall(b"X: y\r\n")
        time.sleep(0.05)


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def once(operation: Operation, url: str) -> Exchange:
    (exchange,) = observe(operation, url, ONCE)
    return exchange


GZIP = zlib.compressobj(wbits=31)
ZIPPED = GZIP.compress(b'{"a": 1}') + GZIP.flush()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (sending(), "hung-up"),
        (reset, "reset"),
        (sending(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "not-http"),
        (sending(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), "cut"),
        (sending(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "not-http"),
        (drip, "timeout"),
        (drip_headers, "timeout"),
        (sending(body(b" " * 1001)), "too-large"),
        (sending(body(zlib.compress(b" " * 99999), b"Content-Encoding: deflate")), "too-large"),
        (sending(body(ZIPPED[:-9], b"Content-Encoding: gzip")), "undecodable"),
        (sending(body(b"{}", b"Content-Encoding: gzip")), "undecodable"),
        (sending(body(b"{}", b"Content-Encoding: br")), "undecodable"),
    ],
    ids=[
        "hangs-up",
        "reset",
        "not-http",
        "cut-body",
        "bad-chunk",
        "slow-body",
        "slow-headers",
        "too-large",
        "bomb",
        "cut-gzip",
        "no-gzip",
        "brotli",
    ],
)
def test_whatever_is_no_whole_answer_is_a_failure_of_its_kind(
    operation: Operation, answer: Callable[[socket.socket], object], kind: str
) -> None:
    with raw_server(answer) as url:
        outcome = once(operation, url).outcome

    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.evidence != "") == (kind, True)


@pytest.mark.parametrize(
    ("url", "kind", "hint"),
    [
        (SILENT, "refused", "Is a server listening there, and the VPN up?"),
        ("http://nowhere.invalid", "dns", "Is the name right, and the VPN up?"),
        ("http://127.255.255.255", "unreachable", "Is the address right, and the VPN up?"),
    ],
    ids=["refused", "dns", "unreachable"],  # nobody can be reached at an address of broadcasts
)
def test_an_address_that_leads_nowhere_is_told_as_such_with_what_may_help(
    operation: Operation, url: str, kind: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")

    outcome = once(operation, url).outcome

    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.hint) == (kind, hint)


@pytest.mark.parametrize(
    ("answer", "kind", "hint"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "not-http", "Is this the port of an HTTP server?"),
        (
            b"HTTP/1.1 407 No\r\n\r\n",
            "proxy",
            f"The proxy {{}} (HTTPS_PROXY) did not let the call through. {PROXY_HINT}",
        ),
    ],
    ids=["not-http", "proxy"],
)
def test_what_stands_in_the_way_is_told_with_what_may_help(
    operation: Operation, answer: bytes, kind: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with raw_server(sending(answer)) as url:
        monkeypatch.setenv("HTTPS_PROXY", url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        outcome = once(operation, url if kind == "not-http" else "https://nowhere.invalid").outcome

    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.hint) == (kind, hint.format(url))


def test_a_call_that_was_not_made_reads_as_not_observed_and_says_what_it_needs(
    operation: Operation,
) -> None:
    found = read(not_sent(operation, "an address"), operation, ())

    assert found == Unjudged("not-observed", "needs an address")


def test_a_server_without_tls_is_told_as_such(operation: Operation) -> None:
    with raw_server(sending(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as url:
        outcome = once(operation, url.replace("http:", "https:")).outcome

    assert isinstance(outcome, Failure)
    assert outcome.kind == "tls"


def test_an_authority_that_nobody_trusts_is_told_with_what_may_help(
    operation: Operation, tls: ssl.SSLContext
) -> None:
    with raw_server(sending(body(b"{}")), tls) as url:
        outcome = once(operation, url).outcome

    assert isinstance(outcome, Failure)
    assert outcome.kind == "tls"
    assert re.findall("--scheme http|REQUESTS_CA_BUNDLE|--insecure", outcome.hint) == [
        "--scheme http",
        "REQUESTS_CA_BUNDLE",
        "--insecure",
    ]


BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with the authority in it, which no variable names yet."""
    for name in BUNDLES:
        monkeypatch.delenv(name, raising=False)
    authority.cert_pem.write_to_path(tmp_path / "bundle.pem")
    return str(tmp_path / "bundle.pem")


@pytest.mark.parametrize("name", BUNDLES)
def test_an_authority_is_trusted_that_the_surroundings_name(
    name: str,
    operation: Operation,
    tls: ssl.SSLContext,
    bundle: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(name, bundle)

    with raw_server(sending(body(b"{}")), tls) as url:
        assert isinstance(once(operation, url).outcome, Response)


def test_any_authority_will_do_where_nothing_is_verified(
    operation: Operation, tls: ssl.SSLContext
) -> None:
    with raw_server(sending(body(b"{}")), tls) as url:
        (exchange,) = observe(operation, url, replace(ONCE, verify=False))

    assert isinstance(exchange.outcome, Response)


def test_an_encoding_that_was_not_asked_for_is_undone(operation: Operation) -> None:
    with raw_server(sending(body(ZIPPED, b"Content-Encoding: gzip"))) as url:
        outcome = once(operation, url).outcome

    assert isinstance(outcome, Response)
    assert outcome.body == b'{"a": 1}'


def test_headers_are_kept_as_they_came_and_found_whatever_their_case(operation: Operation) -> None:
    with raw_server(sending(body(b"{}", b"X-One: 1", b"x-one: 2"))) as url:
        outcome = once(operation, url).outcome

    assert isinstance(outcome, Response)
    assert [pair for pair in outcome.headers if pair[0].lower() == "x-one"] == [
        ("X-One", "1"),
        ("x-one", "2"),
    ]
    assert outcome.header("X-ONE") == "1"


def test_a_redirect_is_not_followed(operation: Operation) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"
    with raw_server(sending(moved)) as url:
        outcome = once(operation, url).outcome

    assert isinstance(outcome, Response)
    assert outcome.status == 302


def test_a_cookie_is_not_returned(operation: Operation) -> None:
    arrived: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        for _ in range(2):
            connection.sendall(body(b"{}", b"Set-Cookie: a=b; Path=/"))
            arrived.append(connection.recv(65536))

    with raw_server(answer) as url:
        tuple(observe(operation, url, Manners(samples=2, rate=1000)))

    assert (len(arrived), b"ookie" in arrived[0]) == (2, False)


def test_the_calls_of_an_operation_share_one_connection(operation: Operation) -> None:
    connections: list[int] = []

    def answer(connection: socket.socket) -> None:
        connections.append(1)
        for _ in range(3):
            connection.sendall(body(b"{}"))
            connection.recv(65536)

    with raw_server(answer) as url:
        exchanges = tuple(observe(operation, url, Manners(samples=3, rate=1000)))

    assert (len(connections), [exchange.number for exchange in exchanges]) == (1, [1, 2, 3])


def test_calls_keep_their_distance(operation: Operation) -> None:
    with sample_server(lambda _: None) as (url, _):
        started = time.monotonic()
        tuple(observe(operation, url, Manners(samples=3, rate=20)))

    assert time.monotonic() - started >= 2 / 20


def test_an_exchange_says_how_to_make_the_call_again(operation: Operation) -> None:
    assert once(operation, SILENT).request.curl == (
        "curl -sS -X POST -H 'Accept: application/json' -d '' -H Content-Type: "
        "http://127.0.0.1:9/oauth/api/account/getImgCode"
    )
