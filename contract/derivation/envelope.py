"""The platform's envelope around the rows of an answer → the schema of a whole answer.

A table describes what stands in `data`, or the envelope as well. If no row describes the envelope,
success samples do. The answer to a failed call has the same envelope, with another business code
and without the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from contract.derivation.message import Node, came, nodes
from contract.derivation.stated_schema import Schema
from contract.documents import InterfaceDocument, Sample
from contract.documents.samples import ENVELOPE, objects, rows_root
from contract.spec.vocabulary import json_type

_UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


def answer_schema(document: InterfaceDocument, good: Sequence[Sample]) -> Schema:
    """Give the schema of an answer that succeeded.

    Without a sample, rows that describe no envelope themselves are taken to stand in `data`.
    """
    shown = [sample.value for sample in good if sample.value is not None]
    members = nodes(document.answer)
    names = {node.name for node in members}
    first = shown[0] if shown else None
    if isinstance(first, list):
        return {"type": "array", "items": came(members, shown)}
    if shown and not _is_envelope(first):
        return came(members, shown)
    if members and (rows_root(names, first) if shown else not names & {"code", "data"}):
        return _enveloped({}, {"data": _data(members, shown)}, shown)
    return _enveloped(came(members, shown), {}, shown)


def failure_schema(success: Mapping[str, object], failed: Sequence[Sample]) -> Schema | None:
    """Give the schema of the answer to a failed call; None if no sample shows one."""
    if not failed:
        return None
    properties = success.get("properties")
    stated = properties.get("code") if isinstance(properties, Mapping) else None
    schema: Schema = {"type": "object", "description": "调用失败"}
    if not isinstance(stated, Mapping):
        return schema
    codes = stated.get("x-business-success")
    code: Schema = {"type": stated["type"]} if "type" in stated else {}
    if codes:
        code["not"] = {"enum": codes}
    properties = {"request_id": {}, "code": code, "msg": {}, "data": {}}
    return {**schema, "required": ["code"], "properties": properties}


def _data(members: Sequence[Node], shown: Sequence[object]) -> Schema:
    found = [value["data"] for value in shown if isinstance(value, dict) and "data" in value]
    rows = came(members, [each for value in found for _, each in objects(value)])
    is_list = bool(found) and all(isinstance(value, list) for value in found)
    return {"type": "array", "items": rows} if is_list else rows


def _is_envelope(value: object) -> bool:
    return isinstance(value, dict) and "code" in value and len(ENVELOPE & value.keys()) > 1


def _enveloped(described: Schema, rows: Mapping[str, Schema], shown: Sequence[object]) -> Schema:
    """Put the members of the envelope, as samples show them, around what rows describe."""
    known = described.get("properties")
    stated: dict[str, Schema] = dict(known) if isinstance(known, dict) else {}
    seen = {
        name: [value[name] for value in shown if isinstance(value, dict) and name in value]
        for name in ("request_id", "code", "msg", "data")
    }
    members: dict[str, Schema] = {}
    if seen["request_id"]:
        members["request_id"] = _request_id(seen["request_id"])
    members["code"] = _code(seen["code"])
    if seen["msg"]:
        members["msg"] = {"x-sample": _said(seen["msg"])}
    if seen["data"]:
        members["data"] = {}
    properties = {**members, **rows, **stated}
    if "code" in stated:
        success = {key: _code(seen["code"])[key] for key in ("x-business-success",) if seen["code"]}
        properties["code"] = {**stated["code"], **success}
    already = described.get("required")
    required = list(already) if isinstance(already, list) else []
    required += [name for name in ("code", *rows) if name not in (*required, *stated)]
    sampled = [name for name in ("request_id", "msg") if seen[name] and name not in stated]
    schema: Schema = {"type": "object", "required": required}
    if sampled:
        schema["x-sample"] = {"required": sampled}
    return {**schema, "properties": properties}


def _request_id(shown: Sequence[object]) -> Schema:
    if all(isinstance(value, str) and re.fullmatch(_UUID, value) for value in shown):
        sample = {"type": "string", "pattern": _UUID, "x-unique": True}
        return {"x-sample": sample, "x-mock": "uuid"}
    return {"x-sample": {"type": json_type(shown[0])}}


def _code(shown: Sequence[object]) -> Schema:
    if not shown:
        return {"type": "string"}
    return {"type": json_type(shown[0]), "x-business-success": list(dict.fromkeys(shown))}


def _said(shown: Sequence[object]) -> Schema:
    return {"type": json_type(shown[0]), "enum": list(dict.fromkeys(shown))}
