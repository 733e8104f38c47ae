"""What is printed, on any console: no character ends a command, and programs read UTF-8."""

from __future__ import annotations

import io
import sys


def lenient_console() -> None:
    """Escape what the console's encoding lacks (ASCII, cp1252, GBK) instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write_utf8(text: str) -> None:
    """Print a text that programs read, in UTF-8 whatever the console's encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()
