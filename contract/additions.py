"""Documents added to a spec that is there, and what became of each of their interfaces.

An interface is added, extended, unchanged, moved (its method or path changed) or refused (another
document describes its method and path). A new outcome is one more branch of `_outcome`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from contract import printable
from contract.consoles import say
from contract.derivation import derive, writing
from contract.derivation.standing import Call, Standing, call_of, standing
from contract.documents import InterfaceDocument
from contract.findings import Finding, named
from contract.review import collisions
from contract.spec.composition import merged
from contract.spec.loading import load
from contract.spec.operations import Operation, Spec
from contract.spec.vocabulary import CAPTCHA_NUMBER


def derive_into(
    into: Path, documents: Sequence[InterfaceDocument], write: Callable[[Path, str], None]
) -> tuple[Finding, ...]:
    """Add documents to a spec, print what became of each, and find what could not be added."""
    spec = load(into) if into.exists() else None
    before = {(each.method, each.path): each for each in (spec.operations if spec else ())}
    found = standing(spec, documents)
    for old, new in found.moved.items():
        before[new] = before.pop(old)
    if found.accepted:
        names = {call: each.id for call, each in before.items()}
        names |= {(each.method, each.path): each.id for each in (spec.unread if spec else ())}
        derived = derive(found.accepted, into.parent, names, _numbers(spec))
        text = writing.added(into, derived, found.moved) if spec else writing.text_of(derived)
        write(into, text)
    calls = {call_of(each) for each in found.accepted}
    for each in load(into).operations if into.exists() else ():
        if (each.method, each.path) in calls:
            say(printable.line(_outcome(each, before, found)))
    told: list[Finding] = []
    for refused in found.refused:
        what = f"{named(refused.document.path)}: {' '.join(call_of(refused.document))}"
        say(printable.line(f"refused {what}"))
        if all(refused.first is not each for each in documents):  # else it is told already
            told += collisions([refused.first, refused.document])
    return tuple(told)


def _numbers(spec: Spec | None) -> frozenset[str]:
    """Give what the answers of a spec call the numbers of captchas."""
    return frozenset(
        member.name
        for operation in (spec.operations if spec else ())
        for member in operation.members
        if merged(member.schema).get("x-mock") == CAPTCHA_NUMBER
    )


def _outcome(operation: Operation, before: dict[Call, Operation], found: Standing) -> str:
    """Say what became of an operation, truthfully: by what it said before and says now."""
    call = operation.method, operation.path
    name = f"{operation.id}: {' '.join(call)}"
    left = next((old for old, new in found.moved.items() if new == call), None)
    if left is not None:
        return f"moved {name}, was {' '.join(left)}"
    old = before.get(call)
    if old is None:
        return f"added {name}"
    same = (old.node, old.environments) == (operation.node, operation.environments)
    return f"{'unchanged' if same else 'extended'} {name}"
