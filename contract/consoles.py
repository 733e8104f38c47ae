"""The console that a command prints to: any encoding, a full disk, a reader that leaves early.

Commands print by `say` and `complain`, which put every text through the one escape of
`printable.py`; `write_utf8` writes what programs read. Nothing else prints.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from contract import printable

UNWRITABLE = 74
"""The exit status where an output cannot be written: EX_IOERR of sysexits.h."""


def lenient_console() -> None:
    r"""Print as `\u9a8c` a character that the console's encoding lacks, instead of failing.

    Consoles of Windows use cp1252 or GBK, those of containers often ASCII; the documents are
    Chinese. A stream that was replaced by one of another kind is left alone.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a text of one or several lines to standard output; nothing in it is a command."""
    print(printable.block(text))


def complain(text: str) -> None:
    """Print a text of one or several lines to standard error; nothing in it is a command.

    Where standard error is closed, full, or read by nobody, the work goes on without a word.
    """
    if sys.stderr is None:
        return
    try:
        print(printable.block(text), file=sys.stderr, flush=True)
    except OSError:
        _write_nowhere(sys.stderr)


def write_utf8(text: str) -> None:
    """Print a text that programs read, in UTF-8 whatever the console's encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(printable.in_utf8(text))
    sys.stdout.buffer.flush()


class Unwritten(Exception):  # noqa: N818 - it names what is wrong
    """Standard output cannot be written; the message says why."""


@contextlib.contextmanager
def reader_may_leave() -> Iterator[None]:
    """End the block in silence when the reader of standard output has gone, as `head` does.

    Unlike the default action of SIGPIPE, this works on Windows, and leaves the process alive.

    Raises:
        Unwritten: standard output cannot be written for another reason, such as a full disk.
    """
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:  # it was closed before the start
                sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere(sys.stdout)
    except OSError as error:
        if error.filename is not None:  # it is about a file, not about a stream that is open
            raise
        _write_nowhere(sys.stdout)
        raise Unwritten(f"standard output cannot be written: {error.strerror}") from None


def _write_nowhere(stream: TextIO) -> None:
    """Drop what is still buffered; the interpreter would fail when it flushes it at exit."""
    with contextlib.suppress(io.UnsupportedOperation), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
