"""What `x-mock-expects` holds a request to: the number of a captcha and its answer go together."""

from __future__ import annotations

from collections.abc import Iterator

from contract.findings import Level
from contract.review.review_rule import SpecRule, Violation
from contract.spec.composition import merged
from contract.spec.expectations import Expectation, expectations
from contract.spec.operations import Operation, Spec
from contract.spec.references import optional
from contract.spec.vocabulary import CAPTCHA_ANSWER, CAPTCHA_NAME, CAPTCHA_NUMBER
from contract.spelling import did_you_mean

_OTHER = {CAPTCHA_NUMBER: CAPTCHA_ANSWER, CAPTCHA_ANSWER: CAPTCHA_NUMBER}


def half_captchas(spec: Spec) -> Iterator[Violation]:
    """Find numbers of captchas without an answer beside them, and answers without a number.

    Where nothing gives a captcha a number or a name, it is the last one of its session.
    """
    are_numbered = any(map(_numbers_captchas, spec.operations))
    for operation in spec.operations:
        found = [each for each in expectations(operation) if each.word in _OTHER]
        for word, other in _OTHER.items():
            mine = [each for each in found if each.word == word]
            theirs = sum(each.word == other for each in found)
            if word == CAPTCHA_ANSWER and not (theirs or are_numbered):
                continue
            for lonely in mine[theirs:]:
                yield _violation(operation, lonely, other)


def _numbers_captchas(operation: Operation) -> bool:
    """Say whether an operation gives captchas numbers, or takes the names of them."""
    asked = operation.body.members if operation.body else ()
    schemas = [
        *(each.schema for each in (*operation.members, *asked)),
        *(each.schema for each in operation.parameters),
        *(optional(each, "schema") for each in operation.answer.headers.values()),
    ]
    return any(merged(each).get("x-mock") == CAPTCHA_NUMBER for each in schemas) or any(
        each.word == CAPTCHA_NAME for each in expectations(operation)
    )


def _violation(operation: Operation, lonely: Expectation, other: str) -> Violation:
    body = operation.body.members if operation.body else ()
    names = {*(each.name for each in operation.parameters), *(each.name for each in body)}
    names.discard(lonely.path[-1])
    hint = did_you_mean(lonely.path[-1], sorted(names), most=1).strip()
    return Violation(
        subject=lonely.path[-1],
        operation=operation.id,
        evidence=f"{lonely.name} is held to {lonely.word}, and no value beside it to {other}",
        places=(lonely.place,),
        remedy=f"set x-mock-expects: {other} where the request carries it, or remove this one"
        + (f"; {hint}" if hint else ""),
    )


RULES = (
    SpecRule(
        name="half-captcha",
        title="图形验证码缺少一半",
        find=half_captchas,
        english="Number and answer of a captcha go together, where captchas have numbers or names.",
        chinese="图片编号（captcha.id）与图形验证码（captcha.answer）成对出现；会话验证码没有编号。",
        source="openapi/README.md: x-mock-expects",
        level=Level.TABLE,
        after=("invalid-openapi", "name", "unknown-word"),
        broken="x-mock: captcha.id",
        right="x-mock-expects: captcha.id",
    ),
)
