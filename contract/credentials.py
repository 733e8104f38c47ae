"""The headers that carry credentials, and the text that replaces their values in reports."""

from __future__ import annotations

CREDENTIALS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie"}
    | {"x-api-key", "api-key", "x-auth-token"}
)
"""Headers, in lower case, whose values are credentials, in a request or in an answer."""

REDACTED = "[redacted]"
"""What stands in place of a credential."""
"""What stands in place of a credential."""
