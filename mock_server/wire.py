"""Below HTTP: an answer as bytes and pauses on a connection, and the protocol that sends it so.

An ASGI application has no hand on its connection. A subclass of uvicorn's protocol lends it one,
as an extension of the scope: a function that takes a `Wire` and carries it out.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain, cycle

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.breaking import Answer

CONNECTION = "mock_server.connection"
"""The extension of the scope that carries a `Wire` out."""

_LINGER_NOT = struct.pack("ii", 1, 0)
"""SO_LINGER on, for no time: the connection ends by a reset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What goes over the connection in place of an HTTP answer, and how it ends.

    Attributes:
        steps: bytes to send, or seconds to wait.
        endless: further steps, over and over until the caller hangs up.
        reset: whether the connection ends by a reset (RST) and not by a close (FIN).
    """

    steps: tuple[bytes | float, ...] = ()
    endless: tuple[bytes | float, ...] = ()
    reset: bool = False


def head(answer: Answer, *framing: str, version: str = "HTTP/1.1") -> bytes:
    """Write the head of an answer; the framing is the headers that say where its body ends."""
    lines = (
        f"{version} {int(answer.status)} {HTTPStatus(answer.status).phrase}",
        *([f"content-type: {answer.media_type}"] if answer.media_type else []),
        *(f"{name}: {value}" for name, value in answer.headers),
        *framing,
        "connection: close",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1")


def whole(answer: Answer) -> bytes:
    """Write an answer as it should be."""
    return head(answer, f"content-length: {len(answer.body)}") + answer.body


def chunk(data: bytes) -> bytes:
    """Write one chunk of a chunked body; the empty one is the last."""
    return b"%x\r\n%s\r\n" % (len(data), data)


async def carried(wire: Wire, scope: Scope, receive: Receive) -> None:
    """Send a `Wire` on the connection of a request, and wait for the connection's end."""
    carry: Callable[[Wire], Coroutine[None, None, None]] = scope["extensions"][CONNECTION]
    await carry(wire)
    while (await receive())["type"] != "http.disconnect":
        pass


def wired(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """Make of an HTTP protocol of uvicorn one that lends its connection to the application."""

    class Wired(protocol):  # type: ignore[valid-type,misc]  # uvicorn chooses it at run time
        app: ASGIApp

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            app = self.app

            async def lending(scope: Scope, receive: Receive, send: Send) -> None:
                extensions = {**(scope.get("extensions") or {}), CONNECTION: self.carry}
                await app({**scope, "extensions": extensions}, receive, send)

            self.app = lending

        async def carry(self, wire: Wire) -> None:
            for step in chain(wire.steps, cycle(wire.endless)):
                if self.transport.is_closing():
                    return
                if isinstance(step, bytes):
                    self.transport.write(step)
                    await self.flow.drain()
                else:
                    await asyncio.sleep(step)
            if wire.reset:
                connection = self.transport.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
                self.transport.abort()
            else:
                self.transport.close()

    return Wired
