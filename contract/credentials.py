"""The headers that carry credentials, what replaces their values, and values that are never shown.

`pytest --showlocals` prints what `repr` gives: a value that it must not show is a `Secret`.
"""

from __future__ import annotations

from collections.abc import Mapping

CREDENTIALS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie"}
    | {"x-api-key", "api-key", "x-auth-token"}
)
"""Headers, in lower case, whose values are credentials, in a request or in an answer."""

REDACTED = "[redacted]"
"""What stands in place of a credential."""
"""What stands in place of a credential."""


class Secret(str):
    """A text that can be used like any other, but is printed as redacted."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(REDACTED)


class SecretBytes(bytes):
    """Bytes that can be used like any others, but are printed as redacted."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(REDACTED.encode())


def secret(value: object) -> object:
    """Make every text of a value secret, also inside of lists and mappings."""
    if isinstance(value, str):
        return Secret(value)
    if isinstance(value, Mapping):
        return {name: secret(member) for name, member in value.items()}
    if isinstance(value, list):
        return [secret(item) for item in value]
    return value
