"""The writing of every report of a run: each format into its own file, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from contract.files import write_whole
from contract.judging import as_har
from contract.judging.run import Run
from contract.judging.verdict import Judgement
from contract.printable import in_utf8
from contract_tests import reports
from contract_tests.reports import as_markdown, github
from contract_tests.reports.report_contents import contents
from contract_tests.reports.report_values import Published, ReportContents

TRAFFIC = "traffic.har"
"""The file of the recording; of several targets each has its own, such as `traffic-dev.har`."""


def _formats() -> Iterator[tuple[str, Callable[[ReportContents], str]]]:
    """Find the modules of this folder that lay a report out as a file."""
    for found in pkgutil.iter_modules(reports.__path__):
        name = f"{reports.__name__}.{found.name}"
        module = import_module(name) if found.name[:3] == "as_" else None
        if module is not None and hasattr(module, "FILE"):
            yield module.FILE, module.text


FORMATS: Mapping[str, Callable[[ReportContents], str]] = dict(_formats())
"""The functions that lay a report out, by the names of their files."""


def publish(run: Run, directory: Path | None, metrics: Path | None = None) -> Published:
    """Write every report of a run, and its metrics.

    The Markdown goes to `$GITHUB_STEP_SUMMARY` too, where that is set; in a job of GitHub Actions
    each finding becomes an annotation. A line says what was written where, and names every file
    that could not be written; the others are written all the same.
    """
    report = contents(run)
    problems: list[str] = []
    lines = list(_written(run, report, directory, problems)) if directory else []
    if metrics is not None:
        from contract_tests.reports import prometheus_textfile  # noqa: PLC0415 - only where it is used

        if _write(metrics, prometheus_textfile.text(report), problems):
            lines.append(f"metrics 指标: {metrics}")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        try:
            with Path(summary).open("ab") as file:
                file.write(in_utf8(as_markdown.text(report)))
        except OSError as error:
            problems.append(f"the job's summary was not written: {error}")
    on_github = os.environ.get("GITHUB_ACTIONS") == "true"
    return Published(
        lines=(*lines, *problems),
        commands=tuple(github.commands(report)) if on_github else (),
        unwritten=bool(problems),
    )


def _written(
    run: Run, report: ReportContents, directory: Path, problems: list[str]
) -> Iterator[str]:
    files: dict[str, Callable[[], str]] = {
        **{name: partial(text, report) for name, text in FORMATS.items()},
        **{name: partial(as_har.text, seen) for name, seen in _recordings(run).items()},
    }
    with contextlib.suppress(OSError):  # each file says what is wrong
        directory.mkdir(parents=True, exist_ok=True)
    names = [name for name, text in files.items() if _write(directory / name, text(), problems)]
    if names:
        yield f"reports 报告: {', '.join(names)} in {directory}"


def _write(path: Path, text: str, problems: list[str]) -> bool:
    """Write a file; say whether that worked."""
    try:
        write_whole(path, text)
    except OSError as error:
        problems.append(f"{path} was not written 报告未写入: {error.strerror or error}")
        return False
    return True


def _recordings(run: Run) -> Mapping[str, Sequence[Judgement]]:
    """Give what holds the traffic, by the names of the files: one, or one for each target."""
    several = {f"traffic-{each.name}.har": each.judgements for each in run.environments}
    together = [judgement for judgements in several.values() for judgement in judgements]
    read = any(seen.recorded for judgement in together for seen in judgement.exchanges)
    return {TRAFFIC: together} if len(several) == 1 or read else several
