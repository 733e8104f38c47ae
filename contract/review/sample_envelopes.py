"""What the samples of an answer show around the rows, beside the schema.

No member is known by its name: what leads to the rows was learned from the samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from contract.documents import InterfaceDocument, Sample
from contract.findings import Level, named
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
from contract.review.table_differences import answer_table
from contract.review.value_differences import Steps
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.yaml_text import Located


def elsewhere(reviewed: Reviewed) -> Iterator[Violation]:
    """Find rows that the samples show in another place than the schema."""
    document, operation = reviewed.document, reviewed.operation
    sample = first_success(document)
    if document is None or sample is None or not document.answer:
        return
    table = answer_table(operation, document)
    names = dict.fromkeys(row.path[0] for row in document.answer)
    shows, says = document.envelope.root, table.root()
    here = [name for name in names if (*shows, name) in table.fields]
    there = [name for name in names if (*says, name) in table.fields]
    steps = next((at for name in there for at in _at(sample, (*shows, name))), None)
    if not here and steps is not None and shows != says:
        message = next(each for each in messages(reviewed) if each.kind == ANSWER)
        yield Violation(
            subject=(shows or says)[-1],
            promise=f"the document's sample shows {', '.join(there)} {_place(shows)}",
            evidence=f"the schema has {'them' if len(there) > 1 else 'it'} {_place(says)}",
            places=(message.at_sample(sample, steps), table.fields[*says, there[0]].place),
            remedy="correct the sample, or let the schema and the example have the rows there",
            about=frozenset({*there, *says, *shows}),
        )


def _place(path: Sequence[str]) -> str:
    return f"in {'.'.join(path)}" if path else "at the top"


def optional(reviewed: Reviewed) -> Iterator[Violation]:
    """Find what leads to the rows, or the business code, where the schema lets it be absent."""
    document, operation = reviewed.document, reviewed.operation
    first = first_success(document)
    if document is None or first is None:
        return
    message = next(each for each in messages(reviewed) if each.kind == ANSWER)
    members = {_path(each): each for each in reversed(operation.members)}
    coded = operation.business_code
    for path in _envelope(document, _path(coded) if coded is not None else ()):
        member = members.get(path)
        if member is not None and member.required is not Level.TABLE:
            yield Violation(
                subject=path[-1],
                promise=f"the document's samples show {path[-1]}, which no row makes optional",
                evidence=f"the schema does not require {path[-1]}",
                places=(message.at_sample(first, next(_at(first, path))), member.place),
                remedy=f"list {path[-1]} in required",
            )


def _envelope(document: InterfaceDocument, code: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give what leads to the rows, and the business code, where every success shows it.

    What a row describes is left out: its own column says whether it may be absent.
    """
    root = document.envelope.root
    ways = [root[: length + 1] for length in range(len(root))] if document.answer else []
    good = [each for each in document.good if each.value is not None]
    described = {row.path[-1] for row in document.answer}
    for path in dict.fromkeys([*ways, *([code] if code else [])]):
        if path[-1] not in described and all(any(True for _ in _at(each, path)) for each in good):
            yield path


def _path(member: Member) -> tuple[str, ...]:
    return tuple(step for step in member.path if step != "*")


def _at(sample: Sample, path: Sequence[str]) -> Iterator[Steps]:
    """Find where a sample shows a member."""
    found = present(sample.value, tuple(path), through_lists=True)
    return (each.steps for each in found)


def undescribed(reviewed: Reviewed) -> Iterator[Violation]:
    """Find the members of samples that neither a row nor the schema describes."""
    for message in messages(reviewed):
        if message.kind != ANSWER:
            continue
        for sample in reviewed.document.good if reviewed.document else ():
            yield from _undescribed(message, sample, reviewed.operation)


def _undescribed(
    message: SampledMessage, sample: Sample, operation: Operation
) -> Iterator[Violation]:
    name = next((name for each, name in message.pairs.pairs if each.line == sample.line), "")
    found = tuple(_beyond(sample.value, operation.schema, ()))
    known = told(message.document) if found else None
    for steps, schema in found:
        if known is not None and not known.covers(sample, steps):
            member = str(steps[-1])
            yield Violation(
                subject=member,
                promise=f"the document's sample shows {member}",
                evidence="no row of the document and no property of the schema describes it",
                places=(message.at_sample(sample, steps), schema.at("properties")),
                remedy=_described(message, name, steps, operation),
                about=frozenset({member, message.token(name, steps)}),
            )


