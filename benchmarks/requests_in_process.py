"""What a captcha and a request cost in one process, each as a ratio to its floor in the same run.

`python -m benchmarks.requests_in_process`. A captcha may cost three times the bare JPEG encoding
of a picture of its size. A request is compared with an ASGI application that sends constant bytes,
and with specs of ten and a hundred operations, whose start is timed too.
"""

from __future__ import annotations

import asyncio
import gc
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from PIL import Image
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.spec.default import SPEC
from contract.spec.loading import load
from contract.spec.operations import Spec
from mock_server.answer_editing import JSON, Answer
from mock_server.answers.delivery import deliver
from mock_server.app import application
from mock_server.drawing.captcha import Captchas, Numbers
from mock_server.drawing.glyphs import PICTURE
from tests.in_process import http_scope

FLOOR = 3.0
TIMES, ROUNDS = 1000, 7
SIZES = (1, 10, 100)


def microseconds(action: Callable[[], object]) -> float:
    """Time one action, by the best of some rounds."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(TIMES):
            action()
        rounds.append((time.perf_counter() - started) / TIMES * 1e6)
    return min(rounds)


def of_a_request(app: ASGIApp, path: str) -> float:
    """Time one request through an application, its scope made as a server makes it."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_: Message) -> None:
        return None

    async def rounds() -> float:
        figures = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            for _ in range(TIMES):
                await app(scope(path), receive, send)
            figures.append((time.perf_counter() - started) / TIMES * 1e6)
        return min(figures)

    return asyncio.run(rounds())


def scope(path: str) -> Scope:
    """Make the scope of a documented call."""
    headers = [(b"host", b"127.0.0.1:4010"), (b"content-length", b"0")]
    return http_scope("POST", path.encode(), headers)


async def constant(_: Scope, __: Receive, send: Send) -> None:
    """Answer every request with the same bytes: the floor."""
    await deliver(Answer(200, JSON, b"x" * 2900), send)


def of_size(size: int, folder: Path) -> Spec:
    """Make a spec with this number of operations like ours."""
    tree = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    (path, item), *_ = tree["paths"].items()
    operation = item["post"]
    tree["paths"] = {
        f"{path}{number or ''}": {
            "post": {**operation, "operationId": f"{operation['operationId']}{number or ''}"}
        }
        for number in range(size)
    }
    file = folder / f"{size}.yaml"
    file.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    return load(file)


def main() -> int:
    """Print the figures; give 1 where a captcha costs more than it may."""
    captchas = Captchas("benchmark")
    numbers = Numbers(captchas)
    picture = Image.open(io.BytesIO(captchas.picture("6OPM6H"))).convert("RGB")
    if picture.size != PICTURE:
        raise SystemExit(f"a captcha is {picture.size}, not {PICTURE}")

    def encoded() -> None:
        picture.save(io.BytesIO(), "JPEG", quality=75)

    ratios = []
    for _ in range(3):
        floor, captcha = (
            microseconds(encoded),
            microseconds(lambda: captchas.picture(next(numbers))),
        )
        ratios.append(captcha / floor)
    print(f"bare encoding {floor:.0f} µs, captcha {captcha:.0f} µs")
    ratio = statistics.median(ratios)
    print(f"captcha / encoding {ratio:.2f}, at most {FLOOR:.1f}")

    gc.freeze()
    with tempfile.TemporaryDirectory() as folder:
        floor = of_a_request(constant, "/")
        print(f"bare ASGI request {floor:.1f} µs")
        for size in SIZES:
            spec = of_size(size, Path(folder))
            started = time.perf_counter()
            app = application(spec, captchas)
            start = (time.perf_counter() - started) * 1000
            last = spec.operations[-1].path
            print(
                f"{size:4} operations: ready in {start:4.0f} ms, the last one answers in "
                f"{of_a_request(app, last):.0f} µs"
            )
    return int(ratio > FLOOR)


if __name__ == "__main__":
    sys.exit(main())
