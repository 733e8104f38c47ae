"""Files → the JSON that they hold: a `report.json`, a packed one, a folder of either.

A file is not trusted: one that is larger than `LARGEST`, also when unpacked, or is not JSON is
refused, in one line. To read one more form of files: its ending in `ENDINGS`, and how it is opened.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import orjson

from contract.findings import Place, Unusable, named

LARGEST = 32 << 20
"""Bytes of a report that are read."""
MOST_REPORTS = 10_000
"""The most reports of a folder that is one side of a comparison."""
FILE = "report.json"
"""The name of a report; a folder that has such files below it is read by them alone."""
PACKED = ".gz"
"""The ending of a file that gzip has packed."""
ENDINGS = (".json", f".json{PACKED}")
"""How the names of reports end."""


class UnreadableReport(Unusable):
    """The file is no `report.json` that can be read, or the folder holds none."""

    kind = ("cannot be read", "无法读取")


class BrokenReport(UnreadableReport):
    """The file is not complete JSON."""

    kind = ("truncated, or not JSON", "不完整或不是 JSON")


class ForeignReport(UnreadableReport):
    """The file is JSON of somebody else, or of a later version."""

    kind = ("no report of a contract run", "不是契约测试报告")


def files_of(path: Path) -> tuple[Path, ...]:
    """List the reports that a path stands for: the file, or those below the folder, by name.

    Raises:
        UnreadableReport: there are none, or too many.
    """
    if not path.is_dir():
        return (path,)
    found: list[Path] = []
    for folder, inner, names in os.walk(path):
        inner.sort()
        found += [Path(folder, name) for name in sorted(names) if name.endswith(".json")]
    reports = [each for each in found if each.name == FILE] or found
    if not reports:
        raise UnreadableReport(Place(named(path), 0), f"holds no {FILE}: name another folder")
    if len(reports) > MOST_REPORTS:
        problem = f"holds {len(reports)} reports: name a folder of at most {MOST_REPORTS}"
        raise UnreadableReport(Place(named(path), 0), problem)
    return tuple(reports)


def stored_files(folder: Path, unread: Callable[[OSError], object]) -> Iterator[Path]:
    """Give the files of a store that may be reports, whatever is below the folder, by name.

    Where a folder holds a `report.json`, its other files belong to the same run and are none.

    Args:
        folder: the store.
        unread: is told of a folder that cannot be listed.
    """
    for place, inner, names in os.walk(folder, onerror=unread):
        inner.sort()
        found = sorted(name for name in names if name.endswith(ENDINGS))
        reports = [name for name in found if name in {FILE, f"{FILE}{PACKED}"}]
        every = (Path(place, name) for name in reports or found)
        yield from (each for each in every if each.is_file())  # a pipe would be waited for


def content_of(path: Path) -> bytes:
    """Read the bytes of a report, unpacked.

    Raises:
        UnreadableReport: it cannot be read, or is too large.
    """
    place = Place(named(path), 0)
    try:
        with path.open("rb") as file, _unpacked(path, file) as unpacked:
            content = unpacked.read(LARGEST + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise BrokenReport(place, "is not a complete gzip file") from None
    except OSError as error:
        raise UnreadableReport(place, f"cannot be read: {error.strerror or error}") from None
    if len(content) > LARGEST:
        raise UnreadableReport(place, f"is larger than {LARGEST >> 20} MiB, so it is no {FILE}")
    return content


def _unpacked(path: Path, file: BinaryIO) -> BinaryIO | gzip.GzipFile:
    return gzip.GzipFile(fileobj=file) if path.name.endswith(PACKED) else file


def json_of(path: Path) -> object:
    """Read the JSON of a file.

    Raises:
        UnreadableReport: it cannot be read, or is no JSON.
    """
    return parsed_json(content_of(path), Place(named(path), 0))


def parsed_json(content: bytes, place: Place) -> object:
    """Read JSON.

    Raises:
        BrokenReport: it is none.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:  # what it does not take, json may take, or say better
        pass
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BrokenReport(place, f"is not UTF-8, so it is no {FILE}") from None
    except json.JSONDecodeError as error:
        there = Place(place.path, error.lineno, error.colno)
        raise BrokenReport(there, f"is not complete JSON ({error.msg})") from None
    except (RecursionError, ValueError):  # nested deeply, or a number of thousands of digits
        raise BrokenReport(place, f"is JSON that a {FILE} never has") from None
