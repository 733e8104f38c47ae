"""The way to a Redis: found by a URL, lost and found again, and never waited for long.

What fails means that Redis is gone, whatever the reason: no connection, no answer in time, a wrong
password, a read-only replica, no memory left, data still being loaded. From then on every call
fails at once, until `back` is told that one has succeeded. No URL and no error that is told holds a
credential. To tell another reason apart: a row of `_REASONS`.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from redis import exceptions
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from contract.printable import line
from mock_server.shared_state.redis_batches import FAILURES, Argument, Batches
from mock_server.state.protocol import StateGone
from mock_server.state.state_options import UnusableState

LIMIT = 1.0
"""Seconds that a call may take."""

_CONNECTIONS = 1_000
"""The most connections of a process: each call that waits for a request has one of its own."""
_OPTIONS = ("db", "username", "password", "client_name", "health_check_interval")
"""What the query of a URL may say, beside how TLS is to be spoken."""
_FOR_OTHERS = (
    *("socket_timeout", "socket_connect_timeout", "socket_keepalive", "max_connections"),
    *("protocol", "decode_responses", "encoding", "encoding_errors", "retry_on_timeout"),
)
"""What it may say to programs that share the URL, and that is decided here."""

_SCHEMES = ("redis", "rediss", "unix")
_FORM = "write redis://host:6379/0, rediss://host:6379/0 or unix:///path/of/socket?db=0"
_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((exceptions.AuthenticationError,), "Redis refuses the password"),
    ((exceptions.AuthenticationWrongNumberOfArgsError,), "Redis takes no user name"),
    ((exceptions.NoPermissionError,), "Redis does not let this user do what is needed"),
    ((exceptions.BusyLoadingError,), "Redis is still loading its data"),
    ((exceptions.ReadOnlyError,), "Redis is a replica that takes no writes"),
    ((exceptions.OutOfMemoryError,), "Redis has no memory left (maxmemory)"),
    ((exceptions.InvalidResponse,), "what answers there is no Redis"),
    ((exceptions.TimeoutError, TimeoutError), f"Redis does not answer within {LIMIT:g} s"),
    ((exceptions.ConnectionError, OSError), "Redis is not reached"),
)
_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
_LOCKED = re.compile("Authentication required|Protocol error: unauthenticated|NOAUTH")
_PASSING = re.compile(r"(LOADING|MISCONF|NOREPLICAS|CLUSTERDOWN|MASTERDOWN|BUSY|UNBLOCKED|OOM)\b")
_UNUSABLE = (
    exceptions.AuthenticationError,
    exceptions.InvalidResponse,
    exceptions.ResponseError,
    ssl.SSLError,
)


class Link:
    """The way to one Redis, for one process.

    Attributes:
        where: the URL without credentials.
        problem: why Redis is gone; None where it is not.
        lost: since when it is, or was last, by the clock of the event loop.
    """

    def __init__(
        self,
        url: str,
        prefix: str,
        scripts: Mapping[str, str],
        report: Callable[[str], object],
    ) -> None:
        """Read the URL; nothing is reached yet.

        Args:
            url: of Redis.
            prefix: what all keys begin with.
            scripts: those that are called, by their names.
            report: prints a line for people.

        Raises:
            UnusableState: it names no Redis.
        """
        self.where = told(url)
        self.prefix = prefix
        self.report = report
        self.problem: str | None = None
        self.lost = 0.0
        self._client: Redis = Redis(connection_pool=_pool(url))
        self._batches = Batches(self._client, prefix, scripts)

    async def call(self, script: str, *arguments: Argument) -> object:
        """Run a script.

        Raises:
            StateGone: Redis is gone, or has just been lost.
        """
        if self.problem is not None:
            raise StateGone(self.problem)
        try:
            return await self.trial(script, *arguments)
        except FAILURES as error:
            raise self.lose(error) from None

    async def trial(self, script: str, *arguments: Argument) -> object:
        """Run a script also while Redis is gone; what fails is told to nobody.

        Raises:
            RedisError: and OSError and TimeoutError, as it failed.
        """
        async with asyncio.timeout(LIMIT):
            return await self._batches.call(script, arguments)

    def lose(self, error: BaseException, *, always: bool = False) -> StateGone:
        """Take Redis for gone because a call failed; give what to raise for that call.

        Args:
            error: why the call failed.
            always: whether Redis is gone too where it refuses the call and is there.
        """
        reason = reason_of(error)
        cause = _cause(error)
        if isinstance(cause, exceptions.ResponseError) and not _passes(cause) and not always:
            return StateGone(reason)
        if self.problem is None:
            self.lost = asyncio.get_running_loop().time()
            self.report(
                f"{reason} ({self.where}); captchas are still drawn, what needs sessions is "
                "answered with 503"
            )
        self.problem = reason
        return StateGone(reason)

    def back(self) -> None:
        """Take Redis for reached again."""
        if self.problem is not None:
            self.problem = None
            self.report(f"Redis is back ({self.where})")

    @asynccontextmanager
    async def listening(self, channel: str) -> AsyncIterator[Callable[[float], Awaitable[None]]]:
        """Listen to a channel; give what waits for its next message, so many seconds at most.

        Raises:
            StateGone: Redis is gone.
        """
        if self.problem is not None:
            raise StateGone(self.problem)
        listener = self._client.pubsub(ignore_subscribe_messages=True)

        async def heard(seconds: float) -> None:
            await listener.get_message(timeout=seconds)

        try:
            async with asyncio.timeout(LIMIT):
                await listener.subscribe(self.prefix + channel)
            yield heard
        except FAILURES as error:
            raise self.lose(error) from None
        finally:
            await listener.aclose()  # type: ignore[no-untyped-call]  # redis-py's

    async def close(self) -> None:
        """Close the connections; a later call opens new ones."""
        await self._batches.close()


def reason_of(error: BaseException) -> str:
    """Say why a call failed, without any address and any credential."""
    cause = _cause(error)
    if isinstance(cause, ssl.SSLError):
        return f"Redis is not reached by TLS ({line(cause.reason or 'no TLS')})"
    if _LOCKED.match(str(cause)):
        return "Redis needs a password"
    known = next((text for kinds, text in _REASONS if isinstance(cause, kinds)), None)
    said = line(str(cause)).partition(",")[0]  # behind it may stand what was sent
    passing = _PASSING.match(said)
    otherwise = (
        f"takes no calls now ({passing[1]})" if passing else f"refuses a call ({said[:120]})"
    )
    return known or f"Redis {otherwise}"


def unusable(error: BaseException) -> str | None:
    """Say why Redis can never be used as the URL says; None where that may pass by itself."""
    cause = _cause(error)
    never = isinstance(cause, _UNUSABLE) and not _passes(cause)
    return reason_of(cause) if never else None


def _cause(error: BaseException) -> BaseException:
    """Give what a failure comes from, where the library tells only that it cannot connect."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, _UNUSABLE):
        cause = cause.__cause__ or cause.__context__
    return cause or error


