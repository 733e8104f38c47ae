"""Work that ends when the client hangs up: nobody waits for its answer any more."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from starlette.types import Receive, Scope

from mock_server.wire import CONNECTION

HALF_CLOSED = 2.0
"""Seconds that a client gets its answer in once it has closed its side; mostly it is gone."""

_LOOK = 0.25
"""Seconds between two looks at whether a client has closed its side."""


async def until_hang_up(
    work: Coroutine[object, object, None], scope: Scope, receive: Receive
) -> bool:
    """Do some work for as long as the client waits for it.

    Say whether it was left undone, and the client's connection is still open to one side.
    """
    doing = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(receive))
    closing = asyncio.ensure_future(_closed(scope["extensions"].get(CONNECTION)))
    every = (doing, gone, closing)
    try:
        await asyncio.wait(every, return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            doing.result()
            return False
        return not gone.done()
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
