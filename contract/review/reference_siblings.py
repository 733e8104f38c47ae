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
            beside = sorted((each.node.at(name), name) for name in each.node if name != "$ref")
            if beside:
                names = " and ".join(name for _, name in beside)
                word = "is" if len(beside) == 1 else "are"
                remedy = "write it where the reference leads to"
                yield Violation(
                    operation=each.operation,
                    subject=each.name,
                    evidence=f"beside $ref {each.node['$ref']}, {names} {word} ignored",
                    places=(beside[0][0],),
                    remedy=f"{remedy}, or put the $ref into allOf"
                    if each.kind == "Schema"
                    else remedy,
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
