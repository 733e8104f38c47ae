"""An environment → exchanges: the documented call, made a few times, everything kept as values.

Nothing else sends documented calls. Redirects are not followed, and cookies are not returned.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus

from contract.credentials import Secret, SecretBytes
from contract.judging.exchange import NOT_SENT, Attempt, Exchange, Failure, Request, Response, Wait
from contract.reaching.environments import address
from contract.spec.media_types import JSON
from contract.spec.operations import Operation
from contract_tests.observing.caller import Caller
from contract_tests.observing.calls import Call, call_of
from contract_tests.observing.manners import Manners

__all__ = ["USER_AGENT", "Manners", "not_sent", "observe"]

RETRIES = 2
"""How often a call is repeated, at most."""
FIRST_PAUSE = 0.5
"""Seconds before the first retry; each further one waits longer by as much."""
PATIENCE = 30
"""Seconds that a Retry-After may ask for."""
WAITING_PAUSE = 2.0
"""Seconds between the calls to an environment that is waited for."""
USER_AGENT = "captcha-contract-tests (plain documented calls; see the project's README)"
"""The header by which operators recognise the calls."""

_SECONDS = re.compile(r"0*([0-9]{1,4})")
_NOT_THERE_YET = frozenset(
    {"dns", "refused", "unreachable", "proxy", "tls", "reset", "hung-up", "timeout"}
)
_NOT_READY = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)


def not_sent(operation: Operation, needs: str) -> Exchange:
    """Give the exchange of a call that could not be made, with what it needs."""
    request = Request(operation.method, operation.path, ())
    return Exchange(1, request, Failure(NOT_SENT, f"needs {needs}"), 0.0)


def observe(operation: Operation, base_url: str, manners: Manners) -> Iterator[Exchange]:
    """Make the documented call of an operation several times, in turn, over one connection.

    Each exchange is given as soon as it is complete, so that an interruption loses none.

    Raises:
        Misuse: the address, the proxy or a certificate cannot be used; nothing was sent.
    """
    with asyncio.Runner() as runner:
        calls = _calls(operation, base_url, manners)
        try:
            while True:
                exchange = runner.run(anext(calls, None))
                if exchange is None:
                    return
                yield exchange
        finally:
            runner.run(calls.aclose())


async def _calls(operation: Operation, base_url: str, manners: Manners) -> AsyncGenerator[Exchange]:
    call = call_of(
        operation, manners.parameter_values.get(operation.id, {}), invents=manners.invents
    )
    request = _request(operation, base_url, call, manners)
    if call.needs:
        yield Exchange(1, request, Failure(NOT_SENT, f"needs {', '.join(call.needs)}"), 0.0)
        return
    hopeful = True
    async with Caller(base_url, manners) as caller:
        for number in range(1, manners.samples + 1):
            started = time.monotonic()
            if number == 1 and manners.wait:
                exchange = await _first(caller, request, manners)
            else:
                exchange = await _call(caller, request, number, hopeful=hopeful)
            # A call that was repeated without success shows that repeating does not help.
            hopeful = hopeful and not _may_pass(exchange.outcome)
            yield exchange
            if number < manners.samples:
                await asyncio.sleep(max(0.0, started + 1 / manners.rate - time.monotonic()))


def _request(operation: Operation, base_url: str, call: Call, manners: Manners) -> Request:
    url = base_url + call.path
    length = operation.method == "POST" or bool(call.body)
    usual = (
        ("Host", address(url).netloc.decode("ascii")),
        ("Accept", _accepted(operation)),
        ("Accept-Encoding", "identity"),
        ("User-Agent", USER_AGENT),
        *((("Content-Length", str(len(call.body))),) if length else ()),
        *call.headers,
    )
    secret = frozenset(name for name, _ in manners.headers)
    replaced = {name.lower() for name in secret}
    headers = (
        *((key, text) for key, text in usual if key.lower() not in replaced),
        *manners.headers,
    )
    shown = call.redacted or call
    sent = (Secret(url), SecretBytes(call.body)) if call.redacted else None
    shown_url = base_url + shown.path
    return Request(operation.method, shown_url, headers, secret, shown.body, call.secret, sent)


def _accepted(operation: Operation) -> str:
    """Give the media type that is documented for the answer; where there is none, that of JSON."""
    return operation.media_type or JSON


async def _first(caller: Caller, request: Request, manners: Manners) -> Exchange:
    """Make the first call until the environment answers, or for as long as may be waited."""
    started = time.monotonic()
    last: Response | Failure | None = None
    while True:
        exchange = await caller.call(request, 1)
        waited = time.monotonic() - started
        if waited >= manners.wait or not _may_come(exchange.outcome):
            return exchange if last is None else replace(exchange, wait=Wait(last, waited))
        last = exchange.outcome
        await asyncio.sleep(min(WAITING_PAUSE, manners.wait - waited))


def _may_come(outcome: Response | Failure) -> bool:
    """Say whether it is what a deployment shows before it answers."""
    if isinstance(outcome, Failure):
        return outcome.kind in _NOT_THERE_YET
    return outcome.status in _NOT_READY


async def _call(caller: Caller, request: Request, number: int, *, hopeful: bool) -> Exchange:
    """Make one call; repeat it if the failure may pass by itself."""
    earlier: list[Attempt] = []
    while True:
        exchange = await caller.call(request, number)
        pause = _pause(exchange.outcome, len(earlier))
        if pause is None or not hopeful:
            return replace(exchange, earlier=tuple(earlier))
        moment = exchange.started or datetime.now(UTC)
        earlier.append(Attempt(exchange.outcome, exchange.seconds, moment))
        await asyncio.sleep(pause)


def _pause(outcome: Response | Failure, tries: int) -> float | None:
    """Give the seconds to wait before the call is repeated; None if it is not repeated."""
    if tries >= RETRIES or not _may_pass(outcome):
        return None
    back_off = FIRST_PAUSE * (tries + 1)
    if isinstance(outcome, Failure) or outcome.status != HTTPStatus.TOO_MANY_REQUESTS:
        return back_off
    asked = _SECONDS.fullmatch((outcome.header("Retry-After") or "").strip())
    if asked is None or int(asked[1]) > PATIENCE:
        return None
    return max(back_off, float(asked[1]))


def _may_pass(outcome: Response | Failure) -> bool:
    if isinstance(outcome, Failure):
        return outcome.kind in {"refused", "reset", "dns", "hung-up"}
    return outcome.status == HTTPStatus.TOO_MANY_REQUESTS or outcome.status in _NOT_READY
