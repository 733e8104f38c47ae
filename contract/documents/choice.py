"""The one interface of a document that an operation stands for."""

from __future__ import annotations

from pathlib import Path

from contract.documents.envelopes import read
from contract.documents.interface_document import InterfaceDocument, UnreadableDocument
from contract.findings import Place, named


def read_one(path: Path, method: str, address: str) -> InterfaceDocument:
    """Read the interface of a document that has this method and path.

    If the document has only one, it is the one that is meant, and what differs is a finding.

    Args:
        path: the document.
        method: in capitals.
        address: the path, as the spec writes it.

    Raises:
        UnreadableDocument: the document cannot be read, or none of its interfaces is meant.
    """
    return chosen(read(path), method, address)


def chosen(found: tuple[InterfaceDocument, ...], method: str, address: str) -> InterfaceDocument:
    """Choose the interface with this method and path; else the only one with this path.

    Raises:
        UnreadableDocument: there are several, and none of them is meant.
    """
    if len(found) == 1:
        return found[0]
    at_path = [each for each in found if each.address.text == address]
    for each in at_path:
        if each.method.text == method:
            return each
    if len(at_path) == 1:
        return at_path[0]
    calls = ", ".join(f"{each.method.text} {each.address.text}" for each in found)
    place = Place(named(found[0].path), found[0].line)
    raise UnreadableDocument(place, f"none of its interfaces is {method} {address}: {calls}")
