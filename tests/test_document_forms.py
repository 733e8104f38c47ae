"""Documents in the forms that people have are read completely, or what is not read is told."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents import UnreadableDocument, read
from contract.review import of_documents
from contract.spec.loading import load
from tests.document_reading_shown import FORMS, shown

DOCUMENTS = sorted(FORMS.glob("*/*.md"))
LEAST_A_FORM = 4


def named(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_document_is_read_as_it_was_meant(path: Path) -> None:
    assert shown(path) == path.with_suffix(".expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_a_document_gives_a_spec_with_all_its_operations(path: Path, tmp_path: Path) -> None:
    found = read(path)
    spec = tmp_path / "openapi.yaml"
    spec.write_text(text_of(derive(found, tmp_path)), encoding="utf-8")

    calls = [(each.method, each.path) for each in load(spec).operations]
    assert calls == [(each.method.text, each.address.text) for each in found]


def test_each_form_has_several_documents() -> None:
    for folder in (each for each in FORMS.iterdir() if each.is_dir()):
        assert len(list(folder.glob("*.md"))) >= LEAST_A_FORM, folder.name


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_no_slip_of_the_hand_loses_a_row_in_silence(path: Path, tmp_path: Path) -> None:
    chance = random.Random(path.stem)
    text = path.read_text(encoding="utf-8")
    slipped = tmp_path / "document.md"
    silent = []
    for _ in range(30):
        lines = text.split("\n")
        for _ in range(chance.randint(1, 3)):
            slip(lines, chance)
        slipped.write_text("\n".join(lines), encoding="utf-8")
        try:
            found = read(slipped)
        except UnreadableDocument:
            continue
        findings = list(of_documents(found))
        rows = sum(len(each.parameters) + len(each.answer) for each in found)
        if rows < sum(each.table_rows for each in found) and not findings:
            silent.append("\n".join(lines))

    assert silent == []


def slip(lines: list[str], chance: random.Random) -> None:
    """Take a line away, double it, cut it, or put a strange piece into it."""
    at = chance.randrange(len(lines))
    line = lines[at]
    kind = chance.randrange(5)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, line)
    elif kind == 2:
        lines[at] = line[: chance.randrange(len(line) + 1)]
    elif kind == 3:
        cut = chance.randrange(len(line) + 1)
        piece = chance.choice(["|", "**", "`", "» ", "#", "<td>", "</table>", "├─", "无", "*", ":"])
        lines[at] = line[:cut] + piece + line[cut:]
    else:
        lines[at] = chance.choice(["## 别的", "**别的**", "> 别的", "```", ""])
    if not lines:
        lines.append("")
