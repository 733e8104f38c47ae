"""Runs in the order of time → what is kept of each: numbers, and words that most runs share.

Thousands of runs are kept at once, so a run is a few numbers: which claims it kept, which members
its answers had, as indices into what was seen before. `observed` makes of some runs again what the
comparison of two sides takes.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from contract_tests.comparing.counted_runs import Observed
from contract_tests.comparing.run_reports import (
    RunField,
    RunMember,
    RunOperation,
    RunPicture,
    RunSample,
)
from contract_tests.months.report_store import LeftOut, StoredReports

KEPT, VIOLATED, SPARED, OPEN = "kvwo"
"""What a run found of a claim; spared is a warning, or waived."""

Shape = tuple[tuple[str, RunMember], ...]
"""The members of an answer, by their pointers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRun:
    """One run: when, where, and the file that tells of it."""

    moment: datetime
    path: Path
    file: str
    environment: str
    verdict: str
    operations: frozenset[tuple[str, str]]


@dataclass(slots=True, kw_only=True)
class KeptRun:
    """What is kept of one operation in one run; numbers stand for what `Series` lists.

    Attributes:
        run: counts the runs in the order in which they were read, at last in that of time.
        document: what the operation was judged by.
        verdict: of the operation.
        state: what became of its claims.
        unjudged: the reasons why answers were not judged.
        samples: how many answers were asked for.
        shapes: of the answers that were judged.
        pictures: which pictures they had, and how many bytes each.
        seconds: how long each took.
    """

    run: int
    document: str
    verdict: str
    state: int
    unjudged: tuple[tuple[str, int], ...]
    samples: int
    shapes: array[int]
    pictures: tuple[tuple[int, int], ...]
    seconds: array[float]


