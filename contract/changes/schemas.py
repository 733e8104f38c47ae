"""The changes of one schema: of an answer, of a body, or of a parameter.

`inclusion.py` finds what was loosened and what was tightened; here each finding gets its rule and
its effect. An added or removed member is one change, whatever its schema says. `families.py` names
the kinds of constraints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from contract.changes.change import Change, Effect
from contract.changes.constraints import Loosening, Path
from contract.changes.families import family_of
from contract.changes.inclusion import loosened
from contract.changes.sides import Side, is_annotation, plain, word_changes
from contract.changes.written_values import brief, sorted_json
from contract.findings import Place
from contract.spec.yaml_text import Located


def schema_changes(side: Side, old: Located, new: Located) -> Iterator[Change]:
    """Find what changed between two schemas that stand in the same place."""
    request = not side.answers
    looser = loosened(old, new, request=request)
    tighter = tuple(map(_turned, loosened(new, old, request=request)))
    worse, better = (looser, tighter) if side.answers else (tighter, looser)
    before, after = _described(old), _described(new)
    gone = [path for path in _topmost(before, after) if not _retyped(path, looser, tighter)]
    came = [path for path in _topmost(after, before) if not _retyped(path, looser, tighter)]
    hidden = {*gone, *came}
    for paths, word in ((gone, "removed"), (came, "added")):
        for path in paths:
            yield _member(side, path, word, worse, better, (before, after))
    seen = {(each.path, each.keyword) for each in worse}
    for records, effect in ((worse, Effect.BREAKING), (better, Effect.COMPATIBLE)):
        direction = "loosened" if records is looser else "tightened"
        for each in records:
            repeated = effect is Effect.COMPATIBLE and (each.path, each.keyword) in seen
            if not repeated and not any(_within(each.path, path) for path in hidden):
                yield _constraint(side, effect, direction, each)
    for path in before:
        if path in after:
            yield from _annotations(side, path, before[path].schemas, after[path].schemas)


def _turned(record: Loosening) -> Loosening:
    """Swap old and new in a loosening that was found from new to old."""
    old, new = record.places
    return replace(record, was=record.now, now=record.was, places=(new, old))


# Members that come and go.


@dataclass(slots=True)
class _Node:
    """The schemas that describe one path, and the place of the first of them."""

    place: Place
    schemas: list[Located]


def _described(schema: Located) -> dict[Path, _Node]:
    found: dict[Path, _Node] = {}
    for path, place, node in _walk(schema, (), schema.place):
        found.setdefault(path, _Node(place, [])).schemas.append(node)
    return found


def _walk(schema: Located, path: Path, place: Place) -> Iterator[tuple[Path, Place, Located]]:
    yield path, place, schema
    properties = schema.get("properties")
    for name, inner in properties.items() if isinstance(properties, Located) else ():
        if isinstance(inner, Located) and isinstance(properties, Located):
            yield from _walk(inner, (*path, name), properties.at(name))
    for keyword in ("items", "additionalProperties"):
        inner = schema.get(keyword)
        if isinstance(inner, Located):
            yield from _walk(inner, (*path, "*"), schema.at(keyword))
    for keyword in ("allOf", "anyOf", "oneOf"):
        listed = schema.get(keyword)
        for inner in listed if isinstance(listed, list) else ():
            if isinstance(inner, Located):
                yield from _walk(inner, path, inner.place)


def _topmost(here: Mapping[Path, _Node], there: Mapping[Path, _Node]) -> Iterator[Path]:
    for path in here:
        if path and path[-1] != "*" and path not in there and path[:-1] in there:
            yield path


def _retyped(path: Path, looser: Iterable[Loosening], tighter: Iterable[Loosening]) -> bool:
    """Say whether the object around a member changed its type, which is a change by itself."""
    holder = (path[:-1], "type")
    return all(
        any((each.path, each.keyword) == holder for each in records)
        for records in (looser, tighter)
    )


def _within(path: Path, holder: Path) -> bool:
    return path[: len(holder)] == holder


def _member(  # noqa: PLR0913, PLR0917 - two schemas, two directions
    side: Side,
    path: Path,
    word: str,
    worse: Iterable[Loosening],
    better: Iterable[Loosening],
    nodes: tuple[Mapping[Path, _Node], Mapping[Path, _Node]],
) -> Change:
    harm = [each for each in worse if _within(each.path, path)]
    gain = any(_within(each.path, path) for each in better)
    needed = any(each.path == path and each.keyword == "required" for each in harm)
    effect = Effect.BREAKING if harm else Effect.COMPATIBLE
    if side.answers and word == "removed" and not harm and not gain:
        effect = Effect.DOCUMENTATION
    old, new = (nodes[index].get(path) or nodes[index][path[:-1]] for index in (0, 1))
    was, now = ("described", "nothing") if word == "removed" else ("nothing", "described")
    return side.change(
        effect,
        f"{side.name}-member-{word}",
        path,
        was=was,
        now=now if not (needed and word == "added") else "required",
        reason=_why(side, side.called(path), word, effect, needed=needed),
        places=(old.place, new.place),
    )


def _why(side: Side, name: str, word: str, effect: Effect, *, needed: bool) -> str:
    harmful = effect is Effect.BREAKING
    if side.answers and word == "removed":
        if effect is Effect.DOCUMENTATION:
            return f"{name} is no longer described, and nothing was promised about it"
        lacking = f"an answer may now lack {name}" if needed else f"{name} may now be anything"
        return (
            lacking if harmful else f"an answer no longer carries {name}, which was never promised"
        )
    if side.answers:
        closed = f"an answer may now carry {name}, which was ruled out before"
        return closed if harmful else f"an answer may carry {name}, which a client may ignore"
    if word == "removed":
        refused = f"a request that carries {name} may now be refused"
        return refused if harmful else f"a request may carry {name} or leave it out"
    if needed:
        return f"a request without {name} is now refused"
    clash = f"a request that carries another {name} may now be refused"
    return clash if harmful else f"a request may carry {name}, but need not"


# Constraints that hold less or more.


def _constraint(side: Side, effect: Effect, direction: str, record: Loosening) -> Change:
    name = side.called(record.path)
    if record.keyword == "required":
        needed = direction == "tightened"
        rule = f"{side.name}-member-{'required' if needed else 'optional'}"
        reason = _NEEDED[side.answers, needed].format(name=name)
        was, now = ("optional", "required") if needed else ("required", "optional")
    else:
        family = family_of(record.keyword)
        rule = f"{side.name}-{family.name}-{direction}"
        reason = _HELD[side.answers, direction].format(
            name=name if record.path else f"{side.subject} itself", noun=family.english
        )
        was, now = (_argument(record.keyword, value) for value in (record.was, record.now))
    return side.change(
        effect, rule, record.path, was=was, now=now, reason=reason, places=record.places
    )


_NEEDED: Mapping[tuple[bool, bool], str] = {
    (True, False): "an answer may now lack {name}",
    (True, True): "an answer now always carries {name}",
    (False, True): "a request without {name} is now refused",
    (False, False): "a request may now leave {name} out",
}
_HELD: Mapping[tuple[bool, str], str] = {
    (True, "loosened"): "{name} may now hold what the former {noun} ruled out",
    (True, "tightened"): "every answer still keeps the former {noun} of {name}",
    (
        False,
        "tightened",
    ): "a request that was accepted may now be refused because of the {noun} of {name}",
    (False, "loosened"): "{name} accepts everything that it accepted before, and more",
}


def _argument(keyword: str, value: object) -> str:
    if keyword in {"type", "nullable"}:
        return str(value or "any type")
    return f"no {keyword}" if value is None else f"{keyword} {brief(value)}"


# Keywords that make no promise.


def _annotations(
    side: Side, path: Path, old: list[Located], new: list[Located]
) -> Iterator[Change]:
    words = {key: None for schema in (*old, *new) for key in schema if is_annotation(side, key)}
    for word in words:
        was = [schema for schema in old if word in schema]
        now = [schema for schema in new if word in schema]
        values = [[plain(word, each[word]) for each in schemas] for schemas in (was, now)]
        places = ((was or old)[0].at(word), (now or new)[0].at(word))
        yield from word_changes(side, path, word, (_one(values[0]), _one(values[1])), places)


def _one(values: list[object]) -> object:
    kept = sorted((value for value in values if value is not None), key=sorted_json)
    return kept[0] if len(kept) == 1 else kept or None
