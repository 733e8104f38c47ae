"""What a run leaves behind: whole files, whatever happens to it, and a word about every other."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contract.files import write_whole
from contract_tests.interruptions import deferred, terminate_as_interrupted
from contract_tests.reports.publishing import FORMATS
from tests.loopback import ROOT, environment, raw_server

REPORTS = {*FORMATS, "traffic.har"}
FULL = Path("/dev/full")
needs_a_full_disk = pytest.mark.skipif(
    not FULL.exists(), reason="only Linux has a disk that is full"
)


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.md"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)

    def full(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")

    assert [each.name for each in tmp_path.iterdir()] == ["report.md"]
    assert path.read_text(encoding="utf-8") == "old"
    monkeypatch.undo()
    write_whole(path, "新")
    assert (path.read_bytes().decode(), path.stat().st_mode & 0o777) == ("新", 0o640)


def test_what_a_link_leads_to_is_written_and_the_link_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "a" / "real", tmp_path / "link"
    target.parent.mkdir()
    link.symlink_to(target)

    write_whole(link, "x")

    assert (link.is_symlink(), target.read_text(encoding="utf-8")) == (True, "x")


def test_a_link_that_leads_to_itself_is_told_as_the_system_tells_it(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("link")

    with pytest.raises(OSError, match="levels of symbolic links"):
        write_whole(link, "x")

    assert link.is_symlink()


@needs_a_full_disk
def test_a_device_is_written_in_place() -> None:
    with pytest.raises(OSError, match="No space left"):
        write_whole(FULL, "x")
    write_whole(Path(os.devnull), "x")

    assert not Path(os.devnull).is_file()


def test_a_file_whose_folder_takes_no_other_is_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_text("old", encoding="utf-8")

    def busy(*_: object) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", busy)

    write_whole(path, "new")

    assert ([each.name for each in tmp_path.iterdir()], path.read_bytes()) == (["x"], b"new")


def run(*options: str) -> subprocess.CompletedProcess[str]:
    words = ["-m", "captcha_contract", "test", "--samples=2", *options]
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(),
    )


@needs_a_full_disk
def test_each_file_that_is_not_written_is_told_and_the_others_are_written(tmp_path: Path) -> None:
    (tmp_path / "report.html").symlink_to(FULL)
    (tmp_path / "report.md").mkdir()

    done = run("--report-dir", str(tmp_path), "--junitxml", str(FULL), "-k", "required")

    told = [line for line in done.stdout.splitlines() if "written" in line]
    assert (done.returncode, len(told), done.stderr) == (74, 3, "")
    assert json.loads((tmp_path / "report.json").read_bytes())["verdict"] == "conforms"
    assert "reports 报告: report.json, report.sarif, traffic.har in" in done.stdout


@needs_a_full_disk
def test_a_violation_is_told_even_if_its_report_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "report.html").symlink_to(FULL)
    body = b'{"request_id":"x","code":"000","msg":"x","data":{"img":1,"img_code_id":"x"}}'
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    answer = f"{head}\r\nConnection: close\r\n\r\n".encode() + body
    with raw_server(lambda connection: connection.sendall(answer)) as url:
        done = run("--base-url", url, "--report-dir", str(tmp_path), "-k", "img-type")

    assert (done.returncode, "report.html was not written" in done.stdout) == (1, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_early_reports_what_came_so_far(
    number: signal.Signals, tmp_path: Path
) -> None:
    seen: list[subprocess.Popen[str]] = []
    calls: list[None] = []

    def answer(connection: object) -> None:
        calls.append(None)
        if len(calls) == 3:
            seen[0].send_signal(number)
            return
        text = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        connection.sendall(text)  # type: ignore[attr-defined]

    with raw_server(answer) as url:
        words = ["test", "--base-url", url, "--samples=9", "--report-dir", str(tmp_path)]
        started = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "captcha_contract", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(),
        )
        seen.append(started)
        out, err = started.communicate(timeout=120)

    assert (started.returncode, err, "Traceback" in out) == (2, "", False)
    assert {each.name for each in tmp_path.iterdir()} == REPORTS
    report = json.loads((tmp_path / "report.json").read_bytes())
    assert (report["exit_status"], report["operations"][0]["samples"]) == (2, 2)


def test_signals_wait_until_the_reports_are_written() -> None:
    undo = terminate_as_interrupted()
    try:
        with deferred() as came:
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGINT)
            written = True
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    finally:
        undo()

    assert (written, came) == (True, [signal.SIGTERM, signal.SIGINT])
