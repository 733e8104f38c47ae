"""Exchanges → HAR 1.2: an observation as a file that every browser and proxy can open.

`recordings.py` reads it back to the same verdict. Besides the format's own fields, an entry has
`_error`, as Chromium writes it, if no answer came, and `_retried` if the next entry of the
operation repeats the call.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from contract.credentials import CREDENTIALS, REDACTED
from contract.judging.exchange import LONG_AGO, Attempt, Exchange, Failure, Request, Response
from contract.judging.redaction import Redaction, redaction_of

_CREATOR = {"name": "captcha-contract", "version": "1"}


def write(path: Path, exchanges: Iterable[Exchange]) -> None:
    """Write an observation to a file, without its credentials.

    Raises:
        OSError: it cannot be written.
    """
    path.write_text(json.dumps(har_of(exchanges), indent=1), encoding="utf-8")


def har_of(exchanges: Iterable[Exchange]) -> dict[str, object]:
    """Give an observation as HAR 1.2: one entry for every try, none with a credential in it."""
    seen = tuple(exchanges)
    redaction = redaction_of(seen)
    entries = [entry for exchange in seen for entry in _entries(exchange, redaction)]
    return {"log": {"version": "1.2", "creator": _CREATOR, "entries": entries}}


def _entries(exchange: Exchange, redaction: Redaction) -> Iterator[dict[str, object]]:
    for attempt in exchange.earlier:
        yield {**_entry(exchange, attempt, attempt.seconds, redaction), "_retried": True}
    last = Attempt(exchange.outcome, exchange.seconds, exchange.started or LONG_AGO)
    yield _entry(exchange, last, exchange.waited, redaction)


def _entry(
    exchange: Exchange, attempt: Attempt, waited: float, redaction: Redaction
) -> dict[str, object]:
    request, outcome = exchange.request, attempt.outcome
    secret = {name.lower() for name in request.secret}
    moment = attempt.started.astimezone(UTC).isoformat(timespec="milliseconds")
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    return {
        "startedDateTime": moment.replace("+00:00", "Z"),
        "time": attempt.seconds * 1000,
        "request": {
            "method": request.method,
            "url": redaction.without(request.url),
            "httpVersion": outcome.version if isinstance(outcome, Response) else "HTTP/1.1",
            "cookies": [],
            "headers": [
                _pair(name, REDACTED if name.lower() in secret else value, redaction)
                for name, value in request.headers
            ],
            "queryString": [_pair(name, value, redaction) for name, value in query],
            **_post_data(request, redaction),
            "headersSize": -1,
            "bodySize": len(request.body),
        },
        "response": _response(outcome, redaction),
        "cache": {},
        "timings": {
            "send": 0,
            "wait": waited * 1000,
            "receive": max(0.0, attempt.seconds - waited) * 1000,
        },
    }


def _post_data(request: Request, redaction: Redaction) -> dict[str, object]:
    if not request.body:
        return {}
    said = dict(request.headers).get("Content-Type", "")
    text = redaction.without(request.body.decode("utf-8", "replace"))
    return {"postData": {"mimeType": said, "text": text}}


def _response(outcome: Response | Failure, redaction: Redaction) -> dict[str, object]:
    if isinstance(outcome, Failure):
        nothing = _response(Response(0, (), b"", version=""), redaction)
        return {**nothing, "_error": redaction.without(f"{outcome.kind}: {outcome.evidence}")}
    known = outcome.status in {status.value for status in HTTPStatus}
    return {
        "status": outcome.status,
        "statusText": HTTPStatus(outcome.status).phrase if known else "",
        "httpVersion": outcome.version,
        "cookies": [],
        "headers": [_pair(name, value, redaction) for name, value in outcome.headers],
        "content": _content(outcome, redaction),
        "redirectURL": redaction.without(outcome.header("Location") or ""),
        "headersSize": -1,
        "bodySize": outcome.transferred,
    }


def _content(response: Response, redaction: Redaction) -> Mapping[str, object]:
    media_type = redaction.without(response.header("Content-Type") or "x-unknown")
    content = {"size": len(response.body), "mimeType": media_type}
    if response.unrecorded:
        return {**content, "size": -1, "comment": response.unrecorded}
    try:
        return {**content, "text": redaction.without(response.body.decode("utf-8"))}
    except UnicodeDecodeError:
        if redaction.found_in(response.body):
            return {**content, "comment": "it carries the value of a secret header"}
        encoded = b64encode(response.body).decode("ascii")
        return {**content, "text": encoded, "encoding": "base64"}


def _pair(name: str, value: str, redaction: Redaction) -> dict[str, str]:
    hidden = name.lower() in CREDENTIALS
    return {"name": name, "value": REDACTED if hidden else redaction.without(value)}
