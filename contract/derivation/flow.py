"""The flow through several documents: a captcha and its number, the login, the token of a call.

`marks` says what the rows of a document are in it. The rows are known by their words
(`flow_words.py`), and the number of a captcha also by the name that another document gives it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contract.derivation import flow_words
from contract.documents import InterfaceDocument, Row
from contract.documents.row_places import objects
from contract.spec.vocabulary import CAPTCHA_ANSWER, CAPTCHA_NAME, CAPTCHA_NUMBER, TOKEN

PICTURE = "captcha.image"
"""What the picture of a captcha is marked as."""

RowPlace = tuple[int, tuple[str, ...]]
"""The line and the path of a row: a table of HTML may have all of its rows in one line."""

Marks = Mapping[RowPlace, str]
"""What rows are in the flow, by their places: a value of `x-mock-expects` or of `x-mock`."""


def place_of(row: Row) -> RowPlace:
    """Give the place by which a row is marked."""
    return row.line, row.path


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCaptchas:
    """What all documents say of captchas together.

    Attributes:
        numbers: the names of their numbers, in answers, their headers, or given by clients.
        names: where a request has the client's own name of a captcha: the path of the file, the
            line, and the path of the row.
        of_session: whether one has neither, so that it is the last one of its session.
    """

    numbers: frozenset[str] = frozenset()
    names: frozenset[tuple[Path, RowPlace]] = frozenset()
    of_session: bool = False


def known_captchas(
    documents: Sequence[InterfaceDocument], numbers: Collection[str] = ()
) -> KnownCaptchas:
    """Find how captchas are named.

    Args:
        documents: all that are described together.
        numbers: the names of numbers that are known besides.
    """
    giving = [each for each in documents if gives_captcha(each)]
    others = [each for each in documents if not gives_captcha(each)]
    found = {flow_words.bare(each) for each in numbers}
    names: set[tuple[Path, RowPlace]] = set()
    of_session = False
    for document in giving:
        numbered = [row for row, mark in _of_answer(document) if mark == CAPTCHA_NUMBER]
        name = None if numbered else _name_in_request(document, others)
        found |= {flow_words.bare(row.name) for row in numbered if not _is_cookie(row)}
        for row in filter(_is_cookie, numbered):
            found |= {"cookie", flow_words.bare(row.example.partition("=")[0])}
        if name is not None:
            found.add(flow_words.bare(name.name))
            names.add((document.path, place_of(name)))
        of_session |= name is None and all(map(_is_cookie, numbered))
    return KnownCaptchas(numbers=frozenset(found), names=frozenset(names), of_session=of_session)


def _name_in_request(
    document: InterfaceDocument, others: Sequence[InterfaceDocument]
) -> Row | None:
    """Find the client's name of a captcha: a row that comes again beside the code of a picture."""
    may_be = [row for row in document.parameters if flow_words.may_be_name(row)]
    logins = [each for each in others if any(map(flow_words.answer_rank, each.parameters))]
    asked = _names_in(logins)
    elsewhere = _names_in(each for each in others if each not in logins)
    again = [row for row in may_be if flow_words.bare(row.name) in asked]
    own = [
        row
        for row in again
        if flow_words.bare(row.name) not in elsewhere or flow_words.names_client(row)
    ]
    numbered = any(flow_words.is_number(row) for each in logins for row in each.parameters)
    spoken = [*filter(flow_words.is_number, may_be)]
    return next(iter([*spoken, *own, *(may_be if numbered else ())]), None)


def _names_in(documents: Iterable[InterfaceDocument]) -> set[str]:
    return {flow_words.bare(row.name) for each in documents for row in each.parameters}


def _is_cookie(row: Row) -> bool:
    return row.name.lower() == "set-cookie"


def marks(document: InterfaceDocument, captchas: KnownCaptchas) -> Marks:
    """Say what the rows of a document are in the flow.

    Args:
        document: whose rows.
        captchas: what all documents say of them.
    """
    answer = {place_of(row): mark for row, mark in _of_answer(document)}
    gives = gives_captcha(document)
    asked = {
        place_of(row): mark
        for row, mark in _captcha_in_request(document.parameters, captchas, gives=gives)
    }
    logs_in = TOKEN in answer.values() and any(map(flow_words.logs_in, document.parameters))
    for row in document.parameters:
        if (document.path, place_of(row)) in captchas.names:
            asked[place_of(row)] = CAPTCHA_NAME
        elif flow_words.is_token(row) and not gives and not logs_in:
            asked.setdefault(place_of(row), TOKEN)
    return {**answer, **asked}


def gives_captcha(document: InterfaceDocument) -> bool:
    """Say whether an answer has the picture of a captcha, leads to it, or is one."""
    if document.picture:
        return flow_words.is_about_captchas(f"{document.title.text} {document.address.text}")
    given = {mark for _, mark in _of_answer(document)}
    return bool(given & {PICTURE, CAPTCHA_NUMBER})


def _captcha_in_request(
    rows: Sequence[Row], captchas: KnownCaptchas, *, gives: bool
) -> Iterator[tuple[Row, str]]:
    known = [row for row in rows if flow_words.bare(row.name) in captchas.numbers]
    number = next(iter([*filter(flow_words.is_number, rows), *known]), None)
    if number is None and (gives or not captchas.of_session):
        return
    others = [row for row in rows if row is not number]
    answer = max(others, key=flow_words.answer_rank, default=None)
    if answer is not None and not flow_words.answer_rank(answer):
        may_be = flow_words.may_be_answer if number in known else flow_words.answer_rank
        answer = next(filter(may_be, others), None)
    if answer is not None and (number is not None or not flow_words.may_be_sent(answer, rows)):
        if number is not None:
            yield number, CAPTCHA_NUMBER
        yield answer, CAPTCHA_ANSWER


def _of_answer(document: InterfaceDocument) -> Iterator[tuple[Row, str]]:
    about = f"{document.title.text} {document.address.text}"
    yield from _of_headers(document)
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


def _of_headers(document: InterfaceDocument) -> Iterator[tuple[Row, str]]:
    about = f"{document.title.text} {document.address.text}"
    if not flow_words.is_about_captchas(about):
        yield from ((row, TOKEN) for row in document.headers if flow_words.is_token(row))
        return
    numbers = [
        *filter(flow_words.is_number, document.headers),
        *filter(flow_words.may_be_number, document.headers),
        *filter(_is_cookie, document.headers),
    ]
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
