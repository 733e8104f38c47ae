"""How long `captcha-contract check` takes, beside `redocly lint` on the same file, pair by pair.

`npm install --prefix FOLDER @redocly/cli` brings redocly; `python -m benchmarks.check --redocly
FOLDER/node_modules/.bin/redocly` times both as whole processes, in turn, on specs of one operation
and of 300, each with a document of its own of 3 and of 10 rows, and prints medians and ratios. The
check reads and compares the documents, which redocly knows nothing of. Without `--redocly` the
command is looked for on PATH.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from benchmarks.documents import document
from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents import read

OPERATIONS, ROWS = (1, 300), (3, 10)
AT_MOST = 1.0
"""The time that a check may take, as a multiple of redocly's."""

_CHECK = (sys.executable, "-m", "captcha_contract", "check")


def spec_of(operations: int, rows: int, folder: Path) -> Path:
    """Write a spec of so many operations, and their documents of so many rows."""
    paths = [document(folder, number, rows) for number in range(operations)]
    spec = folder / "openapi.yaml"
    read_in = [each for path in paths for each in read(path)]
    spec.write_text(text_of(derive(read_in, folder)), encoding="utf-8")
    return spec


def seconds(command: Sequence[str]) -> float:
    """Time one run of a command as a whole process; byte code may be written and read.

    Exit status 1 means that it found something; anything above ends the benchmark.
    """
    quiet = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    quiet.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, env=quiet)  # noqa: S603 - what the caller names
    took = time.perf_counter() - started
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(command)} ends with {done.returncode}: {done.stderr.decode()}")
    return took


def main() -> int:
    """Print the figures; give 1 where a check takes longer than redocly."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check")
    parser.add_argument("--redocly", default=shutil.which("redocly"), metavar="FILE")
    parser.add_argument("--pairs", type=int, default=9)
    arguments = parser.parse_args()
    if not arguments.redocly:
        parser.error("redocly is not on PATH: npm install --prefix FOLDER @redocly/cli")
    worst = 0.0
    for operations, rows in product(OPERATIONS, ROWS):
        with tempfile.TemporaryDirectory() as folder:
            spec = str(spec_of(operations, rows, Path(folder)))
            ours, theirs = (*_CHECK, spec), (arguments.redocly, "lint", spec)
            seconds(ours), seconds(theirs)  # the first runs warm up
            pairs = [(seconds(ours), seconds(theirs)) for _ in range(arguments.pairs)]
        ratio = statistics.median(mine / other for mine, other in pairs)
        worst = max(worst, ratio)
        mine, other = (statistics.median(each) for each in zip(*pairs, strict=True))
        print(
            f"{operations:4} operations, {rows:2} rows each: check {mine:.2f} s, "
            f"redocly lint {other:.2f} s, ratio {ratio:.2f}, at most {AT_MOST}"
        )
    return int(worst > AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
