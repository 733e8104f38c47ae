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

MAX_ANSWER = 1 << 20
ANSWER_TIMEOUT = 10.0
USER_AGENT = "captcha-contract-tests (plain documented calls; see the project's README)"


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


def observe(
    operation: Operation, base_url: str, *, samples: int, rate: float
) -> tuple[Exchange, ...]:
    """Make the documented call `samples` times, one after the other, `rate` a second at most."""
    return asyncio.run(_observe(operation, base_url, samples, rate))


async def _observe(
    operation: Operation, base_url: str, samples: int, rate: float
) -> tuple[Exchange, ...]:
    url = base_url.rstrip("/") + operation.path
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    async with httpx2.AsyncClient(
        cookies=no_cookies,
        limits=httpx2.Limits(max_connections=1),
        timeout=None,  # noqa: S113 - one deadline spans the whole call
        verify=ssl.create_default_context() if urlsplit(url).scheme == "https" else False,
    ) as client:
        # httpx2 would add headers of its own; the documented call has none.
        client.headers.clear()
        exchanges = []
        for number in range(1, samples + 1):
            started = time.monotonic()
            exchanges.append(await _call(client, operation.method, url, number))
            if number < samples:
                await asyncio.sleep(max(0.0, 1 / rate - (time.monotonic() - started)))
    return tuple(exchanges)


async def _call(client: httpx2.AsyncClient, method: str, url: str, number: int) -> Exchange:
    parts = urlsplit(url)
    headers = (
        ("Host", parts.netloc.rpartition("@")[2]),
        ("Accept", "application/json"),
        ("Accept-Encoding", "identity"),
        ("User-Agent", USER_AGENT),
        *((("Content-Length", "0"),) if method == "POST" else ()),
    )
    request = Request(method, url, headers)
    started = time.monotonic()
    outcome: Response | Failure
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT):
            outcome = await _answer(client, request)
    except TimeoutError:
        outcome = Failure("timeout", f"no complete answer within {ANSWER_TIMEOUT:g} s")
    except (httpx2.HTTPError, httpx2.InvalidURL, ssl.SSLError, OSError) as error:
        outcome = _failure(error)
    return Exchange(number, request, outcome, time.monotonic() - started)


async def _answer(client: httpx2.AsyncClient, request: Request) -> Response | Failure:
    message = client.build_request(request.method, request.url, headers=request.headers)
    response = await client.send(message, stream=True)
    try:
        raw = bytearray()
        async for chunk in response.aiter_raw():
            raw += chunk
            if len(raw) > MAX_ANSWER:
                return Failure("too-large", f"the answer is larger than {MAX_ANSWER} bytes")
    finally:
        await response.aclose()
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw
    )
    return _decoded(Response(response.status_code, headers, bytes(raw)))


def _decoded(response: Response) -> Response | Failure:
    coding = (response.header("Content-Encoding") or "identity").strip().lower()
    if coding == "identity":
        return response
    windows = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}.get(coding)
    if windows is None:
        return Failure("undecodable", f"Content-Encoding {coding} was not asked for")
    for window in windows:
        inflate = zlib.decompressobj(window)
        try:
            body = inflate.decompress(response.body, MAX_ANSWER + 1)
        except zlib.error as error:
            evidence = f"Content-Encoding {coding}: {error}"
            continue
        if len(body) > MAX_ANSWER:
            return Failure("too-large", f"the answer is larger than {MAX_ANSWER} bytes")
        if inflate.eof:
            return Response(response.status, response.headers, body)
        evidence = f"Content-Encoding {coding}: the body ends before its data does"
    return Failure("undecodable", evidence)


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
    ((httpx2.UnsupportedProtocol, httpx2.InvalidURL), "url", "a base URL is http://… or https://…"),
)
