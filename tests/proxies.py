"""Debian's proxies, run for as long as a test needs them."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


def program(name: str) -> str:
    """Find a program that Debian has; where it is missing, skip, unless it may not be missing."""
    found = shutil.which(name)
    if found is None:
        needed = os.environ.get("REQUIRE_PROXIES") == "1"
        (pytest.fail if needed else pytest.skip)(f"there is no {name}: install Debian's package")
    return found


@contextlib.contextmanager
def microsocks() -> Iterator[str]:
    """Run microsocks, which wants a user and a password; give its URL."""
    port = _free_port()
    words = [program("microsocks"), "-i", "127.0.0.1", "-p", str(port), "-u", "me", "-P", "pa:ss"]
    with _running(port, *words):
        yield f"socks5h://me:pa%3Ass@127.0.0.1:{port}"


@contextlib.contextmanager
def tinyproxy_in(folder: Path) -> Iterator[str]:
    """Run tinyproxy, which wants a user and a password; give its URL."""
    port = _free_port()
    settings = {"Port": port, "Listen": "127.0.0.1", "Timeout": 10, "BasicAuth": "me secret"}
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    (folder / "tinyproxy.conf").write_text(lines, encoding="utf-8")
    with _running(port, program("tinyproxy"), "-d", "-c", str(folder / "tinyproxy.conf")):
        yield f"http://me:secret@127.0.0.1:{port}"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def _running(port: int, *words: str) -> Iterator[None]:
    """Run a proxy until the context ends; it listens before the context begins."""
    process = subprocess.Popen(  # noqa: S603 - Debian's proxies
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(10)
