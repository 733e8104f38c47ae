"""The application that answers the operations of a spec, built with connexion.

connexion routes requests, and validates requests and answers. After the routing and before the
validation, `ChoosingMiddleware` chooses the answer. On the way back it breaks and delays the answer
after connexion has validated it, because connexion would not let a broken one pass. One generic
application behind connexion answers every operation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from http import HTTPStatus

import jsonschema_rs
from connexion import ConnexionMiddleware
from connexion.exceptions import InternalServerError
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.request_validation import RequestValidationMiddleware
from connexion.middleware.response_validation import ResponseValidationMiddleware
from connexion.middleware.routing import ROUTING_CONTEXT, RoutingMiddleware
from jsonschema import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.spec.operations import Spec, path_pattern
from contract.spec.references import InvalidSpec
from contract.spec.refusals import with_refusals
from contract.spec.yaml_nodes import place_of
from mock_server.captcha import Captchas, Numbers
from mock_server.choosing import Choice, choose
from mock_server.delivery import deliver, deliver_choice
from mock_server.faults.fault import Fault
from mock_server.generators import Draw
from mock_server.preferences import preferences_of, without_preferences
from mock_server.problems import Problem, RequestRefused, problem
from mock_server.published_spec import published
from mock_server.replies import ServedOperation, must_apply, served_operations
from mock_server.state import Defaults, Settings
from mock_server.swagger_ui import SwaggerUI
from mock_server.validators import validators

CHOICE = "mock_server.choice"
"""The extension of the scope that holds the `Choice` of a request, or why there is none."""

_LONGEST_PATH = 300
"""How many characters of a path are told back to the client that sent it."""
_BODY_REQUIRED = "the operation requires a body"


def application(
    spec: Spec,
    captchas: Captchas,
    fault: Fault | None = None,
    *,
    numbers: Numbers | None = None,
    settings: Settings | None = None,
) -> ASGIApp:
    """Make the ASGI application that answers every operation of a spec, healthy or broken.

    Args:
        spec: what is served.
        captchas: what the answers show.
        fault: breaks every answer whose request asks for no other; used only without settings.
        numbers: issues the numbers of the captchas; by default as the only server.
        settings: the fault and the delay of answers whose requests ask for none.

    Raises:
        InvalidSpec: connexion does not accept the spec, or the answer made from it breaks it.
        NotApplicable: the fault has nothing to break in any operation.
    """
    settings = settings or Settings(Defaults(fault=fault))
    for each in spec.unread if not spec.operations else ():
        raise InvalidSpec(each.place, f"no operation can be served; {each.call}: {each.reason}")
    operations = served_operations(spec, captchas)
    app = ConnexionMiddleware(
        _Responder(operations, numbers or Numbers(captchas)),
        middlewares=[
            ExceptionMiddleware,
            RoutingMiddleware,
            partial(ChoosingMiddleware, operations=operations, settings=settings),
            RequestValidationMiddleware,
            ResponseValidationMiddleware,
        ],
        validate_responses=True,
        resolver=lambda name: name,
        validator_map=validators(partial(_validator_of, operations)),
    )
    methods: dict[str, list[str]] = {}
    for operation in spec.operations:
        methods.setdefault(operation.path, []).append(operation.method)
    app.add_error_handler(HTTPStatus.METHOD_NOT_ALLOWED, method_refused(methods))
    app.add_error_handler(RequestRefused, _refused)
    app.add_error_handler(ValueError, _value_refused)
    try:
        tree = published(spec.tree)
        app.add_api(tree)
    except ValidationError as error:
        step = "/".join(str(name) for name in error.absolute_path)
        message = f"is not valid OpenAPI 3.0: {step}: {error.message}"
        raise InvalidSpec(place_of(spec.tree, list(error.absolute_path)), message) from None
    if settings.initial.fault is not None:
        must_apply(settings.initial.fault, operations.values(), captchas)
    return SwaggerUI(app, with_refusals(tree))


def operation_id(scope: Scope) -> str | None:
    """Give the operation that a request reached, once connexion has routed it."""
    context = scope.get("extensions", {}).get(ROUTING_CONTEXT, {})
    name = context.get("operation_id")
    return name if isinstance(name, str) else None


def _validator_of(
    operations: Mapping[str, ServedOperation], scope: Scope
) -> jsonschema_rs.Draft4Validator | None:
    """Give the schema of a successful answer; connexion validates answers of another status."""
    served = operations[operation_id(scope) or ""]
    choice: Choice | None = scope["extensions"].get(CHOICE)
    return served.validator if choice is None or choice.reply is served.good else None


def connexion_response(problem: Problem) -> ConnexionResponse:
    """Give a problem in the form that connexion's handlers return."""
    answer = problem.answer
    return ConnexionResponse(
        body=answer.body,
        content_type=answer.media_type,
        status_code=answer.status,
        headers=dict(answer.headers),
    )


