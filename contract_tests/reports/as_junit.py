"""A run → the properties of pytest's JUnit report, for the programs of a CI.

`--junitxml FILE` writes that report, whatever else is written. Each test case of a claim gets the
properties below and, where the family of the report has room for them (`junit_family=xunit1`), the
document's file and line as its own. The suite gets those of the run. Values are escaped by pytest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.judging.claims import Claim
from contract.judging.outcomes import Outcome
from contract.judging.run import Run
from contract.judging.verdict import Judgement, Verdict
from contract_tests.reports.side_by_side import weight

Properties = Iterator[tuple[str, str]]
"""Names and values."""
PLACE = "place"
"""The property that says where the document promises it, as `FILE:LINE`."""


def of_claim(claim: Claim, environment: str) -> Properties:
    """Give what is known of a claim before anything is observed."""
    yield "environment", environment
    yield "claim", claim.id
    yield "level", str(claim.level)
    for place in claim.places[:1]:
        yield PLACE, str(place)


def of_outcome(outcome: Outcome, judgement: Judgement, said: str) -> Properties:
    """Give what was said of a claim, or the weight of its finding, and the finding's id."""
    finding = outcome.finding
    counts = finding is not None and said != Verdict.INCONCLUSIVE
    yield "verdict", weight(finding, judgement) if finding and counts else said
    if finding is not None:
        yield "finding", finding.id


def of_run(run: Run, spec: Path) -> Properties:
    """Give what is known of the whole run."""
    yield "environment", run.environment
    yield "spec", str(spec)
    yield "strictness", str(run.strictness)
    yield "exit status", str(run.exit_status)
    yield "verdict", str(run.verdict)
    if len(run.environments) > 1:
        for each in run.environments:
            yield f"verdict of {each.name}", str(each.verdict)


def add(item: pytest.Item, properties: Properties) -> None:
    """Add properties to the report of a test; a test that is run again has them already."""
    known = dict(item.user_properties)
    item.user_properties.extend((name, value) for name, value in properties if name not in known)


class JUnitReport:
    """A pytest plugin that completes the JUnit report, where one is written."""

    def __init__(self, config: pytest.Config) -> None:
        # pytest gives its own plugin no name.
        self._writers = [
            plugin
            for plugin in config.pluginmanager.get_plugins()
            if hasattr(plugin, "add_global_property")
        ]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Name the document's line as the place of a claim, and not that of our code."""
        place = str(dict(report.user_properties).get(PLACE, ""))
        path, _, line = place.rpartition(":")
        for writer in self._writers if path else ():
            reporter = writer.node_reporter(report)
            reporter.add_attribute("file", path)
            reporter.add_attribute("line", line)

    def tell(self, properties: Properties) -> None:
        """Add the properties of the whole run."""
        for name, value in properties:
            for writer in self._writers:
                writer.add_global_property(name, value)
