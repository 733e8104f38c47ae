"""A series → which of its claims broke when, which waver, and when nothing could be judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from contract_tests.comparing.member_rows import name_of_member
from contract_tests.comparing.movements import MOVEMENTS
from contract_tests.months.episodes import Episode, Wavering, breaks_and_waverings
from contract_tests.months.history import KEPT, OPEN, SPARED, VIOLATED, History, KeptRun, Series
from contract_tests.reports.report_values import TRUTHS

_CODES = {KEPT: 0, VIOLATED: 1, SPARED: 2, OPEN: 3}
_NOT_PROMISED = 4
_KEPT_IN_WORDS = "kept 符合"
_ALL_JUDGED = "judged 可判定"


def of_claims(series: Series) -> Iterator[Episode | Wavering]:
    """Tell the breaks of every claim, and those that waver."""
    states = np.array([each.state for each in series.kept])
    names = dict.fromkeys(name for state in series.states for name in state)
    for name in names:
        codes_of_states = [
            _CODES[state[name]] if name in state else _NOT_PROMISED for state in series.states
        ]
        if not {1, 2} & set(codes_of_states):
            continue
        codes = np.array(codes_of_states, dtype=np.int8)[states]
        yield from _of_claim(name, codes, series)


def _of_claim(name: str, codes: NDArray[np.int8], series: Series) -> Iterator[Episode | Wavering]:
    judged = np.flatnonzero(codes < _CODES[OPEN])
    broken = codes[judged] > 0
    breaks, waverings = breaks_and_waverings(broken)
    pointer = series.pointers.get(name, "")
    row = series.fields.get(pointer) if pointer else None
    dropped = _dropped(codes)
    for low, high in breaks:
        kept = [series.kept[int(each)] for each in judged[low:high]]
        counted = int(np.sum(codes[judged[low:high]] == 1))
        after = series.kept[int(judged[high])].run if high < len(judged) else None
        no_longer = after is None and dropped is not None
        yield Episode(
            movement=MOVEMENTS["ceased-to-conform" if counted else "warning-began"],
            operations=(series.name,),
            environment=series.environment,
            subject=row.name if row else name_of_member(pointer),
            pointer=pointer,
            row=row,
            claim=name,
            was=_KEPT_IN_WORDS if low else "",
            now=_broken_in_words(counted, len(kept)),
            before=series.kept[int(judged[low - 1])].run if low else None,
            first=kept[0].run,
            last=kept[-1].run,
            after=series.kept[dropped].run if no_longer and dropped is not None else after,
            runs=len(kept),
            came_back=not no_longer,
        )
    for spans in waverings:
        yield _wavering(name, pointer, series, judged, broken, spans)


def _dropped(codes: NDArray[np.int8]) -> int | None:
    """Give the run from which on a claim is promised no longer; None where the newest does."""
    promised = np.flatnonzero(codes != _NOT_PROMISED)
    there = int(promised[-1]) + 1
    return there if there < len(codes) else None


def _broken_in_words(counted: int, runs: int) -> str:
    if counted in {0, runs}:
        return " ".join(reversed(TRUTHS["violates" if counted else "warning"]))
    return f"{' '.join(reversed(TRUTHS['violates']))}: {counted}/{runs} runs 次运行"


def _wavering(  # noqa: PLR0913, PLR0917 - all that it is told by
    name: str,
    pointer: str,
    series: Series,
    judged: NDArray[np.int64],
    broken: NDArray[np.bool_],
    spans: Sequence[tuple[int, int]],
) -> Wavering:
    parts = [broken[low:high] for low, high in spans]
    shown = [judged[low + at] for low, high in spans for at in np.flatnonzero(broken[low:high])]
    return Wavering(
        operation=series.name,
        environment=series.environment,
        claim=name,
        pointer=pointer,
        broken=int(sum(each.sum() for each in parts)),
        judged=sum(map(len, parts)),
        flips=int(sum(np.sum(each[1:] != each[:-1]) for each in parts)),
        first=series.kept[int(shown[0])].run,
        last=series.kept[int(shown[-1])].run,
        in_force=spans[-1][1] == len(broken),
    )


def of_judging(series: Series) -> Iterator[Episode | Wavering]:
    """Tell the runs in which an operation could not be judged at all."""
    open_ = np.array([each.verdict == "inconclusive" for each in series.kept])
    breaks, waverings = breaks_and_waverings(open_)
    for low, high in breaks:
        kept = series.kept[low:high]
        yield Episode(
            movement=MOVEMENTS["no-longer-judged"],
            operations=(series.name,),
            environment=series.environment,
            was=_ALL_JUDGED if low else "",
            now=_reasons(kept),
            before=series.kept[low - 1].run if low else None,
            first=kept[0].run,
            last=kept[-1].run,
            after=series.kept[high].run if high < len(series.kept) else None,
            runs=len(kept),
        )
    every = np.arange(len(series.kept))
    for spans in waverings:
        yield _wavering("", "", series, every, open_, spans)


def _reasons(kept: Sequence[KeptRun]) -> str:
    counted: Counter[str] = Counter()
    for each in kept:
        counted.update(dict(each.unjudged))
    named = ", ".join(f"{name} ({count})" for name, count in counted.most_common(3))
    said = " ".join(reversed(TRUTHS["inconclusive"]))
    return f"{said}: {named}" if named else said


def of_presence(history: History) -> Iterator[Episode]:
    """Tell which operations are missing in runs of their suite, and which are new in them.

    The runs of a suite are those that share an operation, directly or by way of others.
    """
    for suite in _suites(history):
        mine = [at for at, run in enumerate(history.runs) if run.operations & suite]
        for series in history.series:
            if (series.operation, series.environment) in suite and not series.document:
                yield from _of_presence(series, mine, history)


def _of_presence(series: Series, mine: Sequence[int], history: History) -> Iterator[Episode]:
    key = series.operation, series.environment
    where = [at for at in mine if any(other[1] == key[1] for other in history.runs[at].operations)]
    missing = np.array([key not in history.runs[at].operations for at in where])
    breaks, _ = breaks_and_waverings(missing)
    for low, high in breaks:
        if not low:
            yield _appeared(series, where, high)
            continue
        yield Episode(
            movement=MOVEMENTS["operation-vanished"],
            operations=(series.name,),
            environment=series.environment,
            was="in the report 报告中有",
            now="–",
            before=where[low - 1],
            first=where[low],
            last=where[high - 1],
            after=where[high] if high < len(where) else None,
            runs=high - low,
        )


def _appeared(series: Series, where: Sequence[int], high: int) -> Episode:
    return Episode(
        movement=MOVEMENTS["operation-appeared"],
        operations=(series.name,),
        environment=series.environment,
        was="–",
        now="in the report 报告中有",
        before=where[high - 1],
        first=where[high],
        last=series.kept[-1].run,
        after=None,
        runs=len(series.kept),
    )


def _suites(history: History) -> list[set[tuple[str, str]]]:
    """Join the operations that some run has together."""
    made: list[set[tuple[str, str]]] = []
    for operations in dict.fromkeys(each.operations for each in history.runs):
        joined = set(operations)
        apart = []
        for suite in made:
            if suite & joined:
                joined |= suite
            else:
                apart.append(suite)
        made = [*apart, joined]
    return made
