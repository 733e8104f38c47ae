"""One keyword of an old schema, compared with a case of a new one.

`proofs.py` and `inclusion.py` try to prove that the case keeps the keyword, which is their goal.
Where they cannot, the keyword was loosened. To add a keyword about values of one type: list it in
`_ABOUT`. If it has a meaning only together with another keyword: in `_BESIDE` or `_CONTEXT`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract.changes.cases import KINDS, Case, described
from contract.changes.likeness import CONSTRAINING, Likeness
from contract.findings import Place
from contract.spec.vocabulary import ANNOTATIONS, FORMATS, validator
from contract.spec.yaml_text import Located

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loosening:
    """A constraint of the old schema that values of the new one may break.

    Attributes:
        path: the names of members that lead to it; `*` stands for the items of a list, and for
            the members that nothing describes.
        keyword: the keyword of the old schema; `properties` for a member that is not described now.
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
class ProofGoal:
    """One keyword of the old schema, to be proved of one case of the new one.

    Attributes:
        part: the schema that has the keyword.
        keyword: its name.
        case: the case.
        whole: all that holds together with `part`.
        likeness: what was compared so far.
    """

    part: Located
    keyword: str
    case: Case
    whole: tuple[Located, ...]
    likeness: Likeness

    @property
    def argument(self) -> object:
        """The value of the keyword in the old schema."""
        return self.part[self.keyword]

    @property
    def others(self) -> list[object]:
        """The values of the same keyword in the new schema."""
        return self.case.each(self.keyword)

    def broken(
        self, was: object, now: object, *steps: str, keyword: str | None = None
    ) -> Loosening:
        """Make the loosening of the keyword, here or for the member at `steps`."""
        stating = next((part for part in self.case.parts if self.keyword in part), None)
        new = stating.at(self.keyword) if stating else self.case.parts[0].place
        old = self.part.at(self.keyword)
        if steps:
            old = _place_of(self.part, steps[0], old)
            for part in self.case.parts:
                new = _place_of(part, steps[0], new)
        keyword = keyword or self.keyword
        return Loosening(path=steps, keyword=keyword, was=was, now=now, places=(old, new))


def _place_of(schema: Located, name: str, place: Place) -> Place:
    properties = schema.get("properties")
    known = isinstance(properties, Located) and described(schema, name) is not None
    return properties.at(name) if known and isinstance(properties, Located) else place


def silent(goal: ProofGoal) -> bool:
    """Say whether a keyword says nothing about the values of this case."""
    keyword = goal.keyword
    if keyword.startswith("x-"):
        return keyword not in CONSTRAINING or goal.case.sent.request
    about = _ABOUT.get(keyword, KINDS)
    if keyword == "format":
        if is_annotating(goal.argument):
            return True
        about = _NUMBER if goal.argument in NUMERIC else _TEXT
    return keyword in ANNOTATIONS or keyword in _BESIDE or not goal.case.kinds & about


def is_annotating(name: object) -> bool:
    """Say whether a format only tells readers what a text is about, and no validator asserts it."""
    if not isinstance(name, str):
        return False
    return name == "password" or (
        name not in FORMATS and validator({"format": name}).is_valid(_NO_FORMAT)
    )


def tried(goal: ProofGoal, listed: list[object]) -> bool:
    """Say whether each value of a short list keeps the keyword."""
    if goal.keyword in CONSTRAINING:
        return False
    beside = _CONTEXT.get(goal.keyword, ())
    rule = validator({key: goal.part[key] for key in (goal.keyword, *beside) if key in goal.part})
    return all(rule.is_valid(value) for value in listed)


NUMERIC: Mapping[str, int | None] = {"int32": 31, "int64": 63, "float": None, "double": None}
"""The formats of numbers; the bits of those that are whole."""

_NO_FORMAT = " \x01{"
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
"""Keywords that are read together with another keyword, or not at all."""
_CONTEXT: Mapping[str, tuple[str, ...]] = {
    "type": ("nullable",),
    "enum": ("nullable",),
    "minimum": ("exclusiveMinimum",),
    "maximum": ("exclusiveMaximum",),
    "additionalProperties": ("properties", "patternProperties"),
    "items": ("additionalItems",),
    "additionalItems": ("items",),
}
