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
from tests.thoroughness import tries

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
    for _ in range(tries(30)):
        lines = text.split("\n")
        for _ in range(chance.randint(1, 3)):
            slip(lines, chance)
        slipped.write_text("\n".join(lines), encoding="utf-8")
        try:
            found = read(slipped)
        except UnreadableDocument:
            continue
        findings = list(of_documents(found))
        rows = sum(each.rows_read for each in found)
        if rows < sum(each.table_rows for each in found) and not findings:
            silent.append("\n".join(lines))

    assert silent == []


def nested(rows: str) -> str:
    return (
        "## 深\n\n#### 域名列表\n\n无\n\n#### 接口说明\n\n* 请求类型 : POST\n* 请求地址 : /deep\n\n"
        "#### 请求参数\n\n无\n\n#### 应答报文\n\n"
        "| 参数 | 是否必填 | 类型 | 最大长度 |\n| - | - | - | - |\n"
        f"{rows}\n"
    )


def test_rows_nested_too_deep_are_told_once_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    rows = "\n".join(f"| {'└' * number} a{number} | 是 | JSONObject | |" for number in range(120))
    path.write_text(nested(rows), encoding="utf-8")

    (document,) = read(path)
    spec = tmp_path / "openapi.yaml"
    spec.write_text(text_of(derive([document], tmp_path)), encoding="utf-8")

    assert [(each.claim, each.subject) for each in document.findings] == [("unreadable-row", "a64")]
    assert (len(document.answer), document.table_rows, len(load(spec).operations)) == (64, 120, 1)


def test_a_length_of_nine_digits_is_read_and_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    rows = "| a | 是 | String | 999999999 |\n| b | 是 | BigDecimal | 999999999,2 |"
    path.write_text(nested(rows), encoding="utf-8")

    (document,) = read(path)
    spec = tmp_path / "openapi.yaml"
    spec.write_text(text_of(derive([document], tmp_path)), encoding="utf-8")

    assert [row.limit for row in document.answer] == [999_999_999, (999_999_999, 2)]
    assert len(load(spec).operations) == 1


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


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            '{"swagger": "2.0", "paths": {"/a": {"parameters": [{"in": "path"}]}}}',
            "--spec",
        ),
        ("openapi: 3.1.0\npaths: {}\n", "--spec"),
        ('[{"name": "用户", "list": [{"method": "GET", "path": "/user"}]}]', "choose Markdown"),
        ("<!DOCTYPE html>\n<html><body><h2>用户</h2><p>Path：/user</p></body></html>", "Markdown"),
        ("[TOC]\n\n请求 参数\n", "no operation in it"),
    ],
)
def test_a_file_of_another_form_is_told_with_what_to_do_instead(
    content: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "api.md"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(UnreadableDocument, match=told):
        read(path)
