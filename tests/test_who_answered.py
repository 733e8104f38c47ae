"""Who answered, and the verdict on every kind of answer, at every strictness."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from contract.findings import Level
from contract.judging.exchange import Exchange, Response
from contract.judging.provenance import provenance_of
from contract.judging.verdict import Judgement, Verdict, judge
from contract.spec.operations import Operation
from mock_server.answers.draw import Draw
from mock_server.answers.generators import maker_of
from mock_server.drawing.captcha import Captchas
from tests.answer_table import ANSWERS, Came
from tests.judged_answers import REQUEST

SAMPLES = 5


@pytest.fixture(scope="module")
def goods(operation: Operation) -> list[str]:
    captchas = Captchas("who answered")
    make = maker_of(operation.schema, operation.success)
    drawn = (make(Draw(captchas, captchas.number(each))) for each in range(SAMPLES))
    return [json.dumps(json.loads(json.dumps(each)), ensure_ascii=False) for each in drawn]


def judged(operation: Operation, came: Came, goods: list[str]) -> Judgement:
    headers = (("Content-Type", came.label),) if came.label else ()
    exchanges = [
        Exchange(number, REQUEST, Response(came.status, headers, came.bytes_of(good)), 0.1)
        for number, good in enumerate(goods, 1)
    ]
    return judge(operation, provenance_of(operation), exchanges, strictness=Level.TABLE)


def expected(came: Came) -> list[Verdict]:
    if came.reason:
        return [Verdict.INCONCLUSIVE] * len(Level)
    if not came.breaks:
        return [Verdict.CONFORMS] * len(Level)
    breaks = Level[came.level.upper()]
    return [Verdict.VIOLATES if breaks <= each else Verdict.CONFORMS for each in Level]


@pytest.mark.parametrize("came", ANSWERS, ids=lambda came: came.name)
def test_an_answer_gets_its_verdict_at_every_strictness_and_says_who_answered(
    came: Came, operation: Operation, goods: list[str]
) -> None:
    judgement = judged(operation, came, goods)

    verdicts = [replace(judgement, strictness=each).verdict for each in Level]
    assert verdicts == expected(came)
    told = {(each.reason, str(each.who)) for _, each in judgement.unjudged}
    assert told == ({(came.reason, came.who)} if came.reason else set())
    assert came.breaks in {found.claim for found in judgement.findings} | {""}
    assert all(each.evidence.isprintable() for _, each in judgement.unjudged)


def test_judging_again_says_the_same(operation: Operation, goods: list[str]) -> None:
    def said(came: Came) -> tuple[object, ...]:
        judgement = judged(operation, came, goods)
        return judgement.verdict, judgement.findings, judgement.unjudged

    first = [said(came) for came in ANSWERS]

    assert [said(came) for came in ANSWERS] == first
