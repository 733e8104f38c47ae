"""The names of the operations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contract.findings import Level, Place
from contract.review.review_rule import ObjectRule, Tree, Violation

_OPERATION_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def operation_ids(tree: Tree) -> Iterator[Violation]:
    """Find the operationIds that are not names, or that two operations share."""
    first: dict[str, Place] = {}
    for operation in tree.objects.of("Operation"):
        name, place = operation.node.get("operationId"), operation.node.at("operationId")
        if not isinstance(name, str):
            continue
        if not _OPERATION_ID.fullmatch(name):
            evidence = f"{name!a} has characters other than letters, digits, _ and -"
            yield _violation(name, evidence, place, "rename it")
        if name in first:
            evidence = f"the operation in line {first[name].line} is named {name} too"
            yield _violation(name, evidence, place, "rename one of the two")
        first.setdefault(name, place)


def _violation(name: str, evidence: str, place: Place, remedy: str) -> Violation:
    return Violation(subject=name, evidence=evidence, places=(place,), remedy=remedy)


RULES = (
    ObjectRule(
        name="operation-id",
        title="operationId 有误",
        find=operation_ids,
        english="An operationId is a word of ASCII letters, digits, _ and -, and names one "
        "operation.",
        chinese="operationId 由英文字母、数字、_ 和 - 组成，且不与其他接口重复。",
        source="OpenAPI 3.0.3, Operation Object: operationId",
        level=Level.TABLE,
        after=("invalid-openapi",),
        broken="operationId: 查询账户",
        right="operationId: findAccount",
    ),
)
