"""The lists of `docs/` are those of the registries."""

from __future__ import annotations

from pathlib import Path

import pytest

import captcha_contract
from contract.registry import Entry, registry
from tests.documentation import NOTICE, PAGES, WORDS, text_of, words, write
from tests.loopback import ROOT

REGISTRIES = {
    "check": registry([Entry(name="label", english="It tells | the type.", chinese="标明类型。")]),
    "word": registry([Entry(name="moot", english="It need not be asked.", chinese="从略。")]),
}


def test_a_page_says_first_that_it_is_generated_and_by_what() -> None:
    assert text_of(PAGES["checks.md"], REGISTRIES).splitlines()[0] == NOTICE


def test_a_page_lists_its_registries_under_their_headings_in_both_languages() -> None:
    text = text_of(PAGES["checks.md"], REGISTRIES)

    parts = [text.index(part) for part in ("## Checks 校验项", "`label`", "## Words", "`moot`")]
    assert parts == sorted(parts)
    assert r"It tells \| the type.<br>标明类型。" in text


def test_every_page_is_written(tmp_path: Path) -> None:
    write(tmp_path, REGISTRIES)

    assert {path.name for path in tmp_path.iterdir()} == {*PAGES, WORDS}


def test_every_registry_is_listed_once() -> None:
    kinds = [kind for page in PAGES.values() for kind in page.sections]

    assert sorted(kinds) == sorted(captcha_contract.registries())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_docs_is_what_the_registries_say(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")

    assert written == text_of(PAGES[name], captcha_contract.registries())


def test_the_page_of_words_is_what_the_reading_of_documents_knows() -> None:
    assert (ROOT / "docs" / WORDS).read_text(encoding="utf-8") == words()
