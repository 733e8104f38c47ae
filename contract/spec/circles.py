"""The references of a tree that lead back into what holds them, so that they cannot be written out.

Every node is visited a fixed number of times, however often it is referred to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeGuard

from contract.spec.grammar import DOCUMENT, Kind, parts
from contract.spec.yaml_text import Located

_Part = tuple[Located | list[object], Kind]


def is_reference(node: object) -> TypeGuard[Located]:
    """Say whether a node of a spec that is no data stands for what its `$ref` names."""
    return isinstance(node, Located) and isinstance(node.get("$ref"), str)


def circles(root: Located, end_of: Callable[[Located], Located | None]) -> frozenset[int]:
    """List the references that lead back into what holds them, as the ids of their nodes.

    Args:
        root: the whole tree.
        end_of: gives the mapping that a reference leads to; None where it leads nowhere.
    """
    targets: dict[int, _Part] = {}
    ends: dict[int, int] = {}
    waiting: list[_Part] = [(root, DOCUMENT)]
    seen: set[int] = set()
    while waiting:
        node, kind = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if not is_reference(node):
            waiting += parts(node, kind)
            continue
        end = end_of(node)
        if end is not None:
            ends[id(node)] = id(end)
            targets[id(end)] = end, kind
            waiting.append((end, kind))
    references: dict[int, list[int]] = {}
    leads: dict[int, list[int]] = {}
    for key, part in targets.items():
        held = [*_held(part, targets.keys())]
        references[key] = [id(each) for each in held if id(each) in ends]
        inner = (id(each) for each in held if id(each) in targets)
        leads[key] = [*inner, *(ends[each] for each in references[key])]
    groups = _groups(leads)
    return frozenset(
        each
        for key, inside in references.items()
        for each in inside
        if groups[ends[each]] == groups[key]
    )


def _held(part: _Part, stops: Iterable[int]) -> Iterator[Located | list[object]]:
    """Give the references and the other targets that a target holds, none from inside these."""
    waiting = [*parts(*part)]
    while waiting:
        node, kind = waiting.pop()
        if is_reference(node) or id(node) in stops:
            yield node
        else:
            waiting += parts(node, kind)


def _groups(leads: Mapping[int, Iterable[int]]) -> Mapping[int, int]:
    """Number the nodes of a graph so that those on a common circle have one number (Tarjan)."""
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    groups: dict[int, int] = {}
    path: list[int] = []
    for start in leads:
        if start in order:
            continue
        order[start] = lowest[start] = len(order)
        path.append(start)
        open_nodes = [(start, iter(leads[start]))]
        while open_nodes:
            node, rest = open_nodes[-1]
            for other in rest:
                if other not in order:
                    order[other] = lowest[other] = len(order)
                    path.append(other)
                    open_nodes.append((other, iter(leads[other])))
                    break
                if other not in groups:
                    lowest[node] = min(lowest[node], order[other])
            else:
                open_nodes.pop()
                if open_nodes:
                    outer = open_nodes[-1][0]
                    lowest[outer] = min(lowest[outer], lowest[node])
                if lowest[node] == order[node]:
                    while groups.get(node) is None:
                        groups[path.pop()] = order[node]
    return groups
