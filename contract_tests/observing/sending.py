"""An environment → exchanges: the documented call, made a few times, everything kept as values.

Nothing else sends documented calls. What comes back is not trusted: its size, its time and its
decompression are bounded, redirects are not followed, cookies are not returned.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx2

from contract.judging.exchange import NOT_SENT, Attempt, Exchange, Failure, Request, Response
from contract.spec.operations import Operation
from contract_tests.observing.calls import Call, ParameterValues, call_of
from contract_tests.observing.content_encodings import decoded, too_large
from contract_tests.observing.failures import failure_of

RETRIES = 2
"""How often a call is repeated, at most."""
FIRST_PAUSE = 0.5
"""Seconds before the first retry; each further one waits longer by as much."""
PATIENCE = 30
"""Seconds that a Retry-After may ask for."""
USER_AGENT = "captcha-contract-tests (plain documented calls; see the project's README)"
"""The header by which operators recognise the calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How an environment is called.

    Attributes:
        samples: calls per operation.
        rate: calls a second, at most.
        answer_timeout: seconds from sending to the last byte of the answer.
        max_answer: bytes of an answer's body, decoded, at most.
        headers: what to send besides the documented headers; their values are secrets.
        verify: whether a server must prove by its certificate who it is.
        parameter_values: the values of each operation, by operationId; they are secrets.
        invents: whether a parameter without a value may be given a plain one.
        direct: whether proxies are ignored, whatever HTTP_PROXY and similar variables say, as for
            the embedded mock server.
    """

    samples: int
    rate: float
    answer_timeout: float = 10.0
    max_answer: int = 1 << 20
    headers: tuple[tuple[str, str], ...] = ()
    verify: bool = True
    parameter_values: Mapping[str, ParameterValues] = field(default_factory=dict)
    invents: bool = False
    direct: bool = False


def not_sent(operation: Operation, needs: str) -> Exchange:
    """Give the exchange of a call that could not be made, with what it needs."""
    request = Request(operation.method, operation.path, ())
    return Exchange(1, request, Failure(NOT_SENT, f"needs {needs}"), 0.0)


def observe(operation: Operation, base_url: str, manners: Manners) -> Iterator[Exchange]:
    """Make the documented call of an operation several times, in turn, over one connection.

    Each exchange is given as soon as it is complete, so that an interruption loses none.
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
    async with _client(request.url, manners) as client:
        for number in range(1, manners.samples + 1):
            started = time.monotonic()
            exchange = await _call(client, request, number, manners, hopeful=hopeful)
            # A call that was repeated without success shows that repeating does not help.
            hopeful = hopeful and not _may_pass(exchange.outcome)
            yield exchange
            if number < manners.samples:
                await asyncio.sleep(max(0.0, started + 1 / manners.rate - time.monotonic()))


def _client(url: str, manners: Manners) -> httpx2.AsyncClient:
    client = httpx2.AsyncClient(
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=None,  # one deadline spans the whole call
        trust_env=not manners.direct,  # False ignores the variables that name proxies
        verify=_trust(manners) if urlsplit(url).scheme == "https" else False,
    )
    client.headers.clear()  # the documented call has only ours
    return client


def _trust(manners: Manners) -> ssl.SSLContext:
    """Trust the bundle that the usual variables name, else this machine's own."""
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    bundle = next((os.environ[name] for name in names if os.environ.get(name)), None)
    context = ssl.create_default_context(cafile=bundle)
    if not manners.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _request(operation: Operation, base_url: str, call: Call, manners: Manners) -> Request:
    url = base_url + call.path
    length = operation.method == "POST" or bool(call.body)
    headers = (
        ("Host", urlsplit(url).netloc.rpartition("@")[2]),
        ("Accept", "application/json"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", USER_AGENT),
        *((("Content-Length", str(len(call.body))),) if length else ()),
        *call.headers,
        *manners.headers,
    )
    secret = frozenset(name for name, _ in manners.headers)
    shown = call.redacted or call
    sent = (url, call.body) if call.redacted else None
    shown_url = base_url + shown.path
    return Request(operation.method, shown_url, headers, secret, shown.body, call.secret, sent)


async def _call(
    client: httpx2.AsyncClient,
    request: Request,
    number: int,
    manners: Manners,
    *,
    hopeful: bool,
) -> Exchange:
    """Make one call; repeat it if the failure may pass by itself."""
    earlier: list[Attempt] = []
    while True:
        exchange = await _try(client, request, number, manners)
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
    asked = outcome.header("Retry-After") or ""
    if not asked.isdecimal() or int(asked) > PATIENCE:
        return None
    return max(back_off, float(asked))


def _may_pass(outcome: Response | Failure) -> bool:
    if isinstance(outcome, Failure):
        return outcome.kind in {"refused", "reset", "dns", "hung-up"}
    return outcome.status in {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }


async def _try(
    client: httpx2.AsyncClient, request: Request, number: int, manners: Manners
) -> Exchange:
    moment = datetime.now(UTC)
    started = time.monotonic()
    waited: list[float] = []
    outcome: Response | Failure
    try:
        async with asyncio.timeout(manners.answer_timeout):
            outcome = await _answer(client, request, manners.max_answer, waited.append)
    except TimeoutError:
        outcome = Failure("timeout", f"no complete answer within {manners.answer_timeout:g} s")
    except (httpx2.HTTPError, OSError) as error:
        outcome = failure_of(error)
    seconds = time.monotonic() - started
    headers_after = waited[0] - started if waited else seconds
    return Exchange(number, request, outcome, seconds, moment, headers_after)


async def _answer(
    client: httpx2.AsyncClient,
    request: Request,
    max_answer: int,
    headers_came: Callable[[float], object],
) -> Response | Failure:
    url, content = request.sent or (request.url, request.body)
    message = client.build_request(
        request.method, url, headers=list(request.headers), content=content or None
    )
    response = await client.send(message, stream=True)
    headers_came(time.monotonic())
    try:
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > max_answer:
                return too_large(max_answer)
    finally:
        await response.aclose()
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw
    )
    version = str(response.http_version)
    came = Response(response.status_code, headers, bytes(body), version, len(body))
    return decoded(came, max_answer)
