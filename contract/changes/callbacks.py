"""The changes of callbacks: requests that the server sends to a client that asked for them.

What a server sends there is read by the client, as an answer is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from contract.changes.change import Change, Effect, Words
from contract.changes.media import media_changes
from contract.changes.schemas import SpecComparison
from contract.changes.sides import Side
from contract.spec.operations import METHODS
from contract.spec.yaml_text import Located

_Calls = Mapping[tuple[str, str, str], Located]


def callback_changes(
    comparison: SpecComparison, side: Side, old: Located, new: Located
) -> Iterator[Change]:
    """Find what changed in the callbacks of an operation."""
    if side.likeness.same(old.get("callbacks"), new.get("callbacks")):
        return
    before, after = _calls(old), _calls(new)
    for key in {**before, **after}:
        name, address, method = key
        here = replace(side, subject=name, pointer=("callbacks", *key), prefix=f"{name}.")
        if key in before and key in after:
            bodies = [call.get("requestBody") for call in (before[key], after[key])]
            one, other = (
                body if isinstance(body, Located) else Located(call.place)
                for body, call in zip(bodies, (before[key], after[key]), strict=True)
            )
            yield from media_changes(comparison, here, one, other)
            continue
        gone = key in before
        call = f"{method.upper()} {address}"
        yield here.change(
            Effect.BREAKING if gone else Effect.COMPATIBLE,
            f"callback-{'removed' if gone else 'added'}",
            was=call if gone else "nothing",
            now="nothing" if gone else call,
            what=Words(
                f"the callback {name} is {'gone' if gone else 'new'}",
                f"{'删除' if gone else '新增'}回调 {name}",
            ),
            why=Words("a client may wait for the call", "调用方可能在等待该回调")
            if gone
            else Words("a client gets it only if it asks for it", "调用方请求后才会收到"),
            places=(
                before[key].place if gone else old.at("callbacks"),
                new.at("callbacks") if gone else after[key].place,
            ),
        )


def _calls(operation: Located) -> _Calls:
    """Give the calls of all callbacks, by callback, address and method."""
    callbacks = operation.get("callbacks")
    return {
        (name, address, method): call
        for name, callback in _members(callbacks)
        for address, item in _members(callback)
        for method, call in _members(item)
        if method in METHODS
    }


def _members(node: object) -> Iterator[tuple[str, Located]]:
    for name, inner in node.items() if isinstance(node, Located) else ():
        if isinstance(inner, Located):
            yield name, inner
