"""An annotation stands at the side of a difference that the pull request changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from contract.findings import Finding, Level, Place
from contract.review.edited_lines import BASE_VARIABLE, edited_lines, edited_place

REQUEST = {BASE_VARIABLE: "main"}
BOTH = Finding(
    operation="a",
    subject="b",
    claim="description",
    level=Level.TABLE,
    promise="",
    evidence="",
    places=(Place("文档.md", 2), Place("a.yaml", 3)),
)


def git(*arguments: str) -> None:
    subprocess.run(  # noqa: S603 - git, as it is
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments],  # noqa: S607
        check=True,
        capture_output=True,
    )


@pytest.fixture(autouse=True)
def request_of_a_branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet", "--initial-branch=main")
    for name in ("文档.md", "a.yaml"):
        Path(name).write_text("1\n2\n3\n4\n", encoding="utf-8")
    git("add", ".")
    git("commit", "--quiet", "--message=first")
    git("checkout", "--quiet", "-b", "topic")


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("a.yaml", "1\n2\nx\n4\n", "a.yaml"),
        ("文档.md", "1\nx\n3\n4\n", "文档.md"),
        ("a.yaml", "1\n2\n4\n", "a.yaml"),
        ("a.yaml", "1\n2\n3\nx\n", "a.yaml"),
        ("b.yaml", "1\n", "文档.md"),
    ],
    ids=["spec", "document", "a-line-removed", "another-line-of-the-file", "another-file"],
)
def test_the_side_that_was_edited_is_annotated(file: str, text: str, expected: str) -> None:
    Path(file).write_text(text, encoding="utf-8")
    git("add", ".")
    git("commit", "--quiet", "--message=second")

    assert edited_place(BOTH, edited_lines(REQUEST)).path == expected


def test_what_the_base_gained_meanwhile_is_no_edit_of_the_request() -> None:
    Path("a.yaml").write_text("1\n2\nx\n4\n", encoding="utf-8")
    git("commit", "--quiet", "--all", "--message=second")
    git("checkout", "--quiet", "main")
    Path("文档.md").write_text("1\nx\n3\n4\n", encoding="utf-8")
    git("commit", "--quiet", "--all", "--message=third")
    git("checkout", "--quiet", "topic")

    assert edited_place(BOTH, edited_lines(REQUEST)).path == "a.yaml"


@pytest.mark.parametrize("base", ["", "none", "--output=x"])
def test_without_a_base_the_document_is_annotated(base: str) -> None:
    Path("a.yaml").write_text("x\n", encoding="utf-8")

    assert edited_place(BOTH, edited_lines({BASE_VARIABLE: base})).path == "文档.md"
    assert not Path("x").exists()
