"""`--metrics FILE`: a run in the text form of Prometheus, for the textfile collector.

The file is replaced as a whole after every run that judged something, whatever came of it. Names of
operations, environments and claims are those of the spec, so the labels are bounded by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from contract_tests.reports.report_values import ReportContents, ReportOperation

VERDICTS = ("conforms", "violates", "inconclusive")
"""What an operation, or a run, can come to."""
QUANTILES = (0.5, 0.95, 1.0)
"""Which of the times of the answers are told."""


def text(report: ReportContents) -> str:
    """Write a run as metrics; the last line ends with a line break, as the collector wants it."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Run(report, datetime.now(UTC)))
    return generate_latest(registry).decode()


class _Run(Collector):
    """The families of one run."""

    def __init__(self, report: ReportContents, ended: datetime) -> None:
        self.report = report
        self.ended = ended

    def collect(self) -> Iterator[Metric]:
        """Give every family."""
        report = self.report
        started = datetime.fromisoformat(report.started)
        yield GaugeMetricFamily(
            "contract_run_exit_status",
            "Exit status of the last contract run: 0 conforms, 1 violates, 69 inconclusive.",
            value=report.exit_status,
        )
        yield GaugeMetricFamily(
            "contract_run_start_timestamp_seconds",
            "When the last contract run began.",
            value=started.timestamp(),
        )
        yield GaugeMetricFamily(
            "contract_run_end_timestamp_seconds",
            "When the last contract run ended.",
            value=self.ended.timestamp(),
        )
        info = GaugeMetricFamily(
            "contract_run_info", "The version of the suite.", labels=("version",)
        )
        info.add_metric((report.suite,), 1)
        yield info
        yield _verdicts(report)
        yield _findings(report)
        yield _samples(report)
        yield _times(report)


def _of(operation: ReportOperation) -> tuple[str, str]:
    return operation.environment, operation.id


def _verdicts(report: ReportContents) -> Metric:
    family = GaugeMetricFamily(
        "contract_operation_verdict",
        "1 for the verdict that an operation came to, 0 for the others.",
        labels=("environment", "operation", "verdict"),
    )
    for each in report.operations:
        for verdict in VERDICTS:
            family.add_metric((*_of(each), verdict), int(each.verdict == verdict))
    return family


def _findings(report: ReportContents) -> Metric:
    family = GaugeMetricFamily(
        "contract_finding_samples",
        "Samples that broke a claim, by the claim, its level, and what it counts for: violates,"
        " warning or waived. A claim that was kept has no line.",
        labels=("environment", "operation", "claim", "level", "counts"),
    )
    for each in report.operations:
        for finding in each.findings:
            labels = (*_of(each), finding.id, finding.level, finding.verdict)
            family.add_metric(labels, len(finding.samples))
    return family


def _samples(report: ReportContents) -> Metric:
    family = GaugeMetricFamily(
        "contract_samples",
        "Samples of an operation, judged or not.",
        labels=("environment", "operation", "judged"),
    )
    for each in report.operations:
        family.add_metric((*_of(each), "yes"), each.judged)
        family.add_metric((*_of(each), "no"), each.samples - each.judged)
    return family


def _times(report: ReportContents) -> Metric:
    family = GaugeMetricFamily(
        "contract_answer_seconds",
        "Time of the answers of an operation that were judged, by quantile.",
        labels=("environment", "operation", "quantile"),
    )
    for each in report.operations:
        seconds = [called.seconds for called in each.exchanges if called.judged]
        for quantile in QUANTILES if seconds else ():
            value = float(np.quantile(seconds, quantile))
            family.add_metric((*_of(each), f"{quantile:g}"), round(value, 6))
    return family
