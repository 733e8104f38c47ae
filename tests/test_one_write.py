"""The head and the body of an answer, which leave together, and what must not wait for more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from mock_server.answer_editing import Answer
from mock_server.answers.delivery import deliver
from mock_server.serving.connections import with_limits
from mock_server.serving.one_write import LARGEST, OneWrite
from mock_server.serving.slots import Slots
from mock_server.wire import with_wires


class Sent(asyncio.Transport):
    """A transport that notes every write, and its end."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def is_closing(self) -> bool:
        return self.writes[-1:] == [b"closed"]

    def close(self) -> None:
        self.writes.append(b"closed")


async def answering(_: Scope, __: Receive, send: Send) -> None:
    await deliver(Answer(200, "text/plain", b"ok"), send)


async def streaming(_: Scope, __: Receive, send: Send) -> None:
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await asyncio.sleep(0.01)
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.mark.parametrize(
    ("app", "sent", "bodies"),
    [
        (answering, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", [b"ok"]),
        (answering, b"GET / HTTP/1.0\r\n\r\n", [b"ok", b"closed"]),
        (answering, b"HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", [b""]),
        (answering, b"HEAD / HTTP/1.0\r\n\r\n", [b"", b"closed"]),
        (streaming, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", [b"", b"ok"]),
    ],
)
def test_a_head_leaves_with_its_body_and_alone_where_that_comes_later(
    app: Callable[..., object], sent: bytes, bodies: list[bytes]
) -> None:
    transport = Sent()

    async def fed() -> None:
        config = uvicorn.Config(app, ws="none", lifespan="off", log_config=None)
        config.load()
        protocol = with_limits(with_wires(HttpToolsProtocol), Slots(), 64 << 10)
        made = protocol(config, ServerState(), {}, asyncio.get_running_loop())  # type: ignore[call-arg]
        made.connection_made(transport)
        made.data_received(sent)
        await asyncio.sleep(0.03)

    asyncio.run(fed())

    assert transport.writes[0].startswith(b"HTTP/1.1 200 OK\r\n")
    assert [each.partition(b"\r\n\r\n")[2] for each in transport.writes[:1]] == bodies[:1]
    assert transport.writes[1:] == bodies[1:]


def written(*parts: bytes, close: bool = False) -> list[bytes]:
    """What leaves when parts are written in one step of the event loop."""
    transport = Sent()

    async def step() -> None:
        writer = OneWrite(transport, asyncio.get_running_loop())
        for each in parts:
            writer.write(each)
        if close:
            writer.close()
        await asyncio.sleep(0)

    asyncio.run(step())
    return transport.writes


@pytest.mark.parametrize(
    ("parts", "writes"),
    [
        ([b"a"], [b"a"]),
        ([b"a", b"b"], [b"ab"]),
        ([b"a", b""], [b"a"]),
        ([b"a", b"b", b"c"], [b"ab", b"c"]),
        ([b"a", b"b" * LARGEST], [b"a" + b"b" * LARGEST]),
        ([b"a", b"b" * (LARGEST + 1)], [b"a", b"b" * (LARGEST + 1)]),
    ],
)
def test_two_writes_in_a_row_leave_as_one_and_nothing_is_lost(
    parts: list[bytes], writes: list[bytes]
) -> None:
    assert written(*parts) == writes


def test_what_is_held_leaves_before_the_connection_is_closed() -> None:
    assert written(b"a", close=True) == [b"a", b"closed"]


def test_nothing_is_written_to_a_connection_that_has_ended() -> None:
    transport = Sent()

    async def step() -> None:
        OneWrite(transport, asyncio.get_running_loop()).write(b"a")
        transport.close()
        await asyncio.sleep(0)

    asyncio.run(step())

    assert transport.writes == [b"closed"]
