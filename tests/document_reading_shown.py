"""What a document is read as, in lines that people can review.

`python -m tests.document_reading_shown` writes the expected reading beside each document of
`tests/documents/forms/`; read the difference before it is committed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from contract.documents import InterfaceDocument, Row
from contract.documents.cells import Kind
from contract.documents.document_reading import read
from contract.documents.status_answers import SUCCESS

FORMS = Path(__file__).parent / "documents" / "forms"
"""The documents in the forms that people have; one folder a form."""


def shown(path: Path) -> str:
    """Write what a document is read as."""
    return "\n".join(line for each in read(path) for line in _interface(each)) + "\n"


def _interface(document: InterfaceDocument) -> Iterator[str]:
    yield f"{document.method.text} {document.address.text} {document.title.text}:{document.line}"
    if document.status != SUCCESS:
        yield f"  succeeds with {document.status}"
    for way, whole in (("asks", document.body), ("answers", document.whole)):
        if whole is not None and whole.kind is Kind.ARRAY:
            yield f"  {way} a list of {whole.items.value if whole.items else '?'}:{whole.line}"
    if document.media_type:
        yield f"  as {document.media_type}"
    for each in document.environments:
        yield f"  at {each.name} {each.address or '-'}"
    if document.statuses:
        yield f"  statuses {' '.join(each.text for each in document.statuses)}"
    yield from _rows(">", document.parameters)
    yield from _rows("<", document.answer)
    for sample in document.samples:
        way = "asks" if sample.is_request else "answers"
        unread = " (no JSON)" if sample.trouble else ""
        yield f"  {way} {sample.title}:{sample.line}{unread}"
    for other in document.others:
        yield f"  status {other.status.text}:{other.status.line} {other.description}".rstrip()
        yield from _rows("  <", other.rows)
    yield f"  rows {document.rows_read} of {document.table_rows}"
    for found in document.findings:
        lines = " ".join(str(place.line) for place in found.places)
        yield f"  ! {found.claim} {found.subject}:{lines}"


def _rows(mark: str, rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        must = {True: "!", False: "", None: "?"}[row.is_required]
        kind = row.kind.value if row.kind else "unknown"
        limit = f" {row.min_length or ''}..{row.limit}" if row.limit else ""
        place = f" {row.location}" if row.location else ""
        example = f" = {row.example}" if row.example else ""
        yield f"  {mark} {'.'.join(row.path)}{must} {kind}{limit}{place}{example}:{row.line}"


if __name__ == "__main__":
    for document in sorted(FORMS.glob("*/*.md")):
        document.with_suffix(".expected.txt").write_text(shown(document), encoding="utf-8")
