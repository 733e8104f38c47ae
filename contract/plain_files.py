"""Reading of files that others wrote: what is no file, or has no end, is refused, never waited for.

A spec names files, and a link may lead anywhere: to a directory, to a pipe without a writer, to a
device that never ends. Whoever reads a file that a spec or a link may name reads it here.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MAX_BYTES = 8 << 20
"""The most bytes of one file; the largest specs that are published have about as many."""

_GIVEN = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")
"""The paths of what the shell opened for us: its pipes have a writer, so they are read."""
_NOT_BLOCKING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def content_of(path: Path) -> bytes:
    """Give the content of a file.

    Raises:
        OSError: there is no such file, or it is none, or it is too large; `strerror` says why.
        ValueError: no file can have this name.
    """
    _must_be_plain(path, path.stat().st_mode)
    descriptor = os.open(path, os.O_RDONLY | _NOT_BLOCKING)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor, no path
        mode = os.fstat(descriptor).st_mode  # what was opened, in case it is another by now
        _must_be_plain(path, mode)
        if stat.S_ISFIFO(mode):
            os.set_blocking(descriptor, True)
        parts, size = [], 0
        while size <= MAX_BYTES and (part := file.read(MAX_BYTES + 1 - size)):
            parts.append(part)
            size += len(part)
    if size > MAX_BYTES:
        raise OSError(errno.EFBIG, f"it has more than {MAX_BYTES >> 20} MiB")
    return b"".join(parts)


def real(path: Path) -> Path:
    """Give the absolute path of a file with its links followed, as far as they lead anywhere."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:  # no file can have this name
        return path.absolute()


def _must_be_plain(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a directory")
    given = stat.S_ISFIFO(mode) and path.as_posix().startswith(_GIVEN)
    if not stat.S_ISREG(mode) and not given:
        raise OSError(errno.EINVAL, "it is a pipe, a device or a socket, and no file")
