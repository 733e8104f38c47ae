"""What a request prefers: `Prefer:` (RFC 7240) and its twins in the query, as in Prism.

`Prefer: code=404, example=documented, fault=row-missing, delay=200-800` and
`?__code=404&__example=documented&…` mean the same. Browsers need the second form, because a custom
header costs them a preflight request. The header wins, key by key. Its unknown keys are ignored,
as the RFC asks, and the journal lists them; in the query, the prefix `__` belongs to the mock
server, so an unknown key is an error. To add a preference: a key in `KEYS`, and its meaning in
`choosing.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_plus

KEYS = ("code", "example", "fault", "delay")
"""The preferences that a request can have."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PREFERENCE = re.compile(
    r"""\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*
        (?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?\s*
        (?:[,;]|$)""",  # no key here has parameters, so what follows a semicolon is a key too
    re.VERBOSE,
)
_TWINS = tuple(f"__{key}=".encode() for key in KEYS)


def preferences_of(headers: Iterable[tuple[bytes, bytes]], query: bytes) -> Mapping[str, str]:
    """Give what a request prefers, by key; the first mention of a key decides.

    An unknown key of the query keeps its underscores, so that it cannot pass for a known one.
    """
    sent: dict[str, str] = {}
    for name, value in headers:
        if name == b"prefer":
            sent |= {key: text for key, text in preferences_in(value).items() if key not in sent}
    preferences = {key: sent[key] for key in KEYS if key in sent}
    if b"__" in query:
        for pair in query.split(b"&"):
            key, _, text = pair.decode("latin-1").partition("=")
            if key.startswith("__"):
                preferences.setdefault(key[2:] if key[2:] in KEYS else key, unquote_plus(text))
    return preferences


def preferences_in(header: bytes) -> Mapping[str, str]:
    """Read the value of one `Prefer` header, unknown keys included."""
    found_first: dict[str, str] = {}
    for found in _PREFERENCE.finditer(header.decode(errors="replace")):
        quoted = None if found[2] is None else re.sub(r"\\(.)", r"\1", found[2])
        found_first.setdefault(found[1].lower(), (found[3] if quoted is None else quoted) or "")
    return found_first


def as_header(pairs: Iterable[tuple[str, str]]) -> str:
    """Write preferences as a header value: quoted unless a token, escaped unless ASCII."""
    return ", ".join(
        f"{key}={value}" if _TOKEN.fullmatch(value) else f"{key}={json.dumps(value)}"
        for key, value in pairs
    )


def without_preferences(query: bytes) -> bytes:
    """Leave out of a query what is meant for the mock server alone."""
    return b"&".join(pair for pair in query.split(b"&") if not pair.startswith(_TWINS))
