"""A `report.json`, or a folder of them → what one run found, checked member by member.

A file is not trusted: one that is no report, or holds a value of another type than a report does,
is refused, in one line. Its texts are kept on one line and cut, so that they can be printed
anywhere. What older reports lack is empty. To read one more member of a report:
add it to a value here, and to the function that makes the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from contract import printable
from contract.findings import Place, named
from contract.spelling import did_you_mean
from contract_tests.comparing.json_values import Found, NotSo
from contract_tests.comparing.report_files import (
    FILE,
    ForeignReport,
    UnreadableReport,
    files_of,
    json_of,
)

LONGEST = 600
"""Characters of a text that are kept."""

WORST_FIRST = ("violates", "inconclusive", "conforms")
"""The verdicts, the worst one first."""

_OF_CLAIMS = (*WORST_FIRST, "moot")
_OF_FINDINGS = ("violates", "warning", "waived")
_INDEX = re.compile(r"/\d+(?=/|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunField:
    """A row of the field table: its words, and where the document writes it."""

    name: str
    pointer: str
    required: str
    type: str
    max_length: str
    description: str
    verdict: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinding:
    """A broken promise; `weight` is violates, warning or waived."""

    id: str
    subject: str
    level: str
    weight: str
    pointer: str
    promise: str
    promise_zh: str
    evidence: str
    places: tuple[str, ...]
    samples: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMember:
    """One member of one answer."""

    types: frozenset[str]
    longest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPicture:
    """One picture of one answer that was read as one."""

    pointer: str
    media_type: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSample:
    """One answer that was judged: its seconds, its members by their pointers, its pictures."""

    seconds: float
    members: Mapping[str, RunMember]
    pictures: tuple[RunPicture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOperation:
    """What a run found of one operation; `claims` are verdicts by the ids of claims."""

    id: str
    environment: str
    summary: str
    document: str
    verdict: str
    samples: int
    unjudged: Mapping[str, int]
    fields: tuple[RunField, ...]
    claims: Mapping[str, str]
    pointers: Mapping[str, str]
    findings: Mapping[str, RunFinding]
    judged: tuple[RunSample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What one run found."""

    file: str
    version: str
    environment: str
    started: str
    verdict: str
    exit_status: int
    strictness: str
    operations: tuple[RunOperation, ...]


def run_report(path: Path) -> RunReport:
    """Read one report.

    Raises:
        UnreadableReport: it cannot be read, or is no report.
    """
    return report_of(json_of(path), Place(named(path), 0))


def report_of(value: object, place: Place) -> RunReport:
    """Read one report from the JSON of a file.

    Raises:
        ForeignReport: it is no report.
    """
    try:
        return _run(Found(value), place.path)
    except NotSo as wrong:
        problem = f"is not a report of captcha-contract: {wrong}; name a {FILE}"
        raise ForeignReport(place, problem) from None


def findings_of_a_spec(path: Path) -> tuple[str, ...] | None:
    """Read what `check --format json` wrote: the ids of the findings that no waiver covers.

    Gives None where the file is something else.

    Raises:
        UnreadableReport: it cannot be read, or is not JSON.
    """
    whole = json_of(path)
    if not isinstance(whole, dict) or not {"spec", "findings"} <= whole.keys():
        return None
    try:
        found = [each for each in Found(whole).each("findings") if each.lacks("waiver")]
        return tuple(dict.fromkeys(text(each.text("id")) for each in found))
    except NotSo:
        return None


def _run(report: Found, file: str) -> RunReport:
    version = report.text("version")
    if not re.fullmatch(r"1\.\d{1,4}", version):
        raise NotSo(f"it has version {text(version)}, and 1.x is read here")
    environment = text(report.text("environment"))
    return RunReport(
        file=file,
        version=version,
        environment=environment,
        started=text(report.text("started")),
        verdict=report.word("verdict", WORST_FIRST),
        exit_status=report.count("exit_status"),
        strictness=text(report.text("strictness")),
        operations=tuple(_operation(each, environment) for each in report.each("operations")),
    )


