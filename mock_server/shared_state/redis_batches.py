"""Scripts that are run in batches: what is called while one is under way goes out with the next.

Each call is still a script of its own. Only the way to Redis is shared, so that many calls at a
time cost hardly more than a few.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redis import exceptions
from redis.asyncio import Redis

Argument = str | int | float
"""What a script is called with."""

FAILURES = (exceptions.RedisError, OSError, TimeoutError)
"""What a call raises where Redis is not there, or does not do what it is asked."""

_LARGEST = 200
"""How many calls go out together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _ScriptCall:
    """A call of a script, and what waits for its result."""

    script: str
    arguments: Sequence[Argument]
    result: asyncio.Future[object]


class Batches:
    """The calls of one process.

    Attributes:
        client: leads to Redis.
        prefix: what all keys begin with; scripts get it as their only key.
    """

    def __init__(self, client: Redis, prefix: str, scripts: Mapping[str, str]) -> None:
        self.client = client
        self.prefix = prefix
        self._texts = scripts
        digests = ((name, hashlib.sha1(text.encode())) for name, text in scripts.items())  # noqa: S324 - Redis names scripts by it
        self._digests = {name: digest.hexdigest() for name, digest in digests}
        self._waiting: list[_ScriptCall] = []
        self._sending: asyncio.Task[None] | None = None

    async def call(self, script: str, arguments: Sequence[Argument]) -> object:
        """Run a script.

        Raises:
            RedisError: and OSError and TimeoutError, as it failed.
        """
        loop = asyncio.get_running_loop()
        call = _ScriptCall(script=script, arguments=arguments, result=loop.create_future())
        self._waiting.append(call)
        if self._sending is None:
            self._sending = loop.create_task(self._send())
        return await call.result

    async def _send(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_LARGEST], self._waiting[_LARGEST:]
                await self._run(batch)
        finally:
            self._sending = None

    async def _run(self, waiting: Sequence[_ScriptCall]) -> None:
        batch = [each for each in waiting if not each.result.done()]  # others were given up
        if not batch:
            return
        try:
            results = await self._results(batch)
            if any(isinstance(each, exceptions.NoScriptError) for each in results):
                await self._load(batch)
                results = await self._again(batch, results)
        except FAILURES as error:
            results = [error] * len(batch)
        for call, result in zip(batch, results, strict=True):
            if call.result.done():
                continue  # nobody waits any more
            if isinstance(result, BaseException):
                call.result.set_exception(result)
            else:
                call.result.set_result(result)

    async def _results(self, batch: Sequence[_ScriptCall]) -> list[object]:
        pipeline = self.client.pipeline(transaction=False)
        for call in batch:
            pipeline.evalsha(self._digests[call.script], 1, self.prefix, *call.arguments)
        results: list[object] = await pipeline.execute(raise_on_error=False)
        return results

    async def _load(self, batch: Sequence[_ScriptCall]) -> None:
        pipeline = self.client.pipeline(transaction=False)
        for script in {call.script for call in batch}:
            pipeline.script_load(self._texts[script])
        await pipeline.execute()

    async def _again(self, batch: Sequence[_ScriptCall], results: list[object]) -> list[object]:
        """Run what Redis had no script for; the other calls have had their effect."""
        missed = [
            at for at, each in enumerate(results) if isinstance(each, exceptions.NoScriptError)
        ]
        found = await self._results([batch[at] for at in missed])
        for at, each in zip(missed, found, strict=True):
            results[at] = each
        return results

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        await self.client.connection_pool.disconnect()
