"""Schema → the plainest value that it allows, where no example shows one.

The plainest value is tried first, as most schemas allow it. Where the whole schema does not, every
part is chosen so that it does: among the parts of `oneOf` and `anyOf`, and among values that are
not forbidden by `not`. A schema that allows no value of an end, such as one that requires itself,
has none. The same schema always gives the same value.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction

from contract.spec.composition import Facts, merged
from contract.spec.deferred import meant
from contract.spec.plain_texts import plain_text
from contract.spec.vocabulary import Meaningless, has_word, validator
from contract.spec.yaml_text import Located

_DEEPEST = 110
"""How many levels a value may have that is made up."""
_MOST = 1000
"""How many items or members are made up for `minItems` and `minProperties`."""
_TRIES = 5
"""How many values are made up for one item that must differ from the others, and how many numbers
are tried.
"""
_BUDGET = 20_000
"""How many values are made up for one schema; optional members beyond are left out."""
_OF_TYPES: Mapping[str, str] = {
    **dict.fromkeys(
        ("properties", "required", "additionalProperties", "minProperties", "maxProperties"),
        "object",
    ),
    **dict.fromkeys(("items", "minItems", "maxItems", "uniqueItems"), "array"),
    **dict.fromkeys(("pattern", "minLength", "maxLength", "format"), "string"),
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), "number"),
}
"""The type that a schema means which states none, by the keywords that it has."""


class NoValue(ValueError):  # noqa: N818 - it names what there is not
    """No value of the schema was found; the message says why."""


def plain_value(
    schema: Mapping[str, object], turn: int = 0, *, without: str = "readOnly"
) -> object:
    """Give a value that the schema allows, the plainest one.

    Args:
        schema: with references followed.
        turn: 0 for the plainest; each further turn gives another one, where there are more.
        without: the members that are left out: `readOnly` ones of a request, `writeOnly` ones of
            an answer.

    Raises:
        NoValue: none was found.
    """
    for careful in (False, True):
        value = _Making(careful=careful, without=without).value(schema, turn, ())
        if _allows(schema, value, without):
            return value
    raise NoValue("no value was found that keeps the schema")


def _allows(schema: Mapping[str, object], value: object, without: str) -> bool:
    try:
        return validator(schema, of_requests=without == "readOnly").is_valid(value)
    except (Meaningless, ValueError):  # what cannot be compiled is not judged by this either
        return True


class _Making:
    """The making of one value; `careful` where every part is proved by its schema."""

    def __init__(self, *, careful: bool, without: str) -> None:
        self.careful = careful
        self.without = without
        self.left = _BUDGET

    def value(self, schema: Mapping[str, object], turn: int, inside: tuple[int, ...]) -> object:
        """Make a value of a schema that stands inside others."""
        self.left -= 1
        schema = meant(schema)
        if id(schema) in inside or len(inside) > _DEEPEST or self.left < 0:
            raise NoValue("it holds itself without an end, or more than can be made up")
        if not self.careful:
            return self._first(schema, turn, (*inside, id(schema)))
        for each in self._several(schema, turn, (*inside, id(schema))):
            if _allows(schema, each, self.without):
                return each
        raise NoValue("no value was found that keeps a part of the schema")

    def _first(self, schema: Mapping[str, object], turn: int, inside: tuple[int, ...]) -> object:
        for each in self._several(schema, turn, inside):
            return each
        raise NoValue("a part of the schema allows nothing")

    def _several(
        self,
        schema: Mapping[str, object],
        turn: int,
        inside: tuple[int, ...],
        *,
        usual: bool = False,
    ) -> Iterator[object]:
        """Give values that a schema may allow, the likeliest first, or only the usual ones."""
        self.left -= 1
        if self.left < 0:
            raise NoValue("it is made of more than can be made up")
        facts = merged(schema)
        yield from _shown(facts, turn)
        parts = facts.get("oneOf") or facts.get("anyOf")
        if isinstance(parts, list) and parts:
            base = {key: each for key, each in facts.items() if key not in {"oneOf", "anyOf"}}
            known = [part for part in parts if isinstance(part, Mapping)]
            for only_usual in (True,) if usual or not self.careful else (True, False):
                for part in known:
                    yield from self._alternative(base, part, turn, inside, usual=only_usual)
        else:
            yield from self._whole(facts, _discriminated(facts, schema), turn, inside)
        if facts.get("nullable") is True:
            yield None
        if self.careful and not usual:
            for further in range(1, _TRIES):
                yield from self._of_type(facts, turn + further, inside)
            yield from ("text", 0, 1, -1, 1.5, True, False, [], {}, "")

    def _whole(
        self, facts: Facts, named: Mapping[str, object], turn: int, inside: tuple[int, ...]
    ) -> Iterator[object]:
        """Give values of a schema without alternatives; one that a discriminator names first."""
        try:
            if named:
                yield from self._of_type(merged({"allOf": [facts, named]}), turn, inside)
            if self.careful or not named:
                yield from self._of_type(facts, turn, inside)
        except NoValue:
            if facts.get("nullable") is not True:
                raise

    def _alternative(
        self,
        base: Facts,
        part: Mapping[str, object],
        turn: int,
        inside: tuple[int, ...],
        *,
        usual: bool,
    ) -> Iterator[object]:
        part = meant(part)
        if id(part) in inside:
            return
        named = _discriminated(base, part)
        for further in ([named], []) if named else ([],):
            both = {"allOf": [base, part, *further]}
            with suppress(NoValue):
                yield from self._several(both, turn, (*inside, id(part)), usual=usual)

    def _of_type(self, facts: Facts, turn: int, inside: tuple[int, ...]) -> Iterator[object]:
        kind = facts.get("type") or next(
            (_OF_TYPES[key] for key in facts if key in _OF_TYPES), None
        )
        if kind == "string":
            yield plain_text(facts, turn)
        elif kind in {"integer", "number"}:
            yield from _numbers(facts, turn, whole=kind == "integer")
        elif kind == "boolean":
            yield turn % 2 == 0
        elif kind == "array":
            yield self._list(facts, turn, inside)
        elif kind == "object":
            whole = self._object(facts, turn, inside)
            yield whole
            needed = facts.get("required") or ()
            if self.careful:  # alternatives may differ in what they forbid
                yield {name: value for name, value in whole.items() if name in needed}
        elif kind is None:
            yield "text" if turn == 0 else turn

    def _list(self, facts: Facts, turn: int, inside: tuple[int, ...]) -> list[object]:
        fewest, most = int(facts.get("minItems", 0)), facts.get("maxItems")
        if fewest > _MOST:
            raise NoValue(f"it asks for {fewest} items")
        items = facts.get("items")
        schema = items if isinstance(items, Mapping) else {}
        wanted = fewest if most == 0 or not items else max(fewest, 1)
        distinct = facts.get("uniqueItems") is True
        made: list[object] = []
        for each in range(wanted * (_TRIES if distinct else 1)):
            if len(made) < wanted:
                try:
                    value = self.value(schema, turn + each, inside)
                except NoValue:
                    if len(made) < fewest:
                        raise
                    break
                if not distinct or value not in made:
                    made.append(value)
        if self.careful and len(made) < fewest:
            self._lengthen(made, fewest, schema, turn, inside)
        return made

    def _lengthen(
        self,
        made: list[object],
        fewest: int,
        schema: Mapping[str, object],
        turn: int,
        inside: tuple[int, ...],
    ) -> None:
        """Add items that differ in something other than the plainest, such as the null of flags."""
        for value in self._several(meant(schema), turn, inside):
            if len(made) < fewest and value not in made and _allows(schema, value, self.without):
                made.append(value)

    def _object(self, facts: Facts, turn: int, inside: tuple[int, ...]) -> dict[str, object]:
        needed = [name for name in facts.get("required") or () if isinstance(name, str)]
        others = facts.get("additionalProperties")
        other = others if isinstance(others, Mapping) else {}
        properties = facts.get("properties") or {}
        made: dict[str, object] = {}
        for name, schema in {**properties, **dict.fromkeys(needed, other), **properties}.items():
            if has_word(schema, self.without):
                continue
            try:
                made[name] = self.value(schema, turn, inside)
            except NoValue:
                if name in needed:
                    raise
        self._enlarge(made, facts, other, turn, inside)
        if isinstance(facts.get("maxProperties"), int):
            optional = [name for name in made if name not in needed]
            for name in optional[::-1][: max(0, len(made) - facts["maxProperties"])]:
                del made[name]
        return made

    def _enlarge(
        self,
        made: dict[str, object],
        facts: Facts,
        other: Mapping[str, object],
        turn: int,
        inside: tuple[int, ...],
    ) -> None:
        """Add members of other names: as many as are asked for, and one to what has no others."""
        fewest = int(facts.get("minProperties", 0))
        if fewest > _MOST:
            raise NoValue(f"it asks for {fewest} members")
        if other and not made:
            fewest = max(fewest, 1)
        for number in range(fewest - len(made)):
            try:
                made[f"key{number + 1}"] = self.value(other, turn + number, inside)
            except NoValue:
                return


def _discriminated(facts: Facts, part: Mapping[str, object]) -> dict[str, object]:
    """Give what a discriminator asks of a value of a part; empty where it asks for nothing.

    The value names the schema (OpenAPI 3.0.3, Discriminator Object).
    """
    discriminator = facts.get("discriminator")
    part = meant(part)
    called = part.called if isinstance(part, Located) else ""
    if not called or not isinstance(discriminator, Mapping):
        return {}
    member = discriminator.get("propertyName")
    mapping = discriminator.get("mapping")
    names = mapping.items() if isinstance(mapping, Mapping) else ()
    name = next((key for key, ref in names if str(ref).rpartition("/")[2] == called), called)
    return {"type": "object", "properties": {member: {"type": "string", "enum": [name]}}}


def _shown(facts: Facts, turn: int) -> Iterator[object]:
    """Give the values that a schema itself shows."""
    if "enum" not in facts or turn == 0:
        yield from (facts[key] for key in ("example", "default") if key in facts and turn == 0)
    choices = facts.get("enum", facts.get("x-business-success"))
    if isinstance(choices, list) and choices:
        yield choices[turn % len(choices)]
        yield from choices


def _numbers(facts: Facts, turn: int, *, whole: bool) -> Iterator[float]:
    """Give numbers within the bounds, at the steps of `multipleOf`."""
    least, most = _bounds(facts, whole=whole)
    step = facts.get("multipleOf")
    grid = Fraction(str(step)) if isinstance(step, int | float) and step else Fraction(int(whole))
    usual = Fraction(1 + turn)  # also where a fraction may stand: it may be a code, or a count
    number = usual if least is None else max(usual, least + (grid or 1) * turn)
    if most is not None and number > most:
        number = most - (grid or 1) * turn if least is None else _within(least, most, grid, turn)
    lifted = grid * math.ceil(number / grid) if grid else number
    lowered = grid * math.floor(number / grid) if grid else number
    further = (lifted + (grid or 1) * each for each in range(1, _TRIES))
    for each in (lifted, lowered, *further):
        yield int(each) if each.denominator == 1 else float(each)


def _within(least: Fraction, most: Fraction, grid: Fraction, turn: int) -> Fraction:
    """Give another number between two bounds each turn, as long as there are others."""
    if not grid or most < least:
        return most - (most - least) * Fraction(turn, turn + 1)
    first = grid * math.ceil(least / grid)
    return most if turn == 0 else first + grid * (turn % (math.floor((most - first) / grid) + 1))


def _bounds(facts: Facts, *, whole: bool) -> tuple[Fraction | None, Fraction | None]:
    """Give the outermost numbers that the bounds allow; an exclusive one allows only others."""
    least, most = _stated(facts, "minimum"), _stated(facts, "maximum")
    narrow = least is not None and most is not None and most - least < 1
    aside = (
        (most - least) / 2 if narrow and least is not None and most is not None else Fraction(1, 2)
    )
    inwards = Fraction(1) if whole else aside
    if least is not None and facts.get("exclusiveMinimum") is True:
        least += inwards
    if most is not None and facts.get("exclusiveMaximum") is True:
        most -= inwards
    return least, most


def _stated(facts: Facts, keyword: str) -> Fraction | None:
    bound = facts.get(keyword)
    if isinstance(bound, bool) or not isinstance(bound, int | float):
        return None
    return Fraction(str(bound))
