"""Cross-origin requests (CORS): what every answer says to a browser so that pages may read it.

A header that pages are to see although an answer need not have it is listed in `EXPOSED`.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Send

EXPOSED = (
    *("Preference-Applied", "Retry-After", "Location", "Content-Disposition"),
    *("X-Contract-Verdict", "X-Contract-Findings", "X-Contract-Fallback"),
)
"""The headers that a page of another origin may always read, beside those of an answer."""

_KNOWN = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires"}
    | {"last-modified", "pragma", "set-cookie", "vary", *(name.lower() for name in EXPOSED)}
)
"""Headers that need not be named: any page may read them, or none."""

VARY = ("Origin", "Prefer", "X-Mock-Session", "Cookie")
"""The request headers that every answer may depend on."""


class _Exposing(CORSMiddleware):
    """CORS whose answers expose every header that they have, as one origin would see them."""

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:
        """Send a part of an answer, with what CORS adds to its head."""
        own: list[str] = []
        if message["type"] == "http.response.start":
            names = (name.decode("latin-1").lower() for name, _ in message["headers"])
            own = [n for n in names if n not in _KNOWN and not n.startswith("access-control-")]

        async def exposing(message: Message) -> None:
            if own:
                exposed = ", ".join([*EXPOSED, *dict.fromkeys(own)])
                MutableHeaders(scope=message)["access-control-expose-headers"] = exposed
            await send(message)

        await super().send(message, exposing, request_headers)


def with_cors(app: ASGIApp) -> ASGIApp:
    """Let pages of any origin call an application, with credentials too."""
    return _Exposing(
        app,
        allow_origin_regex=".*",
        allow_methods=["*"],
        allow_headers=["*"],
        allow_credentials=True,
        allow_private_network=True,
        expose_headers=EXPOSED,
    )


def cors_headers(request: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Give the headers that an answer needs if it bypasses the application's middleware.

    Args:
        request: the headers of the request.
    """
    origin = dict(request).get(b"origin")
    vary = ("vary", ", ".join(VARY))
    if origin is None:
        return (vary,)
    return (
        ("access-control-allow-origin", origin.decode("latin-1")),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", ", ".join(EXPOSED)),
        vary,
    )
