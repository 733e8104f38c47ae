"""Two sides → what moved between them, claim by claim and member by member.

What follows from something that is told already is not told again: what lies inside a member that
vanished, the length of a text that carries a picture, a claim that is moot. `evidence.py` decides
what is more than noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_tests.comparing.claim_movements import in_words, what_became_of
from contract_tests.comparing.counted_runs import ClaimHistory, ComparedSide, Observed
from contract_tests.comparing.evidence import PAIR, SURE, chance_of_shares
from contract_tests.comparing.facts import differences
from contract_tests.comparing.member_rows import name_of_member, row_of
from contract_tests.comparing.movements import MOVEMENTS, Movement
from contract_tests.comparing.run_reports import WORST_FIRST, RunField, RunFinding
from contract_tests.reports.report_values import TRUTHS

_FEW_NAMES = 3
_WORSE, _BETTER = ("ceased-to-conform", "warning-began"), ("began-to-conform", "warning-ended")
_TELLS: Mapping[str, tuple[str, ...]] = {
    "member-vanished": _WORSE,
    "member-appeared": _BETTER,
    "type-changed": (*_WORSE, *_BETTER),
    "length-moved": (*_WORSE, *_BETTER),
}
"""The movements of a claim whose finding says already what became of the member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One difference: the kind, what it is about, what was seen on either side.

    Attributes:
        movement: the kind.
        operation: operationId.
        environment: where one run judged the operation in several; else empty.
        subject: the row, member or part of the answer; empty for the operation as a whole.
        pointer: of the member, with `*` for the items of a list.
        row: the row of the field table, where it is one.
        was: what A shows.
        now: what B shows.
        finding: the broken promise, for a claim.
    """

    movement: Movement
    operation: str
    environment: str
    was: str
    now: str
    subject: str = ""
    pointer: str = ""
    row: RunField | None = None
    finding: RunFinding | None = None

    @property
    def place(self) -> str:
        """Where the document, or the spec, says it; empty where neither does."""
        if self.finding is not None and self.finding.places:
            return self.finding.places[0]
        return self.row.place if self.row else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaky:
    """A claim that some runs of a side broke, and others kept."""

    operation: str
    environment: str
    claim: str
    promise: str
    promise_zh: str
    a: ClaimHistory
    b: ClaimHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sides and what moved between them; `pairs` are the operations that both have."""

    a: ComparedSide
    b: ComparedSide
    moved: tuple[Moved, ...]
    flaky: tuple[Flaky, ...]
    pairs: tuple[tuple[Observed, Observed], ...]
    remarks: tuple[str, ...]

    @property
    def exit_status(self) -> int:
        """1 if a reader must act on something that moved, else 0."""
        return int(any(each.movement.act for each in self.moved))


def comparison(a: ComparedSide, b: ComparedSide) -> Comparison:
    """Compare two sides."""
    pairs, gone, new = _paired(a, b)
    nowhere = "–"
    moved = [each for one, other in pairs for each in _moved(one, other)]
    moved += [_whole(each, "operation-vanished", _verdicts_of(each), nowhere) for each in gone]
    moved += [_whole(each, "operation-appeared", nowhere, _verdicts_of(each)) for each in new]
    return Comparison(
        a=a,
        b=b,
        moved=tuple(moved),
        flaky=tuple(each for one, other in pairs for each in _flaky(one, other)),
        pairs=tuple(pairs),
        remarks=tuple(_remarks(a, b, pairs)),
    )


def _paired(
    a: ComparedSide, b: ComparedSide
) -> tuple[list[tuple[Observed, Observed]], list[Observed], list[Observed]]:
    """Pair the operations by id and environment, and by id where each side has but one left."""
    here, there = dict(a.operations), dict(b.operations)
    pairs = [(here.pop(key), there.pop(key)) for key in a.operations if key in b.operations]
    for key in list(here):
        same = [other for other in there if other[0] == key[0]]
        if len(same) == 1 and sum(other[0] == key[0] for other in here) == 1:
            pairs.append((here.pop(key), there.pop(same[0])))
    return pairs, list(here.values()), list(there.values())


def _moved(a: Observed, b: Observed) -> Iterator[Moved]:
    yield from _judging(a, b)
    claims = list(_claims(a, b))
    yield from claims
    told = {(each.pointer, each.movement.name) for each in claims}
    for each in differences(a, b):
        if any((each.pointer, name) in told for name in _TELLS.get(each.movement, ())):
            continue
        row = row_of(each.pointer, b) or row_of(each.pointer, a)
        yield Moved(
            movement=MOVEMENTS[each.movement],
            operation=b.id,
            environment=b.environment,
            was=each.was,
            now=each.now,
            subject=row.name if row else name_of_member(each.pointer),
            pointer=each.pointer,
            row=row,
        )


