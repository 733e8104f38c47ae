"""The console that a command prints to: any encoding, and a reader that may leave early."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator


def lenient_console() -> None:
    r"""Print as `\u9a8c` a character that the console's encoding lacks, instead of failing.

    Consoles of Windows use cp1252 or GBK, those of containers often ASCII; the documents are
    Chinese. A stream that was replaced by one of another kind is left alone.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write_utf8(text: str) -> None:
    """Print a text that programs read, in UTF-8 whatever the console's encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


@contextlib.contextmanager
def reader_may_leave() -> Iterator[None]:
    """End the block in silence when the reader of standard output has gone, as `head` does.

    Unlike the default action of SIGPIPE, this works on Windows, and leaves the process alive.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered would raise again when the interpreter flushes it at exit.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
