"""What holds a credential, what replaces its value, and values that are never shown.

Headers, members, query values and cookies are known by their names. A name is read without its
case, digits and separators, so `access_token`, `accessToken` and `Access-Token` are one. To add a
name: a word in `_ENDINGS` or `_NAMES`. `pytest --showlocals` prints what `repr` gives: a value that
it must not show is a `Secret`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

CREDENTIALS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie"}
    | {"x-api-key", "api-key", "x-auth-token", "token", "satoken", "access-token"}
)
"""The usual headers, in lower case, whose values are credentials, in a request or in an answer."""

REDACTED = "[redacted]"
"""What stands in place of a credential."""

_ENDINGS = (
    *("token", "ticket", "password", "passwd", "passphrase", "pwd", "secret", "credential"),
    *("apikey", "secretkey", "accesskey", "privatekey", "sessionkey", "signature"),
    *("authorization", "cookie", "session", "sessionid", "jwt", "密码", "口令", "令牌"),
)
"""How the names of credentials end, in the singular."""
_NAMES = frozenset(
    {"pass", "sign", "sig", "phpsessid", "bearer", "tgt", "tgc", "csrf", "xsrf", "samlresponse"}
)
"""Names of credentials that are too short to be the end of another name."""
_SEPARATORS = re.compile(r"[\W_\d]+")
_LONGEST = 100


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


@lru_cache(maxsize=4096)
def names_credential(name: str) -> bool:
    """Say whether what has this name is a credential: a header, a member, a query value, a row."""
    plain = _SEPARATORS.sub("", name[-_LONGEST:]).lower().removesuffix("s").removesuffix("value")
    return plain.endswith(_ENDINGS) or plain in _NAMES or f"{plain}s" in _NAMES
