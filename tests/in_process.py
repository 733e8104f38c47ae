"""Calls of an ASGI application in this process: no socket, and no server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Scope

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What an application sent: status and headers of the first message, and the whole body."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes


def http_scope(method: str, target: bytes, headers: Headers = ()) -> Scope:
    """Make the scope that uvicorn makes of a request line."""
    path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 1),
        "client": ("127.0.0.1", 2),
        "scheme": "http",
        "method": method,
        "root_path": "",
        "path": unquote(path.decode("utf-8", "surrogatepass"), errors="surrogateescape"),
        "raw_path": path,
        "query_string": query,
        "headers": [*headers],
        "extensions": {},
    }


async def sent_by(app: ASGIApp, scope: Scope, parts: Sequence[bytes] = (b"",)) -> Sent:
    """Call an application with a body that comes in parts."""
    sent: list[Message] = []
    waiting = [*parts]

    async def receive() -> Message:
        if not waiting:
            return {"type": "http.disconnect"}
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    whole = b"".join(each.get("body", b"") for each in sent)
    return Sent(sent[0]["status"], dict(sent[0]["headers"]), whole)
