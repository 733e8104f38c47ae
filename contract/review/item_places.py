"""The line and column of one item of a list, or of a value inside data.

A `Located` knows where its members stand, but a list of plain values knows no places. They are
looked up in the text of the file once more, which is worth its time only where something is wrong.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from contract.findings import Place
from contract.json_pointer import Step
from contract.plain_files import content_of
from contract.spec.yaml_text import Located, composed

_Nodes = dict[tuple[int, int], Node]


def item_place(holder: Located, key: str, *steps: Step) -> Place:
    """Give the place of what the steps lead to, from a member; its own where that is not known."""
    place = holder.at(key)
    try:
        file = Path(place.path)
        changed = file.stat()
        nodes = _values(place.path, changed.st_mtime_ns, changed.st_size)
    except OSError:
        return place
    node = nodes.get((place.line - 1, (place.column or 1) - 1))
    for step in steps:
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
        elif isinstance(node, MappingNode):
            found = [pair for pair in node.value if getattr(pair[0], "value", None) == str(step)]
            if not found:
                break
            mark, node = found[-1][0].start_mark, found[-1][1]
        else:
            break
        place = Place(place.path, mark.line + 1, mark.column + 1)
    return place


@lru_cache(maxsize=4)
def _values(path: str, changed: int, size: int) -> _Nodes:
    """Give the values of a file's members by where their names begin."""
    del changed, size
    found: _Nodes = {}
    try:
        root = composed(content_of(Path(path)).decode())
    except (OSError, ValueError, yaml.YAMLError, RecursionError, OverflowError):
        return found
    waiting = [root] if root is not None else []
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, SequenceNode):
            waiting += node.value
        elif isinstance(node, MappingNode):
            for name, value in node.value:
                found[name.start_mark.line, name.start_mark.column] = value
                waiting.append(value)
    return found
