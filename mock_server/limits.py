"""What a client may take of a connection before its request is complete: bytes and seconds."""

from __future__ import annotations

import asyncio

HEAD = 64 << 10
"""Bytes of a request's head, or after an answer that came before the request's end."""

PATIENCE = 10.0
"""Seconds for the head of a request, from the connection or from its first byte."""

_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


def with_limits(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """Extend an HTTP protocol of uvicorn so that no client can make it wait or grow without limit.

    uvicorn itself bounds neither the head that its faster parser keeps nor the time it takes.
    """

    class LimitedProtocol(protocol):  # type: ignore[valid-type,misc]  # uvicorn chooses it at run time
        head = 0
        timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._await_head()

        def data_received(self, data: bytes) -> None:
            before = self.cycle
            super().data_received(data)
            answering = before is not None and not before.response_complete
            if answering or self.cycle is not before:
                self._stop_waiting()
                return
            self.head += len(data)
            if self.timer is None:
                self._await_head()
            if self.head > HEAD:
                self.transport.write(_REFUSAL)
                self.transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)

        def _await_head(self) -> None:
            self.timer = asyncio.get_running_loop().call_later(PATIENCE, self.transport.close)

        def _stop_waiting(self) -> None:
            self.head = 0
            if self.timer is not None:
                self.timer.cancel()
                self.timer = None

    return LimitedProtocol
