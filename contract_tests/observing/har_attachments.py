"""A HAR file or a zip that holds one → its bytes, and the bodies that stand in files beside it.

Playwright writes bodies as files of their own (`content._file`), beside the HAR file or with it in
a zip. Nothing is unpacked. A file is read only if it stands in the same folder or archive, and all
that is read of one recording has a limit.
"""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO

from contract.plain_files import real

LARGEST = 256 << 20
"""Bytes that are read of a recording, with all that is attached to it."""

Attachments = Callable[[str], bytes | str]
"""Gives the content of an attached file by its name, or says why it is not read."""

_NAME = "har.har"
"""The HAR file in a zip of Playwright."""
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MOST_FILES = 100_000
_ZIP = b"PK\x03\x04"


class Unreadable(ValueError):  # noqa: N818 - it names what is wrong
    """A recording cannot be read; the message says why."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[bytes, Attachments]]:
    """Read a HAR file, or the one in a zip, and give what reads the files that belong to it.

    Raises:
        Unreadable: it is too large, or a zip without a HAR file that can be read.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        budget = _Budget()
        if file.read(len(_ZIP)) != _ZIP:
            file.seek(0)
            yield budget.read(file), lru_cache(_beside(path, budget))
            return
        try:
            with zipfile.ZipFile(file) as archive:
                inside = _har_in(archive)
                content = budget.read(_member(archive, inside))
                yield content, lru_cache(_within(archive, inside, budget))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Unreadable(f"is a zip that cannot be read ({error}): export it again") from None


class _Budget:
    """The bytes that may still be read of one recording."""

    def __init__(self) -> None:
        self.left = LARGEST

    def read(self, file: IO[bytes]) -> bytes:
        """Read a file whole.

        Raises:
            Unreadable: too much would have been read.
        """
        content = file.read(self.left + 1)
        if len(content) > self.left:
            self.left = 0
            raise Unreadable(f"is larger than {LARGEST >> 20} MiB: record less")
        self.left -= len(content)
        return content


def _beside(path: Path, budget: _Budget) -> Attachments:
    folder = real(path).parent

    def attached(name: str) -> bytes | str:
        try:
            file = real(folder / name)
            if not file.is_relative_to(folder):
                return f"{name} is not beside the recording"
            if not file.is_file():
                return f"{name} is missing"
            with file.open("rb") as opened_file:
                return budget.read(opened_file)
        except (OSError, ValueError) as error:  # a name with a NUL is no name of a file
            return f"{name}: {error}"

    return attached


def _har_in(archive: zipfile.ZipFile) -> str:
    """Find the HAR file of an archive."""
    names = archive.namelist()
    if len(names) > _MOST_FILES:
        raise Unreadable(f"is a zip of more than {_MOST_FILES} files: record less")
    found = [name for name in names if name.lower().endswith(".har")]
    chosen = [name for name in found if PurePosixPath(name).name == _NAME] or found
    if len(chosen) != 1:
        raise Unreadable(f"is a zip with {len(chosen) or 'no'} HAR files: it must hold one")
    return chosen[0]


def _member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open a file of an archive.

    Raises:
        Unreadable: it is encrypted, or compressed by a method whose output has no bound.
    """
    found = archive.getinfo(name)
    if found.flag_bits & 1:
        raise Unreadable(f"holds {name}, which is encrypted: unpack it, and judge the HAR file")
    if found.compress_type not in _METHODS:
        raise Unreadable(f"holds {name}, which is not deflated: pack it again")
    return archive.open(found)


def _within(archive: zipfile.ZipFile, har: str, budget: _Budget) -> Attachments:
    folder = har.rpartition("/")[0]

    def attached(name: str) -> bytes | str:
        try:
            return budget.read(_member(archive, f"{folder}/{name}" if folder else name))
        except KeyError:
            return f"{name} is missing"
        except (Unreadable, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            return f"{name} {error}"

    return attached
