"""The member that tells alternatives apart, and the values by which it does.

Programs that are generated from a spec choose the type of what they read by it, whatever the
schemas of the alternatives say (OpenAPI 3.0.3, Discriminator Object).
"""

from __future__ import annotations

from collections.abc import Mapping

from contract.changes.change import Effect, Words

DISCRIMINATOR = "discriminator"
"""The keyword."""
_RULE = "discriminator-changed"
_SAME = Words(
    "every value that told alternatives apart still means the same",
    "原有用于区分备选结构的值含义不变",
)
_OTHER = Words(
    "programs choose the alternative by the old member and its old values",
    "程序按原来的成员及其取值选择备选结构",
)


def discriminated(old: object, new: object) -> tuple[Effect, str, Words]:
    """Give the effect of another discriminator, its rule, and the reason."""
    if old is None:
        return Effect.COMPATIBLE, _RULE, _SAME
    was, now = _mapping(old), _mapping(new)
    moved = any(
        value not in now or (now[value] != target and target in now.values())
        for value, target in was.items()
    )
    harm = moved or _member(old) != _member(new)
    return (Effect.BREAKING, _RULE, _OTHER) if harm else (Effect.COMPATIBLE, _RULE, _SAME)


def _member(discriminator: object) -> object:
    return discriminator.get("propertyName") if isinstance(discriminator, Mapping) else None


def _mapping(discriminator: object) -> dict[str, str]:
    """List the values with the names of what they stand for; a schema's own name needs none."""
    stated = discriminator.get("mapping") if isinstance(discriminator, Mapping) else None
    members = stated.items() if isinstance(stated, Mapping) else ()
    named = {str(value): str(target).rpartition("/")[2] for value, target in members}
    return {value: target for value, target in named.items() if value != target}
