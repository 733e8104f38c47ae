"""`mock --probe`: ask a running mock server whether it is ready, as the check of a container does.

It reads the options that say where the server listens, as the server itself does, and loads
nothing of it, because a container is asked every few seconds. Exit status: 0 ready · 1 not ready ·
2 usage.
"""

from __future__ import annotations

import argparse
import ssl
from collections.abc import Callable, Sequence
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

from contract.consoles import complain, say
from contract.printable import line
from contract.variables import Variables

OPTION = "--probe"
"""The option that asks."""
READY = "/readyz"
"""The path that is asked: that of `probes.py`, which loads half of the server."""
NOT_READY = 1
"""The exit status where the server is not ready."""
_USAGE = 2
_PATIENCE = 5.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - it is not bound
"""The addresses at which a server that listens on all of them is asked."""


def declare(add: Callable[..., object]) -> None:
    """Declare the options that say where the server listens."""
    add("-H", "--host", default="127.0.0.1", help="default: %(default)s")
    add("-p", "--port", type=_port, default=4010, help="0 for a free one; default: %(default)s")
    add("--ssl-certfile", type=Path, metavar="FILE", help="serve https with this certificate")
    add("--ssl-keyfile", type=Path, metavar="FILE", help="its key, if that file holds none")
    add(OPTION, action="store_true", help="ask the server at this address if it is ready")


def main(words: Sequence[str], *, prog: str) -> int:
    """Ask the server that was started with some options; give the exit status."""
    parser = argparse.ArgumentParser(prog=prog, add_help=False, allow_abbrev=False)
    variables = Variables("mock")
    declare(variables.declaring(parser.add_argument))
    given, _ = parser.parse_known_args(words)
    if wrong := variables.wrong(given):
        parser.error(wrong)
    return asked(given)


def asked(given: argparse.Namespace) -> int:
    """Ask a server that listens where some options say; give the exit status."""
    if given.port == 0:
        complain(f"mock_server: {OPTION} needs the port of the server: -p PORT")
        return _USAGE
    host = _EVERYWHERE.get(given.host, given.host)
    try:
        status, said = _answer(_connection(host, given.port, tls=given.ssl_certfile is not None))
    except (OSError, HTTPException) as problem:
        complain(f"mock_server: not ready: {host}:{given.port}: {line(str(problem))}")
        return NOT_READY
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        complain(f"mock_server: not ready: {status} {line(said)}")
        return NOT_READY
    say(f"mock_server: ready: {line(said)}")
    return 0


def _connection(host: str, port: int, *, tls: bool) -> HTTPConnection:
    if not tls:
        return HTTPConnection(host, port, timeout=_PATIENCE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # its own server, under another name
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(host, port, timeout=_PATIENCE, context=context)


def _answer(connection: HTTPConnection) -> tuple[int, str]:
    try:
        connection.request("GET", READY)
        answer = connection.getresponse()
        return answer.status, answer.read(1000).decode("utf-8", "replace").strip()
    finally:
        connection.close()


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004 - TCP's highest port
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; a port is 0 to 65535")
    return int(text)
