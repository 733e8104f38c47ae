"""A schema → the cases that it allows: a choice among its alternatives, with all that holds always.

`inclusion.py` proves each case by itself. A case may be larger than what the schema allows,
never smaller, so whatever is proved of every case holds for every value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from contract.spec.vocabulary import ANNOTATIONS, json_schema, json_type, validator
from contract.spec.yaml_text import Located

KINDS = frozenset({"null", "boolean", "integer", "fraction", "string", "array", "object"})
"""The types of values; `fraction` is a number with a decimal point."""
CONSTRAINING = frozenset({"x-unique", "x-image", "x-business-success"})
"""The x- keys that promise something about answers; they mean nothing in a request."""

_NUMBERS = frozenset({"integer", "fraction"})
_ALTERNATIVES = ("anyOf", "oneOf")
_MANY = 16
_EXACT = 1 << 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A combination of schemas that hold at once.

    Attributes:
        parts: the schemas, those of allOf among them.
        kinds: the types that a value can have; `fraction` is a number with a decimal point.
        names: the members that any alternative describes.
        closed: whether members that nothing describes are never sent.
    """

    parts: tuple[Located, ...]
    kinds: frozenset[str]
    names: frozenset[str]
    closed: bool

    def each(self, keyword: str) -> list[object]:
        """Give the values that the parts have for one keyword."""
        return [part[keyword] for part in self.parts if keyword in part]

    def split(self) -> Iterator[Case]:
        """Give a case for each type."""
        for kind in sorted(self.kinds):
            yield replace(self, kinds=frozenset({kind}))

    def values(self) -> list[object] | None:
        """List every value; None unless they are few and known."""
        listed = [choices(part) for part in self.parts if "enum" in part]
        if not listed and not self.kinds <= {"null", "boolean"}:
            return None
        found = min(listed, key=len) if listed else [None, True, False]
        rules = [validator(part) for part in self.parts]
        variants = [variant for value in found for variant in _variants(value)]
        return [
            value
            for value in variants
            if kind(value) in self.kinds and all(rule.is_valid(value) for rule in rules)
        ]

    def required(self) -> frozenset[str]:
        """Name the members that an object must have."""
        return frozenset(name for part in self.parts for name in texts(part, "required"))

    def member(self, name: str | None) -> tuple[Located, ...] | None:
        """Give the schemas that a member must keep, or None if the member is ruled out.

        Without a name, give those of a member that nothing describes.
        """
        found: list[Located] = []
        for part in self.parts:
            described, others = part.get("properties"), part.get("additionalProperties")
            own = described.get(name) if name and isinstance(described, Mapping) else None
            if isinstance(own, Located):
                found.append(own)
            elif "patternProperties" not in part:
                if others is False:
                    return None
                if isinstance(others, Located):
                    found.append(others)
        return None if name not in self.names and not self._open() else tuple(found)

    def _open(self) -> bool:
        """Say whether members that nothing describes are allowed."""
        stated = any(value is not False for value in self.each("additionalProperties"))
        return not self.closed or not self.names or stated or bool(self.each("patternProperties"))


def cases(schemas: Iterable[Located], *, closed: bool = False) -> list[Case]:
    """List the cases of schemas that hold at once; a case that allows no value is left out."""
    parts = tuple(flat(schemas))
    names = frozenset(name for part in parts for name in _names(part))
    found = []
    for chosen in _choices(parts):
        kinds = KINDS.intersection(*(kinds_of(part) for part in chosen))
        case = Case(parts=chosen, kinds=kinds, names=names, closed=closed)
        listed = case.values() if any("enum" in part for part in chosen) else None
        if kinds and listed != []:
            found.append(case)
    return found


def flat(schemas: Iterable[Located]) -> Iterator[Located]:
    """Give schemas, each followed by the schemas of its allOf."""
    for schema in schemas:
        yield schema
        yield from flat(branches(schema, "allOf"))


def branches(schema: Located, keyword: str) -> list[Located]:
    """Give the schemas of allOf, anyOf or oneOf."""
    listed = schema.get(keyword)
    return [one for one in listed if isinstance(one, Located)] if isinstance(listed, list) else []


