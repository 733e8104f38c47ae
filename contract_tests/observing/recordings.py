"""HAR file → exchanges: the same judgement without a network, on traffic that anybody recorded.

It reads our own files, and what the developer tools of Chromium and Firefox export. Those record
less than came, and other calls than the documented one: what a recording does not show is
`unrecorded`, never a violation. Of a tool that leaves out something else, say so in `_lack`.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from contract.credentials import CREDENTIALS, REDACTED
from contract.findings import Place, Unusable, named
from contract.judging.exchange import LONG_AGO, Attempt, Exchange, Failure, Request, Response
from contract.spec.operations import Operation

LARGEST = 256 << 20
"""Bytes of a HAR file that are read."""

_FEW, _WIDE = 5, 100
_BOM_BYTES = 3
_REPLACED = "\N{REPLACEMENT CHARACTER}".encode()
_OUR_ERROR = re.compile(r"([a-z-]+): (.*)", re.DOTALL)

Json = Mapping[str, object]


class UnreadableHar(Unusable):
    """The file is no HAR, or records nothing that can be judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a HAR file shows of one operation in one environment, in the order of the file."""

    operation: Operation
    base_url: str
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class _Call:
    """One entry of the file: which operation it called, if any, and where."""

    entry: Json
    method: str
    host: str
    path: str
    base_url: str
    operation: Operation | None

    def reaches(self, host: str | None) -> bool:
        """Whether it went to a host, which may be said without its port; None is any host."""
        names = {self.host, urlsplit(self.base_url).hostname}
        return host is None or host.lower() in names


def recordings(
    path: Path,
    operations: Sequence[Operation],
    *,
    host: str | None = None,
    max_answer: int = 1 << 20,
) -> tuple[Recording, ...]:
    """Read what a HAR file shows of some operations, one recording for each base URL.

    An entry belongs to an operation by its method and the end of its path. An operation that
    the file shows nothing of has no recording.

    Raises:
        UnreadableHar: it is no HAR, or shows nothing of any of the operations.
    """
    groups: dict[tuple[str, str], list[Exchange]] = {}
    earlier: dict[tuple[str, str], tuple[Attempt, ...]] = {}
    called = {operation.id: operation for operation in operations}
    calls = list(_calls(path, operations))
    for call in calls:
        if call.operation is None or not call.reaches(host):
            continue
        key = call.operation.id, call.base_url
        exchange = _exchange(call.entry, call.operation, call.base_url, max_answer)
        if call.entry.get("_retried") is True:
            again = Attempt(exchange.outcome, exchange.seconds, exchange.started or LONG_AGO)
            earlier[key] = (*earlier.get(key, ()), again)
            continue
        group = groups.setdefault(key, [])
        before = earlier.pop(key, ())
        group.append(replace(exchange, number=len(group) + 1, earlier=before))
    if not groups:
        raise UnreadableHar(Place(named(path), 1), _nothing(operations, host, calls))
    return tuple(
        Recording(operation=called[name], base_url=base_url, exchanges=tuple(exchanges))
        for (name, base_url), exchanges in groups.items()
    )


def _nothing(operations: Sequence[Operation], host: str | None, calls: Sequence[_Call]) -> str:
    wanted = " or ".join(f"{each.method} …{each.path}" for each in operations)
    where = "" if host is None else f" at {host}"
    nearest = sorted(calls, key=lambda call: call.operation is None)
    seen = list(dict.fromkeys(f"{call.method} {call.host}{call.path}" for call in nearest))
    listed = ", ".join(map(_line, seen[:_FEW])) or "no request at all"
    more = f" and {len(seen) - _FEW} more" if len(seen) > _FEW else ""
    return f"records no {wanted}{where}; it records {listed}{more}"


def _line(text: str) -> str:
    """Show what a file says so that it neither breaks a line nor steers a terminal."""
    start = text[:_WIDE] + "…" * (len(text) > _WIDE)
    return start if start.isprintable() else ascii(start)


def _calls(path: Path, operations: Sequence[Operation]) -> Iterator[_Call]:
    for entry in _entries(path):
        request = _mapping(entry.get("request"))
        method, address = _text(request.get("method")).upper(), _address(request)
        if address is not None:
            host, called = address.netloc.rpartition("@")[2].lower(), unquote(address.path)
            operation = _operation(method, called, operations)
            prefix = _prefix(called, operation) or "" if operation else ""
            base_url = f"{address.scheme}://{host}{prefix}"
            yield _Call(entry, method, host, called, base_url, operation)


def _entries(path: Path) -> Iterator[Json]:
    place = Place(named(path), 1)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableHar(place, f"cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise UnreadableHar(place, f"is larger than {LARGEST >> 20} MiB: record less")
    try:
        har = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableHar(place, "is not UTF-8, so it is no HAR: export it again") from None
    except json.JSONDecodeError as error:
        there = Place(place.path, error.lineno, error.colno)
        told = f"is no JSON, or not all of it ({error.msg}), so it is no HAR: export it again"
        raise UnreadableHar(there, told) from None
    except (RecursionError, ValueError):  # nested deeply, or a number of thousands of digits
        raise UnreadableHar(place, "is JSON that no HAR has: export it again") from None
    entries = _mapping(_mapping(har).get("log")).get("entries")
    if not isinstance(entries, list):
        raise UnreadableHar(place, "is no HAR, for it has no log.entries: export it again")
    yield from map(_mapping, entries)


def _address(request: Json) -> SplitResult | None:
    try:
        address = urlsplit(_text(request.get("url")))
    except ValueError:  # a bracket that does not close
        return None
    return address if address.scheme in {"http", "https"} and address.hostname else None


def _prefix(path: str, operation: Operation) -> str | None:
    """Give what stands before an operation's path, whose parameters may be anything."""
    literal = map(re.escape, re.split(r"\{[^{}/]*\}", operation.path))
    found = re.fullmatch("(.*)" + "[^/]+".join(literal), path, re.DOTALL)
    return None if found is None else found[1]


