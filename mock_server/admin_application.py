"""The application below `/__admin`: connexion routes and validates what `admin.yaml` declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import yaml
from connexion import AsyncApp, ConnexionMiddleware
from connexion.exceptions import BadRequestProblem, ExtraParameterProblem
from connexion.json_schema import Draft4RequestValidator
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.middleware.routing import RoutingMiddleware
from connexion.options import SwaggerUIOptions
from jsonschema.protocols import Validator
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from contract.spec.vocabulary import shown
from contract.spelling import did_you_mean
from mock_server import swagger_ui
from mock_server.admin import PREFIX, Admin
from mock_server.admin_bodies import StrictBodies
from mock_server.app import connexion_response, method_refused, refused
from mock_server.problems import RequestRefused, malformed, problem
from mock_server.routing import Routing
from mock_server.serving.guard import Admission, Guard
from mock_server.swagger_ui import SwaggerUI

ADMIN_SPEC = Path(__file__).parent / "admin.yaml"
"""The spec of the interface."""

_LONGEST = 300
"""How many characters of what a validator says are passed on."""


def admin_application(admin: Admin, token: str | None, *, loopback: bool) -> ASGIApp:
    """Make the ASGI application below `/__admin`, behind its guard.

    Args:
        admin: what the interface shows and changes.
        token: what a client must send; None where none is required.
        loopback: whether the server can be reached from this machine only.
    """
    options = SwaggerUIOptions(serve_spec=False, swagger_ui=False)
    usual = ConnexionMiddleware.default_middlewares
    middlewares = [Routing if each is RoutingMiddleware else each for each in usual]
    app = AsyncApp("mock_server.admin", swagger_ui_options=options, middlewares=middlewares)
    declared = yaml.safe_load(ADMIN_SPEC.read_text(encoding="utf-8"))
    app.add_api(
        declared,
        base_path=PREFIX,
        resolver=lambda name: getattr(admin, name),
        strict_validation=True,
    )
    methods = {f"{PREFIX}{path}": list(item) for path, item in declared["paths"].items()}
    app.add_error_handler(HTTPStatus.METHOD_NOT_ALLOWED, method_refused(methods))
    app.add_error_handler(HTTPStatus.NOT_FOUND, _no_such_call)
    app.add_error_handler(BadRequestProblem, _in_one_line)
    app.add_error_handler(ExtraParameterProblem, _unknown_parameter(declared))
    app.add_error_handler(RequestRefused, refused)
    strict = StrictBodies(app, _bodies(declared))
    pages = frozenset(PREFIX + page for page in swagger_ui.PAGES)
    admission = Admission(token, loopback=loopback)
    return Guard(SwaggerUI(strict, declared, PREFIX), admission, pages)


def _bodies(declared: Mapping[str, Any]) -> Mapping[tuple[str, str], Validator]:
    """Give what validates every body that the interface takes, by method and path."""
    return {
        (method.upper(), f"{PREFIX}{path}"): Draft4RequestValidator(
            {
                **_body_of(call, declared)["content"]["application/json"]["schema"],
                "components": declared["components"],
            }
        )
        for path, item in declared["paths"].items()
        for method, call in item.items()
        if "requestBody" in call
    }


def _body_of(call: Mapping[str, Any], declared: Mapping[str, Any]) -> Mapping[str, Any]:
    body: Mapping[str, Any] = call["requestBody"]
    name = body.get("$ref", "").rpartition("/")[2]
    shared: Mapping[str, Any] = declared["components"]["requestBodies"].get(name, body)
    return shared


def _in_one_line(request: ConnexionRequest, refusal: BadRequestProblem) -> ConnexionResponse:
    """Give what a validator says of a parameter, without the schema that it quotes after it."""
    line = refusal.detail.splitlines()[0]
    shortened = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
    sent = "".join(f", {shown(name)}" for name in request.query_params)
    return connexion_response(malformed(f"the query{sent}: {shortened}").problem)


def _unknown_parameter(declared: Mapping[str, Any]) -> Callable[..., ConnexionResponse]:
    """Make the handler for a query with a parameter that a call does not have; it lists those."""
    known = {
        (method.upper(), f"{PREFIX}{path}"): [
            declared["components"]["parameters"][each["$ref"].rpartition("/")[2]]
            for each in call.get("parameters", ())
        ]
        for path, item in declared["paths"].items()
        for method, call in item.items()
    }

    def handler(request: ConnexionRequest, _: ExtraParameterProblem) -> ConnexionResponse:
        call = request.scope["method"], request.scope["path"]
        names = [each["name"] for each in known.get(call, ()) if each["in"] == "query"]
        sent = [name for name in dict.fromkeys(request.query_params) if name not in names]
        hint = did_you_mean(sent[0], names) if sent else ""
        listed = f"{hint}there are: {', '.join(names)}" if names else "the call takes none"
        detail = f"{', '.join(map(shown, sent))}: there is no such parameter; {listed}"
        return connexion_response(malformed(detail[:_LONGEST]).problem)

    return handler


def _no_such_call(request: ConnexionRequest, _: HTTPException) -> ConnexionResponse:
    path = shown(request.scope["path"])
    detail = f"{path} is no call; {PREFIX}/ui/ lists them"
    return connexion_response(problem(HTTPStatus.NOT_FOUND, detail))
