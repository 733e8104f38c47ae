"""Requests held to what this server issued: captchas that are right, fresh and unused, and tokens.

`x-mock-expects` says which values of a request are held. What is wrong is answered as the operation
documents it (`documented_failures.py`), else with problem details. Only what an operation of the
spec gives can be right, so where none gives it, nothing is held to it. To hold values to something
more: its name in `contract/spec/vocabulary.py`, and its judgement here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain

from starlette.types import Scope

from contract.spec.composition import merged
from contract.spec.expectations import BODY, Expectation, expectations
from contract.spec.vocabulary import CAPTCHA_ANSWER, CAPTCHA_NUMBER, TOKEN, shown
from mock_server.answers.documented_failures import (
    DocumentedFailure,
    HeldTo,
    Mistake,
    chosen,
    failures_of,
)
from mock_server.answers.draw import Draw
from mock_server.answers.issued_texts import numbers_in
from mock_server.answers.replies import ServedOperation
from mock_server.drawing.captcha import Captchas
from mock_server.metrics import Metrics
from mock_server.problems import Problem, problem
from mock_server.requests.carried import CARRIED, Carried
from mock_server.requests.demands import HeldPlace
from mock_server.requests.request_values import texts_at, value_at
from mock_server.state.protocol import CaptchaAttempt, State
from mock_server.state.sessions import session_of

TTL, USES = 120.0, 1
"""How many seconds a captcha lasts, and how many attempts it allows, if nothing else is said."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\s+")
_OF_ATTEMPT: Mapping[CaptchaAttempt, Mistake | None] = {
    CaptchaAttempt.ACCEPTED: None,
    CaptchaAttempt.UNKNOWN: Mistake.UNKNOWN,
    CaptchaAttempt.EXPIRED: Mistake.EXPIRED,
    CaptchaAttempt.USED: Mistake.USED,
}
_OF_A_CAPTCHA: Mapping[Mistake, str] = {
    Mistake.MISSING: "{name} is missing: send the number of a captcha, and what its picture shows",
    Mistake.UNKNOWN: "{name}: {value} is not the number of a captcha that this server issued in"
    " this session",
    Mistake.EXPIRED: "{name}: the captcha {value} has expired: it lasts {ttl:g} s",
    Mistake.USED: "{name}: the captcha {value} is used up: it allows {uses} attempt{s}",
    Mistake.DIFFERENT: "{name} is not what the picture shows; /__admin/captchas/{value} tells it",
}
_OF_A_TOKEN: Mapping[Mistake, str] = {
    Mistake.MISSING: "{name} is missing: send a token that this server gave in an answer",
    Mistake.UNKNOWN: "{name} is not a token that this server gave in this session",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How many seconds a captcha lasts, and how many attempts it allows, right or wrong."""

    ttl: float = TTL
    uses: int = USES


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What a request that is not held up gets: a documented failure, or problem details."""

    failure: DocumentedFailure | None
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What the requests of one operation are held to, and what its answers give."""

    served: ServedOperation
    captchas: tuple[tuple[Expectation, Expectation], ...]
    tokens: tuple[Expectation, ...]
    given: tuple[tuple[str, ...], ...]
    failures: tuple[DocumentedFailure, ...]


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
        self.metrics = metrics
        self.captchas = captchas
        self.state = state
        self.terms = terms
        self._held = {name: _held(each) for name, each in operations.items()} if terms else {}
        found = (form for each in operations.values() for form in each.good.forms)
        self.forms = tuple(dict.fromkeys(found))
        gives_tokens = any(each.given for each in self._held.values())
        self._of_captchas = {
            name: each for name, each in self._held.items() if each.captchas and self.forms
        }
        self._of_tokens = {
            name: each for name, each in self._held.items() if each.tokens and gives_tokens
        }

    @property
    def holds(self) -> bool:
        """Whether requests of any operation are held to something."""
        return bool(self._of_captchas or self._of_tokens)

    def places(self, operation: str) -> frozenset[HeldPlace]:
        """Give the places of what a request must hold; names of parameters in lower case."""
        tokens, captchas = self._of_tokens.get(operation), self._of_captchas.get(operation)
        of_captchas = captchas.captchas if captchas else ()
        return frozenset(
            (each.location, each.path if each.location == BODY else (each.path[0].lower(),))
            for each in (*(tokens.tokens if tokens else ()), *chain.from_iterable(of_captchas))
        )

    async def of_parameters(self, operation: str, scope: Scope) -> Refusal | None:
        """Judge the tokens in parameters; None where nothing is wrong."""
        held = self._of_tokens.get(operation)
        if held is None:
            return None
        return await self._of_token(held, scope, None, in_body=False)

    async def of_all_else(self, operation: str, scope: Scope) -> Refusal | None:
        """Judge captchas, and the tokens in bodies; None where nothing is wrong."""
        of_tokens, of_captchas = self._of_tokens.get(operation), self._of_captchas.get(operation)
        if of_tokens is None and of_captchas is None:
            return None
        carried: Carried = scope["extensions"].get(CARRIED, Carried())
        body = carried.body
        if of_tokens is not None:
            refusal = await self._of_token(of_tokens, scope, body, in_body=True)
            if refusal is not None:
                return refusal
        if of_captchas is None:
            return None
        return await self._of_captcha(of_captchas, scope, body)

    async def issue(self, scope: Scope, number: str) -> None:
        """Remember that an answer shows a captcha, and count it."""
        if self.metrics is not None:
            self.metrics.captcha_issued()
        await self.state.issue(session_of(scope), number)

    async def remember(self, operation: str, scope: Scope, payload: object) -> None:
        """Remember the tokens that a good answer gives."""
        held = self._held.get(operation)
        for path in held.given if held else ():
            for token in texts_at(payload, path):
                await self.state.remember(session_of(scope), _bare(token))

    def payload_of(self, failure: DocumentedFailure) -> object:
        """Give what a documented failure sends; one that nothing shows is made by its schema."""
        if failure.example is not None:
            return failure.reply.examples[failure.example]
        return failure.reply.make(Draw(self.captchas, self.captchas.number(0)))

    async def _of_token(
        self, held: _Held, scope: Scope, body: object, *, in_body: bool
    ) -> Refusal | None:
        for each in held.tokens:
            if (each.location == BODY) is not in_body:
                continue
            sent = value_at(each, held.served.operation, scope, body)
            token = _bare(sent or "")
            if not token and not each.required:
                continue
            if not token:
                detail = _OF_A_TOKEN[Mistake.MISSING].format(name=each.name)
                return _refusal(held, HeldTo.TOKEN, Mistake.MISSING, detail)
            if not await self.state.remembers(session_of(scope), token):
                detail = _OF_A_TOKEN[Mistake.UNKNOWN].format(name=each.name)
                return _refusal(held, HeldTo.TOKEN, Mistake.UNKNOWN, detail)
        return None

    async def _of_captcha(self, held: _Held, scope: Scope, body: object) -> Refusal | None:
        operation = held.served.operation
        for number, answer in held.captchas:
            named = (value_at(number, operation, scope, body) or "").strip()
            said = (value_at(answer, operation, scope, body) or "").strip()
            if not named and not said and not (number.required or answer.required):
                continue
            wrong = await self._wrong(session_of(scope), named, said)
            if self.metrics is not None:
                self.metrics.captcha_attempted(wrong.value if wrong else "right")
            if wrong is not None:
                about = number if wrong in _OF_ATTEMPT.values() or not named else answer
                return _refusal(held, HeldTo.CAPTCHA, wrong, self._detail(wrong, about.name, named))
        return None

    async def _wrong(self, session: str, named: str, said: str) -> Mistake | None:
        if not named:
            return Mistake.MISSING
        terms = self.terms or Terms()
        attempt, number = CaptchaAttempt.UNKNOWN, ""
        for number in numbers_in(named, self.captchas, self.forms):
            attempt = await self.state.attempt(session, number, ttl=terms.ttl, uses=terms.uses)
            if attempt is not CaptchaAttempt.UNKNOWN:
                break
        wrong = _OF_ATTEMPT[attempt]
        if wrong is None and not said:
            return Mistake.MISSING
        right = self.captchas.text(number).casefold() == said.casefold()
        return wrong if wrong is not None or right else Mistake.DIFFERENT

    def _detail(self, wrong: Mistake, name: str, number: str) -> str:
        terms = self.terms or Terms()
        value = number if wrong is Mistake.DIFFERENT else shown(number)
        plural = "" if terms.uses == 1 else "s"
        return _OF_A_CAPTCHA[wrong].format(
            name=name, value=value, ttl=terms.ttl, uses=terms.uses, s=plural
        )


def _held(served: ServedOperation) -> _Held:
    found = expectations(served.operation)
    numbers = [each for each in found if each.word == CAPTCHA_NUMBER]
    answers = [each for each in found if each.word == CAPTCHA_ANSWER]
    return _Held(
        served=served,
        captchas=tuple(zip(numbers, answers, strict=False)),
        tokens=tuple(each for each in found if each.word == TOKEN),
        given=tuple(_given(served)),
        failures=failures_of(served),
    )


def _given(served: ServedOperation) -> Iterator[tuple[str, ...]]:
    for member in served.operation.members:
        if merged(member.schema).get("x-mock") == TOKEN:
            yield member.path


def _bare(token: str) -> str:
    """Give a token without the word that stands before it in a header: Bearer, JWT, Token."""
    found = _SCHEME.match(token := token.strip())
    return token[found.end() :] if found else token


def _refusal(held: _Held, subject: HeldTo, wrong: Mistake, detail: str) -> Refusal:
    if subject is HeldTo.TOKEN:
        refused = problem(HTTPStatus.UNAUTHORIZED, detail, www_authenticate="Bearer")
    else:
        refused = problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    return Refusal(failure=chosen(held.failures, subject, wrong), problem=refused)
