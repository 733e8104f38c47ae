"""Who may use the interface below `/__admin`."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.delivery import deliver
from mock_server.problems import Problem, problem

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""The names that this machine has for itself."""


class Guard:
    """The admission of clients: all on this machine, or those that send the token.

    A page of another origin may not use the interface. Neither may a page that reaches it by a
    name of its own (DNS rebinding): the Host must be a name of this machine.
    """

    def __init__(self, app: ASGIApp, token: str | None, *, loopback: bool) -> None:
        self.app = app
        self.token = token
        self.loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(headers)
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            await deliver(refusal.answer, send)

    def _refusal(self, headers: Mapping[bytes, str]) -> Problem | None:
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if origin is not None and origin.partition("://")[2] != host:
            return problem(HTTPStatus.FORBIDDEN, f"a page of {origin} may not use this interface")
        if self.token is not None:
            sent = headers.get(b"authorization", "").removeprefix("Bearer ")
            if hmac.compare_digest(sent.encode(), self.token.encode()):
                return None
            hint = "send the token: Authorization: Bearer TOKEN"
            return problem(HTTPStatus.UNAUTHORIZED, hint, www_authenticate="Bearer")
        if not self.loopback:
            hint = "reached from outside, this interface needs a token: start with --admin-token"
            return problem(HTTPStatus.FORBIDDEN, hint)
        if _without_port(host) not in LOOPBACK:
            return problem(HTTPStatus.FORBIDDEN, f"{host} is not a name of this machine")
        return None


def _without_port(host: str) -> str:
    return host if host.endswith("]") else host.rpartition(":")[0] or host
