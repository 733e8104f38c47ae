"""A run → GitHub Actions workflow commands: each finding stands at its line of the document."""

from __future__ import annotations

from collections.abc import Iterator

from contract.annotations import annotation
from contract_tests.reports.report_values import TRUTHS, ReportContents

_COMMANDS = {"violates": "error", "warning": "warning", "waived": "notice"}


def commands(report: ReportContents) -> Iterator[str]:
    """Give one annotation for each finding, and for each operation that stays open."""
    several = len(report.environments) > 1
    for operation in report.operations:
        at = f"{operation.environment}: " if several else ""
        if operation.why is not None:
            place = next((each.places[0] for each in operation.claims if each.places), None)
            said = " ".join([operation.why, *operation.hints])
            yield annotation("notice", place, f"{at}{operation.id}: {_truth('inconclusive')}", said)
        for finding in operation.findings:
            place = finding.places[0] if finding.places else None
            where = f"{finding.pointer}: " if finding.pointer else ""
            count = f"{len(finding.samples)} of {finding.of} samples"
            promise = f"promised: {finding.promise}\n约定: {finding.promise_zh}"
            said = f"{promise}\nactual: {where}{finding.evidence}\nin {count}"
            title = f"{at}{finding.id}: {_truth(finding.verdict)}"
            yield annotation(_COMMANDS[finding.verdict], place, title, said)


def _truth(word: str) -> str:
    return " ".join(reversed(TRUTHS[word]))
