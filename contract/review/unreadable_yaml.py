"""A spec that cannot be read at all: the one finding that stands for all others."""

from __future__ import annotations

from contract.findings import Finding, Level, Unusable
from contract.review.review_rule import WHOLE_SPEC, Violation, finding
from contract.rules import Rule

UNREADABLE_YAML = Rule(
    name="unreadable-yaml",
    title="YAML 无法读取",
    english="Every file of the spec is there, and is YAML in UTF-8.",
    chinese="契约的每个文件都存在，并且是 UTF-8 编码的 YAML。",
    source="OpenAPI 3.0.3 §4.3; YAML 1.2",
    level=Level.TABLE,
    broken="required: [name, balance",
    right="required: [name, balance]",
)
RULES = (UNREADABLE_YAML,)


def unreadable(problem: Unusable) -> Finding:
    """Make a finding of what kept a spec from being read."""
    wrong = Violation(subject=problem.place.path, evidence=problem.problem, places=(problem.place,))
    return finding(UNREADABLE_YAML, WHOLE_SPEC, wrong)
