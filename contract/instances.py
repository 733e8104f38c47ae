"""A member of a schema → every place where it stands, or should stand, in a JSON value.

A path names members from the outside in, `("data", "list", "*", "name")`; `*` stands for the
items of a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract.json_pointer import Step, pointer_of


class _Missing:
    """The type of `MISSING`."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
"""Stands for an absent member; JSON has no such value."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """One place of a member in a value.

    Attributes:
        steps: the names and indices that lead to it.
        value: what stands there; `MISSING` where the member is absent.
        holder: the object that holds the member, or lacks it; None for the whole value and for
            the items of a list.
    """

    steps: tuple[Step, ...]
    value: object
    holder: dict[str, object] | None

    @property
    def pointer(self) -> str:
        """The place as a JSON Pointer."""
        return pointer_of(self.steps)


def instances(
    value: object, path: tuple[str, ...], *, through_lists: bool = False
) -> Iterator[Instance]:
    """Give every place where a member stands or should stand, in the order of the value.

    A member whose parent is absent, or is neither an object nor a list, has no place.

    Args:
        value: the whole JSON value.
        path: leads to the member.
        through_lists: whether a name leads through each item of a list on its way; `*` is then a
            name like any other.
    """
    return _instances(value, path, (), None, through_lists=through_lists)


def present(
    value: object, path: tuple[str, ...], *, through_lists: bool = False
) -> Iterator[Instance]:
    """Give the places where a member is there, whatever its value."""
    found = instances(value, path, through_lists=through_lists)
    return (each for each in found if each.value is not MISSING)


def _instances(
    value: object,
    path: tuple[str, ...],
    at: tuple[Step, ...],
    holder: dict[str, object] | None,
    *,
    through_lists: bool,
) -> Iterator[Instance]:
    if not path:
        yield Instance(at, value, holder)
    elif isinstance(value, list):
        if path[0] == "*" or through_lists:
            rest = path if through_lists else path[1:]
            for index, item in enumerate(value):
                yield from _instances(item, rest, (*at, index), None, through_lists=through_lists)
    elif isinstance(value, dict) and (path[0] != "*" or through_lists):
        inner = value.get(path[0], MISSING)
        steps = (*at, path[0])
        yield from _instances(inner, path[1:], steps, value, through_lists=through_lists)
