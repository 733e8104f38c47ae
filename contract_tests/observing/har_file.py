"""A HAR file → its entries, and the values in them, whatever the file holds.

It reads our own files, those that the developer tools of browsers and recording proxies export, and
those that Playwright writes, with bodies in files of their own and in a zip (`har_attachments.py`).
Every reader of a value accepts anything: a value that is missing, or of another type, is empty
or 0.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from contract.findings import Place, Unusable, named
from contract_tests.observing.har_attachments import LARGEST, Attachments, Unreadable, opened

_BOM_BYTES = 3
_REPLACED = "\N{REPLACEMENT CHARACTER}".encode()

Json = Mapping[str, object]
"""An object of the file."""


class UnreadableHar(Unusable):
    """The file is not a HAR file, or records nothing that can be judged."""


def entries(path: Path, is_wanted: Callable[[Json], bool]) -> Iterator[Json]:
    """Read the entries of a HAR file, or of the one in a zip.

    A wanted entry whose body stands in a file of its own has it as `_bytes`.

    Raises:
        UnreadableHar: it cannot be read, or is not a HAR file.
    """
    place = Place(named(path), 1)
    try:
        with opened(path) as (content, attached):
            for entry in _entries(content, place):
                yield _with_body(entry, attached) if is_wanted(entry) else entry
    except OSError as error:
        raise UnreadableHar(place, f"cannot be read: {error.strerror or error}") from None
    except Unreadable as problem:
        raise UnreadableHar(place, str(problem)) from None


def _entries(content: bytes, place: Place) -> Iterator[Json]:
    try:
        har = json.loads(_decoded(content))
    except UnicodeDecodeError:
        raise UnreadableHar(
            place, "is not UTF-8, so it is not a HAR file: export it again"
        ) from None
    except json.JSONDecodeError as error:
        there = Place(place.path, error.lineno, error.colno)
        problem = f"is not complete JSON ({error.msg}), so it is not a HAR file: export it again"
        raise UnreadableHar(there, problem) from None
    except (RecursionError, ValueError):  # nested deeply, or a number of thousands of digits
        raise UnreadableHar(place, "is JSON that a HAR file never has: export it again") from None
    listed = mapping_of(mapping_of(har).get("log")).get("entries")
    if not isinstance(listed, list):
        raise UnreadableHar(place, "is not a HAR file: it has no log.entries; export it again")
    return map(mapping_of, listed)


def _decoded(content: bytes) -> str:
    """Read the text of a HAR file; PowerShell writes UTF-16 with a byte order mark."""
    wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return content.decode("utf-16" if wide else "utf-8-sig")


def _with_body(entry: Json, attached: Attachments) -> Json:
    """Read the body that stands in a file of its own."""
    response = mapping_of(entry.get("response"))
    content = mapping_of(response.get("content"))
    name = content.get("_file")
    if not isinstance(name, str) or isinstance(content.get("text"), str):
        return entry
    body = attached(name)
    came = (
        {"comment": f"its body is not read: {body}"} if isinstance(body, str) else {"_bytes": body}
    )
    return {**entry, "response": {**response, "content": {**content, **came, "size": -1}}}


def address_of(request: Json) -> SplitResult | None:
    """Read where a recorded request went; None if it did not use HTTP."""
    try:
        address = urlsplit(text_of(request.get("url")))
    except ValueError:  # a bracket that does not close
        return None
    return address if address.scheme in {"http", "https"} and address.hostname else None


def body_of(content: Json) -> bytes | None:
    """Give the bytes of a recorded body, a text as UTF-8; None if there are none."""
    text, attached = content.get("text"), content.get("_bytes")
    if isinstance(attached, bytes):
        return attached
    if not isinstance(text, str):
        return None
    try:
        if text_of(content.get("encoding")).lower() == "base64":
            return b64decode("".join(text.split()), validate=True)
        return text.encode("utf-8")
    except ValueError:  # not base64, or half a surrogate pair
        return None


def missing_part(content: Json, body: bytes | None) -> str:
    """Say what is missing from a recorded body; empty if it is complete.

    To support a tool that leaves out something else, add a case here.
    """
    text = text_of(content.get("text"))
    if body is None:
        said = text_of(content.get("comment")) if "_file" in content else ""
        return said or ("its body cannot be read" if text else "its body is not recorded")
    size = int(number_of(content.get("size")))
    if _REPLACED in body and size != len(body):  # in base64 too: Chromium decodes, then encodes
        return "its body was not UTF-8, or the recorder lost some of its characters"
    missing = size - len(body) > _BOM_BYTES  # a browser leaves a BOM out
    return f"{len(body)} of the {size} bytes of its body are recorded" if missing else ""


def headers_of(message: Json) -> tuple[tuple[str, str], ...]:
    """Give the headers of a message, without the pseudo headers of HTTP/2."""
    listed = message.get("headers")
    pairs = [mapping_of(pair) for pair in listed] if isinstance(listed, list) else []
    texts = ((text_of(pair.get("name")), text_of(pair.get("value"))) for pair in pairs)
    return tuple(
        (name, one)
        for name, value in texts
        for one in value.split("\n")  # Chromium writes headers of one name as one
        if name and name[0] != ":"
    )


def times_of(entry: Json) -> tuple[float, float]:
    """Give the seconds until the headers had come, and until the last byte had.

    What the browser did before it sent the call does not count. A tool that measured no parts has
    measured the whole.
    """
    timings = mapping_of(entry.get("timings"))
    send, wait, receive = (number_of(timings.get(name)) for name in ("send", "wait", "receive"))
    whole = number_of(entry.get("time"))
    if not (send or wait or receive):
        return whole / 1000, whole / 1000
    return (send + wait) / 1000, (send + wait) / 1000 + receive / 1000


def exact(value: object, otherwise: float) -> float:
    """Give a number of seconds that we have written; another one where there is none."""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    usable = known and isinstance(value, int | float) and 0 <= value < LARGEST
    return float(value) if usable and isinstance(value, int | float) else otherwise


def moment_of(value: object) -> datetime | None:
    """Read a time, in UTC; None if there is none."""
    try:
        return datetime.fromisoformat(text_of(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def mapping_of(value: object) -> Json:
    """Give an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def text_of(value: object) -> str:
    """Give a text; an empty one for anything else."""
    return value if isinstance(value, str) else ""


def number_of(value: object) -> float:
    """Give a number; 0 if it is missing, unknown (-1) or absurdly large."""
    usable = isinstance(value, int | float) and 0 <= value < LARGEST
    return float(value) if usable and isinstance(value, int | float) else 0.0
