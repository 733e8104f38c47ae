"""A document's sections → the sections of each interface that it describes.

A new interface begins where a path is stated again below a heading of its own, or after the rows
and samples of the one before. What stands above the first is shared by all: environments and the
rows of common parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from contract.documents.address_words import ADDRESS_KEYS, METHODS
from contract.documents.addresses import KeyedLine
from contract.documents.block import BOLD_LEVEL
from contract.documents.cells import word
from contract.documents.heading_words import Part
from contract.documents.program_calls import called_by
from contract.documents.sections import Section
from contract.documents.stated_calls import calls, request_lines, says_value

_CONTENT = {Part.PARAMETERS, Part.ANSWER, Part.ANSWER_HEADERS, Part.SAMPLES}
_SHARED = {Part.ENVIRONMENTS, Part.PARAMETERS}
_AROUND = re.compile(
    r"(?:返回|响应|应答|出参)(?:数据|结果|报文|体)?(?:结构|格式|说明|规范|定义|约定)"
)
"""How the answer around the rows of all interfaces is headed, besides 公共响应."""
_COMMON = re.compile(r"公共|通用|统一|common", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Interface:
    """The sections of one interface.

    Attributes:
        sections: its own, in order.
        shared: those of the whole document that hold for it as well.
        above: all that stand above the first interface.
        apart: those behind it that belong to no interface.
        calls: the lines that state its method and path, and whatever else stands beside them.
    """

    sections: tuple[Section, ...]
    shared: tuple[Section, ...]
    apart: tuple[Section, ...]
    calls: tuple[KeyedLine, ...]
    above: tuple[Section, ...] = ()


def interfaces(found: Sequence[Section]) -> tuple[Interface, ...]:
    """Cut a document into its interfaces; one that states no path is one interface as well."""
    starts = _starts(found)
    if len(starts) < _SEVERAL and len(by_method := _method_starts(found)) >= _SEVERAL:
        return tuple(_by_methods(found, by_method))
    if len(starts) < _SEVERAL:
        return (Interface(tuple(found), (), (), tuple(_calls(found))),)
    before = found[: starts[0]]
    shared = tuple(filter(_is_shared, before))
    unread = tuple(each for each in before if not _is_shared(each))
    return tuple(
        replace(
            _interface(found[start:end], shared, unread if start == starts[0] else ()),
            above=tuple(before),
        )
        for start, end in zip(starts, [*starts[1:], len(found)], strict=True)
    )


def _method_starts(found: Sequence[Section]) -> list[int]:
    """Find the headings of the methods of one address, each of which has content of its own.

    The address stands above them all, and they have one level.
    """
    methods: list[tuple[int, str]] = []
    for position, section in enumerate(found):
        if section.part not in {Part.OPERATION, Part.UNKNOWN}:
            continue
        lines = [line for line in calls(section) if says_value(line)]
        if any(word(line.key) in ADDRESS_KEYS for line in lines):
            if methods:
                return []
            continue
        said = next((_METHOD.fullmatch(line.value.strip("` ")) for line in lines), None)
        parent = _parent(found, -1, position) if said else None
        if said and parent is not None:
            methods.append((parent, said[0].upper()))
    if len(methods) < _SEVERAL:
        return []
    starts = [parent for parent, _ in methods]
    levels = {found[start].level for start in starts}
    differ = len({name for _, name in methods}) == len(methods)
    content = all(
        any(each.part in _CONTENT for each in found[start:end])
        for start, end in zip(starts, [*starts[1:], len(found)], strict=True)
    )
    stated = [
        line
        for each in found[: starts[0]]
        for line in calls(each)
        if word(line.key) in ADDRESS_KEYS
    ]
    return starts if differ and content and len(levels) == 1 and stated else []


def _by_methods(found: Sequence[Section], starts: Sequence[int]) -> Iterator[Interface]:
    """Cut a document that states one address above the methods that it is called by."""
    before = found[: starts[0]]
    address = [line for line in _calls(before) if word(line.key) in ADDRESS_KEYS]
    shared = tuple(filter(_is_shared, before))
    unread = tuple(each for each in before if not _is_shared(each))
    for start, end in zip(starts, [*starts[1:], len(found)], strict=True):
        own = _interface(found[start:end], shared, unread if start == starts[0] else ())
        yield replace(own, above=tuple(before), calls=(*address, *own.calls))


def _is_shared(section: Section) -> bool:
    """Say whether a section above all interfaces holds for each of them."""
    common = _COMMON.search(section.title.text) or _AROUND.search(section.title.text)
    return (section.part is Part.ANSWER and common is not None) or section.part in _SHARED


_SEVERAL = 2
_METHOD = re.compile("|".join(METHODS), re.IGNORECASE)
_CALLED = re.compile(rf"(?:https?://\S+)?/\S*|(?:{'|'.join(METHODS)})", re.IGNORECASE)
"""A value that can only be a path or a method, and not the description of a member."""


def _interface(
    mine: Sequence[Section], shared: tuple[Section, ...], unread: tuple[Section, ...]
) -> Interface:
    """Leave out what stands below a later heading of the same level as the interface's own."""
    level = mine[0].level
    end = len(mine)
    if mine[0].part is Part.UNKNOWN and level < BOLD_LEVEL:
        others = (n for n, each in enumerate(mine) if n and _ends(each, level))
        end = next(others, end)
    return Interface(tuple(mine[:end]), shared, (*unread, *mine[end:]), tuple(_calls(mine[:end])))


