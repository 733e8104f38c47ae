"""An environment → exchanges: the documented call, made a few times, everything kept as values.

This is the only place that sends anything. What comes back is not trusted: its size, its time
and its decompression are bounded, redirects are not followed, cookies are not returned.
"""

from __future__ import annotations

import asyncio
import shlex
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx2

from openapi.spec import Operation

USER_AGENT = "captcha-contract-tests (plain documented calls; see the project's README)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How an environment is asked.

    Attributes:
        samples: calls per operation.
        rate: calls a second, at most.
        answer_timeout: seconds from sending to the last byte of the answer.
        max_answer: bytes of an answer's body, decoded, at most.
    """

    samples: int
    rate: float
    answer_timeout: float = 10.0
    max_answer: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it was sent."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]

    @property
    def curl(self) -> str:
        """The shell command that sends it again."""
        accept = next((value for name, value in self.headers if name == "Accept"), "*/*")
        # `-d ''` sends Content-Length: 0; the empty header keeps curl from adding a media type.
        words = ["curl", "-sS", "-X", self.method, "-H", f"Accept: {accept}"]
        if self.method == "POST":
            words += ["-d", "", "-H", "Content-Type:"]
        return shlex.join([*words, self.url])


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response: status, headers in the order they came, body freed of its encoding."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the first header of a name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no HTTP answer came: a kind, the words of who noticed, and what may help."""

    kind: str
    evidence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call and what came of it: a response or a failure.

    `number` counts from 1; `seconds` is the time from sending to the last byte.
    """

    number: int
    request: Request
    outcome: Response | Failure
    seconds: float


def observe(operation: Operation, base_url: str, manners: Manners) -> tuple[Exchange, ...]:
    """Make the documented call of an operation, one after the other, over one connection."""
    return asyncio.run(_observe(operation.method, base_url + operation.path, manners))


async def _observe(method: str, url: str, manners: Manners) -> tuple[Exchange, ...]:
    async with httpx2.AsyncClient(
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        limits=httpx2.Limits(max_connections=1),
        timeout=None,  # one deadline spans the whole call
        verify=urlsplit(url).scheme == "https",
    ) as client:
        client.headers.clear()  # the documented call has none but ours
        exchanges = []
        for number in range(1, manners.samples + 1):
            pause = asyncio.create_task(asyncio.sleep(1 / manners.rate))
            exchanges.append(await _call(client, method, url, number, manners))
            if number < manners.samples:
                await pause
            pause.cancel()
    return tuple(exchanges)


async def _call(
    client: httpx2.AsyncClient, method: str, url: str, number: int, manners: Manners
) -> Exchange:
    headers = (
        ("Host", urlsplit(url).netloc.rpartition("@")[2]),
        ("Accept", "application/json"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", USER_AGENT),
        *((("Content-Length", "0"),) if method == "POST" else ()),
    )
    request = Request(method, url, headers)
    started = time.monotonic()
    outcome: Response | Failure
    try:
        async with asyncio.timeout(manners.answer_timeout):
            outcome = await _answer(client, request, manners.max_answer)
    except TimeoutError:
        outcome = Failure("timeout", f"no complete answer within {manners.answer_timeout:g} s")
    except (httpx2.HTTPError, OSError) as error:
        outcome = _failure(error)
    return Exchange(number, request, outcome, time.monotonic() - started)


async def _answer(
    client: httpx2.AsyncClient, request: Request, max_answer: int
) -> Response | Failure:
    message = client.build_request(request.method, request.url, headers=list(request.headers))
    response = await client.send(message, stream=True)
    try:
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > max_answer:
                return _too_large(max_answer)
    finally:
        await response.aclose()
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw
    )
    return _decoded(Response(response.status_code, headers, bytes(body)), max_answer)


def _decoded(response: Response, max_answer: int) -> Response | Failure:
    """Undo a Content-Encoding that was not asked for, within the limit."""
    coding = (response.header("Content-Encoding") or "identity").strip().lower()
    if coding == "identity":
        return response
    window = {"gzip": 31, "x-gzip": 31, "deflate": 15}.get(coding)
    if window is None:
        return Failure("undecodable", f"Content-Encoding {coding!a}, not asked for")
    inflate = zlib.decompressobj(window)
    try:
        body = inflate.decompress(response.body, max_answer + 1)
    except zlib.error as error:
        return Failure("undecodable", f"Content-Encoding {coding}: {error}")
    if len(body) > max_answer:
        return _too_large(max_answer)
    if not inflate.eof:
        return Failure("undecodable", f"Content-Encoding {coding}: it ends before its end")
    return Response(response.status, response.headers, body)


def _too_large(max_answer: int) -> Failure:
    return Failure("too-large", f"the body is larger than {max_answer} bytes")


def _failure(error: Exception) -> Failure:
    """Name what kept an answer from coming, by the exception at the root of it."""
    causes = tuple(_causes(error))
    words = next((str(cause) for cause in reversed(causes) if str(cause)), type(error).__name__)
    for kinds, kind, hint in _KINDS:
        if any(isinstance(cause, kinds) for cause in causes):
            return Failure(kind, words, hint)
    return Failure("no-answer", words)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


_PROXY = "look at HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
_KINDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str, str], ...] = (
    (httpx2.ProxyError, "proxy", _PROXY),
    (socket.gaierror, "dns", "is the name right, and the VPN up?"),
    (ssl.SSLError, "tls", "does it speak plain http, or want another CA (SSL_CERT_FILE)?"),
    (httpx2.TimeoutException, "timeout", ""),
    (ConnectionRefusedError, "refused", "is a server listening there?"),
    (ConnectionResetError, "reset", ""),
    (httpx2.RemoteProtocolError, "not-http", "is this the port of an HTTP server?"),
)
