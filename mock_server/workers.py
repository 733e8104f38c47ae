"""Several processes on one socket, which share nothing else."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable

UNEXPECTED = 1

Serve = Callable[[int, Callable[[], object]], object]
"""Serves as the worker of a number, and calls the function when it is ready."""


def run(count: int, serve: Serve, ready: Callable[[], object]) -> int:
    """Have so many processes serve until SIGINT or SIGTERM; give the exit status.

    A worker that ends by itself takes the others with it: one that took its place would issue
    its numbers again.
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
