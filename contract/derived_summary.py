"""What `derive` ends with: how much of each document was read, and what was not, by its line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from contract.documents import InterfaceDocument
from contract.documents.document_rules import UNREAD
from contract.documents.heading_words import Part, part_of
from contract.findings import named


def summary(documents: Sequence[InterfaceDocument]) -> str:
    """Write what was read of documents, one line for each, and one for each thing not read."""
    lines = [line for _, each in groupby(documents, _name) for line in _of_file(tuple(each))]
    return "\n".join(lines)


def _name(document: InterfaceDocument) -> str:
    return named(document.path)


def _of_file(documents: Sequence[InterfaceDocument]) -> Iterator[str]:
    read = sum(each.rows_read for each in documents)
    there = max(read, sum(each.table_rows for each in documents))
    calls = ", ".join(f"{each.method.text} {each.address.text}" for each in documents)
    count = "1 operation" if len(documents) == 1 else f"{len(documents)} operations"
    rows = "row" if there == 1 else "rows"
    yield f"{_name(documents[0])}: {count} ({calls}), {read} of {there} {rows} read"
    if not any(each.environments for each in documents) and not _lists_hosts(documents[0]):
        yield "  no environment: the document names no host, so only --base-url chooses one"
    for document in documents:
        for each in document.findings:
            if each.claim in UNREAD:
                yield f"  not read: {each.places[0]} {each.subject}: {each.evidence}; {each.remedy}"


def _lists_hosts(document: InterfaceDocument) -> bool:
    """Say whether a heading announces environments, even if there are none."""
    marked = (line.strip() for line in document.lines if line.lstrip().startswith(("#", "*")))
    return any(part_of(heading.strip("#* ")) is Part.ENVIRONMENTS for heading in marked)
