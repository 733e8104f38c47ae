"""The page of a spec as it is on disk now, with what changed since it was first shown."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from contract.changes import changes, matched
from contract.findings import Unusable, named
from contract.page import laid_out
from contract.page.approval import Approval, approval
from contract.page.page_contents import PageContents, contents
from contract.page.versions import Version, beside, comparable
from contract.spec.loading import load

LARGEST = 1 << 20
"""The most bytes of a spec that is kept in memory, to be compared with what it becomes."""


def remembered(path: Path) -> Version | None:
    """Read a spec and its documents into memory; None where it is broken, or too large for that."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        label = f"{named(path)}, {datetime.now(UTC):%H:%M:%S} UTC"
        version = Version(label=label, path=path, spec=load(path), names=beside(path))
    except (OSError, ValueError):  # Unusable is one
        return None
    for operation in version.spec.operations:
        version.readable_document(operation)
    return version


def live_page(path: Path, since: Version | None, *, reloading: str) -> str:
    """Write the page of a spec, and what changed since another version of it.

    Args:
        path: the spec.
        since: the other version; None where there is none.
        reloading: as of `contract.page.page`.
    """
    shown = contents(path)
    changed = None if since is None or shown.broken else _changed(path, since, shown)
    return laid_out(shown, approval=changed, names=beside(path), reloading=reloading)


def _changed(path: Path, since: Version, shown: PageContents) -> Approval | None:
    try:
        now = Version(label=named(path), path=path, spec=load(path), names=beside(path))
        old, new = comparable(since, now)
        found = changes(old.spec, new.spec)
    except Unusable:  # the page says why
        return None
    return approval(
        old,
        new,
        pairs=tuple(matched(old.spec, new.spec)),
        changes=found,
        traffic=None,
        findings=tuple(chain(shown.findings, *(each.findings for each in shown.operations))),
    )
