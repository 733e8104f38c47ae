"""The head of an answer and its body in one write, where the server has both at the same time.

uvicorn writes them one after the other, and each write costs a call of the system and a packet.
"""

from __future__ import annotations

import asyncio

LARGEST = 64 << 10
"""Bytes of a body that leaves with its head; to copy a larger one would cost more."""


class OneWrite:
    """What the answers of one connection are written to: two writes in a row leave as one.

    What nothing follows in the same step of the event loop leaves at the end of the step.
    """

    __slots__ = ("_held", "_loop", "_transport", "is_closing")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held = b""
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        """Write what was held together with this, or hold this."""
        if len(data) > LARGEST:
            self.flush()
            self._transport.write(data)
        elif self._held:
            held, self._held = self._held, b""
            self._transport.write(held + data)
        else:
            self._held = data
            self._loop.call_soon(self.flush)

    def flush(self) -> None:
        """Write what is held."""
        if self._held:
            held, self._held = self._held, b""
            if not self.is_closing():
                self._transport.write(held)

    def close(self) -> None:
        """Close the connection once everything is sent."""
        self.flush()
        self._transport.close()
