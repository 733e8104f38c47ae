"""The spec as connexion gets it and readers see it: without addresses that lead elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

_NAMED = frozenset({"properties", "example", "value"})
"""Keys below which names are those of members, not OpenAPI's."""


def published(node: Mapping[str, object], *, named: bool = False) -> dict[str, object]:
    """Copy a spec without the servers that Swagger UI would call, and the links that lead nowhere.

    Args:
        node: the spec, or a part of it.
        named: whether its keys are the names of members, and not OpenAPI's.
    """
    links = frozenset() if named else {"servers", "externalDocs"}
    return {
        key: _copied(value, named=key in _NAMED and not named)
        for key, value in node.items()
        if key not in links
    }


def _copied(value: object, *, named: bool = False) -> object:
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return published(value, named=named) if isinstance(value, Mapping) else value
