"""Whose request it is: the session by its header, its cookie, or the one that all others share.

Testers who name sessions of their own share nothing but the spec and the sequence of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus

from starlette.types import Scope

from mock_server.problems import RequestRefused, problem

HEADER = "X-Mock-Session"
"""The header that names the session of a request; it wins over the cookie."""

COOKIE = "mock_session"
"""The cookie that names the session of a request."""

SHARED = "default"
"""The session of all requests that name none."""

_HEADER, _COOKIE = HEADER.lower().encode(), COOKIE.encode()
_NAME = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_IN_SCOPE = "mock_server.session"


def session_of(scope: Scope) -> str:
    """Give the session of a request; it is looked for once.

    Raises:
        RequestRefused: its name is not 1 to 64 characters of A-Z a-z 0-9 . _ -.
    """
    known: str | None = scope.get(_IN_SCOPE)
    if known is None:
        known = scope[_IN_SCOPE] = _named(scope["headers"])
    return known


def _named(headers: Iterable[tuple[bytes, bytes]]) -> str:
    in_cookie = None
    for name, value in headers:
        if name == _HEADER:
            return checked(value.strip(), f"the header {HEADER}")
        if name == b"cookie" and _COOKIE in value:
            in_cookie = _of_cookies(value) if in_cookie is None else in_cookie
    return SHARED if in_cookie is None else checked(in_cookie, f"the cookie {COOKIE}")


def _of_cookies(sent: bytes) -> bytes | None:
    """Give the value of the session's cookie, without the quotes that it may have (RFC 6265)."""
    for pair in sent.split(b";"):
        name, sign, value = pair.strip().partition(b"=")
        if sign and name == _COOKIE:
            return value.removeprefix(b'"').removesuffix(b'"')
    return None


def checked(name: bytes, where: str) -> str:
    """Give the name of a session.

    Args:
        name: as it was sent.
        where: what holds it, for the refusal.

    Raises:
        RequestRefused: it is not 1 to 64 characters of A-Z a-z 0-9 . _ -.
    """
    if _NAME.fullmatch(name):
        return name.decode()
    detail = f"{where} must name a session: 1 to 64 characters of A-Z, a-z, 0-9, '.', '_' and '-'"
    raise RequestRefused(problem(HTTPStatus.BAD_REQUEST, detail))
