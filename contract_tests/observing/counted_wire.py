"""Connections whose bytes are counted, so that no answer costs more than it may.

The HTTP library bounds neither interim answers nor chunk extensions; here everything that comes is
counted below it.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore2


class TooMuch(Exception):  # noqa: N818 - it names what came
    """More bytes came than any answer within the limit needs."""


@dataclass(slots=True, kw_only=True)
class CountedWire(httpcore2.AsyncNetworkBackend):
    """The connections below a caller: counted, and closed together.

    Attributes:
        budget: bytes that a call may read.
        beyond: the step from which on a call is past the proxy; empty without a proxy.
        left: how many of them are left.
        passed: whether the call is past the proxy.
        headers_came: when the head of the answer was complete; 0 before.
        opened: every connection that may still be open.
    """

    budget: int
    beyond: str
    left: int = 0
    passed: bool = False
    headers_came: float = 0.0
    opened: list[httpcore2.AsyncNetworkStream] = field(default_factory=list)

    def begin(self) -> None:
        """Begin to count for a call."""
        self.left = self.budget
        self.passed = not self.beyond or (self.passed and bool(self.opened))
        self.headers_came = 0.0

    async def note(self, step: str, _: Mapping[str, Any]) -> None:
        """Note how far a call has come."""
        self.passed = self.passed or step == self.beyond

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library calls it
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Open a connection."""
        opened = await httpcore2.AnyIOBackend().connect_tcp(
            host, port, timeout, local_address, socket_options
        )
        self.opened = [opened]
        return _CountedStream(opened, self)

    async def close(self) -> None:
        """Close every connection, whatever the library thinks of it."""
        opened, self.opened = self.opened, []
        for each in reversed(opened):
            await each.aclose()


@dataclass(slots=True)
class _CountedStream(httpcore2.AsyncNetworkStream):
    """A connection whose bytes are counted."""

    stream: httpcore2.AsyncNetworkStream
    wire: CountedWire

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library calls it
    ) -> bytes:
        """Read what came."""
        came = await self.stream.read(max_bytes, timeout)
        self.wire.left -= len(came)
        if self.wire.left < 0:
            raise TooMuch
        return came

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library calls it
    ) -> None:
        """Send."""
        await self.stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close it."""
        await self.stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as the library calls it
    ) -> httpcore2.AsyncNetworkStream:
        """Speak TLS from here on."""
        secure = await self.stream.start_tls(ssl_context, server_hostname, timeout)
        self.wire.opened.append(secure)
        return _CountedStream(secure, self.wire)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as the library asks
        """Tell of the connection below."""
        return self.stream.get_extra_info(info)
