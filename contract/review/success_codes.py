"""The business codes of samples, beside `x-business-success`.

No member is known by its name: which one carries the business code was learned from the samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contract.documents import InterfaceDocument, Sample
from contract.findings import Level, Place
from contract.instances import present
from contract.review.columns import RULES as OF_COLUMNS
from contract.review.examples import RULES as OF_EXAMPLES
from contract.review.review_rule import OperationRule, Reviewed, Violation
from contract.review.sample_messages import (
    ANSWER,
    SampledMessage,
    first_success,
    messages,
    told,
)
from contract.review.table_differences import RULES as OF_TABLES
from contract.review.value_differences import Steps, same
from contract.spec.operations import Operation
from contract.spec.vocabulary import shown


def success_codes(reviewed: Reviewed) -> Iterator[Violation]:
    """Find samples whose business code means something else to the spec than to the document."""
    document, member = reviewed.document, reviewed.operation.business_code
    if document is None:
        return
    message = next(each for each in messages(reviewed) if each.kind == ANSWER)
    if member is None:
        yield from _without_code(reviewed.operation, document, message)
        return
    listed = member.schema["x-business-success"]
    success = listed if isinstance(listed, list) else [listed]
    place = member.schema.at("x-business-success")
    known = told(document)
    for samples, means in ((document.good, True), (document.failed, False)):
        for sample in (each for each in samples if not known.names(each)):
            for found in present(sample.value, member.path):
                if any(same(found.value, each) for each in success) is not means:
                    kind = "a success" if means else "a failure"
                    yield _of_code(message, sample, found.steps, found.value, kind, success, place)


def _of_code(  # noqa: PLR0913, PLR0917 - one code, and where both sides say it
    message: SampledMessage,
    sample: Sample,
    steps: Steps,
    code: object,
    kind: str,
    success: Sequence[object],
    place: Place,
) -> Violation:
    name = next((name for each, name in message.pairs.pairs if each.line == sample.line), "")
    return Violation(
        subject=str(steps[-1]),
        promise=f"the document's sample shows {shown(code)} in {kind}",
        evidence=f"x-business-success is {', '.join(map(shown, success))}",
        places=(message.at_sample(sample, steps), place),
        remedy="list the codes of successes, and no others, or have the sample corrected",
        about=frozenset({str(steps[-1]), message.token(name, steps)}),
    )


def _without_code(
    operation: Operation, document: InterfaceDocument, message: SampledMessage
) -> Iterator[Violation]:
    """Find that the spec names no business code where samples show which member carries it."""
    path, sample = document.envelope.code, first_success(document)
    member = next((each for each in operation.members if each.path == path), None)
    if (
        document.envelope.doubt
        or not path
        or not document.envelope.success
        or member is None
        or sample is None
    ):
        return
    codes = ", ".join(map(shown, document.envelope.success))
    yield Violation(
        subject=path[-1],
        promise=f"the document's sample shows {codes} in a success",
        evidence=f"{path[-1]} has no x-business-success",
        places=(message.at_sample(sample, path), member.place),
        remedy=f"add x-business-success: [{codes}]",
    )


_EARLIER = tuple(rule.name for rule in (*OF_TABLES, *OF_COLUMNS, *OF_EXAMPLES))

RULES = (
    OperationRule(
        name="success-code",
        title="成功码不一致",
        find=success_codes,
        compares=True,
        english="x-business-success lists the business code of every sample of a success, and of "
        "no failure.",
        chinese="x-business-success 包含所有成功样例的业务码，且不含失败样例的业务码。",
        source="the samples of the document",
        level=Level.TABLE,
        after=("invalid-openapi", *_EARLIER, "member-without-property", "sample-differs"),
        broken='x-business-success: ["0000"]',
        right='x-business-success: ["000"]',
    ),
)
