"""connexion's routing, without its redirects, and what it has found of a request.

A path without parameters is looked up; only the others are compared with one path after another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connexion.middleware.routing import ROUTING_CONTEXT, RoutingMiddleware
from starlette.routing import Mount, Route, Router
from starlette.types import Receive, Scope, Send

_Call = tuple[str, str]


class Routing(RoutingMiddleware):  # type: ignore[misc]  # connexion has no types
    """connexion's routing, which redirects nothing."""

    def add_api(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - connexion's own
        """Add an API, and take the redirects of its routers away."""
        super().add_api(*arguments, **options)
        _redirect_nothing(self.router)
        self.known = dict(_known(self.router))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with the operation that it reaches."""
        found = self.known.get((scope["method"], scope["path"]))
        if found is None or scope["root_path"]:
            await super().__call__(scope, receive, send)
        else:
            scope.setdefault("extensions", {})[ROUTING_CONTEXT] = found
            await self.app(scope, receive, send)


def _known(router: Router) -> Iterator[tuple[_Call, dict[str, str]]]:
    """Give what is found of the calls without parameters; no other path comes before theirs."""
    for mount in router.routes:
        if isinstance(mount, Mount):
            for route in mount.routes:
                if isinstance(route, Route) and not route.param_convertors:
                    yield from _calls(mount.path, route)


def _calls(base_path: str, route: Route) -> Iterator[tuple[_Call, dict[str, str]]]:
    operation: Any = route.app
    found = {"api_base_path": base_path, "operation_id": operation.operation_id}
    for method in route.methods or ():
        yield (method, base_path + route.path), found


def _redirect_nothing(router: object) -> None:
    if isinstance(router, Router):
        router.redirect_slashes = False
        for route in router.routes:
            if isinstance(route, Mount):
                _redirect_nothing(route.app)


def operation_id(scope: Scope) -> str | None:
    """Give the operation that a request reached, once connexion has routed it."""
    found = scope["extensions"].get(ROUTING_CONTEXT)
    return found["operation_id"] if found else None
