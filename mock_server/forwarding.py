"""What of a request goes on to an upstream, and what of its answer comes back.

A request is refused here, before anything is sent, unless it reaches an operation of the spec by
its own path, by a name of this server, and from a page that may. To keep something from going on:
a name in one of the sets below.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from http import HTTPStatus
from urllib.parse import quote_from_bytes, unquote, urlsplit

from starlette.types import Scope

from contract.spec.operations import Operation, UnreadOperation, path_pattern
from mock_server import sessions
from mock_server.guard import COOKIE, header_in, of_this_machine
from mock_server.problems import Problem, problem

Headers = Sequence[tuple[bytes, bytes]]
"""Headers, their names in lower case."""

_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authentication-info"}
    | {b"proxy-authorization", b"proxy-connection", b"te", b"trailer", b"transfer-encoding"}
    | {b"upgrade", b"http2-settings"}
)
"""Headers of one connection alone (RFC 9110, 7.6.1)."""
_OURS = frozenset(
    {b"host", b"content-length", b"expect", b"prefer", b"origin", sessions.HEADER.lower().encode()}
)
"""Headers that are written anew, or that the mock server has dealt with."""
_LEADING_ELSEWHERE = frozenset(
    {b"forwarded", b"x-forwarded-host", b"x-forwarded-prefix", b"x-forwarded-server"}
    | {b"x-forwarded-path", b"x-forwarded-uri", b"x-host", b"x-original-host", b"x-original-url"}
    | {b"x-rewrite-url", b"x-http-method", b"x-http-method-override", b"x-method-override"}
)
"""Headers by which some servers take a request for one to another host, path or method."""
_OF_THE_ORIGIN = frozenset({b"alt-svc", b"strict-transport-security", b"date"})
"""Headers that speak for the host that the browser asked, which is this server."""
_TARGET_SAFE = "!#$%&'()*+,-./:;=?@[]_~|{}^`\"<>\\"
_DECODINGS = 3
"""How often a path is decoded: servers behind servers may each do it once."""


def refusal_of(
    scope: Scope, operation: Operation | UnreadOperation, hosts: Collection[str]
) -> Problem | None:
    """Say why a request must not go on; None where it may.

    Args:
        scope: of the request.
        operation: what it reached.
        hosts: further names that this server is reached by.
    """
    headers: Headers = scope["headers"]
    host = header_in(headers, b"host")
    if not _is_own(host, scope, hosts):
        name = _without_port(host)
        hint = f"start with --allow-host {name} if that is a name of this server"
        return problem(
            HTTPStatus.MISDIRECTED_REQUEST,
            f"{host} is not this server, which is no open proxy; {hint}",
        )
    origin = header_in(headers, b"origin")
    if origin and not _may_call(origin, host, hosts):
        name = urlsplit(origin).hostname or origin
        hint = f"start with --allow-host {name} if that page is yours"
        return problem(
            HTTPStatus.FORBIDDEN,
            f"a page of {origin} may not call the upstream; {hint}",
        )
    if any(name == b"upgrade" for name, _ in headers):
        return problem(
            HTTPStatus.NOT_IMPLEMENTED, "no other protocol is passed on: leave Upgrade out"
        )
    if operation.method and scope["method"] != operation.method:
        return problem(
            HTTPStatus.METHOD_NOT_ALLOWED,
            f"the spec has {operation.method} here, and only that is passed on",
            allow=operation.method,
        )
    if tail_of(scope, operation) is None:
        return problem(
            HTTPStatus.BAD_REQUEST,
            f"the path is not written as {operation.path} is: a parameter holds no slash, no"
            " backslash, no control character and is not . or .., however they are encoded",
        )
    return None


def tail_of(scope: Scope, operation: Operation | UnreadOperation) -> bytes | None:
    """Give the operation's own path as it was sent, without a base path; None for another path."""
    raw: bytes = scope["raw_path"]
    wanted = operation.path.split("/")
    sent = raw.split(b"/")
    before, tail = sent[: len(sent) - len(wanted) + 1], sent[len(sent) - len(wanted) + 1 :]
    bases = operation.base_paths if isinstance(operation, Operation) else ()
    prefix = unquote(b"/".join(before).decode("latin-1"))
    if prefix not in {"", *bases}:
        return None
    if not all(_fits(*pair) for pair in zip(tail, wanted[1:], strict=False)):
        return None
    return b"".join(b"/" + segment for segment in tail)


