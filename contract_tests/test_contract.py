"""Every claim that the spec makes about an environment's answers, one test each."""

from __future__ import annotations

import pytest

from contract import printable
from contract.judging.outcomes import Outcome
from contract.judging.verdict import Judgement, Verdict
from contract.spec.operations import UnreadOperation
from contract_tests.allure_labels import titled
from contract_tests.reports import as_terminal


@titled
def test_claim(outcome: Outcome, judgement: Judgement) -> None:
    """The environment keeps the claim in every sample that could be judged."""
    if outcome.finding is not None and judgement.verdict_of(outcome) is Verdict.VIOLATES:
        explained = as_terminal.explained(outcome.finding, judgement)
        pytest.fail("\n".join(map(printable.line, explained)), pytrace=False)


def test_operation_can_be_judged(unjudged: UnreadOperation) -> None:
    """The spec says enough of the operation to judge it; it is collected only where it does not."""
    del unjudged
