"""Requests a second under load, beside other mock servers on the same machine, in turn.

`python -m benchmarks.load --peers FOLDER` starts every server on a port of its own and has
`wrk -t1 -c16` call each for some seconds, round after round, so that other load on the machine
affects all of them alike. It prints medians, the ratio of ours to each other, the processor time
that a request takes, which a busy machine hardly changes, and the load of the machine (Linux). The
folder is where `npm install @stoplight/prism-cli wiremock` was run; WireMock needs Java. Another
server is added by `--other NAME=COMMAND`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
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

OURS, TWO = "ours, one worker", "ours, two workers"
SCRIPT = 'wrk.method = "POST"\nwrk.headers["Content-Length"] = "0"\n'


def free_port() -> int:
    """Find a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def ours(options: str = "") -> str:
    """Give the command that starts the mock server."""
    return f"{shlex.quote(sys.executable)} -m mock_server -p {{port}} {{spec}} {options}"


def peers(folder: Path, own: Path) -> dict[str, str]:
    """Give the commands of the servers that npm installed; WireMock reads its answer in `own`."""
    modules = folder / "node_modules"
    prism = f"{shlex.quote(str(modules / '.bin' / 'prism'))} mock -p {{port}} {{spec}}"
    commands = {
        "Prism": prism,
        "Prism silent": f"{prism} -v silent",
        "Prism dynamic": f"{prism} -d",
    }
    for jar in modules.glob("wiremock/build/wiremock-standalone-*.jar"):
        operation = load(SPEC).operations[0]
        answer = {
            "status": operation.answer.status,
            "jsonBody": next(iter(operation.success.values())),
            "headers": {"Content-Type": "application/json"},
        }
        request = {"method": operation.method.upper(), "urlPath": operation.path}
        (own / "mappings").mkdir()
        stub = json.dumps({"request": request, "response": answer}, ensure_ascii=False)
        (own / "mappings" / "stub.json").write_text(stub, encoding="utf-8")
        words = ["java", "-jar", str(jar), "--root-dir", str(own), "--no-request-journal"]
        commands["WireMock"] = f"{shlex.join(words)} --port {{port}}"
    return commands


@contextlib.contextmanager
def running(command: str) -> Iterator[tuple[str, int]]:
    """Run a server until the context ends; give the URL that it answers at, and its process."""
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
        yield f"http://127.0.0.1:{port}{load(SPEC).operations[0].path}", server.pid
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
        log.close()


def processor_seconds(group: int) -> float:
    """Give the processor time that the processes of a group have taken."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = file.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:13])) if int(fields[2]) == group else 0
    return ticks / os.sysconf("SC_CLK_TCK")


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
    parser.add_argument(
        "--peers", type=Path, metavar="FOLDER", help="of Prism's and WireMock's npm"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    arguments = parser.parse_args()
    others = dict(other.split("=", 1) for other in arguments.other)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        commands = {OURS: ours(), TWO: ours("--workers 2"), **others}
        commands |= peers(arguments.peers, folder) if arguments.peers else {}
        figures: dict[str, list[float]] = {name: [] for name in commands}
        servers = {name: stack.enter_context(running(each)) for name, each in commands.items()}
        times: dict[str, list[float]] = {name: [] for name in commands}
        script = folder / "post.lua"
        script.write_text(SCRIPT, encoding="utf-8")
        for number in range(arguments.rounds + 1):
            for name, (url, group) in servers.items():
                before = processor_seconds(group)
                figure = requests_a_second(url, arguments.seconds, script)
                taken = processor_seconds(group) - before
                if number:  # the first round warms up
                    figures[name].append(figure)
                    times[name].append(taken / (figure * arguments.seconds) * 1e6)
    medians = {name: statistics.median(measured) for name, measured in figures.items()}
    for name, median in medians.items():
        ratio = medians[OURS] / median
        taken = statistics.median(times[name])
        print(f"{name:<18} {median:6.0f}/s {taken:6.0f} µs each  ours is {ratio:.2f} times it")
    print("load of the machine: " + ", ".join(f"{each:.1f}" for each in os.getloadavg()))


if __name__ == "__main__":
    main()
