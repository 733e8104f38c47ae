"""The outermost application: limits, journal and CORS around all that the mock server serves.

`/` and what lies below `/__page` and `/ui` are pages for people, `/__admin` is the interface for
tests, `/livez` and `/readyz` are for probes, `/metrics` is for Prometheus; all the rest belongs to
the spec. An operation at `/` answers who does not ask for HTML, one at the path of a probe or of
the metrics answers everybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server import page, swagger_ui
from mock_server.admin import PREFIX
from mock_server.answer_editing import Answer
from mock_server.answers.delivery import deliver
from mock_server.contract_page import PAGE, PATHS, ContractPage
from mock_server.limits import (
    ADMIN_BODY,
    ADMIN_CALLS,
    BODY_TIME,
    LARGEST_BODY,
    PATIENCE,
    calls,
    room,
)
from mock_server.metrics import METRICS
from mock_server.origins import VARY, with_cors
from mock_server.problems import problem
from mock_server.routing import operation_id
from mock_server.serving.guard import SIGN_IN, Admission, Guard
from mock_server.serving.probes import PROBES
from mock_server.state.journal import ENTRY, JournalEntry
from mock_server.state.journalling import Journalling, has_body
from mock_server.state.protocol import State, StateGone
from mock_server.wire import status_sent

_ADMIN, _BELOW_ADMIN = (PREFIX, f"{PREFIX}/"), f"{PREFIX}/"
_OURS = swagger_ui.PATHS | {SIGN_IN, *_ADMIN}
_READING = ("GET", "HEAD")
_PAGES = frozenset({"/", PAGE, *(pre + page for pre in ("", PREFIX) for page in swagger_ui.PAGES)})
_TOO_LARGE = "the body of a request may have {} KiB at most"
_TOO_SLOW = f"the next part of the body did not come within {PATIENCE:g} s"
_TOO_LONG = f"the body did not come within {BODY_TIME:g} s"
_VARY = tuple(name.encode() for name in VARY)
_VARIES = (b"vary", b", ".join(_VARY))


class Front:
    """The application in front of everything, which records every request of the spec."""

    def __init__(  # noqa: PLR0913 - all that it stands in front of
        self,
        served: ASGIApp,
        admin: ASGIApp,
        state: State,
        log: Callable[[JournalEntry], object] | None = None,
        contract_page: ContractPage | None = None,
        *,
        admission: Admission | None = None,
        has_root: Callable[[], bool] = lambda: False,
        probe: Callable[[str], Answer | None] = lambda _: None,
        measured: Callable[[], Awaitable[Answer] | None] = lambda: None,
        largest_body: int = LARGEST_BODY,
    ) -> None:
        self.probe = probe
        self.measured = measured
        self.has_root = has_root
        self.contract_page = contract_page
        self.paths = _OURS | page.FILES.keys() | (PATHS if contract_page else frozenset())
        pages = self._page if admission is None else Guard(self._page, admission, _PAGES)
        self.pages = _Limited(pages, ADMIN_CALLS, ADMIN_BODY, only_with_bodies=True)
        self.reading = served  # for pages, whose places are their own
        self.served = _Limited(served, calls(room()), largest_body)
        self.served_to_pages = with_cors(self.served)
        self.admin = _Limited(admin, ADMIN_CALLS, ADMIN_BODY, only_with_bodies=True)
        self.state = state
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        if path == "/" and self.has_root() and not _wants_a_page(scope):
            await self._recorded(scope, receive, send)
        elif path in self.paths and (scope["method"] in _READING or path in _OURS):
            await self.pages(scope, receive, send)
        elif path.startswith(_BELOW_ADMIN):
            await self.admin(scope, receive, send)
        elif (
            path in PROBES
            and scope["method"] in _READING
            and (answer := self.probe(path)) is not None
        ):
            await deliver(answer, send)
        elif (
            path == METRICS
            and scope["method"] in _READING
            and (measured := self.measured()) is not None
        ):
            await deliver(await measured, send)
        else:
            await self._recorded(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer who is admitted to the pages."""
        path = scope["path"]
        if path in _ADMIN:
            await deliver(_to_admin_page(path), send)
        elif path in page.FILES:
            await deliver(page.FILES[path], send)
        elif self.contract_page and path in PATHS:
            await deliver(await self.contract_page.answer(path), send)
        else:
            await self.reading(scope, receive, send)

    async def _recorded(self, scope: Scope, receive: Receive, send: Send) -> None:
        journalling, shared = Journalling(scope, receive), self.state.shared
        try:
            await self.state.begin(journalling.entry)
        except StateGone:
            shared = False  # then there is no journal of it
        scope.setdefault("extensions", {})[ENTRY] = journalling.entry

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = _varying(message["headers"])
                await journalling.begin_answer(message["status"], headers)
            else:
                journalling.go_on(message.get("body", b""))
                if shared and not message.get("more_body", False):
                    await self._end(journalling, scope)  # who has the answer finds it everywhere
            await send(message)

        try:
            from_a_page = any(name == b"origin" for name, _ in scope["headers"])
            app = self.served_to_pages if from_a_page else self.served
            await app(scope, journalling.receive, answering)
        finally:
            await self._end(journalling, scope)
            if self.log is not None:
                self.log(journalling.entry)

    async def _end(self, journalling: Journalling, scope: Scope) -> None:
        """Complete the journal of a request, once."""
        if journalling.ended:
            return
        entry = journalling.end(operation_id(scope))
        if entry.status is None:
            entry.status = status_sent(scope)
        try:  # noqa: SIM105 - every request pays for suppress()
            await self.state.end(entry)
        except StateGone:  # then its end is not known
            pass


