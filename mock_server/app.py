"""Spec → connexion → answer → fault → socket: the only connexion code that answers operations.

connexion routes, and validates what comes and what goes; one generic ASGI application behind it
answers every operation of the spec. What a request or the settings ask for beside the healthy
answer is put on outside of connexion, because connexion would not let a broken answer pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus

import jsonschema_rs
from connexion import ConnexionMiddleware
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.request_validation import RequestValidationMiddleware
from connexion.middleware.response_validation import ResponseValidationMiddleware
from connexion.middleware.routing import ROUTING_CONTEXT, RoutingMiddleware
from connexion.middleware.swagger_ui import SwaggerUIMiddleware
from jsonschema import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.findings import Place
from contract.spec.operations import Operation, Spec
from contract.spec.references import InvalidSpec
from contract.spec.refusals import with_refusals
from contract.spec.vocabulary import json_schema
from contract.spec.yaml_text import Located
from mock_server.answer_editing import Answer, NotApplicable, encode
from mock_server.captcha import Captchas, Numbers
from mock_server.faults import FAULTS, fault_named
from mock_server.faults.fault import Fault
from mock_server.generators import Draw, Maker, answer_maker, maker_of
from mock_server.origins import headers_told
from mock_server.problems import Problem, meant, problem
from mock_server.selection import KEYS, NONE, Delay, delay_of, preferences, wishes, without_wishes
from mock_server.settings import Defaults, Settings
from mock_server.validators import validators
from mock_server.wire import CONNECTION, Wire, carried

ASKED = "mock_server.asked"
"""The extension of the scope that carries what a request asks for to the answer, and back."""


_NAMED = frozenset({"properties", "example", "value"})
"""Keys below which names are those of members, not OpenAPI's."""
_NEEDED = "the operation needs a body"

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """One status that an operation can answer with: how its body is made, and its examples."""

    status: int
    media_type: str
    make: Maker
    examples: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Served:
    """One operation as it is served: its good answer, the others, and what the good one keeps."""

    operation: Operation
    good: _Reply
    others: Mapping[str, _Reply]
    validator: jsonschema_rs.Draft4Validator

    def lacks_body(self, scope: Scope) -> bool:
        """Whether a request without the body that it must have came through.

        connexion looks for the body of a request without Content-Type under no media type.
        """
        body = self.operation.body
        if body is None or not body.required:
            return False
        names = {name for name, value in scope["headers"] if value != b"0"}
        return not names & {b"content-length", b"transfer-encoding"}


@dataclass(slots=True)
class _Asked:
    """What a request asks for, and what the operation that it reaches makes of that."""

    wished: Mapping[str, str]
    defaults: Defaults
    choice: _Choice | Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """The answer that was chosen: from the spec, then broken, then late."""

    operation: Operation
    reply: _Reply
    example: str | None
    fault: Fault | None
    delay: Delay | None
    applied: tuple[tuple[str, str], ...]


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
        fault: breaks every answer that asks for none, where there are no settings.
        numbers: of the captchas; by default those of a server that is alone.
        settings: what an answer is that asks for nothing.

    Raises:
        InvalidSpec: connexion does not accept the spec, or an answer made by it breaks it.
        NotApplicable: the fault has nothing to break in any operation.
    """
    settings = settings or Settings(Defaults(fault=fault))
    served = {operation.id: _served(operation, captchas) for operation in spec.operations}
    app = ConnexionMiddleware(
        _Responder(served, numbers or Numbers(captchas)),
        middlewares=[
            ExceptionMiddleware,
            RoutingMiddleware,
            RequestValidationMiddleware,
            ResponseValidationMiddleware,
        ],
        validate_responses=True,
        resolver=lambda name: name,
        validator_map=validators(partial(_validator_of, served)),
    )
    methods: dict[str, list[str]] = {}
    for operation in spec.operations:
        methods.setdefault(operation.path, []).append(operation.method)
    app.add_error_handler(HTTPStatus.METHOD_NOT_ALLOWED, method_refused(methods))
    answering = _Selecting(app, settings)
    reading = ConnexionMiddleware(answering, middlewares=[ExceptionMiddleware, SwaggerUIMiddleware])
    try:
        tree = _without_links(spec.tree)
        app.add_api(tree)
        reading.add_api(with_refusals(tree))
    except ValidationError as error:
        step = "/".join(str(name) for name in error.absolute_path)
        told = f"is not valid OpenAPI 3.0: {step}: {error.message}"
        raise InvalidSpec(_place(spec.tree, error.absolute_path), told) from None
    if settings.initial.fault is not None:
        _must_apply(settings.initial.fault, served, captchas)
    return _Divided(answering, reading)


def _place(root: Located, steps: Iterable[object]) -> Place:
    """Find the last place on the way to a value that the YAML knows."""
    node: object = root
    place = root.place
    for step in steps:
        if isinstance(node, Located):
            place, node = node.at(str(step)), node.get(str(step))
        elif isinstance(node, list) and isinstance(step, int):
            node = node[step]
    return place


def _must_apply(fault: Fault, served: Mapping[str, _Served], captchas: Captchas) -> None:
    """See whether a fault has something to break in any operation."""
    problems: list[str] = []
    for each in served.values():
        payload = each.good.make(Draw(captchas, captchas.number(0)))
        healthy = Answer(each.good.status, each.good.media_type, encode(payload))
        try:
            fault.apply(healthy, each.operation)
        except NotApplicable as reason:
            problems.append(str(reason))
        else:
            return
    raise NotApplicable(f"fault {fault.name} breaks nothing here: {'; '.join(problems)}")


def _served(operation: Operation, captchas: Captchas) -> _Served:
    """Compile one operation, and have its first answer validate itself."""
    make = answer_maker(operation)
    others = {
        str(each.status): _Reply(
            status=each.status,
            media_type=each.media_type,
            make=maker_of(each.schema, each.examples),
            examples=each.examples,
        )
        for each in operation.others
    }
    answers = {"anyOf": [operation.schema, *operation.failures]}
    validator = jsonschema_rs.Draft4Validator(json_schema(answers))
    answer = make(Draw(captchas, captchas.number(0)))
    wrong = next(iter(validator.iter_errors(answer)), None)
    if wrong is not None:
        where = "/".join(str(step) for step in wrong.instance_path)
        told = f"the answer made by the spec breaks it at {where}: {wrong.message}"
        raise InvalidSpec(operation.place, told)
    good = _Reply(
        status=operation.status,
        media_type=operation.media_type,
        make=make,
        examples=operation.examples,
    )
    return _Served(operation, good, others, validator)


def _without_links(node: Mapping[str, object], *, named: bool = False) -> dict[str, object]:
    """Copy the spec without an address that Swagger UI would call, or lead to and not find.

    Args:
        node: the spec, or a part of it.
        named: whether its keys are the names of members, and not OpenAPI's.
    """
    links = frozenset() if named else {"servers", "externalDocs"}
    return {
        key: _copied(value, named=key in _NAMED and not named)
        for key, value in node.items()
        if key not in links
    }


def _copied(value: object, *, named: bool = False) -> object:
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return _without_links(value, named=named) if isinstance(value, Mapping) else value


def _validator_of(
    served: Mapping[str, _Served], scope: Scope
) -> jsonschema_rs.Draft4Validator | None:
    """Give what a good answer is held to; another status is connexion's to judge."""
    each = served[operation_id(scope) or ""]
    asked = scope["extensions"].get(ASKED)
    return each.validator if asked is None or asked.choice.reply is each.good else None


