"""Spec → connexion → answer → fault → socket: the only connexion code.

connexion routes, and validates what comes and what goes; one generic ASGI application behind it
answers every operation of the spec. A fault is put on outside of connexion, because connexion
would not let a broken answer pass.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

import jsonschema_rs
from connexion import ConnexionMiddleware
from connexion.exceptions import NonConformingResponseBody
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.request_validation import RequestValidationMiddleware
from connexion.middleware.response_validation import ResponseValidationMiddleware
from connexion.middleware.routing import ROUTING_CONTEXT, RoutingMiddleware
from connexion.middleware.swagger_ui import SwaggerUIMiddleware
from connexion.validators.json import JSONResponseBodyValidator
from jsonschema import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.answers import Draw, Maker, answer_maker
from mock_server.breaking import JSON, Answer, NotApplicable, encode
from mock_server.captcha import Captchas
from mock_server.fault import Fault
from mock_server.wire import Wire, carried
from openapi.findings import Place, named
from openapi.references import InvalidSpec
from openapi.spec import Operation, Spec
from openapi.vocabulary import json_schema

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class _Served:
    """One operation as it is served: how its answer is made, and what the answer must keep."""

    operation: Operation
    make: Maker
    validator: jsonschema_rs.Draft4Validator


def application(spec: Spec, captchas: Captchas, fault: Fault | None = None) -> ASGIApp:
    """Make the ASGI application that answers every operation of a spec, healthy or broken.

    Raises:
        InvalidSpec: connexion does not accept the spec, or an answer made by it breaks it.
        NotApplicable: the fault has nothing to break in any operation.
    """
    served = {operation.id: _served(operation, captchas) for operation in spec.operations}
    app = ConnexionMiddleware(
        _Responder(served, captchas),
        middlewares=[
            ExceptionMiddleware,
            SwaggerUIMiddleware,
            RoutingMiddleware,
            RequestValidationMiddleware,
            ResponseValidationMiddleware,
        ],
        validate_responses=True,
        resolver=lambda name: name,
        validator_map={"response": {JSON: _validator_class(served)}},
    )
    try:
        app.add_api(_without_servers(spec.tree))
    except ValidationError as error:
        step = "/".join(str(name) for name in error.absolute_path)
        problem = f"is not valid OpenAPI 3.0: {step}: {error.message}"
        raise InvalidSpec(Place(named(spec.path), 1), problem) from None
    return app if fault is None else _Breaker(app, _broken_by(fault, served, captchas), fault)


def _broken_by(
    fault: Fault, served: Mapping[str, _Served], captchas: Captchas
) -> Mapping[str, _Served]:
    """Find the operations that a fault has something to break in."""
    broken: dict[str, _Served] = {}
    problems: list[str] = []
    for name, each in served.items():
        payload = each.make(Draw(captchas, captchas.number(0)))
        healthy = Answer(each.operation.status, each.operation.media_type, encode(payload))
        try:
            fault.apply(healthy, each.operation)
            broken[name] = each
        except NotApplicable as problem:
            problems.append(str(problem))
    if not broken:
        raise NotApplicable(f"fault {fault.name} breaks nothing here: {'; '.join(problems)}")
    return broken


def _served(operation: Operation, captchas: Captchas) -> _Served:
    """Compile one operation, and have its first answer validate itself."""
    try:
        make = answer_maker(operation)
    except ValueError as error:
        raise InvalidSpec(operation.place, str(error)) from None
    validator = jsonschema_rs.Draft4Validator(json_schema(operation.schema))
    answer = make(Draw(captchas, captchas.number(0)))
    wrong = next(iter(validator.iter_errors(answer)), None)
    if wrong is not None:
        where = "/".join(str(step) for step in wrong.instance_path)
        problem = f"the answer made by the spec breaks it at {where}: {wrong.message}"
        raise InvalidSpec(operation.place, problem)
    return _Served(operation, make, validator)


def _without_servers(node: object) -> object:
    """Copy the spec without an address that Swagger UI's «Try it out» would call."""
    if isinstance(node, Mapping):
        return {key: _without_servers(node[key]) for key in node if key != "servers"}
    return [_without_servers(item) for item in node] if isinstance(node, list) else node


def _validator_class(served: Mapping[str, _Served]) -> type[JSONResponseBodyValidator]:
    class CompiledValidator(JSONResponseBodyValidator):  # type: ignore[misc]  # connexion has no types
        """connexion's validator, with each operation's schema compiled once."""

        def _validate(self, body: object) -> None:
            validator = served[_operation_id(self._scope) or ""].validator
            wrong = next(iter(validator.iter_errors(body)), None)
            if wrong is not None:
                raise NonConformingResponseBody(wrong.message)

    return CompiledValidator


def _operation_id(scope: Scope) -> str | None:
    context = scope.get("extensions", {}).get(ROUTING_CONTEXT, {})
    name = context.get("operation_id")
    return name if isinstance(name, str) else None


async def _send(answer: Answer, send: Send) -> None:
    headers = [
        *([(b"content-type", answer.media_type.encode("latin-1"))] if answer.media_type else []),
        (b"content-length", b"%d" % len(answer.body)),
        *((name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers),
    ]
    await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


class _Responder:
    """The one application behind connexion: it answers whatever operation was asked."""

    def __init__(self, served: Mapping[str, _Served], captchas: Captchas) -> None:
        self.served = served
        self.captchas = captchas
        self.numbers = map(captchas.number, itertools.count())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        asked = self.served.get(_operation_id(scope) or "")
        if asked is None:
            await _send(self._unknown(scope), send)
            return
        payload = asked.make(Draw(self.captchas, next(self.numbers)))
        operation = asked.operation
        await _send(Answer(operation.status, operation.media_type, encode(payload)), send)

    def _unknown(self, scope: Scope) -> Answer:
        known = [f"{each.operation.method} {each.operation.path}" for each in self.served.values()]
        problem = {
            "type": "about:blank",
            "title": "Not Found",
            "status": HTTPStatus.NOT_FOUND,
            "detail": f"{scope['path']} is no operation of the spec; there are: {', '.join(known)}",
        }
        return Answer(HTTPStatus.NOT_FOUND, PROBLEM, encode(problem))


class _Breaker:
    """Puts one fault on every answer of a documented operation; everything else passes."""

    def __init__(self, app: ASGIApp, served: Mapping[str, _Served], fault: Fault) -> None:
        self.app = app
        self.served = served
        self.fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = {**scope, "extensions": dict(scope.get("extensions") or {})}
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, keep)
        asked = self.served.get(_operation_id(scope) or "")
        if asked is None or messages[0]["status"] != asked.operation.status:
            for message in messages:
                await send(message)
            return
        body = b"".join(message.get("body", b"") for message in messages)
        healthy = Answer(asked.operation.status, asked.operation.media_type, body)
        broken = self.fault.apply(healthy, asked.operation)
        if isinstance(broken, Wire):
            await carried(broken, scope, receive)
        else:
            await _send(broken, send)
