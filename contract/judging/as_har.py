"""Judgements → HAR 1.2: what was observed, as a file that every browser and proxy can open.

The contract tests read it back to the same verdict (`contract_tests/observing/recordings.py`).
Besides the format's own fields, an entry has `_contract` with what HAR has no field for: the
operation, the environment and the address that it went to, exact times, why no answer came, and
what was known of the credentials that were taken out.
`_error` says likewise, as Chromium writes it, why no answer came, and `_retried` that the next
entry of the operation repeats the call.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from contract import printable
from contract.judging.exchange import LONG_AGO, Attempt, Exchange, Failure, Request, Response
from contract.judging.verdict import Judgement
from contract.spec.operations import Operation

Entry = Mapping[str, object]
"""One entry of a HAR file, as JSON."""

_CREATOR = {"name": "captcha-contract", "version": "1"}


def text(judgements: Iterable[Judgement]) -> str:
    """Write what was observed as a file; a judgement holds no credentials."""
    return text_of(entries_of(judgements))


def text_of(entries: Iterable[Entry]) -> str:
    """Write entries as a file of HAR 1.2."""
    har = {"log": {"version": "1.2", "creator": _CREATOR, "entries": [*entries]}}
    return printable.in_json(json.dumps(har, indent=1))


def entries_of(judgements: Iterable[Judgement]) -> Iterator[Entry]:
    """Give one entry for every try of what was observed."""
    for judgement in judgements:
        for exchange in judgement.exchanges:
            yield from _entries(exchange, judgement)


def _entries(exchange: Exchange, judgement: Judgement) -> Iterator[Entry]:
    for attempt in exchange.earlier:
        yield {**_entry(exchange, attempt, attempt.seconds, judgement), "_retried": True}
    last = Attempt(exchange.outcome, exchange.seconds, exchange.started or LONG_AGO)
    yield _entry(exchange, last, exchange.waited, judgement)


def _entry(exchange: Exchange, attempt: Attempt, waited: float, judgement: Judgement) -> Entry:
    request, outcome = exchange.request, attempt.outcome
    moment = attempt.started.astimezone(UTC).isoformat(timespec="milliseconds")
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    return {
        "startedDateTime": moment.replace("+00:00", "Z"),
        "time": attempt.seconds * 1000,
        "request": {
            "method": request.method,
            "url": request.url,
            "httpVersion": outcome.version if isinstance(outcome, Response) else "HTTP/1.1",
            "cookies": [],
            "headers": [_pair(name, value) for name, value in request.headers],
            "queryString": [_pair(name, value) for name, value in query],
            **_post_data(request),
            "headersSize": -1,
            "bodySize": len(request.body),
        },
        "response": _response(outcome),
        "cache": {},
        "timings": {
            "send": 0,
            "wait": waited * 1000,
            "receive": max(0.0, attempt.seconds - waited) * 1000,
        },
        "_contract": {
            "operation": judgement.operation.id,
            "environment": judgement.environment,
            "baseUrl": _base_url(request.url, judgement.operation),
            "seconds": attempt.seconds,
            "waited": waited,
            "recorded": exchange.recorded,
            **_facts(outcome),
        },
    }


def _base_url(url: str, operation: Operation) -> str:
    """Give the address that the path of an operation was appended to; empty where there is none."""
    parts = urlsplit(url)
    prefix = operation.prefix_of(parts.path) or ""
    return f"{parts.scheme}://{parts.netloc}{prefix}" if parts.netloc else ""


def _facts(outcome: Response | Failure) -> dict[str, object]:
    if isinstance(outcome, Failure):
        return {"kind": outcome.kind, "evidence": outcome.evidence, "hint": outcome.hint}
    hidden = {"hidden": sorted(outcome.hidden), "known": outcome.known}
    return {"unrecorded": outcome.unrecorded, **(hidden if outcome.known or outcome.hidden else {})}


def _post_data(request: Request) -> dict[str, object]:
    if not request.body:
        return {}
    named = (value for name, value in request.headers if name.lower() == "content-type")
    said = next(named, "")
    return {"postData": {"mimeType": said, "text": request.body.decode("utf-8", "replace")}}


def _response(outcome: Response | Failure) -> dict[str, object]:
    if isinstance(outcome, Failure):
        nothing = _response(Response(0, (), b"", version=""))
        return {**nothing, "_error": f"{outcome.kind}: {outcome.evidence}"}
    known = outcome.status in {status.value for status in HTTPStatus}
    return {
        "status": outcome.status,
        "statusText": HTTPStatus(outcome.status).phrase if known else "",
        "httpVersion": outcome.version,
        "cookies": [],
        "headers": [_pair(name, value) for name, value in outcome.headers],
        "content": _content(outcome),
        "redirectURL": outcome.header("Location") or "",
        "headersSize": -1,
        "bodySize": outcome.transferred,
    }


def _content(response: Response) -> Mapping[str, object]:
    media_type = response.header("Content-Type") or "x-unknown"
    content: dict[str, object] = {"size": len(response.body), "mimeType": media_type}
    if response.unrecorded:
        content |= {"size": -1, "comment": response.unrecorded}
    try:
        return {**content, "text": response.body.decode("utf-8")}
    except UnicodeDecodeError:
        encoded = b64encode(response.body).decode("ascii")
        return {**content, "text": encoded, "encoding": "base64"}


def _pair(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}