def _ends(section: Section, level: int) -> bool:
    return section.part is Part.UNKNOWN and section.level <= level


def _starts(found: Sequence[Section]) -> list[int]:
    """Find where each interface begins."""
    stated = _stating(found)
    starts: list[int] = []
    last = -1
    for position in stated:
        parent = _parent(found, last, position)
        between = found[last + 1 : position]
        content = any(each.part in _CONTENT and not each.is_empty for each in between)
        if last < 0 or parent is not None or content:
            starts.append(_first(found, last, position) if parent is None else parent)
            last = position
    return starts


def _stating(found: Sequence[Section]) -> list[int]:
    """Find the sections that state a path: those of operations, else those of unknown headings."""
    stated: dict[int, set[bool]] = {}
    for position, section in enumerate(found):
        if section.part in {Part.OPERATION, Part.UNKNOWN}:
            keys = {word(line.key) in ADDRESS_KEYS for line in calls(section) if says_value(line)}
            stated[position] = keys
    paths = [position for position, keys in stated.items() if True in keys]
    operations = [each for each in paths if found[each].part is Part.OPERATION]
    if not paths:
        requested = [n for n, each in enumerate(found) if any(_requested(each))]
        return requested or [n for n, each in enumerate(found) if _is_called(each)]
    if not operations:
        return paths
    whole = [each for each in paths if stated[each] == {True, False}]
    return sorted({*operations, *whole})


def _is_called(section: Section) -> bool:
    """Say whether a program of a section that is no sample makes a call."""
    fences = section.fences if section.part is Part.UNKNOWN else ()
    return any(called_by(fence.text, fence.line) is not None for fence in fences)


def _parent(found: Sequence[Section], last: int, position: int) -> int | None:
    """Find the heading that names the interface whose path stands in a section."""
    section = found[position]
    if section.part is Part.UNKNOWN and section.level < BOLD_LEVEL:
        return position
    above = range(position - 1, last, -1)
    return next(
        (n for n in above if found[n].part is Part.UNKNOWN and 0 < found[n].level < section.level),
        None,
    )


def _first(found: Sequence[Section], last: int, position: int) -> int:
    """Find the first section before a path that belongs to no interface before it."""
    first = position
    while first - 1 > last and found[first - 1].part not in _CONTENT:
        if found[first - 1].part is Part.REMARKS and "描述" not in found[first - 1].title.text:
            break
        first -= 1
    return first


def _calls(mine: Sequence[Section]) -> Iterator[KeyedLine]:
    """Give the lines of the sections that state the operation; else of all unknown ones."""
    operations = [each for each in mine if each.part is Part.OPERATION]
    lines = [line for each in operations for line in calls(each)]
    known = {word(line.key) in ADDRESS_KEYS for line in lines if says_value(line)}
    if known != {True, False}:
        others = [each for each in mine if each.part is Part.UNKNOWN]
        lines += [line for each in others for line in calls(each)]
    if not any(word(line.key) in ADDRESS_KEYS for line in lines if says_value(line)):
        lines += [line for each in mine for line in _requested(each)]
    said = (line for line in lines if line.says_nothing or says_value(line))
    yield from sorted(said, key=lambda line: line.line)


def _requested(section: Section) -> Iterator[KeyedLine]:
    """Give the call below a heading such as Request, where no other states the path."""
    if section.part is Part.PARAMETERS:
        yield from request_lines(section)
        yield from (line for line in calls(section) if _CALLED.fullmatch(line.value))
