"""The documents of `docs/documents.md` are read, and what is told of one is what the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import captcha_contract
from contract.documents.cells import KINDS, Kind
from contract.documents.column_words import COLUMNS
from tests import document_words
from tests.loopback import ROOT

PAGES = ("documents.md", "documents.zh-CN.md")


def text_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def documents(name: str) -> list[str]:
    return re.findall(r"^````markdown\n(.*?)^````$", text_of(name), re.MULTILINE | re.DOTALL)


*READ, UNREAD = documents(PAGES[0])


def derive(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    (folder / "balance.md").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    status = captcha_contract.main(["derive", "balance.md", "--output", "openapi.yaml"])
    return status, capsys.readouterr().err


@pytest.mark.parametrize("text", READ, ids=lambda text: text.partition("\n")[0])
def test_a_document_that_is_shown_is_read_whole(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = derive(text, tmp_path, monkeypatch, capsys)

    counted = re.search(r"\d operations? .*, (\d+) of (\d+) rows? read", told)
    assert status == 0
    assert counted is not None
    assert counted[1] == counted[2]
    assert "not read" not in told


def test_what_is_told_of_a_document_is_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = derive(UNREAD, tmp_path, monkeypatch, capsys)

    (shown,) = re.findall(r"^```text\n(.*?)^```$", text_of(PAGES[0]), re.MULTILINE | re.DOTALL)
    assert (status, told) == (1, shown)


def test_both_languages_show_the_same_documents() -> None:
    assert documents(PAGES[1]) == [*READ, UNREAD]


def test_every_word_of_a_column_and_of_a_type_is_listed() -> None:
    text = document_words.text()

    assert set(KINDS.values()) == set(Kind)
    assert [each for each in {*COLUMNS, *KINDS} if each not in text] == []
