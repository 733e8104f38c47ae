"""What outlives one request: the journal and the settings, in the memory of one process.

Each is a class that the applications share by reference; several workers share nothing.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from contract.credentials import CREDENTIALS, REDACTED
from mock_server.delays import Delay
from mock_server.faults.fault import Fault
from mock_server.preferences import KEYS, preferences_in

JOURNAL_LENGTH = 1000
"""How many requests the journal keeps."""

_LONGEST = 2000
"""How many characters of a URL, or of a header's value, the journal shows."""

_KEPT = 8 << 10
"""How many bytes of a request's headers it keeps; a header that is cut off shows what is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """The fault and the delay of every answer whose request asks for none."""

    fault: Fault | None = None
    delay: Delay | None = None


@dataclass(slots=True)
class Settings:
    """The defaults in force, and those that a reset restores.

    Attributes:
        initial: what the command line asked for.
        current: what is in force.
        choices: draws the delays.
    """

    initial: Defaults = field(default_factory=Defaults)
    current: Defaults = field(init=False)
    choices: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Restore what the command line asked for."""
        self.current = self.initial


@dataclass(slots=True)
class JournalEntry:
    """One request and its outcome, as cheap to record as possible.

    Attributes:
        number: counts the requests from 1.
        moment: when it came, in seconds since 1970.
        method: as it was sent.
        target: path and query, as they were sent.
        headers: as they were sent, joined: thousands of small objects would slow every request.
        operation: the operationId that it reached, if it reached one.
        status: the status of the answer; None until then, and if the connection broke first.
        seconds: until the answer was sent.
        why: why it was not served: the detail of the problem.
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

    def as_json(self) -> dict[str, object]:
        """Give the entry as JSON, without credentials."""
        headers = list(self._headers())
        preferred = (value.encode("latin-1") for name, value in headers if name == "prefer")
        return {
            "number": self.number,
            "loggedDate": datetime.fromtimestamp(self.moment, UTC).isoformat("T", "milliseconds"),
            "method": self.method,
            "url": self.target,
            "headers": dict(headers),
            "ignored": [
                key for value in preferred for key in preferences_in(value) if key not in KEYS
            ],
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

    entries: deque[JournalEntry] = field(default_factory=lambda: deque(maxlen=JOURNAL_LENGTH))
    total: int = 0

    def begin(self, method: str, target: str, headers: list[tuple[bytes, bytes]]) -> JournalEntry:
        """Add an entry for a request; its outcome is filled in later."""
        self.total += 1
        joined = b"\n".join(map(b":".join, headers))[:_KEPT]
        entry = JournalEntry(self.total, time.time(), method, target[:_LONGEST], joined)
        self.entries.append(entry)
        return entry

    def newest(self, limit: int, *, unmatched: bool = False) -> list[JournalEntry]:
        """Give the newest entries first; with `unmatched`, only those that no operation served."""
        wanted = (each for each in reversed(self.entries) if not unmatched or each.why is not None)
        return list(islice(wanted, limit))

    def clear(self) -> None:
        """Forget every request."""
        self.entries.clear()
        self.total = 0
