"""Interface documents → an OpenAPI spec, as plain values in the order they are to be written.

The table decides. What a sample shows becomes `x-sample` or an example; where it contradicts its
table, it is left out. `message.py` makes the schemas of rows, `envelope.py`
puts the answer's envelope around them, and `writing.py` turns the values into YAML.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from contract.derivation.envelope import answer_schema, failure_schema
from contract.derivation.message import Node, form, nodes, parameter, sent
from contract.derivation.stated_schema import Schema, described
from contract.documents import InterfaceDocument, Sample
from contract.documents.addresses import ListedEnvironment
from contract.documents.shown_values import example, typed
from contract.findings import Place, Unusable, named
from contract.spec.vocabulary import ENVIRONMENTS, validator

JSON = "application/json"
"""The media type of answers, and of bodies that are not forms."""
FORM = "application/x-www-form-urlencoded"
"""The media type of bodies that are forms."""

_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
_IN_PATH = re.compile(r"\{([^{}/]+)\}")
_WORD = re.compile(r"[A-Za-z0-9]+")
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
) -> Schema:
    """Derive a whole spec; of two documents of one method and path the first counts.

    Args:
        documents: what it is derived from.
        folder: where it is to stand; its links are relative to it.
        known: the operationIds of the spec so far, by method and path.
    """
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
            name = name or _operation_id(document, names)
            names.add(name)
            own = _servers(document.environments)
            operation = _operation(document, name, folder, components)
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


def _operation_id(document: InterfaceDocument, taken: set[str]) -> str:
    """Name an operation by the end of its path, with as many segments as make the name unique."""
    steps = [step for step in document.address.text.split("/") if not _IN_PATH.fullmatch(step)]
    words = [_camel(_WORD.findall(step)) for step in steps if _WORD.search(step)] or ["root"]
    ends = [words[-count:] for count in range(1, len(words) + 1)]
    candidates = [_camel(end) for end in ends]
    candidates += [_camel([document.method.text.lower(), *end]) for end in ends]
    candidates += [f"{candidates[-1]}{number}" for number in range(2, len(taken) + 3)]
    return next(name for name in candidates if name not in taken)


def _camel(words: Sequence[str]) -> str:
    return words[0] + "".join(word[0].upper() + word[1:] for word in words[1:])


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
    document: InterfaceDocument, name: str, folder: Path, components: _Components
) -> Schema:
    link = _link(document.path, folder)
    return {
        "operationId": name,
        "summary": document.title.text,
        "externalDocs": {"url": quote(link)},
        **_request(document, name, components),
        "responses": {
            "200": {
                "description": "应答报文",
                "content": {JSON: _answer(document, name, components)},
            },
        },
    }


def _servers(environments: Sequence[ListedEnvironment]) -> list[Schema]:
    """Give a server for each environment with an address; of two of one name the first."""
    servers: dict[object, Schema] = {}
    for environment in environments:
        for server in _server(environment):
            servers.setdefault(server["x-environment"], server)
    return list(servers.values())


def _server(environment: ListedEnvironment) -> Iterator[Schema]:
    name = next((name for name, words in ENVIRONMENTS.items() if environment.name in words), None)
    address = environment.address.rstrip("/")
    if name is None or not address:
        return
    has_scheme = _SCHEME.fullmatch(address)
    server: Schema = {
        "url": address if has_scheme else "{scheme}://" + address,
        "description": environment.name,
        "x-environment": name,
    }
    if not has_scheme:
        scheme = {"default": "https", "enum": ["https", "http"]}
        server["variables"] = {"scheme": {**scheme, "description": "The document gives no scheme."}}
    yield server


# What is sent.


def _request(document: InterfaceDocument, name: str, components: _Components) -> Schema:
    """Give parameters and body; for a GET, every row is a query parameter."""
    in_path = _IN_PATH.findall(document.address.text)
    members = {node.name: node for node in nodes(document.parameters)}
    others = [node for node in members.values() if node.name not in in_path]
    shown = _shown(document.samples, document.address.text)
    parameters = [_parameter(name, members.get(name), "path", shown) for name in in_path]
    if document.method.text in _WITHOUT_BODY:
        parameters += [_parameter(node.name, node, "query", shown) for node in others]
        others = []
    request: Schema = {"parameters": parameters} if parameters else {}
    if others:
        request["requestBody"] = _body(document, name, others, components)
    return request


def _body(
    document: InterfaceDocument, name: str, members: Sequence[Node], components: _Components
) -> Schema:
    is_form = any(FORM in remark.text.lower() for remark in document.remarks)
    schema = form(members) if is_form else sent(members)
    asked = [sample for sample in document.samples if sample.is_request]
    content: Schema = {
        "schema": components.reference("schemas", f"{name}-request", schema),
        **_examples(asked, schema, f"{name}-request", "documented", components),
    }
    return {
        "required": any(node.is_required for node in members),
        "content": {FORM if is_form else JSON: content},
    }


def _parameter(name: str, node: Node | None, location: str, shown: Mapping[str, object]) -> Schema:
    """Give one parameter; if only the path names it, it may be any string."""
    row = node.row if node else None
    schema = parameter(node) if node else {"type": "string"}
    said: Schema = {"name": name, "in": location}
    if location == "path" or (node and node.is_required):
        said["required"] = True
    if row:
        said |= described(row)
    said["schema"] = schema
    stated = example(row) if row else None
    seen = shown.get(name)
    if isinstance(seen, str) and row:
        seen = typed(row.kind, seen)
    judge = validator(schema)
    if stated is not None and judge.is_valid(stated):
        said["example"] = stated
    elif seen is not None and judge.is_valid(seen):
        said["examples"] = {"documented": {"value": seen}}
    return said


def _shown(samples: Sequence[Sample], address: str) -> dict[str, object]:
    """Give the values of parameters that request samples show; the first one of each counts."""
    names = _IN_PATH.findall(address)
    path = ".*" + "([^/]+)".join(map(re.escape, re.split(r"\{[^{}/]+\}", address)))
    shown: dict[str, object] = {}
    for sample in samples:
        if sample.request:
            filled = re.fullmatch(path, sample.request.path)
            in_path = dict(zip(names, filled.groups(), strict=True)) if filled else {}
            shown = {**in_path, **dict(sample.request.query), **shown}
    return shown


# What comes.


def _answer(document: InterfaceDocument, name: str, components: _Components) -> Schema:
    good, failed = document.good, document.failed
    schema = answer_schema(document)
    success = components.reference("schemas", name, schema)
    examples = _examples(good, schema, name, "documented", components)
    failure = failure_schema(document, schema)
    if failure is None:
        return {"schema": success, **examples}
    other = components.reference("schemas", "failure", failure)
    more = _examples(failed, failure, f"{name}-error", "error", components)
    both = {**_inner(examples), **_inner(more)}
    return {"schema": {"anyOf": [success, other]}, **({"examples": both} if both else {})}


def _inner(examples: Schema) -> Mapping[str, object]:
    inner = examples.get("examples", {})
    return inner if isinstance(inner, Mapping) else {}


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
