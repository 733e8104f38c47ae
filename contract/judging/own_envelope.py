"""The envelope that the operation's answers come in, as the spec shows it, and what it tells.

It is learned from the spec: the member with `x-business-success` carries the business code, and the
rows stand where the spec has them. No name of a member is known here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from contract.instances import MISSING, instances, present
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.vocabulary import IMAGE, meaning, shown

_SCALARS = frozenset({"string", "integer", "number", "boolean"})
_LONG = 200
"""How many characters no message has."""
_CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEnvelope:
    """What an operation's own answers have, whether they succeed or fail.

    Attributes:
        code: the member that carries the business code; None where the spec names none.
        success: the values of the code that mean success.
        rows: the documented rows that carry the payload, without those of the envelope.
        names: the documented names at the top of an answer.
        root: the documented JSON type of the whole answer, where one is documented.
        beside: the documented names beside the code.
        silent: those of them that hold no text for people: unique numbers, and pictures.
        failed: the names beside the code that hold a value in an example of a failure.
    """

    code: Member | None
    success: tuple[object, ...]
    rows: tuple[Member, ...]
    names: frozenset[str]
    root: str
    beside: frozenset[str]
    silent: frozenset[str]
    failed: frozenset[str]

    def is_own(self, value: object) -> bool:
        """Say whether an object is the service's own: it has the business code, among its names.

        Other systems have a member of that name too. So most names must be documented ones, and a
        business code that has strangers beside it needs another documented name.
        """
        if not isinstance(value, dict) or not is_code(self._code_at(value)):
            return False
        known = len(self.names & value.keys())
        strange = len(value) - known
        return known > strange and (known > 1 or not strange)

    def is_whole(self, value: object) -> bool:
        """Say whether an object is the service's own, and has one of the rows."""
        there = (found for row in self.rows for found in present(value, row.path))
        return self.is_own(value) and any(True for _ in there)

    def is_in(self, value: object) -> bool:
        """Say whether a value has anything of the operation's answer: its code or rows, anywhere.

        Without a business code any documented name at its top counts. Where the spec names nothing,
        nothing tells the operation from others, so anything has.
        """
        if self.code is None and not self.rows:
            return True
        if isinstance(value, str):
            return self._is_in_text(value)
        if isinstance(value, dict) and self.root in _SCALARS:
            return False
        if self._code_at(value) is not MISSING or self._has_rows(value):
            return True
        if any(is_code(self._code_at(each)) for each in objects(value)):
            return True
        return self._is_bare(value)

    def business_error(self, value: object) -> str | None:
        """Say which business error came, if the code is none of success and no row has a value."""
        if isinstance(value, str) and self.root != "string":
            value = _unquoted(value)
        holder, code = self._coded(value)
        if not is_code(code) or any(_same(code, each) for each in self.success):
            return None
        message = self._message(holder, code)
        if self._holds_values(value, holder, message):
            return None
        said = f" {shown(message[1])}" if message else ""
        return f"business error {shown(code)}{said}"

    def _code_at(self, value: object) -> object:
        """Give the business code at its documented place."""
        if self.code is None:
            return MISSING
        return next((each.value for each in instances(value, self.code.path)), MISSING)

    def _coded(self, value: object) -> tuple[object, object]:
        """Give the business code and what it stands in: at its place, else anywhere."""
        if self.code is None:
            return value, MISSING
        for whole in (value, *objects(value)):
            for each in present(whole, self.code.path):
                if whole is value or is_code(each.value):
                    return each.holder, each.value
        return value, MISSING

    def _has_rows(self, value: object) -> bool:
        return any(True for row in self.rows for _ in present(value, row.path)) or any(
            self._is_stray(each, filled=False) for each in objects(value)
        )

    def _holds_values(self, value: object, holder: object, message: tuple[str, str] | None) -> bool:
        """Say whether the rows came with values; 0 and false are none beside empty rows."""
        said = self.failed | ({message[0]} if message else set())
        beside = [row for row in self.rows if self.code and row.path[:-1] == self.code.path[:-1]]
        kinds = set[str]()
        for row in self.rows:
            if row not in beside or row.name not in said:
                found = {_weight(each.value) for each in present(value, row.path)}
                kinds |= found or {"empty"}
        if "value" in kinds or kinds == {"zero"}:
            return True
        others = (each for each in objects(value) if not (beside and each is holder))
        return any(self._is_stray(each, filled=True) for each in others)

    def _is_stray(self, value: Mapping[str, object], *, filled: bool) -> bool:
        """Say whether an object in another place is one of rows, and not of another system.

        Names are common. So half of the rows must be there with values that keep the spec, or the
        rows must outnumber the strangers. Beside a business code the envelope's own names are no
        rows.
        """
        taken = self.beside if self.code is not None and self.code.name in value else frozenset()
        there = [
            row
            for row in self.rows
            if row.name in value.keys() - taken
            and (not filled or _weight(value[row.name]) == "value")
        ]
        names = {row.name for row in there}
        fitting = sum(_fits(row, value[row.name]) for row in there)
        strange = len(value.keys() - self.names) - len(names - self.names)
        many = fitting and fitting >= ceil(len({row.name for row in self.rows}) / 2)
        return bool(names) and (bool(many) or len(names) > strange)

    def _is_bare(self, value: object) -> bool:
        """Say whether an answer without rows is one: an empty list, or one without a code."""
        if value == []:
            return self.root == "array"
        needed = any(row.required is not None for row in self.rows)
        if self.code is not None or not isinstance(value, dict):
            return False
        return bool(self.names & value.keys()) or not (value or needed)

    def _is_in_text(self, text: str) -> bool:
        if self.root == "string":
            return True
        inner = _unquoted(text)
        return not isinstance(inner, str) and inner is not None and self.is_in(inner)

    def _message(self, holder: object, code: object) -> tuple[str, str] | None:
        """Find the text for people beside the code: the one that reads most like a sentence."""
        if not isinstance(holder, dict):
            return None
        texts = [
            (name, value)
            for name, value in holder.items()
            if isinstance(value, str) and value and value != code and name not in self.silent
        ]
        return max(
            texts,
            key=lambda each: (
                len(each[1]) < _LONG,
                _CJK.search(each[1]) is not None,
                each[0] in self.beside,
                " " in each[1],
            ),
            default=None,
        )


