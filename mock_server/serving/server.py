"""The socket under the application: bind it, serve on it, report when it is ready, stop cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import signal
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from mock_server.limits import GRACE, LARGEST_BODY, PATIENCE, room
from mock_server.serving.connections import with_limits
from mock_server.serving.slots import Slots
from mock_server.wire import with_wires

_TAKEN = {errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES)}
"""The errors of a port that is taken; Windows has one of its own."""

_OWN_ADDRESS = "-H takes an address of this machine, such as 127.0.0.1 or 0.0.0.0"

_FOR_CONNECTIONS = (
    ("SO_RCVBUF", 32 << 10),
    ("SO_SNDBUF", 128 << 10),
    ("SO_KEEPALIVE", 1),
    ("TCP_KEEPIDLE", 15),
    ("TCP_KEEPINTVL", 15),
    ("TCP_KEEPCNT", 4),
)
"""The kernel keeps little for a client, and notices one that is gone while its answer waits."""

PARTING = 2.0
"""Seconds that a server, which may be one of several, takes leave of the proxy before them."""

_LOOK = 0.02
"""Seconds between two looks whether all connections are closed."""

_AFTER_GRACE = 3.0
"""Seconds until a process that does not end is ended."""

OnTick = Callable[[], Awaitable[object]]
"""A function that is called ten times a second."""


AtEnd = Callable[[], Awaitable[object]]
"""A function that is called once no request is under way any more."""


class CannotBind(OSError):  # noqa: N818 - it names what cannot be done
    """The address cannot be listened on; the message names it and says why."""


def bind(host: str, port: int) -> socket.socket:
    """Listen on an address; port 0 takes a free one.

    Raises:
        CannotBind: the port is taken, or the host is not an address of this machine.
    """
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
        try:
            listener.setsockopt(socket.SOL_SOCKET, _own_address_option(), 1)
            for name, value in _FOR_CONNECTIONS:
                option = getattr(socket, name, None)  # a connection inherits them
                if option is not None:
                    level = socket.IPPROTO_TCP if name.startswith("TCP") else socket.SOL_SOCKET
                    listener.setsockopt(level, option, value)
            listener.bind(address)
            listener.listen(2048)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        taken = error.errno in _TAKEN
        hint = "choose another with -p PORT, or -p 0 for a free one" if taken else _OWN_ADDRESS
        raise CannotBind(f"cannot listen on {place}: {reason}; {hint}") from None
    except UnicodeError:  # it is refused before anybody is asked for it
        reason = "no host can have this name"
        raise CannotBind(f"cannot listen on {place}: {reason}; {_OWN_ADDRESS}") from None
    return listener


def _own_address_option() -> int:
    """Give the option that lets a socket take a port only if nothing listens on it.

    On Windows, SO_REUSEADDR would take the port of another server, and SO_EXCLUSIVEADDRUSE exists.
    """
    exclusive: int | None = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
    return socket.SO_REUSEADDR if exclusive is None else exclusive


def url_of(listener: socket.socket, *, tls: bool = False) -> str:
    """Give the URL that a bound socket is reached at."""
    host, port = listener.getsockname()[:2]
    scheme = "https" if tls else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def is_loopback(listener: socket.socket) -> bool:
    """Say whether a bound socket can be reached from this machine only."""
    host = str(listener.getsockname()[0])
    return host.startswith("127.") or host == "::1"


class _UvicornServer(uvicorn.Server):
    """uvicorn within limits, which reports when it is ready."""

    def __init__(  # noqa: PLR0913 - all that a server needs
        self,
        app: ASGIApp,
        ready: Callable[[], object],
        tls: ssl.SSLContext | None = None,
        on_tick: OnTick | None = None,
        at_end: AtEnd | None = None,
        *,
        largest_body: int = LARGEST_BODY,
        parting: float = 0.0,
    ) -> None:
        self._at_end = at_end
        self._parting = parting
        self._is_parting = False
        self.slots = Slots(room())
        config = uvicorn.Config(
            self._taking_leave(app) if parting else app,
            http=with_limits(with_wires(AutoHTTPProtocol), self.slots, largest_body),
            ws="none",
            lifespan="off",
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
        self._on_tick = on_tick

    async def on_tick(self, counter: int) -> bool:
        """Do the work of a tick, ten times a second; say whether it is time to stop."""
        now = asyncio.get_running_loop().time()
        self.slots.look(now)
        if counter % 10 == 0:
            self.slots.look_at_all(now)
        if self._on_tick is not None:
            await self._on_tick()
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then report. Unlike uvicorn, wait for TLS handshakes only so long."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_without_what_clients_cause)
        config = self.config
        patience = PATIENCE if config.ssl else None
        self.servers = [
            await loop.create_server(
                self._protocol,
                sock=listener,
                ssl=config.ssl,
                backlog=config.backlog,
                ssl_handshake_timeout=patience,
                ssl_shutdown_timeout=patience,
            )
            for listener in sockets or ()
        ]
        self.started = True
        self._ready()

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]  # it is uvicorn's
            config=self.config, server_state=self.server_state, app_state={}
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop once the requests under way are answered; those that take too long are cut off."""
        await self._part(sockets or ())
        loop = asyncio.get_running_loop()
        loop.call_later(GRACE, self._cut_off)
        loop.call_soon(self.servers.clear)  # a server waits for handshakes, which nobody needs
        await super().shutdown(sockets)
        if self.server_state.tasks:  # Ctrl-C came twice: what runs is cancelled without a word
            self._cut_off()
            logging.getLogger("uvicorn.error").disabled = True
        if self._at_end is not None:
            await self._at_end()

    def _taking_leave(self, app: ASGIApp) -> ASGIApp:
        """Let each answer end its connection while the server takes leave of a proxy."""

        async def taking_leave(scope: Scope, receive: Receive, send: Send) -> None:
            async def last(message: Message) -> None:
                if self._is_parting and message["type"] == "http.response.start":
                    message["headers"] = [*message["headers"], (b"connection", b"close")]
                await send(message)

            await app(scope, receive, last)

        return taking_leave

    async def _part(self, listeners: Iterable[socket.socket]) -> None:
        """Take no new connection, and answer on the open ones, which are closed with each answer.

        A proxy sends requests on connections that it keeps open, and on those that nobody has
        accepted yet. Where one is closed just then, the request is lost: what may have had an
        effect is not sent again.
        """
        if not self._parting:
            return
        self._is_parting = True
        loop = asyncio.get_running_loop()
        accepted = [each for listener in listeners for each in _queued(listener)]
        for server in self.servers:
            server.close()
        for each in accepted:
            await loop.connect_accepted_socket(self._protocol, each, ssl=self.config.ssl)
        end = loop.time() + self._parting
        while self.server_state.connections and loop.time() < end and not self.force_exit:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(_LOOK)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop at a signal, even where a thread or a computation goes on for ever."""
        if not self.should_exit:
            watchdog = threading.Timer(GRACE + _AFTER_GRACE, os._exit, (0,))
            watchdog.daemon = True
            watchdog.start()
        super().handle_exit(sig, frame)

    def _cut_off(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def _queued(listener: socket.socket) -> Iterator[socket.socket]:
    """Accept the connections that wait to be accepted."""
    with contextlib.suppress(OSError):
        while True:
            yield listener.accept()[0]


def _without_what_clients_cause(
    loop: asyncio.AbstractEventLoop, context: dict[str, object]
) -> None:
    """Report what fails in the event loop, but not that a connection or an accept failed."""
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)


def serve(  # noqa: PLR0913, PLR0917 - all that a server needs
    app: ASGIApp,
    listener: socket.socket,
    ready: Callable[[], object],
    tls: ssl.SSLContext | None = None,
    on_tick: OnTick | None = None,
    at_end: AtEnd | None = None,
    *,
    largest_body: int = LARGEST_BODY,
    parting: float = 0.0,
) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are answered first.

    Args:
        app: what is served.
        listener: a bound socket.
        ready: is called once the server accepts requests.
        tls: the certificate, to serve https.
        on_tick: is called ten times a second.
        at_end: is called once no request is under way any more.
        largest_body: how many bytes a body may have.
        parting: how many seconds requests are still answered on open connections at the end.
    """
    server = _UvicornServer(
        app, ready, tls, on_tick, at_end, largest_body=largest_body, parting=parting
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, server.handle_exit)
    server.run(sockets=[listener])
    ignore_signals()


def ignore_signals() -> None:
    """Let no further signal change the exit status of a process that has stopped serving."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def serving(
    app: ASGIApp,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    at_end: AtEnd | None = None,
) -> Iterator[str]:
    """Serve on a free port in a thread, for as long as the context lasts; give the URL."""
    listener = bind(host, 0)
    started = threading.Event()
    server = _UvicornServer(app, started.set, tls, at_end=at_end)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    started.wait()
    try:
        yield url_of(listener, tls=tls is not None)
    finally:
        server.should_exit = True
        thread.join()
