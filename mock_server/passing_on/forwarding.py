"""What of a request goes on to an upstream, and what of its answer comes back.

To keep a header from going on, or from coming back: its name in one of the sets below.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from urllib.parse import quote_from_bytes

from mock_server.serving.guard import COOKIE
from mock_server.state import sessions

Headers = Sequence[tuple[bytes, bytes]]
"""Headers, their names in lower case."""

_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authentication-info"}
    | {b"proxy-authorization", b"proxy-connection", b"te", b"trailer", b"transfer-encoding"}
    | {b"upgrade", b"http2-settings"}
)
"""Headers of one connection alone (RFC 9110, 7.6.1)."""
_OURS = frozenset(
    {b"host", b"content-length", b"expect", b"prefer", b"origin", b"sec-fetch-site"}
    | {sessions.HEADER.lower().encode()}
)
"""Headers that are written anew, or that the mock server has dealt with."""
_LEADING_ELSEWHERE = re.compile(
    rb"forwarded|script-name|x-host|x-method-override"
    rb"|x-(envoy-original|forwarded|http|original|rewrite|script|waws-unencoded)-"
    rb"(host|server|url|uri|path|prefix|name|method|(method|host)-override)"
)
"""Headers by which some servers take a request for one to another host, path or method.

Servers that write headers as variables (CGI, WSGI) take `_` for `-`.
"""
_OF_THE_ORIGIN = frozenset(
    {b"alt-svc", b"strict-transport-security", b"date"}
    | {b"x-contract-verdict", b"x-contract-findings", b"x-contract-fallback"}
)
"""Headers that speak for the host that the browser asked, which is this server."""
LOOP = b"cdn-loop"
"""The header that every proxy adds itself to, and none takes out (RFC 8586)."""
_UNSENDABLE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
"""What no header may hold (RFC 9110, 5.5); the HTTP library reads it, and the server sends none."""
_TARGET_SAFE = "!#$%&'()*+,-./:;=?@[]_~|{}^`\"<>\\"


def target_of(base_path: bytes, tail: bytes, query: bytes) -> bytes:
    """Write the target that is sent: as it came, but whatever is not ASCII is encoded."""
    whole = base_path.rstrip(b"/") + tail + (b"?" + query if query else b"")
    return quote_from_bytes(whole, safe=_TARGET_SAFE).encode("ascii")


def sent_on(
    headers: Headers, host: bytes, body: bytes, documented: Collection[str], own: bytes
) -> list[tuple[bytes, bytes]]:
    """Give the headers of a request that goes on.

    Its connection serves no other: so no answer is taken for that of another request, whatever
    follows it there, and no request meets a connection that is just being closed.

    Args:
        headers: as they came.
        host: of the upstream.
        body: of the request.
        documented: the header parameters of the operation, in lower case.
        own: what this server adds, by which it knows its requests again.
    """
    left_out = _left_out(headers) | _OURS
    kept = [(b"host", host), (b"connection", b"close"), (LOOP, own)]
    for name, value in headers:
        if name == b"cookie":
            cookies = _without_ours(value)
            if cookies:
                kept.append((name, cookies))
        elif name not in left_out and not (
            _LEADING_ELSEWHERE.fullmatch(name.replace(b"_", b"-"))
            and name.decode("latin-1") not in documented
        ):
            kept.append((name, value))
    framed = any(name in {b"content-length", b"transfer-encoding"} for name, _ in headers)
    return [*kept, (b"content-length", b"%d" % len(body))] if framed else kept


def _left_out(headers: Headers) -> set[bytes]:
    named = b",".join(value for name, value in headers if name == b"connection").split(b",")
    return {*_HOP_BY_HOP, *(name.strip().lower() for name in named)}


def _without_ours(cookies: bytes) -> bytes:
    ours = {sessions.COOKIE.encode(), COOKIE.encode()}
    kept = (each.strip() for each in cookies.split(b";"))
    return b"; ".join(each for each in kept if each and each.partition(b"=")[0] not in ours)


def come_back(
    headers: Iterable[tuple[bytes, bytes]],
    *,
    to_a_page: bool,
    secure: bool,
    base_path: bytes,
    here: bytes,
) -> list[tuple[bytes, bytes]]:
    """Give the headers of an answer that comes back.

    Args:
        headers: as the upstream sent them.
        to_a_page: whether a page of another origin reads it: then the mock server's CORS applies.
        secure: whether this server speaks TLS.
        base_path: what the upstream has before the operation's path.
        here: what the client sent in its place.
    """
    lower = [(name.lower(), _UNSENDABLE.sub(b" ", value)) for name, value in headers]
    left_out = _left_out(lower) | _OF_THE_ORIGIN
    moved = (base_path.rstrip(b"/"), here.rstrip(b"/"))
    if any(name == b"transfer-encoding" for name, _ in lower):
        left_out |= {b"content-length"}  # which says nothing then (RFC 9112, 6.3)
    return [
        (name, _cookie_of_ours(value, moved, secure=secure) if name == b"set-cookie" else value)
        for name, value in lower
        if name not in left_out and not (to_a_page and name.startswith(b"access-control-"))
    ]


def _cookie_of_ours(cookie: bytes, moved: tuple[bytes, bytes], *, secure: bool) -> bytes:
    """Make a cookie one of this server: it names no other host, and no path that is not here."""
    first, *attributes = cookie.split(b";")
    bound = first.strip().startswith((b"__Host-", b"__Secure-"))
    return b";".join([first, *_attributes(attributes, moved, secure=secure or bound)])


def _attributes(
    attributes: Iterable[bytes], moved: tuple[bytes, bytes], *, secure: bool
) -> Iterator[bytes]:
    base, here = moved
    for each in attributes:
        name, _, value = each.strip().partition(b"=")
        kind = name.strip().lower()
        if kind == b"domain" or (not secure and kind in {b"secure", b"partitioned"}):
            continue
        if not secure and kind == b"samesite" and value.strip().lower() == b"none":
            continue  # a browser takes it only with Secure
        if kind == b"path" and base and (value == base or value.startswith(base + b"/")):
            yield b" Path=" + ((here + value[len(base) :]) or b"/")
        else:
            yield each
