"""Interface document (Markdown) → `InterfaceDocument`: frozen values that know their lines.

To read one more way of writing documents: one more word or pattern in the registry at the top of
the module that reads it: `cells.py` (types, requirements, lengths), `column_words.py` (columns),
`heading_words.py`, `address_words.py` (keys), `locations.py`, `member_names.py` (marks),
`success_words.py`. A place where a call is stated is a function in `stated_calls.py`, a form is an
entry of `forms.py`; its documents stand in `tests/documents/forms/`, and
`python -m tests.document_reading_shown` writes what they are read as.
"""

from __future__ import annotations

from contract.documents.addresses import ListedEnvironment, RequestLine
from contract.documents.block import Stated
from contract.documents.choice import chosen, read_one
from contract.documents.envelopes import read
from contract.documents.field_rows import Row
from contract.documents.interface_document import InterfaceDocument, UnreadableDocument
from contract.documents.samples import Sample

__all__ = [
    "InterfaceDocument",
    "ListedEnvironment",
    "RequestLine",
    "Row",
    "Sample",
    "Stated",
    "UnreadableDocument",
    "chosen",
    "read",
    "read_one",
]
