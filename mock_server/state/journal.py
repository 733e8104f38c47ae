"""One request in the journal, and what is told of it: no credential, whatever was sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from contract.credentials import CREDENTIALS, REDACTED, names_credential
from mock_server.preferences import KEYS, preferences_in
from mock_server.state.kept_bodies import REDACTION, KeptBody
from mock_server.state.sessions import HEADER, SHARED

ENTRY = "mock_server.entry"
"""The extension of the scope that holds the `JournalEntry` of a request."""

_LONGEST = 2000
"""How many characters of a URL, or of a header's value, the journal shows."""

_KEPT = 8 << 10
"""How many bytes of a request's headers it keeps; a header that is cut off shows what is there."""

_SESSION = HEADER.lower()

_OBJECTS = 500
"""How many bytes an entry takes besides what it holds."""


@dataclass(slots=True, kw_only=True)
class JournalEntry:
    """One request and its outcome, as cheap to record as possible.

    Attributes:
        session: whose request it is.
        moment: when it came, in seconds since 1970.
        method: as it was sent.
        target: path and query, as they were sent.
        headers: as they were sent, joined: thousands of small objects would slow every request.
        number: counts the requests of the session from 1.
        ended: counts the answered requests of all sessions; 0 for one that is not answered.
        operation: the operationId that it reached, if it reached one.
        status: the status of the answer; None until then, and if the connection broke first.
        seconds: until the answer was sent.
        why: why it was not served: the detail of the problem.
        body: of the request, as far as it was sent.
        answer: the body of the answer.
        upstream: what is known of the upstream's answer; None for a request that went to none.
        fault: the name of what broke the answer; empty where nothing did.
        counted: how many bytes the store counts for it; 0 where it does not keep it.
        place: where a store elsewhere keeps it.
    """

    session: str = SHARED
    moment: float
    method: str
    target: str
    headers: bytes
    number: int = 0
    ended: int = 0
    operation: str | None = None
    status: int | None = None
    seconds: float = 0.0
    why: str | None = None
    body: KeptBody | None = None
    answer: KeptBody | None = None
    upstream: Mapping[str, object] | None = None
    fault: str = ""
    counted: int = 0
    place: str = ""

    @property
    def answered_here(self) -> bool:
        """Whether the mock server itself answered, and not an upstream."""
        return self.upstream is None or self.upstream["answeredBy"] == "mock"

    @property
    def size(self) -> int:
        """How many bytes it takes, about."""
        bodies = (self.body.size if self.body else 0) + (self.answer.size if self.answer else 0)
        return _OBJECTS + len(self.target) + len(self.headers) + bodies

    def as_json(self) -> dict[str, object]:
        """Give the entry as JSON, without credentials."""
        headers = list(self.shown_headers())
        preferred = (value.encode("latin-1") for name, value in headers if name == "prefer")
        return {
            "number": self.number,
            "session": self.session,
            "loggedDate": datetime.fromtimestamp(self.moment, UTC).isoformat("T", "milliseconds"),
            "method": self.method,
            "url": REDACTION.url(self.target),
            "headers": dict(headers),
            "ignored": [
                key for value in preferred for key in preferences_in(value) if key not in KEYS
            ],
            "operationId": self.operation,
            "status": self.status,
            "milliseconds": round(self.seconds * 1000, 3),
            "why": self._shown_why(),
            "body": self.body.as_json() if self.body else None,
            "answer": self.answer.as_json() if self.answer else None,
            "upstream": self.upstream,
        }

    def _shown_why(self) -> str | None:
        """Give the detail of the problem, which may quote the path."""
        path = unquote(self.target.partition("?")[0])
        return self.why.replace(path, REDACTION.url(path)) if self.why else self.why

    def shown_headers(self) -> Iterator[tuple[str, str]]:
        """Give the headers without credentials."""
        for line in self.headers.decode("latin-1").split("\n"):
            name, _, value = line.partition(":")
            hidden = name in CREDENTIALS or (name != _SESSION and names_credential(name))
            yield name, REDACTED if hidden else REDACTION.value(value[:_LONGEST])


def entry_of(
    method: str,
    target: str,
    headers: list[tuple[bytes, bytes]],
    *,
    moment: float,
    session: str = SHARED,
) -> JournalEntry:
    """Make the entry of a request that has just come."""
    joined = b"\n".join(map(b":".join, headers))[:_KEPT]
    return JournalEntry(
        session=session, moment=moment, method=method, target=target[:_LONGEST], headers=joined
    )
