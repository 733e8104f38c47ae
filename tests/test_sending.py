"""How the documented call is sent and made again, with answers that are written here."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from contract.judging.exchange import Exchange, Failure, Response
from contract.spec.operations import Operation
from contract_tests.observing import sending
from contract_tests.observing.caller import Caller
from contract_tests.observing.sending import USER_AGENT, Manners, not_sent, observe
from tests.loopback import raw_server
from tests.test_calls import operation_of, with_body

OK, BUSY = Response(200, (), b"{}"), Response(503, (), b"")
FAST = Manners(samples=1, rate=1e9)
Outcome = Response | Failure
Observed = Callable[..., tuple[tuple[Exchange, ...], list[float]]]


def slow(*after: str) -> Response:
    """Ask for another call after some time."""
    return Response(429, tuple(("Retry-After", each) for each in after), b"")


@pytest.fixture
def observed(operation: Operation, monkeypatch: pytest.MonkeyPatch) -> Observed:
    """Observe what comes, the last of it again and again; give the exchanges and the pauses."""

    def observed(
        *came: Outcome, manners: Manners = FAST
    ) -> tuple[tuple[Exchange, ...], list[float]]:
        left = list(came)
        pauses: list[float] = []

        async def answer(*_: object) -> Outcome:
            return left.pop(0) if len(left) > 1 else left[0]

        async def sleep(seconds: float) -> None:
            pauses.append(seconds)

        monkeypatch.setattr(Caller, "_outcome", answer)
        monkeypatch.setattr(asyncio, "sleep", sleep)
        return tuple(observe(operation, "http://127.0.0.1:9", manners)), pauses

    return observed


@pytest.mark.parametrize(
    ("came", "tries", "status"),
    [
        ([OK], 1, 200),
        ([BUSY, OK], 2, 200),
        ([BUSY, BUSY, OK], 3, 200),
        ([BUSY, BUSY, BUSY, OK], 3, 503),
        *(([Response(status, (), b""), OK], 2, 200) for status in (502, 503, 504)),
        *(
            ([Response(status, (), b""), OK], 1, status)
            for status in (301, 400, 408, 429, 500, 501)
        ),
        *(([Failure(kind, "x"), OK], 2, 200) for kind in ("refused", "reset", "dns", "hung-up")),
        *(([Failure(kind, "x"), OK], 1, None) for kind in ("timeout", "tls", "cut", "too-large")),
        ([slow("30"), OK], 2, 200),
        ([slow("31"), OK], 1, 429),
        ([slow("soon"), OK], 1, 429),
        ([slow("-1"), OK], 1, 429),
        ([slow(""), OK], 1, 429),
        ([slow("9" * 5000), OK], 1, 429),
        ([slow("0" * 5000 + "7"), OK], 2, 200),
        ([slow("²"), OK], 1, 429),
    ],
)
def test_what_may_pass_by_itself_is_tried_again_and_nothing_else(
    came: list[Outcome], tries: int, status: int | None, observed: Observed
) -> None:
    (seen,), _ = observed(*came)

    ended = seen.outcome.status if isinstance(seen.outcome, Response) else None
    assert (len(seen.earlier) + 1, ended) == (tries, status)


@pytest.mark.parametrize(
    ("came", "pauses"),
    [
        ([OK], []),
        ([BUSY, OK], [0.5]),
        ([BUSY], [0.5, 1.0]),
        ([Failure("reset", "x"), BUSY, OK], [0.5, 1.0]),
        ([slow("0"), OK], [0.5]),
        ([slow("7"), OK], [7.0]),
        ([slow("30"), slow("0"), OK], [30.0, 1.0]),
        ([slow("9", "1"), OK], [9.0]),
    ],
)
def test_every_try_waits_longer_and_as_long_as_the_service_asks(
    came: list[Outcome], pauses: list[float], observed: Observed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "FIRST_PAUSE", 0.5)

    assert observed(*came)[1] == pauses


def test_a_call_that_was_made_again_keeps_what_came_before_it(observed: Observed) -> None:
    before = datetime.now(UTC)

    (seen,), _ = observed(BUSY, Failure("reset", "x"), OK)

    assert [each.outcome for each in seen.earlier] == [BUSY, Failure("reset", "x")]
    assert all(before <= each.started <= datetime.now(UTC) for each in seen.earlier)
    assert all(0 <= each.seconds < 60 for each in seen.earlier)


@pytest.mark.parametrize(
    ("came", "tries"),
    [
        ([BUSY], [3, 1, 1]),
        ([BUSY, OK, BUSY, OK, OK], [2, 2, 1]),
        ([BUSY, BUSY, BUSY, OK, BUSY, OK], [3, 1, 1]),
        ([Response(500, (), b""), BUSY, OK, OK], [1, 2, 1]),
    ],
)
def test_after_a_call_that_was_made_again_in_vain_no_other_is_made_again(
    came: list[Outcome], tries: list[int], observed: Observed
) -> None:
    seen, _ = observed(*came, manners=replace(FAST, samples=3))

    assert [len(each.earlier) + 1 for each in seen] == tries
    assert [each.number for each in seen] == [1, 2, 3]


def test_calls_keep_their_distance_and_the_last_is_followed_by_no_pause(
    observed: Observed,
) -> None:
    _, pauses = observed(OK, manners=replace(FAST, samples=3, rate=0.1))

    assert (len(pauses), all(9 < each <= 10 for each in pauses)) == (2, True)


def test_calls_that_take_longer_than_their_distance_follow_at_once(observed: Observed) -> None:
    assert observed(OK, manners=replace(FAST, samples=2, rate=1e12))[1] == [0.0]


def test_one_sample_is_one_call_without_a_pause(observed: Observed) -> None:
    seen, pauses = observed(OK)

    assert (len(seen), pauses) == (1, [])


# What is sent


def request_of(
    operation: Operation, base_url: str = "http://127.0.0.1:9", **words: object
) -> Exchange:
    manners = replace(FAST, **words)  # type: ignore[arg-type]
    (seen,) = observe(operation, base_url, manners)
    return seen


USUAL = (
    ("Host", "127.0.0.1:9"),
    ("Accept", "application/json"),
    ("Accept-Encoding", "identity"),
    ("User-Agent", USER_AGENT),
)


@pytest.mark.parametrize(
    ("operation", "body", "more"),
    [
        (operation_of(), b"", (("Content-Length", "0"),)),
        (replace(operation_of(), method="GET"), b"", ()),
        (
            with_body({}, {"a": 1}),
            b'{"a": 1}',
            (("Content-Length", "8"), ("Content-Type", "application/json")),
        ),
        (
            replace(with_body({}, {"a": 1}), method="PUT"),
            b'{"a": 1}',
            (("Content-Length", "8"), ("Content-Type", "application/json")),
        ),
    ],
    ids=["post", "get", "post-with-a-body", "put-with-a-body"],
)
def test_a_call_has_the_documented_headers_and_hardly_others(
    operation: Operation, body: bytes, more: tuple[tuple[str, str], ...]
) -> None:
    request = request_of(operation).request

    assert (request.headers, request.body, request.sent) == ((*USUAL, *more), body, None)


def test_a_host_is_named_without_user_and_password() -> None:
    request = request_of(operation_of(), "http://u:p@127.0.0.1:9").request

    assert (request.headers[0], request.url) == (
        ("Host", "127.0.0.1:9"),
        "http://u:p@127.0.0.1:9/it",
    )


def test_headers_of_whoever_runs_the_tests_are_sent_last_and_secret() -> None:
    request = request_of(operation_of(), headers=(("X-Door", "k3y"),)).request

    assert (request.headers[-1], set(request.secret)) == (("X-Door", "k3y"), {"X-Door"})


def test_a_header_replaces_what_is_sent_by_its_name_in_whatever_case() -> None:
    headers = (("USER-AGENT", "mine"), ("accept", "*/*"), ("X-A", "1"), ("x-a", "2"))

    request = request_of(operation_of(), headers=headers).request

    usual = [pair for pair in USUAL if pair[0] not in {"User-Agent", "Accept"}]
    assert request.headers == (*usual, ("Content-Length", "0"), *headers)


def test_an_international_host_is_named_in_ascii() -> None:
    request = request_of(operation_of(), "http://例子.invalid:8080", direct=True).request

    assert request.headers[0] == ("Host", "xn--fsqu00a.invalid:8080")


def test_a_secret_value_is_sent_and_not_shown() -> None:
    operation = with_body({"properties": {"a": {"type": "string"}}}, {"a": "shown"})

    request = request_of(operation, parameter_values={"it": {"a": "k3y-0f"}}).request

    assert request.sent == ("http://127.0.0.1:9/it", b'{"a": "k3y-0f"}')
    assert (request.body, set(request.values)) == (b'{"a": "[redacted]"}', {"k3y-0f"})


@pytest.mark.parametrize(("invents", "kind"), [(False, "not-sent"), (True, "refused")])
def test_a_call_that_needs_a_value_is_sent_only_where_values_may_be_made_up(
    kind: str, *, invents: bool
) -> None:
    operation = with_body({"type": "string"}, required=True)

    seen = request_of(operation, invents=invents, samples=1)

    assert isinstance(seen.outcome, Failure)
    assert (seen.outcome.kind, seen.number) == (kind, 1)
    assert kind == "refused" or (seen.outcome.evidence, seen.seconds) == (
        "needs the request's body",
        0.0,
    )


def test_a_call_that_was_not_sent_says_what_it_needs(operation: Operation) -> None:
    seen = not_sent(operation, "an address")

    assert (seen.number, seen.seconds, seen.outcome) == (
        *(1, 0.0),
        Failure("not-sent", "needs an address"),
    )


@pytest.mark.parametrize("example", [{"a": "甲"}, None], ids=["a-body", "none"])
def test_what_reaches_the_server_is_the_documented_call_and_nothing_else(example: object) -> None:
    arrived: list[tuple[list[bytes], bytes]] = []
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        connection, _ = server.accept()
        with connection:
            connection.settimeout(5)
            read = b""
            while b"\r\n\r\n" not in read:
                read += connection.recv(65536)
            head, _, body = read.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            while len(body) < length:
                body += connection.recv(65536)
            names = [line.partition(b":")[0] for line in head.split(b"\r\n")[1:]]
            arrived.append((names, body))
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    thread = threading.Thread(target=answer)
    thread.start()
    operation = operation_of() if example is None else with_body({}, example)
    with server:
        tuple(observe(operation, f"http://127.0.0.1:{server.getsockname()[1]}", FAST))
        thread.join()

    usual = [b"Host", b"Accept", b"Accept-Encoding", b"User-Agent", b"Content-Length"]
    assert arrived == [
        (usual, b"") if example is None else ([*usual, b"Content-Type"], '{"a": "甲"}'.encode())
    ]


def test_whoever_stops_early_closes_the_connection(operation: Operation) -> None:
    ended: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        ended.append(connection.recv(1))

    with raw_server(answer) as url:
        exchanges = observe(operation, url, replace(FAST, samples=3))
        next(exchanges)
        exchanges.close()  # type: ignore[attr-defined]

    assert ended == [b""]


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("http://[::1]:9", b"POST http://[::1]:9/it HTTP/1.1"),
        ("https://[::1]:9", b"CONNECT [::1]:9 HTTP/1.1"),
        ("http://例子.invalid", b"POST http://xn--fsqu00a.invalid/it HTTP/1.1"),
        ("https://h.invalid/a", b"CONNECT h.invalid:443 HTTP/1.1"),
    ],
)
def test_a_proxy_is_asked_as_the_standard_says(url: str, line: bytes) -> None:
    arrived: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        arrived.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")

    with raw_server(answer, reads=False) as proxy:
        tuple(observe(operation_of(), url, replace(FAST, proxy=proxy)))

    assert [each.partition(b"\r\n")[0] for each in arrived] == [line]


# What is waited for


@pytest.mark.parametrize(
    ("came", "last"),
    [
        *(([Failure(kind, "x"), OK], Failure(kind, "x")) for kind in ("refused", "dns", "tls")),
        *(([Failure(kind, "x"), OK], Failure(kind, "x")) for kind in ("proxy", "timeout")),
        ([Failure("dns", "x"), BUSY, OK], BUSY),
        ([OK], None),
        ([Response(500, (), b""), OK], None),
        ([Failure("not-http", "x"), OK], None),
    ],
)
def test_a_deployment_is_waited_for_until_it_answers(
    came: list[Outcome], last: Outcome | None, observed: Observed
) -> None:
    seen, pauses = observed(*came, manners=replace(FAST, samples=2, wait=600))

    waits = [each.wait.outcome if each.wait else None for each in seen]
    assert (waits, [each.number for each in seen]) == ([last, None], [1, 2])
    assert pauses[: len(came) - 1 if last else 0] == [2.0] * (len(came) - 1 if last else 0)
    assert all(each.earlier == () for each in seen)


def test_when_the_time_for_waiting_is_over_the_run_goes_on(
    observed: Observed, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))

    seen, _ = observed(BUSY, manners=replace(FAST, samples=2, wait=20))

    first, second = seen
    assert (first.outcome, second.outcome, second.wait, second.earlier) == (BUSY, BUSY, None, ())
    assert first.wait is not None
    assert (first.wait.outcome, first.wait.seconds >= 20) == (BUSY, True)


# What comes


def test_an_answer_is_kept_with_its_moment_and_both_of_its_times(operation: Operation) -> None:
    def answer(connection: socket.socket) -> None:
        time.sleep(0.03)
        connection.sendall(b"HTTP/1.0 200 OK\r\nX-A: \xe9\r\nContent-Length: 2\r\n\r\n")
        time.sleep(0.03)
        connection.sendall(b"{}")

    before = datetime.now(UTC)
    with raw_server(answer) as url:
        (seen,) = observe(operation, url, FAST)

    assert isinstance(seen.outcome, Response)
    assert seen.outcome == Response(
        200, (("X-A", "é"), ("Content-Length", "2")), b"{}", "HTTP/1.0", 2
    )
    assert seen.started is not None
    assert seen.waited is not None
    assert before <= seen.started <= datetime.now(UTC)
    assert 0.02 < seen.waited < seen.seconds < 30


@pytest.mark.parametrize(("size", "kind"), [(1000, "Response"), (1001, "Failure")])
def test_a_body_may_have_as_many_bytes_as_are_taken_and_no_more(
    size: int, kind: str, operation: Operation
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size
    with raw_server(lambda connection: connection.sendall(head + b" " * size)) as url:
        (seen,) = observe(operation, url, replace(FAST, max_answer=1000))

    assert type(seen.outcome).__name__ == kind


def test_the_rest_of_a_body_that_is_too_large_is_not_waited_for(operation: Operation) -> None:
    ended: list[bytes] = []

    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + b" " * 11)
        ended.append(connection.recv(1))

    with raw_server(answer) as url:
        tuple(observe(operation, url, replace(FAST, samples=2, max_answer=10)))

    assert ended == [b"", b""]


def test_a_call_without_an_answer_waited_as_long_as_it_took(operation: Operation) -> None:
    (seen,) = observe(operation, "http://127.0.0.1:9", FAST)

    assert seen.waited == seen.seconds


@pytest.fixture
def trusted(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: ssl.SSLContext
) -> ssl.SSLContext:
    """What a server needs to speak TLS by a certificate that is trusted here."""
    authority.cert_pem.write_to_path(tmp_path / "bundle.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "bundle.pem"))
    return tls


@pytest.mark.parametrize("proxied", [False, True])
def test_after_a_failure_of_tls_the_next_call_is_fresh(
    operation: Operation, trusted: ssl.SSLContext, *, proxied: bool
) -> None:
    connections: list[int] = []

    def answer(connection: socket.socket) -> None:
        connections.append(1)
        if proxied:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if len(connections) == 1:
            connection.sendall(b"this is no TLS\r\n")
            return
        with trusted.wrap_socket(connection, server_side=True) as secure:
            for _ in range(2):
                secure.recv(65536)
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with raw_server(answer, reads=proxied) as url:
        manners = replace(FAST, samples=3, proxy=url if proxied else None)
        seen = tuple(observe(operation, url.replace("http:", "https:"), manners))

    kinds = [each.outcome.kind for each in seen if isinstance(each.outcome, Failure)]
    assert (kinds, len(seen), len(connections)) == (["tls"], 3, 2)


def test_by_default_ten_seconds_and_a_mebibyte_are_enough_and_servers_prove_who_they_are() -> None:
    assert (FAST.answer_timeout, FAST.max_answer, FAST.verify) == (10.0, 1 << 20, True)
    assert (FAST.invents, FAST.direct) == (False, False)
