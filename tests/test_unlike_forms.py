"""Answers that are no object of JSON: a text, a file, nothing, a list; every fault is told there.

Each fault is applied to healthy answers in process, and what comes is judged: it is told by what it
names and by nothing else, or it says why it breaks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from contract.findings import Level
from contract.judging.exchange import Exchange, Request, Response
from contract.judging.provenance import provenance_of
from contract.judging.verdict import Judgement, Verdict, judge
from contract.spec.loading import load
from contract.spec.operations import Operation
from mock_server.answer_editing import Answer, NotApplicable
from mock_server.answers.draw import Draw
from mock_server.answers.replies import ServedOperation, served_operations
from mock_server.drawing.captcha import Captchas
from mock_server.faults import FAULTS
from mock_server.faults.fault import Fault
from mock_server.faults.variations import VARIATIONS

FORMS = Path(__file__).parent / "specs" / "forms.yaml"
CAPTCHAS = Captchas("forms")
SERVED: Mapping[str, ServedOperation] = served_operations(load(FORMS), CAPTCHAS).operations
REQUEST = Request("POST", "http://localhost/it", ())
NOW = ("Date", "Thu, 26 Nov 2026 08:00:00 GMT")

of_every_form = pytest.mark.parametrize("name", SERVED)


def healthy(name: str) -> list[Answer]:
    good = SERVED[name].good
    return [good.answer(good.make(Draw(CAPTCHAS, CAPTCHAS.number(each)))) for each in range(3)]


def response(answer: Answer) -> Response:
    label = (("Content-Type", answer.media_type),) if answer.media_type else ()
    return Response(int(answer.status), (*label, NOW, *answer.headers), answer.body)


def judged(operation: Operation, *answers: Answer) -> Judgement:
    exchanges = [
        Exchange(
            number,
            REQUEST,
            Response(
                int(each.status),
                (
                    *((("Content-Type", each.media_type),) if each.media_type else ()),
                    NOW,
                    *each.headers,
                ),
                each.body,
            ),
            0.01,
        )
        for number, each in enumerate(answers, start=1)
    ]
    return judge(operation, provenance_of(operation), exchanges, strictness=Level.STRICT)


@of_every_form
def test_a_healthy_answer_conforms(name: str) -> None:
    judgement = judged(SERVED[name].operation, *healthy(name))

    assert (judgement.verdict, judgement.findings) == (Verdict.CONFORMS, ())


def broken(fault: Fault, name: str) -> list[Answer] | None:
    """Give the broken answers; None where the fault breaks nothing, or below HTTP."""
    try:
        answers = [fault.apply(each, SERVED[name].operation) for each in healthy(name)]
    except NotApplicable:
        return None
    made = [each for each in answers if isinstance(each, Answer)]
    coded = any(key == "content-encoding" for each in made for key, _ in each.headers)
    in_transfer = fault.kind == "wires" or fault.inconclusive == "too-large" or coded
    return None if in_transfer or len(made) < len(answers) else made


def told(name: str, answers: list[Answer]) -> Iterator[str]:
    judgement = judged(SERVED[name].operation, *answers)
    yield from sorted({found.claim for found in judgement.findings})
    yield from sorted({reading.reason for _, reading in judgement.unjudged})


@of_every_form
def test_a_fault_is_told_by_what_it_names_and_by_nothing_else(name: str) -> None:
    wrong = {
        fault.name: found
        for fault in (*FAULTS.values(), *VARIATIONS.values())
        if (answers := broken(fault, name)) is not None
        and (found := [*told(name, answers)])
        != [*sorted(fault.detected_by), *([fault.inconclusive] if fault.inconclusive else [])]
    }

    assert wrong == {}


@of_every_form
def test_many_faults_break_each_form(name: str) -> None:
    assert sum(broken(fault, name) is not None for fault in FAULTS.values()) >= 40


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("note", "note answers with a text"),
        ("seal", "seal answers with a file"),
        ("dropDrafts", "dropDrafts answers with no body"),
        ("plates", "plates has no business code"),
    ],
)
def test_a_fault_says_why_it_breaks_nothing(name: str, reason: str) -> None:
    fault = FAULTS["msg-in-english"] if name != "plates" else FAULTS["operation-unknown"]

    with pytest.raises(NotApplicable, match=reason):
        fault.apply(healthy(name)[0], SERVED[name].operation)


PAGE = Answer(200, "text/html", b"<html><title>Login</title></html>")
OTHERS = {
    "a login page in place of a text": ("note", PAGE, "not-the-service"),
    "a login page in place of a picture": ("seal", PAGE, "not-the-service"),
    "a login page in place of nothing": ("dropDrafts", PAGE, "not-the-service"),
    "a text in place of a picture": (
        "seal",
        Answer(200, "text/plain", b"not now"),
        "not-the-service",
    ),
    "an error object in place of a text": (
        "note",
        Answer(200, "application/json", b'{"code": 500}'),
        "not-the-operation",
    ),
    "another text": ("note", Answer(200, "text/plain;charset=GBK", b"hello"), ""),
    "a text that is too long": ("note", Answer(200, "text/plain", b"x" * 61), "max-length"),
    "an empty text": ("note", Answer(200, "text/plain", b""), "body-as-documented"),
    "an empty picture": ("seal", Answer(200, "image/png", b""), "body-as-documented"),
    "another kind of picture": ("seal", Answer(200, "image/jpeg", b"\xff\xd8"), "media-type"),
    "204 with nothing": ("dropDrafts", Answer(204, "", b""), ""),
    "200 with nothing": ("dropDrafts", Answer(200, "", b""), "status"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_comes_in_place_of_a_text_a_file_or_nothing_is_told(what: str) -> None:
    name, answer, expected = OTHERS[what]

    judgement = judged(SERVED[name].operation, answer, answer)

    found = [each.claim for each in judgement.findings]
    found += sorted({reading.reason for _, reading in judgement.unjudged})
    assert found == ([expected] if expected else [])
