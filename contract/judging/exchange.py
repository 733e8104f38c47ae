"""One call and its outcome, as values; every judgement is made from them.

They come from an environment, a recording, or a generated request. Judging them needs no network,
and nothing here sends anything.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contract.credentials import REDACTED

NOT_SENT = "not-sent"
"""The kind of failure of a call that could not be made."""

NO_STATUS = "no status"
"""The evidence of a recorded call of which neither a status nor an error is known."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for the time of a call that is not known."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it was sent.

    Attributes:
        method: GET, POST, …
        url: with its query, and without secret values.
        headers: as they were sent.
        secret: the headers whose values no report shows.
        body: empty where there was none; without secret values.
        values: the secret values of URL and body.
        sent: URL and body as they were sent, where they hold secret values.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    secret: frozenset[str] = frozenset()
    body: bytes = b""
    values: frozenset[str] = field(default=frozenset(), repr=False)
    sent: tuple[str, bytes] | None = field(default=None, repr=False)

    @property
    def curl(self) -> str:
        """The shell command that sends it again, without its secrets."""
        words = ["curl", "-sS", "-X", self.method]
        for name, value in self.headers:
            if name in self.secret:
                words += ["-H", f"{name}: {REDACTED}"]
            elif name in {"Accept", "Content-Type"}:
                words += ["-H", f"{name}: {value}"]
        if self.body:
            words += ["-d", self.body.decode("utf-8", "replace")]
        elif self.method == "POST":
            # `-d ''` sends Content-Length: 0; the empty header keeps curl from a media type.
            words += ["-d", "", "-H", "Content-Type:"]
        return shlex.join([*words, self.url])


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response.

    Attributes:
        status: the status code.
        headers: in the order and the case they came.
        body: without its Content-Encoding.
        version: HTTP/1.0, HTTP/1.1 or HTTP/2.
        transferred: bytes of the body as it came, before its encoding was undone.
        unrecorded: why a recording does not show the body; empty where it does.
        hidden: where credentials were taken out of its JSON, as JSON Pointers.
        known: the claims that were judged before they were: pointer → claim → what broke it, or
            None where it was kept.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    version: str = "HTTP/1.1"
    transferred: int = 0
    unrecorded: str = ""
    hidden: frozenset[str] = frozenset()
    known: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict, hash=False)

    def header(self, name: str) -> str | None:
        """Give the first header of a name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no HTTP answer came: the kind, the message of the failure, and what may help."""

    kind: str
    evidence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a call that was repeated: its outcome, how long it took, and when it began."""

    outcome: Response | Failure
    seconds: float
    started: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """How long an environment was waited for, and the last that came before it answered."""

    outcome: Response | Failure
    seconds: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call and its outcome: a response or a failure.

    Attributes:
        number: counts the samples from 1.
        request: what was sent.
        outcome: what came in the end.
        seconds: from sending to the last byte.
        started: when it was sent, in UTC; None where it is not known.
        waited: seconds from sending to the end of the headers.
        earlier: the tries before, where the call was made again.
        recorded: whether it was read from a recording of another tool, which may lack something.
        wait: how long the environment was waited for before; None where it was not.
    """

    number: int
    request: Request
    outcome: Response | Failure
    seconds: float
    started: datetime | None = None
    waited: float = 0.0
    earlier: tuple[Attempt, ...] = ()
    recorded: bool = False
    wait: Wait | None = None

    @property
    def is_bare(self) -> bool:
        """Whether a recording shows nothing of what came, neither a status nor an error."""
        outcome = self.outcome
        return self.recorded and isinstance(outcome, Failure) and outcome.evidence == NO_STATUS
