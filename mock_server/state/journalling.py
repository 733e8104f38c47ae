"""One request as the journal records it: what passes in and out, kept as it passes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from http import HTTPStatus

from starlette.types import Message, Receive, Scope

from mock_server.problems import RequestRefused
from mock_server.state.journal import JournalEntry, entry_of
from mock_server.state.kept_bodies import READ, KeptBody
from mock_server.state.sessions import SHARED, session_of

LARGEST_DETAIL = 2000
"""Characters of a problem's detail that the journal keeps."""

_IN_TIME = 0.1
"""Seconds for the rest of a body that nobody has read, before its request is answered."""


class Journalling:
    """The entry of a request, and what fills it.

    Attributes:
        entry: what is known so far.
        ended: whether it is complete.
    """

    __slots__ = ("_receive", "_started", "_unread", "ended", "entry")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        query = scope["query_string"]
        target = scope.get("raw_path", b"") + (b"?" + query if query else b"")
        self.entry: JournalEntry = entry_of(
            scope["method"],
            target.decode("latin-1"),
            scope["headers"],
            moment=time.time(),
            session=_session(scope),
        )
        self.ended = False
        self._started = time.perf_counter()
        self._receive = receive
        self._unread = False
        if has_body(scope):
            self.entry.body = KeptBody(_media_type(scope["headers"]))
            self._unread = not any(name == b"expect" for name, _ in scope["headers"])

    async def receive(self) -> Message:
        """Keep the body of the request as it is read."""
        message = await self._receive()
        if self.entry.body is not None:
            self.entry.body.add(message.get("body", b""))
        self._unread = self._unread and message.get("more_body", False)
        return message

    async def begin_answer(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep the head of the answer, and what is there of a body that nobody has read."""
        self.entry.status = status
        self.entry.answer = KeptBody(_media_type(headers))
        if self._unread and self.entry.body is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_IN_TIME):
                    while self._unread and self.entry.body.length < READ:
                        await self.receive()

    def go_on(self, part: bytes) -> None:
        """Keep a part of the answer's body."""
        entry = self.entry
        if entry.answer is not None:
            entry.answer.add(part)
        failed = entry.status is not None and entry.status >= HTTPStatus.BAD_REQUEST
        if failed and entry.answered_here:
            entry.why = entry.why or _detail(part)

    def end(self, operation: str | None) -> JournalEntry:
        """Complete the entry by the operation that the request reached, and give it."""
        entry, self.ended = self.entry, True
        entry.operation = operation
        if entry.body is not None:
            entry.body.settle()
        if entry.answer is not None:
            entry.answer.settle()
        entry.seconds = time.perf_counter() - self._started
        return entry


def has_body(scope: Scope) -> bool:
    """Say whether a request has a body."""
    framings = (b"content-length", b"transfer-encoding")
    for name, value in scope["headers"]:  # noqa: SIM110 - a generator costs more than all the rest
        if name in framings and value != b"0":
            return True
    return False


def _session(scope: Scope) -> str:
    """Give the session of a request; what names none is refused later, for all to see."""
    try:
        return session_of(scope)
    except RequestRefused:
        return SHARED


def _media_type(headers: Iterable[tuple[bytes, bytes]]) -> str:
    for name, value in headers:
        if name == b"content-type":
            return value.decode("latin-1")
    return ""


def _detail(body: bytes) -> str | None:
    """Give the detail of problem details; None where a body is something else."""
    try:
        payload = json.loads(body)
    except ValueError:
        return None
    detail = payload.get("detail") if isinstance(payload, Mapping) else None
    return detail[:LARGEST_DETAIL] if isinstance(detail, str) else None
