"""The READMEs are true: their commands run, their tables are those of the registries."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from contract_tests import options
from contract.spec.vocabulary import EXTENSIONS
from tests.loopback import ROOT, environment, mock_server
from tests.readme import READMES, with_tables

HEADINGS = {
    "README.md": ("Two commands", "For CI", "For front-end developers", "For spec reviewers"),
    "README.zh-CN.md": ("两条命令", "CI", "前端开发", "契约评审"),
}
of_each_readme = pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)


def commands(readme: Path, section: int) -> list[str]:
    heading = HEADINGS[readme.name][section]
    text = readme.read_text(encoding="utf-8")
    found = re.search(rf"^## {heading}.*?^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1].splitlines()


def example(pattern: str) -> str:
    """Give the first example of a kind; both READMEs show the same, so it need be run but once."""
    flags = re.MULTILINE | re.DOTALL
    found = {re.findall(pattern, each.read_text(encoding="utf-8"), flags)[0] for each in READMES}
    (shown,) = found
    return str(shown)


def words(command: str, port: int) -> list[str]:
    """The command as it is run here: this Python, a free port instead of the usual one."""
    program, *arguments = shlex.split(command.replace(":4010", f":{port}"))
    if program == "pytest":
        return [sys.executable, "-m", "pytest", *arguments]
    if program == "python":
        arguments += ["-p", str(port)] if "mock_server" in arguments else []
        return [sys.executable, *arguments]
    return [program, *arguments]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert isinstance(port, int)
        return port


def run(command: str, port: int = 0, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the README's own commands
        words(command, port),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@of_each_readme
@pytest.mark.parametrize("section", [1, 2, 3], ids=["ci", "front-end", "reviewer"])
def test_each_user_needs_at_most_three_commands(readme: Path, section: int) -> None:
    assert 1 <= len(commands(readme, section)) <= 3


@pytest.mark.parametrize("section", range(4))
def test_both_readmes_give_the_same_commands(section: int) -> None:
    english, chinese = READMES

    assert commands(english, section) == commands(chinese, section)


def test_ci_runs_the_two_commands_as_they_are_written() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert set(commands(READMES[0], 0)) <= set(script)


def test_the_commands_for_ci_reach_for_the_environment_and_say_so_when_it_is_out_of_reach() -> None:
    with ThreadPoolExecutor() as pool:  # most of the time is waiting
        ran = list(pool.map(run, commands(READMES[0], 1)))

    assert [done.returncode for done in ran] == [69, 69]
    assert "https://test-etc.ebaas.com/oauth/api/account/getImgCode" in ran[0].stdout


def test_the_commands_for_front_end_developers_serve_and_break_captchas() -> None:
    start, curl, broken = commands(READMES[0], 2)
    port = free_port()
    answers = []
    for command in (start, broken):
        with subprocess.Popen(  # noqa: S603 - likewise
            words(command, port), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None
            assert f"listening on http://127.0.0.1:{port}" in server.stdout.readline()
            answers.append(run(curl, port).stdout)
            server.terminate()

    assert [answer[:14] for answer in answers] == ['{"request_id":'] * 2
    assert answers[0] != answers[1]


def test_the_requests_for_another_answer_get_it() -> None:
    requests = example(r"^```sh\n(curl .*?)^```")
    with mock_server() as url:
        where = url.removeprefix("http://")
        asked = [each.replace("localhost:4010", where) for each in requests.splitlines()]
        answers = [json.loads(run(command).stdout) for command in asked]

    assert ["img" in answer["data"] for answer in answers] == [False, False, True]
    assert answers[2]["data"]["img_code_id"] == "6OPM6H"


def test_the_settings_are_put_as_it_is_written() -> None:
    put = example(r"^curl -X PUT [^\n]*")

    with mock_server() as url:
        told = json.loads(run(put.replace("localhost:4010", url.removeprefix("http://"))).stdout)

    assert told["fault"] == "slow"


@pytest.mark.parametrize("number", range(3))
def test_the_commands_for_spec_reviewers_find_nothing_in_this_repository(
    number: int, tmp_path: Path
) -> None:
    command = commands(READMES[0], 3)[number]
    shutil.copytree(ROOT / "openapi", tmp_path / "openapi")  # one of them writes

    done = run(command, folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_recording_of_the_example_is_judged() -> None:
    judged = example(r"^pytest [^\n]*--from-har traffic\.har$")

    done = run(judged.replace("traffic.har", f"{ROOT}/tests/har/firefox.har"))

    assert (done.returncode, "judged from a recording" in done.stdout) == (0, True)


@of_each_readme
def test_every_option_of_the_contract_run_is_explained(readme: Path) -> None:
    parser = pytest.Parser(_ispytest=True)
    group = parser.getgroup("contract")
    options.declare(group)

    table = "".join(re.findall(r"^\| `--.*", readme.read_text(encoding="utf-8"), re.MULTILINE))
    names = [name for option in group.options for name in option.names()]
    assert [name for name in names if f"`{name}" not in table] == []


@of_each_readme
def test_what_a_readme_links_to_is_there(readme: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", readme.read_text(encoding="utf-8"))

    assert [link for link in links if not (ROOT / link).exists()] == []


@of_each_readme
def test_the_table_of_faults_is_that_of_the_registry(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")

    assert text == with_tables(text)


def test_the_sample_of_the_report_is_what_a_run_prints() -> None:
    sample = example(r"```text\n(.*?)```")

    assert sample in run("pytest contract_tests -p no:schemathesis").stdout


def test_every_key_of_the_vocabulary_is_explained_and_no_other() -> None:
    text = (ROOT / "openapi" / "README.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `(x-[\w-]+)`", text, re.MULTILINE)) == EXTENSIONS


def test_nothing_in_the_repository_names_a_registry_or_a_path_of_a_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607 - git, wherever it is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    hosts = "pypi|npmjs|debian"
    machine = "/root/|/work/|/home/"
    wrong = [
        name
        for name in listed
        if re.search(
            rf"(?:{hosts})\.(?:org|com)|(?:^|[\s\"'=]){machine}".encode(),
            (ROOT / name).read_bytes(),
        )
        and name != "tests/test_readme.py"
    ]

    assert wrong == []
