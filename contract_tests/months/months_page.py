"""What a history tells, as a page: one file that needs nothing else and loads nothing.

`months.html.j2`, `months.css` and `months.js`, filled in, with the style of the report of one run.
The script compares any two runs by the facts that the page holds; all else is there without it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from contract.content_security import digest
from contract_tests.comparing.member_rows import name_of_member
from contract_tests.comparing.run_reports import RunField
from contract_tests.months import told_words
from contract_tests.months.answer_times import Period, periods
from contract_tests.months.episodes import Episode, Wavering
from contract_tests.months.history import Series
from contract_tests.months.months import Months
from contract_tests.months.months_charts import Block, Curves, bar, calendar, curves
from contract_tests.months.run_facts import Packed, newest, packed
from contract_tests.reports import as_html
from contract_tests.reports.report_values import TRUTHS

MOST_ROWS = 400
"""The most members of one operation that are listed."""
MOST_OPEN = 24
"""Of more episodes that ended the list is folded."""

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """A member in the list of an operation: its row, what it is now, and when it changed."""

    name: str
    row: RunField | None
    now: str
    episodes: tuple[tuple[int, Episode], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesShown:
    """One operation in one environment, laid out."""

    series: Series
    counts: Mapping[str, int]
    blocks: Sequence[Block]
    periods: Sequence[Period]
    curves: Curves | None
    members: Sequence[MemberLine]
    waverings: Sequence[Wavering]


def text(told: Months) -> str:
    """Write what a history tells as one HTML page."""
    ours = (_HERE / "months.css").read_text(encoding="utf-8")
    style = (as_html.HERE / "report.css").read_text(encoding="utf-8") + ours
    script = (_HERE / "months.js").read_text(encoding="utf-8")
    facts, without = packed(told.history.series)
    template = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string((_HERE / "months.html.j2").read_text(encoding="utf-8"))
    return template.render(
        told=told,
        groups={in_force: _groups(told, in_force=in_force) for in_force in (True, False)},
        most_open=MOST_OPEN,
        words=told_words,
        truths=TRUTHS,
        bar=bar,
        tone=_tone(told),
        shown=[
            _shown(told, series, each)
            for series, each in zip(told.history.series, facts, strict=True)
        ],
        without=without,
        data=Markup(_data(told, facts)),  # noqa: S704 - no `<` is left in it
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704 - our own file
        policy=f"default-src 'none'; img-src data:; style-src {digest(style)};"
        f" script-src {digest(script)}; base-uri 'none'; form-action 'none'",
    )


def _groups(told: Months, *, in_force: bool) -> list[list[tuple[int, Episode]]]:
    """Gather what began and ended with something in the same runs; each has its number."""
    found: dict[tuple[object, ...], list[tuple[int, Episode]]] = {}
    for number, each in enumerate(told.episodes, 1):
        if each.in_force is in_force:
            about = each.pointer or each.subject
            key = (each.operations, each.environment, about, each.first, each.after)
            found.setdefault(key, []).append((number, each))
    return list(found.values())


def _tone(told: Months) -> str:
    if told.exit_status:
        return "violates"
    return "warning" if any(each.in_force for each in told.episodes) else "conforms"


def _data(told: Months, facts: Sequence[Packed]) -> str:
    runs = told.history.runs
    first = runs[0].moment
    names = list(dict.fromkeys(each.environment for each in runs))
    written = {
        "first": first.timestamp(),
        "environments": names,
        "runs": [
            [
                round((each.moment - first).total_seconds()),
                names.index(each.environment),
                list(TRUTHS).index(each.verdict),
                each.file,
            ]
            for each in runs
        ],
        "episodes": [
            {
                "movement": each.movement.name,
                "first": each.first,
                "after": each.after,
                "pointer": each.pointer,
                "claim": each.claim,
                "operations": each.operations,
                "environment": each.environment,
            }
            for each in told.episodes
        ],
        "series": facts,
    }
    plain = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    return plain.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _shown(told: Months, series: Series, facts: Packed) -> SeriesShown:
    runs = told.history.runs
    mine = [
        (number, each)
        for number, each in enumerate(told.episodes, 1)
        if series.name in each.operations and each.environment == series.environment
    ]
    of_days = periods(series, runs)
    times = [each for _, each in mine if each.movement.name == "latency-moved"]
    verdicts = [each.verdict for each in series.kept]
    return SeriesShown(
        series=series,
        counts={word: verdicts.count(word) for word in TRUTHS if word in verdicts},
        blocks=calendar(series, runs),
        periods=of_days,
        curves=curves(of_days, runs, times),
        members=_members(series, facts, mine),
        waverings=[
            each
            for each in told.waverings
            if (each.operation, each.environment) == (series.name, series.environment)
        ],
    )


def _members(
    series: Series, facts: Packed, mine: Sequence[tuple[int, Episode]]
) -> list[MemberLine]:
    """List the rows and the members beside them, those that changed first."""
    known = dict.fromkeys([*series.fields, *(each.pointer for _, each in mine if each.pointer)])
    known |= dict.fromkeys(name for shape in series.shapes for name, _ in shape if name)
    lines = []
    for pointer in known:
        row = series.fields.get(pointer)
        changes = tuple(each for each in mine if each[1].pointer == pointer)
        lines.append(
            MemberLine(
                name=row.name if row else name_of_member(pointer),
                row=row,
                now=newest(facts, pointer),
                episodes=changes,
            )
        )
    lines.sort(key=lambda each: (not each.episodes, each.row is None))
    return lines[:MOST_ROWS]
