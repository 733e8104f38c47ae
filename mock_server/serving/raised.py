"""connexion's answers to what an application raises, at no cost for requests that raise nothing."""

from __future__ import annotations

from copy import copy

from connexion.middleware.exceptions import ExceptionMiddleware
from starlette.types import Receive, Scope, Send


class Raised(ExceptionMiddleware):  # type: ignore[misc]  # connexion has no types
    """connexion's handling of exceptions, which wraps no answer to a good request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and let connexion answer it where that raises something."""
        try:
            await self.app(scope, receive, send)
        except Exception as raised:  # noqa: BLE001 - it is raised again
            await self._answer(raised, scope, receive, send)

    async def _answer(self, raised: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        async def raising(_scope: Scope, _receive: Receive, _send: Send) -> None:
            raise raised

        handling = copy(self)
        handling.app = raising
        await ExceptionMiddleware.__call__(handling, scope, receive, send)
