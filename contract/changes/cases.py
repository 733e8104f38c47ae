"""A schema → the cases that it allows: a choice among its alternatives, with all that holds always.

`inclusion.py` proves each case by itself. A case may be larger than what the schema allows,
never smaller, so whatever is proved of every case holds for every value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from contract.spec.deferred import meant
from contract.spec.vocabulary import json_schema, json_type, validator
from contract.spec.yaml_text import Located

KINDS = frozenset({"null", "boolean", "integer", "fraction", "string", "array", "object"})
"""The types of values; `fraction` is a number with a decimal point."""

_NUMBERS = frozenset({"integer", "fraction"})
_ALTERNATIVES = ("anyOf", "oneOf")
_MANY = 16
_DEEP = 4
_EXACT = 1 << 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Who sends a value, and how it is written.

    Attributes:
        request: whether a client sends it. Clients send no member that the schema neither
            describes nor allows explicitly, and none that is `readOnly`; servers none that is
            `writeOnly`.
        texts: how many levels of it are sent as plain texts, where 5 and "5" are the same.
        exact: whether schemas are read as a validator reads them: members may come that nobody
            would send, and a value may keep only one of oneOf.
    """

    request: bool
    texts: int = 0
    exact: bool = False

    @property
    def unsent(self) -> str:
        """The keyword of members that are never sent this way."""
        return "readOnly" if self.request else "writeOnly"

    def within(self) -> Sending:
        """Give how the values within it are sent."""
        return replace(self, texts=self.texts - 1) if self.texts else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A combination of schemas that hold at once.

    Attributes:
        parts: the schemas, those of allOf among them.
        kinds: the types that a value can have; `fraction` is a number with a decimal point.
        names: the members that any alternative describes.
        sent: who sends it.
    """

    parts: tuple[Located, ...]
    kinds: frozenset[str]
    names: frozenset[str]
    sent: Sending

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
        named = frozenset(name for part in self.parts for name in texts(part, "required"))
        return frozenset(name for name in named if not self._unsent(name))

    def member(self, name: str | None) -> tuple[Located, ...] | None:
        """Give the schemas that a member must keep, or None if the member is ruled out.

        Without a name, give those of a member that nothing describes.
        """
        if name is not None and not self.sent.exact and self._unsent(name):
            return None
        found: list[Located] = []
        for part in self.parts:
            others = held(part, "additionalProperties")
            own = described(part, name) if name is not None else None
            if own is not None:
                found.append(own)
            elif "patternProperties" not in part:
                if part.get("additionalProperties") is False:
                    return None
                if others is not None:
                    found.append(others)
        return None if name not in self.names and not self._open() else tuple(found)

    def _unsent(self, name: str) -> bool:
        schemas = [described(part, name) for part in self.parts]
        return any(is_marked(schema, self.sent.unsent) for schema in schemas if schema is not None)

    def _open(self) -> bool:
        """Say whether members that nothing describes are allowed."""
        stated = any(value is not False for value in self.each("additionalProperties"))
        closed = self.sent.request and not self.sent.exact and bool(self.names)
        return not closed or stated or bool(self.each("patternProperties"))


def cases(schemas: Iterable[Located], sent: Sending) -> list[Case]:
    """List the cases of schemas that hold at once; a case that allows no value is left out."""
    parts = tuple(flat(map(meant, schemas)))
    names = frozenset(_names(parts))
    found = []
    for chosen in _choices(parts):
        kinds = KINDS.intersection(*(kinds_of(part) for part in chosen))
        case = Case(parts=chosen, kinds=kinds, names=names, sent=sent)
        listed = case.values() if any("enum" in part for part in chosen) else None
        if kinds and listed != []:
            found.append(case)
    return found


def flat(schemas: Iterable[Located]) -> list[Located]:
    """Give schemas, each followed by the schemas of its allOf, and none of them twice."""
    found: dict[int, Located] = {}
    waiting = list(schemas)[::-1]
    while waiting:
        schema = waiting.pop()
        if id(schema) not in found:
            found[id(schema)] = schema
            waiting += branches(schema, "allOf")[::-1]
    return list(found.values())


def branches(schema: Located, keyword: str) -> list[Located]:
    """Give the schemas of allOf, anyOf or oneOf."""
    listed = schema.get(keyword)
    parts = listed if isinstance(listed, list) else []
    return [meant(one) for one in parts if isinstance(one, Located)]


def held(schema: Located, keyword: str) -> Located | None:
    """Give the one schema that a keyword holds, such as `items`; None where it holds none."""
    inner = schema.get(keyword)
    return meant(inner) if isinstance(inner, Located) else None


def described(schema: Located, name: str) -> Located | None:
    """Give the schema of a member, where a schema's own `properties` describe it."""
    properties = schema.get("properties")
    own = properties.get(name) if isinstance(properties, Mapping) else None
    return meant(own) if isinstance(own, Located) else None


def is_marked(schema: Located, word: str) -> bool:
    """Say whether a schema, or a part of its allOf, is `readOnly` or `writeOnly`."""
    return any(part.get(word) is True for part in flat((schema,)))


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


def apart(
    one: Iterable[Located], other: Iterable[Located], sent: Sending, depth: int = _DEEP
) -> bool:
    """Say whether it is certain that no value keeps both; False may also mean “unknown”.

    The first schemas are of a value that is sent; the others are those of whoever receives it.
    """
    others = cases(other, replace(sent, exact=True))
    return all(apart_from(case, against, depth) for case in cases(one, sent) for against in others)


def apart_from(one: Case, other: Case, depth: int = _DEEP) -> bool:
    """Say the same of two cases."""
    if not one.kinds & other.kinds:
        return True
    for each, against in ((one, other), (other, one)):
        listed = each.values()
        rules = [validator(part) for part in against.parts]
        if listed is not None and not any(
            all(rule.is_valid(value) for rule in rules) for value in listed
        ):
            return True
    if one.kinds & other.kinds != {"object"} or not depth:
        return False
    for each, against in ((one, other), (other, one)):
        for name in each.required():
            mine, theirs = each.member(name), against.member(name)
            if mine is None or theirs is None:
                return True
            if name in against.required() and apart(mine, theirs, one.sent, depth - 1):
                return True
    return False


def _choices(parts: tuple[Located, ...], depth: int = _DEEP) -> list[tuple[Located, ...]]:
    found = [parts]
    for part in parts if depth else ():
        for keyword in _ALTERNATIVES:
            if keyword in part:
                added = [
                    choice
                    for branch in branches(part, keyword)
                    for choice in _choices(tuple(flat((branch,))), depth - 1)
                ]
                if len(added) * len(found) <= _MANY:
                    found = [(*case, *choice) for case in found for choice in added]
    return found


def _names(parts: Iterable[Located]) -> Iterator[str]:
    """Name the members that some schemas, or their alternatives, describe."""
    seen: dict[int, Located] = {}
    waiting = list(parts)
    while waiting:
        schema = waiting.pop()
        if id(schema) in seen:
            continue
        seen[id(schema)] = schema
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            yield from properties
        for keyword in ("allOf", *_ALTERNATIVES):
            waiting += branches(schema, keyword)


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
