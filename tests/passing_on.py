"""An upstream that breaks what it is told to, and a mock server in front of it, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Spec
from mock_server.app import application
from mock_server.drawing.captcha import Captchas
from mock_server.passing_on.passing import Passing
from mock_server.passing_on.upstream_options import Passage
from mock_server.serving.front import Front
from mock_server.serving.server import serving
from mock_server.state.memory import InMemory
from mock_server.state.sessions import SHARED
from mock_server.state.settings import Settings

CALL = "/oauth/api/account/getImgCode"
"""The path of the operation of this repository's own spec."""

ENVELOPE = b'{"request_id":"x","code":"000","msg":"ok","data":{}}'
"""Its answer without its rows."""


@dataclass
class Environment:
    """An application that counts what arrives, and asks the one behind it for a fault."""

    app: ASGIApp
    fault: str = ""
    arrived: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        self.arrived.append((scope["method"], target.decode("latin-1"), headers))
        if self.fault:
            asked = (b"prefer", f"fault={self.fault}".encode())
            scope = {**scope, "headers": [*scope["headers"], asked]}
        await self.app(scope, receive, send)


def mock_of(spec: Spec) -> Environment:
    """Give an environment that keeps a spec, until it is told otherwise."""
    return Environment(application(spec, Captchas("upstream")))


def answering(
    body: bytes = ENVELOPE,
    status: int = 200,
    headers: Sequence[tuple[bytes, bytes]] = ((b"content-type", b"application/json"),),
) -> Environment:
    """Give an environment that always answers the same."""

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": status, "headers": [*headers]})
        await send({"type": "http.response.body", "body": body})

    return Environment(app)


@dataclass
class InFront:
    """A mock server in front of an upstream.

    Attributes:
        url: where it listens.
        state: its journal and its settings.
        said: the lines that it printed.
        passing: what passes the calls on.
    """

    url: str
    state: InMemory
    said: list[str]
    passing: Passing

    def journal(self) -> list[dict[str, Any]]:
        """The journal as JSON, the newest first."""
        entries = asyncio.run(self.state.journal(SHARED))
        return [each.as_json() for each in entries]


@contextmanager
def in_front_of(
    upstream: ASGIApp | str,
    spec: Spec | None = None,
    **options: Any,  # noqa: ANN401 - those of `Passage`
) -> Iterator[InFront]:
    """Serve a mock server that passes calls on to an application, or to what listens at a URL."""
    spec, said, state = spec or load(SPEC), list[str](), InMemory(Settings())
    with ExitStack() as stack:
        url = upstream if isinstance(upstream, str) else stack.enter_context(serving(upstream))
        passing = Passing(Passage(named=url, **options), said.append)
        passing.check(spec)
        app = application(spec, Captchas("mock"), state=state, passing=passing.between(spec))
        front = Front(app, app, state)
        yield InFront(
            stack.enter_context(serving(front, at_end=passing.hang_up)), state, said, passing
        )
