"""Tables whose columns mean something only together → the same table in the usual columns.

Each is one function in `TOGETHER`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from contract.documents.block import Table, TableRow
from contract.documents.cells import is_nothing, kind, plain, requirement, word

_LEVEL = re.compile("[一二三四五六]级(参数|字段|名称|属性|节点)?(名|名称)?")
_NO_NAME = re.compile(r"[>\-—└\s]*")
_WRITTEN = re.compile(r"^[^\w]*[A-Za-z_$@][\w$@.\[\]-]*$", re.ASCII)
_BRACKETED = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*")
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


def names_over_several_columns(table: Table, names: Mapping[str, str]) -> Table:
    """Where the header of names spans several columns, each column holds one level of them.

    So Word and HTML nest rows. A merged cell says its text again in each row or column; a column
    of names without a header, as Markdown writes merged cells, counts as well.
    """
    words = _words(table)
    at = [n for n, each in enumerate(words) if names.get(each) == "name"][:1]
    while at and at[-1] + 1 < len(words) and _goes_on(table, words, at):
        at.append(at[-1] + 1)
    if len(at) < _SEVERAL:
        return table
    rows: list[TableRow] = []
    above: tuple[str, ...] = ()
    for row in table.rows:
        own = _without_merged(row.cells, at, above)
        rows.append(replace(row, cells=own))
        above = row.cells
    headed = {n: f"{level}级参数" for n, level in zip(at, "一二三四五六", strict=False)}
    header = tuple(headed.get(n, each) for n, each in enumerate(table.header.cells))
    return replace(table, header=replace(table.header, cells=header), rows=tuple(rows))


def _goes_on(table: Table, words: Sequence[str], at: Sequence[int]) -> bool:
    following = at[-1] + 1
    if len(at) >= len("一二三四五六"):
        return False
    if words[following] == words[at[0]]:
        return True
    filled = [row.cells[following] for row in table.rows if following < len(row.cells)]
    filled = [each for each in filled if not is_nothing(each)]
    return not words[following] and bool(filled) and all(map(_WRITTEN.search, map(plain, filled)))


def _without_merged(
    cells: tuple[str, ...], at: Sequence[int], above: tuple[str, ...]
) -> tuple[str, ...]:
    """Blank the names that merged cells repeat: those of the row above, and of the cell before."""
    own = list(cells)
    goes_on = True
    for n in at:
        if n >= len(cells):
            break
        before = n > at[0] and cells[n] == cells[n - 1] != ""
        goes_on = goes_on and n < len(above) and cells[n] == above[n] and n < at[-1]
        own[n] = "" if before or (goes_on and _is_named_after(cells, at, n)) else cells[n]
    return tuple(own)


def _is_named_after(cells: tuple[str, ...], at: Sequence[int], column: int) -> bool:
    """Say whether a later column of a row has a name of its own."""
    later = [cells[n] for n in at if column < n < len(cells)]
    return any(not is_nothing(each) and each != cells[column] for each in later)


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


def types_in_brackets(table: Table, names: Mapping[str, str]) -> Table:
    """Where every type of a table stands in brackets, as Eolink writes `[string]`, it is plain.

    A table with other types as well says lists by them.
    """
    at = next((n for n, each in enumerate(_words(table)) if names.get(each) == "type"), None)
    if at is None:
        return table
    types = [row.cells[at] for row in table.rows if at < len(row.cells)]
    types = [each for each in types if not is_nothing(each)]
    if len(types) <= _SEVERAL or not all(map(_BRACKETED.fullmatch, types)):
        return table

    def opened(row: TableRow) -> TableRow:
        cells = (
            _BRACKETED.sub(r"\1", each) if n == at else each for n, each in enumerate(row.cells)
        )
        return replace(row, cells=tuple(cells))

    return replace(table, rows=tuple(map(opened, table.rows)))


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
    names_over_several_columns,
    name_and_title,
    names_under_another_word,
    description_and_remark,
    types_in_brackets,
    levels,
)
"""The columns that mean something only together."""


def with_bars_in_the_last_cell(table: Table, names: Mapping[str, str]) -> Table:
    """Give a table in whose last column, a description, each bar too many is text: `A|B|C`.

    That is only so where the cells before it say what their columns are for.
    """
    words = _words(table)
    last = len(words) - 1
    known = {names[each]: n for n, each in enumerate(words) if each in names}
    decided = max((known.get(each, -1) for each in ("required", "nullable", "type")), default=-1)
    between = {"max_length"} | {names.get(each, "") for each in words[decided + 1 : last]}
    if names.get(words[last]) not in _SAID or between != {"max_length"}:
        return table

    def joined(row: TableRow) -> TableRow:
        if len(row.cells) <= len(words) or not _is_in_place(row, known):
            return row
        whole = " | ".join(each.strip() for each in row.cells[last:])
        return replace(row, cells=(*row.cells[:last], whole), columns=row.columns[: last + 1])

    return replace(table, rows=tuple(map(joined, table.rows)))


_SAID = frozenset({"description", "range", "other"})
"""The columns whose cells are prose, in which a bar may be text."""


def _is_in_place(row: TableRow, known: Mapping[str, int]) -> bool:
    """Say whether the cells of 是否必填 and 类型 can be read, and there is one of them."""
    readers: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("required", requirement),
        ("nullable", requirement),
        ("type", kind),
    )
    stated = [(known[meaning], read) for meaning, read in readers if meaning in known]
    try:
        for at, read in stated:
            read(plain(row.cells[at]))
    except ValueError:
        return False
    return bool(stated)


def _meanings(table: Table, names: Mapping[str, str]) -> set[str]:
    return {names[each] for each in _words(table) if each in names}


def _words(table: Table) -> list[str]:
    return [word(header) for header in table.header.cells]


def _headed(table: Table, old: str, new: str) -> Table:
    cells = (new if word(each) == old else each for each in table.header.cells)
    return replace(table, header=replace(table.header, cells=tuple(cells)))
