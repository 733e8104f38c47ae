"""The changes of requests: their parameters and their body.

To compare another part of a request: write its function here, and call it in `request_changes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from contract.changes.cases import Sending, cases
from contract.changes.change import Change, Effect, Words
from contract.changes.media import contents, described_changes, media_changes, schema_of
from contract.changes.schemas import SpecComparison
from contract.changes.sides import Side, rest, word_changes
from contract.spec.operations import Operation
from contract.spec.yaml_text import Located

Key = tuple[str, str]
"""Where a parameter stands, and its name."""
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_PARAMETER = frozenset({"name", "in", "required", "schema", "content", "style", "explode"})
_IGNORED = frozenset({"accept", "content-type", "authorization"})
"""The header parameters that OpenAPI says to ignore: other parts of the spec say them."""
_PLAIN = 2
"""How many levels of a parameter are sent as plain text: itself, and its items or members."""
TEMPLATE = re.compile(r"\{([^{}]*)\}")
"""A parameter in the template of a path."""


def request_changes(comparison: SpecComparison, old: Operation, new: Operation) -> Iterator[Change]:
    """Find what changed in the requests of an operation.

    Raises:
        InvalidSpec: the parameters or the body cannot be read.
    """
    yield from _parameters(comparison, old, new)
    yield from _body(comparison, old, new)


# Parameters.


def _parameters(comparison: SpecComparison, old: Operation, new: Operation) -> Iterator[Change]:
    names = dict(zip(*(TEMPLATE.findall(each.path) for each in (old, new)), strict=False))
    before, after = _by_place(old), _by_place(new)
    told = _Telling(comparison, new)
    for (where, name), parameter in tuple(before.items()):
        if where == "path" and names.get(name, name) != name:
            renamed = (where, names[name])
            before[renamed] = before.pop((where, name))
            if renamed in after:
                yield told.change(renamed, "renamed", (parameter, after[renamed]))
    gone = {key: before[key] for key in before if key not in after}
    came = {key: after[key] for key in after if key not in before}
    for key, parameter in came.items():
        source = next((each for each in gone if each[1].lower() == key[1].lower()), None)
        if source:
            yield told.change(key, "moved", (gone.pop(source), parameter))
        else:
            needed = parameter.get("required") is True
            yield told.change(key, "needed" if needed else "added", (_none(old), parameter))
    for key, parameter in gone.items():
        yield told.change(key, "removed", (parameter, _none(new)))
    for key, parameter in before.items():
        if key in after and not comparison.likeness.same(parameter, after[key]):
            yield from told.parameter(key, parameter, after[key])


def _none(operation: Operation) -> Located:
    return Located(operation.place)


def _by_place(operation: Operation) -> dict[Key, Located]:
    """Give the parameters by where they stand and their name; the case of headers is ignored."""
    return {
        (each.location, each.name.lower() if each.location == "header" else each.name): each.node
        for each in operation.parameters
        if each.location != "header" or each.name.lower() not in _IGNORED
    }


_SAID: Mapping[str, tuple[Effect, Words, Words]] = {
    "needed": (
        Effect.BREAKING,
        Words("{name} is new, and required", "新增必填参数 {name}"),
        Words("a request without {name} is now refused", "不带 {name} 的请求现在会被拒绝"),
    ),
    "added": (
        Effect.COMPATIBLE,
        Words("{name} is new", "新增可选参数 {name}"),
        Words("a request may carry {name}, but need not", "请求可以带 {name}，但不必须"),
    ),
    "removed": (
        Effect.COMPATIBLE,
        Words("{name} is no longer documented", "不再说明参数 {name}"),
        Words("a request need no longer carry {name}", "请求不必再带 {name}"),
    ),
    "moved": (
        Effect.BREAKING,
        Words("{name} is sent in another place", "参数 {name} 换了位置"),
        Words(
            "a request that carries {name} in its old place is now refused",
            "在原位置带 {name} 的请求现在会被拒绝",
        ),
    ),
    "renamed": (
        Effect.DOCUMENTATION,
        Words("a part of the path is now called {name}", "路径中的参数改名为 {name}"),
        Words("the URL is the same, whatever its parts are called", "URL 不变，只是参数改了名"),
    ),
}
"""What each change of a whole parameter does, what it is, and why."""


class _Telling:
    """The changes of the parameters of one operation."""

    def __init__(self, comparison: SpecComparison, operation: Operation) -> None:
        self.comparison = comparison
        self.operation = operation

    def side(self, key: Key) -> Side:
        return Side(
            operation=self.operation.id,
            name="parameter",
            subject=key[1],
            likeness=self.comparison.likeness,
            pointer=key,
            texts=_PLAIN,
        )

    def change(self, key: Key, word: str, nodes: tuple[Located, Located]) -> Change:
        effect, what, why = _SAID[word]
        was, now = (f"{node['name']} in {node['in']}" if node else "nothing" for node in nodes)
        name = str((nodes[1] or nodes[0])["name"])
        return self.side((key[0], name)).change(
            effect,
            f"parameter-{'added' if word == 'needed' else word}",
            was=was,
            now=f"{now}, required" if word == "needed" else now,
            what=Words(*(each.format(name=name) for each in what)),
            why=Words(*(each.format(name=name) for each in why)),
            places=(nodes[0].place, nodes[1].place),
        )

    def parameter(self, key: Key, old: Located, new: Located) -> Iterator[Change]:
        side = self.side((key[0], str(new["name"])))
        if key[0] != "path":
            yield from _required(side, old, new)
        yield from rest(side, old, new, _PARAMETER)
        before, after = contents(old), contents(new)
        places = (old.place, new.place)
        if before or after:
            types = sorted(before), sorted(after)
            if types[0] != types[1]:
                yield _media_type(side, types, (old, new))
            for media_type in before.keys() & after.keys():
                here = Side(
                    operation=side.operation,
                    name=side.name,
                    subject=side.subject,
                    likeness=side.likeness,
                    pointer=side.pointer,
                )
                yield from described_changes(
                    self.comparison, here, before[media_type], after[media_type]
                )
            return
        if _is_composed(schema_of(old)) and _is_composed(schema_of(new)):
            styles = _style(key[0], old), _style(key[0], new)
            yield from word_changes(side, (), "style", styles, places)
        yield from described_changes(self.comparison, side, old, new)


def _media_type(
    side: Side, types: tuple[list[str], list[str]], nodes: tuple[Located, Located]
) -> Change:
    was, now = (", ".join(each) or "plain text" for each in types)
    return side.change(
        Effect.BREAKING,
        "parameter-media-type-changed",
        was=was,
        now=now,
        what=Words(
            f"{side.subject} is written as {now} instead of {was}",
            f"{side.subject} 的书写形式由 {was} 变为 {now}",
        ),
        why=Words(
            "a request that writes it in the old form is now refused",
            "按原形式书写的请求现在会被拒绝",
        ),
        places=(nodes[0].at("content"), nodes[1].at("content")),
    )


def _style(where: str, node: Located) -> str:
    style = str(node.get("style", _STYLES.get(where)))
    explode = node.get("explode", style == "form")
    return f"{style}, {'' if explode is True else 'not '}exploded"


def _is_composed(schema: Located) -> bool:
    """Say whether a value may have parts, whose layout matters then."""
    return any(case.kinds & {"array", "object"} for case in cases((schema,), Sending(request=True)))


def _required(side: Side, old: Located, new: Located) -> Iterator[Change]:
    was, now = (node.get("required") is True for node in (old, new))
    if was != now:
        english = f"a request without {side.subject} is now "
        yield side.change(
            Effect.BREAKING if now else Effect.COMPATIBLE,
            f"{side.name}-{'required' if now else 'optional'}",
            was="required" if was else "optional",
            now="required" if now else "optional",
            what=Words(
                f"{side.subject} is {'required' if now else 'optional'} now",
                f"{side.subject}：由{'可选变为必填' if now else '必填变为可选'}",
            ),
            why=Words(
                english + ("refused" if now else "accepted too"),
                f"不带 {side.subject} 的请求现在{'会被拒绝' if now else '也有效'}",
            ),
            places=(old.at("required"), new.at("required")),
        )


# The body.


def _body(comparison: SpecComparison, old: Operation, new: Operation) -> Iterator[Change]:
    before, after = (each.body.node if each.body else None for each in (old, new))
    if before is None and after is None:
        return
    side = Side(operation=new.id, name="request", subject="request", likeness=comparison.likeness)
    if before is not None and after is not None:
        if not comparison.likeness.same(before, after):
            yield from _required(side, before, after)
            yield from rest(side, before, after, frozenset({"required", "content"}))
            yield from media_changes(comparison, side, before, after)
        return
    places = (before.place if before else old.place, after.place if after else new.place)
    needed = after is not None and after.get("required") is True
    if after is None:
        why = Words(
            "a request that carries a body may now be refused, and its content is lost",
            "带请求体的请求现在可能被拒绝，其内容不再被读取",
        )
    elif needed:
        why = Words("a request without a body is now refused", "不带请求体的请求现在会被拒绝")
    else:
        why = Words("a request need not carry a body", "请求不必带请求体")
    yield side.change(
        Effect.BREAKING if needed or after is None else Effect.COMPATIBLE,
        f"request-{'added' if before is None else 'removed'}",
        was="no body" if before is None else "a body",
        now="no body" if after is None else "a required body" if needed else "a body",
        what=Words("a request no longer has a body", "请求不再有请求体")
        if after is None
        else Words("a request has a body now", "请求现在有请求体"),
        why=why,
        places=places,
    )
