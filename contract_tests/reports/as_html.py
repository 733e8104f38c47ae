"""`report.html`, one file that needs nothing else: `report.html.j2` and `report.css`, filled in.

A server's texts are escaped by the template, and its pictures are shown under the type that their
own bytes have. The page's policy runs nothing and loads nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from statistics import median

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from contract_tests.reports.as_terminal import numbers
from contract_tests.reports.report_values import (
    TRUTHS,
    ReportContents,
    ReportExchange,
    ReportFinding,
    ReportPicture,
    ReportUnjudged,
)

FILE = "report.html"

HERE = Path(__file__).parent

TALL = 64
WIDE = 40
FEW = 20
"""How many bars have room for their figures."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One exchange in the chart: how high it stands, and the part of it that was waiting."""

    called: ReportExchange
    x: float
    width: float
    height: float
    waiting: float


@dataclass(frozen=True, slots=True)
class Chart:
    """How long the exchanges took."""

    bars: tuple[Bar, ...]
    width: float
    fastest: float
    median: float
    slowest: float
    labelled: bool


def text(report: ReportContents) -> str:
    """Write the whole report as one HTML page."""
    style = (HERE / "report.css").read_text(encoding="utf-8")
    return _template().render(
        report=report,
        truths=TRUTHS,
        numbers=numbers,
        chart=chart,
        source=source,
        together=together,
        counted=counted,
        style=Markup(style),  # noqa: S704 - our own file
        policy=policy(style),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    """Compile the template, which takes longer than all else here."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string((HERE / "report.html.j2").read_text(encoding="utf-8"))


def policy(style: str) -> str:
    """Give the Content-Security-Policy of a page: its own style, pictures in it, nothing else."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}';"
        " base-uri 'none'; form-action 'none'"
    )


def source(picture: ReportPicture) -> str:
    """Give the data: URI of a picture that was read as one."""
    return f"data:{picture.media_type};base64,{b64encode(picture.data).decode()}"


def counted(findings: Sequence[ReportFinding], word: str) -> int:
    """Count the findings of one weight."""
    return sum(each.verdict == word for each in findings)


def together(unjudged: Sequence[ReportUnjudged]) -> list[tuple[ReportUnjudged, list[int]]]:
    """Gather the samples that were left unjudged for the same reason."""
    grouped: dict[tuple[str, str], tuple[ReportUnjudged, list[int]]] = {}
    for each in unjudged:
        grouped.setdefault((each.reason, each.evidence), (each, []))[1].append(each.sample)
    return list(grouped.values())


def chart(exchanges: Sequence[ReportExchange]) -> Chart:
    """Draw how long the exchanges took; the slowest stands highest."""
    times = [called.seconds for called in exchanges]
    highest = max(times) or 1.0
    wide = WIDE if len(times) <= FEW else max(2.0, WIDE * FEW / len(times))
    bars = tuple(
        Bar(
            called,
            x=round(index * wide + wide * 0.1, 2),
            width=round(wide * 0.8, 2),
            height=round(TALL * called.seconds / highest, 2),
            waiting=round(TALL * min(called.waited, called.seconds) / highest, 2),
        )
        for index, called in enumerate(exchanges)
    )
    return Chart(
        bars, len(times) * wide, min(times), median(times), max(times), labelled=len(times) <= FEW
    )