def own_envelope(operation: Operation, rows: Sequence[Member]) -> OwnEnvelope:
    """Learn the envelope of an operation from its spec; `rows` are the documented rows."""
    code = operation.business_code
    success = code.schema["x-business-success"] if code else []
    beside = [each for each in operation.members if code and each.path[:-1] == code.path[:-1]]
    return OwnEnvelope(
        code=code,
        success=tuple(success) if isinstance(success, list) else (success,),
        rows=_payload(rows, code),
        names=frozenset(member.path[0] for member in operation.members if member.path)
        | {name for schema in operation.failures for name in _properties(schema)}
        | {name for each in operation.examples.values() if code is None for name in _names(each)},
        root=str(operation.schema.get("type", "")),
        beside=frozenset(each.name for each in beside),
        silent=frozenset(each.name for each in beside if _is_silent(each)),
        failed=frozenset(_said_in_failures(operation, code)),
    )


def is_code(value: object) -> bool:
    """Say whether a value may be a business code: a text, a flag or a whole number."""
    return isinstance(value, str | int) or (isinstance(value, float) and value.is_integer())


def objects(value: object) -> Iterator[dict[str, object]]:
    """Give every object of a JSON value, the outer ones first."""
    level = [value]
    while level:
        inner: list[object] = []
        for each in level:
            if isinstance(each, dict):
                yield each
                inner += each.values()
            elif isinstance(each, list):
                inner += each
        level = inner


def _payload(rows: Sequence[Member], code: Member | None) -> tuple[Member, ...]:
    """Leave the envelope's own rows out: the code, and what stands beside it if others do not."""
    if code is None:
        return tuple(rows)
    holder = code.path[:-1]
    others = [row for row in rows if row.path != code.path[: len(row.path)]]
    inner = [row for row in others if row.path[:-1] != holder]
    return tuple(inner or others)


def _is_silent(member: Member) -> bool:
    """Say whether a member holds no text for people: a unique value, or a picture."""
    unique = any(each.keyword == "x-unique" for each in member.promises)
    return unique or member.schema.get("format") == IMAGE


def _properties(schema: Mapping[str, object]) -> Iterable[str]:
    properties = schema.get("properties")
    return properties.keys() if isinstance(properties, Mapping) else ()


def _names(example: object) -> Iterable[str]:
    return example.keys() if isinstance(example, Mapping) else ()


def _said_in_failures(operation: Operation, code: Member | None) -> Iterator[str]:
    """Give the names beside the code that hold a value in an example of a failure."""
    success = code.schema["x-business-success"] if code else []
    good = success if isinstance(success, list) else [success]
    for example in operation.examples.values():
        for found in present(example, code.path) if code else ():
            if not any(_same(found.value, each) for each in good):
                yield from (
                    name for name, each in (found.holder or {}).items() if _weight(each) != "empty"
                )


def _same(came: object, documented: object) -> bool:
    """Say whether two spellings are of one code: "200" and 200.0, 0 and "000", true and "true"."""
    if _spelling(came) == _spelling(documented):
        return True
    if isinstance(came, str) or not isinstance(documented, str) or isinstance(came, bool):
        return False
    return documented.isdecimal() and is_code(came) and came == int(documented)


def _spelling(code: object) -> str:
    if isinstance(code, float) and code.is_integer():
        code = int(code)
    return str(code).strip().casefold()


def _weight(value: object) -> str:
    """Weigh a value: `value`, `zero` for 0 and false, which may be a default, or `empty`."""
    found = {"empty"}
    level = [value]
    while level:
        inner: list[object] = []
        for each in level:
            if isinstance(each, dict):
                inner += each.values()
            elif isinstance(each, list):
                inner += each
            elif isinstance(each, str):
                found.add("value" if each.strip() else "empty")
            elif each is not None:
                found.add("value" if each else "zero")
        level = inner
    return next(each for each in ("value", "zero", "empty") if each in found)


def _fits(row: Member, value: object) -> bool:
    """Say whether a value keeps what the spec says of its type and length."""
    return _weight(value) != "empty" and all(
        meaning(each.keyword, each.argument)(value) is None
        for each in row.promises
        if each.keyword in {"type", "maxLength"}
    )


def _unquoted(text: str) -> object:
    """Give the JSON that a text holds, such as an answer that was encoded twice; else the text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
