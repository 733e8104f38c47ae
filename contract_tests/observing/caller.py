"""The caller of one host: one connection, through a proxy or not, and a budget for each call.

It trusts nothing that comes. One deadline spans a call; its bytes are counted on the wire, with
head, interim answers and framing; whatever makes the HTTP library raise is a failure of the
answer. After a failure the next call has a new connection.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import httpcore2
import httpx2

from contract.judging.exchange import Exchange, Failure, Request, Response
from contract_tests.observing.certificates import trust
from contract_tests.observing.content_encodings import decoded, too_large
from contract_tests.observing.counted_wire import CountedWire, TooMuch
from contract_tests.observing.environments import address
from contract_tests.observing.failures import beyond_a_proxy, failure_of, of_a_proxy
from contract_tests.observing.manners import Manners
from contract_tests.observing.proxies import Proxy, proxy_for

KEPT_OPEN = 5.0
"""Seconds that a connection without a call stays open."""
FRAMING = 8
"""How often the bytes on the wire may be those of the largest body: chunks of one byte take six."""
HEADS = 1 << 18
"""Bytes that heads, interim answers and trailers may take besides."""

_IN_A_TUNNEL, _OVER_SOCKS = "proxy.start_tls.started", "socks.setup_socks5_connection.complete"
_FORWARDED: Mapping[str, str] = {
    "http": "connection.connect_tcp.complete",
    "https": "connection.start_tls.complete",
}


@dataclass(frozen=True, slots=True)
class Route:
    """How a URL is reached: the URL as it is sent, the proxy, and whom TLS trusts."""

    url: httpx2.URL
    proxy: Proxy | None
    tls: ssl.SSLContext | None

    @property
    def beyond(self) -> str:
        """The step of the HTTP library from which on a call is past the proxy; empty without."""
        if self.proxy is None:
            return ""
        if self.proxy.kind == "socks5":
            return _OVER_SOCKS
        return _FORWARDED[self.proxy.kind] if self.url.scheme == "http" else _IN_A_TUNNEL


def route_to(url: str, manners: Manners) -> Route:
    """Find the way to a URL, so that whatever it needs is known to be there.

    Raises:
        Misuse: the address, the proxy or a certificate cannot be used.
    """
    read = address(url)
    proxy = None if manners.direct else proxy_for(read, manners.proxy)
    secure = read.scheme == "https" or (proxy is not None and proxy.kind == "https")
    return Route(read, proxy, trust(manners) if secure else None)


class Caller:
    """Calls to one host, one after the other."""

    def __init__(self, base_url: str, manners: Manners) -> None:
        self._route = route_to(base_url, manners)
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
        """Name the proxy, so that nobody takes a dead proxy for a dead service."""
        proxy = self._route.proxy
        if proxy is None:
            return failure
        named = f"{proxy} ({proxy.source})"
        passed = self._wire.passed and failure.kind != "proxy"
        return beyond_a_proxy(failure, named) if passed else of_a_proxy(failure, named)

    async def _answer(self, request: Request) -> Response | Failure:
        if self._pool is None:
            self._pool = _pool(self._route, self._wire)
        url, content = request.sent or (request.url, request.body)
        parsed = httpx2.URL(url)
        host = parsed.raw_host
        if b":" in host and self._route.proxy is not None and self._route.proxy.kind != "socks5":
            host = b"[%b]" % host  # the library writes it to an HTTP proxy as it is
        message = httpcore2.Request(
            request.method,
            httpcore2.URL(
                scheme=parsed.raw_scheme, host=host, port=parsed.port, target=parsed.raw_path
            ),
            headers=[(name.encode(), _wired(value)) for name, value in request.headers],
            content=content,
            extensions={"trace": self._wire.note, "sni_hostname": parsed.raw_host.decode("ascii")},
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


def _pool(route: Route, wire: CountedWire) -> httpcore2.AsyncConnectionPool:
    proxy = route.proxy
    usual: dict[str, Any] = {
        "ssl_context": route.tls,
        "max_connections": 1,
        "keepalive_expiry": KEPT_OPEN,
        "network_backend": wire,
    }
    if proxy is None:
        return httpcore2.AsyncConnectionPool(**usual)
    at = httpcore2.URL(scheme=proxy.kind, host=proxy.host, port=proxy.port, target=b"/")
    user = (proxy.user[0].encode(), proxy.user[1].encode()) if proxy.user else None
    if proxy.kind == "socks5":
        return httpcore2.AsyncSOCKSProxy(proxy_url=at, proxy_auth=user, **usual)
    tls = route.tls if proxy.kind == "https" else None
    return httpcore2.AsyncHTTPProxy(proxy_url=at, proxy_auth=user, proxy_ssl_context=tls, **usual)
