"""Between routing and the mock server's own answers: calls go on to an upstream, and are judged.

Only a routed call goes on, to the one address that its operation has, and what comes is passed back
as it came. A call that asks for an answer of the mock server, or whose session does, is answered
here. With `--fallback`, so is what the upstream cannot be reached for, or lacks.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.judging.exchange import Exchange, Failure, Request, Response
from contract.reaching.content_encodings import too_large
from contract.reaching.environments import Misuse, address
from contract.spec.operations import Operation, Spec, UnreadOperation
from mock_server.app import CHOICE
from mock_server.delivery import deliver
from mock_server.forwarding import Headers, come_back, refusal_of, sent_on, tail_of, target_of
from mock_server.journal import ENTRY
from mock_server.judged_traffic import UNDER_WAY, JudgedAnswer, inconclusive
from mock_server.preferences import preferences_of
from mock_server.problems import problem
from mock_server.routing import operation_id
from mock_server.upstream import Upstream
from mock_server.upstream_call import Unanswered, UpstreamCall
from mock_server.upstream_options import Passage, UnusableUpstream
from mock_server.wire import CONNECTION, Wire, send_wire

FALLBACK = b"x-contract-fallback"
"""The header that says why the mock server answered in place of the upstream."""

HELD = 2.0
"""Seconds that an answer waits for its end, and for its verdict; then it goes out without."""

HALF_CLOSED = 2.0
"""Seconds that a client gets its answer in once it has closed its side; mostly it is gone."""

_LOOK = 0.25
"""Seconds between two looks at whether a client has closed its side."""
_LACKING = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}
    | {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
"""Statuses that say that the upstream lacks an operation, or that nobody is behind it."""
_WITHOUT_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
_STATUSES = range(200, 600)
_STREAMED = "it goes out before its end; the journal has the verdict when it is whole"
_LATER = "it is still being judged; the journal has the verdict"
_HUNG_UP = "the client hung up"


class _Ours(Exception):  # noqa: N818 - it is what happens next
    """The mock server answers, or says why the upstream does not."""

    def __init__(self, why: str, judged: JudgedAnswer, status: HTTPStatus) -> None:
        super().__init__(why)
        self.why, self.judged, self.status = why, judged, status


class _Cut(Exception):  # noqa: N818 - likewise
    """The answer ended early, after it had begun to go out."""


@dataclass(slots=True, kw_only=True)
class _Passed:
    """One call on its way, and what its answer looks like so far."""

    operation: Operation | UnreadOperation
    scope: Scope
    send: Send
    request: Request
    base_path: bytes
    moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = field(default_factory=time.monotonic)
    waited: float = 0.0
    answered_by: str = "upstream"

    def exchange(self, outcome: Response | Failure) -> Exchange:
        """Give the call as a value; it is one sample of its own, as one of a recording is."""
        seconds = time.monotonic() - self.started
        waited = self.waited or seconds
        return Exchange(1, self.request, outcome, seconds, self.moment, waited, recorded=True)

    def journal(self, judged: JudgedAnswer) -> None:
        """Say in the journal what is known of the answer."""
        _in_journal(self.scope, judged.as_json(answered_by=self.answered_by))


class Passing:
    """All that passes calls on, as `upstream_options.py` has it."""

    def __init__(self, passage: Passage, report: Callable[[str], object]) -> None:
        try:
            self.upstream = Upstream(passage, report)
        except Misuse as misuse:
            raise UnusableUpstream(str(misuse)) from None

    def __str__(self) -> str:
        return str(self.upstream)

    def check(self, spec: Spec, own: tuple[str, int] | None = None) -> None:
        """Make sure that the upstream of a spec can be called.

        Raises:
            UnusableUpstream: it cannot.
        """
        try:
            self.upstream.check(spec, own)
        except Misuse as misuse:
            raise UnusableUpstream(str(misuse)) from None

    def between(self, spec: Spec) -> Callable[[ASGIApp], ASGIApp]:
        """Give what stands between routing and the mock server's own answers."""
        return partial(PassingMiddleware, spec=spec, upstream=self.upstream)

    async def hang_up(self) -> None:
        """Close the connections to the upstream."""
        await self.upstream.hang_up()

    def close(self) -> None:
        """Stop judging, and write what was recorded.

        Raises:
            OSError: it cannot be written.
        """
        self.upstream.traffic.close()


