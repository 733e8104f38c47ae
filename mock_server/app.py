"""The application that answers the operations of a spec, built with connexion.

connexion routes and validates requests. Between the two, `ChoosingMiddleware` chooses the answer;
on the way back it breaks and delays it. One generic application behind connexion answers every
operation. An operation that cannot be served is answered with 501 and the reason.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus

from connexion import ConnexionMiddleware
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.spec.operations import Spec, UnreadOperation, path_pattern
from mock_server.answers.choosing import Choice, choose, leaves_room
from mock_server.answers.delivery import deliver, deliver_choice, wait
from mock_server.answers.issued_texts import NumberForm
from mock_server.answers.replies import (
    Reply,
    ServedOperation,
    Service,
    must_apply,
    served_operations,
)
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.faults.fault import Fault
from mock_server.held_captchas import Terms
from mock_server.holding import Holding, Refusal
from mock_server.matching import RequestValues, body_of, needs_body
from mock_server.metrics import Metrics
from mock_server.preferences import preferences_of, without_preferences
from mock_server.problems import Problem, RequestRefused, problem
from mock_server.published_spec import published, refusable, typed
from mock_server.requests.called_paths import KnownPaths, as_called, has_dot_segments, told
from mock_server.requests.carried import CARRIED, Carried
from mock_server.requests.demands import DemandsMiddleware
from mock_server.requests.rejections import ErrorForm
from mock_server.routed_spec import paths_of, routed
from mock_server.routing import Routing, operation_id
from mock_server.serving.raised import Raised
from mock_server.state.journal import ENTRY
from mock_server.state.memory import InMemory
from mock_server.state.protocol import State, StateGone
from mock_server.state.sessions import session_of
from mock_server.state.settings import AnswerRule, Settings
from mock_server.swagger_ui import SwaggerUI
from mock_server.wire import CONNECTION

Passing = Callable[[ASGIApp], ASGIApp]
"""Makes, of the application that answers here, one that may pass requests on."""

CHOICE = "mock_server.choice"
"""The extension of the scope that holds the `Choice` of a request, or why there is none."""

_DOTS = "the path has dot segments, such as /../: send the path that they lead to"


def application(  # noqa: PLR0913 - all that an answer depends on
    spec: Spec,
    captchas: Captchas,
    fault: Fault | None = None,
    *,
    numbers: Numbers | None = None,
    state: State | None = None,
    choices: random.Random | None = None,
    terms: Terms | None = None,
    passing: Passing | None = None,
    lenient: bool = False,
    errors: ErrorForm = ErrorForm.PROBLEM,
    metrics: Metrics | None = None,
) -> SpecApplication:
    """Make the ASGI application that answers every operation of a spec, healthy or broken.

    Args:
        spec: what is served.
        captchas: what the answers show.
        fault: breaks every answer whose request asks for no other; used only without a state.
        numbers: issues the numbers of the captchas; by default as the only server.
        state: keeps what outlives one request; by default in memory.
        choices: draws the delays.
        terms: how long and how often a captcha can be used; without them nothing is held to one.
        passing: stands before all that answers a request for which nothing was chosen.
        lenient: whether calls need no credentials, whatever the spec declares.
        errors: the form of refusals.
        metrics: counts the captchas.

    Raises:
        InvalidSpec: none of its operations can be served.
        NotApplicable: the fault has nothing to break in any operation.
    """
    state = state or InMemory(Settings(fault=fault))
    service = served_operations(spec, captchas)
    holding = Holding(service.operations, captchas, state, terms, metrics)
    app = ConnexionMiddleware(
        _Responder(service, numbers or Numbers(captchas), holding),
        middlewares=[
            Raised,
            Routing,
            partial(
                ChoosingMiddleware,
                operations=service.operations,
                state=state,
                choices=choices or random.Random(),  # noqa: S311 - no secret
                passes=passing is not None,
            ),
            *([passing] if passing else []),
            partial(
                DemandsMiddleware,
                operations=service.operations,
                form=errors,
                lenient=lenient,
                judged=holding.places,
            ),
            partial(HoldingMiddleware, holding=holding),
        ],
        resolver=lambda name: name,
    )
    methods: dict[str, list[str]] = {}
    for each in service.operations.values():
        for path in paths_of(each.operation):
            methods.setdefault(path, []).append(each.operation.method)
    app.add_error_handler(HTTPStatus.METHOD_NOT_ALLOWED, method_refused(methods))
    app.add_error_handler(RequestRefused, refused)
    app.add_api(_routed(service))
    if state.initial.fault is not None:
        must_apply(state.initial.fault, service.operations.values(), captchas)
    return SpecApplication(
        app=_as_called(SwaggerUI(app, refusable(typed(published(spec.tree))))),
        operations=service.operations,
        unserved=service.unserved,
        paths=frozenset(methods),
        holds=holding.holds,
        forms=holding.of_captchas.forms,
        by_name=holding.of_captchas.by_name,
    )


class _AnyPath(PathConvertor):
    """The rest of a path, also behind an encoded line break; Starlette's own ends at one."""

    regex = "(?s:.*)"


