"""The keywords of one value: whether a case of a new schema keeps what an old schema says.

A proof yields what the case may break, and nothing only where it is certain that it keeps the
keyword. To add a keyword: write its proof and list it in `PROOFS`. The keywords that hold values
within values are in `inclusion.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from contract.changes.cases import KINDS, canonical, choices, kinds_of
from contract.changes.constraints import Claim, Loosening
from contract.spec.yaml_text import Located

Proof = Callable[[Claim], Iterator[Loosening]]


def kept(proof: Callable[[Claim], bool]) -> Proof:
    """Turn a yes or no into a proof."""

    def prove(claim: Claim) -> Iterator[Loosening]:
        if not proof(claim):
            yield claim.broken(claim.argument, next(iter(claim.others), None))

    return prove


@kept
def equal(claim: Claim) -> bool:
    """Whether the new schema says the very same."""
    return canonical(claim.argument) in map(canonical, claim.others)


def _type(claim: Claim) -> Iterator[Loosening]:
    was = kinds_of(_only(claim.part, "type", "nullable"))
    added = claim.case.kinds - was
    if added:
        keyword = "nullable" if added == {"null"} else "type"
        yield claim.broken(worded(was), worded(claim.case.kinds), keyword=keyword)


def _enum(claim: Claim) -> Iterator[Loosening]:
    known = {*map(canonical, choices(claim.part))}
    if "type" in claim.part and "null" not in kinds_of(_only(claim.part, "type", "nullable")):
        known.add(canonical(None))  # the type tells it already
    listed = [choices(part) for part in claim.case.parts if "enum" in part]
    if not any(known.issuperset(map(canonical, values)) for values in listed):
        yield claim.broken(choices(claim.part), next(iter(listed), None))


@kept
def _at_most(claim: Claim) -> bool:
    return any(number(other) <= number(claim.argument) for other in claim.others)


@kept
def _at_least(claim: Claim) -> bool:
    stated = any(number(other) >= number(claim.argument) for other in claim.others)
    needed = len(claim.case.required()) if claim.keyword == "minProperties" else 0
    return stated or needed >= number(claim.argument)


def _bound(claim: Claim) -> Iterator[Loosening]:
    limit = _limit(claim.part, claim.keyword)
    others = [_limit(part, claim.keyword) for part in claim.case.parts if claim.keyword in part]
    if not any(other <= limit for other in others):
        stated = [part for part in claim.case.parts if claim.keyword in part]
        now = next((_spoken(part, claim.keyword) for part in stated), None)
        yield claim.broken(_spoken(claim.part, claim.keyword), now)


def _limit(part: Located, keyword: str) -> tuple[Fraction, bool]:
    """Give a bound so that the tighter of two is the smaller one."""
    sign = 1 if keyword == "maximum" else -1
    return sign * number(part[keyword]), not _exclusive(part, keyword)


def _exclusive(part: Located, keyword: str) -> bool:
    return part.get(f"exclusive{keyword.capitalize()}") is True


def _spoken(part: Located, keyword: str) -> object:
    return f"{part[keyword]} (exclusive)" if _exclusive(part, keyword) else part[keyword]


@kept
def _multiple(claim: Claim) -> bool:
    step = number(claim.argument)
    steps = [number(other) for other in claim.others]
    if "fraction" not in claim.case.kinds:
        steps.append(Fraction(1))
    exact = [other for other in steps if other.denominator == step.denominator == 1]
    return step in steps or any((other / step).denominator == 1 for other in exact)


@kept
def _format(claim: Claim) -> bool:
    wider = {other for other in claim.others if isinstance(other, str)}
    narrower = {_WIDENED[other] for other in wider if other in _WIDENED}
    return claim.argument in wider | narrower


@kept
def _unique_items(claim: Claim) -> bool:
    short = any(number(most) <= 1 for most in claim.case.each("maxItems"))
    return claim.argument is not True or True in claim.others or short


@kept
def _additional_items(claim: Claim) -> bool:
    return not isinstance(claim.part.get("items"), list)


@kept
def _unique(claim: Claim) -> bool:
    return claim.argument is not True or True in claim.others


@kept
def _image(claim: Claim) -> bool:
    pictures = [other for other in claim.others if isinstance(other, Mapping)]
    facts = claim.argument.items() if isinstance(claim.argument, Mapping) else ()
    return all(any(other.get(key) == fact for other in pictures) for key, fact in facts)


@kept
def _codes(claim: Claim) -> bool:
    known = _listed(claim.argument)
    return any(known.issuperset(_listed(other)) for other in claim.others)


def _listed(codes: object) -> set[str]:
    return set(map(canonical, codes if isinstance(codes, list) else [codes]))


def worded(kinds: frozenset[str]) -> str:
    """Name types as a reader does, `null` last."""
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
    """Give a number as it is, so that two compare exactly."""
    return Fraction(value) if isinstance(value, int | float) else Fraction(0)


_WIDENED: Mapping[str, str] = {"int32": "int64", "float": "double"}
PROOFS: Mapping[str, Proof] = {
    "type": _type,
    "enum": _enum,
    **dict.fromkeys(("maxLength", "maxItems", "maxProperties"), _at_most),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), _at_least),
    **dict.fromkeys(("minimum", "maximum"), _bound),
    "multipleOf": _multiple,
    "format": _format,
    "uniqueItems": _unique_items,
    "additionalItems": _additional_items,
    "x-unique": _unique,
    "x-image": _image,
    "x-business-success": _codes,
}
