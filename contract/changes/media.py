"""The changes of a body or of an answer, media type by media type."""

from __future__ import annotations

from collections.abc import Iterator

from contract.changes.change import Change, Effect
from contract.changes.schemas import schema_changes
from contract.changes.sides import Side, rest
from contract.spec.references import InvalidSpec, mapping
from contract.spec.vocabulary import Meaningless, validator
from contract.spec.yaml_text import Located


def media_changes(side: Side, old: Located, new: Located) -> Iterator[Change]:
    """Find what changed in the content of a body or an answer."""
    before, after = contents(old), contents(new)
    gone, came = (
        [each for each in before if each not in after],
        [e for e in after if e not in before],
    )
    places = (old.at("content"), new.at("content"))
    was, now = (", ".join(each) or "no media type" for each in (before, after))
    if gone:
        rule = "media-type-changed" if side.answers and came else "media-type-removed"
        reason = (
            f"an answer no longer comes as {gone[0]}"
            if side.answers
            else f"a request that is sent as {gone[0]} is now refused"
        )
        yield side.change(
            Effect.BREAKING,
            f"{side.name}-{rule}",
            (),
            was=was,
            now=now,
            reason=reason,
            places=places,
        )
    if came and not (gone and side.answers):
        yield side.change(
            Effect.COMPATIBLE,
            f"{side.name}-media-type-added",
            (),
            was=was,
            now=now,
            reason=f"{came[0]} is one more choice, and the others remain",
            places=places,
        )
    for name, node in before.items():
        if name in after:
            yield from rest(side, node, after[name], frozenset({"schema"}))
            yield from schema_changes(side, schema_of(node), schema_of(after[name]))


def schema_of(node: Located) -> Located:
    """Give the schema of a node; a node without a schema allows anything.

    Raises:
        InvalidSpec: the schema is not valid.
    """
    schema = mapping(node.get("schema", Located(node.place)), node.at("schema"), "schema")
    try:
        validator(schema)
    except Meaningless as problem:
        raise InvalidSpec(schema.place, str(problem)) from None
    return schema


def contents(node: Located) -> dict[str, Located]:
    """Give the content of a body or an answer, by media type.

    Raises:
        InvalidSpec: it is not a mapping.
    """
    content = mapping(node.get("content", Located(node.place)), node.at("content"), "content")
    return {
        name.replace(" ", "").lower(): mapping(value, content.at(name), name)
        for name, value in content.items()
    }
