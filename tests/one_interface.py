"""Documents that describe one interface, read as that one."""

from __future__ import annotations

from pathlib import Path

from contract import documents
from contract.documents import InterfaceDocument


def read(path: Path) -> InterfaceDocument:
    (document,) = documents.read(path)
    return document