def _wants_a_page(scope: Scope) -> bool:
    """Say whether a browser asks for a page, and no program for the spec's operation at `/`."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


class _Limited:
    """An application with so many slots that refuses a body that is too large, or too slow.

    With `only_with_bodies`, a request without a body takes no slot: probes are always answered.
    """

    def __init__(
        self, app: ASGIApp, slots: int, largest_body: int, *, only_with_bodies: bool = False
    ) -> None:
        self.app = app
        self.slots = slots
        self.largest_body = largest_body
        self.too_large = _TOO_LARGE.format(f"{largest_body / 1024:g}")
        self.only_with_bodies = only_with_bodies
        self.taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bodyless = not has_body(scope)
        if bodyless and self.only_with_bodies:
            await self.app(scope, receive, send)
        elif self.taken >= self.slots:
            detail = f"{self.slots} requests are under way: try again later"
            refusal = problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, retry_after="1")
            await deliver(refusal.answer, send)
        elif not bodyless and _content_length(scope) > self.largest_body:
            refusal = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self.too_large)
            await deliver(refusal.answer, send)
        else:
            self.taken += 1
            try:
                await self.app(scope, self._limited(receive), send)
            finally:
                self.taken -= 1

    def _limited(self, receive: Receive) -> Receive:
        """Refuse a body that grows too large, or stops coming, while it is read."""
        size, whole, end = 0, False, 0.0

        async def limited() -> Message:
            nonlocal size, whole, end
            now = asyncio.get_running_loop().time()
            end = end or now + BODY_TIME
            if now > end and not whole:
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, _TOO_LONG)
            try:
                async with asyncio.timeout_at(None if whole else min(end, now + PATIENCE)):
                    message = await receive()
            except TimeoutError:
                detail = _TOO_SLOW if now + PATIENCE <= end else _TOO_LONG
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, detail) from None
            whole = not message.get("more_body", False)
            size += len(message.get("body", b""))
            if size > self.largest_body:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self.too_large)
            return message

        return limited


def _to_admin_page(path: str) -> Answer:
    """Lead to the page of the interface, whatever path a proxy gives the server."""
    location = "ui/" if path.endswith("/") else f"{PREFIX.removeprefix('/')}/ui/"
    return Answer(HTTPStatus.TEMPORARY_REDIRECT, "", b"", (("location", location),))


def _content_length(scope: Scope) -> int:
    """Give the Content-Length; uvicorn has already refused what is not a number."""
    lengths = (value for name, value in scope["headers"] if name == b"content-length")
    return int(next(lengths, b"0"))


def _varying(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Add to `Vary` what every answer may depend on."""
    stated = [value for name, value in headers if name == b"vary"]
    if not stated:
        return [*headers, _VARIES]
    others = [(name, value) for name, value in headers if name != b"vary"]
    known = b", ".join(stated)
    missing = [name for name in _VARY if name not in known]
    return [*others, (b"vary", b", ".join([known, *missing]))]
