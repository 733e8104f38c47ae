"""Lists of members (`- name: 说明 (可选)`) → the same tables as any other.

Another way to write such an item is one more alternative of `_ITEM`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from contract.documents.block import Prose, Table, TableRow
from contract.documents.cells import kind, plain, requirement

_ITEM = re.compile(
    r"(?P<gap>\s*)(?:[*+•·-]|[0-9]{1,3}[.、)])\s+(?P<mark>\**`?\**)(?P<name>[A-Za-z_$@][\w$@.\[\]-]*)"
    r"\**`?\**\s*(?P<rest>[(（\[:：|–—-].*|)"
)
_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_SEPARATOR = re.compile(r"[,，、;；|/\s]+")
_LEADING = re.compile(r"^\s*[:：–—|-]+\s*")


_SHORTEST_WORD = 2


@dataclass(frozen=True, slots=True)
class _Item:
    """One item: its name with the gap before it, and what its words say."""

    name: str
    type: str
    required: str
    description: str
    line: int


def table_of(blocks: Sequence[object]) -> Table | None:
    """Make a table of the items of a list, if all of its items name members."""
    lines = [block for block in blocks if isinstance(block, Prose)]
    matches = [(_ITEM.fullmatch(block.text), block.line) for block in lines]
    items = [_item(match, line) for match, line in matches if match]
    if not items:
        return None
    has_types = all(item.type for item in items)
    has_requirements = any(item.required for item in items)
    header = ["参数", *(["类型"] if has_types else []), *(["是否必填"] if has_requirements else [])]
    rows = tuple(
        TableRow(tuple(_cells(item, types=has_types, requirements=has_requirements)), item.line)
        for item in items
    )
    return Table(TableRow((*header, "参数描述"), items[0].line), rows, frozenset())


def _cells(item: _Item, *, types: bool, requirements: bool) -> Iterator[str]:
    yield item.name
    if types:
        yield item.type
    if requirements:
        yield item.required or "否"
    yield item.description if types or not item.type else f"{item.type} {item.description}".strip()


def _item(match: re.Match[str], line: int) -> _Item:
    rest = match["rest"]
    type_, required = "", ""
    for bracket in _BRACKETS.finditer(rest):
        for token in filter(None, _SEPARATOR.split(bracket[1])):
            if not required and _is(requirement, token):
                required = token
            elif not type_ and _is(kind, token):
                type_ = token
    description = plain(_LEADING.sub("", rest))
    first, _, others = description.partition(" ")
    if not type_ and _is(kind, first.strip(",，;；:：-")):
        type_, description = first.strip(",，;；:：-"), others.strip()
    return _Item(f" {match['gap']}{match['name']}", type_, required, description, line)


def _is(read: Callable[[str], object], token: str) -> bool:
    if len(token) < _SHORTEST_WORD:
        return False  # a value of an enumeration, more likely than a word
    try:
        read(token)
    except ValueError:
        return False
    return True
