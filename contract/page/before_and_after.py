"""The field tables of an operation before and after a change, field beside field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contract.findings import Place
from contract.page.field_tables import COLUMNS, Line
from contract.page.headings import HeadingLine
from contract.page.plain_words import Said, label_and_value
from contract.page.stated_keywords import Fact

Key = tuple[str, ...]

_UNSEEN = frozenset({"x-mock", "x-mock-expects"})
"""Keywords that speak of the mock server, and of nothing that anyone receives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """One cell of a document's row; `changed` where the other side has another text, or none."""

    heading: str
    text: str
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFact:
    """One keyword of the spec, in plain words where there are some; `changed` as of a cell.

    `value` is what is shown beside the words, as the spec writes it. Of a `sampled` one only the
    document's sample speaks.
    """

    words: Said | None
    value: str
    changed: bool
    sampled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSide:
    """A field in one version.

    Attributes:
        cells: the document's row without its name; None where the document has none.
        facts: what the spec states; None where it has no such field.
        document: where the row stands.
        place: where the spec describes it.
    """

    cells: tuple[ShownCell, ...] | None
    facts: tuple[ShownFact, ...] | None
    document: Place | None
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPair:
    """A field in both versions; a side is None where that version has no such field."""

    name: str
    holders: Key
    depth: int
    before: FieldSide | None
    after: FieldSide | None
    changed: bool

    @property
    def state(self) -> str:
        """What became of it: `added`, `removed`, `changed` or `unchanged`."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "removed"
        return "changed" if self.changed else "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingPair:
    """What both versions say above the tables, in document and spec; None where there is none."""

    chinese: str
    english: str
    before: tuple[str, str] | None
    after: tuple[str, str] | None

    @property
    def changed(self) -> bool:
        """Whether the two versions differ."""
        return self.before != self.after


def field_pairs(old: Sequence[Line], new: Sequence[Line]) -> tuple[FieldPair, ...]:
    """Put the fields of two versions beside each other, in the order of the new one."""
    before, after = _keyed(old), _keyed(new)
    renamed = _same_rows(before, after)
    before = {renamed.get(key, key): line for key, line in before.items()}
    return tuple(_pair(before.get(key), after.get(key)) for key in _merged(before, after))


def _keyed(lines: Sequence[Line]) -> dict[Key, Line]:
    """Name each line by the field of the spec, or by the row where there is no field."""
    keyed: dict[Key, Line] = {}
    for line in lines:
        key = ("field", *line.field) if line.field else ("row", *line.path)
        while key in keyed:
            key = (*key, "")
        keyed[key] = line
    return keyed


def _same_rows(before: Mapping[Key, Line], after: Mapping[Key, Line]) -> dict[Key, Key]:
    """Match the lines of one row that only one version has as a field."""
    rows = {
        line.path: key
        for key, line in after.items()
        if line.cells is not None and key not in before
    }
    return {
        key: rows[line.path]
        for key, line in before.items()
        if key not in after and line.cells is not None and line.path in rows
    }


def _merged(before: Mapping[Key, Line], after: Mapping[Key, Line]) -> list[Key]:
    """Give all keys: those of the new version, each old one behind its predecessor."""
    merged = list(after)
    previous: Key | None = None
    for key in before:
        if key not in after:
            merged.insert(merged.index(previous) + 1 if previous is not None else 0, key)
        previous = key
    return merged


def _pair(old: Line | None, new: Line | None) -> FieldPair:
    shown = new or old
    if shown is None:
        raise ValueError("a pair needs a line")
    before, after = _side(old, new), _side(new, old)
    sides = [side for side in (before, after) if side is not None]
    texts: list[ShownCell | ShownFact] = []
    for side in sides:
        texts += side.cells or ()
        texts += side.facts or ()
    changed = len(sides) == 1 or any(each.changed for each in texts)
    return FieldPair(
        name=shown.path[-1] if shown.cells is None else shown.cells["name"],
        holders=shown.path[:-1],
        depth=shown.depth,
        before=before,
        after=after,
        changed=changed,
    )


def _side(line: Line | None, other: Line | None) -> FieldSide | None:
    if line is None:
        return None
    beside = other.cells if other is not None else line.cells
    cells = line.cells
    known = {(fact.keyword, fact.text) for fact, _ in _facts(line if other is None else other)}
    return FieldSide(
        cells=None
        if cells is None
        else tuple(
            ShownCell(
                heading=heading,
                text=cells[name],
                changed=beside is None or cells[name] != beside[name],
            )
            for name, heading in COLUMNS.items()
            if name != "name" or (beside is not None and cells[name] != beside[name])
        ),
        facts=None
        if line.field is None
        else tuple(
            ShownFact(
                words=words,
                value=value,
                changed=(fact.keyword, fact.text) not in known,
                sampled=sampled,
            )
            for fact, sampled in _facts(line)
            for words, value in [label_and_value(fact.keyword, fact.text)]
        ),
        document=line.document,
        place=line.place,
    )


def _facts(line: Line) -> Iterator[tuple[Fact, bool]]:
    """Give what the spec says and the row does not, and whether only the sample says it."""
    cells = line.cells or {}
    for facts, sampled in ((line.facts, False), (line.samples, True)):
        for fact in facts:
            if fact.keyword not in _UNSEEN and cells.get(fact.keyword) != fact.text:
                yield fact, sampled


def heading_pairs(
    old: Sequence[HeadingLine], new: Sequence[HeadingLine]
) -> tuple[HeadingPair, ...]:
    """Put title, method, path and environments of two versions beside each other."""
    before, after = ({_heading(each): each for each in side} for side in (old, new))
    return tuple(
        HeadingPair(
            chinese=shown.chinese,
            english=shown.english,
            before=_texts(before.get(key)),
            after=_texts(after.get(key)),
        )
        for key, shown in {**before, **after}.items()
    )


def _heading(line: HeadingLine) -> str:
    return line.english or line.chinese


def _texts(line: HeadingLine | None) -> tuple[str, str] | None:
    return None if line is None else (line.stated or "", line.specified or "")
