"""The business codes that a table of a document lists, with what they mean: 错误码, 说明.

The table is known by the word above its first column, wherever it stands: `is_code_table`. A table
that could as well list HTTP statuses is read too; whoever uses it knows the codes of a success.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract.documents.block import Stated, Table
from contract.documents.cells import plain, unlinked, word
from contract.documents.sections import Section
from contract.documents.tables import cell, columns

_CODES = re.compile(
    r"(?:业务|接口|系统)?(?:错误|返回|响应|应答|状态|异常|结果)(?:编|代)?码"
    r"|(?:err|error|ret|return)_?codes?|code"
)
_COLUMNS: dict[str, str] = dict.fromkeys(
    (
        *(
            "说明",
            "描述",
            "含义",
            "错误说明",
            "错误描述",
            "错误信息",
            "提示信息",
            "提示",
            "信息",
            "备注",
        ),
        *(
            "状态码含义",
            "返回信息",
            "中文描述",
            "错误含义",
            "返回说明",
            "状态说明",
            "原因",
            "meaning",
        ),
        *("description", "message", "msg", "errmsg", "desc", "info", "errormessage", "reason"),
    ),
    "meaning",
)
_MODELS = frozenset({"数据模型", "模型", "响应模型", "schema", "dataschema"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCode:
    """One business code, as it is written, and what the table says of it."""

    code: Stated
    meaning: str


def is_code_table(table: Table) -> bool:
    """Say whether a table explains business codes, wherever it stands."""
    heads = [word(cell) for cell in table.header.cells]
    return bool(heads) and _CODES.fullmatch(heads[0]) is not None and "类型" not in heads


def _names_models(table: Table) -> bool:
    """Say whether a table lists the statuses of HTTP, each with the model of its answer."""
    return any(word(cell) in _MODELS for cell in table.header.cells)


def listed_codes(found: Sequence[Section]) -> tuple[ListedCode, ...]:
    """Give the business codes that tables of some sections list, in their order."""
    tables = (table for section in found for table in section.tables if is_code_table(table))
    return tuple(each for table in tables if not _names_models(table) for each in _listed(table))


def _listed(table: Table) -> Iterator[ListedCode]:
    known = columns(table, _COLUMNS)
    for row in table.rows:
        code = plain(row.cells[0]) if row.cells else ""
        meaning = plain(unlinked(cell(row, known, "meaning")))
        if code and meaning:
            yield ListedCode(code=Stated(code, row.line), meaning=meaning)
