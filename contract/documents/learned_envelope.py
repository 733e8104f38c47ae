"""Samples → which of them show a success, which member says so, and where the rows stand.

No name of a member is known: the member whose values part the successes from the failures carries
the business code. Where samples do not part (there is only one, or none), what people call such a
member, and how they write a success, is weighed; `success_words.py` knows both. What stays
uncertain is a doubt, which becomes a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from contract.documents.cells import Kind, shown, word
from contract.documents.field_rows import Row
from contract.documents.row_places import objects, rows_root
from contract.documents.samples import Sample
from contract.documents.shown_values import typed
from contract.documents.success_words import (
    CODE_DESCRIPTIONS,
    CODE_NAMES,
    is_code_like,
    looks_failed,
    looks_successful,
    said_of,
    speaks_of_failure,
    successes_stated,
)

Path = tuple[str, ...]

_DEEPEST = 3
_PARTS = 6
_LIKELY = 2
_INSIDE = 2
"""How much less a member weighs that stands among the rows, inside the envelope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What the samples of one interface show around its rows.

    Attributes:
        code: what leads to the member with the business code; empty where none is known.
        success: its values in the samples that show a success, as they come.
        root: what leads to the object, or list of objects, in which the rows stand.
        members: the members around the rows that need no row, in the order of the samples.
        failed: the lines of the samples that show a failure.
        doubt: what the samples do not tell; empty where they tell all.
    """

    code: Path = ()
    success: tuple[object, ...] = ()
    root: Path = ()
    members: tuple[Path, ...] = ()
    failed: frozenset[int] = frozenset()
    doubt: str = ""


NOTHING_KNOWN = Envelope()
"""The envelope of an interface whose samples have not been looked at."""


def learned(
    samples: Sequence[Sample], rows: Sequence[Row], neighbours: Sequence[Envelope] = ()
) -> Envelope:
    """Learn the envelope of one interface.

    Args:
        samples: all of its samples.
        rows: those of its answer.
        neighbours: the envelopes of interfaces that are documented beside it.
    """
    answers = [each for each in samples if not each.is_request]
    found = _Learning([e for e in answers if e.trouble is None], rows, neighbours).envelope()
    told = any(each.trouble is not None for each in answers)  # what that sample shows is unknown
    return replace(found, doubt="") if told else found


def distinct(values: Sequence[object]) -> tuple[object, ...]:
    """Give each value once; true is not 1, and 0 is not "0"."""
    found: dict[tuple[type, object], object] = {}
    for value in values:
        found.setdefault((type(value), value), value)
    return tuple(found.values())


def scalars(value: object, at: Path = ()) -> Iterator[tuple[Path, object]]:
    """Give the members that hold no others, those in lists left out."""
    if isinstance(value, dict) and len(at) < _DEEPEST:
        for name, inner in value.items():
            yield from scalars(inner, (*at, name))
    elif at and not isinstance(value, dict | list) and value is not None:
        yield at, value


@dataclass(frozen=True, slots=True)
class _Learning:
    """The answers of one interface, its rows, and what its neighbours have."""

    answers: Sequence[Sample]
    rows: Sequence[Row]
    neighbours: Sequence[Envelope]

    def envelope(self) -> Envelope:
        near = self._nearest()
        if not self.answers:
            return self._borrowed(near)
        failed = frozenset(each.line for each in self.answers if said_of(each.title) is False)
        code: Path = ()
        for _ in range(2):  # what is known of the samples finds the code, and the code the others
            root = self._root(failed)
            code = self._code(root, failed, near)
            failed = self._failed(root, code)
        root = self._root(failed)
        good = [each for each in self.answers if each.line not in failed]
        told = [each for each in good if not is_placeholder(each.value)]
        values = [dict(scalars(each.value)).get(code) for each in told] if code else []
        success = distinct([each for each in values if each is not None])
        if code and not success:
            coded = (each for each in self.rows if code in {each.path, (*root, *each.path)})
            success = next((_stated(each) for each in coded), ())
        if code and not success and near is not None and near.code == code:
            success = near.success
        blank = bool(code) and not success
        if blank:  # what only stands for a value is better than none, and is a doubt
            success = distinct(
                [v for v in (dict(scalars(e.value)).get(code) for e in good) if v is not None]
            )
        return Envelope(
            code=code,
            success=success,
            root=root,
            members=tuple(self._members(root, code, failed)),
            failed=failed,
            doubt=_of_placeholders(code, success)
            if blank and success
            else self._doubt(root, code, success, failed, near),
        )

    def _names(self) -> set[str]:
        return {row.path[0] for row in self.rows}

    def _nearest(self) -> Envelope | None:
        """Give the commonest envelope of the neighbours."""
        known = [each for each in self.neighbours if each.code and each.success]
        known.sort(key=lambda each: bool(each.doubt))
        counted = Counter((each.code, each.root[:1]) for each in known)
        likeliest = counted.most_common(1)
        return next((e for e in known if [(e.code, e.root[:1])] == [likeliest[0][0]]), None)

    def _borrowed(self, near: Envelope | None) -> Envelope:
        """Give an interface without samples what its rows say, else what its neighbours show."""
        if not self.rows:
            return Envelope()
        coded = next((row for row in self.rows if _describes_code(row, near)), None)
        if coded is not None:
            stated: tuple[object, ...] = _stated(coded)
            if not stated and looks_successful(coded.example):
                stated = (coded.example,)
            return Envelope(code=coded.path, success=stated or (near.success if near else ()))
        if near is None:
            doubt = "no sample shows where the rows stand; they are read as the whole answer"
            return Envelope(doubt=doubt)
        doubt = "no sample shows where the rows stand; they are read as the documents beside it are"
        return replace(near, failed=frozenset(), doubt=doubt)

    def _root(self, failed: frozenset[int]) -> Path:
        names = self._names()
        ordered = sorted(self.answers, key=lambda each: each.line in failed)
        roots = [rows_root(names, each.value) for each in ordered if each.value is not None]
        good = [r for r, each in zip(roots, ordered, strict=False) if each.line not in failed]
        return next((root for root in good if root), roots[0] if roots else ())

    def _code(self, root: Path, failed: frozenset[int], near: Envelope | None) -> Path:
        """Find the member that carries the business code: the one that most speaks for it."""
        stated = {row.path for row in self.rows if len(row.path) == 1}
        seen: dict[Path, list[tuple[object, bool]]] = {}
        for each in self.answers:
            for path, value in scalars(each.value):
                if not root or path[: len(root)] != root or path[len(root) :] in stated:
                    seen.setdefault(path, []).append((value, each.line in failed))
        described = {(*root, *row.path): row for row in self.rows}
        inside = described.keys() if root else ()
        weights = {
            path: self._weight(path, values, described.get(path)) - _INSIDE * (path in inside)
            for path, values in seen.items()
        }
        if near is not None and weights.get(near.code, 0) > 0:
            weights[near.code] += 1
        likeliest = max(weights, key=lambda path: (weights[path], -len(path)), default=())
        return likeliest if weights.get(likeliest, 0) >= _LIKELY else ()

    def _weight(
        self,
        path: Path,
        values: Sequence[tuple[object, bool]],
        row: Row | None,
    ) -> int:
        """Weigh what speaks for a member; 0 where it cannot be the business code."""
        found = distinct([value for value, _ in values])
        if not all(is_code_like(value) for value in found):
            return 0
        name = word(path[-1])
        named = next((weight for words, weight in CODE_NAMES if re.fullmatch(words, name)), 0)
        told = 3 * bool(row is not None and CODE_DESCRIPTIONS.search(word(row.description)))
        good = [value for value, failed in values if not failed]
        bad = [value for value, failed in values if failed]
        parts = bool(good and bad) and not set(map(repr, good)) & set(map(repr, bad))
        if good and bad and not parts:
            return 0
        successful = bool(good) and all(looks_successful(value) for value in good)
        if row is not None and not (told or parts or (successful and named > 2)):  # noqa: PLR2004 - a certain name
            return 0  # a row such as 订单状态 is a value of the answer
        if not (named or told or parts):
            return 0
        return named + told + parts * _PARTS + successful * 2 - any(map(looks_failed, good))

    def _failed(self, root: Path, code: Path) -> frozenset[int]:
        """Find the samples that show a failure: by their title, their code, or their rows."""
        answers = [(each, dict(scalars(each.value)).get(code)) for each in self.answers]
        certain = [c for each, c in answers if c is not None and said_of(each.title)]
        certain += [c for each, c in answers if c is not None and looks_successful(c)]
        succeeded = set(map(repr, certain))
        failed = set[int]()
        for each, value in answers:
            verdict = said_of(each.title)
            if verdict is None and repr(value) in succeeded:
                verdict = True
            if verdict is None:
                shows = self._shows_rows(root, each.value)
                verdict = not _says_failure(each.value, value) if shows is None else shows
                verdict = verdict and not (succeeded and looks_failed(value))
                verdict = verdict and not (succeeded and value is not None and not shows)
            if not verdict:
                failed.add(each.line)
        return frozenset(failed)

    def _shows_rows(self, root: Path, value: object) -> bool | None:
        """Say whether a sample shows the payload; None where no row is a payload by itself."""
        if root:
            held = _at(value, root)
            names = self._names()
            filled = (holder for _, holder in objects(held))
            return any(_is_filled(each.get(name)) for each in filled for name in names)
        inner = {row.path[0] for row in self.rows if len(row.path) > 1}
        inner |= {row.path[0] for row in self.rows if row.kind in {Kind.OBJECT, Kind.ARRAY}}
        if not inner:
            return None
        tops = [holder for _, holder in objects(value)]
        return any(_is_filled(each.get(name)) for each in tops for name in inner)

    def _members(self, root: Path, code: Path, failed: frozenset[int]) -> Iterator[Path]:
        """Give the members around the rows: what stands beside the way to them, and the code."""
        described = {row.path for row in self.rows}
        holds = {Kind.OBJECT, Kind.ARRAY}
        is_flat = not any(len(path) > 1 for path in described) and not any(
            row.kind in holds for row in self.rows
        )
        is_described = bool(code) and code in described and not root and is_flat
        in_failures = {
            name for each in self.answers if each.line in failed for name in _keys(each.value)
        }
        found: dict[Path, None] = {}
        good = [each for each in self.answers if each.line not in failed] or self.answers
        for each in good:
            for depth in range(max(len(root), len(code), 1)):
                ways = {root[:depth] for _ in "." if depth < max(len(root), 1)}
                ways |= {code[:depth]} if depth < len(code) else set()
                for way in sorted(ways):
                    for name in _keys(_at(each.value, way)):
                        path = (*way, name)
                        on_the_way = path in {root[: depth + 1], code[: depth + 1]} - {code}
                        known = not root and path in {row[:1] for row in described}
                        lonely = is_described and name not in in_failures
                        payload = not root and self.rows and not code
                        if not (on_the_way or known or lonely or payload):
                            found.setdefault(path)
        yield from found

    def _doubt(
        self,
        root: Path,
        code: Path,
        success: Sequence[object],
        failed: frozenset[int],
        near: Envelope | None,
    ) -> str:
        """Say what the samples do not tell."""
        told = any(said_of(each.title) for each in self.answers)
        if success and (told or any(each.line in failed for each in self.answers)):
            return ""
        if not code:
            return "no member tells a success from a failure" if root else ""
        if not success:
            return f"no sample shows the value of {shown('.'.join(code))} in a success"
        known = near.success if near is not None and near.code == code else ()
        if all(looks_successful(each) or each in known for each in success):
            return ""
        return (
            f"only {shown(str(success[0]))} is shown of {shown('.'.join(code))}; it is read as "
            "the value of a success"
        )


_PLACEHOLDERS = ("", 0, 0.0, "0", "string", "str", "number", "integer", "boolean", "null", "object")


def _of_placeholders(code: Path, success: Sequence[object]) -> str:
    return (
        f"the sample shows zeros and blanks in place of values; {shown(str(success[0]))} of "
        f"{shown('.'.join(code))} is read as the value of a success"
    )


def is_placeholder(value: object) -> bool:
    """Say whether every value in a sample only stands for one, as exports of Swagger write it.

    Zeros and blanks (`"code": 0, "msg": "string"`) teach no code of a success. A text that says
    something, or a number that is not 0, makes the whole a sample.
    """
    texts = 0
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            left += each.values()
        elif isinstance(each, list):
            left += each
        elif isinstance(each, bool) or each is None:
            continue
        elif each in _PLACEHOLDERS:
            texts += isinstance(each, str)
        else:
            return False
    return texts > 0


def _describes_code(row: Row, near: Envelope | None) -> bool:
    """Say whether a row at the top describes the business code."""
    if len(row.path) > 1:
        return False
    known = near is not None and row.path == near.code
    named = any(re.fullmatch(words, word(row.name)) for words, _ in CODE_NAMES)
    stated = named and bool(successes_stated(row.description))
    return known or stated or CODE_DESCRIPTIONS.search(word(row.description)) is not None


def _stated(row: Row) -> tuple[object, ...]:
    """Give the values that a row says a success has, each of the type that it states."""
    kind = Kind.INTEGER if row.kind in {Kind.NUMBER, Kind.LONG} else row.kind
    return tuple(typed(kind, each) for each in successes_stated(row.description))


def _says_failure(value: object, code: object) -> bool:
    if code is not None and looks_successful(code):
        return False
    texts = (each for _, each in scalars(value) if isinstance(each, str))
    return (code is not None and looks_failed(code)) or any(map(speaks_of_failure, texts))


def _is_filled(value: object) -> bool:
    return value is not None and value not in ("", [], {})


def _at(value: object, path: Path) -> object:
    """Follow names into objects; None where they lead nowhere."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _keys(value: object) -> Sequence[str]:
    return tuple(value) if isinstance(value, Mapping) else ()
