"""A comparison → a text for a terminal, for a review, for programs, and a page.

To add a format: write its function and list it in `FORMATS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from contract.markdown_text import code, escaped
from contract_tests.comparing import comparison_page
from contract_tests.comparing.comparison import Comparison, Moved, verdicts_in_words
from contract_tests.comparing.counted_runs import ClaimHistory, ComparedSide, Observed
from contract_tests.comparing.grouping import SubjectGroup, described, grouped, summary
from contract_tests.reports.as_terminal import width

VERSION = "1.0"
"""The version of the JSON form; a reader of 1.0 understands every 1.x."""

_WIDTH = 80
_LABEL = 10
_UNSTABLE = (
    "unstable claims 不稳定的断言: runs that broke it, of runs that judged it 不符合次数/判定次数"
)
_SIGNS = {True: "❌", False: "ℹ️"}


def text(compared: Comparison) -> str:
    """Write a comparison for a terminal of 80 columns; the last line sums it up."""
    lines = []
    for letter, side in (("A", compared.a), ("B", compared.b)):
        lines += wrapped(f"{letter}  ", side.name)
        lines += wrapped("   ", f"{described(side)} · {verdicts_in_words(side.verdicts)}")
    for remark in compared.remarks:
        lines += wrapped("!  ", remark)
    for group in grouped(compared):
        lines += ["", f"{group.name} {group.summary}".rstrip()]
        for subject in group.subjects:
            lines += _subject(subject)
        if group.flaky:
            lines += wrapped("  ", _UNSTABLE)
        for each in group.flaky:
            lines += wrapped("    ", f"{each.claim}: A {_times(each.a)} · B {_times(each.b)}")
    return "\n".join([*lines, "", summary(compared)]) + "\n"


def _subject(group: SubjectGroup) -> Iterator[str]:
    indent = "  "
    if group.name:
        where = f"({group.place})" if group.place else ""
        yield from wrapped(indent, f"{group.name} {group.words} {where}")
        indent = "    "
    for each in group.moved:
        title = " ".join(each.movement.title)
        if each.finding is None:
            yield from wrapped(indent, f"{title}: {each.was} → {each.now}")
            continue
        yield from wrapped(indent, f"{title}: {each.finding.id} (level {each.finding.level})")
        facts = {
            "promised": each.finding.promise,
            "约定": each.finding.promise_zh,
            "A": each.was,
            "B": each.now,
            "came 实际": each.finding.evidence,
            "source": "" if each.place == group.place else each.place,
        }
        for label, words in facts.items():
            if words:
                yield from wrapped(f"{indent}  {padded(label)}", words)


def _times(claim: ClaimHistory) -> str:
    return f"{claim.broken}/{claim.judged}" if claim.judged else "–"


def padded(label: str) -> str:
    """Write a label as wide as all labels are."""
    return label + " " * (_LABEL - width(label))


def wrapped(label: str, words: str) -> list[str]:
    """Break words into lines of the terminal; what follows the first stands below its words."""
    indent = " " * width(label)
    lines, line = [], label
    for piece in words.split():
        space = "" if not line.strip() or line in {label, indent} else " "
        if width(line + space + piece) > _WIDTH and line not in {label, indent}:
            lines.append(line)
            line, space = indent, ""
        line += space
        for character in piece:
            if width(line + character) > _WIDTH:
                lines.append(line)
                line = indent
            line += character
    return [*lines, line.rstrip()]


def markdown(compared: Comparison) -> str:
    """Write a comparison as Markdown; what a report says is escaped."""
    lines = [f"## {escaped(summary(compared))}", "", "| | A | B |", "|---|---|---|"]
    sides = (compared.a, compared.b)
    lines += [
        table_row("report 报告", (code_cell(each.name) for each in sides)),
        table_row("runs 运行", (escaped(described(each)) for each in sides)),
        table_row("verdict 结论", (escaped(verdicts_in_words(each.verdicts)) for each in sides)),
    ]
    for remark in compared.remarks:
        lines += ["", f"⚠️ {escaped(remark)}"]
    for group in grouped(compared):
        lines += ["", f"### {escaped(f'{group.name} {group.summary}')}"]
        for subject in group.subjects:
            lines += ["", *_section(subject)]
        if group.flaky:
            lines += ["", escaped(_UNSTABLE), "", "| claim 断言 | A | B |", "|---|---|---|"]
        for each in group.flaky:
            lines.append(table_row(code_cell(each.claim), (_times(each.a), _times(each.b))))
    return "\n".join(lines) + "\n"


def table_row(name: str, cells: Iterator[str] | tuple[str, ...]) -> str:
    """Write a row of a table in Markdown."""
    return "| " + " | ".join([name, *cells]) + " |"


def code_cell(words: str) -> str:
    """Write a text as it is, in a code span of a table."""
    return code(words).replace("|", "\\|")


def _section(group: SubjectGroup) -> Iterator[str]:
    where = f" ({code(group.place)})" if group.place else ""
    if group.name:
        yield f"**{escaped(group.name)}** {escaped(group.words)}{where}"
        yield ""
    for each in group.moved:
        title = f"{_SIGNS[each.movement.act]} {' '.join(each.movement.title)}"
        seen = f"{escaped(each.was)} → {escaped(each.now)}"
        if each.finding is None:
            yield f"- {title}: {seen}"
        else:
            yield f"- {title}: {code(each.finding.id)}, {seen}"
            yield f"  - {escaped(each.finding.promise)} {escaped(each.finding.promise_zh)}"
            yield f"  - {code(each.finding.evidence)}"


def as_json(compared: Comparison) -> str:
    """Write a comparison for programs."""
    report = {
        "version": VERSION,
        "exit_status": compared.exit_status,
        "a": _side(compared.a),
        "b": _side(compared.b),
        "moved": [_difference(each) for each in compared.moved],
        "flaky": [
            {
                "operation": each.operation,
                "environment": each.environment,
                "claim": each.claim,
                "a": {"broken": each.a.broken, "judged": each.a.judged},
                "b": {"broken": each.b.broken, "judged": each.b.judged},
            }
            for each in compared.flaky
        ],
        "remarks": list(compared.remarks),
    }
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _side(side: ComparedSide) -> dict[str, object]:
    return {
        "name": side.name,
        "environments": list(side.environments),
        "runs": side.runs,
        "started": list(side.started),
        "verdict": side.verdict,
        "operations": [_observed(each) for each in side.operations.values()],
    }


def _observed(observed: Observed) -> dict[str, object]:
    return {
        "id": observed.id,
        "environment": observed.environment,
        "verdict": observed.verdict,
        "samples": observed.samples,
        "judged": observed.judged,
    }


def _difference(moved: Moved) -> dict[str, object]:
    return {
        "movement": moved.movement.name,
        "act": moved.movement.act,
        "operation": moved.operation,
        "environment": moved.environment,
        "subject": moved.subject,
        "pointer": moved.pointer,
        "claim": moved.finding.id if moved.finding else None,
        "level": moved.finding.level if moved.finding else None,
        "place": moved.place or None,
        "was": moved.was,
        "now": moved.now,
        "evidence": moved.finding.evidence if moved.finding else None,
    }


FORMATS: Mapping[str, Callable[[Comparison], str]] = {
    "text": text,
    "markdown": markdown,
    "html": comparison_page.text,
    "json": as_json,
}
"""The formats of `compare`, by the names that `--format` takes."""
