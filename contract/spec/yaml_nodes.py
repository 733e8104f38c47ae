"""The nodes of a spec's YAML: walked, and found by the steps that lead to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contract.findings import Place
from contract.json_pointer import Step
from contract.spec.yaml_text import Located

DATA = frozenset({"example", "examples", "default", "enum", "value"})
"""The keywords whose values are data of the interface, not a part of the spec."""


def inner_nodes(node: object) -> Iterator[object]:
    """Give what a node of the spec holds, data left out."""
    if isinstance(node, list):
        yield from node
    elif isinstance(node, Located):
        yield from (value for key, value in node.items() if key not in DATA)


def node_at(root: object, steps: Sequence[Step]) -> object:
    """Follow steps from a node; None where they lead nowhere."""
    node = root
    for step in steps:
        if isinstance(node, list):
            node = node[step] if isinstance(step, int) and step < len(node) else None
        else:
            node = node.get(str(step)) if isinstance(node, Located) else None
    return node


def place_of(root: Located, steps: Sequence[Step]) -> Place:
    """Find the place of the last of the steps that the YAML itself writes."""
    place = root.place
    node: object = root
    for step in steps:
        if isinstance(node, Located) and step in node:
            place = node.at(str(step))
            node = node[str(step)]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
            place = node.place if isinstance(node, Located) else place
    return place
