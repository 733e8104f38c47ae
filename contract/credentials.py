"""What nobody may write down: headers that carry credentials, and what stands in their place."""

from __future__ import annotations

CREDENTIALS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie"}
    | {"x-api-key", "api-key", "x-auth-token"}
)
"""Headers, in lower case, whose values are credentials whoever sent them."""

REDACTED = "[redacted]"
