"""Calls that wait until the journal holds what they ask for, and the end of their waiting.

A wait blocks nobody, ends when its client hangs up or the server stops, and takes one of `WAITS`
places.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from http import HTTPStatus

from starlette.types import Scope

from mock_server.limits import WAITS
from mock_server.problems import RequestRefused, problem
from mock_server.state.journal import JournalEntry
from mock_server.state.journal_filters import Filters
from mock_server.state.protocol import State
from mock_server.wire import CONNECTION

_PAUSE = 0.05
"""Seconds between two looks at the journal, so that a busy server is not slowed by who waits."""


class Waits:
    """Those who wait in one process."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.taken = 0

    async def until(self, session: str, filters: Filters, seconds: float, scope: Scope) -> None:
        """Wait until a request of a session fits, or the time is over.

        Raises:
            RequestRefused: too many wait already.
        """
        if self.taken >= WAITS:
            detail = f"{WAITS} calls wait already: try again later"
            raise RequestRefused(problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, retry_after="1"))
        self.taken += 1
        try:
            async with asyncio.timeout(seconds):
                await _while_connected(self._found(session, filters, seconds), scope, seconds)
        except TimeoutError:
            pass
        finally:
            self.taken -= 1

    async def _found(self, session: str, filters: Filters, seconds: float) -> None:
        known = await self.state.journal(session)
        found = any(map(filters.fits, known))
        after = max((each.ended for each in known), default=0)
        while not found:
            ended: Sequence[JournalEntry] = await self.state.ended(session, after, seconds)
            found = any(map(filters.fits, ended))
            after = max((each.ended for each in ended), default=after)
            await asyncio.sleep(0 if found else _PAUSE)


async def _while_connected(waiting: Awaitable[None], scope: Scope, seconds: float) -> None:
    """Wait for something, but not longer than the client does, or the server runs."""
    connection = (scope.get("extensions") or {}).get(CONNECTION)
    tasks = [asyncio.ensure_future(waiting)]
    if connection is not None:
        tasks.append(asyncio.ensure_future(connection.wait(seconds)))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in tasks:
            each.cancel()
