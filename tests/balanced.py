"""Several mock servers as processes, and the proxies before them, set up as `examples/replicas`."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2

from tests.loopback import ROOT, environment
from tests.redis_server import program

EXAMPLES = ROOT / "examples" / "replicas"


def free_ports(count: int) -> list[int]:
    """Find ports that nobody has."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def wait_for(url: str) -> None:
    """Wait until a server is ready."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(httpx2.TransportError):
            if httpx2.get(f"{url}/readyz").status_code == httpx2.codes.OK:
                return
        time.sleep(0.02)
    raise RuntimeError(f"{url} is not ready")


class Replicas:
    """Mock servers of one seed and one Redis; each can be killed, stopped and started again.

    The first has two workers.
    """

    def __init__(self, folder: Path, ports: Sequence[int], *options: str) -> None:
        self.ports = ports
        self.options = options
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self.said = folder / "said"
        self._pids = [0] * len(ports)
        with self.said.open("wb") as errors:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", "tests.forked_servers"],
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def start(self, at: int, spec: Path) -> None:
        """Start one; it may not be ready yet."""
        workers = "1" if at else "2"
        arguments = [str(spec), "-p", str(self.ports[at]), "--workers", workers, *self.options]
        if self._parent.stdin is None or self._parent.stdout is None:
            raise RuntimeError("the parent of the servers has no pipes")
        self._parent.stdin.write(f"{json.dumps(arguments)}\n")
        self._parent.stdin.flush()
        line = ""
        while not line.startswith("{"):  # the servers print here too
            line = self._parent.stdout.readline()
        self._pids[at] = json.loads(line)["pid"]

    def end(self, at: int, number: signal.Signals) -> None:
        """Send one a signal, and wait until it has ended."""
        pid = self._pids[at]
        os.kill(pid, number)
        status = Path(f"/proc/{pid}/status")
        while status.exists() and "\nState:\tZ" not in status.read_text(encoding="utf-8"):
            time.sleep(0.01)

    def close(self) -> None:
        """Stop all."""
        for pid in filter(None, self._pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        self._parent.communicate(timeout=30)


@contextmanager
def balancer(name: str, folder: Path, servers: Sequence[int]) -> Iterator[str]:
    """Run nginx or HAProxy before servers, for as long as the context lasts; give its URL."""
    path = program(name)
    (port,) = free_ports(1)
    own = folder / name
    own.mkdir()
    ports = dict(
        zip(("4011", "4012", "4013", "4014", "4010"), map(str, (*servers, port)), strict=True)
    )
    written = next(EXAMPLES.glob(f"{name}.*"))
    configuration = own / written.name
    text = written.read_text(encoding="utf-8")
    configuration.write_text(re.sub("401[0-4]", lambda found: ports[found[0]], text), "utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    command = {
        "nginx": [path, "-p", str(own), "-c", str(configuration), "-g", f"daemon off;{user}"],
        "haproxy": [path, "-db", "-f", str(configuration)],
    }[name]
    with (own / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)  # noqa: S603 - the proxy
    try:
        wait_for(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(own)
