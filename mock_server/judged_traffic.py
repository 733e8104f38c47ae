"""What an upstream answered → its verdict, told on the console, in the journal and in a header.

Answers are judged in threads, a few at a time, so that the server goes on meanwhile. One answer is
one sample; claims over several samples are judged with the last answers of the operation. Every
judged call can be written as a HAR file, without credentials.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from contract.documents import UnreadableDocument
from contract.files import write_whole
from contract.findings import Finding, Level
from contract.judging.as_har import Entry, entries_of, text_of
from contract.judging.exchange import Exchange, Response
from contract.judging.provenance import Provenance, provenance_of
from contract.judging.reading import RefusedCall, Unjudged
from contract.judging.reasons import REASONS
from contract.judging.verdict import Judgement, Verdict, judge
from contract.judging.who_answered import Answerer
from contract.reaching.content_encodings import decoded
from contract.spec.operations import Operation, UnreadOperation
from mock_server.last_answers import LastAnswers

THREADS = 2
"""How many answers are judged at a time."""

WAITING = 64
"""How many answers wait to be judged; of one more, the verdict is that it was not judged."""

HAR_ENTRIES = 2000
"""How many calls a HAR file holds."""

HAR_BYTES = 64 << 20
"""How many bytes the bodies in a HAR file may have together."""

_LISTED, _LONGEST, _HEADER = 20, 300, 1000
"""Findings that the journal lists, characters of each text, characters of the header."""
_OWN_VALUES = "the call had values of its own, and the service may be right to refuse them"
_BEHIND = f"{WAITING} answers waited to be judged already"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAnswer:
    """What is known of one answer of an upstream.

    Attributes:
        verdict: of this answer alone.
        why: why it is inconclusive; else empty.
        findings: every broken promise, those above the table's level too.
        failing: those that make it violate.
        unserved: whether who answered is not the service, or says that it lacks the operation.
    """

    verdict: Verdict
    why: str = ""
    findings: tuple[Finding, ...] = ()
    failing: tuple[Finding, ...] = ()
    unserved: bool = False

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers that tell a client: the verdict, and the rows that break the contract."""
        told = [(b"x-contract-verdict", str(self.verdict).encode())]
        words = [f"{each.subject} {each.claim}" for each in self.failing] or [self.why]
        text = "; ".join(filter(None, words))
        if text:
            safe = " !#$&'()*+,-./:;=?@[]^_`{|}~"
            told.append((b"x-contract-findings", quote(text[:_HEADER], safe=safe).encode()))
        return told

    def as_json(self, *, answered_by: str) -> dict[str, object]:
        """Give it as the journal has it.

        Args:
            answered_by: who answered the client, `upstream` or `mock`.
        """
        return {
            "verdict": str(self.verdict),
            "why": self.why[:_LONGEST] or None,
            "answeredBy": answered_by,
            "findings": [
                {
                    "id": each.id[:_LONGEST],
                    "level": str(each.level),
                    "fails": each in self.failing,
                    "promise": each.promise[:_LONGEST],
                    "evidence": each.evidence[:_LONGEST],
                }
                for each in (*self.failing, *_others(self))[:_LISTED]
            ],
        }


def _others(judged: JudgedAnswer) -> tuple[Finding, ...]:
    return tuple(each for each in judged.findings if each not in judged.failing)


def inconclusive(why: str, *, unserved: bool = False) -> JudgedAnswer:
    """Give what is known of an answer that was not judged."""
    return JudgedAnswer(verdict=Verdict.INCONCLUSIVE, why=why, unserved=unserved)


