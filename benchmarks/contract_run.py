"""A whole contract run against the embedded mock server, as a ratio to an empty pytest run.

`python -m benchmarks.contract_run` runs the two in turn and prints the ratio of each pair; the
run, which writes all its reports, may cost at most twice the wall time of the empty one.
Generated requests are left out.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAIRS = 7
"""How many pairs of runs are timed."""
FLOOR = 2.0
"""The most that the ratio may be."""
ROOT = Path(__file__).parent.parent


def seconds(*arguments: str) -> float:
    """Time one pytest run as a whole process."""
    started = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def main() -> int:
    """Print the ratios and their median; give 1 where the median is above the floor."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "test_empty.py"
        empty.write_text("def test_empty(): pass\n", encoding="utf-8")
        ratios = []
        for pair in range(PAIRS + 1):
            judging = ("contract_tests/test_contract.py", "--report-dir", folder)
            ratio = seconds(*judging) / seconds(str(empty))
            if pair:  # the first pair warms the caches up
                ratios.append(ratio)
                print(f"pair {pair}: {ratio:.2f}")
    median = statistics.median(ratios)
    print(f"median {median:.2f}, at most {FLOOR:.1f}")
    return int(median > FLOOR)


if __name__ == "__main__":
    sys.exit(main())
