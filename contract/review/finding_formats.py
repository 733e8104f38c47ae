"""Findings → text for people, JSON for programs, annotations for GitHub.

To add a form: a function that lays findings out, listed in `FORMATS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict

from contract.annotations import annotation
from contract.findings import Finding


def text(findings: Sequence[Finding], of: str) -> str:
    """Tell each finding in a paragraph, and their number in the last line."""
    told = [_paragraph(finding) for finding in findings]
    count = len(findings)
    return "\n".join([*told, f"{count or 'no'} finding{'' if count == 1 else 's'}: {of}"])


def _paragraph(finding: Finding) -> str:
    lines = [f"{finding.places[-1]}: {finding.claim}: {finding.operation}, {finding.subject}"]
    lines += [f"  promised  {finding.promise}", f"  came      {finding.evidence}"]
    lines += [f"  see       {place}" for place in finding.places[:-1]]
    lines += [f"  to do     {finding.remedy}"] if finding.remedy else []
    return "\n".join(lines)


def as_json(findings: Sequence[Finding], of: str) -> str:
    """Tell findings as one JSON object: `spec`, and `findings`, each with its `id`."""
    listed = [{"id": finding.id, **asdict(finding)} for finding in findings]
    for each in listed:
        each["level"] = str(each["level"])
    return json.dumps({"spec": of, "findings": listed}, ensure_ascii=False, indent=2)


def github(findings: Sequence[Finding], of: str) -> str:
    """Annotate each line that findings are about, once: what is told of it names every place."""
    del of
    return "\n".join(_annotations(findings))


def _annotations(findings: Sequence[Finding]) -> Iterator[str]:
    by_line: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings:
        by_line.setdefault((finding.places[0].path, finding.places[0].line), []).append(finding)
    for found in by_line.values():
        first = found[0]
        title = ", ".join(dict.fromkeys(finding.id for finding in found))
        message = "\n".join(line for finding in found for line in _message(finding))
        yield annotation("error", first.places[0], title, message)


def _message(finding: Finding) -> Iterator[str]:
    yield f"{finding.promise}; {finding.evidence}"
    yield f"see {' and '.join(map(str, finding.places))}"
    if finding.remedy:
        yield f"to do: {finding.remedy}"


FORMATS: Mapping[str, Callable[[Sequence[Finding], str], str]] = {
    "text": text,
    "json": as_json,
    "github": github,
}
