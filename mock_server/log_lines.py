"""What the mock server logs, for people or for programs.

Plain lines are for people. As JSON each line is one object: time, level, message, and what is known
of a request. The log lines of the libraries take the same form. No line holds a credential, nor any
value of a body. To log something more of a request: a member in `of_request`.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from contract.consoles import Unwritten, complain, reader_may_leave
from contract.printable import line
from mock_server.state.journal import JournalEntry
from mock_server.state.kept_bodies import REDACTION


class LogFormat(StrEnum):
    """The form of log lines."""

    PLAIN = "plain"
    JSON = "json"


def in_json(level: str, message: str, moment: float | None = None, **more: object) -> str:
    """Write a log line as JSON, in ASCII: no text of a client can end it or command a console."""
    time = datetime.now(UTC) if moment is None else datetime.fromtimestamp(moment, UTC)
    known = {"time": time.isoformat(timespec="milliseconds"), "level": level, "message": message}
    return json.dumps({**known, **more})


def report(text: str) -> None:
    """Tell people, or programs, what happened to the server."""
    _OURS.warning(text)


def tell_ready(text: str, url: str, form: LogFormat) -> None:
    """Say that requests are answered."""
    said = f"mock_server ({line(text)}) is listening on {url}"
    print(said if form is LogFormat.PLAIN else in_json("info", said, url=url), flush=True)


def log_request(entry: JournalEntry, form: LogFormat) -> None:
    """Print the line of a request that was answered."""
    try:
        with reader_may_leave():
            if form is LogFormat.PLAIN:
                print(_plain(entry))
            else:
                print(of_request(entry), flush=True)
    except Unwritten as unwritten:  # the calls are answered all the same
        report(f"{unwritten}; the lines of the requests are lost from here on")


def _plain(entry: JournalEntry) -> str:
    moment = datetime.fromtimestamp(entry.moment, UTC).isoformat(" ", "milliseconds")
    answered = entry.status or "broken"
    asked = line(f"{entry.method} {ascii(entry.target)[1:-1]}")
    return f"{moment} {asked} {answered} {entry.seconds * 1000:.1f} ms"


def of_request(entry: JournalEntry) -> str:
    """Write the line of a request as JSON."""
    url = REDACTION.url(entry.target)
    milliseconds = round(entry.seconds * 1000, 3)
    message = f"{entry.method} {url} {entry.status or 'broken'} {milliseconds:.1f} ms"
    members: Mapping[str, object] = {
        "method": entry.method,
        "url": url,
        "operation": entry.operation,
        "status": entry.status,
        "milliseconds": milliseconds,
        "session": entry.session,
        "fault": entry.fault or None,
        "why": entry.why,
        "upstream": entry.upstream["answeredBy"] if entry.upstream else None,
    }
    level = "info" if entry.status is not None else "warning"
    return in_json(level, message, entry.moment, **members)


class _Complaint(logging.Handler):
    """The lines on standard error: ours for people, or all as JSON for programs."""

    def __init__(self, form: LogFormat) -> None:
        super().__init__()
        self.form = form
        self.traceback = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record on one line, with its traceback where it has one."""
        said = _said(record)
        if self.form is LogFormat.PLAIN:
            complain(f"mock_server: {line(said)}")
            return
        more = {} if record.name == _OURS.name else {"logger": record.name}
        if record.exc_info:
            more["traceback"] = self.traceback.formatException(record.exc_info)
        complain(in_json(record.levelname.lower(), said, record.created, **more))


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # a library's mistake must not break what it logs
        return f"{record.msg} {record.args!r}"


_OURS = logging.getLogger("mock_server")


def log_in(form: LogFormat) -> None:
    """Write log lines in a form from now on, those of the libraries among them."""
    _OURS.handlers = [_Complaint(form)]
    _OURS.propagate = False
    logging.getLogger("connexion").setLevel(logging.CRITICAL)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # garbage would fill the screen
    if form is LogFormat.JSON:
        logging.getLogger().handlers = [_Complaint(form)]
        logging.captureWarnings(capture=True)
        sys.excepthook = _log_raised


def _log_raised(*raised: Any) -> None:  # noqa: ANN401 - the values of sys.exc_info
    logging.getLogger().critical("the server ended unexpectedly", exc_info=raised)
