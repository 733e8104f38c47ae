"""Whether one keyword of an old schema is kept by a case of a new one: the keywords of one value.

A proof yields what the case may break, and nothing only where it is certain that it keeps the
keyword. To add a keyword: write its proof and list it in `PROOFS`, and in `_ABOUT` if it is about
one type. The keywords that hold values within values are in `inclusion.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from openapi.cases import CONSTRAINING, KINDS, Case, canonical, choices, kinds_of
from openapi.findings import Place
from openapi.vocabulary import ANNOTATIONS, FORMATS, validator
from openapi.yaml_text import Located

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosening:
    """A constraint of the old schema that the new one need not keep.

    Attributes:
        path: the names of members that lead to it; `*` stands for the items of a list, and for
            the members that nothing describes.
        keyword: the keyword of the old schema, or `properties` for a member described no more.
        was: what the old schema says.
        now: what the new one says; None where it says nothing.
        places: where the old and the new schema say it.
    """

    path: Path
    keyword: str
    was: object
    now: object
    places: tuple[Place, Place]


@dataclass(frozen=True, slots=True)
class Claim:
    """One keyword of the old schema, against one case of the new one."""

    part: Located
    keyword: str
    case: Case
    path: Path

    @property
    def argument(self) -> object:
        """What the old schema says by the keyword."""
        return self.part[self.keyword]

    @property
    def others(self) -> list[object]:
        """What the new schema says by the same keyword."""
        return self.case.each(self.keyword)

    def broken(
        self, was: object, now: object, *steps: str, keyword: str | None = None
    ) -> Loosening:
        """Tell that the case need not keep the keyword, here or for the member at `steps`."""
        spoken = next((part for part in self.case.parts if self.keyword in part), None)
        new = spoken.at(self.keyword) if spoken else self.case.parts[0].place
        old = self.part.at(self.keyword)
        if steps:
            old = _described(self.part, steps[0], old)
            for part in self.case.parts:
                new = _described(part, steps[0], new)
        path = (*self.path, *steps)
        keyword = keyword or self.keyword
        return Loosening(path=path, keyword=keyword, was=was, now=now, places=(old, new))


def _described(schema: Located, name: str, place: Place) -> Place:
    properties = schema.get("properties")
    known = isinstance(properties, Located) and name in properties
    return properties.at(name) if known and isinstance(properties, Located) else place


def silent(claim: Claim) -> bool:
    """Whether a keyword says nothing about the values of this case."""
    keyword = claim.keyword
    if keyword.startswith("x-"):
        return keyword not in CONSTRAINING or claim.case.closed
    about = _ABOUT.get(keyword, KINDS)
    if keyword == "format" and claim.argument in FORMATS:
        about = _NUMBER if claim.argument in _NUMERIC else _TEXT
    return keyword in ANNOTATIONS or keyword in _BESIDE or not claim.case.kinds & about


def tried(claim: Claim, listed: list[object]) -> bool:
    """Whether each value of a short list keeps the keyword."""
    if claim.keyword in CONSTRAINING:
        return False
    beside = _CONTEXT.get(claim.keyword, ())
    rule = validator(
        {key: claim.part[key] for key in (claim.keyword, *beside) if key in claim.part}
    )
    return all(rule.is_valid(value) for value in listed)


# Keywords of one value.

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


_TEXT, _LIST, _OBJECT = frozenset({"string"}), frozenset({"array"}), frozenset({"object"})
_NUMBER = frozenset({"integer", "fraction"})
_ABOUT: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("minLength", "maxLength", "pattern", "x-image"), _TEXT),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), _NUMBER),
    **dict.fromkeys(("items", "minItems", "maxItems", "uniqueItems", "additionalItems"), _LIST),
    **dict.fromkeys(("properties", "additionalProperties", "required"), _OBJECT),
    **dict.fromkeys(("minProperties", "maxProperties", "patternProperties"), _OBJECT),
}
_BESIDE = frozenset(
    {"nullable", "allOf", "exclusiveMinimum", "exclusiveMaximum", "id", "$schema", "definitions"}
)
"""Read with another keyword, or by nobody."""
_CONTEXT: Mapping[str, tuple[str, ...]] = {
    "type": ("nullable",),
    "enum": ("nullable",),
    "minimum": ("exclusiveMinimum",),
    "maximum": ("exclusiveMaximum",),
    "additionalProperties": ("properties", "patternProperties"),
    "items": ("additionalItems",),
    "additionalItems": ("items",),
}
_NUMERIC = frozenset({"int32", "int64", "float", "double"})
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
