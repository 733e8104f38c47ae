"""What `x-sample` says of a member, compared with the document's sample."""

from __future__ import annotations

from collections.abc import Iterator

from contract.findings import Level
from contract.instances import MISSING, instances, present
from contract.pictures import image
from contract.review.columns import RULES as OF_COLUMNS
from contract.review.operation_differences import RULES as OF_OPERATIONS
from contract.review.review_rule import OperationRule, Reviewed, Violation
from contract.review.sample_messages import ANSWER, messages, token
from contract.review.table_differences import RULES as OF_TABLES
from contract.spec.members import Member
from contract.spec.vocabulary import meaning

_REMEDY = "make x-sample say what the sample shows"


def sample_departures(reviewed: Reviewed) -> Iterator[Violation]:
    """Find where the documented sample shows something other than `x-sample` says."""
    operation = reviewed.operation
    shown = _documented(reviewed)
    if shown is None:
        return
    name, value = shown
    for member in operation.members:
        for each in present(value, member.path):
            if each.value is not None or not member.nullable:
                about = frozenset({member.name, token(ANSWER, name, each.steps)})
                yield from _otherwise(member, each.value, about)
        yield from _absent(member, value)


def _documented(reviewed: Reviewed) -> tuple[str, object] | None:
    """Give the example that stands for the document's first success, else the first example."""
    operation, document = reviewed.operation, reviewed.document
    good = {each.line for each in document.good} if document is not None else set()
    for message in messages(reviewed):
        for sample, name in message.pairs.pairs:
            if message.kind == ANSWER and sample.line in good and name in operation.success:
                return name, operation.success[name]
    return next(iter(operation.success.items()), None)


def _otherwise(member: Member, value: object, about: frozenset[str]) -> Iterator[Violation]:
    for promise in member.promises:
        if promise.level is Level.SAMPLE and promise.keyword != "x-unique":
            evidence = _departure(promise.keyword, promise.argument, value)
            if evidence:
                yield Violation(
                    subject=member.name,
                    evidence=f"{promise.keyword} {promise.argument}, but the sample shows "
                    f"{evidence}",
                    places=(promise.place,),
                    remedy=_REMEDY,
                    about=about,
                )


def _absent(member: Member, shown: object) -> Iterator[Violation]:
    lacking = any(each.value is MISSING for each in instances(shown, member.path))
    if member.required is Level.SAMPLE and lacking:
        yield Violation(
            subject=member.name,
            evidence=f"required {member.name}, but the sample lacks it",
            places=(member.place,),
            remedy=_REMEDY,
        )


def _departure(keyword: str, argument: object, value: object) -> str | None:
    try:
        return meaning(keyword, argument)(value)
    except (image.NotBase64, image.NotAnImage, image.TooLarge) as wrong:
        return str(wrong)


_EARLIER = tuple(rule.name for rule in (*OF_OPERATIONS, *OF_TABLES, *OF_COLUMNS))
"""The rules whose findings would only be repeated here."""

RULES = (
    OperationRule(
        name="sample-breaks-x-sample",
        title="样例与 x-sample 不符",
        find=sample_departures,
        english="x-sample says what the documented sample shows.",
        chinese="x-sample 与文档样例一致。",
        source="openapi/README.md: x-sample",
        level=Level.TABLE,
        after=(
            *("invalid-openapi", *_EARLIER, "example-breaks-schema", "rows-elsewhere"),
            *("member-without-property", "sample-differs"),
        ),
        broken="request_id: {x-sample: {type: string, minLength: 9}}",
        right="request_id: {x-sample: {type: string, minLength: 1}}",
    ),
)
