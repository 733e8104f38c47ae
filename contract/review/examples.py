"""The examples of a spec, compared with its schemas and with `x-sample`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contract.findings import Level, Place
from contract.instances import MISSING, instances, present
from contract.pictures import image
from contract.review.columns import RULES as OF_COLUMNS
from contract.review.operation_differences import RULES as OF_OPERATIONS
from contract.review.review_rule import OperationRule, Reviewed, Violation
from contract.review.table_differences import RULES as OF_TABLES
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.vocabulary import meaning, validator
from contract.spec.yaml_nodes import place_of
from contract.spec.yaml_text import Located

_LONGEST = 120
_LACKED = re.compile(r'"([^"]+)" is a required property')
_REMEDY = "make x-sample say what the sample shows"

_Illustrated = tuple[str, tuple[Located, ...], object, Place]


def broken_examples(reviewed: Reviewed) -> Iterator[Violation]:
    """Find the examples that break their schemas, each with the members that it is about."""
    for name, schemas, value, place in _illustrated(reviewed.operation):
        wrong = [list(validator(schema).iter_errors(value)) for schema in schemas]
        for error in min(wrong, key=len):  # empty where the example keeps one of the schemas
            steps = list(error.instance_path)
            where = "".join(f"{step}: " for step in steps[-1:])
            about = {str(step) for step in steps[-1:]} | {name, *_LACKED.findall(error.message)}
            yield Violation(
                subject=name,
                evidence=f"{where}{_short(error.message)}",
                places=(place_of(value, steps) if isinstance(value, Located) else place,),
                remedy="correct the example, or let the schema allow it",
                about=frozenset(about),
            )


def _illustrated(operation: Operation) -> Iterator[_Illustrated]:
    """Give every example with its schemas; it must keep one of them."""
    for name, value in operation.examples.items():
        yield name, (operation.schema, *operation.failures), value, operation.place
    members = operation.members
    if operation.body is not None:
        members += operation.body.members
        for name, value in operation.body.examples.items():
            yield name, (operation.body.schema,), value, operation.body.place
    for member in members:
        if "example" in member.schema:
            yield member.name, (member.schema,), member.schema["example"], member.place
    for each in operation.parameters:
        for value in each.examples.values():
            yield each.name, (each.schema,), value, each.place


def sample_departures(reviewed: Reviewed) -> Iterator[Violation]:
    """Find where the documented sample shows something other than `x-sample` says."""
    operation = reviewed.operation
    shown = next(iter(operation.success.values()), None)
    for member in operation.members if shown is not None else ():
        for each in present(shown, member.path):
            if each.value is not None or not member.nullable:
                yield from _otherwise(member, each.value)
        yield from _absent(member, shown)


def _otherwise(member: Member, value: object) -> Iterator[Violation]:
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


def unquoted_codes(reviewed: Reviewed) -> Iterator[Violation]:
    """Find success codes that YAML reads as numbers although the code is a text."""
    member = reviewed.operation.business_code
    success = member.schema["x-business-success"] if member else []
    for code in success if isinstance(success, list) else [success]:
        if member and not isinstance(code, str) and member.schema.get("type") == "string":
            yield Violation(
                subject=member.name,
                evidence=f"YAML reads the code as the number {code}",
                places=(member.schema.at("x-business-success"),),
                remedy='quote it, as in ["000"]',
            )


def _short(message: str) -> str:
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


_DIFFERENCES = tuple(rule.name for rule in (*OF_OPERATIONS, *OF_TABLES, *OF_COLUMNS))
"""The rules whose findings would only be repeated by findings about examples."""

RULES = (
    OperationRule(
        name="example-breaks-schema",
        title="样例不符合契约",
        find=broken_examples,
        english="Every example keeps the schema that it illustrates.",
        chinese="每个样例都符合它所说明的 schema。",
        source="OpenAPI 3.0.3, Media Type Object: example, examples",
        level=Level.TABLE,
        after=("invalid-openapi", *_DIFFERENCES),
        broken="data: {name: 3,",
        right="data: {name: 张三,",
    ),
    OperationRule(
        name="sample-breaks-x-sample",
        title="样例与 x-sample 不符",
        find=sample_departures,
        english="x-sample says what the documented sample shows.",
        chinese="x-sample 与文档样例一致。",
        source="openapi/README.md: x-sample",
        level=Level.TABLE,
        after=("invalid-openapi", *_DIFFERENCES, "example-breaks-schema"),
        broken="request_id: {x-sample: {type: string, minLength: 9}}",
        right="request_id: {x-sample: {type: string, minLength: 1}}",
    ),
    OperationRule(
        name="unquoted-code",
        title="业务码缺少引号",
        find=unquoted_codes,
        english="A business code that is a text is quoted, so that it keeps its leading zeros.",
        chinese="文本类型的业务码加引号，以免丢失开头的零。",
        source="YAML 1.2 §10.3.2: an unquoted 000 is the integer 0",
        level=Level.TABLE,
        after=("invalid-openapi",),
        broken="x-business-success: [000]",
        right='x-business-success: ["000"]',
    ),
)
