"""A spec and its documents → everything that the page says, as values.

To show more, add it to the dataclass that it belongs to here, and to `page.html.j2`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from contract.documents import InterfaceDocument, UnreadableDocument, read_one
from contract.findings import Finding, Place, Unusable, named
from contract.page import field_tables, headings, numbered_findings, shown_samples
from contract.page.field_tables import Line
from contract.page.headings import HeadingLine
from contract.page.numbered_findings import FindingsOfOperations, NumberedFinding
from contract.page.shown_samples import Shown
from contract.plain_files import content_of
from contract.review import ReviewedSpec, reviewed
from contract.review.review_rule import WHOLE_SPEC
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from contract.spec.yaml_text import Located

_PARTS = frozenset({".yaml", ".yml", ".json"})
"""How the names of files end that a spec may refer to; a page shows no line of any other."""
_AROUND = 3
"""How many lines are shown before the wrong one, and after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One operation: what its document says, what the spec says, and the findings about both."""

    id: str
    summary: str
    method: str
    path: str
    document: str
    headings: tuple[HeadingLine, ...]
    request: tuple[Line, ...]
    answer: tuple[Line, ...]
    samples: tuple[Shown, ...]
    findings: tuple[NumberedFinding, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is wrong with a spec that cannot be interpreted, and the lines around the place."""

    place: Place
    problem: str
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContents:
    """All that one page says.

    Attributes:
        title: the spec's own, empty where it has none.
        file: the spec's.
        rendered: when this was made.
        total: how many findings there are.
        findings: those that belong to no operation.
        broken: why the spec cannot be interpreted; empty where it can.
        operations: in the spec's order; none where it is broken.
    """

    title: str
    file: str
    rendered: datetime
    total: int
    findings: tuple[NumberedFinding, ...]
    broken: tuple[Excerpt, ...]
    operations: tuple[Described, ...]


def contents(path: Path) -> PageContents:
    """Read a spec, its documents and the review of both, as they are on disk now."""
    try:
        read = reviewed(path)
    except Unusable as problem:
        return _broken(path, [_excerpt(path, problem.place, problem.problem)])
    if read.problem is not None:
        return _broken(path, [_excerpt(path, each.places[-1], _told(each)) for each in read.slips])
    findings = numbered_findings.numbered(read.findings)
    invalid = [each for each in findings if each.finding.claim == "invalid-openapi"]
    spec = _as_it_stands(path, read)
    of_some = (
        spec and spec.operations and all(each.finding.operation != WHOLE_SPEC for each in invalid)
    )
    if spec is not None and (of_some or not invalid):
        return _interpreted(spec, findings)
    wrong = [_excerpt(path, each.finding.places[-1], each.finding.evidence) for each in invalid]
    return _broken(path, wrong, [each for each in findings if each not in invalid])


def _told(slip: Finding) -> str:
    return f"{slip.evidence}: {slip.remedy}"


def _as_it_stands(path: Path, read: ReviewedSpec) -> Spec | None:
    """Give what the text of a spec says, whatever its author meant; None where it says nothing."""
    try:
        return load(path) if read.slips else read.spec
    except Unusable:
        return read.spec


def _broken(
    path: Path, broken: Sequence[Excerpt], findings: Sequence[NumberedFinding] = ()
) -> PageContents:
    return PageContents(
        title="",
        file=named(path),
        rendered=datetime.now(UTC),
        total=len(findings) or len(broken),
        findings=tuple(findings),
        broken=tuple(broken),
        operations=(),
    )


def folded(
    spec: Spec,
    findings: Sequence[NumberedFinding],
    unchanged: Collection[str],
    most_fields: int,
    most_findings: int,
) -> PageContents:
    """Give what a review shows besides what changed: open findings, and what did not change.

    Args:
        spec: the new version.
        findings: all of its findings.
        unchanged: the operations that did not change.
        most_fields: of how many fields the tables are shown at most; the first operations count.
        most_findings: how many findings are shown at most.
    """
    shown: list[Operation] = []
    left = most_fields
    for operation in spec.operations if unchanged else ():
        if operation.id in unchanged:
            body = operation.body.members if operation.body else ()
            left -= len(operation.members) + len(operation.parameters) + len(body)
            if left < 0:
                break
            shown.append(operation)
    info = spec.tree.get("info")
    return PageContents(
        title=str(info.get("title", "")) if isinstance(info, Located) else "",
        file=named(spec.path),
        rendered=datetime.now(UTC),
        total=len(findings),
        findings=tuple(findings[:most_findings]),
        broken=(),
        operations=tuple(_described(shown, ())),
    )


def _interpreted(spec: Spec, findings: Sequence[NumberedFinding]) -> PageContents:
    described = tuple(_described(spec.operations, findings))
    somewhere = {each.number for operation in described for each in operation.findings}
    info = spec.tree.get("info")
    return PageContents(
        title=str(info.get("title", "")) if isinstance(info, Located) else "",
        file=named(spec.path),
        rendered=datetime.now(UTC),
        total=len(findings),
        findings=tuple(each for each in findings if each.number not in somewhere),
        broken=(),
        operations=described,
    )


def _described(
    operations: Sequence[Operation], findings: Sequence[NumberedFinding]
) -> Iterator[Described]:
    about = FindingsOfOperations(findings)
    of_spec = tuple(each for each in findings if each.finding.operation == WHOLE_SPEC)
    for operation in operations:
        mine = about.next(operation)
        known = (*mine, *of_spec)
        document = _document(operation)
        yield Described(
            id=operation.id,
            summary=operation.summary,
            method=operation.method,
            path=operation.path,
            document=named(operation.document) if operation.document else "",
            headings=tuple(headings.headings(operation, document, known)),
            request=field_tables.request(operation, document, known),
            answer=field_tables.answer(operation, document, known),
            samples=tuple(shown_samples.shown(operation, document)),
            findings=mine,
        )


def _document(operation: Operation) -> InterfaceDocument | None:
    """Read the document; where it cannot be read, a finding says so."""
    try:
        if operation.document is None:
            return None
        return read_one(operation.document, operation.method, operation.path)
    except UnreadableDocument:
        return None


def _excerpt(spec: Path, place: Place, problem: str) -> Excerpt:
    """Show the lines around a place; of a file that is no part of a spec, none."""
    shown = place.path == named(spec) or Path(place.path).suffix in _PARTS
    try:
        text = "" if not shown else content_of(Path(place.path)).decode("utf-8", "replace")
    except (OSError, ValueError):
        text = ""
    numbered = enumerate(text.splitlines(), start=1)
    near = [each for each in numbered if abs(each[0] - place.line) <= _AROUND]
    return Excerpt(place, problem, tuple(near))
