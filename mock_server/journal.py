"""The last requests, as they were answered: in the memory of one process, credentials left out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from contract.credentials import CREDENTIALS, REDACTED
from mock_server.selection import KEYS, preferred

LENGTH = 1000
"""So many requests are kept."""
_LONGEST = 2000
"""So many characters of a URL or a header's value."""


@dataclass(slots=True)
class Entry:
    """One request and what became of it, as cheap to note as can be.

    Attributes:
        number: counts the requests from 1.
        moment: when it came, in seconds since 1970.
        method: as it was sent.
        target: path and query, as they were sent.
        headers: as they were sent, in one piece: thousands of small ones would cost every request.
        operation: the operationId that it reached, if it reached one.
        status: what was answered; None until then, and where the connection broke first.
        seconds: until the answer was sent.
        why: of a request that was not served, the detail of the problem.
    """

    number: int
    moment: float
    method: str
    target: str
    headers: bytes
    operation: str | None = None
    status: int | None = None
    seconds: float = 0.0
    why: str | None = None

    def told(self) -> dict[str, object]:
        """Give it as JSON, without credentials."""
        headers = list(self._headers())
        preferences = (value.encode("latin-1") for name, value in headers if name == "prefer")
        return {
            "number": self.number,
            "loggedDate": datetime.fromtimestamp(self.moment, UTC).isoformat("T", "milliseconds"),
            "method": self.method,
            "url": self.target[:_LONGEST],
            "headers": dict(headers),
            "ignored": [key for each in preferences for key in preferred(each) if key not in KEYS],
            "operationId": self.operation,
            "status": self.status,
            "milliseconds": round(self.seconds * 1000, 3),
            "why": self.why,
        }

    def _headers(self) -> Iterator[tuple[str, str]]:
        for line in self.headers.decode("latin-1").split("\n"):
            name, _, value = line.partition(":")
            yield name, REDACTED if name.lower() in CREDENTIALS else value[:_LONGEST]


@dataclass(slots=True)
class Journal:
    """The last requests, and how many there have been."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=LENGTH))
    total: int = 0

    def note(self, method: str, target: str, headers: list[tuple[bytes, bytes]]) -> Entry:
        """Begin an entry; what becomes of the request is written into it."""
        self.total += 1
        entry = Entry(self.total, time.time(), method, target, b"\n".join(map(b":".join, headers)))
        self.entries.append(entry)
        return entry

    def newest(self, limit: int, *, unmatched: bool = False) -> list[Entry]:
        """Give the newest entries first, or those only that no operation served."""
        wanted = (each for each in reversed(self.entries) if not unmatched or each.why is not None)
        return list(islice(wanted, limit))

    def clear(self) -> None:
        """Forget every request."""
        self.entries.clear()
        self.total = 0
