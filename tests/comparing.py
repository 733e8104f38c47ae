"""Two small specs, compared: for the tests of what a change is called and of what it means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from contract.changes import Change, changes
from contract.changes.cases import Sending
from contract.changes.inclusion import Inclusion
from contract.changes.likeness import Likeness
from contract.findings import Place
from contract.spec.loading import interpret
from contract.spec.operations import Spec
from contract.spec.references import mapping
from contract.spec.yaml_text import Located, parse

Node = Mapping[str, object]
Said = tuple[str, str, object, object]
"""A loosening: its path, its keyword, what was and what is now."""


def content(schema: Node) -> Node:
    """Give what is sent as JSON of this schema."""
    return {"content": {"application/json": {"schema": schema}}}


def tree(path: str = "/it", root: Node | None = None, **operation: object) -> Node:
    """Give a spec of one operation, with what else the two are to say."""
    said = {"operationId": "it", "responses": {"200": content({})}, **operation}
    return {"openapi": "3.0.3", "paths": {path: {"post": said}}, **(root or {})}


def placed(side: str, schema: Node) -> Node:
    """Give a spec whose answer, request or parameter `p` has this schema."""
    if side == "answer":
        return tree(responses={"200": content(schema)})
    if side == "request":
        return tree(requestBody=content(schema))
    return tree(parameters=[{"name": "p", "in": "query", "schema": schema}])


def compared(old: Node, new: Node) -> tuple[Change, ...]:
    """Compare two specs, which stand in old.yaml and new.yaml."""
    return changes(read(old, "old.yaml"), read(new, "new.yaml"))


def loosenings(old: Node, new: Node, *, request: bool = False) -> list[Said]:
    """Give what a new schema allows and an old one ruled out."""
    nodes = _node(old, "old.yaml"), _node(new, "new.yaml")
    found = Inclusion(Likeness()).loosened(*nodes, Sending(request=request))
    return [("/".join(each.path), each.keyword, each.was, each.now) for each in found]


def read(node: Node, name: str) -> Spec:
    """Read a spec, as if it stood in a file of this name."""
    return interpret(Path(name), _node(node, name))


def _node(node: Node, name: str) -> Located:
    return mapping(parse(json.dumps(node).encode(), name), Place(name, 1), "a schema")
