"""A history → all that is told of it: episodes, wavering claims, gaps, each once.

What follows from something that is told already is not told again: a member that vanished where the
claim about it broke in the same run, a drift of a member whose claim wavers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from statistics import median

from contract_tests.comparing.report_files import UnreadableReport
from contract_tests.comparing.run_reports import RunFinding, run_report
from contract_tests.months.answer_times import of_times
from contract_tests.months.claim_episodes import of_claims, of_judging, of_presence
from contract_tests.months.drift_episodes import of_members, of_pictures, of_unjudged
from contract_tests.months.episodes import Episode, Wavering
from contract_tests.months.history import DatedRun, History, Series

MOST_GAPS = 3
"""So many gaps are named, the longest ones."""

_TOLD_BY_A_CLAIM = {"member-vanished", "member-appeared", "type-changed", "length-moved"}
_OF_CLAIMS = {"ceased-to-conform", "warning-began"}
_NEAR = 1
_NEAR_A_WAVERING = 30
_GAP = timedelta(days=2)
_MUCH = 4
_FINDINGS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """A history, and what is told of it.

    Attributes:
        history: the runs.
        episodes: those in force first, the newest first.
        waverings: claims that some runs break and others keep.
        findings: of the first run of an episode or wavering, by run and claim.
        gaps: longest times without a run, each by the runs around it.
    """

    history: History
    episodes: tuple[Episode, ...]
    waverings: tuple[Wavering, ...]
    findings: Mapping[tuple[int, str, str], RunFinding]
    gaps: tuple[tuple[int, int], ...]

    @property
    def exit_status(self) -> int:
        """1 if the newest runs show something that a reader must act on, else 0."""
        return int(any(each.acts for each in self.episodes))

    def finding(self, told: Episode | Wavering) -> RunFinding | None:
        """Give the broken promise of an episode or a wavering, as its first run reports it."""
        return self.findings.get((told.first, told.environment, told.claim))


def months(history: History) -> Months:
    """Tell what happened in a history."""
    found = [each for series in history.series for each in _of(series)]
    waverings = [each for each in found if isinstance(each, Wavering)]
    episodes = [each for each in found if isinstance(each, Episode)]
    episodes = [*_each_once(episodes, waverings), *of_presence(history)]
    ordered = sorted(_together(episodes), key=_rank)
    findings = _findings(history.runs, [*ordered, *waverings])
    return Months(
        history=history,
        episodes=tuple(_with_subject(each, findings) for each in ordered),
        waverings=tuple(waverings),
        findings=findings,
        gaps=tuple(_gaps(history.runs)),
    )


def _rank(episode: Episode) -> tuple[bool, bool, int]:
    """Put first what must be acted on, then what is in force; the newest first."""
    return not episode.acts, not episode.in_force, -episode.first


def _with_subject(episode: Episode, findings: Mapping[tuple[int, str, str], RunFinding]) -> Episode:
    finding = findings.get((episode.first, episode.environment, episode.claim))
    if episode.subject or finding is None:
        return episode
    return replace(episode, subject=finding.subject)


def _of(series: Series) -> Iterator[Episode | Wavering]:
    yield from of_judging(series)
    yield from of_claims(series)
    yield from of_unjudged(series)
    yield from of_members(series)
    yield from of_pictures(series)
    yield from of_times(series)


def _each_once(episodes: Sequence[Episode], waverings: Sequence[Wavering]) -> Iterator[Episode]:
    """Leave out what a claim tells already."""
    claims = [each for each in episodes if each.movement.name in _OF_CLAIMS]
    for each in episodes:
        if each.movement.name not in _TOLD_BY_A_CLAIM or not (
            any(_tells(claim, each) for claim in claims)
            or any(_waves(wavering, each) for wavering in waverings)
        ):
            yield each


def _tells(claim: Episode, drift: Episode) -> bool:
    if (claim.operations, claim.environment) != (drift.operations, drift.environment):
        return False
    moments = [at for at in (claim.first, claim.after) if at is not None]
    near = any(abs(drift.first - at) <= _NEAR for at in moments)
    return claim.pointer == drift.pointer and near


def _waves(wavering: Wavering, drift: Episode) -> bool:
    if ((wavering.operation,), wavering.environment) != (drift.operations, drift.environment):
        return False
    around = range(wavering.first - _NEAR_A_WAVERING, wavering.last + _NEAR_A_WAVERING + 1)
    return wavering.pointer == drift.pointer and drift.first in around


def _together(episodes: Iterable[Episode]) -> Iterator[Episode]:
    """Tell once that several operations could not be judged in the same runs."""
    same: dict[tuple[object, ...], list[Episode]] = {}
    for each in episodes:
        if each.movement.name == "no-longer-judged":
            key = (each.environment, each.first, each.last, each.after)
            same.setdefault(key, []).append(each)
        else:
            yield each
    for some in same.values():
        names = tuple(name for each in some for name in each.operations)
        yield replace(some[0], operations=names)


def _findings(
    runs: Sequence[DatedRun], told: Sequence[Episode | Wavering]
) -> Mapping[tuple[int, str, str], RunFinding]:
    """Read again the first report of each episode that is about a claim: it says what came."""
    found: dict[tuple[int, str, str], RunFinding] = {}
    wanted = dict.fromkeys(each.first for each in told if each.claim)
    for number in list(wanted)[:_FINDINGS]:
        try:
            report = run_report(runs[number].path)
        except UnreadableReport:  # it was removed meanwhile
            continue
        for operation in report.operations:
            for finding in operation.findings.values():
                found[number, operation.environment, finding.id] = finding
    return found


def _gaps(runs: Sequence[DatedRun]) -> list[tuple[int, int]]:
    """Find the times without a run that are far longer than the usual one."""
    between = [
        (later.moment - earlier.moment, number)
        for number, (earlier, later) in enumerate(pairwise(runs))
    ]
    if not between:
        return []
    usual = timedelta(seconds=median(each.total_seconds() for each, _ in between))
    long = [each for each in between if each[0] >= max(_GAP, _MUCH * usual)]
    longest = sorted(long, reverse=True)[:MOST_GAPS]
    return sorted((number, number + 1) for _, number in longest)
