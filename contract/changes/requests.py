"""The changes of requests: their parameters and their body.

To compare another part of a request: write its function here, and call it in `request_changes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from contract.changes.change import Change, Effect
from contract.changes.media import contents, media_changes, schema_of
from contract.changes.schemas import schema_changes
from contract.changes.sides import Side, rest, word_changes
from contract.spec.operations import Operation
from contract.spec.yaml_text import Located

Key = tuple[str, str]
"""Where a parameter stands, and its name."""
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_PARAMETER = frozenset({"name", "in", "required", "schema", "content", "style", "explode"})
TEMPLATE = re.compile(r"\{([^{}]*)\}")
"""A parameter in the template of a path."""


def request_changes(old: Operation, new: Operation) -> Iterator[Change]:
    """Find what changed in the requests of an operation.

    Raises:
        InvalidSpec: the parameters or the body cannot be read.
    """
    yield from _parameters(old, new)
    yield from _body(old, new)


# Parameters.


def _parameters(old: Operation, new: Operation) -> Iterator[Change]:
    names = dict(zip(*(TEMPLATE.findall(each.path) for each in (old, new)), strict=False))
    before, after = _by_place(old), _by_place(new)
    for (where, name), parameter in tuple(before.items()):
        if where == "path" and names.get(name, name) != name:
            renamed = (where, names[name])
            before[renamed] = before.pop((where, name))
            if renamed in after:
                yield _parameter_change(
                    new, renamed, Effect.DOCUMENTATION, "renamed", (parameter, after[renamed])
                )
    gone = {key: before[key] for key in before if key not in after}
    came = {key: after[key] for key in after if key not in before}
    for key, parameter in came.items():
        source = next((each for each in gone if each[1].lower() == key[1].lower()), None)
        if source:
            yield _parameter_change(
                new, key, Effect.BREAKING, "moved", (gone.pop(source), parameter)
            )
        else:
            needed = parameter.get("required") is True
            effect = Effect.BREAKING if needed else Effect.COMPATIBLE
            yield _parameter_change(new, key, effect, "added", (_none(old), parameter))
    for key, parameter in gone.items():
        yield _parameter_change(new, key, Effect.COMPATIBLE, "removed", (parameter, _none(new)))
    for key, parameter in before.items():
        if key in after:
            yield from _parameter(new, key, parameter, after[key])


def _none(operation: Operation) -> Located:
    return Located(operation.place)


def _by_place(operation: Operation) -> dict[Key, Located]:
    """Give the parameters by where they stand and their name; the case of headers is ignored."""
    return {
        (each.location, each.name.lower() if each.location == "header" else each.name): each.node
        for each in operation.parameters
    }


_REASONS: Mapping[tuple[str, Effect], str] = {
    ("added", Effect.BREAKING): "a request without {name} is now refused",
    ("added", Effect.COMPATIBLE): "a request may carry {name}, but need not",
    ("removed", Effect.COMPATIBLE): "a request need no longer carry {name}",
    ("moved", Effect.BREAKING): "a request that carries {name} in its old place is now refused",
    ("renamed", Effect.DOCUMENTATION): "the URL is the same, whatever its parts are called",
}


def _parameter_change(
    operation: Operation, key: Key, effect: Effect, word: str, nodes: tuple[Located, Located]
) -> Change:
    was, now = (f"{node['name']} in {node['in']}" if node else "nothing" for node in nodes)
    name = str((nodes[1] or nodes[0])["name"])
    if word == "added" and effect is Effect.BREAKING:
        now += ", required"
    return _side(operation, (key[0], name)).change(
        effect,
        f"parameter-{word}",
        (),
        was=was,
        now=now,
        reason=_REASONS[word, effect].format(name=name),
        places=(nodes[0].place, nodes[1].place),
    )


def _side(operation: Operation, key: Key) -> Side:
    return Side(operation=operation.id, name="parameter", subject=key[1], pointer=key)


def _parameter(operation: Operation, key: Key, old: Located, new: Located) -> Iterator[Change]:
    name = str(new["name"])
    side = _side(operation, (key[0], name))
    if key[0] != "path":
        yield from _required(side, old, new)
    styles = [_style(key[0], node) for node in (old, new)]
    places = (old.place, new.place)
    yield from word_changes(side, (), "style", (styles[0], styles[1]), places)
    yield from rest(side, old, new, _PARAMETER)
    before, after = contents(old), contents(new)
    yield from word_changes(side, (), "content", (sorted(before), sorted(after)), places)
    if before and after:
        for media_type in before.keys() & after.keys():
            yield from schema_changes(
                side, schema_of(before[media_type]), schema_of(after[media_type])
            )
    elif not before and not after:
        yield from schema_changes(side, schema_of(old), schema_of(new))


def _style(where: str, node: Located) -> str:
    style = str(node.get("style", _STYLES.get(where)))
    explode = node.get("explode", style == "form")
    return f"{style}, {'' if explode is True else 'not '}exploded"


def _required(side: Side, old: Located, new: Located) -> Iterator[Change]:
    was, now = (node.get("required") is True for node in (old, new))
    if was != now:
        yield side.change(
            Effect.BREAKING if now else Effect.COMPATIBLE,
            f"{side.name}-{'required' if now else 'optional'}",
            (),
            was="required" if was else "optional",
            now="required" if now else "optional",
            reason=f"a request without {side.subject} is now "
            + ("refused" if now else "accepted too"),
            places=(old.at("required"), new.at("required")),
        )


# The body.


def _body(old: Operation, new: Operation) -> Iterator[Change]:
    before, after = (each.body.node if each.body else None for each in (old, new))
    if before is None and after is None:
        return
    places = (
        before.place if before else old.place,
        after.place if after else new.place,
    )
    side = Side(operation=new.id, name="request", subject="request")
    if before is None or after is None:
        needed = after is not None and after.get("required") is True
        yield side.change(
            Effect.BREAKING if needed else Effect.COMPATIBLE,
            f"request-{'added' if before is None else 'removed'}",
            (),
            was="no body" if before is None else "a body",
            now="no body" if after is None else "a required body" if needed else "a body",
            reason="a request without a body is now refused"
            if needed
            else "a request need not carry a body",
            places=places,
        )
        return
    yield from _required(side, before, after)
    yield from rest(side, before, after, frozenset({"required", "content"}))
    yield from media_changes(side, before, after)
