"""Captchas that a request brings back: whether they are right, fresh and unused.

A captcha is named by the number that its answer gave, by a name that the client gave it, or by
nothing: then it is the last one of its session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.types import Scope

from contract.spec.expectations import Expectation, expectations
from contract.spec.operations import Operation
from contract.spec.vocabulary import CAPTCHA_ANSWER, CAPTCHA_NAME, CAPTCHA_NUMBER, shown
from mock_server.answers.documented_failures import Mistake
from mock_server.answers.issued_texts import NumberForm, numbers_in
from mock_server.answers.replies import ServedOperation
from mock_server.drawing.captcha import Captchas
from mock_server.metrics import Metrics
from mock_server.requests.carried import CARRIED, Carried
from mock_server.requests.request_values import texts_sent, value_at
from mock_server.state.named_captchas import key_of, last_named, number_in
from mock_server.state.protocol import CaptchaAttempt, State
from mock_server.state.sessions import session_of

TTL, USES = 120.0, 1
"""How many seconds a captcha lasts, and how many attempts it allows, if nothing else is said."""

_OF_ATTEMPT: Mapping[CaptchaAttempt, Mistake | None] = {
    CaptchaAttempt.ACCEPTED: None,
    CaptchaAttempt.UNKNOWN: Mistake.UNKNOWN,
    CaptchaAttempt.EXPIRED: Mistake.EXPIRED,
    CaptchaAttempt.USED: Mistake.USED,
}
_OF_A_NUMBER: Mapping[Mistake, str] = {
    Mistake.MISSING: "{name} is missing: send the number of a captcha, and what its picture shows",
    Mistake.UNKNOWN: "{name}: {value} is not the number of a captcha that this server issued in"
    " this session",
    Mistake.EXPIRED: "{name}: the captcha {value} has expired: it lasts {ttl:g} s",
    Mistake.USED: "{name}: the captcha {value} is used up: it allows {uses} attempt{s}",
    Mistake.DIFFERENT: "{name} is not what the picture shows; /__admin/captchas/{value} tells it",
}
_OF_THE_LAST: Mapping[Mistake, str] = {
    Mistake.MISSING: "{name} is missing: send what the last picture of the session shows",
    Mistake.UNKNOWN: "{name}: this server issued no captcha in this session: get one first",
    Mistake.EXPIRED: "{name}: the last captcha of this session has expired: it lasts {ttl:g} s",
    Mistake.USED: "{name}: the last captcha of this session is used up: it allows {uses}"
    " attempt{s}",
    Mistake.DIFFERENT: "{name} is not what the picture shows; /__admin/captchas tells it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How many seconds a captcha lasts, and how many attempts it allows, right or wrong."""

    ttl: float = TTL
    uses: int = USES


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCaptcha:
    """Where a request has a captcha: the place of its number, if it has any, and of its answer."""

    number: Expectation | None
    answer: Expectation

    @property
    def places(self) -> Iterator[Expectation]:
        """The places that it has."""
        yield from (each for each in (self.number, self.answer) if each is not None)


