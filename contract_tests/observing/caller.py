"""The caller of one host: one connection, through a proxy or not, and a budget for each call.

It trusts nothing that comes. One deadline spans a call; its bytes are counted on the wire, with
head, interim answers and framing; whatever makes the HTTP library raise is a failure of the
answer. After a failure the next call has a new connection.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpcore2

from contract.judging.exchange import Exchange, Failure, Request, Response
from contract.reaching.content_encodings import decoded, too_large
from contract.reaching.failures import failure_of
from contract.reaching.proxies import NONE
from contract.reaching.routes import Route, route_to
from contract_tests.observing.counted_wire import CountedWire, TooMuch
from contract_tests.observing.manners import Manners

KEPT_OPEN = 5.0
"""Seconds that a connection without a call stays open."""
FRAMING = 8
"""How often the bytes on the wire may be those of the largest body: chunks of one byte take six."""
HEADS = 1 << 18
"""Bytes that heads, interim answers and trailers may take besides."""


def route_of(url: str, manners: Manners) -> Route:
    """Find the way to a URL, as the manners say.

    Raises:
        Misuse: the address, the proxy or a certificate cannot be used.
    """
    return route_to(
        url,
        proxy=NONE if manners.direct else manners.proxy,
        verify=manners.verify,
        certificate=manners.certificate,
        key=manners.key,
    )


class Caller:
    """Calls to one host, one after the other."""

    def __init__(self, base_url: str, manners: Manners) -> None:
        self._route = route_of(base_url, manners)
        self._manners = manners
        budget = FRAMING * manners.max_answer + HEADS
        self._wire = CountedWire(budget=budget, beyond=self._route.beyond)
        self._pool: httpcore2.AsyncConnectionPool | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.hang_up()

    async def call(self, request: Request, number: int) -> Exchange:
        """Make one call; whatever comes, or fails to come, is its outcome."""
        moment = datetime.now(UTC)
        self._wire.begin()
        started = time.monotonic()
        outcome = await self._outcome(request)
        seconds = time.monotonic() - started
        if isinstance(outcome, Failure):
            await self.hang_up()
        came = self._wire.headers_came
        return Exchange(
            number, request, outcome, seconds, moment, came - started if came else seconds
        )

    async def _outcome(self, request: Request) -> Response | Failure:
        patience = self._manners.answer_timeout
        try:
            async with asyncio.timeout(patience):
                came = await self._answer(request)
        except TimeoutError:
            return self._told(Failure("timeout", f"no complete answer within {patience:g} s"))
        except TooMuch:
            return too_large(self._manners.max_answer)
        except Exception as error:  # noqa: BLE001 - a hostile answer may make the library raise any
            return self._told(failure_of(error))
        return decoded(came, self._manners.max_answer) if isinstance(came, Response) else came

    def _told(self, failure: Failure) -> Failure:
        return self._route.told(failure, passed=self._wire.passed)

    async def _answer(self, request: Request) -> Response | Failure:
        if self._pool is None:
            self._pool = self._route.pool(self._wire, connections=1, kept_open=KEPT_OPEN)
        url, content = request.sent or (request.url, request.body)
        message = self._route.message(
            request.method,
            url,
            [(name.encode(), _wired(value)) for name, value in request.headers],
            content,
            {"trace": self._wire.note},
        )
        response = await self._pool.handle_async_request(message)
        self._wire.headers_came = time.monotonic()
        try:
            body = bytearray()
            async for chunk in response.aiter_stream():
                body += chunk
                if len(body) > self._manners.max_answer:
                    return too_large(self._manners.max_answer)
        finally:
            await response.aclose()
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers
        )
        version = response.extensions["http_version"].decode("ascii")
        return Response(response.status, headers, bytes(body), version, len(body))

    async def hang_up(self) -> None:
        """Close the connection; the next call opens another."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await self._wire.close()
            await pool.aclose()


def _wired(value: str) -> bytes:
    """Write a header's value as it is sent: in Latin-1, or where that cannot be, in UTF-8."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")