class PassingMiddleware:
    """Passes the calls of operations on, or lets the mock server answer them."""

    def __init__(self, app: ASGIApp, *, spec: Spec, upstream: Upstream) -> None:
        self.app = app
        known: list[Operation | UnreadOperation] = [*spec.unread, *spec.operations]
        self.operations = {each.id: each for each in known}
        self.upstream = upstream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        operation = self.operations.get(operation_id(scope) or "")
        if operation is None or CHOICE in scope["extensions"] or _prefers(scope):
            await self.app(scope, receive, send)
            return
        refusal = refusal_of(scope, operation, self.upstream.passage.hosts)
        if refusal is not None:
            await deliver(refusal.answer, send)
            return
        body = await _whole(receive)
        if body is None:
            return
        _in_journal(scope, UNDER_WAY)
        try:
            await _until_hang_up(self._pass(operation, scope, body, send), scope, receive)
        except _Ours as ours:
            _in_journal(scope, ours.judged.as_json(answered_by="mock"))
            await self._answer(ours, scope, _replayed(body, receive), send)
        except _Cut:
            await send_wire(Wire(reset=True), scope, receive)

    async def _answer(self, ours: _Ours, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in place of the upstream."""
        if self.upstream.passage.fallback:
            why = (FALLBACK, _in_header(ours.why))
            await self.app(scope, receive, _with_headers(send, [*ours.judged.headers, why]))
            return
        refusal = problem(
            ours.status,
            f"the upstream {self.upstream} gave no answer: {ours.why};"
            " with --fallback the mock server answers in its place",
        )
        await deliver(refusal.answer, _with_headers(send, ours.judged.headers))

    async def _pass(
        self, operation: Operation | UnreadOperation, scope: Scope, body: bytes, send: Send
    ) -> None:
        """Make the call, and pass its answer back.

        Raises:
            _Ours: no answer came that is to be passed on; nothing has been sent.
            _Cut: the answer ended early, after it had begun to go out.
        """
        try:
            base = self.upstream.base_url(operation)
        except Misuse as reason:
            why = str(reason)
            raise _Ours(why, inconclusive(why), HTTPStatus.BAD_GATEWAY) from None
        url = address(base)
        base_path = url.raw_path.rstrip(b"/")
        tail = tail_of(scope, operation) or b""
        target = target_of(base_path, tail, scope["query_string"])
        headers = sent_on(scope["headers"], url.netloc, body, _documented(operation))
        route, pool = self.upstream.way_to(base)
        message = route.message(scope["method"], base, headers, body, {}, target=target)
        passed = _Passed(
            operation=operation,
            scope=scope,
            send=send,
            request=Request(
                scope["method"],
                f"{url.scheme}://{url.netloc.decode('ascii')}{target.decode('ascii')}",
                _texts(headers),
                body=body,
            ),
            base_path=base_path,
        )
        call = UpstreamCall(route, pool, message, self.upstream.passage.patience)
        try:
            await self._passed(passed, call)
        except Unanswered as none:
            judged = await self._judged(passed, none.failure)
            why = f"{none.failure.kind}: {none.failure.evidence}"
            late = none.failure.kind == "timeout"
            status = HTTPStatus.GATEWAY_TIMEOUT if late else HTTPStatus.BAD_GATEWAY
            raise _Ours(why, judged or inconclusive(why), status) from None
        except asyncio.CancelledError:
            passed.journal(inconclusive(_HUNG_UP))
            raise
        finally:
            await call.close()

    async def _passed(self, passed: _Passed, call: UpstreamCall) -> None:
        response = await call.head()
        passed.waited = time.monotonic() - passed.started
        status, largest = response.status, self.upstream.traffic.max_answer
        if status not in _STATUSES:
            raise Unanswered(Failure("not-http", f"{status} is no status of an answer"))
        headers = come_back(
            response.headers,
            to_a_page=any(name == b"origin" for name, _ in passed.scope["headers"]),
            secure=passed.scope.get("scheme") == "https",
            base_path=passed.base_path,
        )
        if status in _WITHOUT_BODY:
            headers = [each for each in headers if each[0] != b"content-length"]

        def came(body: bytes) -> Response | Failure:
            if len(body) > largest:
                return too_large(largest)
            version = response.extensions["http_version"].decode("ascii")
            return Response(status, _texts(response.headers), body, version, len(body))

        body, whole = await call.held(largest, HELD)
        if whole:
            judged = await self._judged(passed, came(body)) or inconclusive(_LATER)
            if self._is_lacking(passed.operation, status, judged):
                passed.answered_by = "mock"
                raise _Ours(f"HTTP {status}", judged, HTTPStatus.BAD_GATEWAY)
            await _begin(passed, status, [*headers, *judged.headers])
            await passed.send({"type": "http.response.body", "body": body})
            return
        large = len(body) > largest
        why = f"too-large: {too_large(largest).evidence}" if large else _STREAMED
        await _begin(passed, status, [*headers, *inconclusive(why).headers])
        await _more(passed, body)
        seen = bytearray(body)
        try:
            async for part in call.rest():
                if len(seen) <= largest:
                    seen += part
                await _more(passed, part)
        except Unanswered as none:
            self._note(passed, none.failure)
            raise _Cut from None
        self._note(passed, came(bytes(seen)))
        await passed.send({"type": "http.response.body", "body": b""})

    def _is_lacking(
        self, operation: Operation | UnreadOperation, status: int, judged: JudgedAnswer
    ) -> bool:
        """Say whether the upstream lacks the operation: neither it nor its spec answers so."""
        if not self.upstream.passage.fallback or status not in _LACKING:
            return False
        documented = isinstance(operation, Operation) and str(status) in operation.responses
        said = status == HTTPStatus.NOT_IMPLEMENTED or judged.unserved
        return said and not documented

    def _note(self, passed: _Passed, outcome: Response | Failure) -> asyncio.Future[JudgedAnswer]:
        """Judge an answer, and say in the journal what is found; nobody need wait for that."""
        work = self.upstream.traffic.begin(passed.operation, passed.exchange(outcome))

        def note(done: asyncio.Future[JudgedAnswer]) -> None:
            if not done.cancelled():
                passed.journal(done.result())

        work.add_done_callback(note)
        return work

    async def _judged(self, passed: _Passed, outcome: Response | Failure) -> JudgedAnswer | None:
        """Judge an answer; None where that takes longer than a client should wait."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HELD):
                return await asyncio.shield(self._note(passed, outcome))
        return None


def _prefers(scope: Scope) -> bool:
    """Say whether a request to an operation that is not served here asks for what is not there."""
    return bool(preferences_of(scope["headers"], scope["query_string"]))


async def _begin(passed: _Passed, status: int, headers: Headers) -> None:
    start = {"type": "http.response.start", "status": status, "headers": [*headers]}
    await passed.send(start)


async def _more(passed: _Passed, part: bytes) -> None:
    await passed.send({"type": "http.response.body", "body": part, "more_body": True})


async def _whole(receive: Receive) -> bytes | None:
    """Read the body of a request; None where the client has hung up."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give a body that has been read once more."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return left.pop() if left else await receive()

    return replayed


async def _until_hang_up(
    work: Coroutine[object, object, None], scope: Scope, receive: Receive
) -> None:
    """Do some work for as long as the client waits for it."""
    doing = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(receive))
    closing = asyncio.ensure_future(_closed(scope["extensions"].get(CONNECTION)))
    every = (doing, gone, closing)
    try:
        await asyncio.wait(every, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            doing.result()
    finally:
        for each in every:
            each.cancel()
        await asyncio.gather(*every, return_exceptions=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _closed(connection: object) -> None:
    """Wait until a client has closed its side, and then for one that reads on all the same."""
    while not getattr(connection, "ended", False):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(_LOOK)
    await asyncio.sleep(HALF_CLOSED)


def _with_headers(send: Send, headers: Headers) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        await send(message)

    return with_headers


def _in_header(text: str) -> bytes:
    return "".join(each if each.isascii() and each.isprintable() else " " for each in text)[
        :300
    ].encode("ascii")


def _documented(operation: Operation | UnreadOperation) -> frozenset[str]:
    """Name the headers that an operation documents, in lower case."""
    if isinstance(operation, UnreadOperation):
        return frozenset()
    named = (each.name.lower() for each in operation.parameters if each.location == "header")
    return frozenset(named)


def _texts(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def _in_journal(scope: Scope, said: Mapping[str, object]) -> None:
    entry = scope["extensions"].get(ENTRY)
    if entry is not None:
        entry.upstream = said
