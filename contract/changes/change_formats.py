"""Changes → a text for a terminal, for a review, for programs, and for GitHub's annotations.

Each form takes the changes and the ids of those that a waiver agrees to. To add a form: write its
function and list it in `FORMATS`.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from contract.annotations import annotation
from contract.changes.change_rules import Change, Effect

WORDS: Mapping[Effect, str] = {
    Effect.BREAKING: "breaking 破坏性",
    Effect.COMPATIBLE: "compatible 兼容",
    Effect.DOCUMENTATION: "documentation 仅文档",
}

_WIDTH = 80
_MEANT = re.compile(r"[\\`*{}\[\]<>#|~@&$!_]|^[-+=]|^(?=\d+[.)])")


def text(changes: Sequence[Change], waived: Collection[str] = ()) -> str:
    """Write the changes for a terminal; the last line sums them up."""
    lines = []
    for effect, those in _grouped(changes):
        lines.append(WORDS[effect])
        lines += [line for change in those for line in _told(change, waived)]
        lines.append("")
    return "\n".join([*lines, summary(changes, waived)]) + "\n"


def markdown(changes: Sequence[Change], waived: Collection[str] = ()) -> str:
    """Write the changes as Markdown; what the specs say means nothing in it."""
    lines = []
    for effect, those in _grouped(changes):
        lines += [f"### {WORDS[effect]}", ""]
        for change in those:
            agreed = " *(waived 已豁免)*" if _agreed(change, waived) else ""
            lines.append(f"- **{_plain(change.id)}**{agreed}: {_plain(change.reason)}")
            lines.append(f"  - {_plain(change.was)} → {_plain(change.now)}")
            lines.append(f"  - {' → '.join(_plain(str(place)) for place in change.places)}")
        lines.append("")
    return "\n".join([*lines, _plain(summary(changes, waived))]) + "\n"


def as_json(changes: Sequence[Change], waived: Collection[str] = ()) -> str:
    """Write the changes for programs: `changes`, and how many there are of each effect."""
    told = {
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
                "reason": change.reason,
                "waived": _agreed(change, waived),
                "places": [
                    {"path": place.path, "line": place.line, "column": place.column}
                    for place in change.places
                ],
            }
            for change in changes
        ],
    }
    return _sendable(json.dumps(told, ensure_ascii=False, indent=2)) + "\n"


def github(changes: Sequence[Change], waived: Collection[str] = ()) -> str:
    """Write an annotation for each change that a client may notice, at the new spec's line."""
    lines = []
    for change in changes:
        fails = change.effect is Effect.BREAKING and not _agreed(change, waived)
        if change.effect is not Effect.DOCUMENTATION:
            message = f"{change.reason} ({change.was} → {change.now})"
            title = f"{WORDS[change.effect]}: {change.id}"
            command = "error" if fails else "notice"
            place = change.places[1]
            lines.append(annotation(command, place, _line(title), _line(message)))
    return "".join(f"{line}\n" for line in lines)


def summary(changes: Sequence[Change], waived: Collection[str] = ()) -> str:
    """Sum the changes up in one line."""
    counts = [f"{_count(changes, effect)} {WORDS[effect]}" for effect in Effect]
    agreed = sum(_agreed(change, waived) for change in changes)
    counts += [f"{agreed} of them waived 已豁免"] if agreed else []
    return ", ".join(counts) if changes else "no change 无变化"


FORMATS: Mapping[str, Callable[[Sequence[Change], Collection[str]], str]] = {
    "text": text,
    "markdown": markdown,
    "json": as_json,
    "github": github,
}


def _grouped(changes: Sequence[Change]) -> Iterator[tuple[Effect, list[Change]]]:
    for effect in Effect:
        those = [change for change in changes if change.effect is effect]
        if those:
            yield effect, those


def _count(changes: Sequence[Change], effect: Effect) -> int:
    return sum(change.effect is effect for change in changes)


def _agreed(change: Change, waived: Collection[str]) -> bool:
    return change.effect is Effect.BREAKING and change.id in waived


def _told(change: Change, waived: Collection[str]) -> Iterator[str]:
    agreed = " (waived 已豁免)" if _agreed(change, waived) else ""
    yield f"  {_line(change.id)}{agreed}"
    yield from _wrapped("why", change.reason)
    yield from _wrapped("was", change.was)
    yield from _wrapped("now", change.now)
    for place in change.places:
        yield f"    see  {_line(str(place))}"


def _wrapped(label: str, words: str) -> list[str]:
    return textwrap.wrap(
        _line(words),
        _WIDTH,
        initial_indent=f"    {label}  ",
        subsequent_indent=" " * 9,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _line(words: str) -> str:
    """Keep a text in its line: what cannot be printed is written as an escape."""
    shown = (each if each.isprintable() else ascii(each)[1:-1] for each in words)
    return "".join(shown)


def _sendable(words: str) -> str:
    """Escape halves of surrogate pairs, as JSON does; UTF-8 has none."""
    return "".join(
        f"\\u{ord(each):04x}" if "\ud800" <= each <= "\udfff" else each for each in words
    )


def _plain(words: str) -> str:
    return _MEANT.sub(r"\\\g<0>", _line(words)).replace("://", ":\\//")
