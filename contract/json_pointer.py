"""JSON Pointer (RFC 6901): the one way to write down where a value stands in JSON."""

from __future__ import annotations

from collections.abc import Iterable

Step = str | int
"""One step into a value: the name of a member, or the index of an item from 0."""


def escape(name: str) -> str:
    """Write a name as one reference token."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """Read the name that a reference token stands for."""
    return token.replace("~1", "/").replace("~0", "~")


def pointer_of(steps: Iterable[Step]) -> str:
    """Write the steps from the whole value to a place as a pointer; without steps it is empty."""
    return "".join(f"/{escape(str(step))}" for step in steps)
