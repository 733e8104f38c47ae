"""The rows of a field table; a column of it is known by each of the words that head it."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.documents.block import Table
from contract.documents.cells import Kind
from contract.documents.column_words import COLUMNS, NOTES
from contract.documents.field_rows import Row, read_rows
from contract.documents.markdown import blocks
from tests.one_interface import read

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
    ("word", "meaning"), [each for each in COLUMNS.items() if each[1] in CELLS]
)
def test_a_column_is_known_by_its_word(meaning: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    path.write_text(DOCUMENT.format(table(meaning, word)), encoding="utf-8")

    document = read(path)

    told = [[getattr(row, name) for name in CELLS if name != "number"] for row in document.answer]
    cells = [cell for name, cell in CELLS.items() if name != "number"]
    assert (told, document.findings) == ([cells], ())


def test_the_words_of_the_house_style_head_the_columns_that_they_always_did() -> None:
    listed = {word: meaning for meaning, words in WORDS.items() for word in words}

    assert listed.items() <= COLUMNS.items()


@pytest.mark.parametrize(
    ("word", "meaning"), [each for each in COLUMNS.items() if each[1] in NOTES]
)
def test_a_column_that_says_more_of_a_member_is_said_in_its_description(
    meaning: str, word: str
) -> None:
    (row,), findings = rows_of(
        f"| 参数 | 必填 | 类型 | 描述 | {word} |", "|-|-|-|-|-|", "| a | 是 | int | 甲 | 乙 |"
    )

    assert (row.description, findings) == (f"甲；{NOTES[meaning].format('乙')}", [])


@pytest.mark.parametrize("word", [word for word, means in COLUMNS.items() if means == "nullable"])
@pytest.mark.parametrize(("cell", "required"), [("是", False), ("否", True), ("y", False)])
def test_a_column_of_what_may_be_absent_means_the_inverse(
    word: str, cell: str, *, required: bool
) -> None:
    (row,), findings = rows_of(f"| 参数 | {word} | 类型 |", "|-|-|-|", f"| a | {cell} | int |")

    assert (row.is_required, findings) == (required, [])


@pytest.mark.parametrize("word", [word for word, means in COLUMNS.items() if means == "location"])
def test_a_column_says_where_a_member_is_sent(word: str) -> None:
    (row,), findings = rows_of(
        f"| 参数 | 必填 | 类型 | {word} |", "|-|-|-|-|", "| a | 是 | int | header |"
    )

    assert (row.location, findings) == ("header", [])


Found = list[tuple[str, str, str]]
"""Of each finding its rule, its subject and its evidence."""


def rows_of(*lines: str) -> tuple[tuple[Row, ...], Found]:
    (drawn,) = blocks(lines)
    assert isinstance(drawn, Table)
    rows, findings = read_rows(drawn, "a.md", ())
    return rows, [(found.claim, found.subject, found.evidence) for found in findings]


def test_a_row_keeps_its_cells_and_where_they_begin() -> None:
    (row,), findings = rows_of("| 类型 | 参数 | 必填 |", "|-|-|-|", "| **int** |  a.b | 否 |")

    assert (row, row.columns, row.name, findings) == (
        Row(
            path=("a", "b"),
            line=3,
            required="否",
            type="int",
            max_length="",
            description="",
            example="",
        ),
        {"type": 3, "name": 14, "required": 20},
        "b",
        [],
    )


def test_a_row_that_ends_early_has_places_for_its_own_cells_only() -> None:
    (row,), _ = rows_of("| 参数 | 必填 | 类型 | 长度 |", "|-|-|-|-|", "| a | 是 |")

    assert (row.columns, row.type, row.max_length) == ({"name": 3, "required": 7}, "", "")


def test_rows_are_equal_wherever_their_cells_begin() -> None:
    header, lines = "| 参数 | 必填 | 类型 |", ("|a|是|int|", "| a | 是 | int |")
    one, other = (rows_of(header, line)[0] for line in lines)

    assert len({*one, *other}) == 1
    assert one[0].columns != other[0].columns


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("| a | 是 | int | 3 |", (True, Kind.INTEGER, 3)),
        ("| a | 否 | Long | 5,2 |", (False, Kind.LONG, (5, 2))),
        ("| a | 否 | Date | 不限 |", (False, Kind.DATE, None)),
        ("| a | x | y | z |", (None, None, None)),
    ],
)
def test_cells_of_a_row_have_meanings_or_none(line: str, expected: tuple[object, ...]) -> None:
    (row,), _ = rows_of("| 参数 | 必填 | 类型 | 长度 |", "|-|-|-|-|", line)

    assert (row.is_required, row.kind, row.limit) == expected


@pytest.mark.parametrize(
    ("lines", "names", "findings"),
    [
        (
            ["| 甲 | 必填 |", "|-|-|", "| a | 是 |"],
            [],
            [
                ("unknown-column", "甲", "column “甲” is not known, or repeats another"),
                ("unreadable-table", "参数", "no column holds the names of the members"),
            ],
        ),
        (
            ["| 参数 |", "|-|", "| a |"],
            ["a"],
            [
                ("missing-column", "是否必填", "no column is headed 是否必填"),
                ("missing-column", "类型", "no column is headed 类型"),
            ],
        ),
        (
            ["| 参数 | 必填 | 类型 |", "|-|-|-|", "| | | |", "| 无 | | |", "| a | 是 | int |"],
            ["a"],
            [],
        ),
        (
            ["| 参数 | 必填 | 类型 |", "|-|-|-|", "| - | | int |", "| a | 是 | int |"],
            ["a"],
            [("unreadable-row", "row", "it names no member, but says “int”")],
        ),
        (
            ["| 参数 | 必填 | 类型 | 长度 |", "|-|-|-|-|", "| 甲 | x | y | z |"],
            ["甲"],
            [
                ("unreadable-name", "“甲”", "“甲” is kept as it is written"),
                ("unknown-requirement", "甲", "“x” is neither 是 nor 否"),
                ("unknown-type", "甲", "“y” is not a known type"),
                ("unreadable-length", "甲", "“z” is not a length"),
            ],
        ),
        (["| 参数 | 必填 | 类型 |", "|-|-|-|", "| a.b | 是 | int |"], ["a.b"], []),
        (
            ["| 参数 | 必填 | 类型 |", "|:-:|-|-|", "| a | 是 | Object |", "|    b | 是 | int |"],
            ["a", "a.b"],
            [("unclear-nesting", "b", "no sample shows “b”; it is read as a member of “a”")],
        ),
        (
            ["| 参数 | 必填 | 类型 |", "|-|-|:-:|", "| a | 是 | Map |", "|    b | 是 | int |"],
            ["a", "a.b"],
            [],
        ),
    ],
)
def test_a_table_gives_the_rows_that_it_can_and_a_finding_for_the_rest(
    lines: list[str], names: list[str], findings: Found
) -> None:
    rows, found = rows_of(*lines)

    assert ([".".join(row.path) for row in rows], found) == (names, findings)
