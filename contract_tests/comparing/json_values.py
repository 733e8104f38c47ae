"""Values of a JSON file that nobody has checked: taken by their type, or refused by their place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from contract.json_pointer import Step, pointer_of
from contract.spec.vocabulary import json_type

LARGEST_COUNT = 2**53
"""The largest number that a count may be."""
REQUIRED = object()
"""Stands for a member that must be there."""


class NotSo(ValueError):  # noqa: N818 - it names what is wrong with a value
    """A value is not what it should be; the message says where, and what it is."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value, and the way that leads to it."""

    value: object
    steps: tuple[Step, ...] = ()

    def _of(self, name: str, missing: object = REQUIRED) -> object:
        """Give a member, or what stands for a missing one."""
        if not isinstance(self.value, dict):
            raise NotSo(f"{_shown(self.steps)} is not an object, but {json_type(self.value)}")
        value: object = self.value.get(name, missing)
        if value is REQUIRED:
            raise NotSo(f"{_shown(self.steps)} has no {name}")
        return value

    def text(self, name: str, missing: object = REQUIRED) -> str:
        """Give a member that is a text, or what stands for a missing one."""
        value = self._of(name, missing)
        if not isinstance(value, str):
            raise self._wrong(name, value, "a text")
        return value

    def word(self, name: str, known: Collection[str]) -> str:
        """Give a member that is one of some words."""
        value = self.text(name)
        if value not in known:
            raise self._wrong(name, value, f"one of {', '.join(known)}")
        return value

    def flag(self, name: str) -> bool:
        """Give a member that is true or false."""
        value = self._of(name)
        if not isinstance(value, bool):
            raise self._wrong(name, value, "true or false")
        return value

    def number(self, name: str) -> float:
        """Give a member that is a number from 0 on."""
        value = self._of(name)
        usable = isinstance(value, int | float) and not isinstance(value, bool)
        if not (usable and isinstance(value, int | float) and 0 <= value < LARGEST_COUNT):
            raise self._wrong(name, value, "a number from 0 on")
        return float(value)

    def count(self, name: str) -> int:
        """Give a member that is a whole number from 0 on."""
        value = self.number(name)
        if not value.is_integer():
            raise self._wrong(name, value, "a whole number")
        return int(value)

    def each(self, name: str, kind: type = dict, *, missing: object = REQUIRED) -> Iterator[Found]:
        """Give the items of a member that is a list; each is of a kind."""
        value = self._of(name, missing)
        if not isinstance(value, list | tuple):
            raise self._wrong(name, value, "a list")
        for index, item in enumerate(value):
            if not isinstance(item, kind):
                wanted = "an object" if kind is dict else f"of type {kind.__name__}"
                raise self._wrong(f"{name}/{index}", item, wanted)
            yield Found(item, (*self.steps, name, index))

    def maybe(self, name: str) -> Iterator[Found]:
        """Give a member, unless it is null."""
        if not self.lacks(name):
            yield Found(self._of(name), (*self.steps, name))

    def lacks(self, name: str) -> bool:
        """Say whether a member is null, or not there."""
        return self._of(name, None) is None

    def _wrong(self, name: str, value: object, promised: str) -> NotSo:
        return NotSo(f"{_shown((*self.steps, name))} is not {promised}, but {json_type(value)}")


def _shown(steps: tuple[Step, ...]) -> str:
    return pointer_of(steps) or "the whole of it"
