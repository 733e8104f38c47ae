"""The application that answers the operations of a spec, built with connexion.

connexion routes. Behind it stand, one after another: the choice of the answer, which breaks and
delays it on the way back; what may pass the request on; what the operation asks of requests; what
it holds them to; and the responder, which answers every operation. An operation that cannot be
served is answered with 501 and the reason.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from connexion import ConnexionMiddleware
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from contract.spec.operations import Spec, UnreadOperation, path_pattern
from mock_server.answers.delivery import deliver
from mock_server.answers.issued_texts import NumberForm
from mock_server.answers.replies import (
    ServedOperation,
    must_apply,
    served_operations,
)
from mock_server.choosing_middleware import ChoosingMiddleware
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.faults.fault import Fault
from mock_server.held_captchas import Terms
from mock_server.holding import Holding
from mock_server.holding_middleware import HoldingMiddleware
from mock_server.metrics import Metrics
from mock_server.problems import Problem, RequestRefused, problem
from mock_server.published_spec import published, refusable, typed
from mock_server.requests.called_paths import as_called, has_dot_segments, told
from mock_server.requests.demands import DemandsMiddleware
from mock_server.requests.rejections import ErrorForm
from mock_server.responder import Responder
from mock_server.routed_spec import paths_of, routed
from mock_server.routing import Routing
from mock_server.serving.raised import Raised
from mock_server.state.memory import InMemory
from mock_server.state.protocol import State
from mock_server.state.settings import Settings
from mock_server.swagger_ui import SwaggerUI

Passing = Callable[[ASGIApp], ASGIApp]
"""Makes, of the application that answers here, one that may pass requests on."""

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
        Responder(service, numbers or Numbers(captchas), holding),
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
    app.add_api(routed((each.operation for each in service.operations.values()), service.unserved))
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
