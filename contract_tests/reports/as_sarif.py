"""`report.sarif`, for code scanning and editors: each finding at its line of the document.

SARIF 2.1.0 (OASIS, with errata 01); a run of it for each environment. A finding is a result of the
rule that is its check, and keeps its fingerprint from run to run. A waived finding is suppressed.
What could not be judged is no result, but a notification of the invocation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from contract import sarif
from contract.findings import Level
from contract.judging.checks import CHECKS
from contract.judging.reasons import REASONS
from contract.sarif import location, message
from contract_tests.reports.as_terminal import numbers
from contract_tests.reports.report_values import (
    TRUTHS,
    ReportContents,
    ReportEnvironment,
    ReportFinding,
    ReportOperation,
)

FILE = "report.sarif"

_BEYOND_THE_STRICTNESS = {"table": "error", "sample": "warning", "strict": "note"}


def text(report: ReportContents) -> str:
    """Write the findings as a SARIF log."""
    return sarif.log(_run(report, environment) for environment in report.environments)


def _run(report: ReportContents, environment: ReportEnvironment) -> sarif.Json:
    operations = [each for each in report.operations if each.environment == environment.name]
    found = [(each, finding) for each in operations for finding in each.findings]
    rules = list(dict.fromkeys(finding.claim for _, finding in found))
    reasons = dict.fromkeys(unread.reason for each in operations for unread in each.unjudged)
    return {
        "tool": sarif.driver(
            report.suite, (CHECKS[name] for name in rules), (REASONS[name] for name in reasons)
        ),
        "automationDetails": {"id": f"captcha-contract/{quote(environment.name, safe=':')}/"},
        "originalUriBaseIds": sarif.of_the_repository(),
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


def _invocation(
    report: ReportContents, environment: ReportEnvironment, operations: Iterable[ReportOperation]
) -> sarif.Json:
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
            *({"level": "note", "message": message(said)} for said in (*remarks, *report.remarks)),
        ],
    }


def _unjudged(operation: ReportOperation) -> Iterator[sarif.Json]:
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
            "message": message("\n".join(said)),
            "locations": [location(place)] if place else [],
        }


def _result(
    report: ReportContents, operation: ReportOperation, finding: ReportFinding, rule: int
) -> sarif.Json:
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
        "message": message("\n".join(said)),
        "locations": [
            {
                **(location(document) if document else {}),
                "logicalLocations": [
                    {
                        "name": finding.subject,
                        "fullyQualifiedName": f"{operation.id}{finding.pointer}",
                        "kind": "property" if finding.pointer else "value",
                    }
                ],
            }
        ],
        "relatedLocations": [location(place) for place in others if place],
        "partialFingerprints": {sarif.FINGERPRINT: finding.id},
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


def _suppressions(finding: ReportFinding) -> Iterator[sarif.Json]:
    waiver = finding.waiver
    if waiver is not None:
        yield sarif.suppression(
            reason=waiver.reason, ticket=waiver.ticket, expires=waiver.expires, place=waiver.place
        )