async def _refused(_: ConnexionRequest, refused: RequestRefused) -> ConnexionResponse:
    return connexion_response(refused.problem)


async def _value_refused(_: ConnexionRequest, error: ValueError) -> ConnexionResponse:
    """Refuse a path with an integer of more digits than Python reads (CVE-2020-10735)."""
    if "integer string conversion" not in str(error):
        return InternalServerError().to_problem()
    return connexion_response(problem(HTTPStatus.BAD_REQUEST, "a number in the path is too long"))


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
        detail = f"{_short(path)} does not allow {request.method}: use {' or '.join(names)}"
        allow = ", ".join(names)
        return connexion_response(problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, allow=allow))

    return handler


def _short(path: str) -> str:
    return path if len(path) <= _LONGEST_PATH else f"{path[:_LONGEST_PATH]}…"


class ChoosingMiddleware:
    """The choice of the answer to a request, which is broken and delayed on its way out.

    It stands behind connexion's routing, so it knows the operation, and before the validation of
    requests, so validation sees no preference in the query. If a preference cannot be met, the
    refusal waits in the scope until the responder is reached: an invalid request is refused first.
    """

    def __init__(
        self, app: ASGIApp, *, operations: Mapping[str, ServedOperation], settings: Settings
    ) -> None:
        self.app = app
        self.operations = operations
        self.settings = settings
        self.no_defaults = Defaults()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose the answer of a routed request; one that asks for nothing passes untouched."""
        served = self.operations.get(operation_id(scope) or "")
        query = scope["query_string"]
        preferences = preferences_of(scope["headers"], query) if served else {}
        defaults = self.settings.current
        if served is None or (not preferences and defaults == self.no_defaults):
            await self.app(scope, receive, send)
            return
        choice = choose(served, preferences, defaults)
        inner = {
            **scope,
            "query_string": without_preferences(query),
            "extensions": {**scope["extensions"], CHOICE: choice},
        }
        body: list[bytes] = []

        async def keep(message: Message) -> None:
            body.append(message.get("body", b""))

        await self.app(inner, receive, keep)
        if isinstance(choice, Choice):  # otherwise the responder has refused the request
            await deliver_choice(
                choice, b"".join(body), self.settings.choices, scope, receive, send
            )


class _Responder:
    """The one application behind connexion: it answers every operation."""

    def __init__(self, operations: Mapping[str, ServedOperation], numbers: Numbers) -> None:
        self.operations = operations
        self.numbers = numbers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        served = self.operations.get(operation_id(scope) or "")
        if served is None:
            raise RequestRefused(self._unknown(scope["path"]))
        if served.lacks_body(scope["headers"]):
            raise RequestRefused(problem(HTTPStatus.BAD_REQUEST, _BODY_REQUIRED))
        choice: Choice | Problem | None = scope["extensions"].get(CHOICE)
        if isinstance(choice, Problem):
            raise RequestRefused(choice)
        reply = choice.reply if choice else served.good
        if choice and choice.example is not None:
            payload = reply.examples[choice.example]
        else:
            payload = reply.make(Draw(self.numbers.captchas, next(self.numbers)))
        await deliver(reply.answer(payload), send)

    def _unknown(self, path: str) -> Problem:
        known = [
            f"{each.operation.method} {each.operation.path}" for each in self.operations.values()
        ]
        detail = f"{_short(path)} is not an operation of the spec; these are: {', '.join(known)}"
        return problem(HTTPStatus.NOT_FOUND, detail)
