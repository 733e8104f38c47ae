"""The judgement of what a request is held to, and the documented failure where it is wrong."""

from __future__ import annotations

from dataclasses import replace

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.answers.choosing import Choice
from mock_server.answers.delivery import deliver
from mock_server.choosing_middleware import CHOICE
from mock_server.holding import Holding, Refusal
from mock_server.problems import Problem, RequestRefused
from mock_server.requests.carried import CARRIED, Carried
from mock_server.routing import operation_id


class HoldingMiddleware:
    """The judgement of tokens in parameters of a request that is right in all else.

    Of a request that is wrong in nothing but what it is held to, the rest is judged here too: it
    gets the documented failure, and where there is none, a refusal that says what is wrong.
    """

    def __init__(self, app: ASGIApp, *, holding: Holding) -> None:
        self.app = app
        self.holding = holding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request without a good token as its operation documents it; pass on others."""
        name = operation_id(scope)
        refusal = None
        if name is not None and is_held(scope):
            refusal = await self.holding.of_parameters(name, scope)
        if refusal is not None:
            await fail(self.holding, refusal, scope, send)
            return
        carried: Carried | None = scope["extensions"].get(CARRIED)
        if carried is not None and carried.refusal is not None:
            if name is not None and is_held(scope):
                refusal = await self.holding.of_all_else(name, scope)
            if refusal is None or refusal.failure is None:
                raise RequestRefused(carried.refusal)
            await fail(self.holding, refusal, scope, send)
            return
        await self.app(scope, receive, send)


def is_held(scope: Scope) -> bool:
    """Say whether nothing but the good answer is asked for, so that a request can miss it."""
    choice: Choice | Problem | None = scope["extensions"].get(CHOICE)
    return choice is None or (isinstance(choice, Choice) and choice.is_plain)


async def fail(holding: Holding, refusal: Refusal, scope: Scope, send: Send) -> None:
    """Send the documented failure.

    Raises:
        RequestRefused: none is documented.
    """
    failure = refusal.failure
    if failure is None:
        raise RequestRefused(refusal.problem)
    choice: Choice | None = scope["extensions"].get(CHOICE)
    if choice is not None:
        scope["extensions"][CHOICE] = replace(choice, reply=failure.reply)
    await deliver(failure.reply.answer(holding.payload_of(failure)), send)
