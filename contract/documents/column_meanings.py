"""Tables whose columns mean something only together → the same table in the usual columns.

Each is one function in `TOGETHER`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from contract.documents.block import Table, TableRow
from contract.documents.cells import is_nothing, plain, word

_LEVEL = re.compile("[一二三四五六]级(参数|字段|名称|属性|节点)?(名|名称)?")
_NO_NAME = re.compile(r"[>\-—└\s]*")
_WRITTEN = re.compile(r"^[^\w]*[A-Za-z_$@][\w$@.\[\]-]*$", re.ASCII)
_SEVERAL = 2


def with_known_columns(table: Table, names: Mapping[str, str]) -> Table:
    """Give a table in columns that each mean something alone.

    Args:
        table: the table.
        names: the words that head a column → what the column means.
    """
    for together in TOGETHER:
        table = together(table, names)
    return table


def kind_and_place(table: Table, _: Mapping[str, str]) -> Table:
    """Where a table has the columns 参数类型 and 数据类型, the first says where a row is sent."""
    words = _words(table)
    return _headed(table, "参数类型", "位置") if {"参数类型", "数据类型"} <= set(words) else table


def name_and_title(table: Table, names: Mapping[str, str]) -> Table:
    """Where several columns hold names, the one with most that JSON uses has those of members."""
    at = [n for n, each in enumerate(_words(table)) if names.get(each) == "name"]
    if len(at) < _SEVERAL:
        return table

    best = max(at, key=lambda column: sum(_named(table, column)))
    others = [n for n in at if n != best]
    cells = ("中文名" if n == others[0] else each for n, each in enumerate(table.header.cells))
    return replace(table, header=replace(table.header, cells=tuple(cells)))


def names_under_another_word(table: Table, names: Mapping[str, str]) -> Table:
    """Where no column has the names of members but one of an unknown word, use that.

    So banks write it: 域名 | 字段名称, 域 | 中文名称. What is called a name there is a title.
    """
    words = _words(table)
    at = [n for n, each in enumerate(words) if names.get(each) == "name"]
    unknown = [n for n, each in enumerate(words) if each not in names]
    types = any(names.get(each) == "type" for each in words)
    if len(at) > 1 or not (at or types) or any(any(_named(table, n)) for n in at):
        return table
    best = next((n for n in unknown if table.rows and all(_named(table, n))), None)
    if best is None:
        return table
    headed = {**dict.fromkeys(at, "中文名"), best: "参数"}
    cells = (headed.get(n, each) for n, each in enumerate(table.header.cells))
    return replace(table, header=replace(table.header, cells=tuple(cells)))


def _named(table: Table, column: int) -> list[bool]:
    """Say for each row whether a cell is a name that JSON uses."""
    cells = (row.cells[column] for row in table.rows if column < len(row.cells))
    return [bool(_WRITTEN.search(plain(cell))) for cell in cells]


def description_and_remark(table: Table, names: Mapping[str, str]) -> Table:
    """Where two columns describe (参数描述 and 备注), the second says what is to be added."""
    at = [n for n, each in enumerate(_words(table)) if names.get(each) == "description"]
    second = at[1] if len(at) == _SEVERAL else -1
    cells = (
        "其他信息"
        if n == second and names.get(word("其他信息")) not in _meanings(table, names)
        else each
        for n, each in enumerate(table.header.cells)
    )
    return replace(table, header=replace(table.header, cells=tuple(cells)))


def levels(table: Table, _: Mapping[str, str]) -> Table:
    """Where each level of names has a column (一级参数, 二级参数), mark names by their depth."""
    at = [number for number, each in enumerate(_words(table)) if _LEVEL.fullmatch(each)]
    if len(at) < _SEVERAL:
        return table

    def joined(row: TableRow) -> TableRow:
        names = [(depth, row.cells[n]) for depth, n in enumerate(at) if n < len(row.cells)]
        named = [(depth, cell) for depth, cell in names if not _NO_NAME.fullmatch(plain(cell))]
        depth, name = next((each for each in reversed(named) if not is_nothing(each[1])), (0, ""))
        others = [cell for n, cell in enumerate(row.cells) if n not in at]
        columns = tuple(c for n, c in enumerate(row.columns) if n == at[0] or n not in at)
        return replace(row, cells=(f"{'└' * depth} {plain(name)}", *others), columns=columns)

    others = [cell for n, cell in enumerate(table.header.cells) if n not in at]
    return Table(
        replace(table.header, cells=("参数", *others)), tuple(map(joined, table.rows)), frozenset()
    )


TOGETHER: tuple[Callable[[Table, Mapping[str, str]], Table], ...] = (
    kind_and_place,
    name_and_title,
    names_under_another_word,
    description_and_remark,
    levels,
)
"""The columns that mean something only together."""


def _meanings(table: Table, names: Mapping[str, str]) -> set[str]:
    return {names[each] for each in _words(table) if each in names}


def _words(table: Table) -> list[str]:
    return [word(header) for header in table.header.cells]


def _headed(table: Table, old: str, new: str) -> Table:
    cells = (new if word(each) == old else each for each in table.header.cells)
    return replace(table, header=replace(table.header, cells=tuple(cells)))
