"""The names in a spec's YAML: every one a text, and none twice in its mapping."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contract.findings import Level, named
from contract.review.review_rule import Violation, YamlRule
from contract.spec.yaml_nodes import inner_nodes
from contract.spec.yaml_text import Located


def unclear_names(node: object, path: Path) -> Iterator[Violation]:
    """Find the names that are not texts, or stand twice."""
    if isinstance(node, Located):
        for place, slip in node.slips:
            remedy = "quote the name, or name every member once"
            yield Violation(subject=named(path), evidence=slip, places=(place,), remedy=remedy)
    for value in inner_nodes(node):
        yield from unclear_names(value, path)


RULES = (
    YamlRule(
        name="unclear-name",
        title="名称不明确",
        find=lambda references, path: unclear_names(references.root, path),
        english="Every name in the YAML is a text, and stands once in its mapping.",
        chinese="YAML 中的每个名称都是文本，且在同一层级中只出现一次。",
        source="YAML 1.2 §3.2.1.3: the keys of a mapping are unique; OpenAPI 3.0.3 §4.3",
        level=Level.TABLE,
        broken="200:\n          description: 应答报文",
        right='"200":\n          description: 应答报文',
    ),
)
