"""A spec as it is for those who send what no document describes: a request may be refused.

Documents say nothing of what is answered to a request that breaks them. Where an operation asks
for something, any 4xx is an answer; programs that generate requests need to be told so.
"""

from __future__ import annotations

from collections.abc import Mapping

REFUSED = "4XX"

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


def _plain(node: Mapping[str, object]) -> dict[str, object]:
    return {key: _copied(value) for key, value in node.items()}


def _copied(value: object) -> object:
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return _plain(value) if isinstance(value, Mapping) else value
