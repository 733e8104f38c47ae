"""`python -m examples.stacks`: start each stack on this machine, and judge it healthy and broken.

What a stack needs is installed into a temporary folder from PyPI and npm; programs of the system
must be there, and the table says which are not. Each server is judged as a user would:
`captcha-contract test --base-url URL --strictness table`. Exit status: 0 every verdict is right · 1
one is wrong: a healthy server does not conform, or a fault is not told by its claim alone.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from examples.stacks.catalogue import FAULTS, STACKS, Place, Stack

ROOT = Path(__file__).parents[2]
"""The clone."""

PATIENCE = 60
"""Seconds until a server must listen: a JVM compiles its source first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a contract run said: its exit status, and the claims of the table that were violated."""

    status: int
    claims: frozenset[str]

    def __str__(self) -> str:
        words = {0: "conforms", 1: "violates", 69: "inconclusive"}
        said = words.get(self.status, f"exit status {self.status}")
        return f"{said}: {', '.join(sorted(self.claims))}" if self.claims else said


def expected(fault: str) -> Verdict:
    """Give the right verdict of a server with a fault, or of a healthy one."""
    return Verdict(1, frozenset({FAULTS[fault]})) if fault else Verdict(0, frozenset())


def missing(stack: Stack) -> list[str]:
    """Name Debian's packages that a stack needs and this machine lacks."""
    programs = stack.programs or {}
    files = stack.files or {}
    return [
        *(package for program, package in programs.items() if shutil.which(program) is None),
        *(package for file, package in files.items() if not Path(file).exists()),
    ]


def install(stacks: Iterable[Stack], folder: Path) -> None:
    """Install what the stacks need from PyPI and npm."""
    pip = sorted({package for stack in stacks for package in stack.pip})
    npm = sorted({package for stack in stacks for package in stack.npm})
    if pip:
        _run(sys.executable, "-m", "venv", str(folder / "venv"))
        _run(str(folder / "venv" / "bin" / "pip"), "install", "--quiet", *pip)
    if npm:
        _run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *npm)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)  # noqa: S603 - our own commands


def judged(stack: Stack, folder: Path, fault: str) -> Verdict:
    """Start a stack, judge it, and stop it."""
    place = Place(folder=folder, port=_free_port(), inner=_free_port(), fault=fault)
    with _serving(stack, place):
        report = folder / "report"
        shutil.rmtree(report, ignore_errors=True)
        url = f"http://127.0.0.1:{place.port}"
        command = [
            *(sys.executable, str(ROOT / "captcha_contract.py"), "test", "--base-url", url),
            *("--spec", str(ROOT / "openapi" / "openapi.yaml"), "--strictness", "table"),
            *("--report-dir", str(report), "-q", "-p", "no:cacheprovider"),
        ]
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=folder, capture_output=True, text=True, check=False
        )
    told = report / "report.json"
    if not told.exists():
        raise RuntimeError(done.stdout + done.stderr)
    operations = json.loads(told.read_text(encoding="utf-8"))["operations"]
    findings = [each for operation in operations for each in operation["findings"]]
    return Verdict(
        done.returncode, frozenset(each["claim"] for each in findings if each["level"] == "table")
    )


@contextmanager
def _serving(stack: Stack, place: Place) -> Iterator[None]:
    environment = {
        **os.environ,
        "PORT": str(place.port),
        "FAULT": place.fault,
        "NODE_PATH": str(place.folder / "node_modules"),
        "GOCACHE": str(place.folder / "go-cache"),
    }
    with (place.folder / f"{stack.name}.log").open("wb") as log:
        processes = [
            subprocess.Popen(  # noqa: S603 - our own commands
                command,
                env=environment,
                stdout=log,
                stderr=log,
                cwd=place.folder,
                start_new_session=True,  # so that what it starts ends with it
            )
            for command in stack.commands(place)
        ]
        try:
            _await(place, processes, Path(log.name))
            yield
        finally:
            for process in reversed(processes):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
            for process in processes:
                process.wait(PATIENCE)


def _await(place: Place, processes: Sequence[subprocess.Popen[bytes]], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    for port in {place.port, place.inner} if len(processes) > 1 else {place.port}:
        while True:
            ended = next((each for each in processes if each.poll() is not None), None)
            if ended is not None or time.monotonic() > until:
                said = log.read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"{processes[0].args!r} does not serve:\n{said}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def main(argv: Sequence[str] | None = None) -> int:
    """Judge the chosen stacks, and print a table of the verdicts; give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m examples.stacks", description=__doc__)
    parser.add_argument("stacks", nargs="*", metavar="STACK", help=f"of {', '.join(STACKS)}")
    parser.add_argument("--fault", action="append", choices=FAULTS, help="default: each of them")
    arguments = parser.parse_args(argv)
    unknown = [name for name in arguments.stacks if name not in STACKS]
    if unknown:
        parser.error(f"there is no stack {unknown[0]}; there are {', '.join(STACKS)}")
    chosen = [STACKS[name] for name in arguments.stacks or STACKS]
    faults = ["", *(arguments.fault or FAULTS)]
    here = [stack for stack in chosen if not missing(stack)]
    print(f"| stack | server | pictures | {' | '.join(each or 'healthy' for each in faults)} |")
    print("|---" * (3 + len(faults)) + "|", flush=True)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="stacks-") as folder:
        install(here, Path(folder))
        for stack in chosen:
            lacking = missing(stack)
            if lacking:
                cells = [f"not tried: apt-get install {' '.join(lacking)}", *[""] * len(faults[1:])]
            else:
                verdicts = [judged(stack, Path(folder), fault) for fault in faults]
                right = [
                    said == expected(fault) for fault, said in zip(faults, verdicts, strict=True)
                ]
                wrong += right.count(False)
                cells = [
                    str(said) if good else f"WRONG: {said}"
                    for said, good in zip(verdicts, right, strict=True)
                ]
            print(f"| {stack.name} | {stack.server} | {stack.pictures} | {' | '.join(cells)} |")
            sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
