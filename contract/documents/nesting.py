"""Which member of a message stands inside which other, according to the rows of a field table.

A row stands inside another by a dotted name, by a mark (`└`, `»`, `-`, …) or indentation before its
name, or, in a table without any of these, because it follows a JSONObject or JSONArray row and
a sample shows it there. `member_names.py` reads names and marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from contract.documents.cells import Kind, shown
from contract.documents.document_rules import broken
from contract.documents.member_names import NameCell, Names
from contract.documents.row_places import rows_root
from contract.documents.sample_json import NotJson, read_json
from contract.findings import Finding
from contract.instances import present

_DEEPEST = 20
_DEEPEST_ROW = 64
_TOO_DEEP: Names = ()
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """A row whose place is still to be found, with what decides its place.

    Attributes:
        cell: its name.
        kind: what its type says; None where that cannot be read.
        holds_members: other rows can describe what is inside.
        line: where it stands.
        described_apart: a model of the document describes what is inside, unless marked rows do.
    """

    cell: NameCell
    kind: Kind | None
    holds_members: bool
    line: int
    described_apart: bool = False


def placed(
    members: Sequence[UnplacedRow], where: str, values: Sequence[object], *, flat: bool = False
) -> tuple[tuple[Names, ...], tuple[Finding, ...]]:
    """Find the path of each row's member, in order, and the rows whose place is uncertain.

    The path of a row that nests too deep is empty.

    Args:
        members: the rows.
        where: the document's name.
        values: what samples show.
        flat: whether the table would mark the rows that stand inside others.
    """
    paths, findings = _by_marks(members, where, _json_texts(values))
    is_marked = flat or any(member.cell.marked for member in members)
    if not is_marked and all(len(path) == 1 for path in paths):
        paths, findings = _by_samples(members, where, values)
    return paths, (*findings, *_lists_without_type(members, paths, where))


_Placed = tuple[tuple[Names, ...], tuple["Finding", ...]]


def _by_marks(members: Sequence[UnplacedRow], where: str, texts: AbstractSet[str]) -> _Placed:
    paths: list[Names] = []
    findings: list[Finding] = []
    above: list[tuple[UnplacedRow, Names]] = []
    top = _top(members)
    for number, member in enumerate(members):
        follower = members[number + 1] if number + 1 < len(members) else None
        cell = member.cell
        while above and above[-1][0].cell.width >= cell.width:
            above.pop()
        parent = above[-1][1] if above else ()
        if cell.marked and not above and cell.width > top:
            findings.append(_orphan(member, where))
        starts_at_top = len(cell.names) > len(parent) and cell.names[: len(parent)] == parent
        path = cell.names if starts_at_top else (*parent, *cell.names)
        if len(path) > _DEEPEST_ROW or (above and not parent):
            findings += [] if any(path == _TOO_DEEP for path in paths) else [_deep(member, where)]
            path = _TOO_DEEP
        paths.append(path)
        is_text = member.kind is Kind.STRING and cell.names[-1] in texts
        if member.holds_members or is_text or _is_divided(member, follower):
            above.append((member, path))
    return tuple(paths), tuple(findings)


def _top(members: Sequence[UnplacedRow]) -> int:
    """Give how far rows at the top stand to the right: in a table of marked rows, as the first.

    A single marked row belongs to a row that is missing, except below »: exports mark every row.
    """
    if not members or not all(member.cell.marked for member in members):
        return 0
    several = len(members) >= _SEVERAL or members[0].cell.mark == "»"
    return members[0].cell.width if several else 0


def _is_divided(member: UnplacedRow, follower: UnplacedRow | None) -> bool:
    """Say whether the row below shows that one of an unknown type is an object."""
    return (
        member.kind in {None, Kind.ANY}
        and follower is not None
        and follower.cell.width > member.cell.width
    )


def _orphan(member: UnplacedRow, where: str) -> Finding:
    return broken(
        "row-without-parent",
        where=where,
        lines=(member.line,),
        subject=member.cell.names[-1],
        evidence="no JSONObject or JSONArray row stands above it, further left",
        remedy="remove the mark, or state the row that it belongs to above it",
    )


def _deep(member: UnplacedRow, where: str) -> Finding:
    return broken(
        "unreadable-row",
        where=where,
        lines=(member.line,),
        subject=member.cell.names[-1],
        evidence=f"it nests deeper than {_DEEPEST_ROW} levels; it and the rows inside are not read",
        remedy="describe the innermost objects in a document of their own",
    )


def _by_samples(members: Sequence[UnplacedRow], where: str, values: Sequence[object]) -> _Placed:
    """Put a row into the innermost object above it in which a sample shows its name."""
    names = {member.cell.names[0] for member in members}
    values = [_opened(value) for value in values]
    roots = [(value, rows_root(names, value)) for value in values]

    def found_at(path: Names) -> Iterator[object]:
        for value, root in roots:
            for each in present(value, (*root, *path), through_lists=True):
                yield each.value

    def is_shown(path: Names) -> bool:
        return next((True for _ in found_at(path)), False)

    taken: set[Names] = set()
    paths: list[Names] = []
    findings: list[Finding] = []
    parents: list[Names] = [()]
    previous: UnplacedRow | None = None
    for member in members:
        name = member.cell.names[0]
        known = [parent for parent in parents if (*parent, name) not in taken]
        parent = next((p for p in reversed(known) if is_shown((*p, name))), None)
        if parent is None:
            parent = parents[-1]
            if previous is not None and parent == paths[-1]:
                findings.append(_unclear(member, previous, where))
        path = (*parent, name)
        del parents[parents.index(parent) + 1 :]
        holds = member.holds_members and not member.described_apart
        holds = holds or any(isinstance(each, dict) for each in found_at(path))
        parents += [path] if holds and len(path) < _DEEPEST else []
        taken.add(path)
        paths.append(path)
        previous = member
    return tuple(paths), tuple(findings)


def _json_texts(values: Sequence[object]) -> frozenset[str]:
    """Find the names of the members whose texts hold a JSON object in a sample."""
    found: set[str] = set()
    left = list(values)
    while left:
        value = left.pop()
        if isinstance(value, dict):
            found |= {n for n, e in value.items() if isinstance(e, str) and e is not _opened(e)}
            left += value.values()
        elif isinstance(value, list):
            left += value
    return frozenset(found)


def _opened(value: object) -> object:
    """Replace each text that holds a JSON object by the object."""
    if isinstance(value, dict):
        return {name: _opened(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_opened(inner) for inner in value]
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            found = read_json(value).value
        except NotJson:
            return value
        return found if isinstance(found, dict) else value
    return value


def _unclear(member: UnplacedRow, container: UnplacedRow, where: str) -> Finding:
    name, inside = member.cell.names[0], container.cell.names[0]
    return broken(
        "unclear-nesting",
        where=where,
        lines=(member.line, container.line),
        subject=name,
        evidence=f"no sample shows {shown(name)}; it is read as a member of {shown(inside)}",
        remedy=f"write {inside}.{name} or └ {name} if it is one, or show it in a sample",
    )


def _lists_without_type(
    members: Sequence[UnplacedRow], paths: Sequence[Names], where: str
) -> Iterator[Finding]:
    lists = {
        path
        for member, path in zip(members, paths, strict=True)
        if member.kind in {Kind.ARRAY, None}
    }
    for member, path in zip(members, paths, strict=True):
        offset = len(path) - len(member.cell.names)
        for position in member.cell.lists:
            if path[: offset + position + 1] not in lists:
                name = member.cell.names[position]
                yield broken(
                    "list-without-list-type",
                    where=where,
                    lines=(member.line,),
                    subject=name,
                    evidence=f"no row {shown(name)} has the type JSONArray or List",
                    remedy="state the list in a row of that type, or remove the []",
                )