@dataclass(slots=True)
class JudgedTraffic:
    """The judge of all that an upstream answers.

    Attributes:
        environment: the name of the upstream.
        max_answer: bytes of an answer that is judged, decoded.
        report: prints a line for people.
        har: the file that the calls are written to; None for none.
    """

    environment: str
    max_answer: int
    report: Callable[[str], object]
    har: Path | None = None
    _last: LastAnswers = field(default_factory=LastAnswers)
    _entries: list[Entry] = field(default_factory=list)
    _bytes: int = 0
    _left_out: int = 0
    _waiting: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(THREADS, thread_name_prefix="judging")
    )

    def begin(
        self, operation: Operation | UnreadOperation, exchange: Exchange
    ) -> asyncio.Future[JudgedAnswer]:
        """Judge a call; whoever waits for it may stop waiting, and it is judged all the same."""
        loop = asyncio.get_running_loop()
        if isinstance(operation, UnreadOperation):
            return _known(loop, inconclusive(f"{operation} cannot be judged"))
        if self._waiting >= WAITING:
            return _known(loop, inconclusive(_BEHIND))
        self._waiting += 1
        work = loop.run_in_executor(self._pool, self._judged, operation, exchange)
        work.add_done_callback(self._done)
        return work

    def _done(self, _: object) -> None:
        self._waiting -= 1

    def _judged(self, operation: Operation, exchange: Exchange) -> JudgedAnswer:
        try:
            judgement = self.judgement(operation, exchange)
        except Exception as error:  # noqa: BLE001 - no answer may stop the server
            return inconclusive(f"it could not be judged: {type(error).__name__}")
        if self.har is not None:
            self._record(judgement)
        told = told_of(judgement, self._last.findings(judgement))
        for each in told.failing:
            self.report(
                f"{operation.method} {operation.path} violates the contract: {each.subject}"
                f" {each.claim}: {each.evidence[:_LONGEST]}"
            )
        return told

    def judgement(self, operation: Operation, exchange: Exchange) -> Judgement:
        """Judge one call, which a recording would show the same way."""
        if isinstance(exchange.outcome, Response):
            exchange = replace(exchange, outcome=decoded(exchange.outcome, self.max_answer))
        found = self._alone(operation, exchange)
        outcome = exchange.outcome
        if (
            isinstance(found.readings[0], RefusedCall)
            and isinstance(outcome, Response)
            and _has_values(operation, exchange)
        ):
            unrecorded = replace(outcome, unrecorded=_OWN_VALUES)
            found = self._alone(operation, replace(exchange, outcome=unrecorded))
        return replace(found, environment=self.environment)

    @staticmethod
    def _alone(operation: Operation, exchange: Exchange) -> Judgement:
        try:
            provenance = provenance_of(operation)
        except UnreadableDocument:
            provenance = Provenance(None)
        return judge(operation, provenance, [exchange], strictness=Level.TABLE)

    def _record(self, judgement: Judgement) -> None:
        size = sum(
            len(each.outcome.body) + len(each.request.body)
            for each in judgement.exchanges
            if isinstance(each.outcome, Response)
        )
        with self._lock:
            if len(self._entries) >= HAR_ENTRIES or self._bytes + size > HAR_BYTES:
                self._left_out += 1
                if self._left_out == 1:
                    self.report(
                        f"{self.har} is full: it takes {HAR_ENTRIES} calls and"
                        f" {HAR_BYTES >> 20} MiB; the calls from here on are judged all the same"
                    )
                return
            self._entries += entries_of([judgement])
            self._bytes += size

    def close(self) -> None:
        """Judge no more, and write what was recorded.

        Raises:
            OSError: the file cannot be written.
        """
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self.har is None:
            return
        write_whole(self.har, text_of(self._entries))
        more = f"; {self._left_out} more did not fit" if self._left_out else ""
        self.report(f"{len(self._entries)} calls were written to {self.har}{more}")


def told_of(judgement: Judgement, together: tuple[Finding, ...] = ()) -> JudgedAnswer:
    """Give what is told of the judgement of one call.

    Args:
        judgement: of the call alone.
        together: what its answer breaks together with those before it.
    """
    reading = judgement.readings[0]
    why, unserved = "", False
    if isinstance(reading, Unjudged):
        why = f"{reading.reason}: {REASONS[reading.reason].english}: {reading.evidence}"
        unserved = reading.who not in {Answerer.SERVICE, Answerer.OPERATION}
    findings = (*judgement.findings, *together)
    failing = tuple(each for each in findings if judgement.fails(each))
    return JudgedAnswer(
        verdict=Verdict.VIOLATES if failing else judgement.verdict,
        why=why,
        findings=findings,
        failing=failing,
        unserved=unserved,
    )


def _has_values(operation: Operation, exchange: Exchange) -> bool:
    """Say whether a call carries values that the document does not fix."""
    carries: Sequence[object] | bytes = exchange.request.body or operation.parameters
    return bool(carries) or "?" in exchange.request.url


def _known(loop: asyncio.AbstractEventLoop, judged: JudgedAnswer) -> asyncio.Future[JudgedAnswer]:
    future: asyncio.Future[JudgedAnswer] = loop.create_future()
    future.set_result(judged)
    return future


UNDER_WAY: Mapping[str, object] = {
    "verdict": None,
    "why": "the answer is under way",
    "answeredBy": "upstream",
    "findings": [],
}
"""What the journal has of a call until its answer is judged."""
