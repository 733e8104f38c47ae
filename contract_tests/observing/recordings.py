"""HAR file → exchanges, which are judged like those of an environment, without a network.

`har_file.py` reads the file; here its entries become calls of operations. A recording may lack
parts of an answer, and hold calls that are not the documented one. What it does not show is
`unrecorded`, never a violation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

from contract.credentials import CREDENTIALS, REDACTED
from contract.findings import Place, named
from contract.judging.exchange import LONG_AGO, Attempt, Exchange, Failure, Request, Response
from contract.spec.operations import Operation
from contract_tests.observing.har_file import (
    Json,
    UnreadableHar,
    address_of,
    body_of,
    entries,
    headers_of,
    mapping_of,
    missing_part,
    moment_of,
    number_of,
    text_of,
)

_FEW, _WIDE = 5, 100
_OUR_ERROR = re.compile(r"([a-z-]+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The calls of one operation in one environment, in the order of the HAR file."""

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
        """Say whether it went to a host, with or without its port; None stands for any host."""
        names = {self.host, urlsplit(self.base_url).hostname}
        return host is None or host.lower() in names


def recordings(
    path: Path,
    operations: Sequence[Operation],
    *,
    host: str | None = None,
    max_answer: int = 1 << 20,
) -> tuple[Recording, ...]:
    """Read the calls of some operations from a HAR file, one recording for each base URL.

    An entry belongs to an operation by its method and the end of its path. An operation without
    entries has no recording.

    Raises:
        UnreadableHar: it is not a HAR file, or has no call of the operations.
    """
    groups: dict[tuple[str, str], list[Exchange]] = {}
    earlier: dict[tuple[str, str], tuple[Attempt, ...]] = {}
    known = {operation.id: operation for operation in operations}
    calls = list(_calls(path, operations))
    for call in calls:
        if call.operation is None or not call.reaches(host):
            continue
        key = call.operation.id, call.base_url
        number = len(groups.get(key, ())) + 1
        exchange = _exchange(call.entry, call.operation, call.base_url, max_answer, number)
        if call.entry.get("_retried") is True:
            again = Attempt(exchange.outcome, exchange.seconds, exchange.started or LONG_AGO)
            earlier[key] = (*earlier.get(key, ()), again)
            continue
        complete = replace(exchange, earlier=earlier.pop(key, ()))
        groups.setdefault(key, []).append(complete)
    if not groups:
        raise UnreadableHar(Place(named(path), 1), _nothing(operations, host, calls))
    return tuple(
        Recording(operation=known[name], base_url=base_url, exchanges=tuple(exchanges))
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
    """Show a text of the file so that it neither breaks a line nor controls a terminal."""
    start = text[:_WIDE] + "…" * (len(text) > _WIDE)
    return start if start.isprintable() else ascii(start)


def _calls(path: Path, operations: Sequence[Operation]) -> Iterator[_Call]:
    for entry in entries(path):
        request = mapping_of(entry.get("request"))
        method, address = text_of(request.get("method")).upper(), address_of(request)
        if address is not None:
            host, called = address.netloc.rpartition("@")[2].lower(), unquote(address.path)
            operation = _operation(method, called, operations)
            prefix = operation.prefix_of(called) or "" if operation else ""
            base_url = f"{address.scheme}://{host}{prefix}"
            yield _Call(entry, method, host, called, base_url, operation)


def _operation(method: str, path: str, operations: Sequence[Operation]) -> Operation | None:
    """Find the operation that a call was meant for; the longest path is the nearest."""
    fitting = [
        each for each in operations if each.method == method and each.prefix_of(path) is not None
    ]
    return max(fitting, key=lambda each: len(each.path), default=None)


def _exchange(
    entry: Json, operation: Operation, base_url: str, max_answer: int, number: int
) -> Exchange:
    headers = headers_of(mapping_of(entry.get("request")))
    timings = mapping_of(entry.get("timings"))
    waited = (number_of(timings.get("send")) + number_of(timings.get("wait"))) / 1000
    secret = frozenset(
        name for name, value in headers if name.lower() in CREDENTIALS or value == REDACTED
    )
    return Exchange(
        number=number,
        # What else the recorded URL held, such as a query, may be a secret.
        request=Request(operation.method, base_url + operation.path, headers, secret),
        outcome=_outcome(entry, operation, max_answer),
        seconds=waited + number_of(timings.get("receive")) / 1000,
        started=moment_of(entry.get("startedDateTime")),
        waited=waited,
        recorded=True,
    )


def _outcome(entry: Json, operation: Operation, max_answer: int) -> Response | Failure:
    response = mapping_of(entry.get("response"))
    status = int(number_of(response.get("status")))
    errors = (response.get("_error"), entry.get("_error"), response.get("_failureText"))
    error = next((text_of(each) for each in errors if each), "")
    if error or status < HTTPStatus.CONTINUE:
        ours = _OUR_ERROR.fullmatch(error)
        return Failure(ours[1], ours[2]) if ours else Failure("failed", error or "no status")
    content = mapping_of(response.get("content"))
    body = body_of(content)
    if len(body or b"") > max_answer:
        return Failure("too-large", f"the body is larger than {max_answer} bytes")
    return Response(
        status=status,
        headers=headers_of(response),
        body=body or b"",
        version=text_of(response.get("httpVersion")),
        transferred=int(number_of(response.get("bodySize"))),
        unrecorded=_foreign(entry, operation, status) or missing_part(content, body),
    )


def _foreign(entry: Json, operation: Operation, status: int) -> str:
    """Say why an entry is not the service's answer to the documented call; empty if it is."""
    if entry.get("_fromCache"):
        return "the browser's cache answered"
    sent = mapping_of(mapping_of(entry.get("request")).get("postData")).get("text")
    refused = status // 100 == HTTPStatus.BAD_REQUEST // 100
    if refused and sent and operation.body is None:
        return "the call had a body, which the document does not have"
    return ""
