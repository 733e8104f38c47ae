"""The form of a rule for interface documents, and for specs beside them.

The rules of documents stand in `documents/document_rules.py`, those of specs beside the functions
that apply them in `review/`; `contract.review.RULES` lists them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from contract.registry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Entry):
    """A rule as a registry lists it.

    Attributes:
        title: what is wrong where it is broken, in a few Chinese words; the page shows it.
        cell: the column of a field table that it is about; empty where it is about a whole row,
            or about no row at all.
    """

    title: str
    cell: str = ""
