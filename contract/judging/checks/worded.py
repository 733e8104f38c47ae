"""The arguments of keywords, as a promise shows them."""

from __future__ import annotations

from collections.abc import Mapping


def listed(argument: object) -> str:
    """Show an argument in a line: the members of a mapping, the items of a list, or itself."""
    if isinstance(argument, Mapping):
        return ", ".join(f"{key} {value}" for key, value in argument.items())
    return ", ".join(map(str, argument)) if isinstance(argument, list) else str(argument)
