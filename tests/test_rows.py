"""A column of a field table is known by each of the words that head it."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.documents import read
from contract.documents.field_rows import COLUMNS

WORDS = {
    "name": ("参数", "参数名", "参数名称", "字段", "字段名", "字段名称", "名称"),
    "required": ("是否必填", "必填", "是否必须", "必须", "是否必传", "是否必选"),
    "type": ("类型", "参数类型", "数据类型", "字段类型"),
    "max_length": ("最大长度", "长度", "字段长度", "数据长度"),
    "description": (
        *("参数描述", "描述", "参数说明", "说明", "字段描述", "字段说明", "含义", "备注"),
    ),
    "example": ("示例值", "示例", "样例", "样例值", "参数示例"),
    "number": ("序号",),
}
CELLS = {
    "number": "1",
    "name": "img",
    "required": "是",
    "type": "String",
    "max_length": "8",
    "description": "图片",
    "example": "abc",
}
DOCUMENT = """## 接口

#### 域名列表

无

#### 接口说明

* 请求类型 : POST
* 请求地址 : /a

#### 请求参数

无

#### 应答报文

{}
"""


def table(meaning: str, word: str) -> str:
    """Give a table of one row; one of its columns is headed by a word of our choice."""
    headed = {name: words[0] for name, words in WORDS.items()} | {meaning: word}
    lines = (headed.values(), ["---"] * len(headed), (CELLS[name] for name in headed))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@pytest.mark.parametrize(
    ("meaning", "word"), [(meaning, word) for meaning, words in WORDS.items() for word in words]
)
def test_a_column_is_known_by_its_word(meaning: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    path.write_text(DOCUMENT.format(table(meaning, word)), encoding="utf-8")

    document = read(path)

    told = [[getattr(row, name) for name in CELLS if name != "number"] for row in document.answer]
    cells = [cell for name, cell in CELLS.items() if name != "number"]
    assert (told, document.findings) == ([cells], ())


def test_every_word_that_heads_a_column_is_listed_here() -> None:
    listed = {word: meaning for meaning, words in WORDS.items() for word in words}

    assert listed == COLUMNS
