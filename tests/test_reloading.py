"""Saving the spec while the server serves it: a good save takes effect, a broken one does not."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from contract.spec.default import SPEC
from contract.spec.operations import Spec
from mock_server.app import SpecApplication, application
from mock_server.contract_page import PAGE, ContractPage
from mock_server.drawing.captcha import Captchas
from mock_server.serving.reloading import ReloadingApplication
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

    def __init__(self, spec: Path, *options: str, errors: int = subprocess.PIPE) -> None:
        server = started(str(spec), *options, errors=errors)
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


@pytest.mark.parametrize("errors", ["full", "read by nobody"])
def test_no_save_ends_a_server_whose_complaints_nobody_takes(errors: str, spec: Path) -> None:
    server = _complaining_to(errors, spec)
    spec.write_text(GOOD.replace("paths:", "paths: ["), encoding="utf-8")

    assert soon(lambda: "is not YAML" in (server.problem() or ""), expected=True)
    spec.write_text(other("好的"), encoding="utf-8")
    assert soon(server.msg, "好的")
    server.process.terminate()
    server.process.communicate(timeout=30)
    assert server.process.returncode == 0


def _complaining_to(errors: str, spec: Path) -> Process:
    if errors == "full":
        with Path("/dev/full" if Path("/dev/full").exists() else os.devnull).open("w") as full:
            return Process(spec, errors=full.fileno())
    server = Process(spec, errors=subprocess.PIPE)
    assert server.process.stderr is not None
    server.process.stderr.close()
    return server


def test_what_is_told_of_a_save_controls_no_terminal_and_commands_no_ci(
    spec: Path, server: Process
) -> None:
    spec.write_text(
        GOOD + 'externalDocs: {$ref: "\\e[31m\\n::error::none.yaml"}\n', encoding="utf-8"
    )

    assert soon(lambda: "cannot be read" in (server.problem() or ""), expected=True)
    told = server.told()
    assert ("\x1b" in told, told.count("\n"), r"\x1b[31m\n" in told) == (False, 1, True)


def test_what_nobody_thought_of_is_a_problem_of_the_save_too(spec: Path) -> None:
    told: list[str] = []
    served = ReloadingApplication(spec, lambda read: application(read, Captchas("x")), told.append)

    def build(_: object) -> SpecApplication:
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


def test_a_save_of_a_new_file_while_the_spec_is_read_is_not_missed(spec: Path) -> None:
    parts = spec.parent / "parts.yaml"

    def build(read: Spec) -> SpecApplication:
        if parts.exists():
            parts.write_text("msg: {type: strin}\n", encoding="utf-8")
        return application(read, Captchas("x"))

    served = ReloadingApplication(spec, build, lambda _: None)
    parts.write_text("msg: {type: string}\n", encoding="utf-8")
    linked = re.sub(r"(?m)^        msg:\n(          .*\n)+", LINK, GOOD, count=1)
    spec.write_text(linked, encoding="utf-8")
    asyncio.run(served.reload_if_changed())
    assert served.problem is None

    asyncio.run(served.reload_if_changed())

    assert "parts.yaml" in (served.problem or "")


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


# What is no file, or no spec of any use

Spoil = Callable[[Path], object]


def _linked(to: str) -> Spoil:
    def spoil(spec: Path) -> None:
        spec.unlink()
        spec.symlink_to(to)

    return spoil


def _replaced(make: Spoil) -> Spoil:
    def spoil(spec: Path) -> None:
        spec.unlink()
        make(spec)

    return spoil


def _written(text: str) -> Spoil:
    return lambda spec: spec.write_text(text, encoding="utf-8")


def _laughing() -> str:
    levels = ["x-l0: &l0 {a: lol}"]
    for level in range(1, 12):
        names = ", ".join(f"k{number}: *l{level - 1}" for number in range(9))
        levels.append(f"x-l{level}: &l{level} {{{names}}}")
    return GOOD + "\n".join(levels) + "\n"


SPOILT: dict[str, tuple[Spoil, str]] = {
    "a link to itself": (_linked("openapi.yaml"), "cannot be read: Too many levels of symbolic"),
    "a link to nothing": (_linked("nothing.yaml"), "cannot be read: No such file"),
    "a link to a device without an end": (_linked("/dev/zero"), "a pipe, a device or a socket"),
    "a link to a terminal": (_linked("/dev/tty"), "cannot be read: it is a pipe, a device"),
    "a link to a folder": (_linked("."), "cannot be read: it is a directory"),
    "a folder": (_replaced(Path.mkdir), "cannot be read: it is a directory"),
    "a pipe that nobody writes to": (_replaced(os.mkfifo), "cannot be read: it is a pipe"),
    "nothing any more": (Path.unlink, "cannot be read: No such file"),
    "empty": (_written(""), "must be a mapping"),
    "too large": (_written(GOOD + "#" * (8 << 20)), "cannot be read: it has more than 8 MiB"),
    "too many values": (_written(GOOD + "x-a: [" + "0," * 20_001 + "]\n"), "has more than"),
    "aliases of aliases": (_written(_laughing()), "its aliases repeat more than"),
    "a reference to a device": (
        _written(re.sub(r"\$ref: .*", "$ref: /dev/zero", GOOD)),
        "$ref /dev/zero leads out of the folder of the spec",
    ),
    "a tag of another language": (_written(GOOD + "x-a: !!python/name:os.kill\n"), "the tag"),
    "a name that no file has": (_written(GOOD + 'externalDocs: {$ref: "a\\0b"}\n'), "null"),
    "half a character": (
        _written(GOOD.replace("图片编号", '"\\ud800"')),
        "half of a surrogate pair is no character",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_the_last_good_spec_is_served_whatever_the_file_becomes_until_it_is_mended(
    name: str, spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contract.spec.yaml_text.MAX_NODES", 20_000)
    told: list[str] = []
    served = ReloadingApplication(spec, lambda read: application(read, Captchas("x")), told.append)
    page = ContractPage(spec)
    spoil, problem = SPOILT[name]

    spoil(spec)
    asyncio.run(served.reload_if_changed())
    spoilt, why = asyncio.run(page.answer(PAGE)), served.problem
    operations = served.spec.operations
    _remove(spec)
    spec.write_text(other("好的"), encoding="utf-8")
    asyncio.run(served.reload_if_changed())
    mended = asyncio.run(page.answer(PAGE))

    assert [each.id for each in operations] == ["getImgCode"]
    assert problem in (why or "")
    assert (spoilt.status, mended.status) == (200, 200)
    assert (served.problem, "好的" in json.dumps(served.spec.tree, ensure_ascii=False)) == (
        None,
        True,
    )


def _remove(spec: Path) -> None:
    if spec.is_dir() and not spec.is_symlink():
        spec.rmdir()
    else:
        spec.unlink(missing_ok=True)


def test_a_spec_that_may_not_be_read_is_a_problem_of_the_save_too(
    spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = ReloadingApplication(spec, lambda read: application(read, Captchas("x")), print)

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    spec.write_text(other("好的"), encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr("os.open", refuse)
        asyncio.run(served.reload_if_changed())

    assert served.problem == f"{spec}: cannot be read: Permission denied"


@pytest.mark.parametrize("name", ["a link to itself", "a pipe that nobody writes to"])
def test_no_file_keeps_the_server_from_telling_why_and_from_ending(
    name: str, spec: Path, server: Process
) -> None:
    spoil, problem = SPOILT[name]
    spoil(spec)

    assert soon(lambda: problem in (server.problem() or ""), expected=True)
    assert server.msg() == "成功"
    assert httpx2.get(f"{server.url}/__page/contract").status_code == 200
    _remove(spec)
    spec.write_text(other("好的"), encoding="utf-8")
    assert soon(server.msg, "好的")
    server.told()
    assert server.process.returncode == 0


def test_what_takes_long_to_refuse_is_tried_the_more_seldom(
    spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, tries = 0.0, 0
    served = ReloadingApplication(spec, lambda read: application(read, Captchas("x")), print)

    def slow(_: object) -> SpecApplication:
        nonlocal now, tries
        now, tries = now + 5, tries + 1
        raise KeyError

    served.build = slow
    monkeypatch.setattr("mock_server.serving.reloading.time.monotonic", lambda: now)
    spec.write_text(other("好的"), encoding="utf-8")
    for _ in range(210):
        asyncio.run(served.reload_if_changed())
        now += 1

    assert tries == 3
