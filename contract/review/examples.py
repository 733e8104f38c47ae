"""The examples of a spec, compared with its schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contract.findings import Level, Place
from contract.review.columns import RULES as OF_COLUMNS
from contract.review.operation_differences import RULES as OF_OPERATIONS
from contract.review.review_rule import OperationRule, Reviewed, Violation
from contract.review.sample_messages import ANSWER, REQUEST, token
from contract.review.table_differences import RULES as OF_TABLES
from contract.spec.operations import Operation
from contract.spec.vocabulary import validator
from contract.spec.yaml_nodes import place_of
from contract.spec.yaml_text import Located

_LONGEST = 120
_LACKED = re.compile(r'"([^"]+)" is a required property')

_Illustrated = tuple[str, str, tuple[Located, ...], object, Place]


def broken_examples(reviewed: Reviewed) -> Iterator[Violation]:
    """Find the examples that break their schemas, each with the members that it is about."""
    for kind, name, schemas, value, place in _illustrated(reviewed.operation):
        judges = [validator(schema, of_requests=kind == REQUEST) for schema in schemas]
        wrong = [list(judge.iter_errors(value)) for judge in judges]
        for error in min(wrong, key=len):  # empty where the example keeps one of the schemas
            steps = tuple(error.instance_path)
            where = "".join(f"{step}: " for step in steps[-1:])
            lacked = _LACKED.findall(error.message)
            about = {str(step) for step in steps[-1:]} | set(lacked) or {name}
            about |= {token(kind, name, (*steps, each)) for each in lacked}
            yield Violation(
                subject=name,
                evidence=f"{where}{short(error.message)}",
                places=(place_of(value, steps) if isinstance(value, Located) else place,),
                remedy="correct the example, or let the schema allow it",
                about=frozenset({*about, token(kind, name, steps)}),
            )


def is_json(media_type: str) -> bool:
    """Say whether examples of a media type are values that a schema describes."""
    return "json" in media_type.lower() or media_type in {"*/*", ""}


def _illustrated(operation: Operation) -> Iterator[_Illustrated]:
    """Give every example with its schemas; it must keep one of them."""
    for name, value in operation.examples.items() if is_json(operation.media_type) else ():
        yield (
            ANSWER,
            name,
            (operation.schema, *operation.failures),
            value,
            _written(operation, name),
        )
    members = operation.members
    if operation.body is not None:
        members += operation.body.members
        asked = operation.body.examples.items() if is_json(operation.body.media_type) else ()
        for name, value in asked:
            yield REQUEST, name, (operation.body.schema,), value, operation.body.place
    for member in members:
        if "example" in member.schema:
            yield (
                "schema",
                member.name,
                (member.schema,),
                member.schema["example"],
                member.schema.at("example"),
            )
    for each in operation.parameters:
        for value in each.examples.values():
            yield "parameter", each.name, (each.schema,), value, each.node.at("example")


def _written(operation: Operation, name: str) -> Place:
    """Find where an example of the answer is written, for one that is no mapping."""
    for answer in operation.responses.values():
        content = answer.get("content")
        for media in content.values() if isinstance(content, Located) else ():
            if isinstance(media, Located) and name in media:
                return media.at(name)
    return operation.place


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


def short(message: str) -> str:
    """Give the beginning of what a validator says."""
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


DIFFERENCES = tuple(rule.name for rule in (*OF_OPERATIONS, *OF_TABLES, *OF_COLUMNS))
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
        after=("invalid-openapi", *DIFFERENCES),
        broken="data: {name: 3,",
        right="data: {name: 张三,",
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
