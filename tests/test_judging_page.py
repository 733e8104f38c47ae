"""The examples of `docs/judging.md` are judged as the page says, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest

from contract.findings import Level
from contract.judging.exchange import Exchange, Failure, Response
from contract.judging.provenance import provenance_of
from contract.judging.reasons import REASONS
from contract.judging.verdict import Verdict, judge
from contract.judging.who_answered import WHO
from contract.spec.operations import Operation
from mock_server.answers.draw import Draw
from mock_server.answers.generators import maker_of
from mock_server.drawing.captcha import Captchas
from tests.judged_answers import REQUEST
from tests.loopback import ROOT

ROW = re.compile(r"\| `([^`]+)` \| (\w+)[^`|]*(?:`(sample|strict)`[^`|]*)?(?:`([\w-]+)`)? \|$")
ANSWER = re.compile(r"(\d{3}) (\S+) ((?:[A-Z][\w-]+: [^;]+; )*)(?:after ([\d.]+) s )?(.+)")
PAGES = ("judging.md", "judging.zh-CN.md")


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def examples(name: str) -> list[tuple[str, ...]]:
    found = (ROW.search(line) for line in page(name).splitlines())
    return [row.groups(default="") for row in found if row]


def came(text: str, number: int, stands_for: Mapping[str, str]) -> Exchange:
    """Make the exchange that an example writes: a failure, or an answer with what stands in it."""
    answer = ANSWER.fullmatch(text)
    if answer is None:
        kind, _, evidence = text.partition(": ")
        return Exchange(number, REQUEST, Failure(kind, evidence), 0.1)
    status, label, headers, seconds, body = answer.groups(default="")
    for name, value in stands_for.items():
        body = body.replace(name, value)
    named = [each.split(": ") for each in headers.removesuffix("; ").split("; ") if each]
    return Exchange(
        number,
        REQUEST,
        Response(
            int(status),
            (("Content-Type", label), *((name, value) for name, value in named)),
            b"" if body == "-" else body.encode(),
        ),
        float(seconds or 0.1),
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_example_of_the_page_gets_the_verdict_that_it_shows(
    name: str, operation: Operation
) -> None:
    captchas = Captchas("the page")
    make = maker_of(operation.schema, operation.success)
    drawn = [make(Draw(captchas, captchas.number(each))) for each in range(4)]
    goods = [json.loads(json.dumps(each)) for each in drawn]
    whole = [json.dumps(each, ensure_ascii=False) for each in goods]
    listed = examples(name)

    def judged(example: str, level: str) -> tuple[str, set[str]]:
        several = example.split(" then ")
        exchanges = [
            came(
                several[(number - 1) % len(several)],
                number,
                {
                    "{good}": whole[number - 1],
                    "{same}": whole[0],
                    "{img}": goods[number - 1]["data"]["img"],
                    "{base64}": goods[number - 1]["data"]["img"].partition(",")[2],
                    "{id}": goods[number - 1]["data"]["img_code_id"],
                    "{BOM}": "\ufeff",
                },
            )
            for number in range(1, 5)
        ]
        judgement = judge(operation, provenance_of(operation), exchanges, strictness=Level.TABLE)
        told = {each.reason for _, each in judgement.unjudged}
        told |= {each.claim for each in judgement.findings if level in {"", str(each.level)}}
        higher = replace(judgement, strictness=Level[(level or "sample").upper()]).verdict
        warned = judgement.verdict is Verdict.CONFORMS and higher is Verdict.VIOLATES
        return "finding" if warned else str(judgement.verdict), told

    wrong = [
        (example, found)
        for example, verdict, level, word in listed
        if (found := judged(example, level))[0] != verdict or (word and word not in found[1])
    ]
    assert (wrong, len(listed) >= 55) == ([], True)


@pytest.mark.parametrize("name", PAGES)
def test_every_row_of_the_table_has_an_example(name: str) -> None:
    table = page(name).split("\n## ")[2]

    rows = re.findall(r"^\| .*\|$", table, re.MULTILINE)[1:]
    assert [row for row in rows if not ROW.search(row)] == []


def test_both_pages_have_the_same_examples() -> None:
    first, second = map(examples, PAGES)

    assert first == second


@pytest.mark.parametrize("name", PAGES)
def test_the_page_names_every_reason_and_everybody_who_can_answer(name: str) -> None:
    told = page(name)

    assert {each for each in REASONS if f"`{each}`" not in told} == {"unrecorded", "not-observed"}
    assert [words for who, words in WHO.items() if who and words[0] not in told] == []
