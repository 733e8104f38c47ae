"""References that stay references where a spec is followed, because what they mean has no end.

A schema that holds itself cannot be written out, and one that is repeated a thousand times should
not be. There the followed tree ends in a `Deferred`: a mapping that holds only its `$ref`, and
knows what it means. Whoever walks a tree by its members stops there; whoever has to go on asks
`meant`, and stops at what he is inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from contract.spec.yaml_text import Located


class Deferred(Located):
    """A reference that stays one: its only member is `$ref`."""

    __slots__ = ("_follow", "_target")

    def __init__(self, reference: Located, follow: Callable[[], Located]) -> None:
        super().__init__(reference.place)
        self["$ref"] = reference["$ref"]
        self.places = reference.places
        self._follow = follow
        self._target: Located | None = None

    @property
    def target(self) -> Located:
        """What the reference means: the same mapping for all that mean it."""
        if self._target is None:
            self._target = self._follow()
        return self._target


class Unfollowed(Located):
    """A reference to a file that is not read, and why; only who needs it is told.

    `file` is the one that may come later.
    """

    __slots__ = ("file", "reason")

    def __init__(self, reference: Located, reason: str, file: Path | None = None) -> None:
        super().__init__(reference.place)
        self.update(reference)
        self.places = reference.places
        self.reason = reason
        self.file = file


Node = TypeVar("Node", bound=Mapping[str, object])


def meant(node: Node) -> Node | Located:
    """Give what a node means: itself, or what it refers to."""
    return node.target if isinstance(node, Deferred) else node
