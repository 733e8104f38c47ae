"""Who may use the pages and the interface below `/__admin`, and what every answer to them forbids.

People send the token once, by the form that a page shows them without it; from then on a cookie
that lasts as long as the browser stands for it. Programs send `Authorization: Bearer TOKEN`.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.content_security import digest
from mock_server.admin_bodies import whole_body
from mock_server.answer_editing import HTML, Answer
from mock_server.answers.delivery import deliver
from mock_server.problems import RequestRefused, problem

SIGN_IN = "/__page/token"
"""The path that takes the token from the form."""

Headers = Sequence[tuple[bytes, bytes]]
"""The headers of a request, their names in lower case."""

_FORM = (Path(__file__).parent.parent / "page" / "sign_in.html").read_text(encoding="utf-8")
_STYLE = _FORM.partition("<style>")[2].partition("</style>")[0]
_FORM_POLICY = (
    f"default-src 'none'; style-src {digest(_STYLE)}; img-src data:; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
COOKIE = "mock_server_token"
"""The cookie that stands for the token."""
_BEARER = re.compile(rb"bearer +(.*?) *", re.IGNORECASE | re.DOTALL)
"""The scheme in any case and any number of spaces (RFC 9110, 11.1 and 11.4)."""

_FORBIDDING = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
)
"""What an answer says to a browser unless it says something of its own."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The rule for clients: all on this machine, or those that send the token.

    A page of another origin is refused. So is a page that reaches the server by a name of its own
    (DNS rebinding): without a token, the Host must be a name of this machine.

    Attributes:
        token: what a client must send; None where none is required.
        loopback: whether the server can be reached from this machine only.
    """

    token: str | None
    loopback: bool = field(kw_only=True)

    def refusal(self, headers: Headers) -> Answer | None:
        """Give the answer to a request that is refused; None where it is admitted."""
        host = header_in(headers, b"host")
        if self._of_another_origin(headers):
            origin = header_in(headers, b"origin")
            return problem(
                HTTPStatus.FORBIDDEN, f"a page of {origin} may not use this interface"
            ).answer
        if self.token is not None:
            if self.sent_by(headers):
                return None
            hint = "send the token: Authorization: Bearer TOKEN"
            return problem(HTTPStatus.UNAUTHORIZED, hint, www_authenticate="Bearer").answer
        if not self.loopback:
            hint = "reached from outside, this interface needs a token: start with --admin-token"
            return problem(HTTPStatus.FORBIDDEN, hint).answer
        if not of_this_machine(host):
            return problem(HTTPStatus.FORBIDDEN, f"{host} is not a name of this machine").answer
        return None

    def sent_by(self, headers: Headers) -> bool:
        """Say whether a request holds the token, or the cookie that stands for it."""
        credentials = [value for name, value in headers if name == b"authorization"]
        bearer = _BEARER.fullmatch(credentials[0]) if len(credentials) == 1 else None
        if bearer is not None:
            return self.matches(bearer[1])
        cookies = b";".join(value for name, value in headers if name == b"cookie").split(b";")
        sent = [value for name, _, value in (each.strip().partition(b"=") for each in cookies)
                if name == COOKIE.encode()]  # fmt: skip
        return any(hmac.compare_digest(value, self._in_cookie()) for value in sent)

    def matches(self, sent: bytes) -> bool:
        """Compare what was sent with the token, in a time that tells nothing about it."""
        return hmac.compare_digest(sent, self._token())

    def cookie(self, *, secure: bool) -> str:
        """Give the `Set-Cookie` that stands for the token until the browser is closed."""
        ending = "; Secure" if secure else ""
        value = self._in_cookie().decode()
        return f"{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict{ending}"

    def _token(self) -> bytes:
        return (self.token or "").encode("utf-8", "surrogateescape")

    def _in_cookie(self) -> bytes:
        return hmac.new(self._token(), b"pages", hashlib.sha256).hexdigest().encode()

    @staticmethod
    def _of_another_origin(headers: Headers) -> bool:
        origin = next((value for name, value in headers if name == b"origin"), None)
        host = header_in(headers, b"host").lower()
        return origin is not None and origin.decode("latin-1").lower().partition("://")[2] != host


class Guard:
    """An application behind an admission; what it answers cannot be framed, or taken for a script.

    Args:
        app: what is guarded.
        admission: who is admitted.
        pages: the paths that people open in a browser, and that show them the form.
    """

    def __init__(
        self, app: ASGIApp, admission: Admission, pages: frozenset[str] = frozenset()
    ) -> None:
        self.app = app
        self.admission = admission
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""

        async def forbidding(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}
                added = [each for each in _FORBIDDING if each[0] not in said]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        if scope["path"] == SIGN_IN and self.admission.token is not None:
            await deliver(await self._signed_in(scope, receive), forbidding)
            return
        refusal = self.admission.refusal(scope["headers"])
        if refusal is None:
            await self.app(scope, receive, forbidding)
            return
        if refusal.status == HTTPStatus.UNAUTHORIZED and scope["path"] in self.pages:
            refusal = replace(_form(scope["path"]), headers=(*_HEADERS, *refusal.headers))
        await deliver(refusal, forbidding)

    async def _signed_in(self, scope: Scope, receive: Receive) -> Answer:
        """Take the token from the form, and lead back to the page that asked for it."""
        if scope["method"] != "POST":
            return _form("/")
        try:
            body = await whole_body(receive)
        except RequestRefused as refused:
            return refused.problem.answer
        sent = dict(parse_qsl(body.decode("latin-1"), encoding="utf-8"))
        page = sent.get("page", "/")
        page = page if page in self.pages else "/"
        if not self.admission.matches(sent.get("token", "").encode("utf-8", "surrogatepass")):
            return _form(page, wrong=True)
        cookie = self.admission.cookie(secure=scope.get("scheme") == "https")
        headers = (("location", f"..{page}"), ("set-cookie", cookie), ("cache-control", "no-store"))
        return Answer(HTTPStatus.SEE_OTHER, "", b"", headers)


_HEADERS = (("content-security-policy", _FORM_POLICY), ("cache-control", "no-store"))


def _form(page: str, *, wrong: bool = False) -> Answer:
    """Give the form that asks for the token, as it stands at a page or at `SIGN_IN`."""
    up = "../" * ((SIGN_IN if wrong else page).count("/") - 1)
    text = (
        _FORM.replace("{{up}}", up)
        .replace("{{page}}", escape(page))
        .replace("{{wrong}}", "" if wrong else " hidden")
    )
    return Answer(HTTPStatus.UNAUTHORIZED, HTML, text.encode(), _HEADERS)


def header_in(headers: Headers, name: bytes) -> str:
    """Give the value of the first header of a name, written in small letters; else nothing."""
    return next((value.decode("latin-1") for each, value in headers if each == name), "")


def of_this_machine(host: str) -> bool:
    """Say whether a Host is a name, or an address, that this machine has for itself."""
    name, colon, port = ("", "", "") if host.endswith("]") else host.rpartition(":")
    if colon and not port.isdecimal():
        return False
    name = name if colon else host
    if name.lower().removesuffix(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False
