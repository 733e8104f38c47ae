"""A trial: everything that one contract run judges, live or from a recording.

The subject of a judgement is an operation in an environment (`questions.py`). Each is observed,
judged and reported by itself.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote

from contract import printable, waivers
from contract.judging.claims import claims
from contract.judging.exchange import Exchange, Failure, Wait
from contract.judging.provenance import provenance_of
from contract.judging.run import JudgedEnvironment, Run
from contract.judging.verdict import Judgement, judge
from contract.reaching.environments import Target, name_of
from contract.spec.operations import Operation, Spec, UnreadOperation
from contract.waivers import Waiver
from contract_tests.exit_status import Progress
from contract_tests.observing.calls import ParameterValues
from contract_tests.observing.parameter_values import parameter_values
from contract_tests.observing.recordings import Recording, recordings
from contract_tests.observing.sending import not_sent, observe
from contract_tests.options import Options
from contract_tests.questions import Question, Subject, prefix_of
from contract_tests.run_once import NotMade, made, run_once

Passing = Callable[[Iterable[Exchange], str, int], Iterable[Exchange]]
"""A function that passes an operation's exchanges on, and shows how many of all have come."""

_PATIENCE = 600.0
"""Seconds that one process waits for what another observes."""


def _unaddressed(operation: Operation) -> Iterator[Exchange]:
    yield not_sent(operation, "an address, which the document does not give for this environment")


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
        return [
            Question(claim=claim, subject=subject, prefix=prefix)
            for operation, subject, prefix in self._subjects(operations)
            for claim in claims(operation, provenance_of(operation))
        ]

    def _subjects(
        self, operations: Sequence[Operation]
    ) -> Iterator[tuple[Operation, Subject, str]]:
        for target, operation, subject in self._live(operations):
            yield operation, subject, prefix_of(target, self.options.targets)
        for each in self.recorded or ():
            yield each.operation, _recorded(each), ""

    def _live(self, operations: Iterable[Operation]) -> Iterator[tuple[Target, Operation, Subject]]:
        targets = self.options.targets if self.recorded is None else ()
        for target, operation in itertools.product(targets, operations):
            yield target, operation, Subject(operation=operation.id, environment=target.environment)

    def observe_and_judge(
        self,
        operations: Iterable[Operation],
        asked: Collection[Subject],
        base_url: Callable[[Target, Operation], str],
        progress: Passing,
    ) -> None:
        """Observe what is asked about, each once for all processes and tries, and judge it."""
        for target, operation, subject in self._live(operations):
            # Where a test is run again, what was observed stands.
            if subject in asked and subject not in self.judgements:
                url = partial(base_url, target)
                self._observe_and_judge(target, operation, subject, url, progress)

    def _observe_and_judge(
        self,
        target: Target,
        operation: Operation,
        subject: Subject,
        base_url: Callable[[Operation], str],
        progress: Passing,
    ) -> None:
        name = prefix_of(target, self.options.targets) + operation.id

        def observed() -> tuple[Exchange, ...]:
            """Observe, and judge what came, even after an interruption."""
            seen: list[Exchange] = []
            try:
                url = base_url(operation)
                manners = self.options.manners(target, url, self.parameter_values)
                left = manners.wait - self._waited(subject.environment)
                manners = replace(manners, wait=max(0.0, left))
                calls = observe(operation, url, manners) if url else _unaddressed(operation)
                seen.extend(progress(calls, name, manners.samples))
            finally:
                self._judge(operation, subject, seen)
            return tuple(seen)

        if self.folder is None:
            observed()
        else:
            seen = run_once(self.folder, _file(name), observed, patience=_PATIENCE)
            self._judge(operation, subject, seen)

    def read(self) -> None:
        """Judge the recordings."""
        for each in self.recorded or ():
            self._judge(each.operation, _recorded(each), each.exchanges)

    def gather(self, operations: Iterable[Operation]) -> None:
        """Judge what other processes have observed or read."""
        if self.folder is not None:
            self.read()
            for target, operation, subject in self._live(operations):
                name = _file(prefix_of(target, self.options.targets) + operation.id)
                with contextlib.suppress(NotMade):
                    self._judge(operation, subject, made(self.folder, name))

    def _judge(self, operation: Operation, subject: Subject, seen: Sequence[Exchange]) -> None:
        if seen:
            judgement = judge(
                operation,
                provenance_of(operation),
                seen,
                strictness=self.options.strictness,
                waived=waivers.waiving(self.waivers, subject.environment, self.started.date()),
                limit=self.options.max_unjudged,
            )
            self.judgements[subject] = replace(judgement, environment=subject.environment)

    def _waited(self, environment: str) -> float:
        return sum(
            wait.seconds
            for subject, judgement in self.judgements.items()
            for wait in waits(judgement)
            if subject.environment == environment
        )

    @property
    def environments(self) -> Collection[str]:
        """The names of the environments that are judged."""
        if self.recorded is None:
            return [each.environment for each in self.options.targets]
        return {_recorded(each).environment: None for each in self.recorded}.keys()

    def judged(self) -> tuple[JudgedEnvironment, ...]:
        """Give the judgements by their environments."""
        return tuple(
            JudgedEnvironment(
                name=name,
                judgements=tuple(
                    judgement
                    for subject, judgement in self.judgements.items()
                    if subject.environment == name
                ),
            )
            for name in self.environments
        )

    def _asks_about(self, environment: str, test: str) -> bool:
        """Say whether a test may be about an environment, by the id of the test."""
        if self.recorded is None:
            return len(self.options.targets) == 1 or f"[{environment}:" in test
        meant = {
            subject.environment
            for subject in map(_recorded, self.recorded)
            if f" at {subject.base_url}]" in test
        }
        return not meant or environment in meant

    def remarks(self, spec: Spec) -> Iterator[str]:
        """Say what a reader must know besides the judgements."""
        yield from map(not_judged, spec.unread)
        if self.recorded is not None:
            shown = {each.operation.id for each in self.recorded}
            missing = [each.id for each in spec.operations if each.id not in shown]
            yield f"judged from a recording 录制流量: {self.options.from_har}"
            if missing:
                yield f"not recorded, so not judged 未录制: {', '.join(missing)}"
        for judgement in self.judgements.values():
            yield from map(printable.line, map(_told, waits(judgement)))
        for waiver in self.waivers if self.judgements else ():
            found = {
                finding.id
                for subject, judgement in self.judgements.items()
                for finding in judgement.findings
                if waiver.concerns(subject.environment)
            }
            yield from waivers.remarks([waiver], self.environments, self.started.date(), found)

    def run(self, exit_status: int, spec: Spec, progress: Progress) -> Run:
        """Give the whole run, for the reports."""

        def about(environment: JudgedEnvironment, tests: Iterable[str]) -> bool:
            return any(self._asks_about(environment.name, test) for test in tests)

        environments = [each for each in self.judged() if about(each, progress.asked)]
        return Run(
            environments=tuple(
                replace(
                    each,
                    settled=about(each, progress.judged) and not about(each, progress.waiting),
                    failed=about(each, progress.failed),
                )
                for each in environments or self.judged()
            ),
            strictness=self.options.strictness,
            insecure=self.options.insecure,
            started=self.started,
            exit_status=exit_status,
            remarks=tuple(self.remarks(spec)),
        )


def not_judged(operation: UnreadOperation) -> str:
    """Say that an operation cannot be judged, and why."""
    return f"not judged 未判定: {operation}"


def waits(judgement: Judgement) -> Iterator[Wait]:
    """Give how long was waited before an operation was judged, where that was asked for."""
    return (each.wait for each in judgement.exchanges if each.wait is not None)


def _told(wait: Wait) -> str:
    came = wait.outcome
    seen = f"{came.kind}: {came.evidence}" if isinstance(came, Failure) else f"HTTP {came.status}"
    return f"waited {wait.seconds:.0f} s for an answer 已等待应答: until then {seen}"


def _recorded(recording: Recording) -> Subject:
    """Give the subject of a recording, which shows the environment by its base URL."""
    return Subject(
        operation=recording.operation.id,
        environment=recording.environment or name_of(recording.operation, recording.base_url),
        base_url=recording.base_url,
    )


def _file(name: str) -> str:
    """Name what processes share, so that every system takes it as the name of a file."""
    return quote(name, safe="")


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
