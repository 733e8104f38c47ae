"""Where the document makes each promise: member of the answer → lines of the Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from contract.documents import InterfaceDocument, Row, read_one
from contract.findings import Level, Place, named
from contract.spec.members import Member
from contract.spec.operations import Operation


def provenance_of(operation: Operation) -> Provenance:
    """Read the document of an operation, once.

    Raises:
        UnreadableDocument: it cannot be read.
    """
    return _provenance(operation.document, operation.method, operation.path)


@lru_cache(maxsize=256)
def _provenance(document: Path | None, method: str, path: str) -> Provenance:
    return Provenance(None if document is None else read_one(document, method, path))


@dataclass(frozen=True, slots=True)
class Provenance:
    """The lines of one operation's document; without a document there are none."""

    document: InterfaceDocument | None
    by_path: Mapping[tuple[str, ...], Row] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """List the rows by their paths; of two rows of one path the first counts."""
        rows = self.document.answer if self.document else ()
        object.__setattr__(self, "by_path", {row.path: row for row in reversed(rows)})

    def row(self, member: Member) -> Row | None:
        """Find the field row that documents a member.

        Its path leads from where the rows stand to the member. In a spec that has the rows in
        another place than the samples, the row with the longest path that fits counts.
        """
        if self.document is None:
            return None
        path = tuple(step for step in member.path if step != "*")
        root = self.document.envelope.root
        if path[: len(root)] == root and path[len(root) :] in self.by_path:
            return self.by_path[path[len(root) :]]
        if path in self.document.envelope.members:
            return None
        ends = (path[start:] for start in range(len(path)))
        return next((self.by_path[end] for end in ends if end in self.by_path), None)

    def rows(self, operation: Operation) -> tuple[Member, ...]:
        """List the members that carry the payload: the documented rows.

        Without a document they are the members that hold no others, except those beside the
        business code; these only where there are no others.
        """
        if self.document is not None:
            return tuple(
                member
                for member in operation.answer.shown_members
                if self.row(member) is not None and member.path[-1] != "*"
            )
        code = operation.business_code
        leaves = [
            member
            for member in operation.answer.shown_members
            if not {"properties", "items"} & member.schema.keys() and member is not code
        ]
        inner = [each for each in leaves if code is None or each.path[:-1] != code.path[:-1]]
        return tuple(inner or leaves)

    def of(self, member: Member, level: Level) -> tuple[Place, ...]:
        """Give the line that promises something of a member: its row, or a line of the sample."""
        row = self.row(member)
        if self.document is None:
            return ()
        if row is not None and level is Level.TABLE:
            return (self._place(row.line),)
        path = tuple(0 if step == "*" else step for step in member.path)
        lines = (sample.lines[path] for sample in self.document.good if path in sample.lines)
        line = next(lines, None)
        if line is not None:
            return (self._place(line),)
        return self.of_answer()

    def of_answer(self) -> tuple[Place, ...]:
        """Give the line that promises the answer as a whole."""
        return () if self.document is None else (self._place(self.document.address.line),)

    def _place(self, line: int) -> Place:
        return Place(named(self.document.path), line) if self.document else Place("", line)
