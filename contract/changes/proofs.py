"""The keywords of one value: whether a case of a new schema keeps what an old schema says.

A proof yields what the case may break, and nothing only where it is certain that it keeps the
keyword. To add a keyword: write its proof and list it in `PROOFS`. The keywords that hold values
within values are in `inclusion.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from contract.changes.cases import KINDS, choices, kinds_of
from contract.changes.constraints import NUMERIC, Loosening, ProofGoal
from contract.changes.patterns import allows_every_text, allows_every_text_but_none
from contract.changes.written_values import value_text
from contract.spec.yaml_text import Located

Proof = Callable[[ProofGoal], Iterator[Loosening]]
"""A function that yields what a case may break of a keyword."""


def kept(proof: Callable[[ProofGoal], bool]) -> Proof:
    """Turn a yes or no into a proof."""

    def prove(goal: ProofGoal) -> Iterator[Loosening]:
        if not proof(goal):
            yield goal.broken(goal.argument, next(iter(goal.others), None))

    return prove


@kept
def equal(goal: ProofGoal) -> bool:
    """Say whether the new schema has the same keyword with the same meaning."""
    return any(goal.likeness.alike(goal.argument, other) for other in goal.others)


def _type(goal: ProofGoal) -> Iterator[Loosening]:
    was = kinds_of(_only(goal.part, "type", "nullable"))
    added = goal.case.kinds - was
    if added:
        keyword = "nullable" if added == {"null"} else "type"
        yield goal.broken(worded(was), worded(goal.case.kinds), keyword=keyword)


def _enum(goal: ProofGoal) -> Iterator[Loosening]:
    known = {*map(value_text, choices(goal.part))}
    if "type" in goal.part and "null" not in kinds_of(_only(goal.part, "type", "nullable")):
        known.add(value_text(None))  # a finding about the type already
    listed = [choices(part) for part in goal.case.parts if "enum" in part]
    if not any(known.issuperset(map(value_text, values)) for values in listed):
        yield goal.broken(choices(goal.part), next(iter(listed), None))


@kept
def _at_most(goal: ProofGoal) -> bool:
    return any(number(other) <= number(goal.argument) for other in goal.others)


@kept
def _at_least(goal: ProofGoal) -> bool:
    stated = any(number(other) >= number(goal.argument) for other in goal.others)
    needed = len(goal.case.required()) if goal.keyword == "minProperties" else 0
    return stated or needed >= number(goal.argument)


def _bound(goal: ProofGoal) -> Iterator[Loosening]:
    limit = _limit(goal.part, goal.keyword)
    others = [_limit(part, goal.keyword) for part in goal.case.parts if goal.keyword in part]
    if not any(other <= limit for other in others):
        stated = [part for part in goal.case.parts if goal.keyword in part]
        now = next((_bound_text(part, goal.keyword) for part in stated), None)
        yield goal.broken(_bound_text(goal.part, goal.keyword), now)


def _limit(part: Located, keyword: str) -> tuple[Fraction, bool]:
    """Give a bound as a pair; of two bounds, the stricter one is the smaller pair."""
    bound = number(part[keyword])
    return bound if keyword == "maximum" else -bound, not _exclusive(part, keyword)


def _exclusive(part: Located, keyword: str) -> bool:
    return part.get(f"exclusive{keyword.capitalize()}") is True


def _bound_text(part: Located, keyword: str) -> object:
    return f"{part[keyword]} (exclusive)" if _exclusive(part, keyword) else part[keyword]


@kept
def _pattern(goal: ProofGoal) -> bool:
    longer = any(number(other) >= 1 for other in goal.case.each("minLength"))
    return (
        goal.argument in goal.others
        or allows_every_text(goal.argument)
        or (longer and allows_every_text_but_none(goal.argument))
    )


@kept
def _multiple(goal: ProofGoal) -> bool:
    step = number(goal.argument)
    steps = [number(other) for other in goal.others]
    if "fraction" not in goal.case.kinds:
        steps.append(Fraction(1))
    exact = [other for other in steps if other.denominator == step.denominator == 1]
    return step in steps or any((other / step).denominator == 1 for other in exact)


@kept
def _format(goal: ProofGoal) -> bool:
    wider = {other for other in goal.others if isinstance(other, str)}
    narrower = {_WIDENED[other] for other in wider if other in _WIDENED}
    return goal.argument in wider | narrower or _fits(goal)


def _fits(goal: ProofGoal) -> bool:
    """Say whether the range of a case's whole numbers fits into a format."""
    bits = NUMERIC.get(str(goal.argument))
    if bits is None or "fraction" in goal.case.kinds:
        return False
    low, high = ([number(bound) for bound in goal.case.each(word)] for word in _BOUNDS)
    return any(bound >= -(2**bits) for bound in low) and any(bound < 2**bits for bound in high)


@kept
def _unique_items(goal: ProofGoal) -> bool:
    short = any(number(most) <= 1 for most in goal.case.each("maxItems"))
    return goal.argument is not True or True in goal.others or short


@kept
def _additional_items(goal: ProofGoal) -> bool:
    return not isinstance(goal.part.get("items"), list)


@kept
def _unique(goal: ProofGoal) -> bool:
    return goal.argument is not True or True in goal.others


@kept
def _image(goal: ProofGoal) -> bool:
    pictures = [other for other in goal.others if isinstance(other, Mapping)]
    facts = goal.argument.items() if isinstance(goal.argument, Mapping) else ()
    return all(any(other.get(key) == fact for other in pictures) for key, fact in facts)


@kept
def _codes(goal: ProofGoal) -> bool:
    known = _listed(goal.argument)
    return any(known.issuperset(_listed(other)) for other in goal.others)


def _listed(codes: object) -> set[str]:
    return set(map(value_text, codes if isinstance(codes, list) else [codes]))


def worded(kinds: frozenset[str]) -> str:
    """Name types for a reader, `null` last."""
    if kinds == KINDS:
        return "any type"
    names = {"number" if kind == "fraction" else kind for kind in kinds}
    if "number" in names:
        names.discard("integer")
    return " or ".join(sorted(names, key=lambda name: (name == "null", name)))


def _only(part: Located, *keywords: str) -> Located:
    kept = Located(part.place)
    kept.update({key: part[key] for key in keywords if key in part})
    return kept


def number(value: object) -> Fraction:
    """Give a number as a fraction, so that two numbers compare exactly."""
    return Fraction(value) if isinstance(value, int | float) else Fraction(0)


_BOUNDS = ("minimum", "maximum")
_WIDENED: Mapping[str, str] = {"int32": "int64", "float": "double"}
PROOFS: Mapping[str, Proof] = {
    "type": _type,
    "enum": _enum,
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties"), _at_most),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), _at_least),
    **dict.fromkeys(("minimum", "maximum"), _bound),
    "pattern": _pattern,
    "multipleOf": _multiple,
    "format": _format,
    "uniqueItems": _unique_items,
    "additionalItems": _additional_items,
    "x-unique": _unique,
    "x-image": _image,
    "x-business-success": _codes,
}
"""The proof of each keyword that concerns one value."""
