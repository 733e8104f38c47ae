"""Cross-origin requests (CORS): what every answer says to a browser so that pages may read it.

A header that pages are to see is listed in `EXPOSED`.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

EXPOSED = (
    *("Preference-Applied", "Retry-After", "Location", "Content-Disposition"),
    *("X-Contract-Verdict", "X-Contract-Findings", "X-Contract-Fallback"),
)
"""The headers that a page of another origin may read, besides those that CORS always allows."""

VARY = ("Origin", "Prefer", "X-Mock-Session", "Cookie")
"""The request headers that every answer may depend on."""


def with_cors(app: ASGIApp) -> ASGIApp:
    """Let pages of any origin call an application, with credentials too."""
    return CORSMiddleware(
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
