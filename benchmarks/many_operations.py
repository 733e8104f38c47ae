"""A spec of many operations: what its servers take, and whether a contract run grows with it.

`python -m benchmarks.many_operations` serves specs of 125 to 1,000 operations by two workers, calls
every operation, and judges all of them by a contract run on two processes (pytest-xdist), without
generated requests. It prints the seconds until the ready line, the memory of each worker, and the
processor time of the run; `--state redis://…` is passed on to the server, `--most N` stops earlier.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import httpx2
import yaml

from benchmarks.large_spec import large_spec

SIZES = (125, 250, 500, 1000)
READY, MEGABYTES = 3.0, 250
"""Seconds until two workers are ready, and memory of each, that are the goal."""
GROWTH = 1.25
"""How many times the processor time of an operation may be that of the smallest spec."""

_ROOT = Path(__file__).parent.parent
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(_ROOT)}
_WORKERS = 2


class Figures(NamedTuple):
    """What one spec took: seconds until ready, megabytes of the largest worker, of the run."""

    ready: float
    megabytes: float
    run: float


def _measured(operations: int, folder: Path, state: str | None) -> Figures:
    whole = large_spec(operations)
    spec = folder / f"{operations}.yaml"
    spec.write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    shared = ["--seed", "1", "--state", state] if state else []
    words = ["mock", str(spec), "-p", "0", "--workers", str(_WORKERS), "--lenient", *shared]
    started = time.perf_counter()
    server = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "captcha_contract", *words],
        stdout=subprocess.PIPE,
        text=True,
        env=_ENVIRONMENT,
    )
    try:
        line = server.stdout.readline() if server.stdout else ""
        ready = time.perf_counter() - started
        found = re.search(r"is listening on (\S+)", line)
        if found is None:
            raise SystemExit(f"the server of {operations} operations is not ready: {line!r}")
        _call_all(whole, found[1])
        megabytes = max(map(_megabytes, _children(server.pid)))
        return Figures(ready, megabytes, _run(spec, found[1]))
    finally:
        server.terminate()
        server.wait()


def _call_all(whole: dict[str, object], url: str) -> None:
    paths = whole["paths"]
    assert isinstance(paths, dict)  # noqa: S101 - it is our own
    for path, item in paths.items():
        for method in item.keys() & {"get", "post"}:
            for _ in range(_WORKERS):
                with httpx2.Client() as client:  # each on a connection of its own
                    client.request(method.upper(), f"{url}/v1{path.replace('{id}', '1')}")


def _children(parent: int) -> list[int]:
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(each) for each in text.split()]


def _megabytes(process: int) -> float:
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    found = re.search(r"^Rss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def _run(spec: Path, url: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = ["test", "-q", "-n", "2", "--spec", str(spec), "--base-url", f"{url}/v1"]
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "captcha_contract", *words, "--samples", "2"],
        cwd=spec.parent,
        stdout=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Print the figures; give 1 where one of them is above its goal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_operations")
    parser.add_argument("--state", metavar="URL")
    parser.add_argument("--most", type=int, default=max(SIZES), metavar="N")
    arguments = parser.parse_args()
    above = False
    least = 0.0
    with tempfile.TemporaryDirectory() as name:
        for operations in (each for each in SIZES if each <= arguments.most):
            taken = _measured(operations, Path(name), arguments.state)
            each = taken.run / operations * 1000
            least = least or each
            print(
                f"{operations:5} operations: ready {taken.ready:.1f} s, {taken.megabytes:.0f} MB a"
                f" worker; contract run {taken.run:.1f} s of the processor, {each:.0f} ms each",
                flush=True,
            )
            above |= taken.ready > READY or taken.megabytes > MEGABYTES or each > GROWTH * least
    return int(above)


if __name__ == "__main__":
    sys.exit(main())
