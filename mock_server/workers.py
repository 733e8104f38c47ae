"""Several processes that share one socket, and nothing else."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable

UNEXPECTED = 1
"""The exit status after a worker ended by itself."""

Serve = Callable[[int, Callable[[], object]], object]
"""A function that serves as the worker of a number, and calls the other one when ready."""


def can_fork() -> bool:
    """Say whether this system can run several workers; Windows cannot."""
    return hasattr(os, "fork")


def run(count: int, serve: Serve, ready: Callable[[], object]) -> int:
    """Run several serving processes until SIGINT or SIGTERM; give the exit status.

    A worker that ends by itself stops the others: a replacement would issue its numbers again.

    Args:
        count: how many processes.
        serve: what each of them does.
        ready: is called once all of them are ready.
    """
    reading, writing = os.pipe()
    children = [_forked(number, serve, writing) for number in range(count)]

    def stop(*_: object) -> None:
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    os.close(writing)
    with open(reading, "rb", buffering=0) as signs:  # noqa: PTH123 - a pipe, no path
        if len(b"".join(signs.read(1) for _ in range(count))) == count:
            ready()
    failed = False
    while children:
        child, status = os.wait()
        children.remove(child)
        if status != 0:
            failed = True
            stop()
    return UNEXPECTED if failed else 0


def _forked(number: int, serve: Serve, writing: int) -> int:
    child = os.fork()
    if child == 0:
        status = UNEXPECTED
        try:
            serve(number, lambda: os.write(writing, b"."))
            status = 0
        finally:
            os._exit(status)
    return child