def texts(schema: Located, keyword: str) -> list[str]:
    """Give the strings of the list that a keyword holds."""
    listed = schema.get(keyword)
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def choices(schema: Located) -> list[object]:
    """Give the values of an enum, as the validator reads them."""
    relevant = {key: schema[key] for key in ("enum", "nullable") if key in schema}
    listed = json_schema(relevant)["enum"]
    return listed if isinstance(listed, list) else [listed]


def kinds_of(schema: Located) -> frozenset[str]:
    """Give the types of a schema's own `type`, `nullable` and `enum`."""
    kinds = KINDS
    if "type" in schema:
        stated = schema["type"]
        names = stated if isinstance(stated, list) else [stated]
        kinds = frozenset(
            each for name in names for each in (_NUMBERS if name == "number" else {str(name)})
        ) | ({"null"} if schema.get("nullable") is True else frozenset())
    if "enum" in schema:
        came = (kind(variant) for value in choices(schema) for variant in _variants(value))
        kinds = kinds.intersection(came)
    return kinds


def kind(value: object) -> str:
    """Name the type of a value, as a case does."""
    name = json_type(value)
    return "fraction" if name == "number" else name


def apart(one: Iterable[Located], other: Iterable[Located]) -> bool:
    """Say whether it is certain that no value keeps both; False may also mean “unknown”."""
    others = cases(other)
    return all(_apart(case, against) for case in cases(one) for against in others)


def canonical(node: object) -> str:
    """Write a schema in one form, so that most schemas of equal meaning become equal texts."""
    return json.dumps(_meaning(node), sort_keys=True, default=repr)


def _apart(one: Case, other: Case) -> bool:
    if not one.kinds & other.kinds:
        return True
    for each, against in ((one, other), (other, one)):
        listed = each.values()
        rules = [validator(part) for part in against.parts]
        if listed is not None and not any(
            all(rule.is_valid(value) for rule in rules) for value in listed
        ):
            return True
    if one.kinds & other.kinds != {"object"}:
        return False
    for name in one.required() & other.required():
        mine, theirs = one.member(name), other.member(name)
        if mine is None or theirs is None or apart(mine, theirs):
            return True
    return False


def _choices(parts: tuple[Located, ...]) -> list[tuple[Located, ...]]:
    found = [parts]
    for part in parts:
        for keyword in _ALTERNATIVES:
            if keyword in part:
                added = [
                    choice
                    for branch in branches(part, keyword)
                    for choice in _choices(tuple(flat((branch,))))
                ]
                if len(added) * len(found) <= _MANY:
                    found = [(*case, *choice) for case in found for choice in added]
    return found


def _names(schema: Located) -> Iterator[str]:
    described = schema.get("properties")
    if isinstance(described, Mapping):
        yield from described
    for keyword in ("allOf", *_ALTERNATIVES):
        for branch in branches(schema, keyword):
            yield from _names(branch)


def _variants(value: object) -> list[object]:
    """Give the ways to send a value: 1 and 1.0 are equal in an enum, but differ in type."""
    whole, pointed = _numbered(value, point=False), _numbered(value, point=True)
    return [value] if json.dumps(whole) == json.dumps(pointed) else [value, whole, pointed]


def _numbered(value: object, *, point: bool) -> object:
    if isinstance(value, list):
        return [_numbered(item, point=point) for item in value]
    if isinstance(value, Mapping):
        return {name: _numbered(item, point=point) for name, item in value.items()}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if point:
        return float(value) if abs(value) < _EXACT else value
    return int(value) if isinstance(value, int) or value.is_integer() else value


def _meaning(node: object) -> object:
    if isinstance(node, list):
        return [_meaning(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    found: dict[str, object] = {}
    for key, value in node.items():
        if key == "properties" and isinstance(value, Mapping):
            found[key] = {name: _meaning(member) for name, member in value.items()}
        elif key == "enum":
            found[key] = value
        elif key in CONSTRAINING or not (key in ANNOTATIONS or key.startswith("x-")):
            found[key] = _meaning(value)
    return found
