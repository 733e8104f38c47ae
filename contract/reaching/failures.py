"""An exception of the HTTP client → a failure with a name, and what may help.

To add a kind: list the exceptions that lead to it in `_KINDS`, where the first row that fits
decides, and explain it in `contract/judging/failure_kinds.py`. To add a better hint: `_HINTS`.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace

import httpcore2
import httpx2
import socksio

from contract.judging.exchange import NOT_SENT, Failure
from contract.judging.failure_kinds import FAILURE_KINDS

_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (httpcore2.ProxyError, "proxy"),
    (socksio.SOCKSError, "proxy"),
    (socket.gaierror, "dns"),
    (UnicodeError, "dns"),  # the resolver takes no name with an empty or too long part
    (ssl.SSLError, "tls"),
    (httpcore2.TimeoutException, "timeout"),
    (ConnectionRefusedError, "refused"),
    (ConnectionResetError, "reset"),
    (httpcore2.ConnectError, "unreachable"),
    (httpcore2.RemoteProtocolError, "not-http"),
    (ValueError, "not-http"),  # a number beyond what Python reads
)

_HEADER_LINE = re.compile(r"(illegal header line).*", re.DOTALL)
"""What the library says of a header that it cannot read, with its value, which may be a secret."""
_SHOWN = re.compile(r"bytearray\(b(.*)\)", re.DOTALL)
"""How it shows anything else that it cannot read."""

_HINTS: tuple[tuple[str, str, str], ...] = (
    (
        "tls",
        "CERTIFICATE_REQUIRED",
        "The server asks for a client certificate: give --cert FILE and --key FILE.",
    ),
    (
        "tls",
        "certificate has expired",
        "The server's certificate must be renewed. Or give --insecure.",
    ),
    (
        "tls",
        "certificate is not valid for",
        "The server's certificate is another host's. Is the name right? Or give --insecure.",
    ),
)
"""Hints that fit better than that of the kind: the kind, what the message holds, the hint."""


def failure_of(error: Exception) -> Failure:
    """Name the reason why no answer came, by the exception at its root."""
    causes = tuple(_causes(error))
    if any(isinstance(cause, httpcore2.LocalProtocolError | httpx2.InvalidURL) for cause in causes):
        # The library's own words hold the value, which may be a secret.
        return Failure(NOT_SENT, "a header or the address holds what HTTP does not allow")
    words = next((str(cause) for cause in reversed(causes) if str(cause)), type(error).__name__)
    words = _SHOWN.sub(r"\1", _HEADER_LINE.sub(r"\1", words))
    if isinstance(error, httpcore2.RemoteProtocolError):
        if "Receive buffer too long" in words:
            return Failure("not-http", "the head of the answer is larger than 100 KiB")
        if "without sending a response" in words:
            return Failure("hung-up", words)
        if "without sending complete" in words:
            return Failure("cut", words)
    for exception, kind in _KINDS:
        if any(isinstance(cause, exception) for cause in causes):
            return Failure(kind, words, _hint(kind, words))
    return Failure("no-answer", words)


def of_a_proxy(failure: Failure, named: str) -> Failure:
    """Give the failure of a call that did not get past a proxy.

    Args:
        failure: what happened.
        named: the proxy without its user, and what chose it.
    """
    hint = f"The proxy {named} did not let the call through. {FAILURE_KINDS['proxy'].hint}"
    evidence = (
        failure.evidence if failure.kind == "proxy" else f"{failure.kind}: {failure.evidence}"
    )
    return Failure("proxy", evidence, hint)


def beyond_a_proxy(failure: Failure, named: str) -> Failure:
    """Give a failure that happened behind a proxy, which it names too."""
    hint = f"{failure.hint} The call went through the proxy {named}."
    return replace(failure, hint=hint.strip())


def _hint(kind: str, words: str) -> str:
    better = (hint for of, part, hint in _HINTS if of == kind and part in words)
    return next(better, FAILURE_KINDS[kind].hint)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Give an exception and what led to it; of several that happened together, the first."""
    while error is not None:
        yield error
        together = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
        error = together[0] if together else error.__cause__ or error.__context__
