"""What an upstream answered → its verdict, told on the console, in the journal and in a header.

Answers are judged in threads, a few at a time, so that the server goes on meanwhile. One answer is
one sample; claims over several samples are judged with the last answers of the operation. Every
judged call can be written as a HAR file, without credentials.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from contract.documents import UnreadableDocument
from contract.findings import Level
from contract.judging.exchange import Exchange, Response
from contract.judging.provenance import Provenance, provenance_of
from contract.judging.reading import RefusedCall
from contract.judging.verdict import Judgement, judge
from contract.reaching.content_encodings import decoded
from contract.spec.operations import Operation, UnreadOperation
from contract.waivers import Waiver, waiving
from mock_server.passing_on.har_recording import HarRecording
from mock_server.passing_on.judged_answer import LONGEST, JudgedAnswer, inconclusive, told_of
from mock_server.passing_on.last_answers import LastAnswers

THREADS = 2
"""How many answers are judged at a time."""

WAITING = 64
"""How many answers wait to be judged; of one more, the verdict is that it was not judged."""

_OWN_VALUES = "the call had values of its own, and the service may be right to refuse them"
_BEHIND = f"{WAITING} answers waited to be judged already"


@dataclass(slots=True)
class JudgedTraffic:
    """The judge of all that an upstream answers.

    Attributes:
        environment: the name of the upstream.
        max_answer: bytes of an answer that is judged, decoded.
        report: prints a line for people.
        har: takes every judged call; None where none is wanted.
        waivers: the findings that do not make an answer violate.
    """

    environment: str
    max_answer: int
    report: Callable[[str], object]
    har: HarRecording | None = None
    waivers: Sequence[Waiver] = ()
    _last: LastAnswers = field(default_factory=LastAnswers)
    _waiting: int = 0
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
            self.har.record(judgement)
        told = told_of(judgement, self._last.findings(judgement))
        for each in told.failing:
            self.report(
                f"{operation.method} {operation.path} violates the contract: {each.subject}"
                f" {each.claim}: {each.evidence[:LONGEST]}"
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

    def _alone(self, operation: Operation, exchange: Exchange) -> Judgement:
        try:
            provenance = provenance_of(operation)
        except UnreadableDocument:
            provenance = Provenance(None)
        today = (exchange.started or datetime.now(UTC)).date()
        waived = waiving(self.waivers, self.environment, today)
        return judge(operation, provenance, [exchange], strictness=Level.TABLE, waived=waived)

    def close(self) -> None:
        """Judge no more, and write what was recorded.

        Raises:
            OSError: the file cannot be written.
        """
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self.har is not None:
            self.har.write()


def _has_values(operation: Operation, exchange: Exchange) -> bool:
    """Say whether a call carries values that the document does not fix."""
    carries: Sequence[object] | bytes = exchange.request.body or operation.parameters
    return bool(carries) or "?" in exchange.request.url


def _known(loop: asyncio.AbstractEventLoop, judged: JudgedAnswer) -> asyncio.Future[JudgedAnswer]:
    future: asyncio.Future[JudgedAnswer] = loop.create_future()
    future.set_result(judged)
    return future
