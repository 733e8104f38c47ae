"""`report.sarif`, for code scanning and editors: each finding at its line of the document.

SARIF 2.1.0 (OASIS, with errata 01); a run of it for each environment. A finding is a result of the
rule that is its check, and keeps its fingerprint from run to run. A waived finding is suppressed.
What could not be judged is no result, but a notification of the invocation.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from contract.explanation import facts
from contract.findings import Level, Place
from contract.judging.checks import CHECKS
from contract.judging.reasons import REASONS
from contract.markdown_text import code, escaped
from contract.registry import Entry
from contract_tests.reports.as_terminal import numbers
from contract_tests.reports.report_values import (
    TRUTHS,
    ReportContents,
    ReportEnvironment,
    ReportFinding,
    ReportOperation,
)

FILE = "report.sarif"

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
"""The name of the form; nothing is fetched from there."""
FINGERPRINT = "findingId/v1"
"""The fingerprint of a result: the id of the finding, which is the same in every run."""
ROOT = "%SRCROOT%"
"""Stands for the folder of the repository, as code scanning expects it."""

Json = Mapping[str, object]
"""A JSON object."""

_BEYOND_THE_STRICTNESS = {"table": "error", "sample": "warning", "strict": "note"}


def text(report: ReportContents) -> str:
    """Write the findings as a SARIF log."""
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [_run(report, environment) for environment in report.environments],
    }
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _run(report: ReportContents, environment: ReportEnvironment) -> Json:
    operations = [each for each in report.operations if each.environment == environment.name]
    found = [(each, finding) for each in operations for finding in each.findings]
    rules = list(dict.fromkeys(finding.claim for _, finding in found))
    reasons = dict.fromkeys(unread.reason for each in operations for unread in each.unjudged)
    return {
        "tool": {
            "driver": {
                "name": "captcha-contract",
                "version": report.suite,
                "language": "en",
                "rules": [_descriptor(CHECKS[name]) for name in rules],
                "notifications": [_descriptor(REASONS[name]) for name in reasons],
            }
        },
        "automationDetails": {"id": f"captcha-contract/{quote(environment.name, safe=':')}/"},
        "originalUriBaseIds": {ROOT: {"description": {"text": "the folder of the repository"}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, environment, operations)],
        "results": [
            _result(report, operation, finding, rules.index(finding.claim))
            for operation, finding in found
        ],
        "properties": {
            "environment": environment.name,
            "strictness": report.strictness,
            "verdict": environment.verdict,
        },
    }


def _descriptor(entry: Entry) -> Json:
    """Describe a check or a reason by what the registry says of it."""
    listed = list(facts(entry))
    plain = [f"{label}: {said}" for label, said in listed]
    items = [f"- {label}: {code(said)}" for label, said in listed]
    both = f"{entry.english}\n{entry.chinese}"
    return {
        "id": entry.name,
        "name": "".join(word.capitalize() for word in entry.name.split("-")),
        "shortDescription": {"text": entry.english},
        "fullDescription": {"text": both},
        "help": {
            "text": "\n".join([both, *plain]),
            "markdown": "\n".join([escaped(entry.english), "", escaped(entry.chinese), "", *items]),
        },
    }


def _invocation(
    report: ReportContents, environment: ReportEnvironment, operations: Iterable[ReportOperation]
) -> Json:
    chinese, english = TRUTHS[environment.verdict]
    started = datetime.fromisoformat(report.started).astimezone(UTC)
    remarks = ["certificates were not verified 未验证证书"] if report.insecure else []
    return {
        "executionSuccessful": environment.verdict != "inconclusive",
        "exitCode": report.exit_status,
        "exitCodeDescription": f"{environment.name}: {english} {chinese}",
        "startTimeUtc": started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "toolExecutionNotifications": [
            *(note for operation in operations for note in _unjudged(operation)),
            *({"level": "note", "message": _message(said)} for said in (*remarks, *report.remarks)),
        ],
    }


def _unjudged(operation: ReportOperation) -> Iterator[Json]:
    """Give a notification for each reason why samples of an operation were not judged."""
    place = next((claim.places[0] for claim in operation.claims if claim.places), None)
    samples: dict[tuple[str, str, str], list[int]] = {}
    for unread in operation.unjudged:
        meaning = f"{unread.meaning} {unread.meaning_zh}"
        samples.setdefault((unread.reason, meaning, unread.evidence), []).append(unread.sample)
    for (reason, meaning, evidence), missing in samples.items():
        count = f"samples {numbers(missing)} of {operation.samples}"
        said = [f"{operation.id}: {meaning}: {evidence} ({count})", *operation.hints]
        yield {
            "descriptor": {"id": reason},
            "level": "warning" if operation.why is None else "error",
            "message": _message("\n".join(said)),
            "locations": [_location(place)] if place else [],
        }


def _result(
    report: ReportContents, operation: ReportOperation, finding: ReportFinding, rule: int
) -> Json:
    counted = Level[finding.level.upper()] <= Level[report.strictness.upper()]
    where = f"{finding.pointer}: " if finding.pointer else ""
    said = (
        f"{finding.subject}: promised: {finding.promise}",
        f"约定：{finding.promise_zh}",
        f"actual 实际: {where}{finding.evidence}",
        f"in {len(finding.samples)} of {finding.of} samples: {numbers(finding.samples)}",
    )
    document, *others = finding.places or (None,)
    return {
        "ruleId": finding.claim,
        "ruleIndex": rule,
        "level": "error" if counted else _BEYOND_THE_STRICTNESS[finding.level],
        "message": _message("\n".join(said)),
        "locations": [
            {
                **(_location(document) if document else {}),
                "logicalLocations": [
                    {
                        "name": finding.subject,
                        "fullyQualifiedName": f"{operation.id}{finding.pointer}",
                        "kind": "property" if finding.pointer else "value",
                    }
                ],
            }
        ],
        "relatedLocations": [_location(place) for place in others if place],
        "partialFingerprints": {FINGERPRINT: finding.id},
        "suppressions": list(_suppressions(finding)),
        "properties": {
            "finding": finding.id,
            "environment": operation.environment,
            "level": finding.level,
            "place": str(document) if document else None,
            "verdict": finding.verdict,
            "samples": finding.samples,
            "repeat": finding.curl,
        },
    }


def _suppressions(finding: ReportFinding) -> Iterator[Json]:
    waiver = finding.waiver
    if waiver is not None:
        yield {
            "kind": "external",
            "status": "accepted",
            "justification": f"{waiver.reason} {waiver.ticket}".strip()
            + f" (until 至 {waiver.expires})",
            "location": _location(waiver.place),
        }


def _location(place: Place) -> dict[str, object]:
    """Give a place, from the folder of the repository where it lies in it."""
    file = Path.cwd() / place.path
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    inside = file.is_relative_to(root)
    artifact = (
        {"uri": quote(file.relative_to(root).as_posix()), "uriBaseId": ROOT}
        if inside
        else {"uri": file.as_uri()}
    )
    column = {} if place.column is None else {"startColumn": place.column}
    region = {"region": {"startLine": place.line, **column}} if place.line else {}
    return {"physicalLocation": {"artifactLocation": artifact, **region}}


def _message(said: str) -> Json:
    """Give a message; what a server sent is no link in it (SARIF 2.1.0 §3.11.6)."""
    return {"text": said.replace("](", "] (")}
