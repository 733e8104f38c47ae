"""`docs/troubleshooting.md` lists every message that a user can cause, and no other."""

from __future__ import annotations

import argparse
import ast
import re
from functools import cache
from pathlib import Path

import pytest

from contract.judging.failure_kinds import FAILURE_KINDS
from contract.judging.reasons import REASONS
from tests.loopback import ROOT
from tests.user_messages import messages, modules, tree_of

PAGES = ("troubleshooting.md", "troubleshooting.zh-CN.md")
of_both_languages = pytest.mark.parametrize("name", PAGES)


@cache
def rows(name: str) -> dict[str, str]:
    """The first cell of each row with code → the cell behind it."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    found = re.findall(r"^\| (`+) ?(.+?) ?\1 \| (.+) \|$", text, re.MULTILINE)
    return {message: meaning for _, message, meaning in found}


@cache
def texts_of_the_code() -> str:
    """Every text of the code, and of what reads its command lines."""
    sources = [*modules(ROOT), Path(argparse.__file__)]
    constants = (node for path in sources for node in ast.walk(tree_of(path)))
    return "\n".join(
        node.value
        for node in constants
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@of_both_languages
def test_every_message_of_the_code_is_explained(name: str) -> None:
    missing = {text: at for text, at in messages().items() if text not in rows(name)}

    assert missing == {}, f"write a row for each into docs/{name}"


@of_both_languages
def test_no_message_is_explained_that_the_code_does_not_give(name: str) -> None:
    known, code = messages(), texts_of_the_code()
    section = (ROOT / "docs" / name).read_text(encoding="utf-8").split("\n## ")
    listed = {
        row for part in section[3:] for row in re.findall(r"^\| (`+.+?`+) \|", part, re.MULTILINE)
    }
    shown = {row.strip("` ") for row in listed}
    stale = [
        row
        for row in sorted(shown - known.keys())
        if any(part.strip() not in code for part in re.split("…+", row) if len(part.strip()) > 2)
    ]

    assert stale == []


@of_both_languages
def test_every_reason_for_no_verdict_is_told_with_what_to_do(name: str) -> None:
    assert {*REASONS, *FAILURE_KINDS} - rows(name).keys() == set()


def test_both_pages_list_the_same_messages_in_one_order() -> None:
    shown = [[each for each in rows(name) if "`" not in each] for name in PAGES]

    assert shown[0] == shown[1]


def test_a_message_is_found_wherever_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "captcha_contract.py").write_text(
        """
class Odd(Misuse): ...
WHY = "it is too odd"
def read(parser, name):
    problem = f"{name} is not even" if name else WHY
    if name == 1:
        raise Odd(problem)
    parser.error(f"{why(name)}; give another")
def why(name):
    return f"{name} is one too many"
""",
        encoding="utf-8",
    )

    assert [*messages(tmp_path)] == [
        "… is not even",
        "it is too odd",
        "… is one too many; give another",
    ]
