"""`docs/words.md`: the words that documents are read by, as `contract/documents/` has them.

To list another table of words: one line in `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from contract.documents.address_words import ADDRESS_KEYS, METHOD_KEYS, METHODS
from contract.documents.cells import KINDS, NOTHING, REQUIREMENTS, UNLIMITED, Kind
from contract.documents.column_words import COLUMNS
from contract.documents.composite_tables import DIRECTIONS
from contract.documents.heading_words import Part
from contract.documents.success_words import SUCCESSES
from contract.markdown_text import code, escaped

INTRODUCTION = """\
# Words of documents 接口文档的词表

The words that `derive` and `check` know, without case, width and spaces. [Documents](documents.md)
says where they stand.

`derive` 和 `check` 认识的词，不区分大小写、全角半角和空格。
用在何处，见[接口文档](documents.zh-CN.md)。"""

Words = Iterable[tuple[str, Iterable[str]]]

_COLUMNS: Mapping[str, str] = {
    "name": "the name of a member or parameter 参数",
    "required": "whether it must come 是否必填",
    "nullable": "the inverse 可空（与是否必填相反）",
    "type": "类型",
    "max_length": "最大长度",
    "location": "where a parameter is sent 参数位置",
    "description": "参数描述",
    "example": "示例值",
    "value": "a fixed value 固定值",
    "default": "默认值",
    "other": "joins the description 并入描述",
    "constraint": "joins the description 约束，并入描述",
    "range": "joins the description 取值范围，并入描述",
    "values": "all values that a member may have 枚举值",
    "title": "the name for people 中文名",
    "schema": "the model of a row 数据模型",
    "number": "means nothing 序号，不起作用",
}
_KINDS: Mapping[Kind, str] = {
    Kind.STRING: "a text 字符串",
    Kind.INTEGER: "an integer 整数",
    Kind.LONG: "an integer, or a text of digits 长整数",
    Kind.NUMBER: "a number 数值",
    Kind.BOOLEAN: "true or false 布尔",
    Kind.DATE: "a date 日期、时间",
    Kind.OBJECT: "an object 对象",
    Kind.ARRAY: "a list 数组",
    Kind.FILE: "a file 文件",
    Kind.ANY: "any value 不限类型",
}


def text() -> str:
    """Write the page."""
    parts = [INTRODUCTION]
    for heading, words in SECTIONS.items():
        rows = [f"| {meaning} | {', '.join(map(_shown, each))} |" for meaning, each in words]
        parts += [f"## {heading}", "\n".join(["| meaning 含义 | words 词 |", "|---|---|", *rows])]
    return "\n\n".join(parts)


def _shown(text: str) -> str:
    return code(text) if text.isascii() and text else escaped(text) or "blank 留空"


def _by_meaning(words: Mapping[str, Hashable], names: Mapping[Any, str]) -> Words:
    return [
        (said, dict.fromkeys(word for word, meaning in words.items() if meaning == each))
        for each, said in names.items()
    ]


SECTIONS: Mapping[str, Words] = {
    "Columns 列": _by_meaning(COLUMNS, _COLUMNS),
    "Directions 方向": _by_meaning(
        DIRECTIONS, {Part.PARAMETERS: "asked 请求", Part.ANSWER: "answered 返回"}
    ),
    "是否必填": _by_meaning(REQUIREMENTS, {True: "是", False: "否"}),
    "Types 类型": _by_meaning(KINDS, _KINDS),
    "Other cells 其他单元格": [
        ("nothing is there 没有内容", sorted(NOTHING)),
        ("no limit 不限长度", sorted(UNLIMITED - NOTHING)),
    ],
    "Method and path 请求类型与请求地址": [
        ("the key of the method 请求类型", sorted(METHOD_KEYS)),
        ("its values 取值", METHODS),
        ("the key of the path 请求地址", sorted(ADDRESS_KEYS)),
    ],
    "Success 成功": [("a business code of a success 成功的业务码", ["000", *sorted(SUCCESSES)])],
}
