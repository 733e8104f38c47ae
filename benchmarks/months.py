"""How long `compare FOLDER` takes over 5,000 generated reports, and whether it tells them rightly.

`python -m benchmarks.months` writes months of runs of two operations in two environments from a
seed, with breaks, a claim that wavers, drifts, slow weeks, outages and new members, compares the
folder as a whole process, and holds what it tells to what was injected. `--reports` and `--seed`
choose others, `--keep FOLDER` keeps the reports and the page.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from contract.spec.default import SPEC
from contract.spec.loading import load
from contract_tests.months.history import history
from contract_tests.months.months import months
from contract_tests.months.report_store import StoredReports
from tests.generated_months import Injection, Platform, differs, store

SECONDS, MEGABYTES, PAGE = 20.0, 300, 5.0
"""What 5,000 reports may take: seconds, memory, and megabytes of the page."""

ENVIRONMENTS = ("test", "dev")
_PLATFORM = Path(__file__).parent.parent / "tests" / "platform" / "openapi.yaml"


def injections(turns: int, random_: random.Random) -> list[Injection]:
    """Choose what happens in so many runs of each environment, each at a time of its own."""

    def during(low: float, high: float, length: int) -> tuple[int, int]:
        first = round(turns * random_.uniform(low, high))
        return first, first + length

    short, long = max(4, turns // 100), max(10, turns // 20)
    share = random_.uniform(0.05, 0.3)
    down = during(0.42, 0.45, random_.randrange(1, 5))
    later = during(0.62, 0.65, random_.randrange(2, 20))
    return [
        Injection("number missing", 0, "test", *during(0.1, 0.14, short)),
        Injection("one number", 0, "test", *during(0.2, 0.24, 3)),
        Injection("picture a PNG", 0, "test", *during(0.3, 0.34, long)),
        Injection("down", 0, "test", *down),
        Injection("down", 1, "test", *down),
        Injection("down", 0, "dev", *later),
        Injection("down", 1, "dev", *later),
        Injection("undocumented member", 0, "test", during(0.8, 0.84, 1)[0], None),
        Injection("number longer", 0, "dev", *during(0.3, 0.34, long)),
        Injection("message in English", 0, "dev", *during(0.1, 0.14, short)),
        Injection("picture larger", 0, "dev", during(0.9, 0.94, 1)[0], None),
        Injection("total missing", 1, "test", during(0.92, 0.95, 1)[0], None),
        Injection("slow", 1, "test", *during(0.2, 0.24, long)),
        Injection("slow", 1, "dev", *during(0.4, 0.44, long)),
        Injection("total a text", 1, "dev", during(0.1, 0.14, 1)[0], None, share),
        Injection("plates shorter", 1, "test", *during(0.7, 0.74, long)),
        Injection("page new", 1, "test", *during(0.5, 0.54, long)),
        Injection("message gone", 1, "dev", *during(0.52, 0.56, short)),
        Injection("coupons never", 1, "dev", *during(0.8, 0.84, long)),
    ]


def main() -> int:
    """Print the figures; give 1 where they are above their most, or something is told wrongly."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.months")
    parser.add_argument("--reports", type=int, default=5000, metavar="N")
    parser.add_argument("--seed", default="2026", metavar="TEXT")
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        return _measured(arguments.keep or Path(name), arguments.reports, arguments.seed)


def _measured(folder: Path, reports: int, seed: str) -> int:
    platform = Platform([load(SPEC).operations[0], load(_PLATFORM).operations[0]])
    turns = reports // len(ENVIRONMENTS)
    injected = injections(turns, random.Random(seed))  # noqa: S311 - no secret
    written, page = folder / "reports", folder / "months.html"
    store(
        written,
        platform,
        injected,
        count=reports,
        seed=seed,
        environments=ENVIRONMENTS,
        apart=timedelta(hours=3),
    )
    size = sum(path.stat().st_size for path in written.rglob("*.json"))
    print(f"{reports} reports, {size / 1e6:.0f} MB, {len(injected)} changes injected")
    words = ("compare", str(written), "--format", "html", "--output", str(page))
    seconds, own, megabytes = _cost(words)
    large = page.stat().st_size / 1e6
    print(f"{seconds:.1f} s, {own:.1f} s of the processor, {megabytes:.0f} MB; page {large:.2f} MB")
    wrong = differs(months(history("reports", StoredReports(written))), platform, injected)
    shown = page.read_text(encoding="utf-8")
    data = json.loads(shown.partition('id="data">')[2].partition("</script>")[0])
    print(f"{len(data['episodes'])} episodes on the page; told wrongly: {len(wrong)}")
    for each in wrong:
        print(f"  {each}")
    above = seconds > SECONDS or megabytes > MEGABYTES or large > PAGE
    return int(bool(wrong) or above)


def _cost(words: tuple[str, ...]) -> tuple[float, float, float]:
    """Measure a command as a whole process: seconds, those of the processor, megabytes."""
    root = Path(__file__).parent.parent
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "captcha_contract", *words],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    took = time.perf_counter() - started
    return took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
