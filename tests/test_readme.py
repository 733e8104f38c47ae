"""The READMEs and the pages of `docs/` are true: their commands run, their links lead somewhere.

An example in a `console` block is run by a test here, once; one in an `sh` block needs what a test
has not (a network, other programs), and is only looked at.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

import captcha_contract
from contract.spec.vocabulary import EXTENSIONS
from contract_tests import options
from tests.documentation import PAGES, WORDS
from tests.generated_runs import write_a_run
from tests.loopback import ROOT, environment, mock_server, python

CHINESE = {
    page: page.with_suffix(".zh-CN.md")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if page.with_suffix(".zh-CN.md").exists()
}
"""Every page that there is in two languages: the English one, and its twin."""
READMES = (ROOT / "README.md", CHINESE[ROOT / "README.md"])
INDEXES = (ROOT / "docs" / "README.md", CHINESE[ROOT / "docs" / "README.md"])
LISTS = (*PAGES, WORDS)
OTHERS = [
    *(ROOT / "docs" / name for name in LISTS),
    *(ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *(ROOT / name for name in ("SECURITY.md", "openapi/README.md", "benchmarks/README.md")),
]
EVERY_PAGE = [*CHINESE, *CHINESE.values(), *OTHERS]
SECTIONS = (
    "Two commands",
    "For CI",
    "For front-end developers",
    "For spec reviewers",
    "Your own documents",
    "What a name means",
)

of_each_page = pytest.mark.parametrize(
    "page", EVERY_PAGE, ids=lambda path: str(path.relative_to(ROOT))
)
of_each_english_page = pytest.mark.parametrize("english", CHINESE, ids=lambda path: path.stem)
SETUP, CI, FRONT_END, REVIEWERS, OWN_DOCUMENTS = range(5)


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def own_text(page: Path) -> str:
    """A page without the documents that it shows whole, each in a fence of four."""
    return re.sub(r"^````\w*\n.*?^````$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)


def blocks(page: Path, *kinds: str) -> list[tuple[str, str]]:
    """The fenced blocks of a page as kind and text; of all kinds where none is named."""
    found = re.findall(r"^```(\w*)\n(.*?)^```", own_text(page), re.MULTILINE | re.DOTALL)
    return [(kind, text) for kind, text in found if not kinds or kind in kinds]


def commands(section: int) -> list[str]:
    """The commands of a section of the README."""
    after = text_of(READMES[0]).partition(f"\n## {SECTIONS[section]}")[2]
    found = re.search(r"^```console\n(.*?)^```", after, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1].splitlines()


def files_of_the_repository() -> list[str]:
    return subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],  # noqa: S607 - git, wherever it is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()


IN_THEIR_ORDER = ROOT / "docs" / "front-end.md"
"""The page whose requests are one story: each finds what the ones before it left."""


def every_example() -> list[str]:
    """The lines of every console block, each once."""
    pages = [page for page in CHINESE if page != IN_THEIR_ORDER]
    lines = [
        line for page in pages for _, text in blocks(page, "console") for line in text.split("\n")
    ]
    return list(dict.fromkeys(line for line in lines if line and line not in commands(SETUP)))


OUT_OF_REACH = [line for line in every_example() if re.search(r"--target \S*test|://", line)]
"""The examples that call what no test may reach."""
SERVERS = [line for line in every_example() if re.fullmatch("captcha-contract mock(?! --).*", line)]
REQUESTS = [line for line in every_example() if line.startswith("curl ")]
OF_THIS_REPOSITORY = [
    line
    for line in every_example()
    if line not in {*OUT_OF_REACH, *SERVERS, *REQUESTS, *commands(OWN_DOCUMENTS)}
]


def words(command: str) -> list[str]:
    """The command as it is run here: by this Python."""
    program, *arguments = shlex.split(command)
    if program == "captcha-contract":
        return [sys.executable, "-m", "captcha_contract", *arguments]
    return [sys.executable if program == "python" else program, *arguments]


def run(command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the documentation's own commands
        words(command),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert isinstance(port, int)
        return port


# The README's form


def test_both_readmes_have_200_lines_at_most() -> None:
    assert [page.name for page in READMES if len(text_of(page).splitlines()) > 200] == []


@pytest.mark.parametrize("section", [CI, FRONT_END, REVIEWERS])
def test_each_user_needs_three_commands_at_most(section: int) -> None:
    assert 1 <= len(commands(section)) <= 3


@of_each_english_page
def test_both_languages_give_the_same_examples(english: Path) -> None:
    kinds = ("console", "sh", "bash", "powershell", "bat", "yaml", "groovy", "js", "python", "text")

    assert blocks(english, *kinds) == blocks(CHINESE[english], *kinds)


@of_each_english_page
def test_both_languages_have_the_same_sections_and_tables(english: Path) -> None:
    forms = [
        re.findall(r"^#+|^\|(?=[^\n]*\|$)", text_of(page), re.MULTILINE)
        for page in (english, CHINESE[english])
    ]

    assert forms[0] == forms[1]


def test_ci_runs_the_two_commands_as_they_are_written() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert set(commands(SETUP)) <= set(script)


def test_the_commands_for_windows_are_the_same_two() -> None:
    ours = [
        line.replace("python3", "py -3").replace(".venv/bin/", ".venv\\Scripts\\")
        for line in commands(SETUP)
    ]
    page = ROOT / "docs" / "installing.md"
    powershell, cmd = (text.splitlines() for _, text in blocks(page, "powershell", "bat"))

    assert powershell == [line.replace(" && ", "; ") for line in ours]
    assert cmd == [line.replace("'", '"') for line in ours]


def test_what_tests_do_not_run_is_about_installing_and_deploying_only() -> None:
    lines = [
        line for page in CHINESE for _, text in blocks(page, "sh") for line in text.splitlines()
    ]

    assert {line.split()[0] for line in lines} <= {
        "pip",
        "pipx",
        "uvx",
        "mkcert",
        "docker",
        "kubectl",
    }


@of_each_page
def test_the_json_and_the_yaml_that_a_page_shows_can_be_read(page: Path) -> None:
    for _, text in blocks(page, "json"):
        json.loads(text)
    for _, text in blocks(page, "yaml"):
        yaml.safe_load(text)


# Examples that end by themselves


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of this repository, and a recording, in a git repository of their own."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "openapi", folder / "openapi")
    shutil.copy(ROOT / "tests" / "har" / "firefox.har", folder / "traffic.har")
    for day in ("yesterday", "today"):
        write_a_run(folder / day / "report.json", day)
        write_a_run(folder / "reports" / day / "report.json", day)
    (folder / "waivers.yaml").write_text("# none yet\n", encoding="utf-8")
    (folder / "check.json").write_text('{"spec": "a.yaml", "findings": []}', encoding="utf-8")
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for step in (["init", "-q", "-b", "main"], ["add", "."], [*who, "commit", "-qm", "all"]):
        subprocess.run(["git", *step], cwd=folder, check=True)  # noqa: S603, S607 - git, as it is
    return folder


@pytest.mark.parametrize("command", OF_THIS_REPOSITORY)
def test_an_example_finds_nothing_wrong_in_this_repository(command: str, clone: Path) -> None:
    done = run(command, clone)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_examples_for_ci_say_what_is_out_of_reach() -> None:
    with ThreadPoolExecutor() as pool:  # they mostly wait
        done = list(pool.map(run, OUT_OF_REACH))

    assert [each.returncode for each in done] == [69] * 4
    assert "https://test-etc.ebaas.com/oauth/api/account/getImgCode" in done[0].stdout


def test_a_document_of_ones_own_is_served_and_judged_in_its_folder(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "documents" / "listCities.md", tmp_path)

    done = [run(command, tmp_path) for command in commands(OWN_DOCUMENTS)]

    assert [each.returncode for each in done] == [0, 0, 0], [each.stderr for each in done]
    assert "listCities: conforms" in done[-1].stdout


def test_the_finding_that_is_shown_is_what_check_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "openapi", tmp_path / "openapi")
    document = tmp_path / "openapi" / "documents" / "getImgCode.md"
    changed = text_of(document).replace("图片编号", "图片号码")
    document.write_text(changed, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    status = captcha_contract.main(["check"])

    ((_, shown),) = blocks(ROOT / "docs" / "reviewing.md", "text")
    assert (status, capsys.readouterr().out) == (1, shown)


def test_the_sample_of_the_report_is_what_a_run_prints() -> None:
    printed = python("-m", "pytest", "contract_tests", "-p", "no:schemathesis").stdout

    ((_, shown),) = blocks(READMES[0], "text")
    assert shown in printed


@pytest.mark.parametrize(
    ("status", "expected", "warns"), [(0, 0, False), (1, 1, False), (4, 4, False), (69, 0, True)]
)
def test_the_job_for_ci_tells_a_broken_environment_from_a_broken_contract(
    tmp_path: Path, status: int, expected: int, *, warns: bool
) -> None:
    ((_, text),) = blocks(READMES[0], "yaml")
    script = yaml.safe_load(text)["contract"]["steps"][-1]["run"]
    stand_in = tmp_path / ".venv" / "bin" / "captcha-contract"
    stand_in.parent.mkdir(parents=True)
    stand_in.write_text(f"#!/bin/sh\nexit {status}\n", encoding="utf-8")
    stand_in.chmod(0o755)

    # As GitHub Actions runs a step.
    bash = ["bash", "-e", "-c", script]
    done = subprocess.run(bash, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.returncode, "::warning::" in done.stdout) == (expected, warns)


# Examples of the mock server


@pytest.mark.parametrize("command", SERVERS)
def test_a_server_of_the_examples_serves_captchas(command: str) -> None:
    port = free_port()
    with subprocess.Popen(  # noqa: S603 - likewise
        [*words(command), "-p", str(port)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        server.terminate()

    assert f"listening on http://127.0.0.1:{port}" in line
    assert "--seed 7" not in command or "seed 7, fault picture-half-grey" in line


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with mock_server() as url:
        yield url.removeprefix("http://")


@pytest.mark.parametrize("command", REQUESTS)
def test_a_request_of_the_examples_gets_what_it_asks_for(command: str, address: str) -> None:
    answer = json.loads(run(command.replace("localhost:4010", address)).stdout)

    if "settings" in command:
        assert answer["fault"] == "slow"
        run(f"curl -s -X POST {address}/__admin/reset")
    elif "requests" in command:
        assert answer.keys() & {"requests", "count"}
    else:
        assert ("img" in answer["data"]) is ("row-missing" not in command)
        assert (answer["data"]["img_code_id"] == "6OPM6H") is ("documented" in command)


def test_the_requests_of_front_end_work_are_answered_in_their_order_as_the_page_says() -> None:
    lines = [line for _, text in blocks(IN_THEIR_ORDER, "console") for line in text.splitlines()]
    requests = [line for line in lines if line.startswith("curl ")]
    assert [*dict.fromkeys(lines)] == ["captcha-contract mock", *dict.fromkeys(requests)]
    with mock_server() as url:
        address = url.removeprefix("http://")
        done = [
            run(f"{line} -w '\n%{{http_code}}'".replace("localhost:4010", address)).stdout
            for line in requests
        ]

    failing = [number for number, each in enumerate(done, 1) if each.endswith("\n500")]
    assert failing == [2, 6, 10, 17]
    assert [each for each in done if not each.endswith(("\n200", "\n500"))] == []
    assert '"count": 1' in done[14]


def test_a_job_starts_a_server_waits_for_it_and_stops_it(tmp_path: Path) -> None:
    ((_, script),) = blocks(ROOT / "docs" / "ci.md", "bash")
    port = str(free_port())
    call = f"curl -s -X POST localhost:{port}/oauth/api/account/getImgCode"
    command = shlex.join(words("captcha-contract"))
    for old, new in (("captcha-contract", command), ("4010", port), ("npm test", call)):
        script = script.replace(old, new)

    done = subprocess.run(  # noqa: S603 - the page's own lines
        ["bash", "-e", "-c", script],  # noqa: S607 - bash, wherever it is; the server ends the output
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, '"img_code_id"' in done.stdout) == (0, True), done.stderr


# Tables and links


@pytest.mark.parametrize("name", ["contract-tests.md", "contract-tests.zh-CN.md"])
def test_every_option_of_the_contract_run_is_explained(name: str) -> None:
    parser = pytest.Parser(_ispytest=True)
    group = parser.getgroup("contract")
    options.declare(group.addoption)

    text = text_of(ROOT / "docs" / name)
    table = "".join(re.findall(r"^\| `--.*", text, re.MULTILINE))
    declared = [each for option in group.options for each in option.names()]
    assert [each for each in declared if f"`{each}" not in table] == []


def test_every_option_of_the_mock_server_is_explained() -> None:
    declared = set(re.findall(r"(?<![\w-])--[\w-]+", python("-m", "mock_server", "--help").stdout))

    for page in (ROOT / "docs" / "mock-server.md", ROOT / "docs" / "mock-server.zh-CN.md"):
        table = "".join(re.findall(r"^\| `-.*", text_of(page), re.MULTILINE))
        assert declared - {"--help"} - set(re.findall(r"--[\w-]+", table)) == set()


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """What a link may lead to in a page."""
    headings = re.findall(r"^#+ (.*)", own_text(page), re.MULTILINE)
    return {*map(anchor, headings), *re.findall(r'<a id="(.*?)">', text_of(page))}


@of_each_page
def test_what_a_page_links_to_is_there(page: Path) -> None:
    dangling = []
    for link in re.findall(r"\]\(([^)\s]+)\)", own_text(page)):
        name, _, fragment = link.partition("#")
        target = page.parent / name if name else page
        if "://" in link:
            continue
        if not target.exists() or (fragment and fragment not in anchors(target)):
            dangling.append(link)

    assert dangling == []


def links_of(page: Path) -> set[Path]:
    """The pages that a page links to."""
    links = re.findall(r"\]\(([^)\s]+)\)", text_of(page))
    return {(page.parent / link.partition("#")[0]).resolve() for link in links}


def test_every_page_is_linked_from_the_index_of_its_language_and_that_from_the_readme() -> None:
    for readme, index, pages in zip(
        READMES, INDEXES, (list(CHINESE), list(CHINESE.values())), strict=True
    ):
        known = {*links_of(index), readme, index}
        lists = {ROOT / "docs" / name for name in LISTS}
        assert [page.name for page in (*pages, *lists) if page not in known] == []
        assert index in links_of(readme)
        assert set(OTHERS) - lists <= links_of(readme) | links_of(index)


def test_every_page_of_docs_is_there_in_both_languages_unless_it_is_a_list() -> None:
    assert sorted((ROOT / "docs").glob("*.md")) == sorted(
        page for page in EVERY_PAGE if page.parent == ROOT / "docs"
    )


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/installing.md"])
def test_the_files_that_contributors_are_shown_are_there(name: str) -> None:
    known = [f"/{path}" for path in files_of_the_repository()]
    shown = set(re.findall(r"[\w./-]+\.(?:py|yaml)\b", text_of(ROOT / name)))

    gone = [each for each in shown if not any(path.endswith(f"/{each}") for path in known)]
    assert gone == []


def test_every_room_of_the_contract_and_of_the_mock_server_is_shown() -> None:
    sides = (ROOT / "contract", ROOT / "mock_server")
    rooms = {path.parent.name for side in sides for path in side.glob("*/__init__.py")} - {"page"}

    shown = set(re.findall(r"^  (\w+)/ ", text_of(ROOT / "ARCHITECTURE.md"), re.MULTILINE))
    assert rooms == shown - {"page"}


def test_every_key_of_the_vocabulary_is_explained_and_no_other() -> None:
    text = text_of(ROOT / "openapi" / "README.md")

    assert set(re.findall(r"^\| `(x-[\w-]+)`", text, re.MULTILINE)) == EXTENSIONS


def test_nothing_in_the_repository_names_a_registry_or_a_path_of_a_machine() -> None:
    hosts = "pypi|npmjs|debian"
    machine = "/root/|/work/|/home/"
    wrong = [
        name
        for name in files_of_the_repository()
        if re.search(
            rf"(?:{hosts})\.(?:org|com)|(?:^|[\s\"'=]){machine}".encode(),
            (ROOT / name).read_bytes(),
        )
        and name != "tests/test_readme.py"
    ]

    assert wrong == []
