"""How large and how deep a tree is once everything that it shares is written out.

Aliases and references let a short file stand for a tree of any size. Reading shares what is
repeated, so it costs no more than the file. Whoever walks the tree meets it at every repetition;
the bounds here keep such walks short.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MAX_VALUES = 50_000
"""How many values one operation may have, and how many values the aliases of a file may repeat."""

MAX_DEPTH = 200
"""How many levels may be nested in one another, so that recursive readers do not overflow."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The number of values in a tree, itself included, and of its levels."""

    values: int
    depth: int


_SCALAR = Extent(1, 0)


class Measure:
    """Measures trees; a part that is met again is not walked again.

    Trees that were measured must stay in memory and stay as they are. `distinct` counts the values
    that were measured, those that are met again once.
    """

    def __init__(self) -> None:
        self.distinct = 0
        self._known: dict[int, Extent] = {}

    def of(self, node: object) -> Extent:
        """Measure a tree of mappings, lists and scalars.

        Raises:
            RecursionError: a part that was not measured before is nested too deeply.
        """
        if isinstance(node, dict):
            parts: Iterable[object] = node.values()
        elif isinstance(node, list):
            parts = node
        else:
            return _SCALAR
        known = self._known.get(id(node))
        if known is None:
            inner = [self.of(part) for part in parts if isinstance(part, dict | list)]
            scalars = len(node) - len(inner)
            depth = max((each.depth for each in inner), default=0)
            known = Extent(1 + scalars + sum(each.values for each in inner), 1 + depth)
            self._known[id(node)] = known
            self.distinct += 1 + scalars
        return known
