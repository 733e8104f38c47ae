"""What every HTTP request must keep before anything reads it; the rest is refused.

RFC 9112: one Host, one framing, a known version, a target in a form that an origin server answers.
To add a rule: a sentence in `_refusal`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_server.answer_editing import Answer
from mock_server.answers.delivery import deliver
from mock_server.limits import HEADERS, PAIRS, TARGET
from mock_server.problems import Problem, problem

_CLOSE = (b"connection", b"close")
_ABSOLUTE = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z0-9._~%!$&'()*+,;=:\[\]-]*")
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"


async def screened(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Pass a request on if it keeps the rules; refuse it, and close the connection, if not."""
    facts = _Facts(scope["headers"])
    if not scope["path"].startswith("/"):
        _make_relative(scope, facts)
    refusal = _refusal(scope, facts)
    if refusal is not None:
        await deliver(refusal, _closing(send))
    elif facts.expects is not None:
        await _continued(app, scope, receive, send)
    else:
        await app(scope, receive, send)


class _Facts:
    """What the headers of a request say about its host and its framing, found in one pass."""

    __slots__ = ("expects", "framings", "hosts")

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.hosts: list[bytes] = []
        self.framings: set[bytes] = set()
        self.expects: bytes | None = None
        for name, value in headers:
            if name == b"host":
                self.hosts.append(value)
            elif name in {b"content-length", b"transfer-encoding"}:
                self.framings.add(name)
            elif name == b"expect":
                self.expects = value.lower()


def _make_relative(scope: Scope, facts: _Facts) -> None:
    """Take an absolute target apart: path and query are asked for, its authority is the Host."""
    found = _ABSOLUTE.match(scope["raw_path"])
    if found is None:
        return
    path, mark, query = scope["raw_path"][found.end() :].partition(b"?")
    scope["raw_path"] = path or b"/"
    scope["path"] = unquote(scope["raw_path"].decode("latin-1"))
    scope["query_string"] = query if mark else scope["query_string"]
    others = [header for header in scope["headers"] if header[0] != b"host"]
    scope["headers"] = [(b"host", found[1]), *others]
    facts.hosts = [found[1]] if len(facts.hosts) == 1 else facts.hosts


def _refusal(scope: Scope, facts: _Facts) -> Answer | None:
    wrong = (
        _of_framing(scope["http_version"], facts)
        or _of_size(scope)
        or (_of_target(scope) if not scope["path"].startswith("/") else None)
    )
    return wrong.answer if wrong else None


def _of_framing(version: str, facts: _Facts) -> Problem | None:
    hosts, wrong = facts.hosts, None
    if version not in {"1.0", "1.1"}:
        detail = f"HTTP/{version} is not spoken here: send HTTP/1.1"
        wrong = problem(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, detail)
    elif len(hosts) > 1 or (not hosts and version == "1.1"):
        wrong = _bad(f"a request has one Host header; this one has {len(hosts) or 'none'}")
    elif hosts and not _HOST.fullmatch(hosts[0].decode("latin-1")):
        wrong = _bad("Host is not the name of a host, with a port or without")
    elif len(facts.framings) > 1:
        wrong = _bad("a body has a Content-Length or a Transfer-Encoding, never both")
    elif version == "1.0" and b"transfer-encoding" in facts.framings:
        wrong = _bad("HTTP/1.0 knows no Transfer-Encoding: send a Content-Length")
    elif facts.expects not in {None, b"100-continue"}:
        wrong = problem(HTTPStatus.EXPECTATION_FAILED, "only Expect: 100-continue is met")
    return wrong


def _of_size(scope: Scope) -> Problem | None:
    if len(scope["headers"]) > HEADERS:
        detail = f"a request may have {HEADERS} headers; this one has {len(scope['headers'])}"
        return problem(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)
    if len(scope["raw_path"]) + len(scope["query_string"]) > TARGET:
        detail = f"the target of a request may have {TARGET >> 10} KiB"
        return problem(HTTPStatus.REQUEST_URI_TOO_LONG, detail)
    if scope["query_string"].count(b"&") >= PAIRS:
        return _bad(f"a query may have {PAIRS} pairs")
    return None


def _of_target(scope: Scope) -> Problem:
    if scope["method"] == "CONNECT":
        detail = f"this is no proxy: use {_METHODS}"
        return problem(HTTPStatus.METHOD_NOT_ALLOWED, detail, allow=_METHODS)
    if scope["method"] == "OPTIONS" and scope["path"] == "*":
        return Problem(Answer(HTTPStatus.OK, "", b"", (("allow", _METHODS),)))
    return _bad("the target of a request is a path, such as /ui/, or a whole http URL")


def _bad(detail: str) -> Problem:
    return problem(HTTPStatus.BAD_REQUEST, detail)


def _closing(send: Send) -> Send:
    async def closing(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], _CLOSE]}
        await send(message)

    return closing


async def _continued(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Close the connection where a client was never told to send the body that it announced.

    Whether it sends the body all the same, nobody can tell (RFC 9110, section 10.1.1).
    """
    asked = False

    async def asking() -> Message:
        nonlocal asked
        asked = True
        return await receive()

    async def answering(message: Message) -> None:
        await (send if asked else _closing(send))(message)

    await app(scope, asking, answering)
