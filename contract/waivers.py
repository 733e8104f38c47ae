"""Waivers: findings that are accepted until a date, for a stated reason.

A waivers file is a YAML list of `finding`, `environment`, `reason`, `ticket` and `expires`; only
the ticket is optional.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from contract.findings import Place, Unusable, named
from contract.spec.vocabulary import ENVIRONMENTS
from contract.spec.yaml_text import Located, parse, read

ANYWHERE = "*"
"""The environment of a waiver that holds in all of them, and for the spec."""
SPEC = "spec"
"""The environment of a waiver of what `check` and `derive` find; no server is asked."""
_NEEDED = ("finding", "environment", "reason", "expires")
_NAMES = frozenset({ANYWHERE, SPEC, "mock", *ENVIRONMENTS})
_KNOWN = frozenset({*_NEEDED, "ticket"})


class UnusableWaivers(Unusable):
    """A waivers file that does not say what a waiver must say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One finding that does not fail in one environment, through the day it expires."""

    finding: str
    environment: str
    reason: str
    ticket: str
    expires: date
    place: Place

    def concerns(self, environment: str) -> bool:
        """Say whether it is about an environment; `*` is about all of them."""
        return self.environment in {environment, ANYWHERE}

    def holds(self, today: date) -> bool:
        """Say whether it has not expired."""
        return today <= self.expires


def load(path: Path) -> tuple[Waiver, ...]:
    """Read a waivers file.

    Raises:
        UnreadableYaml: it cannot be read, or is not YAML.
        UnusableWaivers: a waiver lacks something, or holds something that cannot be read.
    """
    return _listed(read(path), Place(named(path), 1))


def parsed(content: bytes, name: str) -> tuple[Waiver, ...]:
    """Read the content of a waivers file; its places carry the name.

    Raises:
        UnreadableYaml: it is not YAML.
        UnusableWaivers: as above.
    """
    return _listed(parse(content, name), Place(name, 1))


def _listed(entries: object, start: Place) -> tuple[Waiver, ...]:
    if entries is None:
        return ()
    if not isinstance(entries, list):
        raise UnusableWaivers(start, "a waivers file is a list of waivers")
    return tuple(_waiver(entry, start) for entry in entries)


def waiving(waivers: Iterable[Waiver], environment: str, today: date) -> dict[str, Waiver]:
    """Give the waivers that hold today in an environment, by the finding they waive."""
    return {
        waiver.finding: waiver
        for waiver in waivers
        if waiver.concerns(environment) and waiver.holds(today)
    }


def remarks(
    waivers: Iterable[Waiver], environments: Iterable[str], today: date, found: Collection[str]
) -> Iterator[str]:
    """Name the waivers that waive nothing: expired ones, and those whose finding is gone."""
    for waiver in waivers:
        if any(waiver.concerns(each) for each in environments):
            if waiver.finding not in found:
                yield f"unused waiver, to be removed: {waiver.finding} ({waiver.place})"
            elif not waiver.holds(today):
                yield f"waiver expired on {waiver.expires}: {waiver.finding} ({waiver.place})"


def remarks_of_the_spec(
    waivers: Iterable[Waiver], today: date, found: Collection[str], claims: Collection[str]
) -> Iterator[str]:
    """Name the waivers that waive no finding about a spec.

    One for every environment is silent where the finding can only be one of an environment.

    Args:
        waivers: of the file.
        today: the day.
        found: the ids of the findings.
        claims: the names of the rules that may find something.
    """
    for waiver in waivers:
        is_of_a_rule = waiver.environment == SPEC or any(
            re.search(rf"-{re.escape(claim)}(-\d+)?\Z", waiver.finding) for claim in claims
        )
        if is_of_a_rule:
            yield from remarks([waiver], [SPEC], today, found)


def _waiver(entry: object, start: Place) -> Waiver:
    if not isinstance(entry, Located):
        raise UnusableWaivers(start, f"a waiver is a mapping of {', '.join(_NEEDED)}, ticket")
    missing = [name for name in _NEEDED if entry.get(name) in {None, ""}]
    unknown = [name for name in entry if name not in _KNOWN]
    if missing or unknown:
        problem = f"lacks {', '.join(missing)}"
        if unknown:
            problem = f"has no {unknown[0]}; it has {', '.join((*_NEEDED, 'ticket'))}"
        raise UnusableWaivers(entry.place, f"a waiver {problem}")
    environment = str(entry["environment"])
    if not re.fullmatch(r".*[.:].*|localhost", environment) and environment not in _NAMES:
        known = ", ".join(sorted(_NAMES))
        problem = f"{environment} is not an environment; write one of {known}, or HOST:PORT"
        raise UnusableWaivers(entry.at("environment"), problem)
    try:
        expires = date.fromisoformat(str(entry["expires"]))
    except ValueError:
        place = entry.at("expires")
        raise UnusableWaivers(place, "expires is a date such as 2026-12-31") from None
    return Waiver(
        finding=str(entry["finding"]),
        environment=environment,
        reason=str(entry["reason"]),
        ticket=str(entry.get("ticket") or ""),
        expires=expires,
        place=entry.place,
    )
