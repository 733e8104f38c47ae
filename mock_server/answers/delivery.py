"""An answer on its way out: broken, delayed, and sent as HTTP or below it."""

from __future__ import annotations

import random
from dataclasses import replace
from http import HTTPStatus

from starlette.types import Receive, Scope, Send

from contract.spec.operations import Operation
from mock_server.answer_editing import Answer, NotApplicable
from mock_server.answers.choosing import Choice
from mock_server.origins import cors_headers
from mock_server.preferences import as_header
from mock_server.problems import problem
from mock_server.wire import CONNECTION, Wire, send_wire

Headers = tuple[tuple[str, str], ...]
"""The headers of an answer."""


async def deliver(answer: Answer, send: Send) -> None:
    """Send an answer as an ASGI application does."""
    headers = [(b"content-type", answer.media_type.encode("latin-1"))] if answer.media_type else []
    headers.append((b"content-length", b"%d" % len(answer.body)))
    for name, value in answer.headers:
        headers.append((name.encode("latin-1"), value.encode("latin-1")))
    await send({"type": "http.response.start", "status": int(answer.status), "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def deliver_choice(  # noqa: PLR0913, PLR0917 - the last three are ASGI's own
    choice: Choice,
    body: bytes,
    choices: random.Random,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Send the chosen answer: apply its fault, wait for its delay, name the preferences.

    Args:
        choice: what was chosen.
        body: of the healthy answer.
        choices: draws the delay.
        scope: of the request, its query as it was sent.
        receive: gives notice when the client hangs up.
        send: takes the answer.
    """
    applied: Headers = ()
    if choice.preferences:
        applied = (("preference-applied", as_header(choice.preferences)),)
    # A wire fault writes its own head, so it gets what the layers around this one would add.
    around = (*cors_headers(scope["headers"]), *applied)
    reply = choice.reply
    healthy = Answer(reply.status, reply.media_type, body, (*around, *reply.headers))
    answer = _broken(choice, healthy)
    await wait(choice, choices, scope)
    if isinstance(answer, Wire):
        await send_wire(answer, scope, receive)
        return
    own = tuple(header for header in answer.headers if header not in around)
    headers = _with_query(own, choice.operation, scope["query_string"])
    await deliver(replace(answer, headers=(*headers, *applied)), send)


async def wait(choice: Choice, choices: random.Random, scope: Scope) -> None:
    """Wait as long as was chosen, but not longer than the client does."""
    if choice.delay is not None:
        await scope["extensions"][CONNECTION].wait(choice.delay.seconds(choices))


def _broken(choice: Choice, healthy: Answer) -> Answer | Wire:
    """Apply the fault of a choice; a default fault that has nothing to break is ignored."""
    if choice.fault is None:
        return healthy
    try:
        return choice.fault.apply(healthy, choice.operation)
    except NotApplicable as reason:
        if not choice.fault_was_requested:
            return healthy
        detail = f"fault={choice.fault.name} breaks nothing here: {reason}"
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail).answer


def _with_query(headers: Headers, operation: Operation, query: bytes) -> Headers:
    """Keep the query of a call that is redirected to the operation itself, here or elsewhere."""
    kept = f"?{query.decode('latin-1')}" if query else ""
    return tuple(
        (name, value + kept if name == "location" and value.endswith(operation.path) else value)
        for name, value in headers
    )
