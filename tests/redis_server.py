"""A Redis of the tests' own: on a socket in a new folder, in memory only, ended with its context.

A test that needs one is skipped where Redis is not installed; `REQUIRE_REDIS=1` makes of that a
failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAMS = ("redis-server", "valkey-server")


def program(*names: str) -> str:
    """Find a program by one of its names; skip the test where there is none."""
    places = os.pathsep.join([os.environ["PATH"], "/usr/sbin"])  # where Debian has the proxies
    found = next((path for each in names if (path := shutil.which(each, path=places))), None)
    if found is None and os.environ.get("REQUIRE_REDIS") == "1":
        pytest.fail(f"{names[0]} is not installed, and REQUIRE_REDIS is 1")
    if found is None:
        pytest.skip(f"{names[0]} is not installed; apt-get install {names[0]}")
    return found


class RedisServer:
    """A Redis that can be stopped and started again."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.options = options
        self.socket = folder / "r"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is, as `--state` takes it."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        usual = ("--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder))
        self.process = subprocess.Popen(  # noqa: S603 - Redis itself
            [program(*PROGRAMS), *usual, "--save", "", *self.options],
            stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"]},
        )
        until = time.monotonic() + 10
        while not self.answers() and time.monotonic() < until:
            time.sleep(0.01)

    def answers(self) -> bool:
        """Say whether it takes connections."""
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.socket)) == 0

    def stop(self) -> None:
        """Stop it as an operator does, if it runs."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=30)


@contextmanager
def redis_server(*options: str) -> Iterator[RedisServer]:
    """Run a Redis for as long as the context lasts."""
    program(*PROGRAMS)
    with tempfile.TemporaryDirectory(prefix="r") as folder:  # the path of a socket must be short
        server = RedisServer(Path(folder), *options)
        server.start()
        try:
            yield server
        finally:
            server.stop()
