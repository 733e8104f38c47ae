"""What a document contradicts in itself and in the spec: one slip, told once.

A cell of a row that the spec and the sample contradict is one slip. So is a row that is gone from
the table only, or has another name there. The finding that compares document and spec stays, and
says what the document's own finding said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from contract.documents import InterfaceDocument, document_rules
from contract.documents.document_rules import broken
from contract.findings import Finding, named
from contract.review.columns import RULES as OF_COLUMNS
from contract.review.sample_messages import within
from contract.review.table_differences import NAME, PROPERTY_WITHOUT_ROW, ROW_WITHOUT_PROPERTY

_CELLS = {rule.name: rule.cell for rule in OF_COLUMNS}
"""The rules that compare a column → its cell."""
_SHIFTED = "unreadable-row"
_LACKED = "row-missing-in-sample"
_UNDESCRIBED = "undescribed-member"
_UNCLEAR = "unclear-nesting"
_OF_SAMPLES = frozenset({_LACKED, "null-in-sample", "sample-value-type", "sample-value-too-long"})
"""The rules that hold a sample to a cell of its row."""
_BAR = re.compile(r"(?<!\\)\|")
_UNDERLINE = re.compile(r"\s*\|?[\s:|-]*---[\s:|-]*")
_UNREAD = frozenset(
    {"unknown-requirement", "unknown-type", "unreadable-length", "list-without-list-type"}
)
"""The rules of cells that say nothing that could be compared."""


def told_once(
    own: Sequence[Finding], compared: Sequence[Finding], document: InterfaceDocument
) -> Sequence[Finding]:
    """Give the findings of a document and of its comparison, each slip once.

    Args:
        own: what the document contradicts in itself, or what cannot be read in it.
        compared: where the spec differs from it.
        document: that is compared.
    """
    own = (*own, *_shifted(own, compared, document))
    left = _without_renamed(own)
    told: list[Finding] = []
    rows_at = Counter(row.line for row in (*document.parameters, *document.answer))
    for found in compared:
        alone = rows_at[found.places[0].line] <= 1  # else the line alone tells no row
        if any(_is_unread(each, found) for each in own if alone or each.subject == found.subject):
            continue
        same = [
            each
            for each in left
            if _is_same(each, found) and (alone or each.subject == found.subject)
        ]
        left = [each for each in left if each not in same]
        more = "".join(f"; {each.evidence} (line {each.places[-1].line})" for each in same)
        told.append(replace(found, evidence=found.evidence + more))
    return (*left, *told)


def _shifted(
    own: Sequence[Finding], compared: Sequence[Finding], document: InterfaceDocument
) -> Iterator[Finding]:
    """Find the rows with more or fewer cells than their header, where several columns differ."""
    known = {place.line for each in own for place in each.places if each.claim == _SHIFTED}
    differing = Counter(each.places[0].line for each in compared if each.claim in _CELLS)
    rows = {row.line: row for row in (*document.parameters, *document.answer)}
    for line, count in differing.items():
        there, wanted = _cells(document, line), _cells(document, _header(document, line))
        counted = wanted and there and there != wanted
        if count > 1 and line in rows and line not in known and counted:
            yield broken(
                _SHIFTED,
                where=named(document.path),
                lines=(line,),
                subject=rows[line].name,
                evidence=f"{there} cells in {wanted} columns, so that some stand in the wrong "
                "column",
                remedy=f"write {wanted} cells, also the empty ones",
            )


def _cells(document: InterfaceDocument, line: int) -> int:
    """Count the cells of a table's line in Markdown; 0 where it is none."""
    text = document.lines[line - 1].strip() if line else ""
    if text.startswith("<"):
        return 0
    return len(_BAR.findall(text.strip("|"))) + 1 if _BAR.search(text) else 0


def _header(document: InterfaceDocument, line: int) -> int:
    """Find the header of the table that a row stands in: above the line that underlines it."""
    above = range(line - 1, 1, -1)
    return next((n - 1 for n in above if _UNDERLINE.fullmatch(document.lines[n - 1])), 0)


def _is_unread(own: Finding, compared: Finding) -> bool:
    """Say whether a comparison is about a cell, or a row, that could not be read."""
    if compared.claim not in _CELLS or own.places[0].line != compared.places[0].line:
        return False
    cell = document_rules.RULES[own.claim].cell
    return own.claim == _SHIFTED or (own.claim in _UNREAD and cell == _CELLS[compared.claim])


def _without_renamed(own: Sequence[Finding]) -> list[Finding]:
    """Leave out what a lacking member makes doubtful, and what a sample shows under another name.

    The finding about the other name tells that the sample lacks the row, and names its line.
    """
    instead = {each.places[0].line for each in own if each.claim == _UNDESCRIBED}
    lacked = [each for each in own if each.claim == _LACKED]
    rows = {each.places[0].line for each in lacked}
    left = [each for each in own if each not in lacked or each.places[0].line not in instead]
    return [
        each
        for each in left
        if each.claim != _UNCLEAR or rows.isdisjoint(place.line for place in each.places)
    ]


def _is_same(own: Finding, compared: Finding) -> bool:
    """Say whether a finding of a document tells the slip that a comparison tells."""
    lines = {place.line for place in own.places}
    if compared.claim in _CELLS:
        cell = document_rules.RULES[own.claim].cell if own.claim in _OF_SAMPLES else ""
        return cell == _CELLS[compared.claim] and compared.places[0].line in lines
    if compared.claim == PROPERTY_WITHOUT_ROW.name:
        return own.claim == _UNDESCRIBED and own.subject == compared.subject
    if compared.claim in {NAME.name, ROW_WITHOUT_PROPERTY.name}:
        about = {_LACKED, _UNDESCRIBED} if compared.claim == NAME.name else {_LACKED}
        return own.claim in about and compared.places[0].line in lines
    return False


_OF_ENVELOPE = frozenset(
    {"sample-differs", "example-without-sample", "rows-elsewhere", "success-code"}
    | {"sample-without-example"}
)
_DOUBT = "unparted-samples"


def told_once_of_samples(
    own: Sequence[Finding], of_samples: Sequence[Finding], about: Collection[str]
) -> Sequence[Finding]:
    """Leave out of a document's findings what only follows from what its samples differ in.

    Args:
        own: the findings of a document, and where the spec differs from it.
        of_samples: where the samples differ from the examples of the spec.
        about: what these are about.
    """
    differing = [each for each in of_samples if each.claim in _OF_ENVELOPE]
    above = tuple(f"{each.pointer}/" for each in differing if each.pointer)
    subjects = {each.subject for each in own if each.claim in {*_OF_SAMPLES, _UNDESCRIBED}}

    def follows(found: Finding) -> bool:
        if found.claim == _LACKED:
            return within(found.subject) in about or found.pointer.startswith(above or "//")
        code = found.subject.rpartition(".")[2]
        settled = bool(differing) or code in subjects or _UNDESCRIBED in {e.claim for e in own}
        return found.claim == _DOUBT and settled

    return [each for each in own if not follows(each)]
