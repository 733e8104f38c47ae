"""Saving the spec while the server serves it: a good save takes effect, a broken one does not."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.types import ASGIApp

from contract.spec.default import SPEC
from mock_server.app import application
from mock_server.captcha import Captchas
from mock_server.reloading import ReloadingApplication
from tests.loopback import started

CALL = "/oauth/api/account/getImgCode"
GOOD = SPEC.read_text(encoding="utf-8")
LINK = "        msg: {$ref: 'parts.yaml#/msg'}\n"


def other(word: str) -> str:
    """A good spec whose healthy answers say something else."""
    return GOOD.replace("msg: 成功", f"msg: {word}").replace("enum: [成功]", f"enum: [{word}]")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    shutil.copytree(SPEC.parent / "documents", tmp_path / "documents")
    shutil.copy(SPEC, tmp_path)
    return tmp_path / SPEC.name


class Process:
    """`python -m mock_server` on a spec of its own."""

    def __init__(self, spec: Path, *options: str) -> None:
        server = started(str(spec), *options, errors=subprocess.PIPE)
        self.process, self.url = server.process, server.url

    def msg(self) -> str:
        return str(httpx2.post(self.url + CALL).json()["msg"])

    def problem(self) -> str | None:
        told: str | None = httpx2.get(f"{self.url}/__admin/health").json()["spec"]["problem"]
        return told

    def told(self) -> str:
        """What it printed about its spec, once it is stopped."""
        self.process.terminate()
        return self.process.communicate(timeout=30)[1]


@pytest.fixture
def server(spec: Path) -> Iterator[Process]:
    started = Process(spec)
    yield started
    started.told()


def soon(condition: Callable[[], object], expected: object) -> bool:
    """Whether something comes true within some seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if condition() == expected:
            return True
        time.sleep(0.02)
    return False


def test_a_good_save_is_served(spec: Path, server: Process) -> None:
    spec.write_text(other("好的"), encoding="utf-8")

    assert soon(server.msg, "好的")
    assert "was read again" in server.told()


def test_a_broken_save_is_told_with_its_line_and_the_last_good_one_is_served(
    spec: Path, server: Process
) -> None:
    spec.write_text(GOOD.replace("paths:", "paths: ["), encoding="utf-8")

    assert soon(lambda: "is not YAML" in (server.problem() or ""), expected=True)
    assert server.msg() == "成功"
    spec.write_text(other("好的"), encoding="utf-8")
    assert soon(server.msg, "好的")
    assert server.problem() is None
    assert f"{spec.name}:" in server.told()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("openapi: 3.0.3", "openapi: 3.1", ":4:1: openapi is 3.1"),
        ("openapi: 3.0.3", "openapi: abc", ':4:1: openapi is "abc"'),
        ("x-mock: uuid", "x-mock: [a]", "52:11: x-mock ['a']"),
    ],
)
def test_no_save_ends_the_server(
    old: str, new: str, told: str, spec: Path, server: Process
) -> None:
    spec.write_text(GOOD.replace(old, new), encoding="utf-8")

    assert soon(lambda: told in (server.problem() or ""), expected=True)
    assert server.msg() == "成功"
    assert server.told().count("\n") == 1


def test_what_nobody_thought_of_is_a_problem_of_the_save_too(spec: Path) -> None:
    told: list[str] = []
    served = ReloadingApplication(spec, lambda read: application(read, Captchas("x")), told.append)

    def build(_: object) -> ASGIApp:
        raise KeyError("a\nb")

    served.build = build
    spec.write_text(other("好的"), encoding="utf-8")

    asyncio.run(served.reload_if_changed())

    assert told == [rf"{spec}: cannot be served: KeyError: 'a\nb'; the last good spec is served"]


def test_a_referenced_file_is_watched_too_and_one_that_was_missing_is_found(
    spec: Path, server: Process
) -> None:
    parts = spec.parent / "parts.yaml"
    linked = re.sub(r"(?m)^        msg:\n(          .*\n)+", LINK, GOOD, count=1)
    spec.write_text(linked, encoding="utf-8")
    assert soon(lambda: "parts.yaml" in (server.problem() or ""), expected=True)

    parts.write_text("msg: {type: string}\n", encoding="utf-8")
    assert soon(server.problem, expected=None)

    parts.write_text("msg: {type: strin}\n", encoding="utf-8")
    assert soon(lambda: server.problem() is not None, expected=True)


def test_fifty_saves_under_load_lose_no_request(spec: Path, server: Process) -> None:
    seen: list[tuple[int, str]] = []
    stopped = threading.Event()

    def load() -> None:
        with httpx2.Client() as client:
            while not stopped.is_set():
                answer = client.post(server.url + CALL)
                seen.append((answer.status_code, answer.json()["msg"]))

    callers = [threading.Thread(target=load) for _ in range(3)]
    for caller in callers:
        caller.start()
    for number in range(50):
        text = other(f"第{number}") if number % 2 else GOOD.replace("paths:", "paths: [")
        spec.write_text(text, encoding="utf-8")
        time.sleep(0.05)
    last = soon(server.msg, "第49")
    stopped.set()
    for caller in callers:
        caller.join()

    assert last
    assert {status for status, _ in seen} == {200}
    assert server.process.poll() is None


def test_workers_all_serve_a_good_save_and_tell_it_once(spec: Path) -> None:
    server = Process(spec, "--workers", "2")
    spec.write_text(other("好的"), encoding="utf-8")

    assert soon(lambda: {server.msg() for _ in range(10)}, {"好的"})
    assert server.told().count("was read again") == 1


def test_a_save_takes_effect_at_the_next_look(spec: Path) -> None:
    told: list[str] = []
    served = ReloadingApplication(spec, lambda read: application(read, Captchas("x")), told.append)
    spec.write_text(other("好的"), encoding="utf-8")

    asyncio.run(served.reload_if_changed())
    asyncio.run(served.reload_if_changed())

    assert "好的" in json.dumps(dict(served.spec.tree), ensure_ascii=False)
    assert told == [f"{spec} was read again"]
