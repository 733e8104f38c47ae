"""The flow through several documents: a captcha and its number, the login, the token of a call.

`marks` says what the rows of a document are in it. The rows are known by their words
(`flow_words.py`), and the number of a captcha also by the name that another document gives it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from contract.derivation import flow_words
from contract.documents import InterfaceDocument, Row
from contract.documents.row_places import objects
from contract.spec.vocabulary import CAPTCHA_ANSWER, CAPTCHA_NUMBER, TOKEN

PICTURE = "captcha.image"
"""What the picture of a captcha is marked as."""

RowPlace = tuple[int, tuple[str, ...]]
"""The line and the path of a row: a table of HTML may have all of its rows in one line."""

Marks = Mapping[RowPlace, str]
"""What rows are in the flow, by their places: a value of `x-mock-expects` or of `x-mock`."""


def place_of(row: Row) -> RowPlace:
    """Give the place by which a row is marked."""
    return row.line, row.path


def numbers_of(documents: Sequence[InterfaceDocument]) -> frozenset[str]:
    """Give the names of the numbers that answers put beside the pictures of captchas."""
    return frozenset(
        flow_words.bare(row.name)
        for document in documents
        for row, mark in _of_answer(document)
        if mark == CAPTCHA_NUMBER
    )


def marks(document: InterfaceDocument, numbers: Collection[str]) -> Marks:
    """Say what the rows of a document are in the flow.

    Args:
        document: whose rows.
        numbers: the names of numbers of captchas in the answers of all documents.
    """
    answer = {place_of(row): mark for row, mark in _of_answer(document)}
    asked = {place_of(row): mark for row, mark in _captcha_in_request(document.parameters, numbers)}
    gives_captchas = PICTURE in answer.values()
    logs_in = TOKEN in answer.values() and any(map(flow_words.logs_in, document.parameters))
    if not gives_captchas and not logs_in:
        for row in document.parameters:
            if flow_words.is_token(row):
                asked.setdefault(place_of(row), TOKEN)
    return {**answer, **asked}


def _captcha_in_request(rows: Sequence[Row], numbers: Collection[str]) -> Iterator[tuple[Row, str]]:
    known = [row for row in rows if flow_words.bare(row.name) in numbers]
    number = next(iter([*filter(flow_words.is_number, rows), *known]), None)
    if number is None:
        return
    others = [row for row in rows if row is not number]
    answer = max(others, key=flow_words.answer_rank, default=None)
    if answer is not None and not flow_words.answer_rank(answer):
        may_be = flow_words.may_be_answer if number in known else flow_words.answer_rank
        answer = next(filter(may_be, others), None)
    if answer is not None:
        yield number, CAPTCHA_NUMBER
        yield answer, CAPTCHA_ANSWER


def _of_answer(document: InterfaceDocument) -> Iterator[tuple[Row, str]]:
    about = f"{document.title.text} {document.address.text}"
    shown = [sample.value for sample in document.good]
    is_captcha = flow_words.is_about_captchas(about)
    picture = next(
        (
            row
            for row in document.answer
            if (is_captcha or flow_words.is_about_captchas(f"{row.name} {row.description}"))
            and flow_words.may_be_picture(row, _shown(row, shown))
        ),
        None,
    )
    if picture is None:
        linked = next(filter(flow_words.leads_to_picture, document.answer), None)
        number = next(filter(flow_words.is_number, document.answer), None)
        if is_captcha and linked is not None and number is not None:
            yield number, CAPTCHA_NUMBER
            return
        yield from ((row, TOKEN) for row in document.answer if flow_words.is_token(row))
        return
    yield picture, PICTURE
    beside = [row for row in document.answer if row.path[:-1] == picture.path[:-1]]
    others = [row for row in beside if row is not picture]
    numbers = [*filter(flow_words.is_number, others), *filter(flow_words.may_be_number, others)]
    if numbers:
        yield numbers[0], CAPTCHA_NUMBER


def _shown(row: Row, samples: Sequence[object]) -> object:
    """Give what samples show under the name of a row, at any depth; the first one counts."""
    for sample in samples:
        for _, holder in objects(sample):
            if row.name in holder:
                return holder[row.name]
        if isinstance(sample, Mapping):
            for inner in sample.values():
                found = _shown(row, [inner])
                if found is not None:
                    return found
    return None
