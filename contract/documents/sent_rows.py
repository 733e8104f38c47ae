"""Rows of a request as they are sent: what is the whole body, what is its media type, what is left.

Exports of Swagger state the body itself in a row, with the rows of its members inside, and the
media type as a header.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from contract.documents.cells import Kind, is_nothing, shown, word
from contract.documents.document_rules import broken
from contract.documents.field_rows import Row
from contract.documents.locations import FORM, FORM_WITH_FILES, media_type
from contract.findings import Finding

_CONTENT_TYPE = "content-type"


@dataclass(frozen=True, slots=True)
class Sent:
    """The rows of a request, its media type, what cannot be read of it, and the row of the body."""

    rows: tuple[Row, ...]
    media_type: str
    findings: tuple[Finding, ...]
    whole: Row | None = None

    def taken_of(self, rows: Sequence[Row]) -> int:
        """Count the rows that were read and are no members."""
        return len(rows) - len(self.rows) - len(self.findings)


def sent(rows: Sequence[Row], stated: str, where: str, unnamed: Row | None = None) -> Sent:
    """Take the media type and the row of the whole body out of the rows of a request.

    Args:
        rows: as the tables state them.
        stated: the media type that the document says outside of its rows; empty where it says none.
        where: the document's name.
        unnamed: the row of the whole body, where it has no name of its own.
    """
    types = [row for row in rows if _is_media_type(row)]
    others = [row for row in rows if not _is_media_type(row)]
    kept, findings, whole = _unwrapped(others, where)
    said = next(filter(None, (media_type(f"{row.example} {row.description}") for row in types)), "")
    media = stated or said or _implied(kept)
    return Sent(tuple(kept), media, tuple(findings), unnamed or whole)


def _is_media_type(row: Row) -> bool:
    return word(row.name) == _CONTENT_TYPE and len(row.path) == 1


def _implied(rows: Sequence[Row]) -> str:
    """Give the media type that rows of a form or of files imply."""
    if any(Kind.FILE in {row.kind, row.items} for row in rows):
        return FORM_WITH_FILES
    return FORM if any(row.location == "form" for row in rows) else ""


def _unwrapped(rows: Sequence[Row], where: str) -> tuple[list[Row], list[Finding], Row | None]:
    """Lift the members of a row that is the whole body, and give others their parent's place."""
    places: dict[tuple[str, ...], str] = {}
    parents = {row.path[:-1] for row in rows}
    wrappers = _wholes(rows, parents)
    kept: list[Row] = []
    findings: list[Finding] = []
    whole: Row | None = None
    for row in rows:
        top = row.path[:1]
        places.setdefault(row.path, row.location or places.get(top, ""))
        if row.path in wrappers:
            whole = row if row.location == "body" else whole
            findings += () if row.path in parents else _without_rows(row, where)
            continue
        path = row.path[1:] if top in wrappers else row.path
        kept.append(replace(row, path=path, location=row.location or places.get(top, "")))
    return kept, findings, whole


def _wholes(
    rows: Sequence[Row], parents: AbstractSet[tuple[str, ...]]
) -> frozenset[tuple[str, ...]]:
    """Find the rows that are no members: the body itself, and objects sent member by member.

    The body is a row whose own cell says body, alone at the top. An object in a query or a form has
    no value of its own: its members are sent.
    """
    apart = frozenset(
        row.path
        for row in rows
        if len(row.path) == 1
        and row.location in {"query", "form"}
        and "location" in row.columns
        and row.kind is Kind.OBJECT
        and row.path in parents
    )
    return apart | _whole_body(rows, parents)


def _whole_body(
    rows: Sequence[Row], parents: AbstractSet[tuple[str, ...]]
) -> frozenset[tuple[str, ...]]:
    """Find the row of the body; an export with a column schema always states it."""
    tops = [row for row in rows if len(row.path) == 1 and row.location == "body"]
    if len(tops) != 1 or "location" not in tops[0].columns:
        return frozenset()
    (row,) = tops
    holds = row.holds_rows or row.kind in {Kind.OBJECT, Kind.ARRAY, None}
    named = word(row.name) == "body" or "schema" in row.columns
    return frozenset({row.path}) if holds and (row.path in parents or named) else frozenset()


def _without_rows(row: Row, where: str) -> Iterator[Finding]:
    if not is_nothing(row.type) and row.items is None:
        yield broken(
            "unreadable-row",
            where=where,
            lines=(row.line,),
            subject=row.name,
            evidence=f"it is the whole body, {shown(row.type)}, and no row describes its members",
            remedy="state the members of the body in rows below it",
        )
