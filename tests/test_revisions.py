"""`git:REV:path` → the spec of a revision, with everything that it refers to."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from contract.changes.revisions import UnreadableRevision, loaded
from contract.findings import Unusable

SPEC = """\
openapi: 3.0.3
info: {title: a, version: "1"}
paths:
  /a:
    get:
      operationId: a
      responses:
        "200":
          description: a
          content:
            application/json:
              schema: {$ref: parts/schemas.yaml#/answer}
"""
PARTS = "answer: {type: object, properties: {a: {$ref: '#/word'}}}\nword: {type: string}\n"


def git(folder: Path, *arguments: str) -> str:
    names = {
        f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(  # noqa: S603 - the arguments are those of this file
        ["git", *arguments],  # noqa: S607 - whichever git the machine has
        cwd=folder,
        env={**os.environ, **names, **nothing},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose first commit has the spec, and whose second has none of it."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "api" / "parts").mkdir(parents=True)
    (tmp_path / "api" / "openapi.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "api" / "parts" / "schemas.yaml").write_text(PARTS, encoding="utf-8")
    (tmp_path / "api" / "gbk.yaml").write_bytes("a: 停车".encode("gbk"))
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=one")
    git(tmp_path, "tag", "one")
    git(tmp_path, "rm", "--quiet", "-r", "api")
    git(tmp_path, "commit", "--quiet", "--message=two")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_path_is_read_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(SPEC.replace("{$ref: parts/schemas.yaml#/answer}", "{}"), encoding="utf-8")

    spec = loaded(str(path))

    assert spec.path == path


@pytest.mark.parametrize("revision", ["one", "main~1", "HEAD^", "tags/one"])
@pytest.mark.usefixtures("repository")
def test_a_revision_has_what_the_work_tree_has_lost(revision: str) -> None:
    spec = loaded(f"git:{revision}:api/openapi.yaml")

    assert [each.path for each in spec.operations[0].members] == [(), ("a",)]


@pytest.mark.usefixtures("repository")
def test_a_place_names_the_revision() -> None:
    spec = loaded("git:one:api/openapi.yaml")

    assert str(spec.operations[0].place) == "git:one:api/openapi.yaml:5:5"


@pytest.mark.usefixtures("repository")
def test_a_place_in_another_file_names_the_revision_too() -> None:
    spec = loaded("git:one:api/openapi.yaml")

    assert spec.operations[0].members[1].place.path == "git:one:api/parts/schemas.yaml"


def test_another_file_is_read_from_the_revision_and_not_from_the_disk(repository: Path) -> None:
    (repository / "api" / "parts").mkdir(parents=True)
    (repository / "api" / "parts" / "schemas.yaml").write_text("answer: {}", encoding="utf-8")

    spec = loaded("git:one:api/openapi.yaml")

    assert len(spec.operations[0].members) == 2


def test_a_link_of_the_work_tree_is_none_in_the_revision(repository: Path) -> None:
    (repository / "api").symlink_to(repository / "elsewhere")

    spec = loaded("git:one:api/openapi.yaml")

    assert spec.operations[0].id == "a"


def test_the_path_starts_in_the_current_directory(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "docs").mkdir()
    monkeypatch.chdir(repository / "docs")

    spec = loaded("git:one:../api/openapi.yaml")

    assert spec.operations[0].place.path == "git:one:../api/openapi.yaml"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("git:", "name it git:REV:path"),
        ("git:one", "name it git:REV:path"),
        ("git:one:", "name it git:REV:path"),
        ("git::api/openapi.yaml", "name it git:REV:path"),
        ("git:--output=x:api/openapi.yaml", "no revision begins with a hyphen"),
        ("git:one:/api/openapi.yaml", "current directory, not absolute"),
        (
            "git:three:api/openapi.yaml",
            "git knows no revision three here; `git fetch`",
        ),
        ("git:one:api/none.yaml", "revision one has no such file"),
        ("git:main:api/openapi.yaml", "revision main has no such file"),
        ("git:one:api", "revision one has no such file"),
        ("git:one:../outside.yaml", "revision one has no such file"),
        ("git:one:api/gbk.yaml", "git:one:api/gbk.yaml:1: is not UTF-8; save it as UTF-8"),
        ("git:one:a\0b", "git cannot be run"),
        ("git:o\0ne:ab", "git cannot be run"),
        ("git:one:\ud800", "git cannot be run"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_what_cannot_be_read_is_told(name: str, told: str) -> None:
    with pytest.raises(Unusable) as problem:
        loaded(name)

    assert told in str(problem.value)


def test_where_there_is_no_repository_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(UnreadableRevision) as problem:
        loaded("git:main:openapi.yaml")

    assert "is not in a git repository" in problem.value.problem


@pytest.mark.usefixtures("repository")
def test_where_there_is_no_git_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(UnreadableRevision) as problem:
        loaded("git:one:api/openapi.yaml")

    assert "git is missing" in problem.value.problem


@pytest.mark.usefixtures("repository")
def test_a_revision_runs_no_command_that_its_name_might_hold() -> None:
    with pytest.raises(UnreadableRevision):
        loaded("git:$(touch ran):api/openapi.yaml")

    assert not Path("ran").exists()
