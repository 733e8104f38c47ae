"""What every report shows: plain values, and the names of the verdicts in both languages.

`report.json` is these values as they are; the other reports lay them out. To show something
more: add it here, gather it in `report_contents.py`, describe it in `report.schema.json`, and lay
it out where people should see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.findings import Place
from contract.judging.verdict import Verdict

VERSION = "1.2"
"""The version of the form; a reader of 1.0 understands every 1.x, where members are only added."""

TRUTHS: Mapping[str, tuple[str, str]] = {
    "conforms": ("符合", "conforms"),
    "violates": ("不符合", "violates"),
    "inconclusive": ("无法判定", "inconclusive"),
    "warning": ("提示", "warning"),
    "waived": ("已豁免", "waived"),
    "moot": ("从略", "moot"),
}
"""What a verdict, or the weight of a finding, is called in Chinese and English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportField:
    """One row of the document's field table, in its own words, and what came."""

    name: str
    pointer: str
    required: str
    type: str
    max_length: str
    description: str
    observed: str
    verdict: Verdict
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportClaim:
    """One claim; its verdict is moot where another finding says already what is wrong."""

    id: str
    pointer: str
    level: str
    promise: str
    promise_zh: str
    places: tuple[Place, ...]
    verdict: str
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWaiver:
    """Why a finding does not fail, and until when."""

    reason: str
    ticket: str
    expires: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFinding:
    """One finding: it violates, or it is a warning, or it is waived."""

    id: str
    subject: str
    claim: str
    level: str
    verdict: str
    pointer: str
    promise: str
    promise_zh: str
    evidence: str
    places: tuple[Place, ...]
    samples: tuple[int, ...]
    of: int
    curl: str
    waiver: ReportWaiver | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportUnjudged:
    """One sample that could not be judged."""

    sample: int
    reason: str
    meaning: str
    meaning_zh: str
    evidence: str
    who: str | None
    who_meaning: str
    who_meaning_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPicture:
    """What came where a picture was promised; `data` only if it is one, of `media_type`."""

    pointer: str
    size: int | None
    sha256: str | None
    media_type: str | None
    width: int | None
    height: int | None
    problem: str | None
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMember:
    """One member of one answer: how often it stands there, its types, how long its texts are."""

    pointer: str
    count: int
    types: tuple[str, ...]
    shortest: int | None
    longest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTry:
    """One try of a call: a status, or a failure."""

    started: str | None
    seconds: float
    status: int | None
    failure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportExchange:
    """One exchange; `earlier` are the tries before it."""

    sample: int
    started: str | None
    seconds: float
    waited: float
    status: int | None
    failure: str | None
    media_type: str | None
    size: int | None
    transferred: int | None
    judged: bool
    earlier: tuple[ReportTry, ...]
    pictures: tuple[ReportPicture, ...]
    members: tuple[ReportMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOperation:
    """One operation."""

    id: str
    environment: str
    summary: str
    method: str
    url: str
    document: str | None
    verdict: Verdict
    why: str | None
    hints: tuple[str, ...]
    curl: str
    samples: int
    judged: int
    fields: tuple[ReportField, ...]
    findings: tuple[ReportFinding, ...]
    unjudged: tuple[ReportUnjudged, ...]
    claims: tuple[ReportClaim, ...]
    exchanges: tuple[ReportExchange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEnvironment:
    """One environment, and the verdict of all that was asked of it."""

    name: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCell:
    """What became of a line in one environment; the verdict is None where it was not judged."""

    verdict: str | None
    observed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """An operation, a field or a finding in all environments, in their order."""

    operation: str
    kind: str
    name: str
    cells: tuple[ReportCell, ...]

    @property
    def start(self) -> str:
        """What the ids of the operation's findings begin with."""
        return f"{self.operation}-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContents:
    """Everything that the reports show."""

    version: str
    suite: str
    verdict: Verdict
    exit_status: int
    started: str
    strictness: str
    environment: str
    environments: tuple[ReportEnvironment, ...]
    insecure: bool
    remarks: tuple[str, ...]
    side_by_side: tuple[ReportLine, ...]
    operations: tuple[ReportOperation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was published of a run.

    Attributes:
        lines: what is to be said about it, for people.
        commands: the workflow commands that GitHub is to carry out.
        unwritten: whether a file could not be written.
    """

    lines: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    unwritten: bool = False
