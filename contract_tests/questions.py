"""What the tests of a run ask, each about one subject: an operation in an environment.

A live run has a subject for each operation and target; a HAR file may show the same operation at
several base URLs, and each is a subject of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pytest

from contract import printable
from contract.judging.claims import Claim
from contract.judging.verdict import Judgement, Verdict
from contract.reaching.environments import Target
from contract_tests.exit_status import told

Cause = tuple[str, frozenset[tuple[str, str]]]
"""Why there is no verdict: an environment, and the reasons with their evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a judgement is about.

    Attributes:
        operation: the operationId.
        environment: the name of the environment, or its host and port.
        base_url: where the recording shows it; empty in a live run.
    """

    operation: str
    environment: str
    base_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Question:
    """What one test asks: whether a claim is kept by a subject.

    It is the parameter of a test, so its text is the same in every run: tools that follow a test
    over many runs, such as Allure, recognise it by that.

    Attributes:
        claim: what is claimed.
        subject: of what.
        prefix: the environment, where a run judges several; see `prefix_of`.
    """

    claim: Claim
    subject: Subject
    prefix: str = ""

    def __repr__(self) -> str:
        where = f" at {self.subject.base_url}" if self.subject.base_url else ""
        return printable.line(f"{self.prefix}{self.claim.id}{where}")


def question_of(item: pytest.Item) -> Question | None:
    """Give the question of a test, if it asks whether a claim is kept."""
    callspec = getattr(item, "callspec", None)
    question = callspec.params.get("outcome") if callspec else None
    return question if isinstance(question, Question) else None


def cause_of(question: Question, judgement: Judgement) -> Cause:
    """Say why a question has no verdict; several may have none for one cause."""
    reasons = {(reading.reason, reading.evidence) for _, reading in judgement.unjudged}
    return question.subject.environment, frozenset(reasons)


def prefix_of(target: Target, targets: Collection[Target]) -> str:
    """Give what the names of tests begin with: the environment, if the run judges several.

    It ends in a colon, which `-k` takes as it is.
    """
    return f"{target.environment}:" if len(targets) > 1 else ""


def tellers_of(
    items: Iterable[pytest.Item], judgements: Mapping[Subject, Judgement]
) -> Mapping[Cause, str]:
    """Give the name of the first test that has no verdict for a cause, by the cause."""
    first: dict[Cause, str] = {}
    for item in items:
        question = question_of(item)
        if question is not None and question.subject in judgements:
            judgement = judgements[question.subject]
            outcome = judgement.outcomes[question.claim.id]
            if told(outcome, judgement) == Verdict.INCONCLUSIVE:
                first.setdefault(cause_of(question, judgement), item.name)
    return first
