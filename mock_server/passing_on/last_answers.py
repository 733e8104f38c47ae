"""The last answers of each operation, for what one answer alone cannot break: values that repeat.

Only answers that keep every other promise are remembered, and only small ones, so that what is kept
stays small, and nothing is told twice.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from contract.findings import Finding, Level
from contract.judging.claims import Claim, claims
from contract.judging.outcomes import NumberedReading, outcomes
from contract.judging.reading import JudgeableAnswer
from contract.judging.verdict import Judgement
from contract.spec.operations import Operation

REMEMBERED = 4
"""Earlier answers that one is compared with: with it, as many as a contract run asks for."""

LARGEST = 128 << 10
"""Bytes of an answer that is remembered."""

OPERATIONS = 100
"""Operations whose answers are remembered; of more, those that were called last."""


@dataclass(slots=True)
class _Window:
    """The last answers of one operation, and its claims over several samples."""

    operation: Operation
    claims: tuple[Claim, ...]
    answers: list[NumberedReading] = field(default_factory=list)
    seen: int = 0


@dataclass(slots=True)
class LastAnswers:
    """The last answers of all operations; threads may share it."""

    _windows: OrderedDict[str, _Window] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def findings(self, judgement: Judgement) -> tuple[Finding, ...]:
        """Remember an answer, and tell what it breaks together with those before it."""
        reading = judgement.readings[0]
        if (
            not isinstance(reading, JudgeableAnswer)
            or len(reading.response.body) > LARGEST
            or any(each.level <= Level.SAMPLE for each in judgement.findings)
        ):
            return ()
        with self._lock:
            window = self._window(judgement)
            if not window.claims:
                return ()
            window.seen += 1
            number = window.seen
            window.answers = [*window.answers[-REMEMBERED:], (number, reading)]
            answers = [*window.answers]
        found = (each.finding for each in outcomes(window.claims, answers, recorded=True))
        return tuple(each for each in found if each is not None and number in each.samples)

    def _window(self, judgement: Judgement) -> _Window:
        operation = judgement.operation
        window = self._windows.pop(operation.id, None)
        if window is None or window.operation is not operation:
            every = claims(operation, judgement.provenance)
            window = _Window(operation, tuple(each for each in every if each.check.fewest > 1))
        self._windows[operation.id] = window
        if len(self._windows) > OPERATIONS:
            self._windows.popitem(last=False)
        return window
