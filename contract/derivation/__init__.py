"""Interface documents → an OpenAPI spec, as plain values in the order they are to be written.

The table decides. What a sample shows becomes `x-sample` or an example; where it contradicts its
table, it is left out. `message.py` makes the schemas of rows, `envelope.py`
puts the answer's envelope around them, and `writing.py` turns the values into YAML.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from contract.derivation.envelope import answer_schema, failure_schema
from contract.derivation.flow import PICTURE, Marks, gives_captcha, known_captchas, marks, place_of
from contract.derivation.flow_words import is_token
from contract.derivation.illustration import illustrated
from contract.derivation.listed_failures import ListedFailure, listed_failures
from contract.derivation.message import Node, came, form, nodes, parameter, sent, whole
from contract.derivation.stated_schema import Schema, described
from contract.documents import InterfaceDocument, Row, Sample
from contract.documents.addresses import ListedEnvironment
from contract.documents.cells import Kind
from contract.documents.request_rows import (
    FORMS,
    JSON,
    authorization,
    location,
    media_type,
    parameter_rows,
    path_names,
    shows_body,
)
from contract.documents.shown_values import example, typed
from contract.documents.status_answers import NO_CONTENT
from contract.findings import Place, Unusable, named
from contract.spec.naming import operation_name
from contract.spec.vocabulary import EXPECTED, TOKEN, environment_of, validator

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_SCHEME = re.compile(r"https?://.+", re.IGNORECASE)


@dataclass(slots=True)
class _Components:
    """What several operations may share, by section and name; equal parts stand once."""

    sections: dict[str, dict[str, Schema]] = field(default_factory=dict)

    def reference(self, section: str, name: str, value: Schema) -> Schema:
        """Give a reference to the component of this value, under this name or a free one."""
        known = self.sections.setdefault(section, {})
        free, count = name, 1
        while known.get(free, value) != value:
            count += 1
            free = f"{name}-{count}"
        known[free] = value
        return {"$ref": f"#/components/{section}/{free}"}


def derive(
    documents: Sequence[InterfaceDocument],
    folder: Path,
    known: Mapping[tuple[str, str], str] | None = None,
    numbers: Collection[str] = (),
) -> Schema:
    """Derive a whole spec; of two documents of one method and path the first counts.

    Args:
        documents: what it is derived from.
        folder: where it is to stand; its links are relative to it.
        known: the operationIds of the spec so far, by method and path.
        numbers: what answers of the spec so far call the numbers of captchas.
    """
    of_captchas = known_captchas(documents, numbers)
    components = _Components()
    known = known or {}
    names = set(known.values())
    servers = _servers(documents[0].environments) if documents else []
    paths: dict[str, dict[str, object]] = {}
    for document in documents:
        methods = paths.setdefault(document.address.text, {})
        method = document.method.text.lower()
        if method not in methods:
            name = known.get((method.upper(), document.address.text))
            name = name or operation_name(method, document.address.text, names)
            names.add(name)
            own = _servers(document.environments)
            marked = marks(document, of_captchas)
            operation = _operation(document, name, folder, components, marked)
            methods[method] = operation if own == servers else {**operation, "servers": own}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": documents[0].title.text if len(documents) == 1 else "接口",
            "version": "1.0.0",
        },
        "servers": servers,
        "security": [],
        "paths": paths,
        "components": dict(components.sections),
    }


def _link(document: Path, folder: Path) -> str:
    """Write the way from the folder of a spec to a document.

    Raises:
        Unusable: on Windows, there is none from one drive to another.
    """
    try:
        return Path(os.path.relpath(document.resolve(), folder.resolve())).as_posix()
    except ValueError:
        place = Place(named(document), 0)
        raise Unusable(place, f"is on another drive than {folder}: copy it there") from None


def _operation(
    document: InterfaceDocument, name: str, folder: Path, components: _Components, marked: Marks
) -> Schema:
    link = _link(document.path, folder)
    return {
        "operationId": name,
        "summary": document.title.text,
        "externalDocs": {"url": quote(link)},
        **_request(document, name, components, marked),
        "responses": {
            document.status: _success(document, name, components, marked),
            **dict(_others(document, name, components)),
        },
    }


def _servers(environments: Sequence[ListedEnvironment]) -> list[Schema]:
    """Give a server for each environment with an address; of two of one name the first.

    One of an unknown name has no `x-environment`: only `--base-url` chooses it.
    """
    servers: dict[object, Schema] = {}
    for environment in environments:
        for server in _server(environment):
            servers.setdefault(server.get("x-environment", server["url"]), server)
    return list(servers.values())


def _server(environment: ListedEnvironment) -> Iterator[Schema]:
    name = environment_of(environment.name, environment.address)
    address = environment.address.rstrip("/")
    if not address:
        return
    has_scheme = _SCHEME.fullmatch(address)
    server: Schema = {
        "url": address if has_scheme else "{scheme}://" + address,
        "description": environment.name or "文档中的接口地址",
        **({"x-environment": name} if name else {}),
    }
    if not has_scheme:
        scheme = {"default": "https", "enum": ["https", "http"]}
        server["variables"] = {"scheme": {**scheme, "description": "The document gives no scheme."}}
    yield server


# What is sent.


def _request(
    document: InterfaceDocument, name: str, components: _Components, marked: Marks
) -> Schema:
    """Give parameters, body and credentials; for a GET, a row is a query parameter."""
    rows: dict[str, list[Row]] = {}
    for row in parameter_rows(document):
        rows.setdefault(location(row, document), []).append(row)
    places = {place: nodes(found, marked) for place, found in rows.items()}
    in_path = {node.name: node for node in places.get("path", ())}
    shown = sent_values(document)
    parameters = [
        _parameter(each, in_path.get(each), "path", shown) for each in path_names(document)
    ]
    for place in ("query", "header", "cookie"):
        parameters += [_parameter(each.name, each, place, shown) for each in places.get(place, ())]
    request: Schema = {"parameters": parameters} if parameters else {}
    is_list = document.body is not None and document.body.kind is Kind.ARRAY
    if "body" in places or is_list or shows_body(document):
        request["requestBody"] = _body(document, name, places.get("body", ()), components)
    key = authorization(document)
    if key is not None:
        scheme = _scheme(key, marked)
        # A login that lists the header of all calls must not be held to what it gives.
        exempt = scheme.get("scheme") != "basic" and is_token(key) and place_of(key) not in marked
        called = "authorization-of-login" if exempt else "authorization"
        reference = components.reference("securitySchemes", called, scheme)
        needed: list[Schema] = [{str(reference["$ref"]).rpartition("/")[2]: []}]
        request["security"] = needed if key.is_required is not False else [*needed, {}]
    return request


def _scheme(row: Row, marked: Marks) -> Schema:
    """Give the security scheme of the header Authorization, as its row describes it."""
    said = f"{row.description} {row.example}".casefold()
    if "basic" in said and "bearer" not in said:
        return {"type": "http", "scheme": "basic", **described(row)}
    held: Schema = {"x-mock-expects": TOKEN} if marked.get(place_of(row)) == TOKEN else {}
    if "bearer" in said:
        return {"type": "http", "scheme": "bearer", **described(row), **held}
    return {"type": "apiKey", "in": "header", "name": row.name, **described(row), **held}


def _body(
    document: InterfaceDocument, name: str, members: Sequence[Node], components: _Components
) -> Schema:
    stated = media_type(document)
    asked = [sample for sample in document.samples if sample.is_request]
    values = [sample.value for sample in asked if sample.value is not None]
    schema = form(members) if stated in FORMS else whole(document.body, sent(members), values)
    content: Schema = {
        "schema": components.reference("schemas", f"{name}-request", schema),
        **_examples(asked, schema, f"{name}-request", "documented", components),
    }
    needed = any(node.is_required for node in members)
    alone = not members and document.body is not None and document.body.is_required is True
    return {"required": needed or alone, "content": {stated: content}}


def _parameter(name: str, node: Node | None, location: str, shown: Mapping[str, object]) -> Schema:
    """Give one parameter; if only the path names it, it may be any string."""
    row = node.row if node else None
    schema: Schema = parameter(node) if node else {"type": "string"}
    said: Schema = {"name": name, "in": location}
    if location == "path" or (node and node.is_required):
        said["required"] = True
    if row:
        said |= described(row)
    if _is_json(schema):
        shown_value = shown.get(name)
        given = shown_value is not None and validator(schema).is_valid(shown_value)
        more: Schema = {"examples": {"documented": {"value": shown_value}}} if given else {}
        return {**said, "content": {JSON: {"schema": schema, **more}}}
    said["schema"] = schema
    stated = example(row) if row else None
    seen = shown.get(name)
    if isinstance(seen, str) and row:
        seen = typed(row.kind, seen)
    elif schema.get("type") == "string" and isinstance(seen, int | float):
        seen = json.dumps(seen)
    judge = validator(schema)
    if stated is not None and judge.is_valid(stated):
        said["example"] = stated
    elif seen is not None and judge.is_valid(seen):
        said["examples"] = {"documented": {"value": seen}}
    return said


def _is_json(schema: Schema) -> bool:
    """Say whether a parameter can only be sent as JSON: it holds objects."""
    items = schema.get("items")
    return any(isinstance(each, dict) and "properties" in each for each in (schema, items))


def sent_values(document: InterfaceDocument) -> dict[str, object]:
    """Give the values of parameters that request samples show; the first one of each counts.

    A sample shows them in a request line, or as the members of JSON.
    """
    address = document.address.text
    names = path_names(document)
    path = ".*" + "([^/]+)".join(map(re.escape, re.split(r"\{[^{}/]+\}", address)))
    shown: dict[str, object] = {}
    for sample in document.samples:
        if sample.is_request and isinstance(sample.value, dict):
            shown = {**sample.value, **shown}
        if sample.request:
            filled = re.fullmatch(path, sample.request.path)
            in_path = dict(zip(names, filled.groups(), strict=True)) if filled else {}
            shown = {**in_path, **dict(sample.request.query), **dict(sample.headers), **shown}
    return shown


# What comes.


def _success(
    document: InterfaceDocument, name: str, components: _Components, marked: Marks
) -> Schema:
    """Give the response that is a success; one with the status 204 has no body."""
    said: Schema = {"description": "应答报文"}
    if document.status == NO_CONTENT:
        return said
    headers = {row.name: _header(row, marked) for row in document.headers if _can_be_sent(row)}
    said |= {"headers": headers} if headers else {}
    if document.picture:
        drawn: Schema = {"x-mock": PICTURE} if gives_captcha(document) else {}
        content: Schema = {"schema": {"type": "string", "format": "binary", **drawn}}
        return {**said, "content": {document.picture: content}}
    return {**said, "content": {JSON: _answer(document, name, components, marked)}}


def _can_be_sent(row: Row) -> bool:
    """Say whether a row of 响应头 is a header of its own; that of the media type is none."""
    return row.name.lower() != "content-type" and _HEADER.fullmatch(row.name) is not None


def _header(row: Row, marked: Marks) -> Schema:
    """Give one header of an answer."""
    mark = marked.get(place_of(row))
    schema: Schema = {"type": "string", **({"x-mock": mark} if mark else {})}
    if row.kind in {Kind.INTEGER, Kind.LONG} and not mark:
        schema = {"type": "integer"}
    value = example(row)
    shown: Schema = {"example": value} if validator(schema).is_valid(value) else {}
    return {**described(row), "schema": schema, **shown}


def _answer(
    document: InterfaceDocument, name: str, components: _Components, marked: Marks
) -> Schema:
    good, failed = document.good, document.failed
    schema = answer_schema(document, marked)
    shown = [sample.value for sample in good if sample.value is not None]
    if shown and not any(map(validator(schema).is_valid, shown)):
        schema = illustrated(schema, shown)
    success = components.reference("schemas", name, schema)
    examples = _examples(good, schema, name, "documented", components)
    asked = {marked.get(place_of(row), "") for row in document.parameters} & {*EXPECTED}
    listed = listed_failures(document, asked)
    failure = failure_schema(document, schema, [each.value for each in listed])
    if failure is None:
        return {"schema": success, **examples}
    other = components.reference("schemas", "failure", failure)
    more = _examples(failed, failure, f"{name}-error", "error", components)
    both = {**_inner(examples), **_inner(more), **_listed(listed, failure, name, components)}
    return {"schema": {"anyOf": [success, other]}, **({"examples": both} if both else {})}


def _others(
    document: InterfaceDocument, name: str, components: _Components
) -> Iterator[tuple[str, Schema]]:
    """Give the answers with another status whose members the document describes."""
    for other in document.others:
        shown = [each for each in document.samples if document.other_of(each) is other]
        values = [each.value for each in shown if each.value is not None]
        schema = whole(other.whole, came(nodes(other.rows), values), values)
        component = f"{name}-{other.status.text}"
        content: Schema = {
            "schema": components.reference("schemas", component, schema),
            **_examples(shown, schema, component, "documented", components),
        }
        said = other.description or f"状态码 {other.status.text}"
        yield other.status.text, {"description": said, "content": {JSON: content}}


def _inner(examples: Schema) -> Mapping[str, object]:
    inner = examples.get("examples", {})
    return inner if isinstance(inner, Mapping) else {}


def _listed(
    failures: Sequence[ListedFailure], schema: Schema, name: str, components: _Components
) -> Schema:
    """Name the failures that only a table of codes documents."""
    judge = validator(schema)
    return {
        each.name: components.reference(
            "examples", f"{name}-{each.name}", {"summary": each.summary, "value": each.value}
        )
        for each in failures
        if judge.is_valid(each.value)
    }


def _examples(
    samples: Sequence[Sample], schema: Schema, component: str, label: str, components: _Components
) -> Schema:
    """Name the samples that keep the schema; the others are findings, not examples."""
    judge = validator(schema)
    kept = [each for each in samples if each.value is not None and judge.is_valid(each.value)]
    found: Schema = {}
    for number, sample in enumerate(kept, start=1):
        suffix = f"-{number}" if number > 1 else ""
        value: Schema = {"summary": sample.title, "value": sample.value}
        found[label + suffix] = components.reference("examples", component + suffix, value)
    return {"examples": found} if found else {}