@dataclass(slots=True, kw_only=True)
class Series:
    """One operation in one environment over all runs.

    Attributes:
        operation: operationId.
        environment: where it was judged.
        document: tells it from another of this name, where one folder holds both; else empty.
        summary: what the document calls it.
        kept: what is kept of each run.
        states: of claims, each by the names of the claims.
        shapes: of answers.
        pictures: pointer, type, width and height.
        fields: the rows of the field table, as last seen.
        pointers: of the claims.
    """

    operation: str
    environment: str
    document: str = ""
    summary: str = ""
    kept: list[KeptRun] = field(default_factory=list)
    states: list[Mapping[str, str]] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    pictures: list[tuple[str, str, int, int]] = field(default_factory=list)
    fields: dict[str, RunField] = field(default_factory=dict)
    pointers: dict[str, str] = field(default_factory=dict)
    _states: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)
    _shapes: dict[Shape, int] = field(default_factory=dict)
    _pictures: dict[tuple[str, str, int, int], int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The operation, with what tells it from another of this name."""
        return f"{self.operation} ({self.document})" if self.document else self.operation

    def add(self, number: int, run: RunOperation) -> None:
        """Keep what a run found."""
        self.summary = run.summary or self.summary
        for row in run.fields:
            self.fields[row.pointer or row.name] = row
        for name, pointer in run.pointers.items():
            self.pointers.setdefault(name, pointer)
        for finding in run.findings.values():
            if finding.pointer and not self.pointers.get(finding.id):
                self.pointers[finding.id] = finding.pointer
        pictured = {each.pointer for sample in run.judged for each in sample.pictures}
        self.kept.append(
            KeptRun(
                run=number,
                document=run.document,
                verdict=run.verdict,
                state=self._state(run),
                unjudged=tuple(run.unjudged.items()),
                samples=run.samples,
                shapes=array("I", (self._shape(each, pictured) for each in run.judged)),
                pictures=tuple(
                    (self._picture(each), each.size)
                    for sample in run.judged
                    for each in sample.pictures
                ),
                seconds=array("d", (each.seconds for each in run.judged)),
            )
        )

    def _state(self, run: RunOperation) -> int:
        found = tuple((name, _of(run, name)) for name in {**run.claims, **run.findings})
        number = self._states.setdefault(found, len(self.states))
        if number == len(self.states):
            self.states.append(dict(found))
        return number

    def _shape(self, sample: RunSample, pictured: Iterable[str]) -> int:
        members = dict(sample.members)
        for pointer in pictured:  # how long the text of a picture is says nothing
            if pointer in members and members[pointer].longest is not None:
                members[pointer] = RunMember(types=members[pointer].types, longest=None)
        shape = tuple(members.items())
        number = self._shapes.setdefault(shape, len(self.shapes))
        if number == len(self.shapes):
            self.shapes.append(shape)
        return number

    def _picture(self, seen: RunPicture) -> int:
        kind = (seen.pointer, seen.media_type, seen.width, seen.height)
        number = self._pictures.setdefault(kind, len(self.pictures))
        if number == len(self.pictures):
            self.pictures.append(kind)
        return number

    def observed(self, kept: Iterable[KeptRun], *, only: str) -> Observed:
        """Count some runs, as one side of a comparison that is asked about one member only."""
        counted = Observed(self.operation, self.environment)
        for each in kept:
            counted.add(self._again(each, {only, only.rpartition("/")[0]}))
        return counted

    def _again(self, kept: KeptRun, wanted: Collection[str]) -> RunOperation:
        pictures = tuple(
            self._seen(number, size)
            for number, size in kept.pictures
            if self.pictures[number][0] in wanted
        )
        none: tuple[RunPicture, ...] = ()
        return RunOperation(
            id=self.operation,
            environment=self.environment,
            summary=self.summary,
            document=kept.document,
            verdict=kept.verdict,
            samples=kept.samples,
            unjudged=dict(kept.unjudged),
            fields=tuple(self.fields.values()),
            claims={
                name: "conforms" if found == KEPT else "inconclusive"
                for name, found in self.states[kept.state].items()
            },
            pointers=self.pointers,
            findings={},
            judged=tuple(
                RunSample(
                    seconds=seconds,
                    members={name: member for name, member in self.shapes[shape] if name in wanted},
                    pictures=none if index else pictures,
                )
                for index, (shape, seconds) in enumerate(
                    zip(kept.shapes, kept.seconds, strict=True)
                )
            ),
        )

    def _seen(self, number: int, size: int) -> RunPicture:
        pointer, media_type, width, height = self.pictures[number]
        return RunPicture(
            pointer=pointer, media_type=media_type, width=width, height=height, size=size
        )


def _of(run: RunOperation, claim: str) -> str:
    finding = run.findings.get(claim)
    if finding is not None:
        return VIOLATED if finding.weight == "violates" else SPARED
    return KEPT if run.claims.get(claim) == "conforms" else OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All runs of a folder, in the order of time, and what they found.

    Attributes:
        name: the folder.
        runs: each once.
        series: by operation and environment.
        left_out: what lies in the folder and was not used.
        older: how many reports say nothing about members.
        strictness: by which levels the runs judged, in the order in which they came.
    """

    name: str
    runs: Sequence[DatedRun]
    series: Sequence[Series]
    left_out: Sequence[LeftOut]
    older: int
    strictness: Sequence[str]


def history(name: str, reports: StoredReports) -> History:
    """Read a folder of reports, and keep what is needed of each.

    Raises:
        UnreadableReport: it holds none.
    """
    runs: list[DatedRun] = []
    every: dict[tuple[str, str], Series] = {}
    strictness: dict[str, None] = {}
    same: dict[frozenset[tuple[str, str]], frozenset[tuple[str, str]]] = {}
    for moment, path, report in reports:
        for each in report.operations:
            key = each.id, each.environment
            series = every.setdefault(key, Series(operation=key[0], environment=key[1]))
            series.add(len(runs), each)
        strictness[report.strictness] = None
        asked = frozenset((each.id, each.environment) for each in report.operations)
        runs.append(
            DatedRun(
                moment=moment,
                path=path,
                file=report.file,
                environment=report.environment,
                verdict=report.verdict,
                operations=same.setdefault(asked, asked),
            )
        )
    order = sorted(range(len(runs)), key=lambda each: (runs[each].moment, runs[each].file))
    place = {number: at for at, number in enumerate(order)}
    for series in every.values():
        for kept in series.kept:
            kept.run = place[kept.run]
        series.kept.sort(key=lambda each: each.run)
    return History(
        name=name,
        runs=[runs[each] for each in order],
        series=[part for each in every.values() for part in _told_apart(each)],
        left_out=list(reports.left_out.values()),
        older=reports.older,
        strictness=list(strictness),
    )


def _told_apart(series: Series) -> Iterable[Series]:
    """Part the operations of several suites that share a name: their documents take turns."""
    documents = [each.document for each in series.kept]
    turns = sum(a != b for a, b in pairwise(documents))
    names = list(dict.fromkeys(documents))
    if turns < len(names):
        yield series
        return
    for name in names:
        yield Series(
            operation=series.operation,
            environment=series.environment,
            document=name or "–",
            summary=series.summary,
            kept=[each for each in series.kept if each.document == name],
            states=series.states,
            shapes=series.shapes,
            pictures=series.pictures,
            fields=series.fields,
            pointers=series.pointers,
        )
