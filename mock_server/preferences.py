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
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import unquote_plus

from mock_server.limits import PREFERENCES
from mock_server.problems import RequestRefused, problem

KEYS = ("code", "example", "fault", "delay")
"""The preferences that a request can have."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NO_VALUE = re.compile(r'[\s"]')
_PIECE = re.compile(r'"(?:[^"\\]|\\.?)*+"?|[,;]|[^",;]++', re.DOTALL)
"""A quoted text, a separator, or what is between; each character is in one, and is read once."""
_OWN = tuple(f"__{key}=".encode() for key in KEYS)


def preferences_of(headers: Iterable[tuple[bytes, bytes]], query: bytes) -> Mapping[str, str]:
    """Give what a request prefers, by key; the first mention of a key decides.

    An unknown key of the query keeps its underscores, so that it cannot pass for a known one.

    Raises:
        RequestRefused: the headers, or the keys of the query, have more than `PREFERENCES` bytes.
    """
    stated = [value for name, value in headers if name == b"prefer"]
    twins = _twins(query) if b"__" in query else ()
    if not stated and not twins:
        return {}
    if stated:
        _must_fit(stated, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "Prefer headers")
    if twins:
        _must_fit(twins, HTTPStatus.BAD_REQUEST, "__ keys of the query")
    sent: dict[str, str] = {}
    for value in stated:
        sent |= {key: text for key, text in preferences_in(value).items() if key not in sent}
    preferences = {key: sent[key] for key in KEYS if key in sent}
    for pair in twins:
        key, _, text = pair.decode("latin-1").partition("=")
        preferences.setdefault(key[2:] if key[2:] in KEYS else key, unquote_plus(text))
    return preferences


def _twins(query: bytes) -> Sequence[bytes]:
    return [pair for pair in query.split(b"&") if pair.startswith(b"__")]


def _must_fit(parts: Sequence[bytes], status: HTTPStatus, what: str) -> None:
    size = sum(map(len, parts))
    if size > PREFERENCES:
        detail = f"the {what} may have {PREFERENCES >> 10} KiB together; these have {size} bytes"
        raise RequestRefused(problem(status, detail))


def preferences_in(header: bytes) -> Mapping[str, str]:
    """Read the value of one `Prefer` header, unknown keys included; what is malformed is ignored.

    The work grows with the length alone, whatever stands there.
    """
    found_first: dict[str, str] = {}
    pieces: list[str] = []  # of one preference; no key here has parameters, so `;` ends one too
    for piece in [*_PIECE.findall(header.decode(errors="replace")), ","]:
        if piece not in {",", ";"}:
            pieces.append(piece)
            continue
        key, _, value = map(str.strip, "".join(pieces).partition("="))
        pieces.clear()
        if not _TOKEN.fullmatch(key):
            continue
        if _QUOTED.fullmatch(value):
            found_first.setdefault(key.lower(), re.sub(r"\\(.)", r"\1", value[1:-1]))
        elif not _NO_VALUE.search(value):
            found_first.setdefault(key.lower(), value)
    return found_first


def as_header(pairs: Iterable[tuple[str, str]]) -> str:
    """Write preferences as a header value: quoted unless a token, escaped unless ASCII."""
    return ", ".join(
        f"{key}={value}" if _TOKEN.fullmatch(value) else f"{key}={json.dumps(value)}"
        for key, value in pairs
    )


def without_preferences(query: bytes) -> bytes:
    """Leave out of a query what is meant for the mock server alone."""
    return b"&".join(pair for pair in query.split(b"&") if not pair.startswith(_OWN))
