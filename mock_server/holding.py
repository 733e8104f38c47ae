"""Requests held to what this server issued: captchas that are right, fresh and unused, and tokens.

`x-mock-expects` says which values of a request are held. What is wrong is answered as the operation
documents it (`documented_failures.py`), else with problem details. Only what an operation of the
spec gives can be right, so where none gives it, nothing is held to it. To hold values to something
more: its name in `contract/spec/vocabulary.py`, and its judgement beside `held_captchas.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.types import Scope

from contract.spec.expectations import BODY
from mock_server.answers.documented_failures import (
    DocumentedFailure,
    HeldTo,
    Mistake,
    chosen,
    failures_of,
)
from mock_server.answers.draw import Draw
from mock_server.answers.replies import ServedOperation
from mock_server.drawing.captcha import Captchas
from mock_server.held_captchas import HeldCaptchas, Terms
from mock_server.held_tokens import HeldTokens
from mock_server.metrics import Metrics
from mock_server.problems import Problem, problem
from mock_server.requests.carried import CARRIED, Carried
from mock_server.requests.demands import HeldPlace
from mock_server.state.protocol import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What a request that is not held up gets: a documented failure, or problem details."""

    failure: DocumentedFailure | None
    problem: Problem


class Holding:
    """The holding of the requests of a spec, and the memory of what its answers gave."""

    def __init__(
        self,
        operations: Mapping[str, ServedOperation],
        captchas: Captchas,
        state: State,
        terms: Terms | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        """Compile what every operation is held to.

        Args:
            operations: those that are served.
            captchas: what the pictures show.
            state: knows what was issued.
            terms: how long and how often a captcha can be used; None where nothing is held.
            metrics: counts the captchas, and the attempts.
        """
        self.captchas = captchas
        held = operations if terms else {}
        self.of_captchas = HeldCaptchas(operations, captchas, state, terms, metrics)
        self.of_tokens = HeldTokens(held, state)
        self._failures = {name: failures_of(each) for name, each in held.items()}

    @property
    def holds(self) -> bool:
        """Whether requests of any operation are held to something."""
        return self.of_captchas.holds or self.of_tokens.holds

    def places(self, operation: str) -> frozenset[HeldPlace]:
        """Give the places of what a request must hold; names of parameters in lower case."""
        captchas = (place for each in self.of_captchas.held(operation) for place in each.places)
        return frozenset(
            (each.location, each.path if each.location == BODY else (each.path[0].lower(),))
            for each in (*self.of_tokens.held(operation), *captchas)
        )

    async def of_parameters(self, operation: str, scope: Scope) -> Refusal | None:
        """Judge the tokens in parameters; None where nothing is wrong."""
        if not self.of_tokens.held(operation):
            return None
        wrong = await self.of_tokens.wrong(operation, scope, None, in_body=False)
        return self._refusal(operation, HeldTo.TOKEN, wrong) if wrong else None

    async def of_all_else(self, operation: str, scope: Scope) -> Refusal | None:
        """Judge captchas, and the tokens in bodies; None where nothing is wrong."""
        if not self.of_tokens.held(operation) and not self.of_captchas.held(operation):
            return None
        carried: Carried = scope["extensions"].get(CARRIED, Carried())
        wrong = await self.of_tokens.wrong(operation, scope, carried.body, in_body=True)
        if wrong is not None:
            return self._refusal(operation, HeldTo.TOKEN, wrong)
        wrong = await self.of_captchas.wrong(operation, scope, carried.body)
        return self._refusal(operation, HeldTo.CAPTCHA, wrong) if wrong else None

    async def remember(
        self, operation: str, scope: Scope, payload: object, headers: Iterable[tuple[str, str]]
    ) -> None:
        """Remember the tokens that a good answer gives."""
        await self.of_tokens.remember(operation, scope, payload, headers)

    def payload_of(self, failure: DocumentedFailure) -> object:
        """Give what a documented failure sends; one that nothing shows is made by its schema."""
        if failure.example is not None:
            return failure.reply.examples[failure.example]
        return failure.reply.make(Draw(self.captchas, self.captchas.number(0)))

    def _refusal(self, operation: str, subject: HeldTo, wrong: tuple[Mistake, str]) -> Refusal:
        mistake, detail = wrong
        if subject is HeldTo.TOKEN:
            refused = problem(HTTPStatus.UNAUTHORIZED, detail, www_authenticate="Bearer")
        else:
            refused = problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
        failure = chosen(self._failures.get(operation, ()), subject, mistake)
        return Refusal(failure=failure, problem=refused)
