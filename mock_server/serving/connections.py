"""The protocol of uvicorn, extended so that no client can make it wait or grow without limit.

uvicorn itself bounds neither the head that its faster parser keeps nor the time it takes, and
reads on while an answer is open. Here one request is parsed at a time: what comes behind it waits,
and beyond `BEHIND` bytes it waits with the client. A client that has closed its sending side gets
its answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp, Scope

from mock_server.limits import AFTERWARDS, BEHIND, HEAD, HEADERS, framed
from mock_server.problems import problem
from mock_server.serving.one_write import OneWrite
from mock_server.serving.screening import screened
from mock_server.serving.slots import Slot, Slots
from mock_server.wire import whole

_BODY = "SEND_BODY"
"""What h11 calls the state of a client whose body is under way."""
_END_OF_HEAD = b"\r\n\r\n"
_FRAMINGS = frozenset({b"content-length", b"transfer-encoding"})
_ASCII = "".join(map(chr, range(0x80)))
_TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
_LONG_HEAD = f"the head of a request may have {HEAD >> 10} KiB"
_MANY_HEADERS = f"a request may have {HEADERS} headers"
_LONG_BODY = "a body may have {} KiB as it is sent, its framing included"
_FULL = "all connections are busy: try again later"
_NO_HTTP = "this is not a valid HTTP/1.1 request"


def with_limits(
    protocol: type[asyncio.Protocol], slots: Slots, largest_body: int
) -> type[asyncio.Protocol]:
    """Extend an HTTP protocol of uvicorn that has wires.

    Args:
        protocol: of uvicorn.
        slots: are shared by its connections.
        largest_body: how many bytes a body may have.
    """
    shared = {"slots": slots, "most_framed": framed(largest_body)}
    return type("LimitedProtocol", (_Limits, protocol), shared)


class _Limits(asyncio.Protocol):
    """What is put in front of a protocol of uvicorn, and what it finds there."""

    slots: Slots
    most_framed: int
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    scheme: str
    cycle: Any
    headers: list[tuple[bytes, bytes]] | None
    url: bytes
    scope: Scope
    parser: Any = None
    """httptools' parser; h11 has none of this name, and reads on by itself."""
    conn: Any = None
    """h11's state of a connection."""
    _unset_keepalive_if_required: Callable[[], None]
    wired: bool
    endless: bool
    ended: bool

    app: ASGIApp
    head = 0
    """Bytes of a head that is not whole, or thrown away behind a refusal."""
    framed = 0
    """Bytes of the body that is under way."""
    refused = False
    held = False
    """Whether nothing is read until what is behind is worked off."""
    in_first_line = False
    """Whether the first line of a head is under way."""
    in_body = False
    """Whether a body is under way, of which the answer may be complete (httptools)."""
    resuming = False
    """Whether the parser is being told of a body that it did not expect."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.behind = bytearray()
        self.app = partial(screened, self.app)
        self.slot = Slot(self.transport)
        self.one_write = OneWrite(self.transport, self.loop)
        if not self.slots.take(self.slot, self.loop.time()):
            full = problem(HTTPStatus.SERVICE_UNAVAILABLE, _FULL, retry_after="1")
            self.transport.write(whole(full.answer))
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.slots.leave(self.slot)
        self.behind.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.refused:
            self.head += len(data)
            if self.head > AFTERWARDS:
                self.transport.abort()
            return
        end = data.find(_END_OF_HEAD)
        if self.behind or self.answering() or -1 < end < len(data) - len(_END_OF_HEAD):
            self.behind += data
            self.go_on()
        else:
            self.parse(data)

    def eof_received(self) -> bool:
        # TLS has no half-closed connections, and what never ends would end for nobody.
        self.ended = self.slot.ended = True
        return self.scheme == "http" and not self.endless and self.answering()

    def answering(self) -> bool:
        """Say whether a request came whose answer is not yet sent."""
        cycle = self.cycle
        return not (cycle is None or cycle.response_complete or cycle.more_body)

    def go_on(self) -> None:
        """Parse what is behind, up to the end of the next request."""
        behind = self.behind
        while behind and not self.answering() and not self.over():
            end = behind.find(_END_OF_HEAD)
            size = len(behind) if end < 0 else end + len(_END_OF_HEAD)
            piece = bytes(behind[:size])
            del behind[:size]
            self.parse(piece)
        if self.over():
            behind.clear()
            return
        if self.held != (len(behind) > BEHIND):
            self.held = not self.held
            (self.transport.pause_reading if self.held else self.transport.resume_reading)()
        if self.ended and not behind and not self.answering():
            self.transport.close()

    def over(self) -> bool:
        """Say whether nothing that comes is of interest any more."""
        return self.refused or self.transport.is_closing()

    def parse(self, piece: bytes) -> None:
        """Parse bytes that hold the end of one head at most."""
        before = self.cycle
        reading = self.in_body or (self.conn is not None and str(self.conn.their_state) == _BODY)
        of_a_body = reading or (before is not None and not before.response_complete)
        if of_a_body:
            self.framed += len(piece)
        else:
            if not self.head:
                self.slots.wait(self.slot, self.loop.time())
                self.in_first_line = True
            self.head += len(piece)
            if self.in_first_line:
                piece = self.encoded(piece)
        if self.head > HEAD:
            self.refuse(_TOO_LARGE, _LONG_HEAD)
        elif self.framed > self.most_framed:
            told = _LONG_BODY.format(self.most_framed >> 10)
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, told)
        else:
            super().data_received(piece)
            if self.cycle is not before:
                self.head = self.framed = 0
                self.slots.work(self.slot)
            elif self.headers is not None and len(self.headers) > HEADERS and not self.over():
                self.refuse(_TOO_LARGE, _MANY_HEADERS)

    def encoded(self, piece: bytes) -> bytes:
        """Encode what is no ASCII in the first line of a head: some clients send raw UTF-8."""
        line, mark, rest = piece.partition(b"\n")
        self.in_first_line = not mark
        if line.isascii():
            return piece
        return quote(line, _ASCII).encode("ascii") + mark + rest

    def on_headers_complete(self) -> None:
        """Let the parser of URLs see a path only; `screened` looks at the rest (httptools)."""
        self.in_body = True
        if self.resuming:
            return
        target = self.url
        if target.startswith(b"/"):
            super().on_headers_complete()  # type: ignore[misc]  # uvicorn has it
        else:
            self.url = b"/"
            super().on_headers_complete()  # type: ignore[misc]  # uvicorn has it
            self.scope["raw_path"] = target
            self.scope["path"] = target.decode("ascii")
        self.cycle.transport = self.one_write
        self.headers = []  # trailers are no headers of the request

    def on_message_complete(self) -> None:
        """Know that a head comes next (httptools)."""
        self.in_body = False
        super().on_message_complete()  # type: ignore[misc]  # uvicorn has it

    def _unsupported_upgrade_warning(self) -> None:
        """Stay with HTTP/1.1 where a client offers another protocol (httptools).

        Its parser takes the body of such a request for that protocol, and then for the next
        request. Java's client offers HTTP/2 with every first request of a connection.
        """
        if self.parser is None:
            return
        cycle: Any = self.cycle
        framing = [each for each in cycle.scope["headers"] if each[0] in _FRAMINGS]
        if not framing or framing == [(b"content-length", b"0")]:
            return
        cycle.more_body = True
        cycle.message_event.clear()
        self.parser = type(self.parser)(self)
        self.resuming = True
        self.parser.feed_data(b"POST / HTTP/1.1\r\n%s: %s\r\n\r\n" % framing[0])
        self.resuming = False
        self.headers = []

    def on_response_complete(self) -> None:
        super().on_response_complete()  # type: ignore[misc]  # uvicorn has it
        if not self.transport.is_closing() and not self.answering():
            self.slots.wait(self.slot, self.loop.time())
            if self.behind or self.ended:
                self.loop.call_soon(self.go_on)

    def resume_writing(self) -> None:
        self.slot.progress = self.loop.time()
        super().resume_writing()

    def send_400_response(self, _: str) -> None:
        self.refuse(HTTPStatus.BAD_REQUEST, _NO_HTTP)

    def refuse(self, status: HTTPStatus, detail: str) -> None:
        """Answer in place of the application, and let the client read that before the end."""
        if self.over():
            return
        self.refused, self.head = True, 0
        self.behind.clear()
        cycle: Any = self.cycle
        answered = False
        if cycle is not None and not cycle.response_complete:
            answered = cycle.response_started or self.wired
            cycle.disconnected = True
            cycle.message_event.set()
        if answered:
            self.transport.abort()
            return
        self._unset_keepalive_if_required()
        self.slots.wait(self.slot, self.loop.time())
        self.transport.write(whole(problem(status, detail).answer))
        if self.transport.can_write_eof():
            self.transport.write_eof()
            self.transport.resume_reading()
        else:
            self.transport.close()
