"""Several processes that share one socket, and nothing else."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterable

from mock_server.limits import GRACE
from mock_server.serving.server import ignore_signals

UNEXPECTED = 1
"""The exit status after a worker ended by itself."""

_LAST_WAIT = int(GRACE) + 5
"""Seconds until a worker that does not stop is killed."""

Serve = Callable[[int, Callable[[], object]], object]
"""A function that serves as the worker of a number, and calls the other one when ready."""


def can_fork() -> bool:
    """Say whether this system can run several workers; Windows cannot."""
    return hasattr(os, "fork")


def run(
    count: int,
    serve: Serve,
    ready: Callable[[], object],
    forked: Callable[[], object] = lambda: None,
) -> int:
    """Run several serving processes until SIGINT or SIGTERM; give the exit status.

    A worker that ends by itself, or by a signal of its own, stops the others: a replacement would
    issue its numbers again.
    Workers stop when this process has ended, even by SIGKILL.

    Args:
        count: how many processes.
        serve: what each of them does.
        ready: is called once all of them are ready.
        forked: is called once all of them exist.
    """
    reading, writing = os.pipe()
    parent_lives, held_by_parent = os.pipe()

    def serve_as_child(number: int) -> None:
        os.close(held_by_parent)
        threading.Thread(target=_end_with_parent, args=(parent_lives,), daemon=True).start()
        serve(number, lambda: os.write(writing, b"."))

    children = {_forked(serve_as_child, number) for number in range(count)}
    forked()
    signals = iter((signal.SIGTERM, signal.SIGINT))  # two SIGINT make uvicorn stop at once

    def stop(*_: object) -> None:
        _send(next(signals, signal.SIGINT), children)
        signal.alarm(_LAST_WAIT)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    signal.signal(signal.SIGALRM, lambda *_: _send(signal.SIGKILL, children))
    os.close(writing)
    with open(reading, "rb", buffering=0) as signs:  # noqa: PTH123 - a pipe, no path
        if len(b"".join(signs.read(1) for _ in range(count))) == count:
            ready()
    failed = stopping = False
    while children:
        child, status = os.wait()
        children.discard(child)
        failed = failed or status != 0
        if not stopping:
            stopping = True
            stop()
    signal.alarm(0)
    ignore_signals()
    os.close(held_by_parent)
    return UNEXPECTED if failed else 0


def _send(number: signal.Signals, children: Iterable[int]) -> None:
    for child in tuple(children):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, number)


def _end_with_parent(parent_lives: int) -> None:
    """Stop this process when its parent has ended, however that ended: the pipe is closed then."""
    os.read(parent_lives, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _forked(serve: Callable[[int], object], number: int) -> int:
    child = os.fork()
    if child == 0:
        status = UNEXPECTED
        try:
            serve(number)
            status = 0
        finally:
            os._exit(status)
    return child
