"""A trial: everything that one contract run judges, live or from a recording.

The subject of a judgement is an operation at a base URL. A live run has one for each operation; a
HAR file may show the same operation at several, and each is judged and reported by itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from contract import printable, waivers
from contract.judging.claims import Claim, claims
from contract.judging.exchange import Exchange, Failure, Wait
from contract.judging.provenance import provenance_of
from contract.judging.run import Run
from contract.judging.verdict import Judgement, judge
from contract.spec.operations import Operation
from contract.waivers import Waiver
from contract_tests.observing.calls import ParameterValues
from contract_tests.observing.environments import name_of
from contract_tests.observing.parameter_values import parameter_values
from contract_tests.observing.recordings import Recording, recordings
from contract_tests.observing.sending import not_sent, observe
from contract_tests.options import Options
from contract_tests.run_once import NotMade, made, run_once

Subject = tuple[str, str]
"""An operationId, and the base URL in the recording; empty in a live run."""

Progress = Callable[[Iterable[Exchange], str, int], Iterable[Exchange]]
"""A function that passes an operation's exchanges on, and shows how many of all have come."""

_PATIENCE = 600.0
"""Seconds that one process waits for what another observes."""


def _unaddressed(operation: Operation) -> Iterator[Exchange]:
    yield not_sent(operation, "an address, which the document does not give for this environment")


@dataclass(frozen=True, slots=True, repr=False)
class Question:
    """What one test asks: whether a claim is kept by a subject.

    It is the parameter of a test, so its text is the same in every run: tools that follow a test
    over many runs, such as Allure, recognise it by that.
    """

    claim: Claim
    base_url: str = ""

    @property
    def subject(self) -> Subject:
        """The operation and base URL that it is about."""
        return self.claim.operation, self.base_url

    def __repr__(self) -> str:
        where = f" at {self.base_url}" if self.base_url else ""
        return printable.line(f"{self.claim.id}{where}")


@dataclass(slots=True, kw_only=True)
class Trial:
    """The judgements of one run, as they come, and what is needed to make them.

    Attributes:
        options: what was asked for.
        waivers: the findings that need not fail.
        recorded: what a HAR file shows; None for a live run.
        parameter_values: by operationId.
        folder: what the processes of pytest-xdist share, where there are several.
        judgements: by their subjects.
        started: when the run began.
    """

    options: Options
    waivers: Sequence[Waiver]
    recorded: Sequence[Recording] | None
    parameter_values: Mapping[str, ParameterValues] = field(default_factory=dict)
    folder: Path | None = None
    judgements: dict[Subject, Judgement] = field(default_factory=dict)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def questions(self, operations: Sequence[Operation]) -> list[Question]:
        """List the questions about these operations, or those of them that were recorded."""
        subjects = (
            [(each, "") for each in operations]
            if self.recorded is None
            else [(each.operation, each.base_url) for each in self.recorded]
        )
        return [
            Question(claim, base_url)
            for operation, base_url in subjects
            for claim in claims(operation, provenance_of(operation))
        ]

    def observe_and_judge(
        self, operation: Operation, base_url: Callable[[Operation], str], progress: Progress
    ) -> None:
        """Observe an operation, once for all processes, and judge it."""

        def observed() -> tuple[Exchange, ...]:
            """Observe, and judge what came, even after an interruption."""
            seen: list[Exchange] = []
            try:
                url = base_url(operation)
                manners = self.options.manners(url, self.parameter_values)
                manners = replace(manners, wait=max(0.0, manners.wait - self._waited()))
                calls = observe(operation, url, manners) if url else _unaddressed(operation)
                seen.extend(progress(calls, operation.id, manners.samples))
            finally:
                self._judge(operation, "", seen)
            return tuple(seen)

        if self.folder is None:
            observed()
        else:
            seen = run_once(self.folder, operation.id, observed, patience=_PATIENCE)
            self._judge(operation, "", seen)

    def read(self) -> None:
        """Judge the recordings."""
        for each in self.recorded or ():
            self._judge(each.operation, each.base_url, each.exchanges, each.environment)

    def gather(self, operations: Iterable[Operation]) -> None:
        """Judge what other processes have observed or read."""
        if self.folder is not None:
            self.read()
            for operation in operations:
                with contextlib.suppress(NotMade):
                    self._judge(operation, "", made(self.folder, operation.id))

    def _judge(
        self, operation: Operation, base_url: str, seen: Sequence[Exchange], recorded: str = ""
    ) -> None:
        """Judge what was seen of an operation; `recorded` is the environment's name if known."""
        environment = recorded or self._environment(operation, base_url)
        if seen:
            judgement = judge(
                operation,
                provenance_of(operation),
                seen,
                strictness=self.options.strictness,
                waived=waivers.waiving(self.waivers, environment, self.started.date()),
                limit=self.options.max_unjudged,
            )
            self.judgements[operation.id, base_url] = replace(judgement, environment=environment)

    def _waited(self) -> float:
        return sum(
            wait.seconds for judgement in self.judgements.values() for wait in waits(judgement)
        )

    def _environment(self, operation: Operation, base_url: str) -> str:
        return name_of(operation, base_url) if base_url else self.options.environment

    @property
    def environments(self) -> Collection[str]:
        """The names of the environments that are judged."""
        if self.recorded is None:
            return (self.options.environment,)
        return {
            each.environment or name_of(each.operation, each.base_url): None
            for each in self.recorded
        }.keys()

    def remarks(self, operations: Iterable[Operation]) -> Iterator[str]:
        """Say what a reader must know besides the judgements."""
        if self.recorded is not None:
            shown = {each.operation.id for each in self.recorded}
            missing = [each.id for each in operations if each.id not in shown]
            yield f"judged from a recording 录制流量: {self.options.from_har}"
            if missing:
                yield f"not recorded, so not judged 未录制: {', '.join(missing)}"
        judged = self.judgements.values()
        for judgement in judged:
            yield from map(printable.line, map(_told, waits(judgement)))
        if judged:
            found = {finding.id for judgement in judged for finding in judgement.findings}
            day = self.started.date()
            yield from waivers.remarks(self.waivers, self.environments, day, found)

    def run(self, exit_status: int, operations: Iterable[Operation]) -> Run:
        """Give the whole run, for the reports."""
        return Run(
            judgements=tuple(self.judgements.values()),
            strictness=self.options.strictness,
            environment=", ".join(self.environments),
            insecure=self.options.insecure,
            started=self.started,
            exit_status=exit_status,
            remarks=tuple(self.remarks(operations)),
        )


def waits(judgement: Judgement) -> Iterator[Wait]:
    """Give how long was waited before an operation was judged, where that was asked for."""
    return (each.wait for each in judgement.exchanges if each.wait is not None)


def _told(wait: Wait) -> str:
    came = wait.outcome
    seen = f"{came.kind}: {came.evidence}" if isinstance(came, Failure) else f"HTTP {came.status}"
    return f"waited {wait.seconds:.0f} s for an answer 已等待应答: until then {seen}"


def prepared(options: Options, operations: Callable[[], Sequence[Operation]]) -> Trial:
    """Read what a trial needs before anything is sent.

    Raises:
        Unusable: the waivers, the parameters or the HAR file cannot be used.
    """
    return Trial(
        options=options,
        waivers=waivers.load(options.waivers) if options.waivers else (),
        parameter_values=parameter_values(options.parameters, operations()),
        recorded=recordings(
            options.from_har, operations(), host=options.har_host, max_answer=options.max_answer
        )
        if options.from_har
        else None,
    )
