"""Settings and requests as texts that a Redis keeps, and back.

A request is two lines of JSON: what came, and, once it is answered, what became of it. No
credential is written: a line holds what the journal shows. To keep something more of either: its
member in the function that writes it, and in the one that reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mock_server.delays import Between, Delay, Lognormal
from mock_server.faults import fault_named
from mock_server.state.journal import JournalEntry
from mock_server.state.kept_bodies import REDACTION, KeptBody
from mock_server.state.settings import AnswerRule, Settings


def settings_as_text(settings: Settings) -> str:
    """Write settings; how often rules are still to be met is kept beside them."""
    return json.dumps(
        {
            "fault": settings.fault.name if settings.fault else None,
            "delay": _delay_as_json(settings.delay),
            "rules": [
                {
                    "operation": each.operation,
                    "asked": dict(each.asked),
                    "delay": _delay_as_json(each.delay),
                    "match": dict(each.match),
                    "key": each.key,
                }
                for each in settings.rules
            ],
        }
    )


def settings_of(text: str | bytes, times: Mapping[str, int | None]) -> Settings:
    """Read settings.

    Args:
        text: what `settings_as_text` wrote.
        times: how often each rule is still to be met, by its key; one that is not named has ended.
    """
    said = json.loads(text)
    return Settings(
        fault=fault_named(said["fault"] or ""),
        delay=_delay_of(said["delay"]),
        rules=tuple(
            AnswerRule(
                operation=each["operation"],
                asked=each["asked"],
                delay=_delay_of(each["delay"]),
                times=times[each["key"]],
                match=each["match"],
                key=each["key"],
            )
            for each in said["rules"]
            if each["key"] in times
        ),
    )


def _delay_as_json(delay: Delay | None) -> Sequence[object] | None:
    if isinstance(delay, Between):
        return ["between", delay.lower, delay.upper]
    return ["lognormal", delay.median, delay.sigma] if isinstance(delay, Lognormal) else None


def _delay_of(said: Sequence[Any] | None) -> Delay | None:
    if said is None:
        return None
    kind, *bounds = said
    return Between(*bounds) if kind == "between" else Lognormal(*bounds)


def beginning(entry: JournalEntry) -> str:
    """Write what came of a request."""
    headers = "\n".join(f"{name}:{value}" for name, value in entry.shown_headers())
    return json.dumps([entry.moment, entry.method, REDACTION.url(entry.target), headers])


def end(entry: JournalEntry) -> str:
    """Write what became of a request."""
    return json.dumps(
        [
            entry.operation,
            entry.status,
            entry.seconds,
            entry.why,
            [entry.body.as_json(), entry.body.text()] if entry.body else None,
            entry.answer.as_json() if entry.answer else None,
            entry.upstream,
        ]
    )


def entries_of(
    session: str, base: int, kept: Mapping[int, bytes], ended: Mapping[int, int]
) -> Iterator[JournalEntry]:
    """Read requests, in the order in which they are given.

    Args:
        session: whose they are.
        base: the place behind which the numbers begin.
        kept: what `beginning` wrote of each, then what `end` did, by its place.
        ended: which of all answered requests each is, by its place.
    """
    for place, text in kept.items():
        came, _, became = text.partition(b"\n")
        moment, method, target, headers = json.loads(came)
        entry = JournalEntry(
            session=session,
            moment=moment,
            method=method,
            target=target,
            headers=headers.encode("latin-1", "replace"),
            number=place - base,
            ended=ended.get(place, 0),
        )
        if became:
            (entry.operation, entry.status, entry.seconds, entry.why, body, answer, upstream) = (
                json.loads(became)
            )
            entry.body = KeptBody.shown_as(*body) if body else None
            entry.answer = KeptBody.shown_as(answer) if answer else None
            entry.upstream = upstream
        yield entry
