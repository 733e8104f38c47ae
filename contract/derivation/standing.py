"""Documents beside a spec that people edit → what becomes of each interface in it.

An interface is new, or it stands in the spec already, or another document describes its method and
path. Where a document's own operation has another method or path now, the operation moves there and
keeps everything else that reviewers wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contract.documents import InterfaceDocument, UnreadableDocument, read_one
from contract.spec.operations import Operation, Spec

Call = tuple[str, str]
"""A method in capitals, and a path."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An interface whose method and path another document describes: that document comes first."""

    document: InterfaceDocument
    first: InterfaceDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What becomes of documents in a spec.

    Attributes:
        accepted: those that are added, or stand there already.
        refused: those that change nothing.
        moved: the operations that get another method or path: from where → to where.
    """

    accepted: tuple[InterfaceDocument, ...]
    refused: tuple[Refused, ...]
    moved: Mapping[Call, Call]


def call_of(document: InterfaceDocument) -> Call:
    """Give the method and path that a document states."""
    return document.method.text, document.address.text


def standing(spec: Spec | None, documents: Sequence[InterfaceDocument]) -> Standing:
    """Find what becomes of documents in a spec; None is a spec that is still to be written."""
    operations = spec.operations if spec else ()
    described = {(each.method, each.path): each for each in operations}
    accepted: dict[Call, InterfaceDocument] = {}
    refused: list[Refused] = []
    for document in documents:
        call = call_of(document)
        first = accepted.get(call) or _other(described.get(call), document)
        if first is None:
            accepted[call] = document
        else:
            refused.append(Refused(document, first))
    moved = dict(_moved(operations, tuple(accepted.values()), documents))
    return Standing(accepted=tuple(accepted.values()), refused=tuple(refused), moved=moved)


def _other(operation: Operation | None, document: InterfaceDocument) -> InterfaceDocument | None:
    """Give the other document that describes an operation; None where there is none to be read."""
    if operation is None or operation.document is None:
        return None
    if _same(operation.document, document.path):
        return None
    try:
        other = read_one(operation.document, operation.method, operation.path)
    except UnreadableDocument:
        return None
    return other if call_of(other) == call_of(document) else None


def _moved(
    operations: Sequence[Operation],
    accepted: Sequence[InterfaceDocument],
    documents: Sequence[InterfaceDocument],
) -> Iterator[tuple[Call, Call]]:
    """Find the operations whose own document states another method or path now."""
    stated = {(each.method, each.path) for each in operations}
    for path in dict.fromkeys(each.path for each in accepted):
        calls = {call_of(each) for each in documents if _same(each.path, path)}
        left = [
            each
            for each in operations
            if each.document
            and _same(each.document, path)
            and (each.method, each.path) not in calls
        ]
        new = [each for each in accepted if each.path == path and call_of(each) not in stated]
        for document in new:
            alike = [each for each in left if each.summary == document.title.text]
            found = left if len(left) == len(new) == 1 else alike
            if len(found) == 1:
                old = found[0]
                left.remove(old)
                yield (old.method, old.path), call_of(document)


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
