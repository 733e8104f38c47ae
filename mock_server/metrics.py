"""What the mock server counts, and how Prometheus reads it: `GET /metrics`.

Each worker counts in memory of its own that all of them can read, so any worker tells the sum of
all, and a count costs no lock and no file. The names of what is counted are written once, beside
the numbers; there is room for so many, and what finds none is counted together. Nothing that a
request holds is a label: operations, statuses and faults are those of the spec and the catalogue.
To count something more: a method that counts it, and its family in `metric_families.py`.
"""

from __future__ import annotations

import asyncio
import json
import mmap
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field

from mock_server.answer_editing import Answer
from mock_server.state.journal import JournalEntry

METRICS = "/metrics"
"""The path that Prometheus asks; an operation of the spec at it is answered in its place."""
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""The upper bounds of the histogram of times, in seconds."""
REQUESTS, TIMES, ISSUED, ATTEMPTS, RELOADS = "requests", "times", "issued", "attempts", "reloads"
"""What is counted."""
OTHERS = "(others)"
"""The operation under which requests are counted for which there was no room."""

_SLOTS, _NAMES = 1 << 17, 4 << 20
_WORD = 8
_OF_TIMES = len(BUCKETS) + 2

_FIRST = 1
"""The first number says how many bytes of names there are."""
_KEPT_FREE = 1024
"""Numbers, and bytes of names, that are kept free for what finds no other room."""

Name = tuple[str, ...]
"""What a number counts: the kind, and its labels."""


class Region:
    """The numbers of one worker: it alone writes them, all workers read them.

    Args:
        slots: how many numbers there is room for.
    """

    def __init__(self, slots: int = _SLOTS) -> None:
        self._memory = mmap.mmap(-1, (slots + 1) * _WORD + _NAMES)
        whole = memoryview(self._memory)
        self.numbers = whole[: (slots + 1) * _WORD].cast("Q")
        self._names = whole[(slots + 1) * _WORD :]
        self._slots = slots
        self._next = _FIRST
        self._places: dict[Name, int] = {}

    def place(self, name: Name, size: int = 1) -> int | None:
        """Give where the numbers of a name begin; None where there is no room for them."""
        known = self._places.get(name)
        if known is not None:
            return known
        written = json.dumps([size, *name]).encode() + b"\n"
        used = self.numbers[0]
        room = self._slots - self._next, _NAMES - used - len(written)
        if min(room) < (0 if OTHERS in name else _KEPT_FREE) + size:
            return None
        self._names[used : used + len(written)] = written
        place, self._next = self._next, self._next + size
        self._places[name] = place
        self.numbers[0] = used + len(written)
        return place

    def counted(self) -> Iterator[tuple[Name, list[int]]]:
        """Give every name with its numbers."""
        place = _FIRST
        for line in bytes(self._names[: self.numbers[0]]).splitlines():
            size, *name = json.loads(line)
            yield tuple(name), self.numbers[place : place + size].tolist()
            place += size


@dataclass(slots=True)
class Metrics:
    """The counts of all workers.

    Attributes:
        regions: one for each worker.
        worker: which of them this process is.
    """

    regions: tuple[Region, ...] = field(default_factory=lambda: (Region(),))
    worker: int = 0
    _requests: dict[tuple[str | None, int | None, str], tuple[int, int]] = field(
        default_factory=dict
    )

    def request(self, entry: JournalEntry) -> None:
        """Count a request that was answered, and how long it took."""
        numbers = self.regions[self.worker].numbers
        label = (entry.operation, entry.status, entry.fault)
        places = self._requests.get(label)
        if places is None:
            places = self._requests[label] = self._places_of(*label)
        count, times = places
        numbers[count] += 1
        numbers[times + bisect_left(BUCKETS, entry.seconds)] += 1
        numbers[times + _OF_TIMES - 1] += int(entry.seconds * 1e6)

    def _places_of(self, operation: str | None, status: int | None, fault: str) -> tuple[int, int]:
        region = self.regions[self.worker]
        name = operation or ""
        times = region.place((TIMES, name), _OF_TIMES)
        count = region.place((REQUESTS, name, str(status or "broken"), fault))
        if times is None or count is None:
            return self._places_of(OTHERS, None, "")
        return count, times

    def captcha_issued(self) -> None:
        """Count a captcha that an answer showed."""
        self._count((ISSUED,))

    def captcha_attempted(self, outcome: str) -> None:
        """Count an attempt to use a captcha, by what became of it."""
        self._count((ATTEMPTS, outcome))

    def reloaded(self, result: str) -> None:
        """Count a save of the spec, which is served or refused."""
        self._count((RELOADS, result))

    def _count(self, name: Name) -> None:
        region = self.regions[self.worker]
        place = region.place(name)
        if place is not None:
            region.numbers[place] += 1

    def sums(self) -> Mapping[Name, list[int]]:
        """Add up what all workers have counted."""
        summed: dict[Name, list[int]] = {}
        for region in self.regions:
            for name, numbers in region.counted():
                known = summed.get(name)
                summed[name] = (
                    numbers
                    if known is None
                    else [a + b for a, b in zip(known, numbers, strict=True)]
                )
        return summed


def metrics_of(workers: int) -> Metrics:
    """Make the counts of so many workers, before they are forked."""
    return Metrics(regions=tuple(Region() for _ in range(workers)))


def answering(
    metrics: Metrics, has: Callable[[str], bool], broken: Callable[[], bool]
) -> Callable[[], Awaitable[Answer] | None]:
    """Make what answers Prometheus, beside the calls; nothing where the spec has its path.

    Args:
        metrics: what was counted.
        has: says whether the spec has an operation at a path.
        broken: says whether the newest save of the spec cannot be served.
    """

    def answer() -> Answer:
        from mock_server.metric_families import answer_of  # noqa: PLC0415 - only where it is asked

        return answer_of(metrics, broken=broken())

    return lambda: None if has(METRICS) else asyncio.to_thread(answer)
