"""Two specs → what changed for those who call the interface, and the effect of each change.

Loosening an answer breaks a client, and so does tightening a request. Operations are matched by
method and path. The order of members, comments, and the use of `$ref` do not matter.

To add a rule: write its entry in `change_rules.py`, and yield the change where that part of the
spec is compared: here, in `requests.py`, `answers.py`, `callbacks.py`, `servers.py` or `media.py`.
A kind of constraint needs only its entry in `families.py`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from contract.changes.answers import answer_changes
from contract.changes.callbacks import callback_changes
from contract.changes.change import Change, Effect, Use, Words
from contract.changes.change_rules import RULES
from contract.changes.requests import TEMPLATE, request_changes
from contract.changes.schemas import SpecComparison
from contract.changes.servers import WHOLE, environment_changes, security_changes
from contract.changes.sides import Side, rest, word_changes
from contract.findings import Place
from contract.json_pointer import unescape
from contract.spec.operations import Operation, Spec
from contract.spec.references import InvalidSpec
from contract.spec.yaml_text import Located

__all__ = ["RULES", "Change", "Effect", "Use", "Words", "changes", "matched"]

_ROOT = frozenset({"openapi", "paths", "components", "servers", "security"})
_OPERATION = frozenset(
    {"operationId", "parameters", "requestBody", "responses", "servers", "security", "callbacks"}
)
_ORDER = tuple(Effect)
_FRAMES = 20_000
"""How deeply the comparison may call itself: a chain of schemas that refer to each other."""


def changes(old: Spec, new: Spec) -> tuple[Change, ...]:
    """Find every change between two specs, and list the breaking ones first.

    Raises:
        InvalidSpec: a body, or an answer other than the successful one, cannot be read.
    """
    try:
        with _deep():
            found = tuple(_distinct(_shared(_once(_changes(old, new)))))
    except RecursionError:
        raise InvalidSpec(new.tree.place, "is nested too deeply to be compared") from None
    return tuple(sorted(found, key=lambda change: _ORDER.index(change.effect)))


@contextmanager
def _deep() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _changes(old: Spec, new: Spec) -> Iterator[Change]:
    comparison = SpecComparison()
    for word in {**old.tree, **new.tree}:
        if word not in _ROOT:
            yield from _information(comparison, old.tree, new.tree, word)
    unread = {(each.method, each.path) for each in (*old.unread, *new.unread)}
    yield from _unread(comparison, old, new)
    for before, after in matched(old, new):
        if before and after:
            yield from _operation(comparison, (old, before), (new, after))
        elif any(each and (each.method, each.path) in unread for each in (before, after)):
            continue
        elif before:
            yield _lone(comparison, before, "removed", (before.place, new.tree.at("paths")))
        elif after:
            yield _lone(comparison, after, "added", (old.tree.at("paths"), after.place))


def _information(
    comparison: SpecComparison, old: Located, new: Located, word: str
) -> Iterator[Change]:
    side = Side(operation=WHOLE, name="answer", subject=word, likeness=comparison.likeness)
    rule = "extension-changed" if word.startswith("x-") else "wording-changed"
    places = (old.at(word), new.at(word))
    why = Words(
        "it is about the interface as a whole, and not about any request or answer",
        "只涉及接口整体的说明，与请求和应答无关",
    )
    for change in word_changes(side, (), word, (old.get(word), new.get(word)), places):
        yield replace(change, effect=Effect.DOCUMENTATION, rule=rule, why=why)


def matched(old: Spec, new: Spec) -> Iterator[tuple[Operation | None, Operation | None]]:
    """Match operations by method and path, even if parameters of the path are renamed."""
    left = {(each.method, each.path): each for each in old.operations}
    right = {(each.method, each.path): each for each in new.operations}
    pairs = {key: right.pop(key) for key in left if key in right}
    similar = {(method, TEMPLATE.sub("{}", path)): (method, path) for method, path in right}
    for key, before in left.items():
        alike = (
            similar.pop((key[0], TEMPLATE.sub("{}", key[1])), None) if key not in pairs else None
        )
        yield before, right.pop(alike) if alike else pairs.get(key)
    for after in right.values():
        yield None, after


def _lone(
    comparison: SpecComparison, operation: Operation, word: str, places: tuple[Place, Place]
) -> Change:
    gone = word == "removed"
    call = f"{operation.method} {operation.path}"
    side = Side(
        operation=operation.id,
        name="answer",
        subject="operation",
        likeness=comparison.likeness,
    )
    return side.change(
        Effect.BREAKING if gone else Effect.COMPATIBLE,
        f"operation-{word}",
        was=call if gone else "nothing",
        now="nothing" if gone else call,
        what=Words(
            f"{call} is {'gone' if gone else 'new'}", f"{'删除' if gone else '新增'}接口 {call}"
        ),
        why=Words(f"{call} is no longer answered", f"{call} 不再有应答")
        if gone
        else Words("no client calls it yet", "还没有调用方使用它"),
        places=places,
    )


def _unread(comparison: SpecComparison, old: Spec, new: Spec) -> Iterator[Change]:
    """Tell the operations that cannot be compared, as one spec cannot be read there."""
    before, after = (
        {(each.method, each.path): each for each in spec.unread} for spec in (old, new)
    )
    for key in {**before, **after}:
        was, now = before.get(key), after.get(key)
        each = now or was
        if each is None or (was and now and _is_same(comparison, old.tree, new.tree, key)):
            continue
        side = Side(
            operation=each.id, name="answer", subject="operation", likeness=comparison.likeness
        )
        yield side.change(
            Effect.BREAKING,
            "unproved-change",
            was=was.reason if was else "readable",
            now=now.reason if now else "readable",
            what=Words(
                f"{each.call} cannot be compared: {each.reason}",
                f"{each.call} 无法比较：{each.reason}",
            ),
            why=Words("nothing proves that clients do not notice", "无法证明变更对调用方没有影响"),
            places=(
                was.place if was else old.tree.at("paths"),
                now.place if now else new.tree.at("paths"),
            ),
        )


def _is_same(comparison: SpecComparison, old: Located, new: Located, key: tuple[str, str]) -> bool:
    """Say whether two specs describe an operation in the same words, references and all."""
    method, path = key
    nodes = []
    for node in (old, new):
        found: object = node.get("paths")
        for step in (path, method.lower()):
            found = found.get(step) if isinstance(found, Located) else None
        nodes.append(found)
    parts = old.get("components"), new.get("components")
    return comparison.likeness.same(*nodes) and comparison.likeness.same(*parts)


def _operation(
    comparison: SpecComparison, old: tuple[Spec, Operation], new: tuple[Spec, Operation]
) -> Iterator[Change]:
    before, after = old[1], new[1]
    side = Side(
        operation=after.id, name="answer", subject="operation", likeness=comparison.likeness
    )
    if before.id != after.id:
        yield side.change(
            Effect.COMPATIBLE,
            "operation-renamed",
            was=before.id,
            now=after.id,
            what=Words(
                f"the operationId is {after.id} instead of {before.id}",
                f"operationId 由 {before.id} 改为 {after.id}",
            ),
            why=Words(
                "no HTTP client notices; code that is generated again names its functions by it",
                "HTTP 调用方不受影响；重新生成的代码会以新名称命名函数",
            ),
            places=(before.node.at("operationId"), after.node.at("operationId")),
        )
    yield from rest(side, before.node, after.node, _OPERATION)
    yield from environment_changes(old, new, comparison.likeness)
    yield from security_changes(side, old, new)
    yield from request_changes(comparison, before, after)
    yield from answer_changes(comparison, replace(side, subject="answer"), before, after)
    yield from callback_changes(comparison, side, before.node, after.node)


# Each change once.


def _once(found: Iterable[Change]) -> Iterator[Change]:
    """Merge the changes by the same rule at the same place into one."""
    merged: dict[tuple[str, str], Change] = {}
    for change in found:
        key = (change.id, change.pointer)
        known = merged.setdefault(key, change)
        if known is not change and (change.was, change.now) != (known.was, known.now):
            worst = min((known, change), key=lambda each: _ORDER.index(each.effect))
            merged[key] = replace(
                worst,
                was=_joined(known.was, change.was),
                now=_joined(known.now, change.now),
                what=known.what.joined(change.what),
                why=known.why.joined(change.why),
            )
    yield from merged.values()


def _joined(one: str, other: str) -> str:
    return one if other in one.split("; ") else f"{one}; {other}"


def _shared(found: Iterable[Change]) -> Iterator[Change]:
    """Merge what one text of the spec brings about wherever it is used."""
    merged: dict[tuple[object, ...], list[Change]] = {}
    for change in found:
        key = (change.rule, change.effect, change.was, change.now, change.places)
        merged.setdefault(key, []).append(change)
    for same in merged.values():
        yield replace(same[0], uses=tuple(use for change in same for use in change.uses))


def _distinct(found: Iterable[Change]) -> Iterator[Change]:
    """Name changes by their whole path where they would share an id; a waiver names one change."""
    known = tuple(found)
    ids = Counter(change.id for change in known)
    for change in known:
        steps = [unescape(step) for step in change.pointer.split("/") if step not in {"", "*"}]
        shared = ids[change.id] > 1 and steps
        yield replace(change, subject=".".join(steps)) if shared else change
