"""How soon the mock server is ready, and how much memory it takes after many requests.

`python -m benchmarks.readiness` starts it as a process, beside a bare `import connexion`; then it
makes a hundred thousand calls and reads the resident memory on the way (Linux).
"""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from contract.spec.default import SPEC
from contract.spec.loading import load

LATER, MOST, GROWTH = 0.6, 90.0, 1.05
CALLS, CALLERS, STEPS = 100_000, 4, 4
PAIRS = 5


def imported() -> float:
    """Time a Python that only imports connexion."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import connexion"], check=True)
    return time.perf_counter() - started


def ready() -> tuple[float, subprocess.Popen[str], str]:
    """Start the server; give the seconds until its ready line, the process and its URL."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "mock_server", "-p", "0"], stdout=subprocess.PIPE, text=True
    )
    line = process.stdout.readline() if process.stdout else ""
    return time.perf_counter() - started, process, line.split()[-1]


def call(url: str, times: int) -> None:
    """Make the documented call this many times, over one connection."""
    operation = load(SPEC).operations[0]
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    for _ in range(times):
        connection.request(operation.method, operation.path, headers={"Content-Length": "0"})
        connection.getresponse().read()
    connection.close()


def megabytes(pid: int) -> float:
    """Read the resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def main() -> int:
    """Print the figures; give 1 where one is worse than it may be."""
    later = []
    for _ in range(PAIRS):
        bare = imported()
        seconds, process, _ = ready()
        process.terminate()
        process.wait()
        later.append(seconds - bare)
    print(f"ready {statistics.median(later):.2f} s after a bare import, at most {LATER}")
    _, process, url = ready()
    memory = [megabytes(process.pid)]
    for _ in range(STEPS):
        callers = [
            threading.Thread(target=call, args=(url, CALLS // STEPS // CALLERS))
            for _ in range(CALLERS)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        memory.append(megabytes(process.pid))
    process.terminate()
    process.wait()
    print("resident MB: " + ", ".join(f"{each:.1f}" for each in memory) + f", at most {MOST}")
    growth = memory[-1] / memory[STEPS // 2]
    print(f"growth over the second half {growth:.3f}, at most {GROWTH}")
    return int(statistics.median(later) > LATER or memory[-1] > MOST or growth > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
