"""The examples of `docs/judging.md` are judged as the page says, in both languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from contract.findings import Level
from contract.judging.exchange import Exchange, Response
from contract.judging.provenance import provenance_of
from contract.judging.reasons import REASONS
from contract.judging.verdict import judge
from contract.judging.who_answered import WHO
from contract.spec.operations import Operation
from mock_server.captcha import Captchas
from mock_server.draw import Draw
from mock_server.generators import answer_maker
from tests.judged_answers import REQUEST
from tests.loopback import ROOT

ROW = re.compile(r"\| `(\d{3}) (\S+) (.+)` \| (\w+)[^`|]*(?:`sample`[^`|]*)?(?:`([\w-]+)`)? \|$")
PAGES = ("judging.md", "judging.zh-CN.md")


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def examples(name: str) -> list[tuple[str, ...]]:
    found = (ROW.search(line) for line in page(name).splitlines())
    return [row.groups(default="") for row in found if row]


@pytest.mark.parametrize("name", PAGES)
def test_every_example_of_the_page_gets_the_verdict_that_it_shows(
    name: str, operation: Operation
) -> None:
    captchas = Captchas("the page")
    make = answer_maker(operation)
    drawn = [make(Draw(captchas, captchas.number(each))) for each in range(3)]
    goods = [json.dumps(json.loads(json.dumps(each)), ensure_ascii=False) for each in drawn]
    listed = examples(name)

    def judged(status: str, label: str, body: str) -> tuple[str, set[str]]:
        exchanges = [
            Exchange(
                number,
                REQUEST,
                Response(
                    int(status),
                    (("Content-Type", label),),
                    ("" if body == "-" else body).replace("{good}", good).encode(),
                ),
                0.1,
            )
            for number, good in enumerate(goods, 1)
        ]
        judgement = judge(operation, provenance_of(operation), exchanges, strictness=Level.TABLE)
        told = {each.reason for _, each in judgement.unjudged}
        told |= {each.claim for each in judgement.findings}
        at_sample = replace(judgement, strictness=Level.SAMPLE).verdict
        warned = judgement.verdict != at_sample
        return "finding" if warned else str(judgement.verdict), told

    wrong = [
        (example, came)
        for example in listed
        if (came := judged(*example[:3]))[0] != example[3]
        or (example[4] and example[4] not in came[1])
    ]
    assert (wrong, len(listed) >= 35) == ([], True)


def test_both_pages_have_the_same_examples() -> None:
    first, second = map(examples, PAGES)

    assert first == second


@pytest.mark.parametrize("name", PAGES)
def test_the_page_names_every_reason_and_everybody_who_can_answer(name: str) -> None:
    told = page(name)

    assert {each for each in REASONS if f"`{each}`" not in told} == {"unrecorded", "not-observed"}
    assert [words for who, words in WHO.items() if who and words[0] not in told] == []
