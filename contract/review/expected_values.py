"""What `x-mock-expects` holds a request to: the number of a captcha and its answer go together."""

from __future__ import annotations

from collections.abc import Iterator

from contract.findings import Level
from contract.review.review_rule import OperationRule, Reviewed, Violation
from contract.spec.expectations import Expectation, expectations
from contract.spec.operations import Operation
from contract.spec.vocabulary import CAPTCHA_ANSWER, CAPTCHA_NUMBER
from contract.spelling import did_you_mean

_OTHER = {CAPTCHA_NUMBER: CAPTCHA_ANSWER, CAPTCHA_ANSWER: CAPTCHA_NUMBER}


def half_captchas(reviewed: Reviewed) -> Iterator[Violation]:
    """Find numbers of captchas without an answer beside them, and answers without a number."""
    operation = reviewed.operation
    found = [each for each in expectations(operation) if each.word in _OTHER]
    for word, other in _OTHER.items():
        mine = [each for each in found if each.word == word]
        for lonely in mine[sum(each.word == other for each in found) :]:
            yield _violation(operation, lonely, other)


def _violation(operation: Operation, lonely: Expectation, other: str) -> Violation:
    body = operation.body.members if operation.body else ()
    names = {*(each.name for each in operation.parameters), *(each.name for each in body)}
    names.discard(lonely.path[-1])
    hint = did_you_mean(lonely.path[-1], sorted(names), most=1).strip()
    return Violation(
        subject=lonely.path[-1],
        evidence=f"{lonely.name} is held to {lonely.word}, and no value beside it to {other}",
        places=(lonely.place,),
        remedy=f"set x-mock-expects: {other} where the request carries it, or remove this one"
        + (f"; {hint}" if hint else ""),
    )


RULES = (
    OperationRule(
        name="half-captcha",
        title="图形验证码缺少一半",
        find=half_captchas,
        english="A request that is held to the number of a captcha is held to its answer too.",
        chinese="请求中图片编号（captcha.id）与图形验证码（captcha.answer）成对出现。",
        source="openapi/README.md: x-mock-expects",
        level=Level.TABLE,
        after=("invalid-openapi", "name", "unknown-word"),
        broken="x-mock: captcha.id",
        right="x-mock-expects: captcha.id",
    ),
)
