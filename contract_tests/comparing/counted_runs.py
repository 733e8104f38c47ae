"""The runs of one side → what was seen there of each operation, counted over all of them.

Only counts, numbers and one example of each finding are kept, however many runs there are. To count
something more: add it to the class that it belongs to, where its run is added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

from contract_tests.comparing.run_reports import (
    RunField,
    RunFinding,
    RunOperation,
    RunReport,
    RunSample,
    worst,
)

_NUMBERS = {"integer": "number"}
"""Types that JSON does not tell apart: 12 and 12.5 are both numbers."""

Key = tuple[str, str]
"""An operationId, and its environment where one run judged it in several; empty otherwise."""


@dataclass(slots=True)
class ClaimHistory:
    """One claim over the runs of a side: in how many it was kept, broken, or not judged."""

    pointer: str = ""
    kept: int = 0
    violated: int = 0
    spared: int = 0
    open: int = 0
    example: RunFinding | None = None

    @property
    def broken(self) -> int:
        """In how many runs it was broken, whether that counted or not."""
        return self.violated + self.spared

    @property
    def judged(self) -> int:
        """In how many runs it was judged."""
        return self.kept + self.broken

    @property
    def flaky(self) -> bool:
        """Whether some runs broke it, and others kept it."""
        return bool(self.broken and self.kept)

    def add(self, verdict: str, finding: RunFinding | None) -> None:
        """Count one run."""
        if finding is not None:
            counts = finding.weight == "violates"
            self.violated += counts
            self.spared += not counts
            if self.example is None or (counts and self.example.weight != "violates"):
                self.example = finding
        elif verdict == "conforms":
            self.kept += 1
        else:
            self.open += 1


@dataclass(slots=True)
class MemberFacts:
    """One member over all answers: in how many it stood, in how many as null, and its types."""

    present: int = 0
    nulls: int = 0
    types: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class PictureFacts:
    """The pictures of one member over all answers."""

    types: Counter[str] = field(default_factory=Counter)
    measures: Counter[str] = field(default_factory=Counter)
    sizes: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Observed:
    """One operation over the runs of a side."""

    id: str
    environment: str = ""
    summary: str = ""
    verdicts: list[str] = field(default_factory=list)
    samples: int = 0
    unjudged: Counter[str] = field(default_factory=Counter)
    claims: dict[str, ClaimHistory] = field(default_factory=dict)
    fields: dict[str, RunField] = field(default_factory=dict)
    row_verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: list[tuple[float, ...]] = field(default_factory=list)
    described: int = 0
    members: dict[str, MemberFacts] = field(default_factory=dict)
    pictures: dict[str, PictureFacts] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """The worst verdict of its runs."""
        return worst(self.verdicts)

    @property
    def judged(self) -> int:
        """How many answers were judged."""
        return sum(map(len, self.seconds))

    @property
    def every_second(self) -> list[float]:
        """How long each answer took that was judged."""
        return [each for run in self.seconds for each in run]

    @property
    def medians(self) -> list[float]:
        """The median of each run that judged an answer."""
        return [median(run) for run in self.seconds if run]

    def holders(self, pointer: str) -> int:
        """Count the answers in which an object holds the member, or could have."""
        outer = pointer.rpartition("/")[0]
        return self.members[outer].types["object"] if outer in self.members else 0

    def add(self, run: RunOperation) -> None:
        """Count one run."""
        self.summary = self.summary or run.summary
        self.verdicts.append(run.verdict)
        self.samples += run.samples
        self.unjudged.update(run.unjudged)
        self.seconds.append(tuple(each.seconds for each in run.judged))
        for row in run.fields:
            self.fields[row.name] = row
            self.row_verdicts.setdefault(row.name, Counter())[row.verdict] += 1
        for name in {**run.claims, **run.findings}:
            history = self.claims.setdefault(name, ClaimHistory(run.pointers.get(name, "")))
            history.add(run.claims.get(name, ""), run.findings.get(name))
        for sample in run.judged:
            self._add(sample)

    def _add(self, sample: RunSample) -> None:
        self.described += bool(sample.members)
        for pointer, member in sample.members.items():
            facts = self.members.setdefault(pointer, MemberFacts())
            facts.present += 1
            facts.nulls += member.types == {"null"}
            facts.types.update({_NUMBERS.get(each, each) for each in member.types})
            if member.longest is not None:
                facts.lengths[member.longest] += 1
        for picture in sample.pictures:
            seen = self.pictures.setdefault(picture.pointer, PictureFacts())
            seen.types[picture.media_type] += 1
            seen.measures[f"{picture.width}×{picture.height}"] += 1
            seen.sizes.append(picture.size)


@dataclass(slots=True)
class ComparedSide:
    """One of the two sides: what its runs found.

    Attributes:
        name: the file or folder.
        verdicts: of the runs.
        environments: which were judged, in the order in which they came.
        strictness: by which levels they were judged.
        started: when the first and the last run began.
        operations: by operationId, and by environment where one run judged several.
    """

    name: str
    verdicts: list[str] = field(default_factory=list)
    environments: dict[str, None] = field(default_factory=dict)
    strictness: dict[str, None] = field(default_factory=dict)
    started: tuple[str, str] = ("", "")
    operations: dict[Key, Observed] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """The worst verdict of its runs."""
        return worst(self.verdicts)

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.verdicts)

    def add(self, run: RunReport) -> None:
        """Count one run."""
        self.verdicts.append(run.verdict)
        self.environments[run.environment] = None
        self.strictness[run.strictness] = None
        moments = [each for each in (*self.started, run.started) if each]
        self.started = (min(moments, default=""), max(moments, default=""))
        times = Counter(each.id for each in run.operations)
        for each in run.operations:
            environment = each.environment if times[each.id] > 1 else ""
            key = (each.id, environment)
            self.operations.setdefault(key, Observed(each.id, environment)).add(each)


def side(name: str, runs: Iterable[RunReport]) -> ComparedSide:
    """Count the runs of a side, one after the other."""
    made = ComparedSide(name)
    for run in runs:
        made.add(run)
    return made