def _fits(segment: bytes, wanted: str) -> bool:
    """Say whether a segment of a path is the wanted one, however often it is decoded."""
    text = segment.decode("latin-1")
    plain = unquote(text)
    if re.fullmatch(path_pattern(wanted), plain, re.DOTALL) is None:
        return False
    for _ in range(_DECODINGS):
        step = plain.partition(";")[0]  # some servers leave out what follows
        if "/" in plain or "\\" in plain or step in {".", ".."} or not _is_text(plain):
            return False
        plain = unquote(plain)
    return True


def _is_text(plain: str) -> bool:
    return not any(ord(character) < ord(" ") or character == "\x7f" for character in plain)


def target_of(base_path: bytes, tail: bytes, query: bytes) -> bytes:
    """Write the target that is sent: as it came, but whatever is not ASCII is encoded."""
    whole = base_path.rstrip(b"/") + tail + (b"?" + query if query else b"")
    return quote_from_bytes(whole, safe=_TARGET_SAFE).encode("ascii")


def sent_on(
    headers: Headers, host: bytes, body: bytes, documented: Collection[str]
) -> list[tuple[bytes, bytes]]:
    """Give the headers of a request that goes on.

    Args:
        headers: as they came.
        host: of the upstream.
        body: of the request.
        documented: the header parameters of the operation, in lower case.
    """
    left_out = _left_out(headers) | (_LEADING_ELSEWHERE - {name.encode() for name in documented})
    kept = [(b"host", host)]
    for name, value in headers:
        if name == b"cookie":
            cookies = _without_ours(value)
            if cookies:
                kept.append((name, cookies))
        elif name not in left_out and name not in _OURS:
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
    headers: Iterable[tuple[bytes, bytes]], *, to_a_page: bool, secure: bool, base_path: bytes
) -> list[tuple[bytes, bytes]]:
    """Give the headers of an answer that comes back.

    Args:
        headers: as the upstream sent them.
        to_a_page: whether a page of another origin reads it: then the mock server's CORS applies.
        secure: whether this server speaks TLS.
        base_path: what the upstream has before the operation's path.
    """
    lower = [(name.lower(), value) for name, value in headers]
    left_out = _left_out(lower) | _OF_THE_ORIGIN
    return [
        (name, _cookie_of_ours(value, secure, base_path) if name == b"set-cookie" else value)
        for name, value in lower
        if name not in left_out and not (to_a_page and name.startswith(b"access-control-"))
    ]


def _cookie_of_ours(cookie: bytes, secure: bool, base_path: bytes) -> bytes:  # noqa: FBT001 - private
    """Make a cookie one of this server: it names no other host, and no path that is not here."""
    first, *attributes = cookie.split(b";")
    bound = first.strip().startswith((b"__Host-", b"__Secure-"))
    return b";".join([first, *_attributes(attributes, secure or bound, base_path.rstrip(b"/"))])


def _attributes(attributes: Iterable[bytes], secure: bool, base: bytes) -> Iterator[bytes]:  # noqa: FBT001 - private
    for each in attributes:
        name, _, value = each.strip().partition(b"=")
        kind = name.strip().lower()
        if kind == b"domain" or (not secure and kind == b"secure"):
            continue
        if not secure and kind == b"samesite" and value.strip().lower() == b"none":
            continue  # a browser takes it only with Secure
        if kind == b"path" and base and (value == base or value.startswith(base + b"/")):
            yield b" Path=" + (value[len(base) :] or b"/")
        else:
            yield each


def _is_own(host: str, scope: Scope, hosts: Collection[str]) -> bool:
    """Say whether a Host is this server: a page elsewhere may give its own name our address."""
    name = _without_port(host)
    if of_this_machine(host) or name in hosts:
        return True
    here = (scope.get("server") or ("", 0))[0]
    return _is_address(name) and not of_this_machine(here if ":" not in here else f"[{here}]")


def _may_call(origin: str, host: str, hosts: Collection[str]) -> bool:
    """Say whether a page may: one of this machine, of the same host, or without an origin."""
    if origin == "null":
        return True
    try:
        parts = urlsplit(origin)
        name = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    same = name == _without_port(host)
    return same or name in hosts or of_this_machine(parts.netloc)


def _without_port(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return host


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
