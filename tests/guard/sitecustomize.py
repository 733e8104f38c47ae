"""Keeps every Python process of the tests on this machine: another address is an error.

Python imports a module of this name at start-up, so child processes are guarded too.
"""

from __future__ import annotations

import ipaddress
import sys


def _stay(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host in {None, "", "localhost", b"localhost"}:
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        inside = ipaddress.ip_address(name).is_loopback
    except ValueError:
        inside = name.endswith(".invalid")  # RFC 6761: it resolves nowhere
    if not inside:
        raise RuntimeError(f"a test reached for {name}: tests never leave the machine")


sys.addaudithook(_stay)
