"""Requests a second under load, beside other mock servers on the same machine, in turn.

`python -m benchmarks.load --other prism='prism mock -p {port} {spec}'` starts every server on a
port of its own and has `wrk -t1 -c16` call each for some seconds, round after round, so that other
load on the machine affects all of them alike. It prints medians, and the ratio of ours to each
other.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shlex
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from contract.spec.default import SPEC
from contract.spec.loading import load

OURS = "mock_server"
SCRIPT = 'wrk.method = "POST"\nwrk.headers["Content-Length"] = "0"\n'


def free_port() -> int:
    """Find a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def running(command: str) -> Iterator[str]:
    """Run a server until the context ends; give the URL that it answers at."""
    port = free_port()
    words = shlex.split(command.format(port=port, spec=SPEC))
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed below; a log is written, not thrown away
    server = subprocess.Popen(  # noqa: S603 - what the caller asks for
        words, stdout=log, stderr=log, start_new_session=True
    )
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}{load(SPEC).operations[0].path}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
        log.close()


def requests_a_second(url: str, seconds: int, script: Path) -> float:
    """Load a server for some seconds; every answer must be a good one."""
    command = ["wrk", "-t1", "-c16", f"-d{seconds}", "-s", str(script), url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"{url} answers with errors:\n{done.stdout}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    return float(found[1]) if found else 0.0


def main() -> None:
    """Print the medians, and the ratios to each other server."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--other", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--ours", default="", metavar="OPTIONS", help="such as '--workers 2'")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    arguments = parser.parse_args()
    ours = f"{shlex.quote(sys.executable)} -m mock_server -p {{port}} {{spec}} {arguments.ours}"
    commands = {OURS: ours, **dict(other.split("=", 1) for other in arguments.other)}
    figures: dict[str, list[float]] = {name: [] for name in commands}
    with contextlib.ExitStack() as stack:
        urls = {name: stack.enter_context(running(each)) for name, each in commands.items()}
        script = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "post.lua"
        script.write_text(SCRIPT, encoding="utf-8")
        for number in range(arguments.rounds + 1):
            for name, url in urls.items():
                figure = requests_a_second(url, arguments.seconds, script)
                if number:  # the first round warms up
                    figures[name].append(figure)
    medians = {name: statistics.median(measured) for name, measured in figures.items()}
    for name, median in medians.items():
        print(f"{name:<16} {median:7.0f} requests/s  ours is {medians[OURS] / median:.2f} times it")


if __name__ == "__main__":
    main()
