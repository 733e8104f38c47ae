"""The envelope around the rows of an answer → the schema of a whole answer.

What the envelope is was learned from the samples (`contract/documents/learned_envelope.py`). The
answer to a failed call has the same envelope, with another business code and without the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contract.derivation.flow import Marks
from contract.derivation.message import Node, came, nodes, whole
from contract.derivation.stated_schema import Schema
from contract.documents import InterfaceDocument
from contract.documents.cells import Kind
from contract.documents.learned_envelope import Envelope, Path, distinct
from contract.documents.row_places import objects
from contract.spec.vocabulary import json_type

_UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_FIXED = re.compile(r"[^\W\d_][^\d_]{0,60}")
"""A text that a server has written once for all: words without a number."""


def answer_schema(document: InterfaceDocument, marks: Marks) -> Schema:
    """Give the schema of an answer that succeeded; its rows may be marked as parts of a flow."""
    shown = [sample.value for sample in document.good if sample.value is not None]
    members = nodes(document.answer, marks)
    is_list = document.whole is not None and document.whole.kind is Kind.ARRAY
    if is_list or (shown and isinstance(shown[0], list)):
        return whole(document.whole, came(members, shown), shown)
    envelope = document.envelope
    root = envelope.root if members else ()
    return _Wrapping(envelope, root, members).level((), shown)


def failure_schema(
    document: InterfaceDocument, success: Mapping[str, object], listed: Sequence[object]
) -> Schema | None:
    """Give the schema of the answer to a failed call; None if nothing shows one.

    Args:
        document: shows failures in samples.
        success: the schema of a success.
        listed: failures that only a table of codes documents.
    """
    if not document.failed and not listed:
        return None
    schema: Schema = {"type": "object", "description": "调用失败"}
    stated: object = success
    for name in document.envelope.code:
        properties = stated.get("properties") if isinstance(stated, Mapping) else None
        stated = properties.get(name) if isinstance(properties, Mapping) else None
    if not document.envelope.code or not isinstance(stated, Mapping):
        return schema
    codes = stated.get("x-business-success")
    code: Schema = {"type": stated["type"]} if "type" in stated else {}
    if codes:
        code["not"] = {"enum": codes}
    holders = [sample.value for sample in (*document.good, *document.failed)] + [*listed]
    for name in reversed(document.envelope.code):
        code = {"required": [name], "properties": {name: code}}
    first = document.envelope.code[0]
    inner = code["properties"]
    names = dict.fromkeys(name for value in holders if isinstance(value, dict) for name in value)
    coded = inner[first] if isinstance(inner, dict) else {}
    properties = {name: coded if name == first else {} for name in (names or (first,))}
    return {**schema, "required": [first], "properties": properties}


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """The envelope, and the rows that stand at its root."""

    envelope: Envelope
    root: Path
    members: Sequence[Node]

    def level(self, path: Path, values: Sequence[object]) -> Schema:
        """Give the schema of the object, or the list of objects, at a path on the way to the rows.

        Args:
            path: leads to it.
            values: what success samples show there.
        """
        holders = [holder for value in values for _, holder in objects(value)]
        schema = self._object(path, holders)
        is_list = bool(values) and all(isinstance(value, list) for value in values)
        return {"type": "array", "items": schema} if is_list else schema

    def _object(self, path: Path, holders: Sequence[Mapping[str, object]]) -> Schema:
        stated: Schema = came(self.members, holders) if path == self.root else {"type": "object"}
        known = stated.get("properties")
        described: dict[str, Schema] = dict(known) if isinstance(known, dict) else {}
        already = stated.get("required")
        required = list(already) if isinstance(already, list) else []
        sampled: list[str] = []
        properties: dict[str, Schema] = {}
        for name in self._names(path, holders):
            inner = (*path, name)
            values = [holder[name] for holder in holders if name in holder]
            everywhere = len(values) == len(holders)
            if inner == self.envelope.code:
                properties[name] = self._code(described.get(name), values)
                required += [name] if everywhere and name not in described else []
            elif name in described and inner == self.envelope.code[: len(inner)]:
                within = self.envelope.code[len(inner) :]
                properties[name] = self._coded(described[name], within, values)
            elif name in described:
                continue
            elif inner == self.root[: len(inner)] or inner == self.envelope.code[: len(inner)]:
                properties[name] = self.level(inner, values)
                required += [name] if everywhere or inner == self.root[: len(inner)] else []
            else:
                properties[name] = _shown(values)
                shows = everywhere and any(value is not None for value in values)
                sampled += [name] if shows else []
        schema: Schema = {"type": "object"}
        if required:
            schema["required"] = required
        if sampled:
            schema["x-sample"] = {"required": sampled}
        return {
            **schema,
            "properties": {**described, **properties} if path == self.root else properties,
        }

    def _names(self, path: Path, holders: Sequence[Mapping[str, object]]) -> Sequence[str]:
        """List the members of the envelope in one object, in the order of the samples."""
        depth = len(path)
        ways = (self.envelope.code, *self.envelope.members, self.root)
        wanted = {way[depth] for way in ways if len(way) > depth and way[:depth] == path}
        shown = [name for holder in holders for name in holder if name in wanted]
        listed = [way[depth] for way in ways if len(way) > depth and way[:depth] == path]
        return tuple(dict.fromkeys((*shown, *listed)))

    def _coded(self, described: Schema, within: Path, shown: Sequence[object]) -> Schema:
        """Give the schema of a described object, with the business code that rows describe in it.

        Args:
            described: what the rows say of the object.
            within: leads from the object to the code.
            shown: what samples show of the object.
        """
        name, *deeper = within
        known = described.get("properties")
        stated = known.get(name) if isinstance(known, dict) else None
        if not isinstance(known, dict) or not isinstance(stated, dict):
            return described
        values = [each[name] for each in shown if isinstance(each, dict) and name in each]
        code = self._coded(stated, tuple(deeper), values) if deeper else self._code(stated, values)
        return {**described, "properties": {**known, name: code}}

    def _code(self, described: Schema | None, shown: Sequence[object]) -> Schema:
        """Give the schema of the business code: its row's, or what the samples show of it."""
        success = list(self.envelope.success)
        if described is not None:
            success = list(distinct([_as(described.get("type"), each) for each in success]))
            return {**described, **({"x-business-success": success} if success else {})}
        types = {json_type(each) for each in (*shown, *success) if each is not None}
        schema: Schema = {"type": types.pop()} if len(types) == 1 else {}
        return {**schema, **({"x-business-success": success} if success else {})}


def _as(kind: object, code: object) -> object:
    """Give a success value in the JSON type that the row of the code states."""
    if kind == "string" and not isinstance(code, str):
        return str(code).lower() if isinstance(code, bool) else str(code)
    if kind == "integer" and isinstance(code, str) and code.isdecimal():
        return int(code)
    return code


def _shown(values: Sequence[object]) -> Schema:
    """Give the schema of a member that only samples show: all of it is `x-sample`."""
    if not values:
        return {}
    kinds = {json_type(value) for value in values}
    if kinds == {"null"}:
        return {"x-sample": {"enum": [None]}}
    if len(kinds) > 1:
        return {}
    kind = kinds.pop()
    if kind == "string" and all(re.fullmatch(_UUID, str(value)) for value in values):
        return {"x-sample": {"type": kind, "pattern": _UUID, "x-unique": True}, "x-mock": "uuid"}
    fixed = kind == "string" and all(_FIXED.fullmatch(str(value)) for value in values)
    if fixed or kind == "boolean":
        return {"x-sample": {"type": kind, "enum": list(distinct(values))}}
    return {"x-sample": {"type": kind}}
