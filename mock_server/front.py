"""The outermost application: limits, journal and CORS around all that the mock server serves.

`/` and what lies below `/__page` is the page for people, `/__admin` the interface for tests; all
the rest belongs to the spec.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server import page
from mock_server.admin import PREFIX
from mock_server.answer_editing import Answer
from mock_server.app import deliver, operation_id
from mock_server.contract_page import PATHS, Contract
from mock_server.journal import Entry, Journal
from mock_server.limits import PATIENCE
from mock_server.origins import VARY, for_pages
from mock_server.problems import problem
from mock_server.wire import status_told

LARGEST = 64 << 10
"""Bytes of a request's body."""

_ADMIN, _BELOW = (PREFIX, f"{PREFIX}/"), f"{PREFIX}/"
_TO_ITS_PAGE = Answer(HTTPStatus.TEMPORARY_REDIRECT, "", b"", (("location", f"{PREFIX}/ui/"),))
_TOO_LARGE = f"the body of a request has {LARGEST >> 10} KiB at most"
_VARY = tuple(name.encode() for name in VARY)
_TOO_SLOW = f"the next part of the body did not come within {PATIENCE:g} s"


class Front:
    """Serves everything, and notes what became of every request of the spec."""

    def __init__(
        self,
        live: ASGIApp,
        admin: ASGIApp,
        journal: Journal,
        log: Callable[[Entry], object] | None = None,
        contract: Contract | None = None,
    ) -> None:
        self.contract = contract
        self.served = _Limited(live)
        self.for_pages = for_pages(self.served)
        self.admin = _Limited(admin)
        self.journal = journal
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        if path in _ADMIN:
            await deliver(_TO_ITS_PAGE, send)
        elif path.startswith(_BELOW):
            await self.admin(scope, receive, send)
        elif path in page.FILES and scope["method"] in {"GET", "HEAD"}:
            await deliver(page.FILES[path], send)
        elif self.contract and path in PATHS and scope["method"] in {"GET", "HEAD"}:
            await deliver(await self.contract.answer(path), send)
        else:
            await self._noted(scope, receive, send)

    async def _noted(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        query = scope["query_string"]
        target = scope.get("raw_path", b"") + (b"?" + query if query else b"")
        entry = self.journal.note(scope["method"], target.decode("latin-1"), scope["headers"])

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
                message["headers"] = _varying(message["headers"])
            elif entry.status is not None and entry.status >= HTTPStatus.BAD_REQUEST:
                entry.why = entry.why or _detail(message.get("body", b""))
            await send(message)

        try:
            pages = any(name == b"origin" for name, _ in scope["headers"])
            await (self.for_pages if pages else self.served)(scope, receive, noting)
        finally:
            entry.operation = operation_id(scope)
            if entry.status is None:
                entry.status = status_told(scope)
            entry.seconds = time.perf_counter() - started
            if self.log is not None:
                self.log(entry)


class _Limited:
    """Refuses a request whose body is too large, or too slow to come."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _announced(scope) > LARGEST:
            refusal = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)
            await deliver(refusal.answer, send)
        else:
            await self.app(scope, _limited(receive), send)


def _announced(scope: Scope) -> int:
    """Give the Content-Length; a server has refused already what is no number."""
    lengths = (value for name, value in scope["headers"] if name == b"content-length")
    return int(next(lengths, b"0"))


def _limited(receive: Receive) -> Receive:
    """Refuse a body that grows too large, or stops coming, while it is read."""
    size, whole = 0, False

    async def limited() -> Message:
        nonlocal size, whole
        try:
            async with asyncio.timeout(None if whole else PATIENCE):
                message = await receive()
        except TimeoutError:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, _TOO_SLOW) from None
        whole = not message.get("more_body", False)
        size += len(message.get("body", b""))
        if size > LARGEST:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LARGE)
        return message

    return limited


def _varying(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Say what an answer depends on, whatever it is."""
    said = b", ".join(value for name, value in headers if name == b"vary")
    missing = [name for name in _VARY if name not in said]
    if not missing:
        return headers
    others = [(name, value) for name, value in headers if name != b"vary"]
    return [*others, (b"vary", b", ".join([*([said] if said else []), *missing]))]


def _detail(body: bytes) -> str | None:
    """Give the detail of problem details, if a body is any."""
    try:
        told = json.loads(body)
    except ValueError:
        return None
    detail = told.get("detail") if isinstance(told, Mapping) else None
    return detail if isinstance(detail, str) else None
