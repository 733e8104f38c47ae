"""How large and how deep a tree is once everything that it shares is written out.

Aliases and references let a short file stand for a tree of any size. Reading shares what is
repeated, so it costs no more than the file. A walk of the tree meets it at every repetition;
the bounds here keep such walks short.
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_VALUES = 50_000
"""How many values one operation may have, and how many values the aliases of a file may repeat."""

MAX_REPEATED = 500
"""How many values what a reference means may have, if it is written out wherever it is used."""

MAX_NODES = 600_000
"""How many names and values one file may have: two hundred megabytes once they are read."""

MAX_SIZE = 500_000
"""How many names and values all files of a spec may have together."""

MAX_DEPTH = 200
"""How many levels may be nested in one another, so that recursive readers do not overflow."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The number of values in a tree, itself included, and of its levels."""

    values: int
    depth: int


_SCALAR = Extent(1, 0)


class Measure:
    """A measure of trees; a part that is met again is not walked again.

    Measured trees must stay in memory, unchanged. `distinct` counts the measured values, each of
    them once.
    """

    def __init__(self) -> None:
        self.distinct = 0
        self._known: dict[int, Extent] = {}

    def of(self, node: object) -> Extent:
        """Measure a tree of mappings, lists and scalars.

        Raises:
            RecursionError: a part that was not measured before is nested too deeply.
        """
        if not isinstance(node, dict | list):
            return _SCALAR
        known = self._known.get(id(node))
        if known is None:
            values, depth, scalars = 1, 0, 0
            for part in node.values() if isinstance(node, dict) else node:
                if isinstance(part, dict | list):
                    inner = self.of(part)
                    values += inner.values
                    depth = max(depth, inner.depth)
                else:
                    scalars += 1
            known = Extent(values + scalars, depth + 1)
            self._known[id(node)] = known
            self.distinct += 1 + scalars
        return known


def size_of(content: object) -> int:
    """Count the names and values of a file; what aliases repeat counts once."""
    size, waiting, seen = 0, [content], set[int]()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict | list) or id(node) in seen:
            continue
        seen.add(id(node))
        size += len(node) * (2 if isinstance(node, dict) else 1)
        inner = node.values() if isinstance(node, dict) else node
        waiting += [each for each in inner if isinstance(each, dict | list)]
    return size