def operation_id(scope: Scope) -> str | None:
    """Give the operation that a request reached, once connexion has routed it."""
    context = scope.get("extensions", {}).get(ROUTING_CONTEXT, {})
    name = context.get("operation_id")
    return name if isinstance(name, str) else None


async def deliver(answer: Answer, send: Send) -> None:
    """Send an answer as an ASGI application does."""
    headers = [
        *([(b"content-type", answer.media_type.encode("latin-1"))] if answer.media_type else []),
        (b"content-length", b"%d" % len(answer.body)),
        *((name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers),
    ]
    await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def response(told: Problem) -> ConnexionResponse:
    """Give a problem as connexion wants it."""
    answer = told.answer
    return ConnexionResponse(
        body=answer.body,
        content_type=answer.media_type,
        status_code=answer.status,
        headers=dict(answer.headers),
    )


def method_refused(methods: Mapping[str, Iterable[str]]) -> Callable[..., ConnexionResponse]:
    """Make the handler of a method that a path lacks: it names those that the path has."""
    known = [
        (re.compile(re.sub(r"\\{.*?\\}", "[^/]+", re.escape(path))), names)
        for path, names in methods.items()
    ]

    def handler(request: ConnexionRequest, refusal: HTTPException) -> ConnexionResponse:
        path = request.scope["path"]
        names = [name.upper() for form, names in known if form.fullmatch(path) for name in names]
        names = names or [(refusal.headers or {})["Allow"]]  # of a path of Swagger UI
        told = f"{request.method} is no method of {path}: use {' or '.join(names)}"
        return response(problem(HTTPStatus.METHOD_NOT_ALLOWED, told, allow=", ".join(names)))

    return handler


class _Responder:
    """The one application behind connexion: it answers whatever operation was asked."""

    def __init__(self, served: Mapping[str, _Served], numbers: Numbers) -> None:
        self.served = served
        self.numbers = numbers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        each = self.served.get(operation_id(scope) or "")
        if each is None:
            await deliver(self._unknown(scope).answer, send)
            return
        if each.lacks_body(scope):
            await deliver(problem(HTTPStatus.BAD_REQUEST, _NEEDED).answer, send)
            return
        reply, example = each.good, None
        asked: _Asked | None = scope["extensions"].get(ASKED)
        if asked is not None:
            asked.choice = choice = _misspelt(asked.wished) or _choice(each, asked)
            if isinstance(choice, Problem):
                await deliver(choice.answer, send)
                return
            reply, example = choice.reply, choice.example
        if example is not None:
            payload = reply.examples[example]
        else:
            payload = reply.make(Draw(self.numbers.captchas, next(self.numbers)))
        body = encode(payload) if reply.media_type else b""
        await deliver(Answer(reply.status, reply.media_type, body), send)

    def _unknown(self, scope: Scope) -> Problem:
        known = [f"{each.operation.method} {each.operation.path}" for each in self.served.values()]
        return problem(
            HTTPStatus.NOT_FOUND,
            f"{scope['path']} is no operation of the spec; there are: {', '.join(known)}",
        )


def _misspelt(wished: Iterable[str]) -> Problem | None:
    """Refuse a key of the query that there is not."""
    key = next((key for key in wished if key not in KEYS), None)
    if key is None:
        return None
    twins = [f"__{known}" for known in KEYS]
    told = f"{key} is not there; {meant(key, twins)}there are: {', '.join(twins)}"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, told)


