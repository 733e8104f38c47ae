"""A spec for programs that send requests which break it: every such request may be refused.

Documents do not say what a server answers to a request that breaks them. Any 4xx answer is right
where an operation asks for something, and a program that generates requests needs to know it.
"""

from __future__ import annotations

from collections.abc import Mapping

REFUSED = "4XX"
"""The status of every refusal."""

_ASKING = ("parameters", "requestBody")


def with_refusals(tree: Mapping[str, object]) -> dict[str, object]:
    """Copy a spec as plain values; every operation that asks for something answers 4XX too."""
    copy = _plain(tree)
    paths = copy.get("paths")
    for item in paths.values() if isinstance(paths, dict) else ():
        for operation in item.values() if isinstance(item, dict) else ():
            if isinstance(operation, dict) and any(key in operation for key in _ASKING):
                operation["responses"].setdefault(REFUSED, {"description": "请求不符合文档"})
    return copy


def without_credentials(tree: Mapping[str, object]) -> dict[str, object]:
    """Copy a spec as plain values, without what it says of credentials.

    Documents do not say what a server answers without them, and a mock server answers all the same.
    """
    copy = _plain(tree)
    copy.pop("security", None)
    paths = copy.get("paths")
    for item in paths.values() if isinstance(paths, dict) else ():
        for operation in item.values() if isinstance(item, dict) else ():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return copy


def _plain(node: Mapping[str, object]) -> dict[str, object]:
    return {key: _copied(value) for key, value in node.items()}


def _copied(value: object) -> object:
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return _plain(value) if isinstance(value, Mapping) else value
