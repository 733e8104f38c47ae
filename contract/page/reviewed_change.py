"""The names of two versions, and recordings → the review of the change, as HTML or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from contract.changes import changes, matched
from contract.page import laid_out
from contract.page.approval import Approval, approval
from contract.page.approval_markdown import comment
from contract.page.numbered_findings import numbered
from contract.page.page_contents import PageContents, folded
from contract.page.recorded_traffic import TrafficReader, judged_traffic
from contract.page.versions import ShownNames, Version, comparable, version
from contract.waivers import SPEC, Waiver, waiving

MOST_FIELDS = 600
"""Of how many unchanged fields a review shows the tables."""
MOST_FINDINGS = 200
"""How many findings a review shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedChange:
    """A review: what changed, what else the page shows, and how files are named in it."""

    approval: Approval
    contents: PageContents
    names: ShownNames


def reviewed_change(
    base: str,
    head: str,
    recordings: Sequence[Path],
    read: TrafficReader,
    agreed: Sequence[Waiver] = (),
) -> ReviewedChange:
    """Review the change between two versions.

    Args:
        base: the old version: a path, or `git:REV:path`.
        head: the new one.
        recordings: the files of recorded traffic.
        read: reads one of them.
        agreed: what is waived: changes in every environment, findings also in that of specs.

    Raises:
        Unusable: a version, or a recording, cannot be used; the message says why.
    """
    waived = waiving(agreed, SPEC, datetime.now(UTC).date())
    with version(base) as old, version(head) as new:
        return _reviewed(*comparable(old, new), recordings, read, waived)


def _reviewed(
    old: Version,
    new: Version,
    recordings: Sequence[Path],
    read: TrafficReader,
    waived: Collection[str],
) -> ReviewedChange:
    pairs = tuple(matched(old.spec, new.spec))
    traffic = judged_traffic(recordings, read, old, new, pairs) if recordings else None
    findings = numbered(new.findings)
    earlier = {old.id_anywhere(each) for each in old.findings}
    shown = approval(
        old,
        new,
        pairs=pairs,
        changes=changes(old.spec, new.spec),
        traffic=traffic,
        findings=findings,
        earlier={each.id for each in new.findings if new.id_anywhere(each) in earlier},
        waived=waived,
    )
    unchanged = {each.id for each in shown.unchanged}
    return ReviewedChange(
        approval=shown,
        contents=folded(new.spec, findings, unchanged, MOST_FIELDS, MOST_FINDINGS),
        names=old.names.and_those_of(new.names),
    )


def html(reviewed: ReviewedChange) -> str:
    """Write a review as one HTML page."""
    return laid_out(reviewed.contents, approval=reviewed.approval, fold=True, names=reviewed.names)


def markdown(reviewed: ReviewedChange) -> str:
    """Write a review as the comment of a pull request."""
    return comment(reviewed.approval, reviewed.names)


FORMATS: Mapping[str, Callable[[ReviewedChange], str]] = {"html": html, "markdown": markdown}
"""The formats of `review`, by the names that `--format` takes."""
