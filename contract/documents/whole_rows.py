"""The row that is a whole message, not a member of it: a list at its root, or an object.

Exports write it without a name, or as `*anonymous*`; what stands inside it are the members.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contract.documents.cells import Kind
from contract.documents.document_rules import broken
from contract.documents.field_rows import Row
from contract.documents.member_names import ANY_NAME, UNNAMED
from contract.findings import Finding


@dataclass(frozen=True, slots=True)
class Message:
    """The rows of a message, the row that is the whole of it, and what cannot be read of them."""

    rows: tuple[Row, ...]
    whole: Row | None = None
    findings: tuple[Finding, ...] = ()


def lifted(rows: Sequence[Row], where: str) -> Message:
    """Lift the members of rows that are no members themselves to where they stand."""
    tops = [row for row in rows if len(row.path) == 1]
    whole = next((row for row in tops if row.name == UNNAMED), None)
    unnamed = {row.path for row in rows if row.name == UNNAMED}
    any_name = {row.path for row in rows if row.name == ANY_NAME}
    if not unnamed and not any_name:
        return Message(tuple(rows))
    items = {row.path[:-1]: row.type for row in rows if row.name == UNNAMED}
    findings: list[Finding] = []
    kept: list[Row] = []
    for row in rows:
        if any(row.path[: len(path)] == path for path in any_name):
            findings += _of_any_name(row, where) if row.path in any_name else ()
        elif row.name != UNNAMED:
            path = tuple(step for step in row.path if step != UNNAMED)
            listed = row.kind is Kind.ARRAY and not row.schema and row.path in items
            kept.append(replace(row, path=path, schema=items[row.path] if listed else row.schema))
    return Message(tuple(kept), whole, tuple(findings))


def _of_any_name(row: Row, where: str) -> Iterator[Finding]:
    holder = ".".join(row.path[:-1]) or "the whole"
    yield broken(
        "unreadable-row",
        where=where,
        lines=(row.line,),
        subject=row.name,
        evidence=f"members of any name are allowed in {holder}; nothing is read of them",
        remedy="state the members that have names in rows of their own",
    )
