"""An exception of the HTTP client → a failure with a name, and what may help.

To add a kind: list the exceptions that lead to it in `_KINDS`; the first row that fits decides.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx2

from contract.judging.exchange import Failure

_KINDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str, str], ...] = (
    (httpx2.ProxyError, "proxy", "Look at HTTPS_PROXY, HTTP_PROXY and NO_PROXY."),
    (socket.gaierror, "dns", "Is the name right, and the VPN up?"),
    (
        ssl.SSLError,
        "tls",
        "Try --scheme http with --target, REQUESTS_CA_BUNDLE for another authority, or --insecure.",
    ),
    (httpx2.TimeoutException, "timeout", ""),
    (ConnectionRefusedError, "refused", "Is a server listening there, and the VPN up?"),
    (ConnectionResetError, "reset", ""),
    (httpx2.ConnectError, "unreachable", "Is the address right, and the VPN up?"),
    (httpx2.RemoteProtocolError, "not-http", "Is this the port of an HTTP server?"),
)


def failure_of(error: Exception) -> Failure:
    """Name what kept an answer from coming, by the exception at the root of it."""
    causes = tuple(_causes(error))
    words = next((str(cause) for cause in reversed(causes) if str(cause)), type(error).__name__)
    if isinstance(error, httpx2.RemoteProtocolError) and "without" in words:
        return Failure("hung-up" if "without sending a response" in words else "cut", words)
    for kinds, kind, hint in _KINDS:
        if any(isinstance(cause, kinds) for cause in causes):
            return Failure(kind, words, hint)
    return Failure("no-answer", words)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
