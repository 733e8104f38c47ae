"""The package as others install it: a wheel, in an environment and a folder of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.loopback import ROOT, environment
from tests.test_arrows import imported

THEIRS = "raise SystemExit('this is not the file that was meant')\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ["-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run(  # noqa: S603 - our own project
        [sys.executable, *build, "-w", str(folder), str(ROOT)], check=True, cwd=folder
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run(  # noqa: S603 - the standard library's
        [sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(folder)], check=True
    )
    program = folder / "bin" / "python"
    asked = [str(program), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.check_output(asked, text=True).strip())  # noqa: S603 - likewise
    install = ["-m", "pip", "--python", str(program), "install", "-q", "--no-deps", "--no-index"]
    subprocess.run([sys.executable, *install, str(wheel)], check=True)  # noqa: S603 - likewise
    (site / "needed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return program.parent


@pytest.fixture
def run(programs: Path, tmp_path: Path) -> Run:
    """Runs a program of the environment in an empty folder; what lies in `theirs` comes first."""
    folder = tmp_path / "work"
    folder.mkdir()

    def run(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(ROOT / "tests" / "guard"), str(tmp_path / "theirs")])
        kept = environment(PYTHONPATH=path, **changes)
        return subprocess.run(  # noqa: S603 - the environment's own programs
            [str(programs / words[0]), *words[1:]],
            cwd=folder,
            env=kept,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def put_their_own_files(folder: Path) -> None:
    for name in ("contract_tests", "tests", "openapi", "mock_server"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(THEIRS, encoding="utf-8")
    for name in ("conftest.py", "contract_tests/conftest.py", "tests/test_of_theirs.py"):
        (folder / name).write_text(THEIRS, encoding="utf-8")
    settings = '[tool.pytest.ini_options]\naddopts = "--an-option-of-theirs"\n'
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")


def test_a_document_becomes_a_spec_a_mock_and_contract_tests_beside_files_of_the_same_names(
    run: Run, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "tests" / "documents" / "listCities.md", tmp_path / "work")
    put_their_own_files(tmp_path / "work")

    done = [
        run("captcha-contract", *words.split())
        for words in (
            "derive listCities.md --into openapi/openapi.yaml",
            "check",
            "mock --check",
            "test",
        )
    ]

    assert [each.returncode for each in done] == [0, 0, 0, 0], [each.stderr for each in done]


def test_an_empty_folder_is_served_the_packaged_spec_which_every_command_names(run: Run) -> None:
    checked, judged = run("captcha-contract", "check"), run("captcha-contract", "test")

    named = ["the packaged one" in each.stdout for each in (checked, judged)]
    assert (checked.returncode, judged.returncode, named) == (0, 0, [True, True])


def test_a_package_of_the_name_openapi_breaks_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "theirs" / "openapi").mkdir(parents=True)
    (tmp_path / "theirs" / "openapi" / "__init__.py").write_text(THEIRS, encoding="utf-8")

    assert run("captcha-contract", "check").returncode == 0


@pytest.mark.parametrize("name", ["contract", "mock_server", "contract_tests"])
def test_a_package_of_somebody_else_in_the_place_of_ours_is_named_in_one_line(
    run: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "theirs" / name).mkdir(parents=True)
    (tmp_path / "theirs" / name / "__init__.py").write_text("", encoding="utf-8")

    done = run("captcha-contract", "test")

    one_line = done.stderr.count("\n") == 1 and f"the package {name} is not its own" in done.stderr
    assert (done.returncode, one_line) == (4, True)


def test_another_distribution_that_was_installed_over_ours_is_named_in_one_line(
    run: Run, programs: Path
) -> None:
    asked = [str(programs / "python"), "-P", "-c", "import contract; print(contract.__file__)"]
    site = Path(subprocess.check_output(asked, text=True).strip()).parents[1]  # noqa: S603 - ours
    theirs = site / "theirs-1.0.dist-info"
    theirs.mkdir()
    (theirs / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (theirs / "RECORD").write_text("mock_server/__init__.py,,\n")
    try:
        done = run("captcha-contract", "mock", "--check")
    finally:
        shutil.rmtree(theirs)

    one_line = done.stderr.count("\n") == 1 and "shared with theirs" in done.stderr
    assert (done.returncode, one_line) == (2, True)


def test_another_suite_gets_a_fixture_and_no_option(run: Run, tmp_path: Path) -> None:
    test = """
import json
import urllib.request


def test_it(captcha_mock_server, request):
    url = f"{captcha_mock_server.url}/oauth/api/account/getImgCode"
    with urllib.request.urlopen(urllib.request.Request(url, method="POST")) as answer:
        number = json.load(answer)["data"]["img_code_id"]
    assert len(captcha_mock_server.answer(number)) == 4
    assert not hasattr(request.config.option, "strictness")
"""
    (tmp_path / "work" / "test_it.py").write_text(test, encoding="utf-8")

    done = run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider")

    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout


def test_a_suite_with_a_package_of_the_same_name_keeps_its_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "work" / "mock_server").mkdir()
    (tmp_path / "work" / "mock_server" / "__init__.py").write_text("MINE = 1\n")
    test = "import mock_server\n\n\ndef test_it():\n    assert mock_server.MINE\n"
    (tmp_path / "work" / "test_it.py").write_text(test, encoding="utf-8")

    done = run("python", "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider")

    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout + done.stderr


def test_the_wheel_holds_data_licences_and_types_and_nothing_called_openapi(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    tops = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    licences = {Path(name).name for name in names if "/licenses/" in name}
    expected = {
        "contract/packaged/openapi.yaml",
        "contract/packaged/documents/getImgCode.md",
        "mock_server/admin.yaml",
        "mock_server/drawing/glyphs/atlas.png",
        "contract/py.typed",
        "mock_server/py.typed",
        "contract_tests/py.typed",
    }
    modules = {"captcha_contract.py", "captcha_contract_fixture.py"}
    assert tops == {*modules, "contract", "mock_server", "contract_tests"}
    assert (licences, expected - names) == ({"LICENSE", "OFL.txt"}, set())


def test_every_distribution_that_is_imported_is_declared() -> None:
    owners = packages_distributions()
    ours = {
        *("captcha_contract", "captcha_contract_fixture"),
        *("contract", "mock_server", "contract_tests"),
    }
    found = {
        name.partition(".")[0]
        for room in ours
        for path in [*(ROOT / room).rglob("*.py"), *ROOT.glob(f"{room}.py")]
        for name in imported(path)
    }

    needed = {
        owners[name][0].lower().replace("_", "-").replace(".", "-")
        for name in found - ours - set(sys.stdlib_module_names)
    }

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    always = [
        *project["dependencies"],
        *(each for name in extras if name != "dev" for each in extras[name]),
    ]
    declared = {re.split(r"[<>=\[]", each)[0] for each in always}
    assert needed - {each.replace(".", "-") for each in declared} == set()
