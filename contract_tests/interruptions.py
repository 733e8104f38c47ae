"""Ctrl-C and SIGTERM: both end a run early, and neither leaves a report half written."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

_BOTH = (signal.SIGINT, signal.SIGTERM)


def terminate_as_interrupted() -> Callable[[], None]:
    """Have SIGTERM do what Ctrl-C does; give the function that undoes this."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    before = {each: signal.getsignal(each) for each in _BOTH}
    if not callable(before[signal.SIGINT]):  # as in a job that a script starts in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))

    def undo() -> None:
        for each, handler in before.items():
            signal.signal(each, handler)

    return undo


@contextlib.contextmanager
def deferred() -> Iterator[list[int]]:
    """Let Ctrl-C and SIGTERM wait until the block has ended; the list tells which came."""
    came: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield came
        return
    before = {each: signal.signal(each, lambda number, _: came.append(number)) for each in _BOTH}
    try:
        yield came
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
