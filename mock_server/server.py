"""The socket under the application: bind it, serve on it, say when it is ready, stop cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import signal
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from mock_server.limits import PATIENCE, bounded
from mock_server.wire import wired

CONNECTIONS = 1000
"""More at a time are answered with 503."""


Meanwhile = Callable[[], Awaitable[object]]
"""Is called ten times a second."""


class CannotBind(OSError):  # noqa: N818 - it names what cannot be done
    """The address cannot be listened on; the message names it and says why."""


def bind(host: str, port: int) -> socket.socket:
    """Listen on an address; port 0 takes a free one.

    Raises:
        CannotBind: the port is taken, or the host is no address of this machine.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(2048)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        taken = error.errno in {errno.EADDRINUSE, errno.EACCES}
        hint = (
            "choose another with -p PORT, or -p 0 for a free one"
            if taken
            else "-H takes an address of this machine, such as 127.0.0.1 or 0.0.0.0"
        )
        raise CannotBind(f"cannot listen on {host}:{port}: {reason}; {hint}") from None
    return listener


def url_of(listener: socket.socket, *, tls: bool = False) -> str:
    """Give the URL that a bound socket is reached at."""
    host, port = listener.getsockname()[:2]
    scheme = "https" if tls else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine reaches a bound socket."""
    host = str(listener.getsockname()[0])
    return host.startswith("127.") or host == "::1"


class _Server(uvicorn.Server):
    """uvicorn, telling when it is ready."""

    def __init__(
        self,
        app: ASGIApp,
        ready: Callable[[], object],
        tls: ssl.SSLContext | None = None,
        meanwhile: Meanwhile | None = None,
    ) -> None:
        config = uvicorn.Config(
            app,
            http=bounded(wired(AutoHTTPProtocol)),
            ws="none",
            lifespan="off",
            limit_concurrency=CONNECTIONS,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
        if tls is not None:
            config.load()
            config.ssl = tls
        super().__init__(config)
        self._ready = ready
        self._meanwhile = meanwhile

    async def on_tick(self, counter: int) -> bool:
        """Do what is to be done ten times a second; say whether it is time to stop."""
        if self._meanwhile is not None:
            await self._meanwhile()
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and let finish what is under way; whoever takes too long is cut off."""
        asyncio.get_running_loop().call_later(PATIENCE, self._cut_off)
        await super().shutdown(sockets)

    def _cut_off(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def serve(
    app: ASGIApp,
    listener: socket.socket,
    ready: Callable[[], object],
    tls: ssl.SSLContext | None = None,
    meanwhile: Meanwhile | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; what is under way is finished first."""
    gc.collect()
    gc.freeze()  # what is there now stays: no need to look through it again and again
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn raises the signal again when it has stopped; by then it has done its work.
        signal.signal(number, lambda *_: None)
    _Server(app, ready, tls, meanwhile).run(sockets=[listener])


@contextlib.contextmanager
def serving(app: ASGIApp, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve on a free port in a thread, for as long as the context lasts; give the URL."""
    listener = bind(host, 0)
    started = threading.Event()
    server = _Server(app, started.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    started.wait()
    try:
        yield url_of(listener)
    finally:
        server.should_exit = True
        thread.join()
