"""The choice of the answer to a request, by the request, the rules and the settings."""

from __future__ import annotations

import random
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.answers.choosing import Choice, choose, leaves_room
from mock_server.answers.delivery import deliver_choice, wait
from mock_server.answers.replies import (
    ServedOperation,
)
from mock_server.faults.fault import Fault
from mock_server.matching import RequestValues, body_of, needs_body
from mock_server.preferences import preferences_of, without_preferences
from mock_server.problems import RequestRefused
from mock_server.routing import operation_id
from mock_server.state.journal import ENTRY
from mock_server.state.protocol import State, StateGone
from mock_server.state.sessions import session_of
from mock_server.state.settings import AnswerRule, Settings
from mock_server.wire import CONNECTION

CHOICE = "mock_server.choice"
"""The extension of the scope that holds the `Choice` of a request, or why there is none."""


class ChoosingMiddleware:
    """The choice of the answer to a request, which is broken and delayed on its way out.

    It stands behind connexion's routing, so it knows the operation, and before the validation of
    requests, so validation sees no preference in the query. If a preference cannot be met, the
    refusal waits in the scope until the responder is reached: an invalid request is refused first.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        operations: Mapping[str, ServedOperation],
        state: State,
        choices: random.Random,
        passes: bool = False,
    ) -> None:
        self.app = app
        self.passes = passes
        self.operations = operations
        self.state = state
        self.choices = choices

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose the answer of a routed request; one that asks for nothing passes untouched."""
        served = self.operations.get(operation_id(scope) or "")
        query = scope["query_string"]
        preferences = preferences_of(scope["headers"], query) if served else {}
        if served is None:
            await self.app(scope, receive, send)
            return
        settings = await self._settings(scope)
        if not (preferences or settings.say_anything):
            await self.app(scope, receive, send)
            return
        rule = None
        if settings.rules:
            rule, receive = await self._rule(served, preferences, settings, scope, receive)
        if self.passes and not (preferences or rule or settings.fault):
            if settings.delay is not None:
                await scope["extensions"][CONNECTION].wait(settings.delay.seconds(self.choices))
            await self.app(scope, receive, send)
            return
        choice = choose(served, preferences, settings, rule)
        inner = {
            **scope,
            "query_string": without_preferences(query),
            "extensions": {**scope["extensions"], CHOICE: choice},
        }
        body: list[bytes] = []

        async def keep(message: Message) -> None:
            body.append(message.get("body", b""))

        try:
            await self.app(inner, receive, keep)
        except RequestRefused:
            if isinstance(choice, Choice):
                await wait(choice, self.choices, scope)
            raise
        choice = inner["extensions"][CHOICE]  # what a request is held to may have changed it
        if isinstance(choice, Choice):  # otherwise the responder has refused the request
            _note(choice.fault, scope)
            await deliver_choice(choice, b"".join(body), self.choices, scope, receive, send)

    async def _settings(self, scope: Scope) -> Settings:
        """Give the settings of a session; those of the start where the state cannot be reached."""
        try:
            return await self.state.settings(session_of(scope))
        except StateGone:
            return self.state.initial

    async def _rule(
        self,
        served: ServedOperation,
        preferences: Mapping[str, str],
        settings: Settings,
        scope: Scope,
        receive: Receive,
    ) -> tuple[AnswerRule | None, Receive]:
        """Find the first rule that a request meets; give it, and what gives the body again."""
        rules = [
            each
            for each in settings.rules
            if each.operation == served.operation.id and leaves_room(preferences, each)
        ]
        body = b""
        if any(needs_body(each.match) for each in rules):
            body, receive = await body_of(receive)
        values = RequestValues(scope, body, served.operation.path)
        for each in rules:
            if not await values.fit(each.match):
                continue
            if each.times is None or await self._meets(each, scope):
                return each, receive
        return None, receive

    async def _meets(self, rule: AnswerRule, scope: Scope) -> bool:
        """Count that a request met a rule; where that cannot be counted, no rule is in force."""
        try:
            return await self.state.meet(session_of(scope), rule)
        except StateGone:
            return False


def _note(fault: Fault | None, scope: Scope) -> None:
    """Write into the journal what breaks an answer."""
    entry = scope["extensions"].get(ENTRY)
    if fault is not None and entry is not None:
        entry.fault = fault.name
