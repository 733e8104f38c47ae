"""Pages of other origins: what every answer tells a browser, so that they may read it.

A header that pages shall see is listed in `EXPOSED`.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

EXPOSED = ("Preference-Applied", "Retry-After", "Location", "Content-Disposition")
VARY = ("Origin", "Prefer")
"""What an answer depends on, whatever it is."""


def for_pages(app: ASGIApp) -> ASGIApp:
    """Make of an application one that pages of any origin may call, with credentials too."""
    return CORSMiddleware(
        app,
        allow_origin_regex=".*",
        allow_methods=["*"],
        allow_headers=["*"],
        allow_credentials=True,
        allow_private_network=True,
        expose_headers=EXPOSED,
    )


def headers_told(request: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Give the headers of an answer that goes round the application's middleware."""
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