def _operation(method: str, path: str, operations: Sequence[Operation]) -> Operation | None:
    """Find the operation that a call was meant for; the longest path is the nearest."""
    fitting = [
        each for each in operations if each.method == method and _prefix(path, each) is not None
    ]
    return max(fitting, key=lambda each: len(each.path), default=None)


def _exchange(entry: Json, operation: Operation, base_url: str, max_answer: int) -> Exchange:
    headers = _headers(_mapping(entry.get("request")))
    timings = _mapping(entry.get("timings"))
    waited = (_number(timings.get("send")) + _number(timings.get("wait"))) / 1000
    secret = frozenset(
        name for name, value in headers if name.lower() in CREDENTIALS or value == REDACTED
    )
    return Exchange(
        number=1,
        # What else the recorded URL held, such as a query, may be a secret.
        request=Request(operation.method, base_url + operation.path, headers, secret),
        outcome=_outcome(entry, operation, max_answer),
        seconds=waited + _number(timings.get("receive")) / 1000,
        started=_moment(entry.get("startedDateTime")),
        waited=waited,
        recorded=True,
    )


def _outcome(entry: Json, operation: Operation, max_answer: int) -> Response | Failure:
    response = _mapping(entry.get("response"))
    status = int(_number(response.get("status")))
    told = (response.get("_error"), entry.get("_error"), response.get("_failureText"))
    error = next((_text(each) for each in told if each), "")
    if error or status < HTTPStatus.CONTINUE:
        ours = _OUR_ERROR.fullmatch(error)
        return Failure(ours[1], ours[2]) if ours else Failure("failed", error or "no status")
    content = _mapping(response.get("content"))
    body = _body(content)
    if len(body or b"") > max_answer:
        return Failure("too-large", f"the body is larger than {max_answer} bytes")
    return Response(
        status=status,
        headers=_headers(response),
        body=body or b"",
        version=_text(response.get("httpVersion")),
        transferred=int(_number(response.get("bodySize"))),
        unrecorded=_foreign(entry, operation, status) or _lack(content, body),
    )


def _foreign(entry: Json, operation: Operation, status: int) -> str:
    """Say why an answer is none of the service's to the documented call; empty where it is."""
    if entry.get("_fromCache"):
        return "the browser's cache answered"
    sent = _mapping(_mapping(entry.get("request")).get("postData")).get("text")
    refused = status // 100 == HTTPStatus.BAD_REQUEST // 100
    if refused and sent and "requestBody" not in operation.node:
        return "to a call with a body, which the document does not have"
    return ""


def _body(content: Json) -> bytes | None:
    """Give the bytes of a recorded body, of a text in UTF-8; None where there are none."""
    text = content.get("text")
    if not isinstance(text, str):
        return None
    try:
        if _text(content.get("encoding")).lower() == "base64":
            return b64decode("".join(text.split()), validate=True)
        return text.encode("utf-8")
    except ValueError:  # no base64, or half a surrogate pair
        return None


def _lack(content: Json, body: bytes | None) -> str:
    """Say what a recording lacks of a body; empty where it lacks nothing."""
    text = _text(content.get("text"))
    if body is None:
        return "its body cannot be read" if text else "its body is not recorded"
    size = int(_number(content.get("size")))
    if _REPLACED in body and size != len(body):  # in base64 too: Chromium decodes, then encodes
        return "its body was no UTF-8, or the recorder lost characters of it"
    missing = size - len(body) > _BOM_BYTES  # a browser leaves a BOM out
    return f"{len(body)} of the {size} bytes of its body are recorded" if missing else ""


def _headers(message: Json) -> tuple[tuple[str, str], ...]:
    """Give the headers, but for the pseudo headers of HTTP/2."""
    listed = message.get("headers")
    pairs = [_mapping(pair) for pair in listed] if isinstance(listed, list) else []
    texts = ((_text(pair.get("name")), _text(pair.get("value"))) for pair in pairs)
    return tuple((name, value) for name, value in texts if name and name[0] != ":")


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(_text(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> float:
    """Give a number; none at all, -1 for an unknown one and an absurd one are 0."""
    usable = isinstance(value, int | float) and 0 <= value < LARGEST
    return float(value) if usable and isinstance(value, int | float) else 0.0