def _choice(each: _Served, asked: _Asked) -> _Choice | Problem:
    """Choose an answer of an operation, or say which there are."""
    wished, defaults = asked.wished, asked.defaults
    replies = {str(each.good.status): each.good, **each.others}
    code = wished.get("code", str(each.good.status))
    if code not in replies:
        return _no_such("code", code, replies)
    reply = replies[code]
    example = wished.get("example")
    if example is not None and example not in reply.examples:
        return _no_such("example", example, reply.examples)
    fault = defaults.fault if reply is each.good else None
    if "fault" in wished:
        fault = fault_named(wished["fault"])
        if fault is None and wished["fault"] != NONE:
            told = f"fault={wished['fault']} is not there; {meant(wished['fault'], FAULTS)}"
            return problem(HTTPStatus.NOT_FOUND, f"{told}/__admin/faults lists all")
    if fault is not None and reply is not each.good:
        told = f"fault={fault.name} breaks the good answer only: leave code={code} out"
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, told)
    try:
        delay = delay_of(wished["delay"]) if "delay" in wished else defaults.delay
    except ValueError as error:
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"delay: {error}")
    return _Choice(
        operation=each.operation,
        reply=reply,
        example=example,
        fault=fault,
        delay=delay,
        applied=tuple(wished.items()),
    )


def _no_such(key: str, name: str, known: Iterable[str]) -> Problem:
    listed = ", ".join(known) or "none"
    return problem(HTTPStatus.NOT_FOUND, f"{key}={name} is not there; there are: {listed}")


class _Divided:
    """Sends readers of the spec to Swagger UI, and spares everybody else the way through it."""

    def __init__(self, answering: ASGIApp, reading: ASGIApp) -> None:
        self.answering = answering
        self.reading = reading

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for_readers = scope["path"].startswith(("/ui", "/openapi."))
        await (self.reading if for_readers else self.answering)(scope, receive, send)


class _Selecting:
    """Gives each request of an operation the answer that it, or else the settings, ask for."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.plain = Defaults()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wished = wishes(scope["headers"], scope["query_string"])
        defaults = self.settings.current
        if not wished and defaults == self.plain:
            await self.app(scope, receive, send)
            return
        asked = _Asked(wished, defaults)
        scope.setdefault("extensions", {})[ASKED] = asked
        inner = {**scope, "query_string": without_wishes(scope["query_string"])}
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(inner, receive, keep)
        choice = asked.choice
        if isinstance(choice, Problem):
            await deliver(choice.answer, send)
        elif choice is None or messages[0]["status"] != choice.reply.status:
            for message in messages:
                await send(message)
        else:
            await self._deliver(choice, messages, (scope, receive, send))

    async def _deliver(
        self,
        choice: _Choice,
        messages: list[Message],
        connection: tuple[Scope, Receive, Send],
    ) -> None:
        scope, receive, send = connection
        body = b"".join(message.get("body", b"") for message in messages)
        healthy = Answer(choice.reply.status, choice.reply.media_type, body)
        applied: Headers = ()
        if choice.applied:
            applied = (("preference-applied", preferences(choice.applied)),)
        answer: Answer | Wire = healthy
        if choice.fault is not None:
            try:
                answer = choice.fault.apply(healthy, choice.operation)
                if isinstance(answer, Wire):  # nobody else can add to the head that it holds
                    headed = replace(healthy, headers=(*headers_told(scope["headers"]), *applied))
                    answer = choice.fault.apply(headed, choice.operation)
            except NotApplicable as reason:
                if "fault" in dict(choice.applied):
                    told = f"fault={choice.fault.name} breaks nothing here: {reason}"
                    answer = problem(HTTPStatus.UNPROCESSABLE_ENTITY, told).answer
        if choice.delay is not None:
            await scope["extensions"][CONNECTION].wait(choice.delay.seconds(self.settings.choices))
        if isinstance(answer, Wire):
            await carried(answer, scope, receive)
            return
        sent_on = _with_query(answer.headers, choice.operation, scope["query_string"])
        await deliver(replace(answer, headers=(*sent_on, *applied)), send)


def _with_query(headers: Headers, operation: Operation, query: bytes) -> Headers:
    """Keep the query of a call that is sent on to the operation itself, here or elsewhere."""
    kept = f"?{query.decode('latin-1')}" if query else ""
    return tuple(
        (name, value + kept if name == "location" and value.endswith(operation.path) else value)
        for name, value in headers
    )
