"""connexion's routing, without its redirects, and what it has found of a request."""

from __future__ import annotations

from typing import Any

from connexion.middleware.routing import ROUTING_CONTEXT, RoutingMiddleware
from starlette.routing import Mount, Router
from starlette.types import Scope


class Routing(RoutingMiddleware):  # type: ignore[misc]  # connexion has no types
    """connexion's routing, which redirects nothing."""

    def add_api(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - connexion's own
        """Add an API, and take the redirects of its routers away."""
        super().add_api(*arguments, **options)
        _redirect_nothing(self.router)


def _redirect_nothing(router: object) -> None:
    if isinstance(router, Router):
        router.redirect_slashes = False
        for route in router.routes:
            if isinstance(route, Mount):
                _redirect_nothing(route.app)


def operation_id(scope: Scope) -> str | None:
    """Give the operation that a request reached, once connexion has routed it."""
    context = scope.get("extensions", {}).get(ROUTING_CONTEXT, {})
    name = context.get("operation_id")
    return name if isinstance(name, str) else None
