"""The slots for connections in one process: who waits gives way to who comes, and none for ever.

A connection waits until it has sent the whole head of a request; it is busy until the request is
answered. What ends is looked for ten times a second, so a request costs no timer.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field

from mock_server.limits import BODY_TIME, CONNECTIONS, PATIENCE


@dataclass(eq=False, slots=True)
class Slot:
    """The slot of one connection.

    Attributes:
        transport: sends and closes.
        unsent: how many bytes waited to be sent at the last look.
        progress: when they last became fewer.
        closing: when the connection was first seen to be closing.
        ended: whether the client has closed its sending side.
    """

    transport: asyncio.Transport
    unsent: int = 0
    progress: float = 0.0
    closing: float | None = None
    ended: bool = False

    def end(self) -> None:
        """Close the connection, or abort it where its client does not read."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    def look(self, now: float) -> None:
        """Abort the connection if its client has not read on for too long."""
        if self.closing is None and self.transport.is_closing():
            self.closing = now
        unsent = self.transport.get_write_buffer_size()
        if unsent == 0 or unsent < self.unsent or self.unsent == 0:
            self.progress = now
        self.unsent = unsent
        stuck = now - self.progress > PATIENCE
        late = self.closing is not None and now - self.closing > BODY_TIME
        if stuck or late or (self.ended and self._gone()):
            self.transport.abort()

    def _gone(self) -> bool:
        """Say whether a client that sends no more has been found to be gone (TCP keepalive)."""
        connection = self.transport.get_extra_info("socket")
        try:
            return bool(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        except OSError:
            return True


@dataclass(slots=True)
class Slots:
    """All slots of a process.

    Attributes:
        most: how many there are.
        taken: those that are taken.
        waiting: those that wait for a head, since when; who waits longest stands first.
    """

    most: int = CONNECTIONS
    taken: set[Slot] = field(default_factory=set)
    waiting: dict[Slot, float] = field(default_factory=dict)

    def take(self, slot: Slot, now: float) -> bool:
        """Take a slot for a new connection; say whether there was one."""
        if len(self.taken) >= self.most:
            longest = next(iter(self.waiting), None)
            if longest is None:
                return False
            self.leave(longest)
            longest.transport.abort()
        self.taken.add(slot)
        self.waiting[slot] = now
        return True

    def wait(self, slot: Slot, now: float) -> None:
        """Let a connection wait for the next head."""
        if slot in self.taken:
            self.waiting.pop(slot, None)
            self.waiting[slot] = now

    def work(self, slot: Slot) -> None:
        """Let a connection be busy: its request is being answered."""
        self.waiting.pop(slot, None)

    def leave(self, slot: Slot) -> None:
        """Give a slot back."""
        self.waiting.pop(slot, None)
        self.taken.discard(slot)

    def look(self, now: float) -> None:
        """End the connections that have waited too long for a head."""
        late = []
        for slot, since in self.waiting.items():
            if now - since <= PATIENCE:
                break
            late.append(slot)
        for slot in late:
            self.work(slot)
            slot.end()

    def look_at_all(self, now: float) -> None:
        """End the connections whose clients do not read; once a second is enough."""
        for slot in tuple(self.taken):
            slot.look(now)