class HeldCaptchas:
    """The captchas of a spec: how they are named, and which operations are held to them."""

    def __init__(
        self,
        operations: Mapping[str, ServedOperation],
        captchas: Captchas,
        state: State,
        terms: Terms | None,
        metrics: Metrics | None = None,
    ) -> None:
        """Compile what every operation is held to; where there are no terms, nothing is."""
        self.metrics = metrics
        self.captchas = captchas
        self.state = state
        self.terms = terms or Terms()
        self.operations = {name: each.operation for name, each in operations.items()}
        found = (form for each in operations.values() for form in each.good.forms)
        self.forms: tuple[NumberForm, ...] = tuple(dict.fromkeys(found))
        drawn = [each for each in operations.values() if each.good.shows_captchas]
        self._names = {each.operation.id: name for each in drawn for name in _names(each.operation)}
        can_be_named = bool(self.forms or self._names)
        self._held = {
            name: held
            for name, each in self.operations.items()
            for held in [_held(each) if terms and drawn else ()]
            if held and (can_be_named or held[0].number is None)
        }

    @property
    def by_name(self) -> bool:
        """Whether clients name captchas themselves."""
        return bool(self._names)

    def held(self, operation: str) -> Sequence[HeldCaptcha]:
        """Give the captchas that an operation is held to."""
        return self._held.get(operation, ())

    @property
    def holds(self) -> bool:
        """Whether any operation is held to one."""
        return bool(self._held)

    async def issue(self, operation: str, scope: Scope, number: str) -> None:
        """Count a captcha that was drawn, and remember it by the request's name of it, if any."""
        if self.metrics is not None:
            self.metrics.captcha_issued()
        place, name = self._names.get(operation), None
        if place is not None:
            carried: Carried = scope["extensions"].get(CARRIED, Carried())
            name = value_at(place, self.operations[operation], scope, carried.body)
        await self.state.issue(session_of(scope), key_of(number, (name or "").strip() or None))

    async def wrong(self, operation: str, scope: Scope, body: object) -> tuple[Mistake, str] | None:
        """Say what is wrong with the captchas of a request; None where nothing is.

        Args:
            operation: that is called.
            scope: of the request.
            body: what it carries.
        """
        called, session = self.operations[operation], session_of(scope)
        for each in self.held(operation):
            said = (value_at(each.answer, called, scope, body) or "").strip()
            named = self._named(each.number, texts_sent(each.number, called, scope, body))
            if not named and not said and not any(place.required for place in each.places):
                continue
            wrong = await self._mistake(session, named, said)
            if self.metrics is not None:
                self.metrics.captcha_attempted(wrong.value if wrong else "right")
            if wrong is not None:
                of_number = wrong in _OF_ATTEMPT.values() or not named
                about = each.number if each.number is not None and of_number else each.answer
                return wrong, self._detail(wrong, about.name, named)
        return None

    def _named(self, number: Expectation | None, sent: Sequence[str]) -> str | None:
        """Give what names a captcha: of several cookies, the one that can; None if nothing may."""
        if number is None:
            return None
        may_be = (each for each in sent if any(numbers_in(each, self.captchas, self.forms)))
        return next(may_be, sent[0] if sent else "")

    async def _mistake(self, session: str, named: str | None, said: str) -> Mistake | None:
        if not named and not (named is None and said):
            return Mistake.MISSING
        attempt, key = CaptchaAttempt.UNKNOWN, ""
        for key in await self._keys(session, named):
            attempt = await self.state.attempt(
                session, key, ttl=self.terms.ttl, uses=self.terms.uses
            )
            if attempt is not CaptchaAttempt.UNKNOWN:
                break
        wrong = _OF_ATTEMPT[attempt]
        if wrong is None and not said:
            return Mistake.MISSING
        right = self.captchas.text(number_in(key)).casefold() == said.casefold() if key else False
        return wrong if wrong is not None or right else Mistake.DIFFERENT

    async def _keys(self, session: str, named: str | None) -> Iterable[str]:
        """Give what the state may know a captcha by, the likeliest first."""
        if named is None:
            return [each.number for each in await self.state.captchas(session, 1)]
        last = await last_named(self.state, session, named) if self.by_name else None
        numbers = numbers_in(named, self.captchas, self.forms)
        return [*([] if last is None else [last]), *numbers]

    def _detail(self, wrong: Mistake, name: str, named: str | None) -> str:
        sentences = _OF_THE_LAST if named is None else _OF_A_NUMBER
        value = named if wrong is Mistake.DIFFERENT else shown(named)
        uses, plural = self.terms.uses, "" if self.terms.uses == 1 else "s"
        return sentences[wrong].format(
            name=name, value=value, ttl=self.terms.ttl, uses=uses, s=plural
        )


def _held(operation: Operation) -> tuple[HeldCaptcha, ...]:
    found = expectations(operation)
    numbers = [each for each in found if each.word == CAPTCHA_NUMBER]
    answers = [each for each in found if each.word == CAPTCHA_ANSWER]
    if not numbers:
        return tuple(HeldCaptcha(number=None, answer=each) for each in answers[:1])
    pairs = zip(numbers, answers, strict=False)
    return tuple(HeldCaptcha(number=number, answer=answer) for number, answer in pairs)


def _names(operation: Operation) -> Iterator[Expectation]:
    """Give the places where a request that gets a captcha names it."""
    yield from (each for each in expectations(operation) if each.word == CAPTCHA_NAME)