def _operation(operation: Found, environment: str) -> RunOperation:
    reasons: dict[str, int] = {}
    for each in operation.each("unjudged"):
        reason = text(each.text("reason"))
        reasons[reason] = reasons.get(reason, 0) + 1
    claims = list(operation.each("claims"))
    return RunOperation(
        id=text(operation.text("id")),
        environment=text(operation.text("environment", environment)),
        summary=text(operation.text("summary")),
        document="" if operation.lacks("document") else text(operation.text("document")),
        verdict=operation.word("verdict", WORST_FIRST),
        samples=operation.count("samples"),
        unjudged=reasons,
        fields=tuple(map(_field, operation.each("fields"))),
        claims={text(each.text("id")): each.word("verdict", _OF_CLAIMS) for each in claims},
        pointers={text(each.text("id")): text(each.text("pointer", "")) for each in claims},
        findings={each.id: each for each in map(_finding, operation.each("findings"))},
        judged=tuple(_sample(each) for each in operation.each("exchanges") if each.flag("judged")),
    )


def _field(field: Found) -> RunField:
    return RunField(
        name=text(field.text("name")),
        pointer=text(field.text("pointer", "")),
        required=text(field.text("required")),
        type=text(field.text("type")),
        max_length=text(field.text("max_length")),
        description=text(field.text("description")),
        verdict=field.word("verdict", WORST_FIRST),
        place="".join(map(_place, field.maybe("place"))),
    )


def _finding(finding: Found) -> RunFinding:
    return RunFinding(
        id=text(finding.text("id")),
        subject=text(finding.text("subject")),
        level=text(finding.text("level")),
        weight=finding.word("verdict", _OF_FINDINGS),
        pointer=_INDEX.sub("/*", text(finding.text("pointer"))),
        promise=text(finding.text("promise")),
        promise_zh=text(finding.text("promise_zh", "")),
        evidence=text(finding.text("evidence")),
        places=tuple(map(_place, finding.each("places"))),
        samples=sum(1 for _ in finding.each("samples", int)),
        of=finding.count("of"),
    )


def _sample(exchange: Found) -> RunSample:
    pictures = [each for each in exchange.each("pictures") if not each.lacks("media_type")]
    return RunSample(
        seconds=exchange.number("seconds"),
        members={
            text(each.text("pointer")): RunMember(
                types=frozenset(text(str(kind.value)) for kind in each.each("types", str)),
                longest=None if each.lacks("longest") else each.count("longest"),
            )
            for each in exchange.each("members", missing=())
        },
        pictures=tuple(
            RunPicture(
                pointer=_INDEX.sub("/*", text(each.text("pointer"))),
                media_type=text(each.text("media_type")),
                width=each.count("width"),
                height=each.count("height"),
                size=each.count("size"),
            )
            for each in pictures
        ),
    )


def _place(place: Found) -> str:
    return str(Place(text(place.text("path")), place.count("line")))


@lru_cache(maxsize=1 << 14)  # most texts of a run are those of the run before
def text(words: str) -> str:
    """Keep a text of a report on one line, and cut it where it is long."""
    cut = words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
    return printable.line(" ".join(cut.split()))


def runs(path: Path, environment: str | None = None) -> Iterator[RunReport]:
    """Read the reports that a path stands for, one after the other; none is kept here.

    Args:
        path: a report, or a folder of them.
        environment: the only one that is read, where a run judged several.

    Raises:
        UnreadableReport: as above, or a report does not have the environment.
    """
    read = map(run_report, files_of(path))
    return read if environment is None else (_of_environment(each, environment) for each in read)


def _of_environment(report: RunReport, name: str) -> RunReport:
    """Leave out what a run found in other environments."""
    operations = tuple(each for each in report.operations if each.environment == name)
    if not operations:
        known = dict.fromkeys(each.environment for each in report.operations)
        hint = did_you_mean(name, known)
        problem = f"has no environment {text(name)}; {hint}it has {', '.join(known) or 'none'}"
        raise UnreadableReport(Place(report.file, 0), problem)
    verdict = worst([each.verdict for each in operations])
    return replace(report, environment=name, verdict=verdict, operations=operations)


def worst(verdicts: Sequence[str]) -> str:
    """Give the worst of some verdicts; without any, nothing is known."""
    return next((each for each in WORST_FIRST if each in verdicts), "inconclusive")
