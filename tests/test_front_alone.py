"""The outermost application by itself, around applications that are written here."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable

import pytest
from connexion.middleware.routing import ROUTING_CONTEXT
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.limits import ADMIN_BODY, LARGEST_BODY
from mock_server.origins import VARY
from mock_server.page import FILES
from mock_server.serving import front
from mock_server.serving.front import Front
from mock_server.state.journal import JournalEntry
from mock_server.state.journalling import LARGEST_DETAIL
from mock_server.state.memory import InMemory
from mock_server.state.sessions import SHARED

Headers = list[tuple[bytes, bytes]]


def answering(status: int = 200, *bodies: bytes, headers: Headers | None = None) -> ASGIApp:
    """Answer every request alike."""

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": status, "headers": list(headers or [])}
        await send(start)
        for body in bodies or (b"",):
            await send({"type": "http.response.body", "body": body})

    return app


def reading(parts: list[int]) -> ASGIApp:
    """Read the whole body, note the size of each part, and answer."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            message = await receive()
            parts.append(len(message.get("body", b"")))
            more = message.get("more_body", False)
        await answering()(scope, receive, send)

    return app


def asked(  # noqa: PLR0913 - what a request has
    served: ASGIApp,
    path: str = "/it",
    method: str = "GET",
    *,
    headers: Headers | None = None,
    query: bytes = b"",
    body: Iterable[Message] = (),
    **named: object,
) -> tuple[list[Message], list[JournalEntry], list[JournalEntry]]:
    """Send one request; give what came, the journal, and what was logged."""
    sent: list[Message] = []
    logged: list[JournalEntry] = []
    state = InMemory()
    parts = iter(body)
    scope: dict[str, object] = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": headers or [],
        "extensions": {},
        **named,
    }

    async def receive() -> Message:
        part = next(parts, None)
        if part is None:
            await asyncio.sleep(60)
        return part or {}

    async def send(message: Message) -> None:
        sent.append(message)

    admin = answering(299)
    try:
        asyncio.run(Front(served, admin, state, logged.append)(scope, receive, send))
    finally:
        journal = list(asyncio.run(state.journal(SHARED)))
        assert len(journal) == len(logged)
    return sent, journal, logged


# Who answers


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 200),
        ("/", "HEAD", 200),
        ("/", "POST", 204),
        ("/__page/page.css", "GET", 200),
        ("/__page/none.css", "GET", 204),
        ("/__page/contract", "GET", 204),
        ("/__admin", "GET", 307),
        ("/__admin/", "POST", 307),
        ("/__admin/health", "GET", 299),
        ("/__administration", "GET", 204),
        ("/it", "GET", 204),
    ],
)
def test_a_path_is_answered_by_the_page_by_the_interface_or_by_the_spec(
    path: str, method: str, status: int
) -> None:
    sent, journal, _ = asked(answering(204), path, method)

    assert (sent[0]["status"], len(journal)) == (status, status == 204)


def test_the_page_is_delivered_as_it_stands() -> None:
    sent, *_ = asked(answering(), "/")

    assert sent[1]["body"] == FILES["/"].body


@pytest.mark.parametrize(("path", "page"), [("/__admin", b"__admin/ui/"), ("/__admin/", b"ui/")])
def test_the_interface_leads_to_its_page_below_whatever_path_a_proxy_gives(
    path: str, page: bytes
) -> None:
    sent, *_ = asked(answering(), path)

    assert (b"location", page) in sent[0]["headers"]


# The journal


@pytest.mark.parametrize(
    ("status", "bodies", "why"),
    [
        (200, [b'{"detail": "x"}'], None),
        (399, [b'{"detail": "x"}'], None),
        (400, [b'{"detail": "x"}'], "x"),
        (404, [b'{"detail": "x"}', b'{"detail": "y"}'], "x"),
        (404, [b"", b'{"detail": "y"}'], "y"),
        (500, [b"no json"], None),
        (500, [b'["detail"]'], None),
        (500, [b'{"detail": 7}'], None),
        (500, [b'{"other": "x"}'], None),
    ],
    ids=str,
)
def test_the_journal_tells_the_status_and_why_a_request_was_refused(
    status: int, bodies: list[bytes], why: str | None
) -> None:
    _, journal, logged = asked(answering(status, *bodies))

    (entry,) = journal
    assert (entry.status, entry.why, logged) == (status, why, [entry])


@pytest.mark.parametrize(
    ("query", "named", "target"),
    [
        (b"", {}, "/it"),
        (b"a=1", {}, "/it?a=1"),
        (b"a=1", {"raw_path": b"/%E5%A4%B1"}, "/%E5%A4%B1?a=1"),
        (b"", {"raw_path": b"/\xff"}, "/\xff"),
    ],
)
def test_the_journal_tells_the_target_as_it_was_sent(
    query: bytes, named: dict[str, object], target: str
) -> None:
    _, journal, _ = asked(answering(), query=query, **named)  # type: ignore[arg-type]

    assert journal[0].target == target


def test_the_journal_tells_the_operation_and_the_time_that_it_took() -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.02)
        scope["extensions"][ROUTING_CONTEXT] = {"operation_id": "it"}
        await answering()(scope, receive, send)

    _, journal, _ = asked(slow)

    assert (journal[0].operation, 0.02 <= journal[0].seconds < 10) == ("it", True)


