"""What every command does with its output, and how it ends."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from contract import printable
from contract.consoles import UNWRITABLE, Unwritten, complain, reader_may_leave
from contract.files import write_whole
from contract.findings import Unusable, named
from contract.plain_files import real
from contract.printable import in_utf8

UNUSABLE = 2
"""The exit status where an input cannot be used."""
STANDARD_OUTPUT = Path("-")
"""What `--output` says for standard output."""


def declare_output(parser: argparse.ArgumentParser) -> None:
    """Declare `--output`."""
    parser.add_argument(
        "--output",
        type=Path,
        default=STANDARD_OUTPUT,
        metavar="FILE",
        help="default: -, which is standard output",
    )


def exit_status_of(run: Callable[[], int], *, name: str) -> int:
    """Run a command; give its exit status, after a line that says what it could not use or write.

    Args:
        run: the command.
        name: what the line begins with.
    """
    status = 0
    try:
        with reader_may_leave():
            status = run()
    except Unusable as problem:
        complain(f"{name}: {printable.line(str(problem))}")
        status = UNUSABLE
    except Unwritten as problem:
        complain(f"{name}: {printable.line(str(problem))}")
        status = UNWRITABLE
    return status


def write(path: Path, text: str) -> None:
    """Write a file in UTF-8 and make its folder; leave a file alone that has this content.

    Raises:
        Unwritten: it cannot be written.
    """
    try:
        real(path).parent.mkdir(parents=True, exist_ok=True)
        if not path.is_file() or not _holds(path, text):
            write_whole(path, text)
    except OSError as error:
        raise Unwritten(f"{named(path)}: cannot be written: {error.strerror}") from None


def _holds(path: Path, text: str) -> bool:
    """Say whether a file has a text as its content; a large one is read in pieces."""
    content = memoryview(in_utf8(text))
    with path.open("rb") as file:
        at = 0
        while piece := file.read(_PIECE):
            if piece != content[at : at + len(piece)]:
                return False
            at += len(piece)
    return at == len(content)


_PIECE = 1 << 16
