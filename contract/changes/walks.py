"""Two schemas, walked side by side: the members that both describe, and those that one does.

A pair of nodes is visited once, and what is the same on both sides is not walked at all, so
neither shared schemas nor schemas that hold themselves make the walk longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from contract.changes.cases import Sending, branches, described, held, is_marked
from contract.changes.constraints import Path
from contract.changes.likeness import Likeness
from contract.findings import Place
from contract.spec.deferred import meant
from contract.spec.yaml_text import Located


class Presence(Enum):
    """Where a member is described: in both schemas, in one, or where it is never sent."""

    BOTH = "both"
    GONE = "gone"
    CAME = "came"
    UNSENT = "unsent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What a walk met at one path.

    Attributes:
        path: the names that lead there, `*` for the items of a list and for other members.
        presence: on which side it is described.
        olds: the schemas of the old side, those of allOf, anyOf and oneOf among them.
        news: those of the new side.
        places: where each side describes it, or would.
        alternative: the path of the alternatives, if only alternatives describe it.
    """

    path: Path
    presence: Presence
    olds: tuple[Located, ...]
    news: tuple[Located, ...]
    places: tuple[Place, Place]
    alternative: Path | None = None


@dataclass(frozen=True, slots=True)
class _Member:
    """How one side describes a member."""

    schemas: tuple[Located, ...]
    place: Place
    always: bool
    """Whether more than alternatives describe it."""


_Schemas = tuple[Located, ...]


def met(old: Located, new: Located, sent: Sending, likeness: Likeness) -> Iterator[Met]:
    """Walk two schemas, and give what differs, outer members first."""
    seen: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
    waiting: list[tuple[Path, _Schemas, _Schemas, Path | None]]
    waiting = [((), (meant(old),), (meant(new),), None)]
    while waiting:
        path, olds, news, outer = waiting.pop(0)
        key = (tuple(map(id, olds)), tuple(map(id, news)))
        if _same(olds, news, likeness):
            continue
        again = key in seen
        seen.add(key)
        before, after = _parts(olds), _parts(news)
        places = (olds[0].place, news[0].place)
        if not again:
            yield Met(
                path=path,
                presence=Presence.BOTH,
                olds=tuple(schema for schema, _ in before),
                news=tuple(schema for schema, _ in after),
                places=places,
            )
        left, right = _members(before), _members(after)
        for name in {**left, **right}:
            inner, mine, theirs = (*path, name), left.get(name), right.get(name)
            presence = _presence(mine, theirs, sent, likeness)
            if presence is None:
                continue
            own = outer
            if not any(side.always for side in (mine, theirs) if side):
                own = path
            if presence is Presence.BOTH and mine and theirs:
                if again:
                    continue
                waiting.append((inner, mine.schemas, theirs.schemas, own))
            elif name != "*":
                yield Met(
                    path=inner,
                    presence=presence,
                    olds=mine.schemas if mine else (),
                    news=theirs.schemas if theirs else (),
                    places=(
                        mine.place if mine else places[0],
                        theirs.place if theirs else places[1],
                    ),
                    alternative=own,
                )


def _same(olds: _Schemas, news: _Schemas, likeness: Likeness) -> bool:
    return len(olds) == len(news) and all(
        likeness.same(old, new) for old, new in zip(olds, news, strict=True)
    )


def _presence(
    old: _Member | None, new: _Member | None, sent: Sending, likeness: Likeness
) -> Presence | None:
    """Say on which side a member is described; None where nothing about it changed."""
    was, now = (
        bool(side and any(is_marked(schema, sent.unsent) for schema in side.schemas))
        for side in (old, new)
    )
    if (was or not old) and (now or not new):
        if old and new and len(old.schemas) == len(new.schemas):
            pairs = zip(old.schemas, new.schemas, strict=True)
            if all(likeness.alike(one, other) for one, other in pairs):
                return Presence.BOTH
        return Presence.UNSENT
    if old and new and not was and not now:
        return Presence.BOTH
    return Presence.CAME if was or not old else Presence.GONE


def _parts(schemas: _Schemas) -> list[tuple[Located, bool]]:
    """Give schemas with those of their allOf, anyOf and oneOf, and whether each holds always."""
    found: dict[int, tuple[Located, bool]] = {}
    waiting = [(schema, True) for schema in reversed(schemas)]
    while waiting:
        schema, always = waiting.pop()
        if id(schema) in found and (found[id(schema)][1] or not always):
            continue
        found[id(schema)] = schema, always
        for keyword in ("oneOf", "anyOf", "allOf"):
            inner = branches(schema, keyword)[::-1]
            waiting += [(branch, always and keyword == "allOf") for branch in inner]
    return list(found.values())


def _members(parts: list[tuple[Located, bool]]) -> dict[str, _Member]:
    found: dict[str, _Member] = {}
    for schema, always in parts:
        properties = schema.get("properties")
        for name in properties if isinstance(properties, Located) else ():
            inner = described(schema, name)
            if inner is not None and isinstance(properties, Located):
                _add(found, name, _Member((inner,), properties.at(name), always))
        for keyword in ("items", "additionalProperties"):
            inner = held(schema, keyword)
            if inner is not None:
                _add(found, "*", _Member((inner,), schema.at(keyword), always))
    return found


def _add(found: dict[str, _Member], name: str, one: _Member) -> None:
    known = found.get(name)
    if known is None:
        found[name] = one
    else:
        schemas = (*known.schemas, *one.schemas)
        found[name] = _Member(schemas, known.place, known.always or one.always)
