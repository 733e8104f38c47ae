"""Why a request must not go on to an upstream, before anything is sent.

It goes on if it reaches an operation of the spec by its own method and path, by a name of this
server, and from a page that may.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from starlette.types import Scope

from contract.spec.operations import Operation, UnreadOperation, path_pattern
from mock_server.passing_on.forwarding import LOOP, Headers
from mock_server.problems import Problem, problem
from mock_server.serving.guard import header_in, of_this_machine

UNNAMED = "null"
"""The origin of a page that has no name for it, such as a file."""
_DECODINGS = 10
"""How often a path may be encoded: servers behind servers may each decode it once."""


def refusal_of(
    scope: Scope, operation: Operation | UnreadOperation, hosts: Collection[str], own: bytes
) -> Problem | None:
    """Say why a request must not go on; None where it may.

    Args:
        scope: of the request.
        operation: what it reached.
        hosts: further names that this server is reached by.
        own: what this server adds to what it sends.
    """
    return _misdirected(scope, hosts, own) or _foreign_call(scope, operation)


def _misdirected(scope: Scope, hosts: Collection[str], own: bytes) -> Problem | None:
    """Refuse what was not sent to this server, or not by a page that may."""
    headers: Headers = scope["headers"]
    if any(name == LOOP and own in value for name, value in headers):
        return problem(
            HTTPStatus.LOOP_DETECTED,
            "this server sent this request itself: the upstream leads back here;"
            " name the one behind it",
        )
    host = header_in(headers, b"host")
    if not host:
        return problem(
            HTTPStatus.MISDIRECTED_REQUEST,
            "a request without a Host is not passed on: send the name of this server",
        )
    if not _is_own(host, scope, hosts):
        name = _without_port(host)
        hint = f"start with --allow-host {name} if that is a name of this server"
        return problem(
            HTTPStatus.MISDIRECTED_REQUEST,
            f"{host} is not this server, which is no open proxy; {hint}",
        )
    origin = _origin(headers)
    if origin and not _may_call(origin, host, hosts):
        name = _without_port(origin.partition("://")[2]) or origin
        hint = f"start with --allow-host {name} if that page is yours"
        return problem(
            HTTPStatus.FORBIDDEN,
            f"a page of {origin} may not call the upstream; {hint}",
        )
    return None


def _origin(headers: Headers) -> str:
    """Give the origin of the page that a request comes from; empty where no page is known.

    Browsers name it in no request for a picture or a new page; there the Referer tells, unless the
    page keeps it back, and whether it is a page of another site (Fetch Metadata).
    """
    origin = header_in(headers, b"origin")
    if origin or header_in(headers, b"sec-fetch-site") != "cross-site":
        return origin
    scheme, mark, rest = header_in(headers, b"referer").partition("://")
    return f"{scheme}{mark}{rest.partition('/')[0]}" if mark else UNNAMED


def _foreign_call(scope: Scope, operation: Operation | UnreadOperation) -> Problem | None:
    """Refuse another protocol, method or path than the operation has."""
    if any(name == b"upgrade" for name, _ in scope["headers"]):
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
        encoded, plain = plain, unquote(plain)
        if plain == encoded:
            return True
    return False


def _is_text(plain: str) -> bool:
    return not any(ord(character) < ord(" ") or character == "\x7f" for character in plain)


def _is_own(host: str, scope: Scope, hosts: Collection[str]) -> bool:
    """Say whether a Host is this server: a page elsewhere may give its own name our address."""
    name = _without_port(host)
    if of_this_machine(host) or name in hosts:
        return True
    here = (scope.get("server") or ("", 0))[0]
    return _is_address(name) and not of_this_machine(here if ":" not in here else f"[{here}]")


def _may_call(origin: str, host: str, hosts: Collection[str]) -> bool:
    """Say whether a page may: one of this machine, or of the same host.

    Any page can make a frame whose origin has no name, as that of a file has none.
    """
    if origin == UNNAMED:
        return UNNAMED in hosts
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
