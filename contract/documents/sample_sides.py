"""Samples whose titles do not say whether they show a request or an answer: 示例, 成功.

Where such a sample stands says it: below the rows of the request or of the answer. What
it shows decides where it shows more rows of the other side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contract.documents.field_rows import Row
from contract.documents.interface_document import InterfaceDocument
from contract.documents.request_rows import FORMS, location, media_type, parameter_rows
from contract.documents.row_places import objects, rows_root
from contract.documents.samples import ANSWERS, ASKS, Sample, read_sample
from contract.documents.shown_values import typed
from contract.documents.success_words import said_of

_SIDE = "请求参数"
"""What the title of a request begins with that names no side itself."""


def with_sides(document: InterfaceDocument) -> InterfaceDocument:
    """Give a document whose samples all say whether they show a request, without programs."""
    sided = (sample for sample in _sided(document) if not sample.is_program)
    is_form = media_type(document) in FORMS
    samples = (_with_form(each, document) if is_form else each for each in sided)
    return replace(document, samples=tuple(samples))


def _with_form(sample: Sample, document: InterfaceDocument) -> Sample:
    """Give a request in which the pairs of a form are its value, each of its row's type."""
    if not sample.is_request or sample.value is not None or sample.request is None:
        return sample
    rows = parameter_rows(document)
    kinds = {row.name: row.kind for row in rows if location(row, document) == "body"}
    pairs = {name: typed(kinds[name], text) for name, text in sample.request.query if name in kinds}
    return replace(sample, value=pairs or None)


def _sided(document: InterfaceDocument) -> Iterator[Sample]:
    for sample in document.samples:
        if not _is_named(sample) and _is_asked(document, sample):
            yield read_sample(f"{_SIDE} {sample.title}".strip(), sample.text, sample.line)
        else:
            yield sample


def _is_named(sample: Sample) -> bool:
    """Say whether the title says which side a sample shows; a success or failure is an answer."""
    named = ANSWERS.search(sample.title) or ASKS.search(sample.title)
    return named is not None or said_of(sample.title) is not None


def _is_asked(document: InterfaceDocument, sample: Sample) -> bool:
    marks = {document.parameters_line: True, document.answer_line: False}
    marks |= {each.line: each.is_request for each in document.samples if _is_named(each)}
    above = {line: asks for line, asks in marks.items() if 0 < line < sample.line}
    if not above:
        return _shows(sample.value, document.parameters) > _shows(sample.value, document.answer)
    if not above[max(above)]:
        return False
    return _shows(sample.value, document.parameters) >= _shows(sample.value, document.answer)


def _shows(value: object, rows: Sequence[Row]) -> int:
    """Count the rows that a sample shows."""
    names = {row.path[0] for row in rows}
    held = value
    for step in rows_root(names, value):
        held = held.get(step) if isinstance(held, dict) else None
    return len(names & {name for _, holder in objects(held) for name in holder})
