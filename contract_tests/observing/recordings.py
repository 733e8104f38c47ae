"""HAR file → exchanges, which are judged like those of an environment, without a network.

`har_file.py` reads the file; here its entries become calls of operations. A recording may lack
parts of an answer, and hold calls that are not the documented one. What it does not show is
`unrecorded`, never a violation. Our own recordings lack nothing: `_contract` says what HAR has no
field for (`contract/judging/as_har.py`), so that they are judged as the run that made them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from contract import printable
from contract.credentials import REDACTED, names_credential
from contract.findings import Place, named
from contract.judging.exchange import (
    LONG_AGO,
    NO_STATUS,
    Attempt,
    Exchange,
    Failure,
    Request,
    Response,
)
from contract.reaching.content_encodings import decoded
from contract.spec.operations import Operation
from contract_tests.observing.har_file import (
    Json,
    UnreadableHar,
    address_of,
    body_of,
    entries,
    exact,
    headers_of,
    mapping_of,
    missing_part,
    moment_of,
    number_of,
    text_of,
    times_of,
)

_FEW, _WIDE = 5, 100
_KEPT = "/:@!$&'()*+,;=~"
_OUR_ERROR = re.compile(r"([a-z-]+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The calls of one operation in one environment, in the order of the HAR file.

    Attributes:
        operation: what was called.
        base_url: where; empty where nothing could be called.
        environment: its name, in a recording of ours; else empty.
        exchanges: the calls.
    """

    operation: Operation
    base_url: str
    environment: str
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
    environment: str = ""

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
    groups: dict[tuple[str, str, str], list[Exchange]] = {}
    earlier: dict[tuple[str, str, str], tuple[Attempt, ...]] = {}
    known = {operation.id: operation for operation in operations}
    calls = list(_calls(path, operations))
    for call in calls:
        if call.operation is None or not call.reaches(host):
            continue
        key = call.operation.id, call.base_url, call.environment
        number = len(groups.get(key, ())) + 1
        exchange = _exchange(call, call.operation, max_answer, number)
        if call.entry.get("_retried") is True:
            again = Attempt(exchange.outcome, exchange.seconds, exchange.started or LONG_AGO)
            earlier[key] = (*earlier.get(key, ()), again)
            continue
        complete = replace(exchange, earlier=earlier.pop(key, ()))
        groups.setdefault(key, []).append(complete)
    if not groups:
        raise UnreadableHar(Place(named(path), 1), _nothing(operations, host, calls))
    return tuple(
        Recording(
            operation=known[name],
            base_url=base_url,
            environment=environment,
            exchanges=tuple(exchanges),
        )
        for (name, base_url, environment), exchanges in groups.items()
    )


def _nothing(operations: Sequence[Operation], host: str | None, calls: Sequence[_Call]) -> str:
    wanted = " or ".join(f"{each.method} …{each.path}" for each in operations)
    where = "" if host is None else f" at {host}"
    nearest = sorted(calls, key=lambda call: call.operation is None)
    seen = list(dict.fromkeys(f"{call.method} {call.host}{call.path}" for call in nearest))
    listed = ", ".join(map(_start, seen[:_FEW])) or "no request at all"
    more = f" and {len(seen) - _FEW} more" if len(seen) > _FEW else ""
    return f"records no {wanted}{where}; it records {listed}{more}"


def _start(text: str) -> str:
    return printable.line(text[:_WIDE]) + "…" * (len(text) > _WIDE)


def _calls(path: Path, operations: Sequence[Operation]) -> Iterator[_Call]:
    known = {operation.id: operation for operation in operations}

    def is_wanted(entry: Json) -> bool:
        request = mapping_of(entry.get("request"))
        address, method = address_of(request), text_of(request.get("method")).upper()
        called = "" if address is None else unquote(address.path)
        return _operation(method, called, operations) is not None

    for entry in entries(path, is_wanted):
        request, ours = mapping_of(entry.get("request")), mapping_of(entry.get("_contract"))
        method, address = text_of(request.get("method")).upper(), address_of(request)
        host = "" if address is None else address.netloc.rpartition("@")[2].lower()
        called = "" if address is None else unquote(address.path)
        operation = known.get(text_of(ours.get("operation")))
        if operation is not None and operation.method == method:
            base_url, environment = text_of(ours.get("baseUrl")), text_of(ours.get("environment"))
            yield _Call(entry, method, host, called, base_url, operation, environment)
        elif address is not None:
            operation = _operation(method, called, operations)
            prefix = operation.prefix_of(called) or "" if operation else ""
            base_url = f"{address.scheme}://{host}{quote(prefix, safe=_KEPT)}"
            yield _Call(entry, method, host, called, base_url, operation)