# Verdicts of whole operations


def _judging(a: Observed, b: Observed) -> Iterator[Moved]:
    open_a, open_b = (each.verdicts.count("inconclusive") for each in (a, b))
    was, now = _verdicts_of(a), _verdicts_of(b)
    if not open_a and open_b:
        yield _whole(b, "no-longer-judged", was, now)
    elif open_a == len(a.verdicts) and not open_b:
        yield _whole(b, "judged-again", was, now)
    else:
        left = [each.unjudged.total() for each in (a, b)]
        if chance_of_shares(left[0], a.samples, left[1], b.samples) <= SURE:
            shares = (f"{each.unjudged.total()}/{each.samples}" for each in (a, b))
            was, now = shares
            yield _whole(b, "unjudged-moved", was, now)


def _whole(observed: Observed, movement: str, was: str, now: str) -> Moved:
    return Moved(
        movement=MOVEMENTS[movement],
        operation=observed.id,
        environment=observed.environment,
        was=was,
        now=now,
    )


def _verdicts_of(observed: Observed) -> str:
    """Say the verdicts of an operation's runs, and why answers were not judged."""
    said = verdicts_in_words(observed.verdicts)
    reasons = ", ".join(f"{name} ({count})" for name, count in observed.unjudged.most_common(3))
    return f"{said}: {reasons}" if reasons and "inconclusive" in observed.verdicts else said


def verdicts_in_words(verdicts: list[str]) -> str:
    """Say some verdicts in both languages; how many there are of each, where they differ."""
    there = [each for each in WORST_FIRST if each in verdicts]
    words = {each: " ".join(reversed(TRUTHS[each])) for each in there}
    if len(there) == 1:
        return words[there[0]]
    return ", ".join(f"{words[each]} ({verdicts.count(each)})" for each in there)


# Claims


def _claims(a: Observed, b: Observed) -> Iterator[Moved]:
    for name, here in a.claims.items():
        there = b.claims.get(name)
        movement = what_became_of(here, there) if there is not None else ""
        if there is not None and movement:
            began = movement in {"ceased-to-conform", "warning-began"}
            finding = there.example if began else here.example
            pointer = here.pointer or there.pointer or (finding.pointer if finding else "")
            row = row_of(pointer, b) or row_of(pointer, a)
            yield Moved(
                movement=MOVEMENTS[movement],
                operation=b.id,
                environment=b.environment,
                was=in_words(here),
                now=in_words(there),
                subject=row.name if row else finding.subject if finding else "",
                pointer=pointer,
                row=row,
                finding=finding,
            )


def _flaky(a: Observed, b: Observed) -> Iterator[Flaky]:
    for name in {**a.claims, **b.claims}:
        one, other = (each.claims.get(name, ClaimHistory()) for each in (a, b))
        example = one.example or other.example
        if example is not None and (one.flaky or other.flaky):
            yield Flaky(
                operation=b.id,
                environment=b.environment,
                claim=name,
                promise=example.promise,
                promise_zh=example.promise_zh,
                a=one,
                b=other,
            )


# What a reader must know besides


def _remarks(
    a: ComparedSide, b: ComparedSide, pairs: list[tuple[Observed, Observed]]
) -> Iterator[str]:
    if not pairs:
        yield "no operation is on both sides 两侧没有相同的接口"
    if set(a.strictness) != set(b.strictness):
        levels = " · ".join(", ".join(each.strictness) for each in (a, b))
        yield f"the sides were judged by different strictness 两侧的严格程度不同: {levels}"
    for one, other in pairs:
        alone = sorted(set(one.claims) ^ set(other.claims))
        if alone:
            names = ", ".join([*alone[:_FEW_NAMES], *["…"] * (len(alone) > _FEW_NAMES)])
            yield f"claims of one side only, not compared 仅一侧有的断言，未比较: {names}"
        if any(each.judged and not each.described for each in (one, other)):
            yield (
                f"{one.id}: a report without members, of an older version or of answers with too "
                "many, so members and lengths are not compared 报告缺少字段信息，未比较字段和长度"
            )
        judged = sorted((one.judged, other.judged))
        if 0 < judged[0] < PAIR or not judged[1]:
            yield (
                f"{one.id}: {one.judged} and {other.judged} answers were judged, too few to "
                "compare what came 已判定的应答太少，未比较应答内容"
            )
