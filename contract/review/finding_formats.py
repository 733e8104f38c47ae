"""Findings → text for people, JSON for programs, annotations for GitHub.

To add a format: a function that lays findings out, listed in `FORMATS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict

from contract import printable
from contract.annotations import annotation
from contract.findings import Finding
from contract.review import RULES


def text(findings: Sequence[Finding], of: str) -> str:
    """Write each finding as a paragraph, and their number as the last line."""
    paragraphs = [_paragraph(finding) for finding in findings]
    count = len(findings)
    summary = f"{count or 'no'} finding{'' if count == 1 else 's'}: {of}"
    return "\n".join([*paragraphs, printable.line(summary)])


def _paragraph(finding: Finding) -> str:
    rule = RULES[finding.claim]
    lines = [f"{finding.places[-1]}: {finding.claim}: {finding.operation}, {finding.subject}"]
    lines += [f"  规则      {rule.title}：{rule.chinese}"]
    lines += [f"  promised  {finding.promise}", f"  actual    {finding.evidence}"]
    lines += [f"  see       {place}" for place in finding.places[:-1]]
    lines += [f"  to do     {finding.remedy}"] if finding.remedy else []
    return "\n".join(map(printable.line, lines))


def as_json(findings: Sequence[Finding], of: str) -> str:
    """Write findings as one JSON object: `spec`, and `findings`, each with its `id` and rule."""
    report = {"spec": of, "findings": [_members(finding) for finding in findings]}
    return printable.in_json(json.dumps(report, ensure_ascii=False, indent=2))


def _members(finding: Finding) -> dict[str, object]:
    rule = RULES[finding.claim]
    return {
        "id": finding.id,
        **asdict(finding),
        "level": str(finding.level),
        "title": rule.title,
        "english": rule.english,
        "chinese": rule.chinese,
    }


def github(findings: Sequence[Finding], of: str) -> str:
    """Annotate each line that findings are about, once; the message names every place."""
    del of
    return "\n".join(_annotations(findings))


def _annotations(findings: Sequence[Finding]) -> Iterator[str]:
    by_line: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings:
        by_line.setdefault((finding.places[0].path, finding.places[0].line), []).append(finding)
    for here in by_line.values():
        title = ", ".join(dict.fromkeys(finding.id for finding in here))
        message = "\n".join(line for finding in here for line in _message(finding))
        yield annotation("error", here[0].places[0], title, message)


def _message(finding: Finding) -> Iterator[str]:
    yield f"{finding.promise}; {finding.evidence}"
    yield RULES[finding.claim].chinese
    yield f"see {' and '.join(map(str, finding.places))}"
    if finding.remedy:
        yield f"to do: {finding.remedy}"


FORMATS: Mapping[str, Callable[[Sequence[Finding], str], str]] = {
    "text": text,
    "json": as_json,
    "github": github,
}
"""The formats of `check`, by the names that `--format` takes."""
