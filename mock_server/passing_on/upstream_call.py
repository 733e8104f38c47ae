"""One call to an upstream: its head, and its body part by part, within seconds and bounded memory.

A task of its own reads the connection, so that waiting for a part may end without ending the call.
Whoever stops the call closes its connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore2

from contract.judging.exchange import Failure
from contract.reaching.failures import failure_of
from contract.reaching.routes import Route
from mock_server.limits import ANSWER_TIME

PARTS = 4
"""Parts of an answer that wait for a slow client; the upstream waits with the rest."""


class Unanswered(Exception):  # noqa: N818 - it names what happened
    """No whole answer came: `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass(slots=True)
class UpstreamCall:
    """One call under way.

    Attributes:
        route: how the upstream is reached.
        pool: its connections.
        message: what is sent.
        patience: seconds for the head, and for each part of the body.
    """

    route: Route
    pool: httpcore2.AsyncConnectionPool
    message: httpcore2.Request
    patience: float
    _passed: bool = False
    _parts: asyncio.Queue[bytes | Exception | None] = field(
        default_factory=lambda: asyncio.Queue(PARTS)
    )
    _head: asyncio.Future[httpcore2.Response] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    _task: asyncio.Task[None] | None = None

    async def head(self) -> httpcore2.Response:
        """Send the request, and give the head of the answer.

        Raises:
            Unanswered: none came.
        """
        self._passed = not self.route.beyond
        self.message.extensions["trace"] = self._note
        self._task = asyncio.create_task(self._read())
        try:
            async with asyncio.timeout(self.patience):
                return await self._head
        except TimeoutError:
            raise self._no_answer(self._late()) from None
        except Exception as error:  # noqa: BLE001 - a hostile answer may make the library raise any
            raise self._no_answer(failure_of(error)) from None

    async def held(self, size: int, seconds: float) -> tuple[bytes, bool]:
        """Give the body, or what of it comes within so many seconds; and whether it is whole.

        Args:
            size: bytes after which no more is waited for.
            seconds: likewise.

        Raises:
            Unanswered: it ended early.
        """
        body, until = bytearray(), asyncio.get_running_loop().time() + seconds
        with contextlib.suppress(TimeoutError):
            while len(body) <= size:
                async with asyncio.timeout_at(until):
                    part = await self._parts.get()
                if not isinstance(part, bytes):
                    self._must_be_whole(part)
                    return bytes(body), True
                body += part
        return bytes(body), False

    async def rest(self) -> AsyncIterator[bytes]:
        """Give the parts of the body that have not been given.

        Raises:
            Unanswered: it ended early, or the next part took too long.
        """
        end = asyncio.get_running_loop().time() + ANSWER_TIME
        while True:
            until = min(end, asyncio.get_running_loop().time() + self.patience)
            try:
                async with asyncio.timeout_at(until):
                    part = await self._parts.get()
            except TimeoutError:
                raise self._no_answer(self._late()) from None
            if not isinstance(part, bytes):
                self._must_be_whole(part)
                return
            yield part

    async def close(self) -> None:
        """End the call; where its answer has not been read, its connection is closed."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._head.done() and not self._head.cancelled():
            self._head.exception()  # it has been told, or nobody waits for it any more

    async def _note(self, step: str, _: Mapping[str, Any]) -> None:
        self._passed = self._passed or step == self.route.beyond

    async def _read(self) -> None:
        end: Exception | None = None
        try:
            response = await self.pool.handle_async_request(self.message)
            self._head.set_result(response)
            try:
                async for part in response.aiter_stream():
                    await self._parts.put(part)
            finally:
                await response.aclose()
        except Exception as error:  # noqa: BLE001 - a hostile answer may make the library raise any
            end = error
            if not self._head.done():
                self._head.set_exception(error)
        await self._parts.put(end)

    def _must_be_whole(self, end: Exception | None) -> None:
        if end is not None:
            raise self._no_answer(failure_of(end))

    def _late(self) -> Failure:
        return Failure("timeout", f"the upstream sent nothing for {self.patience:g} s")

    def _no_answer(self, failure: Failure) -> Unanswered:
        return Unanswered(self.route.told(failure, passed=self._passed))
