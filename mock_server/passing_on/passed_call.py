"""One call that goes on to an upstream: sent, judged, and its answer passed back.

An answer that ends soon waits for its verdict, which its head tells; any other goes out as it
comes, and its verdict stands in the journal once it is whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

import httpx2
from starlette.types import Scope, Send

from contract.judging.exchange import Exchange, Failure, Request, Response
from contract.reaching.content_encodings import too_large
from contract.reaching.environments import Misuse, address
from contract.spec.operations import Operation, UnreadOperation
from mock_server.passing_on.forwarding import Headers, come_back, sent_on, target_of
from mock_server.passing_on.judged_answer import JudgedAnswer, inconclusive
from mock_server.passing_on.no_open_proxy import tail_of
from mock_server.passing_on.upstream import Upstream
from mock_server.passing_on.upstream_call import Unanswered, UpstreamCall
from mock_server.state.journal import ENTRY

HELD = 2.0
"""Seconds that an answer waits for its end, and for its verdict; then it goes out without."""

_LACKING = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}
    | {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
"""Statuses that say that the upstream lacks an operation, or that nobody is behind it."""
_WITHOUT_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
_STATUSES = range(200, 600)
_PIECE = 1 << 16
"""Bytes that are sent at a time: no more wait on a connection for a slow client."""
_STREAMED = "it goes out before its end; the journal has the verdict when it is whole"
_LATER = "it is still being judged; the journal has the verdict"
_HUNG_UP = "the client hung up"


class Lack(Exception):  # noqa: N818 - it is what the upstream has
    """The upstream gives no answer, or lacks the operation; nothing has been sent to the client.

    Attributes:
        why: in a few words.
        judged: what is known of its answer.
        status: of a refusal, where nobody answers in its place.
        hint: what may help, as a sentence, or empty.
    """

    def __init__(self, why: str, judged: JudgedAnswer, status: HTTPStatus, hint: str = "") -> None:
        super().__init__(why)
        self.why, self.judged, self.status, self.hint = why, judged, status, hint


class CutShort(Exception):  # noqa: N818 - likewise
    """The answer ended early, after it had begun to go out."""


@dataclass(slots=True, kw_only=True)
class PassedCall:
    """One call on its way, and what its answer looks like so far.

    Attributes:
        operation: what is called.
        upstream: where it goes.
        scope: of the client's request.
        body: of the client's request.
        send: takes the answer.
    """

    operation: Operation | UnreadOperation
    upstream: Upstream
    scope: Scope
    body: bytes
    send: Send
    _request: Request = field(init=False)
    _base_path: bytes = b""
    _here: bytes = b""
    _moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    _started: float = field(default_factory=time.monotonic)
    _waited: float = 0.0
    _answered_by: str = "upstream"

    async def make(self) -> None:
        """Make the call, and pass its answer back.

        Raises:
            Lack: no answer came that is to be passed back.
            CutShort: the answer ended early, after it had begun to go out.
        """
        try:
            base = self.upstream.base_url(self.operation)
        except Misuse as reason:
            why = str(reason)
            raise Lack(why, inconclusive(why), HTTPStatus.BAD_GATEWAY) from None
        call = self._call(base, address(base))
        try:
            await self._pass_back(call)
        except Unanswered as none:
            judged = await self._judged(none.failure)
            why = f"{none.failure.kind}: {none.failure.evidence}"
            late = none.failure.kind == "timeout"
            status = HTTPStatus.GATEWAY_TIMEOUT if late else HTTPStatus.BAD_GATEWAY
            raise Lack(why, judged or inconclusive(why), status, none.failure.hint) from None
        except asyncio.CancelledError:
            self._journal(inconclusive(_HUNG_UP))
            raise
        finally:
            await call.close()

    def _call(self, base: str, url: httpx2.URL) -> UpstreamCall:
        """Write the request as it goes on."""
        scope, upstream = self.scope, self.upstream
        self._base_path = url.raw_path.rstrip(b"/")
        tail = tail_of(scope, self.operation) or b""
        self._here = scope["raw_path"][: -len(tail)]
        target = target_of(self._base_path, tail, scope["query_string"])
        documented = _documented(self.operation)
        headers = sent_on(scope["headers"], url.netloc, self.body, documented, upstream.mark)
        self._request = Request(
            scope["method"],
            f"{url.scheme}://{url.netloc.decode('ascii')}{target.decode('ascii')}",
            _texts(headers),
            body=self.body,
        )
        route, pool = upstream.way_to(base)
        message = route.message(scope["method"], base, headers, self.body, {}, target=target)
        return UpstreamCall(route, pool, message, upstream.passage.patience)

    async def _pass_back(self, call: UpstreamCall) -> None:
        response = await call.head()
        self._waited = time.monotonic() - self._started
        status, largest = response.status, self.upstream.traffic.max_answer
        if status not in _STATUSES:
            raise Unanswered(Failure("not-http", f"{status} is no status of an answer"))
        headers = come_back(
            response.headers,
            to_a_page=any(name == b"origin" for name, _ in self.scope["headers"]),
            secure=self.scope.get("scheme") == "https",
            base_path=self._base_path,
            here=self._here,
        )
        if status in _WITHOUT_BODY:
            headers = [each for each in headers if each[0] != b"content-length"]

        def came(body: bytes) -> Response:
            version = response.extensions["http_version"].decode("ascii")
            return Response(status, _texts(response.headers), body, version, len(body))

        body, whole = await call.held(largest, HELD)
        large = len(body) > largest
        if whole:
            outcome = too_large(largest) if large else came(body)
            judged = await self._judged(outcome) or inconclusive(_LATER)
            if self._is_lacking(status, judged):
                self._answered_by = "mock"
                raise Lack(f"HTTP {status}", judged, HTTPStatus.BAD_GATEWAY)
            await self._begin(status, [*headers, *judged.headers])
            await self.send({"type": "http.response.body", "body": body})
            return
        why = f"too-large: {too_large(largest).evidence}" if large else _STREAMED
        await self._begin(status, [*headers, *inconclusive(why).headers])
        seen: bytearray | None = None if large else bytearray(body)
        for start in range(0, len(body), _PIECE):
            await self._more(body[start : start + _PIECE])
        del body
        try:
            async for part in call.rest():
                if seen is not None:
                    seen += part
                    seen = None if len(seen) > largest else seen
                await self._more(part)
        except Unanswered as none:
            self._judge(none.failure)
            raise CutShort from None
        self._judge(too_large(largest) if seen is None else came(bytes(seen)))
        await self.send({"type": "http.response.body", "body": b""})

    def _is_lacking(self, status: int, judged: JudgedAnswer) -> bool:
        """Say whether the upstream lacks the operation: neither it nor its spec answers so."""
        if not self.upstream.passage.fallback or status not in _LACKING:
            return False
        operation = self.operation
        documented = isinstance(operation, Operation) and str(status) in operation.responses
        said = status == HTTPStatus.NOT_IMPLEMENTED or judged.unserved
        return said and not documented

    async def _begin(self, status: int, headers: Headers) -> None:
        start = {"type": "http.response.start", "status": status, "headers": [*headers]}
        await self.send(start)

    async def _more(self, part: bytes) -> None:
        await self.send({"type": "http.response.body", "body": part, "more_body": True})

    def _judge(self, outcome: Response | Failure) -> asyncio.Future[JudgedAnswer]:
        """Judge an answer, and say in the journal what is found; nobody need wait for that."""
        work = self.upstream.traffic.begin(self.operation, self._exchange(outcome))

        def note(done: asyncio.Future[JudgedAnswer]) -> None:
            if not done.cancelled():
                self._journal(done.result())

        work.add_done_callback(note)
        return work

    async def _judged(self, outcome: Response | Failure) -> JudgedAnswer | None:
        """Judge an answer; None where that takes longer than a client should wait."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HELD):
                return await asyncio.shield(self._judge(outcome))
        return None

    def _exchange(self, outcome: Response | Failure) -> Exchange:
        """Give the call as a value; it is one sample of its own, as one of a recording is."""
        seconds = time.monotonic() - self._started
        waited = self._waited or seconds
        return Exchange(1, self._request, outcome, seconds, self._moment, waited, recorded=True)

    def _journal(self, judged: JudgedAnswer) -> None:
        """Say in the journal what is known of the answer."""
        told_in_journal(self.scope, judged.as_json(answered_by=self._answered_by))


def told_in_journal(scope: Scope, said: Mapping[str, object]) -> None:
    """Say in the journal what is known of the upstream's answer to a request."""
    entry = scope["extensions"].get(ENTRY)
    if entry is not None:
        entry.upstream = said


def _documented(operation: Operation | UnreadOperation) -> frozenset[str]:
    """Name the headers that an operation documents, in lower case."""
    if isinstance(operation, UnreadOperation):
        return frozenset()
    named = (each.name.lower() for each in operation.parameters if each.location == "header")
    return frozenset(named)


def _texts(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
