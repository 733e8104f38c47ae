"""Below HTTP: an answer as bytes and pauses on a connection, and the protocol that sends it.

An ASGI application cannot reach its connection. A subclass of uvicorn's protocol puts it into the
scope, as an extension: the connection sends a `Wire`, and waits, but not longer than the server
runs.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import struct
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from itertools import chain, cycle
from typing import Any, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.answer_editing import Answer
from mock_server.limits import ANSWER_TIME

CONNECTION = "mock_server.connection"
"""The extension of the scope that holds the request's `Connection`."""

_STATUS = "mock_server.status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What goes over the connection in place of an HTTP answer, and how it ends.

    Attributes:
        steps: bytes to send, or seconds to wait.
        endless: further steps, repeated until the client hangs up.
        reset: whether the connection ends by a reset (RST) and not by a close (FIN).
    """

    steps: tuple[bytes | float, ...] = ()
    endless: tuple[bytes | float, ...] = ()
    reset: bool = False

    @property
    def status(self) -> int | None:
        """The status in its first bytes, where they are the head of an HTTP answer."""
        start = next((step for step in self.steps if isinstance(step, bytes)), b"")
        found = re.match(rb"HTTP/1\.1 (\d{3}) ", start)
        return int(found[1]) if found else None


def head(answer: Answer, *framing: str, version: str = "HTTP/1.1") -> bytes:
    """Write the head of an answer; the framing is the headers that say where its body ends."""
    lines = (
        f"{version} {int(answer.status)} {HTTPStatus(answer.status).phrase}",
        *([f"content-type: {answer.media_type}"] if answer.media_type else []),
        *framing,
        *(f"{name}: {value}" for name, value in answer.headers),
        "connection: close",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1")


def whole(answer: Answer) -> bytes:
    """Write an answer as it should be."""
    return head(answer, f"content-length: {len(answer.body)}") + answer.body


def chunk(data: bytes) -> bytes:
    """Write one chunk of a chunked body; the empty one is the last."""
    return b"%x\r\n%s\r\n" % (len(data), data)


class Connection(Protocol):
    """What the application may do with the connection of a request."""

    async def send(self, wire: Wire) -> None:
        """Send a `Wire`."""

    async def wait(self, seconds: float) -> None:
        """Wait, but only until the server is stopped."""


async def send_wire(wire: Wire, scope: Scope, receive: Receive) -> None:
    """Send a `Wire` on the connection of a request, and wait until the connection ends."""
    connection: Connection = scope["extensions"][CONNECTION]
    scope["extensions"][_STATUS] = wire.status
    await connection.send(wire)
    while (await receive())["type"] != "http.disconnect":
        pass


def status_sent(scope: Scope) -> int | None:
    """Give the status of the `Wire` that was sent on the connection of a request, if any."""
    status: int | None = scope["extensions"].get(_STATUS)
    return status


def abortive_linger(system: str = os.name) -> bytes:
    """Give the value of SO_LINGER that makes a socket end by a reset: on, for no time.

    Args:
        system: as `os.name` has it; the fields of Windows are half as wide.
    """
    return struct.pack("hh" if system == "nt" else "ii", 1, 0)


async def _with_connection(
    app: ASGIApp, connection: Connection, scope: Scope, receive: Receive, send: Send
) -> None:
    scope.setdefault("extensions", {})[CONNECTION] = connection
    await app(scope, receive, send)


def with_wires(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """Extend an HTTP protocol of uvicorn so that the application can reach its connection."""
    return type("WireProtocol", (_Wires, protocol), {})


class _Wires(asyncio.Protocol):
    """What is put in front of a protocol of uvicorn: a `Connection`."""

    transport: asyncio.Transport
    flow: Any
    app: ASGIApp
    wired = False
    """Whether a `Wire` was sent, or is being sent, in place of an answer."""
    endless = False
    ended = False
    """Whether the client has closed its sending side."""
    stopped = False
    """Whether the connection, or the server, has come to its end."""
    waiting: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.app = partial(_with_connection, self.app, self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        self._stop()
        super().shutdown()  # type: ignore[misc]  # uvicorn has it
        if self.endless:
            self.transport.abort()

    async def wait(self, seconds: float) -> None:
        if self.stopped:
            return
        loop = asyncio.get_running_loop()
        self.waiting = loop.create_future()
        timer = loop.call_later(seconds, _wake, self.waiting)
        try:
            await self.waiting
        finally:
            timer.cancel()

    def _stop(self) -> None:
        self.stopped = True
        if self.waiting is not None:
            _wake(self.waiting)

    async def send(self, wire: Wire) -> None:
        self.wired, self.endless = True, bool(wire.endless)
        if self.endless and (self.ended or self.stopped):
            self.transport.abort()
        try:
            async with asyncio.timeout(ANSWER_TIME):
                if not await self._steps(wire):
                    return
        except TimeoutError:
            self.transport.abort()
            return
        if wire.reset:
            connection = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, abortive_linger())
            self.transport.abort()
        else:
            self.transport.close()

    async def _steps(self, wire: Wire) -> bool:
        """Take the steps; say whether the connection was open until the last one."""
        for step in chain(wire.steps, cycle(wire.endless)):
            if self.transport.is_closing():
                return False
            if isinstance(step, bytes):
                self.transport.write(step)
                await self.flow.drain()
                await asyncio.sleep(0)  # a client that reads fast must not keep others waiting
            else:
                await self.wait(step)
        return True


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