def _described(message: SampledMessage, name: str, steps: Steps, operation: Operation) -> str:
    """Say how a member gets its description: by `derive`, where that leaves no other difference."""
    document, path = message.document, tuple(step for step in steps if isinstance(step, str))
    envelope = document.envelope
    shown = any(True for _ in present(message.examples.get(name), path, through_lists=True))
    if shown and path in {envelope.code, *envelope.members}:
        spec = operation.path_place.path
        return f"captcha-contract derive {named(document.path)} --into {spec}"
    return "describe it in the schema and show it in the example, or remove it from the sample"


def _beyond(value: object, schema: Located, at: Steps) -> Iterator[tuple[Steps, Located]]:
    """Find the members of a value that a schema with properties does not name, each path once."""
    found: set[tuple[str, ...]] = set()
    waiting: list[tuple[object, Located, Steps]] = [(value, schema, at)]
    while waiting:
        each, node, steps = waiting.pop(0)
        items = node.get("items")
        if isinstance(each, list) and isinstance(items, Located):
            waiting += [(item, items, (*steps, number)) for number, item in enumerate(each)]
        if not isinstance(each, Mapping):
            continue
        properties = _properties(node)
        if not properties or "additionalProperties" in node:
            continue
        for name, inner in each.items():
            path = tuple(step for step in (*steps, name) if isinstance(step, str))
            described = properties.get(name)
            if isinstance(described, Located):
                waiting.append((inner, described, (*steps, name)))
            elif name not in properties and path not in found:
                found.add(path)
                yield (*steps, name), node


def _properties(schema: Located) -> Mapping[str, object]:
    """Give the properties of a schema and of what it is composed of."""
    found: dict[str, object] = {}
    own = schema.get("properties")
    if isinstance(own, Located):
        found |= own
    for keyword in ("allOf", "anyOf", "oneOf"):
        parts = schema.get(keyword)
        for part in parts if isinstance(parts, list) else ():
            if isinstance(part, Located):
                found |= _properties(part)
    return found


_EARLIER = tuple(rule.name for rule in (*OF_TABLES, *OF_COLUMNS, *OF_EXAMPLES))

RULES = (
    OperationRule(
        name="rows-elsewhere",
        title="字段位置不一致",
        find=elsewhere,
        compares=True,
        english="The schema has the rows where the document's samples show them.",
        chinese="契约中字段所在的位置与文档样例一致。",
        source="the samples of the document",
        level=Level.TABLE,
        after=("invalid-openapi", *_EARLIER),
        broken='  "name": "张三",\n  "balance": 12.5,\n'
        '  "owner": {"phone": "13800000000"},\n  "tags": ["vip"]',
        right='  "data": {\n    "name": "张三",\n    "balance": 12.5,\n'
        '    "owner": {"phone": "13800000000"},\n    "tags": ["vip"]\n  }',
    ),
    OperationRule(
        name="envelope-optional",
        title="信封字段应为必填",
        find=optional,
        compares=True,
        english="The schema requires what leads to the rows, and the business code.",
        chinese="契约要求承载字段的上级字段和业务码必须出现。",
        source="the samples of the document",
        level=Level.TABLE,
        after=("invalid-openapi", *_EARLIER, "rows-elsewhere"),
        broken="required: [code]",
        right="required: [code, data]",
    ),
    OperationRule(
        name="member-without-property",
        title="样例中的字段在契约中没有",
        find=undescribed,
        compares=True,
        english="The schema describes every member that a sample of a success shows.",
        chinese="成功样例中的每个字段在契约中都有说明。",
        source="the samples of the document",
        level=Level.TABLE,
        after=("invalid-openapi", *_EARLIER, "rows-elsewhere"),
        broken='  "msg": "成功",\n  "trace": "t",',
        right='  "msg": "成功",',
    ),
)
