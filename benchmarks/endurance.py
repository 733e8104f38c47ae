"""Whether the mock server keeps answering, and its memory flat, under a steady load for minutes.

`python -m benchmarks.endurance` makes 300 calls a second for ten minutes over 20 connections that
are kept, while other clients misbehave all the time: they leave delayed calls, send garbage, heads
that never end, and pipelines. Every good call must be answered with 200 (Linux).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import sys
import time
from urllib.parse import urlsplit

from benchmarks.readiness import megabytes, ready
from contract.spec.default import SPEC
from contract.spec.loading import load

CALLERS, GROWTH, LOOKS = 20, 1.05, 20
PATH = load(SPEC).operations[0].path
GOOD = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n".encode()
HOSTILE = (
    GOOD.replace(b" HTTP", b"?__delay=600000 HTTP", 1),
    GOOD.replace(b" HTTP", b"?__fault=never-answers HTTP", 1),
    GOOD.replace(b"Content-Length: 0", b"Content-Length: 9"),
    GOOD.replace(b"Host", b"Prefer: a" + b" " * 16_000 + b"(\r\nHost"),
    b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 30_000,
    GOOD * 200,
    b"\x16\x03\x01\x00\xa5\x01",
)


class Tally:
    """What the callers have seen so far."""

    def __init__(self) -> None:
        self.answered = self.hostile = 0
        self.late = 0.0
        self.failures: list[str] = []


async def call(host: str, port: int, pause: float, until: float, tally: Tally) -> None:
    """Make a good call every so many seconds, over one connection."""
    loop = asyncio.get_running_loop()
    reader, writer = await asyncio.open_connection(host, port)
    due = loop.time() + random.random() * pause  # noqa: S311 - only spreads the callers
    while due < until:
        await asyncio.sleep(max(0.0, due - loop.time()))
        try:
            writer.write(GOOD)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            if head.startswith(b"HTTP/1.1 200 "):
                tally.answered += 1
            else:
                tally.failures.append(head[:40].decode("latin-1"))
        except (OSError, asyncio.IncompleteReadError) as error:
            tally.failures.append(repr(error))
            writer.close()
            reader, writer = await asyncio.open_connection(host, port)
        tally.late = max(tally.late, loop.time() - due)
        due += pause
    writer.close()


async def misbehave(host: str, port: int, until: float, tally: Tally) -> None:
    """Send one hostile thing after the other, and leave before the answer."""
    choices = random.Random(11)  # noqa: S311 - the same every time
    while asyncio.get_running_loop().time() < until:
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                _, writer = await asyncio.open_connection(host, port)
                writer.write(choices.choice(HOSTILE))
                await asyncio.sleep(0.2)
                tally.hostile += 1
                writer.transport.abort()


async def watch(pid: int, seconds: float) -> list[float]:
    """Read the memory of the server at equal distances."""
    memory = []
    for _ in range(LOOKS):
        await asyncio.sleep(seconds / LOOKS)
        memory.append(megabytes(pid))
    return memory


async def load_for(url: str, pid: int, rate: float, seconds: float) -> tuple[Tally, list[float]]:
    """Load a server for so long; give what was seen, and its memory on the way."""
    address, tally = urlsplit(url), Tally()
    host, port = str(address.hostname), int(address.port or 80)
    until = asyncio.get_running_loop().time() + seconds
    callers = [call(host, port, CALLERS / rate, until, tally) for _ in range(CALLERS)]
    watching = asyncio.create_task(watch(pid, seconds))
    await asyncio.gather(misbehave(host, port, until, tally), *callers)
    return tally, await watching


def main() -> int:
    """Print the figures; give 1 where a call failed or the memory grew."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.endurance")
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--seconds", type=float, default=600)
    arguments = parser.parse_args()
    _, process, url = ready()
    started = time.perf_counter()
    tally, memory = asyncio.run(load_for(url, process.pid, arguments.rate, arguments.seconds))
    elapsed = time.perf_counter() - started
    process.terminate()
    status = process.wait()
    print(
        f"{tally.answered} calls answered in {elapsed:.0f} s, {tally.answered / elapsed:.0f} a "
        f"second, the slowest {tally.late:.2f} s after it was due; {tally.hostile} hostile clients"
    )
    print(f"failures: {len(tally.failures)} {sorted(set(tally.failures))[:5]}; exit {status}")
    growth = memory[-1] / memory[LOOKS // 2]
    print("resident MB: " + ", ".join(f"{each:.1f}" for each in memory))
    print(f"growth over the second half {growth:.3f}, at most {GROWTH}")
    return int(bool(tally.failures) or status != 0 or growth > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
