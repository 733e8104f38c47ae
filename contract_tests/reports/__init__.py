"""A run → files that outlive it: for programs, for people, for a browser, for GitHub.

`report_values.py` says what every report shows; each other module lays it out in one format. To
add a format: write a module `as_….py` here, with the name of its file in `FILE`, and a function
`text` that lays a report out.
"""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path

from contract.judging.run import Run
from contract_tests.reports import as_har, as_markdown, github
from contract_tests.reports.report_contents import contents
from contract_tests.reports.report_values import ReportContents

TRAFFIC = "traffic.har"
"""The file of the recording."""


def _formats() -> Iterator[tuple[str, Callable[[ReportContents], str]]]:
    """Find the modules of this folder that lay a report out as a file."""
    for found in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}") if found.name[:3] == "as_" else None
        if module is not None and hasattr(module, "FILE"):
            yield module.FILE, module.text


FORMATS: Mapping[str, Callable[[ReportContents], str]] = dict(_formats())
"""The functions that lay a report out, by the names of their files."""


def publish(run: Run, directory: Path | None) -> tuple[str, ...]:
    """Write every report of a run, and give the lines that are to be printed.

    The Markdown goes to `$GITHUB_STEP_SUMMARY` too, where that is set; in a job of GitHub Actions
    the lines hold an annotation for each finding. If a file cannot be written, a line says so.
    """
    report = contents(run)
    lines = list(_written(run, report, directory)) if directory else []
    return (*lines, *_on_github(report))


def _written(run: Run, report: ReportContents, directory: Path) -> Iterator[str]:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in FORMATS.items():
            (directory / name).write_text(text(report), encoding="utf-8")
        seen = [exchange for judgement in run.judgements for exchange in judgement.exchanges]
        as_har.write(directory / TRAFFIC, seen)
        yield f"reports 报告: {', '.join([*FORMATS, TRAFFIC])} in {directory}"
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
