"""Lists of members (`- name: 说明 (可选)`) → the same tables as any other.

Another way to write such an item is one more alternative of `_ITEM`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from contract.documents.block import Fence, Prose, Table, TableRow
from contract.documents.cells import kind, plain, requirement

_ITEM = re.compile(
    r"(?P<gap>\s*)(?:[*+•·-]|[0-9]{1,3}[.、)])\s+(?P<mark>\**`?\**)(?P<name>[A-Za-z_$@][A-Za-z0-9_$@.\[\]-]*)"
    r"\**`?\**\s*(?P<rest>[(（\[:：|–—-].*|)"
)
_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_SEPARATOR = re.compile(r"[,，、;；|/\s]+")
_OPENING = re.compile(r"\s*[(（\[][^()（）\[\]]*[)）\]]")
_LEADING = re.compile(r"^\s*[:：–—|-]+\s*")


_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)\s*[:：]\s*(.*)")
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
    has_types = any(item.type for item in items)
    has_requirements = any(item.required for item in items)
    header = ["参数", *(["类型"] if has_types else []), *(["是否必填"] if has_requirements else [])]
    rows = tuple(
        TableRow(tuple(_cells(item, types=has_types, requirements=has_requirements)), item.line)
        for item in items
    )
    return Table(TableRow((*header, "参数描述"), items[0].line), rows, frozenset())


def table_of_headers(fence: Fence) -> Table | None:
    """Make a table of fenced lines `Name: value`, if all of its lines are headers."""
    lines = [
        (match, number)
        for number, line in enumerate(fence.text.split("\n"), start=fence.line)
        if line.strip() and (match := _HEADER.fullmatch(line.strip())) is not None
    ]
    if not lines or len(lines) < sum(bool(line.strip()) for line in fence.text.split("\n")):
        return None
    rows = tuple(TableRow((match[1], match[2]), number) for match, number in lines)
    return Table(TableRow(("参数", "示例值"), fence.line), rows, frozenset())


def _cells(item: _Item, *, types: bool, requirements: bool) -> Iterator[str]:
    yield item.name
    if types:
        yield item.type
    if requirements:
        yield item.required or "否"
    yield item.description


def _item(match: re.Match[str], line: int) -> _Item:
    rest = match["rest"]
    type_, required = "", ""
    for bracket in _BRACKETS.finditer(rest):
        for token in filter(None, _SEPARATOR.split(bracket[1])):
            if not required and _is(requirement, token):
                required = token
            elif not type_ and _is(kind, token):
                type_ = token
    opening = _OPENING.match(rest)
    description = plain(_LEADING.sub("", rest[opening.end() :] if opening else rest))
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