def _operation(method: str, path: str, operations: Sequence[Operation]) -> Operation | None:
    """Find the operation that a call was meant for; the longest path is the nearest."""
    fitting = [
        each for each in operations if each.method == method and each.prefix_of(path) is not None
    ]
    return max(fitting, key=lambda each: len(each.path), default=None)


def _exchange(call: _Call, operation: Operation, max_answer: int, number: int) -> Exchange:
    request = mapping_of(call.entry.get("request"))
    ours = mapping_of(call.entry.get("_contract"))
    headers = headers_of(request)
    waited, seconds = times_of(call.entry)
    # What else the URL of another tool held, such as a query, may be a secret.
    url = text_of(request.get("url")) if ours else call.base_url + operation.path
    secret = frozenset(
        name for name, value in headers if names_credential(name) or value == REDACTED
    )
    body = text_of(mapping_of(request.get("postData")).get("text")) if ours else ""
    sent = Request(operation.method, url, headers, secret, body.encode("utf-8", "replace"))
    return Exchange(
        number=number,
        request=sent,
        outcome=_own(call.entry, ours, max_answer)
        if ours
        else _outcome(call.entry, operation, max_answer),
        seconds=exact(ours.get("seconds"), seconds),
        started=moment_of(call.entry.get("startedDateTime")),
        waited=exact(ours.get("waited"), waited),
        recorded=ours.get("recorded") is not False,
    )


def _own(entry: Json, ours: Json, max_answer: int) -> Response | Failure:
    """Read the outcome that we have written: nothing is missing, and nothing is guessed."""
    response = mapping_of(entry.get("response"))
    kind, evidence, hint = (text_of(ours.get(name)) for name in ("kind", "evidence", "hint"))
    if kind:
        return Failure(kind, evidence, hint)
    body = body_of(mapping_of(response.get("content"))) or b""
    if len(body) > max_answer:
        return Failure("too-large", f"the body is larger than {max_answer} bytes")
    hidden, known = ours.get("hidden"), mapping_of(ours.get("known"))
    return Response(
        status=int(number_of(response.get("status"))),
        headers=headers_of(response),
        body=body,
        version=text_of(response.get("httpVersion")),
        transferred=int(number_of(response.get("bodySize"))),
        unrecorded=text_of(ours.get("unrecorded")),
        hidden=frozenset(map(text_of, hidden if isinstance(hidden, list) else ())),
        known={
            pointer: {
                name: None if evidence is None else text_of(evidence)
                for name, evidence in mapping_of(judged).items()
            }
            for pointer, judged in known.items()
        },
    )


def _outcome(entry: Json, operation: Operation, max_answer: int) -> Response | Failure:
    response = mapping_of(entry.get("response"))
    status = int(number_of(response.get("status")))
    errors = (response.get("_error"), entry.get("_error"), response.get("_failureText"))
    error = next((text_of(each) for each in errors if each), "")
    if error or status < HTTPStatus.CONTINUE:
        ours = _OUR_ERROR.fullmatch(error)
        return Failure(ours[1], ours[2]) if ours else Failure("failed", error or NO_STATUS)
    content = mapping_of(response.get("content"))
    body = body_of(content)
    if len(body or b"") > max_answer:
        return Failure("too-large", f"the body is larger than {max_answer} bytes")
    headers = headers_of(response)
    media_type = text_of(content.get("mimeType"))
    if media_type not in {"", "x-unknown"} and "content-type" not in {
        name.lower() for name, _ in headers
    }:
        headers = (*headers, ("Content-Type", media_type))
    answer = Response(
        status=status,
        headers=headers,
        body=body or b"",
        version=text_of(response.get("httpVersion")),
        transferred=int(number_of(response.get("bodySize"))),
    )
    encoded = text_of(content.get("encoding")) or "_bytes" in content
    undone = _undone(answer, max_answer) if encoded else answer
    missing = missing_part(content, None if body is None else undone.body)
    return replace(undone, unrecorded=_foreign(entry, operation, status) or missing)


def _undone(answer: Response, max_answer: int) -> Response:
    """Undo the Content-Encoding of a body that a tool recorded as it came; most undo it before."""
    came = decoded(answer, max_answer)
    return answer if isinstance(came, Failure) else came


def _foreign(entry: Json, operation: Operation, status: int) -> str:
    """Say why an entry is not the service's answer to the documented call; empty if it is."""
    if entry.get("_fromCache"):
        return "the browser's cache answered"
    sent = mapping_of(mapping_of(entry.get("request")).get("postData")).get("text")
    refused = status // 100 == HTTPStatus.BAD_REQUEST // 100
    if refused and sent and operation.body is None:
        return "the call had a body, which the document does not have"
    return ""
