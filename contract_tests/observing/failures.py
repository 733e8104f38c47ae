"""An exception of the HTTP client → a failure with a name, and what may help.

To add a kind: list the exceptions that lead to it in `_KINDS`, where the first row that fits
decides, and explain it in `contract/judging/failure_kinds.py`.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx2

from contract.judging.exchange import Failure
from contract.judging.failure_kinds import FAILURE_KINDS

_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (httpx2.ProxyError, "proxy"),
    (socket.gaierror, "dns"),
    (ssl.SSLError, "tls"),
    (httpx2.TimeoutException, "timeout"),
    (ConnectionRefusedError, "refused"),
    (ConnectionResetError, "reset"),
    (httpx2.ConnectError, "unreachable"),
    (httpx2.RemoteProtocolError, "not-http"),
)


def failure_of(error: Exception) -> Failure:
    """Name the reason why no answer came, by the exception at its root."""
    causes = tuple(_causes(error))
    words = next((str(cause) for cause in reversed(causes) if str(cause)), type(error).__name__)
    if isinstance(error, httpx2.RemoteProtocolError) and "without" in words:
        return Failure("hung-up" if "without sending a response" in words else "cut", words)
    for exception, kind in _KINDS:
        if any(isinstance(cause, exception) for cause in causes):
            return Failure(kind, words, FAILURE_KINDS[kind].hint)
    return Failure("no-answer", words)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
