"""Between routing and the mock server's own answers: who answers a call, the upstream or it.

Only a routed call goes on, to the one address that its operation has (`passed_call.py`). A call
that asks for an answer of the mock server, or whose session does, is answered here. With
`--fallback`, so is what the upstream cannot be reached for, or lacks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.reaching.environments import Misuse
from contract.spec.operations import Operation, Spec, UnreadOperation
from mock_server.answers.delivery import deliver
from mock_server.choosing_middleware import CHOICE
from mock_server.passing_on.forwarding import Headers
from mock_server.passing_on.judged_answer import UNDER_WAY
from mock_server.passing_on.no_open_proxy import refusal_of
from mock_server.passing_on.passed_call import CutShort, Lack, PassedCall, told_in_journal
from mock_server.passing_on.upstream import Upstream
from mock_server.passing_on.upstream_options import Passage, UnusableUpstream
from mock_server.preferences import preferences_of
from mock_server.problems import problem
from mock_server.requests.request_bodies import Held
from mock_server.routing import operation_id
from mock_server.serving.hang_ups import until_hang_up
from mock_server.wire import Wire, send_wire

FALLBACK = b"x-contract-fallback"
"""The header that says why the mock server answered in place of the upstream."""


class Passing:
    """All that passes calls on, as `upstream_options.py` has it."""

    def __init__(self, passage: Passage, report: Callable[[str], object]) -> None:
        try:
            self.upstream = Upstream(passage, report)
        except Misuse as misuse:
            raise UnusableUpstream(str(misuse)) from None

    def __str__(self) -> str:
        return str(self.upstream)

    def check(self, spec: Spec, own: tuple[str, int] | None = None) -> None:
        """Make sure that the upstream of a spec can be called.

        Raises:
            UnusableUpstream: it cannot.
        """
        try:
            self.upstream.check(spec, own)
        except Misuse as misuse:
            raise UnusableUpstream(str(misuse)) from None

    def between(self, spec: Spec) -> Callable[[ASGIApp], ASGIApp]:
        """Give what stands between routing and the mock server's own answers."""
        return partial(PassingMiddleware, spec=spec, upstream=self.upstream)

    async def hang_up(self) -> None:
        """Close the connections to the upstream."""
        await self.upstream.hang_up()

    def close(self) -> None:
        """Stop judging, and write what was recorded.

        Raises:
            OSError: it cannot be written.
        """
        self.upstream.traffic.close()


class PassingMiddleware:
    """Passes the calls of operations on, or lets the mock server answer them."""

    def __init__(self, app: ASGIApp, *, spec: Spec, upstream: Upstream) -> None:
        self.app = app
        known: list[Operation | UnreadOperation] = [*spec.unread, *spec.operations]
        self.operations = {each.id: each for each in known}
        self.upstream = upstream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        operation = self.operations.get(operation_id(scope) or "")
        if operation is None or CHOICE in scope["extensions"] or _prefers(scope):
            await self.app(scope, receive, send)
            return
        upstream = self.upstream
        refusal = refusal_of(scope, operation, upstream.passage.hosts, upstream.mark)
        if refusal is not None:
            await deliver(refusal.answer, send)
            return
        with upstream.room.hold() as held:
            body = await _whole(receive, held)
            if body is not None:
                await self._passed(operation, body, scope, receive, send)

    async def _passed(
        self,
        operation: Operation | UnreadOperation,
        body: bytes,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Pass a call on, or answer in place of the upstream."""
        told_in_journal(scope, UNDER_WAY)
        call = PassedCall(
            operation=operation, upstream=self.upstream, scope=scope, body=body, send=send
        )
        try:
            if await until_hang_up(call.make(), scope, receive):
                await send_wire(Wire(reset=True), scope, receive)
        except Lack as lack:
            told_in_journal(scope, lack.judged.as_json(answered_by="mock"))
            await self._answer(lack, scope, _replayed(body, receive), send)
        except CutShort:
            await send_wire(Wire(reset=True), scope, receive)

    async def _answer(self, lack: Lack, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in place of the upstream."""
        if self.upstream.passage.fallback:
            why = (FALLBACK, _in_header(lack.why))
            await self.app(scope, receive, _with_headers(send, [*lack.judged.headers, why]))
            return
        told = (
            f"the upstream {self.upstream} gave no answer: {lack.why.rstrip('.')}.",
            lack.hint,
            "With --fallback the mock server answers in its place.",
        )
        refusal = problem(lack.status, " ".join(filter(None, told)))
        await deliver(refusal.answer, _with_headers(send, lack.judged.headers))


def _prefers(scope: Scope) -> bool:
    """Say whether a request to an operation that is not served here asks for what is not there."""
    return bool(preferences_of(scope["headers"], scope["query_string"]))


async def _whole(receive: Receive, held: Held) -> bytes | None:
    """Read the body of a request; None where the client has hung up.

    Raises:
        RequestRefused: there is no room for it.
    """
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        held.more(len(part))
        body += part
        if not message.get("more_body", False):
            return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give a body that has been read once more."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return left.pop() if left else await receive()

    return replayed


def _with_headers(send: Send, headers: Headers) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        await send(message)

    return with_headers


def _in_header(text: str) -> bytes:
    return "".join(each if each.isascii() and each.isprintable() else " " for each in text)[
        :300
    ].encode("ascii")
