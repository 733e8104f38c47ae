"""The one application behind connexion: it answers every operation of a spec."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from contract.spec.operations import UnreadOperation
from mock_server.answers.choosing import Choice
from mock_server.answers.delivery import deliver
from mock_server.answers.replies import (
    Reply,
    Service,
)
from mock_server.choosing_middleware import CHOICE
from mock_server.drawing.captcha import Numbers
from mock_server.holding import Holding
from mock_server.holding_middleware import fail, is_held
from mock_server.problems import Problem, RequestRefused, problem
from mock_server.requests.called_paths import KnownPaths, told
from mock_server.routed_spec import paths_of
from mock_server.routing import operation_id


def _in_liked_type(reply: Reply, choice: Choice | None, scope: Scope) -> Reply:
    """Give the answer in the media type that the client likes best."""
    accept = Headers(scope=scope).get("accept", "")
    liked = reply.accepted(accept, choice.example if choice else None)
    if choice:
        scope["extensions"][CHOICE] = replace(choice, reply=liked)
    return liked


class Responder:
    """The one application behind connexion: it answers every operation."""

    def __init__(self, service: Service, numbers: Numbers, holding: Holding) -> None:
        self.operations = service.operations
        self.holding = holding
        self.unserved = {each.id: each for each in service.unserved}
        self.numbers = numbers
        calls = [each.operation for each in self.operations.values()]
        self.paths = KnownPaths(path for each in calls for path in paths_of(each))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it with the reason."""
        del receive
        name = operation_id(scope) or ""
        if name in self.unserved:
            raise RequestRefused(_not_served(self.unserved[name]))
        served = self.operations.get(name)
        if served is None:
            raise RequestRefused(self._unknown(scope["path"]))
        choice: Choice | Problem | None = scope["extensions"].get(CHOICE)
        if isinstance(choice, Problem):
            raise RequestRefused(choice)
        if is_held(scope):
            refusal = await self.holding.of_all_else(name, scope)
            if refusal is not None:
                await fail(self.holding, refusal, scope, send)
                return
        reply = choice.reply if choice else served.good
        is_good = reply is served.good
        if reply.alternatives and (choice is None or choice.fault is None):
            reply = _in_liked_type(reply, choice, scope)
        reply, payload = await self._made(name, scope, reply, choice)
        if is_good:
            await self.holding.remember(name, scope, payload, reply.headers)
        await deliver(reply.answer(payload), send)

    async def _made(
        self, name: str, scope: Scope, reply: Reply, choice: Choice | None
    ) -> tuple[Reply, object]:
        """Make the payload and the headers of an answer; remember the captcha that it shows."""
        example = choice.example if choice else None
        if example is not None and not reply.made:
            return reply, reply.examples[example]
        draw = reply.draw(self.numbers.captchas, next(self.numbers))
        payload = reply.make(draw) if example is None else reply.examples[example]
        if reply.shows_captchas:
            await self.holding.of_captchas.issue(name, scope, draw.number)
        if reply.made:
            reply = reply.with_headers(draw)
            if choice:
                scope["extensions"][CHOICE] = replace(choice, reply=reply)
        return reply, payload

    def _unknown(self, path: str) -> Problem:
        meant = self.paths.like(path)
        if meant is not None:
            detail = f"{told(path)} is not a path of the spec; {meant} is, written just so"
            return problem(HTTPStatus.NOT_FOUND, detail)
        known = [
            f"{each.operation.method} {each.operation.path}" for each in self.operations.values()
        ]
        detail = f"{told(path)} is not an operation of the spec; these are: {', '.join(known)}"
        return problem(HTTPStatus.NOT_FOUND, detail)


def _not_served(operation: UnreadOperation) -> Problem:
    detail = f"{operation.call} cannot be served: {operation.place}: {operation.reason}"
    return problem(HTTPStatus.NOT_IMPLEMENTED, detail)
