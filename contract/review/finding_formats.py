"""Findings → text for people, JSON and SARIF for programs, annotations for GitHub.

A format gets the findings, what they are of, and the waivers that hold, by the ids of what they
waive. To add a format: a function that lays findings out, listed in `FORMATS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict

from contract import __version__, printable, sarif
from contract.annotations import annotation
from contract.findings import Finding, Place
from contract.review import RULES
from contract.review.edited_lines import edited_lines, edited_place
from contract.waivers import Waiver

Waived = Mapping[str, Waiver]
"""The waivers that hold, by the ids of the findings that they waive."""

_NONE: Waived = {}


def text(findings: Sequence[Finding], of: str, waived: Waived = _NONE) -> str:
    """Write each finding as a paragraph, and their number as the last line."""
    paragraphs = [_paragraph(finding, waived.get(finding.id)) for finding in findings]
    count = len(findings)
    agreed = sum(finding.id in waived for finding in findings)
    mark = f", {agreed} of them waived 已豁免" if agreed else ""
    summary = f"{count or 'no'} finding{'' if count == 1 else 's'}{mark}: {of}"
    return "\n".join([*paragraphs, printable.line(summary)])


def _paragraph(finding: Finding, waiver: Waiver | None) -> str:
    rule = RULES[finding.claim]
    mark = " (waived 已豁免)" if waiver else ""
    lines = [f"{finding.places[-1]}: {finding.claim}: {finding.operation}, {finding.subject}{mark}"]
    lines += [f"  规则      {rule.title}：{rule.chinese}"]
    lines += [f"  promised  {finding.promise}", f"  actual    {finding.evidence}"]
    lines += [f"  see       {place}" for place in finding.places[:-1]]
    lines += [f"  to do     {finding.remedy}"] if finding.remedy and not waiver else []
    lines += [f"  waived    {_reason(waiver)} ({waiver.place})"] if waiver else []
    return "\n".join(map(printable.line, lines))


def _reason(waiver: Waiver) -> str:
    return f"{waiver.reason} {waiver.ticket}".strip() + f", until 至 {waiver.expires}"


def as_json(findings: Sequence[Finding], of: str, waived: Waived = _NONE) -> str:
    """Write findings as one JSON object: `spec`, and `findings`, each with its `id` and rule."""
    listed = [_members(finding, waived.get(finding.id)) for finding in findings]
    report = {"spec": of, "findings": listed}
    return printable.in_json(json.dumps(report, ensure_ascii=False, indent=2))


def _members(finding: Finding, waiver: Waiver | None) -> dict[str, object]:
    rule = RULES[finding.claim]
    return {
        "id": finding.id,
        **asdict(finding),
        "level": str(finding.level),
        "title": rule.title,
        "english": rule.english,
        "chinese": rule.chinese,
        "waiver": {**asdict(waiver), "expires": str(waiver.expires)} if waiver else None,
    }


def github(findings: Sequence[Finding], of: str, waived: Waived = _NONE) -> str:
    """Annotate each line that findings are about, once; the message names every place.

    Of the two sides of a difference the one that the pull request changed is annotated; the
    document's where that is not known.
    """
    del of
    return "\n".join(_annotations(findings, waived))


def _annotations(findings: Sequence[Finding], waived: Waived) -> Iterator[str]:
    edited = edited_lines() if findings else {}
    by_line: dict[tuple[str, int, bool], list[tuple[Place, Finding]]] = {}
    for finding in findings:
        place = edited_place(finding, edited)
        key = (place.path, place.line, finding.id in waived)
        by_line.setdefault(key, []).append((place, finding))
    for (_, _, agreed), here in by_line.items():
        title = ", ".join(dict.fromkeys(finding.id for _, finding in here))
        title += " (waived 已豁免)" if agreed else ""
        message = "\n".join(line for _, finding in here for line in _message(finding))
        yield annotation("notice" if agreed else "error", here[0][0], title, message)


def _message(finding: Finding) -> Iterator[str]:
    yield f"{finding.promise}; {finding.evidence}"
    yield RULES[finding.claim].chinese
    yield f"see {' and '.join(map(str, finding.places))}"
    if finding.remedy:
        yield f"to do: {finding.remedy}"


def as_sarif(findings: Sequence[Finding], of: str, waived: Waived = _NONE) -> str:
    """Write findings as a SARIF log of one run, each at the line that was edited."""
    rules = list(dict.fromkeys(finding.claim for finding in findings))
    edited = edited_lines() if findings else {}
    failing = any(finding.id not in waived for finding in findings)
    run = {
        "tool": sarif.driver(__version__, (RULES[name] for name in rules)),
        "automationDetails": {"id": "captcha-contract/check/"},
        "originalUriBaseIds": sarif.of_the_repository(),
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": int(failing)}],
        "results": [
            _result(each, edited_place(each, edited), rules.index(each.claim), waived.get(each.id))
            for each in findings
        ],
        "properties": {"spec": of},
    }
    return printable.in_json(sarif.log([run]))


def _result(finding: Finding, place: Place, rule: int, waiver: Waiver | None) -> dict[str, object]:
    said = [
        f"{finding.subject}: promised: {finding.promise}",
        f"约定：{RULES[finding.claim].chinese}",
        f"actual 实际: {finding.evidence}",
        *([f"to do: {finding.remedy}"] if finding.remedy else ()),
    ]
    name = {"name": finding.subject, "fullyQualifiedName": finding.operation}
    others = [each for each in finding.places if each != place]
    suppressions = [
        sarif.suppression(
            reason=each.reason, ticket=each.ticket, expires=each.expires, place=each.place
        )
        for each in (waiver,)
        if each is not None
    ]
    return {
        "ruleId": finding.claim,
        "ruleIndex": rule,
        "level": "error",
        "message": sarif.message("\n".join(said)),
        "locations": [{**sarif.location(place), "logicalLocations": [name]}],
        "relatedLocations": [sarif.location(each) for each in others],
        "partialFingerprints": {sarif.FINGERPRINT: finding.id},
        "suppressions": suppressions,
        "properties": {"finding": finding.id, "level": str(finding.level), "place": str(place)},
    }


FORMATS: Mapping[str, Callable[..., str]] = {
    "text": text,
    "json": as_json,
    "github": github,
    "sarif": as_sarif,
}
"""The formats of `check`, by the names that `--format` takes."""
