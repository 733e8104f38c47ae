"""Two specs → what changed for those who call the interface, and the effect of each change.

Loosening an answer breaks a client, and so does tightening a request. Operations are matched by
method and path. The order of members, comments, and the use of `$ref` do not matter.

To add a rule: write its entry in `change_rules.py`, and yield the change where that part of the
spec is compared: here, in `requests.py`, `servers.py` or `media.py`. A kind of constraint needs
only its entry in `families.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from contract.changes.cases import canonical
from contract.changes.change import Change, Effect
from contract.changes.change_rules import RULES
from contract.changes.media import media_changes
from contract.changes.requests import TEMPLATE, request_changes
from contract.changes.servers import WHOLE, environment_changes, security_changes
from contract.changes.sides import Side, rest, word_changes
from contract.findings import Place
from contract.json_pointer import unescape
from contract.spec.operations import Operation, Spec
from contract.spec.references import InvalidSpec, mapping
from contract.spec.yaml_text import Located

__all__ = ["RULES", "Change", "Effect", "changes"]

_ROOT = frozenset({"openapi", "paths", "components", "servers", "security"})
_OPERATION = frozenset(
    {"operationId", "parameters", "requestBody", "responses", "servers", "security"}
)
_ORDER = tuple(Effect)


def changes(old: Spec, new: Spec) -> tuple[Change, ...]:
    """Find every change between two specs, and list the breaking ones first.

    Raises:
        InvalidSpec: a body, or an answer other than the successful one, cannot be read.
    """
    try:
        found = tuple(_distinct(_once(_changes(old, new))))
    except RecursionError:
        raise InvalidSpec(new.tree.place, "is nested too deeply to be compared") from None
    return tuple(sorted(found, key=lambda change: _ORDER.index(change.effect)))


def _changes(old: Spec, new: Spec) -> Iterator[Change]:
    for word in {**old.tree, **new.tree}:
        if word not in _ROOT:
            yield from _information(old.tree, new.tree, word)
    for before, after in _matched(old, new):
        if before and after:
            yield from _operation((old, before), (new, after))
        elif before:
            yield _lone(before, "removed", (before.place, new.tree.at("paths")))
        elif after:
            yield _lone(after, "added", (old.tree.at("paths"), after.place))


def _information(old: Located, new: Located, word: str) -> Iterator[Change]:
    side = Side(operation=WHOLE, name="answer", subject=word)
    rule = "extension-changed" if word.startswith("x-") else "wording-changed"
    places = (old.at(word), new.at(word))
    for change in word_changes(side, (), word, (old.get(word), new.get(word)), places):
        reason = "it is about the interface as a whole, and not about any request or answer"
        yield replace(change, effect=Effect.DOCUMENTATION, rule=rule, reason=reason)


def _matched(old: Spec, new: Spec) -> Iterator[tuple[Operation | None, Operation | None]]:
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


def _lone(operation: Operation, word: str, places: tuple[Place, Place]) -> Change:
    gone = word == "removed"
    call = f"{operation.method} {operation.path}"
    return Side(operation=operation.id, name="answer", subject="operation").change(
        Effect.BREAKING if gone else Effect.COMPATIBLE,
        f"operation-{word}",
        (),
        was=call if gone else "nothing",
        now="nothing" if gone else call,
        reason=f"{call} is no longer answered" if gone else "no client calls it yet",
        places=places,
    )


def _operation(old: tuple[Spec, Operation], new: tuple[Spec, Operation]) -> Iterator[Change]:
    before, after = old[1], new[1]
    side = Side(operation=after.id, name="answer", subject="operation")
    if before.id != after.id:
        yield side.change(
            Effect.DOCUMENTATION,
            "operation-renamed",
            (),
            was=before.id,
            now=after.id,
            reason="no HTTP client notices; generated clients name their functions by it",
            places=(before.node.at("operationId"), after.node.at("operationId")),
        )
    yield from rest(side, before.node, after.node, _OPERATION)
    yield from environment_changes(old, new)
    yield from security_changes(side, before, after)
    yield from request_changes(before, after)
    yield from _answers(before, after)


# Answers.


def _answers(old: Operation, new: Operation) -> Iterator[Change]:
    before, after = dict(old.responses), dict(new.responses)
    good, now = (next(code for code in each if code.startswith("2")) for each in (before, after))
    places = (old.node.at("responses"), new.node.at("responses"))
    side = Side(operation=new.id, name="answer", subject="answer")
    if good not in after:
        after = {good: after.pop(now), **after}
        yield side.change(
            Effect.BREAKING,
            "answer-status-changed",
            (),
            was=good,
            now=now,
            reason=f"a client that waits for the status {good} never gets it",
            places=places,
        )
    for status in {**before, **after}:
        here = (
            side
            if status == good
            else replace(side, subject=f"{status}.answer", pointer=(status,), prefix=f"{status}.")
        )
        if status in before and status in after:
            yield from _answer(here, before[status], after[status])
        else:
            word = "added" if status in after else "removed"
            yield here.change(
                Effect.COMPATIBLE,
                f"answer-status-{word}",
                (),
                was="nothing" if word == "added" else status,
                now=status if word == "added" else "nothing",
                reason="the successful answer is the same, and others were always possible",
                places=places,
            )


def _answer(side: Side, old: Located, new: Located) -> Iterator[Change]:
    yield from rest(side, old, new, frozenset({"content", "headers"}))
    yield from _header_changes(side, old, new)
    yield from media_changes(side, old, new)


def _header_changes(side: Side, old: Located, new: Located) -> Iterator[Change]:
    before, after = _headers(old), _headers(new)
    places = (old.at("headers"), new.at("headers"))
    gone = [name for name in before if name not in after]
    came = [name for name in after if name not in before]
    if any(before[name] != after[name] for name in before.keys() & after.keys()):
        yield from word_changes(side, (), "headers", (before, after), places)
        return
    for names, word in ((gone, "removed"), (came, "added")):
        if names:
            listed = ", ".join(names)
            yield side.change(
                Effect.BREAKING if word == "removed" else Effect.COMPATIBLE,
                f"answer-header-{word}",
                (),
                was=listed if word == "removed" else "nothing",
                now="nothing" if word == "removed" else listed,
                reason=f"a client may rely on {listed}"
                if word == "removed"
                else "a client may ignore a header",
                places=places,
            )


def _headers(answer: Located) -> dict[str, str]:
    place = answer.at("headers")
    headers = mapping(answer.get("headers", Located(place)), place, "headers")
    return {name.lower(): canonical(header) for name, header in headers.items()}


# Each change once.


def _once(found: Iterable[Change]) -> Iterator[Change]:
    """Merge the changes by the same rule at the same place into one."""
    merged: dict[tuple[str, str], Change] = {}
    for change in found:
        key = (change.id, change.pointer)
        known = merged.setdefault(key, change)
        if known is not change and (change.was, change.now) != (known.was, known.now):
            worst = min((known, change), key=lambda each: _ORDER.index(each.effect))
            was = _joined(known.was, change.was)
            merged[key] = replace(worst, was=was, now=_joined(known.now, change.now))
    yield from merged.values()


def _joined(one: str, other: str) -> str:
    return one if other in one.split("; ") else f"{one}; {other}"


def _distinct(found: Iterable[Change]) -> Iterator[Change]:
    """Name changes by their whole path where they would share an id; a waiver names one change."""
    known = tuple(found)
    ids = [change.id for change in known]
    for change in known:
        steps = [unescape(step) for step in change.pointer.split("/") if step not in {"", "*"}]
        shared = ids.count(change.id) > 1 and steps
        yield replace(change, subject=".".join(steps)) if shared else change
