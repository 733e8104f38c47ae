"""What a history tells → a text for a terminal, for a review, for programs, and a page.

To add a format: write its function and list it in `FORMATS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from contract.markdown_text import code, escaped
from contract_tests.comparing.comparison_formats import code_cell, padded, table_row, wrapped
from contract_tests.months import months_page
from contract_tests.months.answer_times import periods
from contract_tests.months.episodes import Episode, Wavering
from contract_tests.months.months import Months
from contract_tests.months.told_words import (
    UNSTABLE,
    lasted,
    named,
    remarks,
    since,
    span,
    summary,
    until,
    verdicts,
    wavers,
    whose,
)

VERSION = "1.0"
"""The version of the JSON form; a reader of 1.0 understands every 1.x."""

_HEADINGS = (("in force 持续中", True), ("past 已结束", False))
_SIGNS = {True: "❌", False: "ℹ️"}


def text(told: Months) -> str:
    """Write what a history tells for a terminal of 80 columns; the last line sums it up."""
    lines = [*wrapped("", told.history.name), *wrapped("   ", span(told))]
    for counted in verdicts(told):
        lines += wrapped("   ", counted)
    for remark in remarks(told):
        lines += wrapped("!  ", remark)
    for heading, in_force in _HEADINGS:
        episodes = [each for each in told.episodes if each.in_force is in_force]
        lines += ["", heading] if episodes else []
        for each in episodes:
            lines += _episode(told, each)
    if told.waverings:
        lines += ["", " ".join(UNSTABLE)]
    for wavering in told.waverings:
        where = f"{wavering.operation}, {wavering.environment}: "
        lines += wrapped("  ", f"{where}{named(wavering)}: {wavers(told, wavering)}")
    return "\n".join([*lines, "", summary(told)]) + "\n"


def _episode(told: Months, episode: Episode) -> Iterator[str]:
    title = " ".join(episode.movement.title)
    words = f" {episode.row.description}" if episode.row else ""
    subject = f" · {episode.subject}{words}" if episode.subject else ""
    yield from wrapped("  ", f"{title}: {whose(episode)} · {episode.environment}{subject}")
    finding = told.finding(episode)
    level = f" (level {finding.level})" if finding else ""
    facts = {
        "since 自": since(told, episode),
        "until 至": "" if episode.in_force else until(told, episode),
        "for 历时": lasted(told, episode),
        "claim 断言": f"{episode.claim}{level}" if episode.claim else "",
        "seen 所见": f"{episode.was} → {episode.now}" if episode.was else episode.now,
        "promised": finding.promise if finding else "",
        "约定": finding.promise_zh if finding else "",
        "came 实际": finding.evidence if finding else "",
        "source": _place(told, episode),
    }
    for label, said in facts.items():
        if said:
            yield from wrapped(f"    {padded(label)} ", said)


def _place(told: Months, episode: Episode) -> str:
    finding = told.finding(episode)
    if episode.row is not None and episode.row.place:
        return episode.row.place
    return finding.places[0] if finding and finding.places else ""


def markdown(told: Months) -> str:
    """Write what a history tells as Markdown; what a report says is escaped."""
    lines = [f"## {escaped(summary(told))}", "", f"{code(told.history.name)} {escaped(span(told))}"]
    for each in (*verdicts(told), *(f"⚠️ {each}" for each in remarks(told))):
        lines += ["", escaped(each)]
    for heading, in_force in _HEADINGS:
        episodes = [each for each in told.episodes if each.in_force is in_force]
        if episodes:
            lines += ["", f"### {heading}", "", _HEAD, "|---|---|---|---|---|"]
            lines += [_line(told, each) for each in episodes]
    if told.waverings:
        lines += ["", f"### {' '.join(UNSTABLE)}", ""]
    for wavering in told.waverings:
        where = escaped(f"{wavering.operation}, {wavering.environment}")
        lines.append(f"- {where}: {code(named(wavering))} {escaped(wavers(told, wavering))}")
    return "\n".join(lines) + "\n"


_HEAD = "| what 变化 | where 位置 | since 自 | until 至 | seen 所见 |"


def _line(told: Months, episode: Episode) -> str:
    def cell(words: str) -> str:
        return escaped(words).replace("|", "\\|")

    title = f"{_SIGNS[episode.acts]} {' '.join(episode.movement.title)}"
    where = f"{whose(episode)} · {episode.environment}"
    subject = f" · {episode.subject}" if episode.subject else ""
    claim = f" {code_cell(episode.claim)}" if episode.claim else ""
    cells = (
        f"{cell(where)}{cell(subject)}{claim}",
        cell(since(told, episode)),
        cell(until(told, episode)),
        cell(f"{episode.was} → {episode.now}" if episode.was else episode.now),
    )
    return table_row(title, cells)


def as_json(told: Months) -> str:
    """Write what a history tells for programs."""
    history = told.history
    report = {
        "version": VERSION,
        "exit_status": told.exit_status,
        "folder": history.name,
        "runs": len(history.runs),
        "started": [history.runs[at].moment.isoformat() for at in (0, -1)],
        "left_out": [
            {"kind": each.kind[0], "count": each.count, "example": each.example}
            for each in history.left_out
        ],
        "episodes": [_told(told, each) for each in told.episodes],
        "flaky": [_wavering(told, each) for each in told.waverings],
        "gaps": [[_when(told, at) for at in gap] for gap in told.gaps],
        "operations": [
            {
                "id": each.operation,
                "environment": each.environment,
                "document": each.document or None,
                "runs": len(each.kept),
                "verdicts": _counted([kept.verdict for kept in each.kept]),
                "latency": [
                    {
                        "from": period.began.isoformat(),
                        "answers": period.answers,
                        "p50": round(period.p50, 6),
                        "p95": round(period.p95, 6),
                    }
                    for period in periods(each, history.runs)
                ],
            }
            for each in history.series
        ],
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _counted(words: Sequence[str]) -> dict[str, int]:
    return {each: words.count(each) for each in dict.fromkeys(words)}


def _when(told: Months, at: int | None) -> dict[str, str] | None:
    if at is None:
        return None
    run = told.history.runs[at]
    return {"started": run.moment.isoformat(), "file": run.file}


def _told(told: Months, episode: Episode) -> dict[str, object]:
    finding = told.finding(episode)
    return {
        "movement": episode.movement.name,
        "act": episode.acts,
        "operations": list(episode.operations),
        "environment": episode.environment,
        "subject": episode.subject,
        "pointer": episode.pointer,
        "claim": episode.claim or None,
        "level": finding.level if finding else None,
        "place": _place(told, episode) or None,
        "was": episode.was,
        "now": episode.now,
        "evidence": finding.evidence if finding else None,
        "before": _when(told, episode.before),
        "first": _when(told, episode.first),
        "last": _when(told, episode.last),
        "after": _when(told, episode.after),
        "runs": episode.runs,
        "in_force": episode.in_force,
        "came_back": None if episode.in_force else episode.came_back,
    }


def _wavering(told: Months, wavering: Wavering) -> dict[str, object]:
    return {
        "operation": wavering.operation,
        "environment": wavering.environment,
        "claim": wavering.claim or None,
        "broken": wavering.broken,
        "judged": wavering.judged,
        "flips": wavering.flips,
        "first": _when(told, wavering.first),
        "last": _when(told, wavering.last),
        "in_force": wavering.in_force,
    }


FORMATS: Mapping[str, Callable[[Months], str]] = {
    "text": text,
    "markdown": markdown,
    "html": months_page.text,
    "json": as_json,
}
"""The formats of `compare FOLDER`, by the names that `--format` takes."""
