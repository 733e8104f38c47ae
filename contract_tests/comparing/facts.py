"""Two observations of an operation → the facts that moved: members, lengths, pictures, times.

To compare something more: write a function that gives differences, and call it in `differences`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from contract_tests.comparing.counted_runs import MemberFacts, Observed
from contract_tests.comparing.evidence import (
    FEW,
    PAIR,
    SURE,
    Floor,
    chance_of_shares,
    share_moved,
    shifted,
)
from contract_tests.comparing.member_rows import is_optional

LATENCY = Floor(difference=0.02, ratio=1.25)
"""Seconds: 20 ms and a quarter."""
LENGTH = Floor(difference=1, ratio=1.1)
"""Characters."""
SIZE = Floor(difference=64, ratio=1.1)
"""Bytes of a picture."""
RULE = 0.03
"""The probability of chance below which a length that always was the same has become another."""
OPTIONAL = 0.01
"""The same below which a row that may be absent, or a null, began or ceased to come at all."""

_ITEM = "/*"
_ANSWERS = "answers 应答"


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that moved: the name of the movement, the member, and what either side shows."""

    movement: str
    pointer: str
    was: str
    now: str


def differences(a: Observed, b: Observed) -> Iterator[Difference]:
    """Give every fact that moved."""
    shared = [pointer for pointer in {**a.members, **b.members} if pointer]
    for pointer in shared:
        yield from _presence(pointer, a, b)
        yield from _types_and_lengths(pointer, a, b)
    for pointer in a.pictures:
        if pointer in b.pictures:
            yield from _pictures(pointer, a, b)
    yield from _latency(a, b)


def _presence(pointer: str, a: Observed, b: Observed) -> Iterator[Difference]:
    if pointer.endswith(_ITEM):  # whether a list is empty is no rule
        return
    none = MemberFacts()
    one, other = (each.members.get(pointer, none).present for each in (a, b))
    of_one, of_other = a.holders(pointer), b.holders(pointer)
    sure = OPTIONAL if is_optional(pointer, a) or is_optional(pointer, b) else 1.0
    if not share_moved(one, of_one, other, of_other):
        return
    if chance_of_shares(one, of_one, other, of_other) > sure:
        return
    movement = "member-vanished" if one * of_other > other * of_one else "member-appeared"
    was, now = f"{one}/{of_one} {_ANSWERS}", f"{other}/{of_other} {_ANSWERS}"
    yield Difference(movement, pointer, was, now)


def _types_and_lengths(pointer: str, a: Observed, b: Observed) -> Iterator[Difference]:
    one, other = a.members.get(pointer), b.members.get(pointer)
    if one is None or other is None:
        return
    if _types_moved(one, other):
        yield Difference("type-changed", pointer, listed(one.types), listed(other.types))
    elif not (pointer in a.pictures or pointer in b.pictures) and _lengths_moved(
        one.lengths, other.lengths
    ):
        was, now = (f"{span(each)} characters 字符" for each in (one.lengths, other.lengths))
        yield Difference("length-moved", pointer, was, now)


def _types_moved(one: MemberFacts, other: MemberFacts) -> bool:
    """Say whether values are of another type; a null may stand for any, and says little."""
    nulls = chance_of_shares(one.nulls, one.present, other.nulls, other.present)
    if nulls <= OPTIONAL and share_moved(one.nulls, one.present, other.nulls, other.present):
        return True
    here, there = (
        {name: count for name, count in each.types.items() if name != "null"}
        for each in (one, other)
    )
    return _counts_moved(here, one.present - one.nulls, there, other.present - other.nulls)


def _counts_moved(
    one: Mapping[str, int], of_one: int, other: Mapping[str, int], of_other: int
) -> bool:
    return any(
        share_moved(one.get(each, 0), of_one, other.get(each, 0), of_other)
        for each in {**one, **other}
    )


def _lengths_moved(one: Counter[int], other: Counter[int]) -> bool:
    """Say whether one length became another, or lengths grew or shrank as a whole."""
    of_one, of_other = one.total(), other.total()
    if min(of_one, of_other) < PAIR:
        return False
    for length in {*_usual(one), *_usual(other)}:
        shares = one[length] / of_one, other[length] / of_other
        limit = RULE if set(shares) == {0.0, 1.0} else SURE
        if chance_of_shares(one[length], of_one, other[length], of_other) <= limit:
            return True
    return shifted([*one.elements()], [*other.elements()], LENGTH)


def _usual(lengths: Counter[int]) -> list[int]:
    return [length for length, count in lengths.items() if 2 * count >= lengths.total()]


def _pictures(pointer: str, a: Observed, b: Observed) -> Iterator[Difference]:
    one, other = a.pictures[pointer], b.pictures[pointer]
    of_one, of_other = len(one.sizes), len(other.sizes)
    was, now = [], []
    for here, there in ((one.types, other.types), (one.measures, other.measures)):
        if _counts_moved(here, of_one, there, of_other):
            was.append(listed(here))
            now.append(listed(there))
    if shifted(one.sizes, other.sizes, SIZE):
        was.append(f"{span(one.sizes)} bytes 字节")
        now.append(f"{span(other.sizes)} bytes 字节")
    if was:
        yield Difference("picture-moved", pointer, ", ".join(was), ", ".join(now))


def _latency(a: Observed, b: Observed) -> Iterator[Difference]:
    one, other = a.medians, b.medians
    if min(len(one), len(other)) >= FEW:  # the answers of one run are alike
        moved = shifted(one, other, LATENCY)
    else:
        apart = one and other and (max(one) < min(other) or max(other) < min(one))
        moved = bool(apart) and shifted(a.every_second, b.every_second, LATENCY)
    if moved:
        was, now = (milliseconds(each.every_second) for each in (a, b))
        yield Difference("latency-moved", "", was, now)


def listed(counts: Mapping[str, int]) -> str:
    """List what came, the most frequent first; how often, where there are several."""
    frequent = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    if len(frequent) == 1:
        return frequent[0][0]
    shown = [f"{name} ({count})" for name, count in frequent[:4]]
    return ", ".join([*shown, "…"] if len(frequent) > len(shown) else shown)


def span(numbers: Sequence[int] | Counter[int]) -> str:
    """Give the least and the greatest of some numbers."""
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low}–{high}"


def milliseconds(seconds: Sequence[float]) -> str:
    """Give the median, and the middle half, of some times."""
    low, _, high = quantiles(seconds, n=4, method="inclusive")
    return f"{median(seconds) * 1000:.0f} ms ({low * 1000:.0f}–{high * 1000:.0f})"
