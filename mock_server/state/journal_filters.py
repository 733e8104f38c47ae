"""What a client asks of the journal → the entries that it means.

To add a filter: its parameter in `admin.yaml`, its field in `Filters`, and its meaning in `fits`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contract.instances import MISSING
from mock_server.matching import equal, value_at
from mock_server.problems import malformed
from mock_server.state.journal import JournalEntry
from mock_server.state.kept_bodies import KeptBody

Wanted = tuple[str, str | None]
"""A JSON pointer, and the value that must stand there; None for any value."""


_NUMBER = re.compile(r"[0-9]{1,15}")
_STATUS = re.compile(r"[1-9][0-9x]{2}|none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What an entry of the journal must be; what is None or empty does not matter.

    Attributes:
        operation: the operationId that the request reached.
        method: its method.
        path: its path, without the query.
        status: that of the answer, or its first digit with two times x: `4xx`.
        moment: when it came, at the earliest, in seconds since 1970.
        number: that of the last request before.
        body: what the body of the request holds.
        answer: what the body of the answer holds.
        unmatched: whether no operation served it.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: str | None = None
    moment: float | None = None
    number: int | None = None
    body: Sequence[Wanted] = field(default_factory=tuple)
    answer: Sequence[Wanted] = field(default_factory=tuple)
    unmatched: bool = False

    def fits(self, entry: JournalEntry) -> bool:
        """Say whether an entry is meant; bodies are looked at last."""
        return (
            (self.operation is None or entry.operation == self.operation)
            and (self.method is None or entry.method == self.method.upper())
            and (self.path is None or entry.target.partition("?")[0] == self.path)
            and (self.status is None or self._has_status(entry))
            and (self.moment is None or entry.moment >= self.moment)
            and (self.number is None or entry.number > self.number)
            and (not self.unmatched or entry.why is not None)
            and _holds(entry.body, self.body)
            and _holds(entry.answer, self.answer)
        )

    def _has_status(self, entry: JournalEntry) -> bool:
        status = str(entry.status) if entry.status is not None else "none"
        return self.status in {status, f"{status[0]}xx"}


def filters_of(asked: Iterable[tuple[str, str]], *, unmatched: bool = False) -> Filters:
    """Read the filters of a query; parameters that are none are passed over.

    Raises:
        RequestRefused: one of them means nothing; the message says what would.
    """
    pairs = [*asked]
    last = dict(pairs)
    status, since = last.get("status"), last.get("since")
    if status is not None and not _STATUS.fullmatch(status):
        raise malformed(f"status: {status[:40]!r} must be such as 404, 4xx, or none")
    number = int(since) if since is not None and _NUMBER.fullmatch(since) else None
    return Filters(
        operation=last.get("operation"),
        method=last.get("method"),
        path=last.get("path"),
        status=status,
        moment=None if since is None or number is not None else _moment(since),
        number=number,
        body=[_wanted(name, text) for name, text in pairs if name == "body"],
        answer=[_wanted(name, text) for name, text in pairs if name == "answer"],
        unmatched=unmatched,
    )


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a query takes + for a blank
    except ValueError:
        detail = f"since: {text[:40]!r} must be a time such as 2026-11-26T15:00:00Z, or the number"
        raise malformed(f"{detail} of a request") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _wanted(name: str, text: str) -> Wanted:
    pointer, sign, value = text.partition("=")
    if pointer and not pointer.startswith("/"):
        raise malformed(f"{name}: {text[:40]!r} must be /pointer=value, or /pointer alone")
    return pointer, value if sign else None


def _holds(body: KeptBody | None, wanted: Sequence[Wanted]) -> bool:
    if not wanted:
        return True
    content = body.content() if body is not None else MISSING
    return all(_is(value_at(content, pointer), value) for pointer, value in wanted)


def _is(found: object, wanted: str | None) -> bool:
    """Say whether a value is the wanted text, or what the text means as JSON."""
    if found is MISSING or wanted is None:
        return found is not MISSING
    if isinstance(found, str):
        return found == wanted
    try:
        return equal(found, json.loads(wanted))
    except (ValueError, RecursionError):
        return False
