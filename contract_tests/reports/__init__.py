"""A run → files that outlive it: for programs, for people, for a browser, for GitHub.

`report_values.py` says what every report shows; each other module lays it out in one form. To add
a form: write its module and list it in `FORMS`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from contract.judging.run import Run
from contract_tests.reports import as_har, as_html, as_json, as_markdown, github
from contract_tests.reports.report_contents import contents
from contract_tests.reports.report_values import ReportContents

TRAFFIC = "traffic.har"
FORMS: Mapping[str, Callable[[ReportContents], str]] = {
    "report.json": as_json.text,
    "report.md": as_markdown.text,
    "report.html": as_html.text,
}


def publish(run: Run, directory: Path | None) -> tuple[str, ...]:
    """Write every report of a run, and give the lines that are to be printed.

    The Markdown goes to `$GITHUB_STEP_SUMMARY` too, where that is set; in a job of GitHub Actions
    the lines hold an annotation for each finding. Of a file that cannot be written, a line says so.
    """
    report = contents(run)
    lines = list(_written(run, report, directory)) if directory else []
    return (*lines, *_on_github(report))


def _written(run: Run, report: ReportContents, directory: Path) -> Iterator[str]:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, form in FORMS.items():
            (directory / name).write_text(form(report), encoding="utf-8")
        seen = [exchange for judgement in run.judgements for exchange in judgement.exchanges]
        as_har.write(directory / TRAFFIC, seen)
        yield f"reports 报告: {', '.join([*FORMS, TRAFFIC])} in {directory}"
    except OSError as error:
        yield f"reports were not written 报告未写入: {error}"


def _on_github(report: ReportContents) -> Iterator[str]:
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(as_markdown.text(report))
        except OSError as error:
            yield f"the job's summary was not written: {error}"
    if os.environ.get("GITHUB_ACTIONS") == "true":
        yield from github.commands(report)
