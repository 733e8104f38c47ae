"""A comparison as a page: one file that needs nothing else, and runs nothing.

`comparison.html.j2` and `comparison.css`, filled in, with the style of the report of one run. Plots
are SVG whose places are per cent of its width, so their texts stay readable on a phone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from contract_tests.comparing.comparison import Comparison, verdicts_in_words
from contract_tests.comparing.counted_runs import Observed
from contract_tests.comparing.grouping import described, grouped, named, summary
from contract_tests.comparing.member_rows import name_of_member, row_of
from contract_tests.comparing.run_reports import worst
from contract_tests.reports import as_html
from contract_tests.reports.report_values import TRUTHS

MOST_DOTS = 240
"""The most dots of one strip; of more numbers, as many at even distances are drawn."""
MOST_RUNS = 400
"""The most runs of a side that are drawn, the last ones."""
TWO = 2
"""How many numbers have quarters."""

_HERE = Path(__file__).parent
_LEFT, _RIGHT = 3.0, 97.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The numbers of one side: a dot for each, the median, and the middle half, in per cent."""

    dots: tuple[float, ...]
    middle: float
    low: float
    high: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """The numbers of both sides on one scale."""

    chinese: str
    english: str
    a: Strip
    b: Strip
    scale: tuple[tuple[float, str], ...]


def text(compared: Comparison) -> str:
    """Write a comparison as one HTML page."""
    ours = (_HERE / "comparison.css").read_text(encoding="utf-8")
    style = (as_html.HERE / "report.css").read_text(encoding="utf-8") + ours
    template = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string((_HERE / "comparison.html.j2").read_text(encoding="utf-8"))
    return template.render(
        compared=compared,
        groups=list(grouped(compared)),
        truths=TRUTHS,
        said=verdicts_in_words,
        summary=summary(compared),
        tone=_tone(compared),
        described=described,
        named=named,
        plots=plots,
        rows=rows,
        runs=runs,
        style=Markup(style),  # noqa: S704 - our own files
        policy=as_html.policy(style),
    )


def _tone(compared: Comparison) -> str:
    if compared.exit_status:
        return "violates"
    return "warning" if compared.moved else "conforms"


def rows(a: Observed, b: Observed) -> Iterator[tuple[object, str, str]]:
    """Give the rows of the field table, each with its verdict on either side."""
    for name, row in {**a.fields, **b.fields}.items():
        verdicts = (worst(list(each.row_verdicts.get(name, ()))) for each in (a, b))
        was, now = verdicts
        yield row, was, now


def runs(observed: Observed) -> Sequence[str]:
    """Give the verdicts of the last runs, where there are several."""
    return observed.verdicts[-MOST_RUNS:] if len(observed.verdicts) > 1 else ()


def plots(a: Observed, b: Observed) -> Iterator[Plot]:
    """Draw how long answers took, and how large pictures were."""
    if a.judged and b.judged:
        times = ([each * 1000 for each in side.every_second] for side in (a, b))
        yield _plot("耗时", "time of an answer", "ms", *times)
    for pointer in a.pictures:
        if pointer in b.pictures:
            row = row_of(pointer, b)
            name = row.name if row else name_of_member(pointer)
            sizes = (side.pictures[pointer].sizes for side in (a, b))
            yield _plot(f"{name} 图片字节数", f"bytes of a picture, {name}", "B", *sizes)


def _plot(
    chinese: str, english: str, unit: str, one: Sequence[float], other: Sequence[float]
) -> Plot:
    greatest = max(*one, *other) or 1.0
    least = 0.0 if min(*one, *other) < greatest / 2 else min(*one, *other)
    reach = (greatest - least) or 1.0

    def at(number: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (number - least) / reach, 2)

    def strip(numbers: Sequence[float]) -> Strip:
        low, middle, high = _quarters(numbers)
        every = sorted(numbers)
        step = max(1, len(every) // MOST_DOTS)
        return Strip(
            dots=tuple(map(at, every[::step])),
            middle=at(middle),
            low=at(low),
            high=at(high),
            said=f"{_short(middle)} {unit} ({_short(low)}–{_short(high)})",
        )

    ends = (least, (least + greatest) / 2, greatest)
    return Plot(
        chinese=chinese,
        english=english,
        a=strip(one),
        b=strip(other),
        scale=tuple((at(each), f"{_short(each)} {unit}") for each in ends),
    )


def _quarters(numbers: Sequence[float]) -> tuple[float, float, float]:
    if len(numbers) < TWO:
        return numbers[0], numbers[0], numbers[0]
    low, _, high = quantiles(numbers, n=4, method="inclusive")
    return low, median(numbers), high


def _short(number: float) -> str:
    return f"{number:.1f}" if 0 < number < 10 else f"{number:,.0f}"  # noqa: PLR2004 - digits