register_url_convertor("path", _AnyPath())


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecApplication:
    """The ASGI application of a spec.

    Attributes:
        app: answers every request.
        operations: those that it answers, by their ids.
        unserved: the operations that it answers with 501, if any.
        paths: those of its operations; at some, such as `/`, there is something of ours too.
        holds: whether requests are held to captchas or tokens that the server issued.
        forms: those of the numbers of captchas in its answers.
        by_name: whether clients name captchas themselves.
    """

    app: ASGIApp
    operations: Mapping[str, ServedOperation]
    unserved: tuple[UnreadOperation, ...]
    paths: frozenset[str]
    holds: bool = False
    forms: tuple[NumberForm, ...] = ()
    by_name: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.app(scope, receive, send)


def _routed(service: Service) -> dict[str, object]:
    return routed((each.operation for each in service.operations.values()), service.unserved)


def _as_called(app: ASGIApp) -> ASGIApp:
    """Take the path of each request as it is written, and refuse one that clients resolve."""

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        if has_dot_segments(scope["path"]):
            await deliver(problem(HTTPStatus.BAD_REQUEST, _DOTS).answer, send)
        else:
            await app(as_called(scope), receive, send)

    return called


def connexion_response(problem: Problem) -> ConnexionResponse:
    """Give a problem in the form that connexion's handlers return."""
    answer = problem.answer
    return ConnexionResponse(
        body=answer.body,
        content_type=answer.media_type,
        status_code=answer.status,
        headers=dict(answer.headers),
    )


async def refused(_: ConnexionRequest, refusal: RequestRefused) -> ConnexionResponse:
    """Give the problem of a refusal in the form that connexion's handlers return."""
    return connexion_response(refusal.problem)


def method_refused(methods: Mapping[str, Iterable[str]]) -> Callable[..., ConnexionResponse]:
    """Make the handler for a method that a path does not allow; it names the allowed ones.

    Of several templates that fit a path, the concrete one counts (OpenAPI, Paths Object).

    Args:
        methods: the methods of each path, as the spec writes it.
    """
    concrete_first = sorted(methods, key=lambda path: ["{" in step for step in path.split("/")])
    known = [(re.compile(path_pattern(path)), methods[path]) for path in concrete_first]

    def handler(request: ConnexionRequest, _: HTTPException) -> ConnexionResponse:
        path = request.scope["path"]
        fitting = next((names for form, names in known if form.fullmatch(path)), ())
        names = [name.upper() for name in fitting]
        detail = f"{told(path)} does not allow {request.method}: use {' or '.join(names)}"
        allow = ", ".join([*names, *(["HEAD"] if "GET" in names else []), "OPTIONS"])
        if request.method == "OPTIONS":
            headers = {"allow": allow}
            return ConnexionResponse(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        return connexion_response(problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, allow=allow))

    return handler


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
        if name is not None and _is_held(scope):
            refusal = await self.holding.of_parameters(name, scope)
        if refusal is not None:
            await _fail(self.holding, refusal, scope, send)
            return
        carried: Carried | None = scope["extensions"].get(CARRIED)
        if carried is not None and carried.refusal is not None:
            if name is not None and _is_held(scope):
                refusal = await self.holding.of_all_else(name, scope)
            if refusal is None or refusal.failure is None:
                raise RequestRefused(carried.refusal)
            await _fail(self.holding, refusal, scope, send)
            return
        await self.app(scope, receive, send)


def _is_held(scope: Scope) -> bool:
    """Say whether nothing but the good answer is asked for, so that a request can miss it."""
    choice: Choice | Problem | None = scope["extensions"].get(CHOICE)
    return choice is None or (isinstance(choice, Choice) and choice.is_plain)


async def _fail(holding: Holding, refusal: Refusal, scope: Scope, send: Send) -> None:
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


def _in_liked_type(reply: Reply, choice: Choice | None, scope: Scope) -> Reply:
    """Give the answer in the media type that the client likes best."""
    accept = Headers(scope=scope).get("accept", "")
    liked = reply.accepted(accept, choice.example if choice else None)
    if choice:
        scope["extensions"][CHOICE] = replace(choice, reply=liked)
    return liked


class _Responder:
    """The one application behind connexion: it answers every operation."""

    def __init__(self, service: Service, numbers: Numbers, holding: Holding) -> None:
        self.operations = service.operations
        self.holding = holding
        self.unserved = {each.id: each for each in service.unserved}
        self.numbers = numbers
        calls = [each.operation for each in self.operations.values()]
        self.paths = KnownPaths(path for each in calls for path in paths_of(each))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
        if _is_held(scope):
            refusal = await self.holding.of_all_else(name, scope)
            if refusal is not None:
                await _fail(self.holding, refusal, scope, send)
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
