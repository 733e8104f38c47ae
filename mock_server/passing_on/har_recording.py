"""Judged calls → a HAR file, within bounds; a judgement holds no credentials."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from contract.files import write_whole
from contract.judging.as_har import Entry, entries_of, text_of
from contract.judging.exchange import Exchange, Response
from contract.judging.verdict import Judgement

HAR_ENTRIES = 2000
"""How many calls a HAR file holds."""

HAR_BYTES = 64 << 20
"""How many bytes their heads and bodies may have together."""


@dataclass(slots=True)
class HarRecording:
    """The calls that are written when the server stops; threads may share it.

    Attributes:
        file: where they are written to.
        report: prints a line for people.
    """

    file: Path
    report: Callable[[str], object]
    _entries: list[Entry] = field(default_factory=list)
    _bytes: int = 0
    _left_out: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, judgement: Judgement) -> None:
        """Keep the calls of a judgement, if there is room."""
        size = sum(map(_size, judgement.exchanges))
        with self._lock:
            if len(self._entries) >= HAR_ENTRIES or self._bytes + size > HAR_BYTES:
                self._left_out += 1
                if self._left_out == 1:
                    self.report(
                        f"{self.file} is full: it takes {HAR_ENTRIES} calls and"
                        f" {HAR_BYTES >> 20} MiB; the calls from here on are judged all the same"
                    )
                return
            self._entries += entries_of([judgement])
            self._bytes += size

    def write(self) -> None:
        """Write what was recorded.

        Raises:
            OSError: the file cannot be written.
        """
        write_whole(self.file, text_of(self._entries))
        more = f"; {self._left_out} more did not fit" if self._left_out else ""
        count = len(self._entries)
        calls = "1 call was" if count == 1 else f"{count} calls were"
        self.report(f"{calls} written to {self.file}{more}")


def _size(exchange: Exchange) -> int:
    """Count the bytes of a call: of its target, and of all headers and bodies."""
    request, answer = exchange.request, exchange.outcome
    came = (answer.headers, answer.body) if isinstance(answer, Response) else ((), b"")
    headers = sum(len(name) + len(value) for name, value in (*request.headers, *came[0]))
    return len(request.url) + headers + len(request.body) + len(came[1])
