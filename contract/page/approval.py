"""Two versions of a spec, recorded traffic and open findings → what an approver must know.

To show more, add it to the dataclass that it belongs to here, to `approval.html.j2`, and to
`approval_markdown.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from contract.changes import Change, Effect
from contract.documents import UnreadableDocument
from contract.findings import named
from contract.page import field_tables, headings
from contract.page.approval_verdict import ApprovalVerdict, doubts
from contract.page.before_and_after import FieldPair, HeadingPair, field_pairs, heading_pairs
from contract.page.numbered_findings import FindingsOfOperations, NumberedFinding
from contract.page.plain_words import Said, in_plain_words
from contract.page.shortening import shortened
from contract.page.traffic_verdict import OperationPair, TrafficVerdict
from contract.page.versions import Version, unread_calls
from contract.spec.operations import Operation

MOST_PAIRS = 1000
"""How many fields are shown before and after; the tables of further operations are left out."""
MOST_CHANGES = 1000
"""How many changes are shown one by one; of further operations only their number is."""


EFFECTS: Mapping[str, Said] = {
    Effect.BREAKING.value: Said("破坏性", "breaking"),
    Effect.COMPATIBLE.value: Said("兼容", "compatible"),
    Effect.DOCUMENTATION.value: Said("仅文档", "documentation"),
}
"""The classes of changes in both languages."""


_CUT = ", SHA-256 "
"""What stands in a text that was cut."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change, as the page shows it; `waived` if it is agreed that it breaks something."""

    change: Change
    waived: bool = False

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that it concerns: several where they share a schema."""
        return self.change.operations

    @property
    def effect(self) -> str:
        """Its class."""
        return self.change.effect.value

    @property
    def was(self) -> Said:
        """What the old spec says."""
        return in_plain_words(shortened(self.change.was))

    @property
    def now(self) -> Said:
        """What the new spec says."""
        return in_plain_words(shortened(self.change.now))

    @property
    def is_shown(self) -> bool:
        """Whether what was and what is now are short enough to be shown whole."""
        return _CUT not in self.change.was and _CUT not in self.change.now

    @property
    def reason(self) -> Said:
        """What changed, and why it is of its class."""
        what, why = self.change.what, self.change.why
        return Said(
            shortened(f"{what.chinese}：{why.chinese}"), shortened(f"{what.english}: {why.english}")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedOperation:
    """One operation in both versions, and all that is known about the change.

    Attributes:
        state: `added`, `removed`, `changed` or `unchanged`.
        documents: the documents of both versions, empty where there is none.
        unread: why a document could not be read.
        headings: what stands above the tables; empty for an unchanged operation, as the tables.
        left_out: whether there is no room for its tables.
        more_changes: how many changes there is no room for.
        breaks: whether something about it breaks those who call it.
    """

    id: str
    summary: str
    method: str
    path: str
    state: str
    documents: tuple[str, str]
    unread: tuple[str, ...]
    headings: tuple[HeadingPair, ...]
    request: tuple[FieldPair, ...]
    answer: tuple[FieldPair, ...]
    changes: tuple[ShownChange, ...]
    traffic: tuple[TrafficVerdict, ...]
    findings: tuple[NumberedFinding, ...]
    breaks: bool
    left_out: bool = False
    more_changes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """All that one review says.

    Attributes:
        title: of the new spec.
        base: the old version.
        head: the new one.
        made: when.
        verdict: may it be approved?
        doubts: what was not proved.
        whole: the changes that concern every operation.
        operations: of both versions; those without a change are `unchanged`.
        findings: all open findings of the new version.
        new_findings: the ids of those that the old version does not have.
    """

    title: str
    base: str
    head: str
    made: datetime
    verdict: ApprovalVerdict
    doubts: tuple[Said, ...]
    whole: tuple[ShownChange, ...]
    operations: tuple[ComparedOperation, ...]
    findings: tuple[NumberedFinding, ...]
    new_findings: Collection[str]

    @property
    def is_changed(self) -> bool:
        """Whether anything is not the same in both versions."""
        return bool(self.whole or self.different)

    @property
    def different(self) -> tuple[ComparedOperation, ...]:
        """The operations that are not the same in both versions, those that break first."""
        different = [each for each in self.operations if each.state != "unchanged"]
        return tuple(sorted(different, key=lambda each: not each.breaks))

    @property
    def unchanged(self) -> tuple[ComparedOperation, ...]:
        """The operations that are the same in both versions."""
        return tuple(each for each in self.operations if each.state == "unchanged")

    @property
    def traffic_of_unchanged(self) -> tuple[TrafficVerdict, ...]:
        """What the recordings say about operations that are the same."""
        return tuple(traffic for each in self.unchanged for traffic in each.traffic)


STATES: Mapping[str, Said] = {
    "added": Said("新增", "added"),
    "removed": Said("删除", "removed"),
    "changed": Said("变更", "changed"),
    "unchanged": Said("未变", "unchanged"),
}
"""What became of an operation or a field, in both languages."""


def approval(  # noqa: PLR0913 - what a review is made of
    old: Version,
    new: Version,
    *,
    pairs: Sequence[OperationPair],
    changes: Sequence[Change],
    traffic: Sequence[TrafficVerdict] | None,
    findings: Sequence[NumberedFinding],
    earlier: Collection[str] | None = None,
    waived: Collection[str] = (),
) -> Approval:
    """Put together what an approver must know.

    Args:
        old: the old version.
        new: the new one.
        pairs: their operations.
        changes: what changed.
        traffic: what recordings say; None where there is none.
        findings: what is open in the new version.
        earlier: the ids of what is open in the old one; None where that is not known.
        waived: the ids of the changes and findings that are waived.
    """
    listed = [
        ShownChange(each, each.effect is Effect.BREAKING and each.id in waived) for each in changes
    ]
    came = {each.finding.id for each in findings}.difference(earlier or ())
    compared = _operations(old, new, pairs, listed, traffic or (), findings)
    operations = tuple(_within(compared))
    known = {name for pair in pairs for each in pair if each is not None for name in [each.id]}
    info = new.spec.tree.get("info")
    title = info.get("title", "") if isinstance(info, dict) else ""
    unread = [sentence for each in operations for sentence in each.unread]
    apart = [
        each.names.text(reason)
        for each in (old, new)
        for reason in unread_calls(each.spec).values()
    ]
    different = [each.id for each in operations if each.state not in {"unchanged", "added"}]
    return Approval(
        title=str(title),
        base=old.label,
        head=new.label,
        made=datetime.now(UTC),
        verdict=ApprovalVerdict(
            effects=tuple(each.effect for each in listed if not each.waived),
            waived=sum(each.waived for each in listed)
            + sum(each.finding.id in waived for each in findings),
            documented=any(each.state != "unchanged" for each in operations),
            traffic=tuple(traffic or ()),
            findings=sum(each.finding.id not in waived for each in findings),
            apart=len(apart),
            new_findings=None if earlier is None else len(came - set(waived)),
        ),
        doubts=tuple(doubts(traffic, different, unread, apart)),
        whole=tuple(each for each in listed if known.isdisjoint(each.operations)),
        operations=operations,
        findings=tuple(findings),
        new_findings=came if earlier is not None else frozenset(),
    )


def _within(operations: Iterable[ComparedOperation]) -> Iterator[ComparedOperation]:
    """Leave out the tables that come after so many fields, and the changes after so many others."""
    fields = changes = 0
    for each in operations:
        shown = each.changes[: max(0, MOST_CHANGES - changes)]
        fields += len(each.request) + len(each.answer)
        changes += len(each.changes)
        kept = replace(each, changes=shown, more_changes=len(each.changes) - len(shown))
        full = fields > MOST_PAIRS
        yield replace(kept, request=(), answer=(), left_out=True) if full else kept


def _operations(  # noqa: PLR0913, PLR0917 - what a review is made of
    old: Version,
    new: Version,
    pairs: Sequence[OperationPair],
    changes: Sequence[ShownChange],
    traffic: Sequence[TrafficVerdict],
    findings: Sequence[NumberedFinding],
) -> Iterator[ComparedOperation]:
    by_operation: dict[str, list[ShownChange]] = {}
    for each in changes:
        for name in each.operations:
            by_operation.setdefault(name, []).append(each)
    about = FindingsOfOperations(findings)
    recorded: dict[str, list[TrafficVerdict]] = {}
    for one in traffic:
        recorded.setdefault(one.operation, []).append(one)
    for was, now in pairs:
        shown = now or was
        if shown is None:
            continue
        yield _compared(
            (old, was),
            (new, now),
            shown,
            changes=by_operation.get(shown.id, []),
            traffic=recorded.get(shown.id, []),
            findings=about.next(now) if now is not None else (),
        )


def _compared(  # noqa: PLR0913 - what is known of an operation
    before: tuple[Version, Operation | None],
    after: tuple[Version, Operation | None],
    shown: Operation,
    *,
    changes: Sequence[ShownChange],
    traffic: Sequence[TrafficVerdict],
    findings: Sequence[NumberedFinding],
) -> ComparedOperation:
    sides = [
        (each, version.readable_document(each) if each else None)
        for version, each in (before, after)
    ]
    lines = [document.lines if document else () for _, document in sides]
    request: tuple[FieldPair, ...] = ()
    answer: tuple[FieldPair, ...] = ()
    above: tuple[HeadingPair, ...] = ()
    state = "added" if before[1] is None else "removed" if after[1] is None else "changed"
    if state != "changed" or changes or lines[0] != lines[1]:
        request, answer = (
            field_pairs(*(part(each, document, ()) if each else () for each, document in sides))
            for part in (field_tables.request, field_tables.answer)
        )
        above = heading_pairs(
            *(
                tuple(headings.headings(each, document, ())) if each else ()
                for each, document in sides
            )
        )
    seen = any(each.changed for each in above) or any(each.changed for each in (*request, *answer))
    was, now = (named(document.path) if document else "" for _, document in sides)
    return ComparedOperation(
        id=shown.id,
        summary=shown.summary,
        method=shown.method,
        path=shown.path,
        state=state if changes or seen or state != "changed" else "unchanged",
        documents=(was, now),
        unread=tuple(_unread(before, after)),
        headings=above,
        request=request,
        answer=answer,
        changes=tuple(changes),
        traffic=tuple(traffic),
        findings=tuple(findings),
        breaks=any(each.effect == Effect.BREAKING.value for each in changes)
        or any(each.harmed for each in traffic),
    )


def _unread(*sides: tuple[Version, Operation | None]) -> Iterator[str]:
    for version, operation in sides:
        try:
            if operation is not None:
                version.document(operation)
        except UnreadableDocument as problem:
            yield version.names.text(str(problem))
