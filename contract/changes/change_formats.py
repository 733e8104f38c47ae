"""Changes → a text for a terminal, for a review, for programs, and for GitHub's annotations.

Each format takes the changes and the ids of those that are waived. To add a format: write
its function and list it in `FORMATS`.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from contract import printable
from contract.annotations import annotation
from contract.changes.change import Change, Effect
from contract.changes.change_rules import RULES
from contract.markdown_text import escaped

TITLES: Mapping[Effect, str] = {
    Effect.BREAKING: "breaking 破坏性",
    Effect.COMPATIBLE: "compatible 兼容",
    Effect.DOCUMENTATION: "documentation 仅文档",
}
"""The headings of the effects, in both languages."""

_WIDTH = 80
_FEW = 12


def text(changes: Sequence[Change], waived: Collection[str] = ()) -> str:
    """Write the changes for a terminal; the last line sums them up."""
    lines = []
    for effect, those in _grouped(changes):
        lines.append(TITLES[effect])
        lines += [line for change in those for line in _paragraph(change, waived)]
        lines.append("")
    return "\n".join([*lines, summary(changes, waived)]) + "\n"


def markdown(changes: Sequence[Change], waived: Collection[str] = ()) -> str:
    """Write the changes as Markdown; what the specs say is escaped."""
    lines = []
    for effect, those in _grouped(changes):
        lines += [f"### {TITLES[effect]}", ""]
        for change in those:
            agreed = " *(waived 已豁免)*" if _agreed(change, waived) else ""
            lines.append(f"- **{escaped(change.id)}**{agreed}: {escaped(change.what.english)}")
            lines.append(f"  - {escaped(change.why.english)}")
            lines.append(f"  - {escaped(_chinese(change))}")
            lines.append(f"  - {escaped(change.was)} → {escaped(change.now)}")
            lines += [f"  - {escaped(used)}" for used in _used(change)]
            lines.append(f"  - {' → '.join(escaped(str(place)) for place in change.places)}")
        lines.append("")
    return "\n".join([*lines, escaped(summary(changes, waived))]) + "\n"


def as_json(changes: Sequence[Change], waived: Collection[str] = ()) -> str:
    """Write the changes for programs: `changes`, and how many there are of each effect."""
    report = {
        **{effect.value: _count(changes, effect) for effect in Effect},
        "waived": sum(_agreed(change, waived) for change in changes),
        "changes": [
            {
                "id": change.id,
                "effect": change.effect.value,
                "operation": change.operation,
                "subject": change.subject,
                "rule": change.rule,
                "pointer": change.pointer,
                "was": change.was,
                "now": change.now,
                "what": change.what._asdict(),
                "why": change.why._asdict(),
                "reason": change.reason,
                "operations": list(change.operations),
                "uses": [
                    {"operation": use.operation, "pointer": use.pointer} for use in change.uses
                ],
                "english": RULES[change.rule].english,
                "chinese": RULES[change.rule].chinese,
                "waived": _agreed(change, waived),
                "places": [
                    {"path": place.path, "line": place.line, "column": place.column}
                    for place in change.places
                ],
            }
            for change in changes
        ],
    }
    return printable.in_json(json.dumps(report, ensure_ascii=False, indent=2)) + "\n"


def github(changes: Sequence[Change], waived: Collection[str] = ()) -> str:
    """Write an annotation for each change that a client may notice, at the new spec's line."""
    lines = []
    for change in changes:
        fails = change.effect is Effect.BREAKING and not _agreed(change, waived)
        if change.effect is not Effect.DOCUMENTATION:
            message = f"{change.what.english}: {change.why.english}. {_chinese(change)}"
            title = f"{TITLES[change.effect]}: {change.id}"
            command = "error" if fails else "notice"
            place = change.places[1]
            lines.append(annotation(command, place, printable.line(title), printable.line(message)))
    return "".join(f"{line}\n" for line in lines)


def summary(changes: Sequence[Change], waived: Collection[str] = ()) -> str:
    """Sum the changes up in one line."""
    counts = [f"{_count(changes, effect)} {TITLES[effect]}" for effect in Effect]
    agreed = sum(_agreed(change, waived) for change in changes)
    counts += [f"{agreed} of them waived 已豁免"] if agreed else []
    return ", ".join(counts) if changes else "no change 无变化"


FORMATS: Mapping[str, Callable[[Sequence[Change], Collection[str]], str]] = {
    "text": text,
    "markdown": markdown,
    "json": as_json,
    "github": github,
}
"""The formats of `diff`, by the names that `--format` takes."""


def _grouped(changes: Sequence[Change]) -> Iterator[tuple[Effect, list[Change]]]:
    for effect in Effect:
        those = [change for change in changes if change.effect is effect]
        if those:
            yield effect, those


def _count(changes: Sequence[Change], effect: Effect) -> int:
    return sum(change.effect is effect for change in changes)


def _agreed(change: Change, waived: Collection[str]) -> bool:
    return change.effect is Effect.BREAKING and change.id in waived


def _paragraph(change: Change, waived: Collection[str]) -> Iterator[str]:
    agreed = " (waived 已豁免)" if _agreed(change, waived) else ""
    yield f"  {printable.line(change.id)}{agreed}"
    yield from _wrapped("what", change.what.english)
    yield from _wrapped("why ", change.why.english)
    yield from _wrapped("变更", change.what.chinese)
    yield from _wrapped("原因", change.why.chinese)
    yield from _wrapped("规则", RULES[change.rule].chinese)
    yield from (line for used in _used(change) for line in _wrapped("used", used))
    yield from _wrapped("was ", change.was)
    yield from _wrapped("now ", change.now)
    for place in change.places:
        yield f"    see  {printable.line(str(place))}"


def _chinese(change: Change) -> str:
    return f"{change.what.chinese}：{change.why.chinese}。{RULES[change.rule].chinese}"


def _used(change: Change) -> Iterator[str]:
    """Say where a change acts, if one text of the spec is used in several operations."""
    names = change.operations
    if len(names) > 1:
        more = f", … ({len(names)})" if len(names) > _FEW else ""
        listed = ", ".join(names[:_FEW]) + more
        yield f"in {len(names)} operations 涉及 {len(names)} 个接口: {listed}"


def _wrapped(label: str, words: str) -> list[str]:
    return textwrap.wrap(
        printable.line(words),
        _WIDTH,
        initial_indent=f"    {label} ",
        subsequent_indent=" " * 9,
        break_long_words=False,
        break_on_hyphens=False,
    )