def _passes(error: BaseException) -> bool:
    """Say whether an error that Redis answers may pass by itself."""
    states = exceptions.BusyLoadingError | exceptions.ReadOnlyError | exceptions.OutOfMemoryError
    return isinstance(error, states) or bool(_PASSING.match(str(error)))


def told(url: str) -> str:
    """Give a URL of Redis without credentials.

    Raises:
        UnusableState: it names no Redis; the message does not repeat it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnusableState(f"--state: the URL cannot be read: {_FORM}") from None
    if parts.scheme not in _SCHEMES:
        raise UnusableState(f"--state: the URL begins with none of {', '.join(_SCHEMES)}: {_FORM}")
    if parts.scheme == "unix":
        if not parts.path.strip("/"):
            raise UnusableState(f"--state: the URL names no socket: {_FORM}")
        return f"unix://{line(unquote(parts.path))}"
    database = parts.path.strip("/") or "0"
    if not parts.hostname or not re.fullmatch(r"[0-9]{1,5}", database):
        raise UnusableState(f"--state: the URL names no host, or no number of a database: {_FORM}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{line(host)}:{port or 6379}/{database}"


def _pool(url: str) -> ConnectionPool:
    """Make the pool of connections; options may stand in the query of the URL.

    Raises:
        UnusableState: an option does not exist, has no such value, or names no file.
    """
    said = [each for each in parse_qsl(urlsplit(url).query) if each[0] not in _FOR_OTHERS]
    for name, value in said:
        if name not in _OPTIONS and not name.startswith("ssl_"):
            problem = f"--state: {line(name)} behind the ? of the URL does not exist"
            raise UnusableState(f"{problem}; there are {', '.join(_OPTIONS)} and ssl_…")
        if name in _FILES and not Path(value).is_file():
            raise UnusableState(f"--state: {name}={line(value)} in the URL is not a file")
    keepalive = {} if url.startswith("unix") else {"socket_keepalive": True}
    try:
        pool = ConnectionPool.from_url(
            f"{url.partition('?')[0]}?{urlencode(said)}",
            **keepalive,
            max_connections=_CONNECTIONS,
            socket_timeout=LIMIT,
            socket_connect_timeout=LIMIT,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        pool.make_connection()  # type: ignore[no-untyped-call]  # redis-py's
    except (TypeError, ValueError, exceptions.RedisError):
        detail = "--state: an option behind the ? of the URL does not exist, or has no such value"
        raise UnusableState(f"{detail}; redis-py's documentation lists them") from None
    return pool
