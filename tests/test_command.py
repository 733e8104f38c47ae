"""`captcha-contract`: one command, on any console, for any spec."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import captcha_contract
from contract import __version__
from contract.registry import Entry
from contract.spec.loading import load
from tests.loopback import ROOT, environment, python

DOCUMENT = ROOT / "openapi" / "documents" / "getImgCode.md"


def run(*words: str) -> int:
    try:
        return captcha_contract.main(words)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1


# Help


@pytest.mark.parametrize("name", captcha_contract.COMMANDS)
def test_every_command_is_listed_and_has_a_help_of_its_own(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    statuses = run("--help"), run(name, "--help")

    printed = capsys.readouterr().out
    assert (statuses, f"  {name} " in printed, f"usage: captcha-contract {name}" in printed) == (
        (0, 0),
        True,
        True,
    )


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    run("--version")

    assert capsys.readouterr().out == f"captcha-contract {__version__}\n"


@pytest.mark.parametrize("words", [(), ("chekc",), ("check", "--nonsense")])
def test_wrong_usage_is_said_in_a_line_and_ends_with_2(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(*words)

    assert (status, "usage: captcha-contract" in capsys.readouterr().err) == (2, True)


def test_a_command_that_is_misspelt_is_answered_with_what_it_may_be_meant_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = run("comapre", "a", "b")

    assert (status, "did you mean compare?" in capsys.readouterr().err) == (2, True)


# Explaining


def every_entry() -> list[tuple[str, Entry]]:
    return [
        (f"{kind}: {name}", entry)
        for kind, entries in captcha_contract.registries().items()
        for name, entry in entries.items()
    ]


@pytest.mark.parametrize(
    "entry", [entry for _, entry in every_entry()], ids=[name for name, _ in every_entry()]
)
def test_every_name_is_explained_in_both_languages(entry: Entry) -> None:
    sentences = entry.english.strip(), entry.chinese.strip()

    in_chinese = any("\u4e00" <= character <= "\u9fff" for character in entry.chinese)
    assert (all(sentences), in_chinese) == (True, True)


def test_a_name_of_several_registries_is_explained_once_for_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = run("explain", "required")

    printed = capsys.readouterr().out
    assert (status, "required (check)" in printed, "required (review rule)" in printed) == (
        0,
        True,
        True,
    )


def test_the_id_of_a_finding_is_explained_by_the_name_that_it_ends_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = run("explain", "getImgCode-img_code_id-names-one-picture")

    assert (status, capsys.readouterr().out.startswith("names-one-picture (check)")) == (0, True)


def test_an_unknown_name_is_answered_with_those_that_it_may_be_meant_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = run("explain", "max-lenght")

    assert (status, "did you mean max-length" in capsys.readouterr().err) == (2, True)


def test_without_a_name_every_name_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    run("explain")

    lines = capsys.readouterr().out.splitlines()
    printed = {name for line in lines for name in line.strip().rstrip(",").split(", ")}
    names = {entry.name for _, entry in every_entry()}
    assert names - printed == set()


# Which spec


def copied(folder: Path) -> Path:
    shutil.copytree(ROOT / "openapi", folder, ignore=shutil.ignore_patterns("*.py", "*.pyc"))
    return folder / "openapi.yaml"


def test_the_spec_is_the_named_one_else_that_of_the_variable_else_that_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run("check")
    copied(tmp_path / "openapi")
    run("check")
    monkeypatch.setenv("CAPTCHA_CONTRACT_SPEC", str(copied(tmp_path / "of-the-variable")))
    run("check")
    run("check", "--spec", str(copied(tmp_path / "named")))

    packaged, folder, variable, named = capsys.readouterr().out.splitlines()
    assert (
        "packaged" in packaged,
        "openapi/openapi.yaml" in folder,
        "of-the-variable" in variable,
        "named/openapi.yaml" in named,
    ) == (True, True, True, True)


def test_two_specs_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    status = run("check", "openapi/openapi.yaml", "--spec", "other.yaml")

    assert (status, "give one spec" in capsys.readouterr().err) == (2, True)


def test_the_contract_run_and_its_generated_requests_take_the_named_spec(tmp_path: Path) -> None:
    spec = copied(tmp_path / "elsewhere")
    text = spec.read_text(encoding="utf-8").replace("operationId: getImgCode", "operationId: mine")
    spec.write_text(text, encoding="utf-8")

    done = python("-m", "pytest", "contract_tests", "-v", "--spec", str(spec))

    seen = ("test_claim[mine-img-required]" in done.stdout, "getImgCode-" in done.stdout)
    assert (done.returncode, seen) == (0, (True, False)), done.stdout


# Where a derived spec goes


def test_a_derived_spec_is_written_in_utf_8_with_links_from_where_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "deep" / "down" / "openapi.yaml"

    status = run("derive", str(DOCUMENT), "--output", str(output))

    document = load(output).operations[0].document
    assert document is not None
    assert (status, document.resolve(), "获取图形验证码" in output.read_text(encoding="utf-8")) == (
        0,
        DOCUMENT,
        True,
    )
    assert capsys.readouterr().out == f"written: {output}\n"


def test_a_hyphen_is_standard_output(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    run("derive", str(DOCUMENT), "--output", "-")
    run("derive", str(DOCUMENT))

    printed = capsysbinary.readouterr().out
    assert printed[: len(printed) // 2] * 2 == printed


# Consoles


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("check", "tests/platform/openapi.yaml"),
        ("explain", "required"),
        ("--help",),
        ("derive", "tests/documents/contradictory.md"),
        ("diff", "openapi/openapi.yaml", "tests/platform/openapi.yaml"),
    ],
    ids=" ".join,
)
def test_no_console_ends_a_command(encoding: str, words: tuple[str, ...]) -> None:
    done = python("-m", "captcha_contract", *words, PYTHONIOENCODING=f"{encoding}:strict")

    assert (done.returncode in {0, 1}, "Traceback" in done.stderr) == (True, False), done.stderr


def test_json_is_utf_8_on_every_console() -> None:
    words = ("-m", "captcha_contract", "diff", "openapi/openapi.yaml")
    other = "tests/platform/openapi.yaml"

    done = python(*words, other, "--format", "json", PYTHONIOENCODING="ascii:strict")

    assert "接口被删除" in done.stdout


def test_a_contract_run_ends_well_on_a_console_of_ascii() -> None:
    done = python("-m", "pytest", "contract_tests", LC_ALL="C", PYTHONUTF8="0")

    assert (done.returncode, "Traceback" in done.stdout + done.stderr) == (0, False), done.stdout


def test_a_contract_run_of_the_embedded_server_passes_by_every_proxy() -> None:
    proxies = {"HTTP_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "socks5://127.0.0.1:9"}

    done = python("-m", "pytest", "contract_tests", NO_PROXY="", no_proxy="", **proxies)

    assert done.returncode == 0, done.stdout


def test_a_document_on_another_drive_is_refused_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def no_way(*_: object) -> str:
        raise ValueError("path is on mount 'C:', start on mount 'D:'")

    monkeypatch.setattr("os.path.relpath", no_way)  # as on Windows

    status = run("derive", str(DOCUMENT), "--output", str(tmp_path / "openapi.yaml"))

    refusal = capsys.readouterr().err
    assert (status, refusal.count("\n"), "another drive" in refusal) == (2, 1, True)


def test_no_command_changes_what_a_broken_pipe_does_to_its_process() -> None:
    before = signal.getsignal(signal.SIGPIPE)

    run("check")

    assert signal.getsignal(signal.SIGPIPE) == before


@pytest.mark.parametrize(("name", "status"), [("mock", 0), ("check", 130), ("test", 130)])
def test_ctrl_c_while_a_command_loads_ends_it_without_a_traceback(
    name: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(captcha_contract, "_foreign_package", interrupted)

    assert run(name) == status


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (RuntimeError("x"), 3),
        (OSError(28, "No space left on device"), 74),
        (BrokenPipeError(32, "Broken pipe"), 74),
    ],
    ids=["broken-down", "disk-full", "reader-gone"],
)
def test_a_contract_run_that_breaks_down_blames_nobody(
    problem: Exception,
    expected: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise problem

    monkeypatch.setattr(pytest, "main", broken)

    status = run("test")

    assert (status, capsys.readouterr().err.count("\n")) == (expected, 1)


def test_a_contract_run_that_nobody_reads_has_no_verdict_and_is_no_bug() -> None:
    reader, writer = os.pipe()
    os.close(reader)

    run = subprocess.run(
        [sys.executable, "-m", "captcha_contract", "test", "-k", "img-required"],
        stdout=writer,
        stderr=writer,
        check=False,
        cwd=ROOT,
        env=environment(),
    )

    os.close(writer)
    assert run.returncode == 74


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
@pytest.mark.parametrize("words", [["explain"], ["check"], ["mock", "--port=0"], ["test"]])
def test_a_full_disk_is_told_in_one_line(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "captcha_contract", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=ROOT,
            env=environment(),
        )

    program = "mock_server" if "mock" in words else "captcha-contract"
    told = f"{program}: standard output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (74, told)
