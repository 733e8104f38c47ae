"""What stands beside a `$ref`: OpenAPI 3.0 ignores it."""

from __future__ import annotations

from collections.abc import Iterator

from contract.findings import Level
from contract.review.openapi_objects import REFERABLE
from contract.review.review_rule import ObjectRule, Tree, Violation


def reference_siblings(tree: Tree) -> Iterator[Violation]:
    """Find the members that a reference makes every reader ignore."""
    objects = tree.objects
    for each in objects.of(*sorted(REFERABLE)):
        if each.is_reference:
            for name in each.node:
                if name != "$ref":
                    yield Violation(
                        operation=each.operation,
                        subject=f"{each.name}/{name}",
                        evidence=f"{name} stands beside $ref {each.node['$ref']}, and is ignored",
                        places=(each.node.at(name),),
                        remedy=f"write {name} where the reference leads to"
                        + (", or put the $ref into allOf" if each.kind == "Schema" else ""),
                    )


RULES = (
    ObjectRule(
        name="reference-sibling",
        title="$ref 旁的内容被忽略",
        find=reference_siblings,
        english="Nothing stands beside a $ref, because OpenAPI 3.0 ignores it.",
        chinese="$ref 旁边没有其他关键字：OpenAPI 3.0 会忽略它们。",
        source="OpenAPI 3.0.3, Reference Object",
        level=Level.TABLE,
        broken='schema: {$ref: "#/components/schemas/account", nullable: true}',
        right='schema: {$ref: "#/components/schemas/account"}',
    ),
)