def test_the_journal_tells_a_request_whose_application_fails() -> None:
    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError

    state = InMemory()

    async def nothing() -> Message:
        return {}

    async def drop(_: Message) -> None:
        """Take what is sent."""

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/it",
        "query_string": b"",
        "headers": [],
        "extensions": {},
    }
    with pytest.raises(LookupError):
        asyncio.run(Front(failing, failing, state)(scope, nothing, drop))

    journal = asyncio.run(state.journal(SHARED))
    assert [(each.target, each.status) for each in journal] == [("", None)]


# Limits


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        *[("/it", length, 204) for length in (0, LARGEST_BODY)],
        ("/it", LARGEST_BODY + 1, 413),
        *[("/__admin/settings", length, 204) for length in (0, ADMIN_BODY)],
        ("/__admin/settings", ADMIN_BODY + 1, 413),
    ],
)
def test_a_length_is_refused_beyond_what_a_body_may_have(
    path: str, length: int, status: int
) -> None:
    told = "10240 KiB" if path == "/it" else "64 KiB"
    sent, *_ = asked(answering(204), path, "POST", headers=[(b"content-length", b"%d" % length)])

    expected = 299 if path != "/it" and status == 204 else status
    assert sent[0]["status"] == expected
    assert status == 204 or told in json.loads(sent[1]["body"])["detail"]


def part(size: int, *, more: bool = True) -> Message:
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


@pytest.mark.parametrize(
    ("parts", "sizes"),
    [
        ([part(3, more=False)], [3]),
        ([part(3), part(4), part(0, more=False)], [3, 4, 0]),
        ([part(LARGEST_BODY - 1), part(1, more=False)], [LARGEST_BODY - 1, 1]),
        ([{"type": "http.request"}], [0]),
    ],
    ids=["one", "several", "the most", "empty"],
)
def test_a_body_is_read_part_by_part(parts: list[Message], sizes: list[int]) -> None:
    read: list[int] = []

    sent, *_ = asked(reading(read), body=parts)

    assert (read, sent[0]["status"]) == (sizes, 200)


@pytest.mark.parametrize(
    "parts",
    [[part(LARGEST_BODY), part(1, more=False)], [part(LARGEST_BODY + 1, more=False)]],
    ids=["in-two-parts", "in-one"],
)
def test_a_body_that_grows_too_large_is_refused_while_it_is_read(parts: list[Message]) -> None:
    with pytest.raises(HTTPException) as refused:
        asked(reading([]), body=parts)

    assert (refused.value.status_code, "10240 KiB" in refused.value.detail) == (413, True)


def test_a_body_that_stops_coming_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "PATIENCE", 0.02)

    with pytest.raises(HTTPException) as refused:
        asked(reading([]), body=[part(3)])

    assert (refused.value.status_code, "did not come within" in refused.value.detail) == (408, True)


def test_a_body_that_drips_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "BODY_TIME", 0.05)
    dripping = (part(1) for _ in iter(lambda: time.sleep(0.01), 1))

    with pytest.raises(HTTPException) as refused:
        asked(reading([]), body=dripping)

    assert (refused.value.status_code, "the body did not come" in refused.value.detail) == (
        408,
        True,
    )


def test_the_journal_keeps_little_of_what_a_refusal_says() -> None:
    detail = json.dumps({"detail": "x" * 60_000}).encode()

    _, journal, _ = asked(answering(404, detail))

    assert [len(entry.why or "") for entry in journal] == [LARGEST_DETAIL]


def test_what_comes_after_the_whole_body_is_waited_for_without_a_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(front, "PATIENCE", 0.02)
    came: list[str] = []

    async def watching(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await receive()
        came.append("still waiting")
        await answering()(scope, receive, send)

    asked(watching, body=[part(3, more=False)])

    assert came == ["still waiting"]


# What an answer depends on


ALL = b", ".join(name.encode() for name in VARY)


@pytest.mark.parametrize(
    ("headers", "vary"),
    [
        ([], ALL),
        ([(b"vary", b"Accept")], b"Accept, " + ALL),
        ([(b"vary", b"Accept"), (b"vary", b"DNT")], b"Accept, DNT, " + ALL),
        ([(b"vary", ALL)], ALL),
        ([(b"vary", VARY[0].encode())], ALL),
    ],
    ids=["nothing", "another", "two", "all", "one"],
)
def test_an_answer_says_what_it_may_depend_on_beside_what_it_says_already(
    headers: Headers, vary: bytes
) -> None:
    sent, *_ = asked(answering(200, b"x", headers=[(b"x-a", b"1"), *headers]))

    assert [value for name, value in sent[0]["headers"] if name == b"vary"] == [vary]
    assert (b"x-a", b"1") in sent[0]["headers"]


ANYTHING, A_PAGE = (b"accept", b"*/*"), (b"origin", b"http://x")


@pytest.mark.parametrize(
    ("headers", "read"),
    [([], False), ([ANYTHING], False), ([A_PAGE], True), ([ANYTHING, A_PAGE], True)],
    ids=["nothing", "nobody's page", "a page", "a page that takes anything"],
)
def test_a_page_may_read_an_answer_and_nobody_else_is_told_so(
    headers: Headers, *, read: bool
) -> None:
    sent, *_ = asked(answering(), headers=headers)

    names = {name for name, _ in sent[0]["headers"]}
    assert (b"access-control-allow-origin" in names) is read
