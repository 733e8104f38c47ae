"""Where sections of a document state the method and the path of an interface.

They may stand in a line `* key : value`, below a heading that is the key, in a table of keys and
values, in a request line (`POST /path`) that stands alone, or in a heading. Another place is one
more function in `RECOGNISERS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from contract.documents.address_words import ADDRESS_KEYS, METHOD_KEYS, METHODS
from contract.documents.addresses import KeyedLine, lists_environments
from contract.documents.block import Fence, Heading, Prose, Table, TableRow
from contract.documents.cells import plain, unlinked, word
from contract.documents.column_words import COLUMNS
from contract.documents.heading_words import Part, facts_of
from contract.documents.locations import MEDIA_TYPE_KEYS
from contract.documents.sections import Section, entry
from contract.documents.tables import columns

KEYS = METHOD_KEYS | ADDRESS_KEYS
"""The words for 请求类型 and 请求地址."""

_CALL = re.compile(
    rf"(?:^|(?<=[\s:：、.）)】\]])|(?<=[\u4e00-\u9fff]))(?P<method>{'|'.join(METHODS)})"
    r"\s*[:：]?\s+(?P<address>(?:https?://|/|\{{1,2}\w+\}{1,2}/)[^\s`*，,。；;（）()]*)"
)
_METHOD = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(METHODS)})(?![A-Za-z])", re.IGNORECASE)
_PATH = re.compile(r"/")
_MARKUP = re.compile(r"[`*]+")
_LIST_MARK = re.compile(r"^\s*(?:[*+•·-]|>|[0-9]{1,3}[.、)])\s+")
_SPOKEN = re.compile(
    rf"^(?:http[-_ ]?)?({'|'.join(METHODS)})(?=\s*[:：]?\s+(?:/|https?://))", re.IGNORECASE
)
"""A method at the beginning of a request line, in any case: `http-post /path`."""
_BRACKETED = re.compile(rf"^[\[【]\s*({'|'.join(METHODS)})\s*[\]】]\s*")
"""A method in brackets at the beginning of a request line: `[ POST ] /path`."""
_WHOLE = re.compile(r"(?:[A-Z]+\s*[:：]?\s+)\S+(?:\s+HTTP/[0-9.]+)?")
_KEY_BESIDE = re.compile(r"(?<=[\s,，;；])\**([A-Za-z\u4e00-\u9fff][\w-]{1,15})\**\s*[:：](?!//)")
_LINK_TAG = re.compile(r"</?a(?:\s[^<>]*)?>", re.IGNORECASE)
_ADDRESS_AT_TIMES = frozenset({"地址", "接口", "api"})
"""The words that mean 请求地址 where an address stands behind them."""
_ADDRESS = re.compile(r"(?:https?://[^/\s]+|\{{1,2}\w+\}{1,2})?/[^\s，。]*")
_TURNED = re.compile(
    rf"(?P<address>(?:https?://|/)\S+)\s+[(（\[]?(?P<method>{'|'.join(METHODS)})[)）\]]?"
    r"(?:\s+(?P<type>\w+/[\w.+-]+))?"
)
"""A request line whose method stands behind the path: `/path POST multipart/form-data`."""
_INTERFACE = frozenset({"接口", "api", "接口定义", "接口说明", "接口信息", "请求", "调用", "地址"})
"""The words for an interface that may stand before its whole request line."""
_CALLING = {Part.UNKNOWN, Part.OPERATION}
"""The sections in which a whole request line is the interface's, whatever stands before it."""
_KEYS_TURNED = 2
_KEY_AND_VALUE = 2


def keyed(section: Section) -> Iterator[KeyedLine]:
    """Give all lines of a section that state a key and its value, wherever they stand."""
    for recognise in RECOGNISERS:
        yield from recognise(section)


def calls(section: Section) -> Iterator[KeyedLine]:
    """Give the lines of a section that state a method or a path."""
    yield from (line for line in keyed(section) if word(line.key) in KEYS)


def says_value(line: KeyedLine) -> bool:
    """Say whether a line states something of an interface, and not of Swagger itself."""
    return not line.says_nothing and not _OF_SWAGGER.search(line.value)


_OF_SWAGGER = re.compile(r"/api-docs(?:/\w+)?(?:\?\S*)?`?$")
"""The path of Swagger's own description, which exports name above all interfaces."""


def entries(section: Section) -> Iterator[KeyedLine]:
    """Give lines `* key : value`."""
    for text in section.texts:
        for written in _beside(unlinked(_LINK_TAG.sub("", text.text))):
            if pair := entry(written):
                yield KeyedLine(*pair, text.line)


def _beside(text: str) -> list[str]:
    """Cut a line before each key of a call in it: `URL: /path　Method: POST`."""
    found = (each for each in _KEY_BESIDE.finditer(text) if _is_key(each[1]))
    starts = [each.start() for each in found if entry(text[: each.start()]) is not None]
    return [text[start:end].strip() for start, end in pairwise([0, *starts, len(text)])]


def _is_key(text: str) -> bool:
    return word(text) in KEYS | MEDIA_TYPE_KEYS


def entries_without_a_colon(section: Section) -> Iterator[KeyedLine]:
    """Give lines whose key is parted from its value by a gap alone: `> 接口地址 /path`."""
    for text in section.texts:
        written = _MARKUP.sub("", _LIST_MARK.sub("", text.text, count=1)).strip()
        key, *values = written.split(maxsplit=1)[:2] if written else [""]
        fit = _METHOD if word(key) in METHOD_KEYS else _ADDRESS
        if values and word(key) in KEYS and fit.fullmatch(values[0]):
            yield KeyedLine(key, values[0], text.line)


def below_a_key(section: Section) -> Iterator[KeyedLine]:
    """Give the lines and the fenced code below a heading that is a key, or names several."""
    keys = [each for each in facts_of(section.title.text) if word(each) in KEYS]
    key = next((each for each in keys if word(each) in ADDRESS_KEYS), keys[0] if keys else "")
    if not key:
        return
    lines = [
        KeyedLine(key, plain(_LIST_MARK.sub("", text.text, count=1)), text.line)
        for text in section.texts
        if entry(text.text) is None
    ]
    for fence in section.fences:
        for number, content in enumerate(fence.text.split("\n"), start=fence.line):
            lines += [KeyedLine(key, content.strip(), number)] if content.strip() else []
    fit = _METHOD if word(key) in METHOD_KEYS else _PATH
    yield from [line for line in lines if fit.search(line.value)] or lines


def below_a_bold_key(section: Section) -> Iterator[KeyedLine]:
    """Give the line below a key that stands alone and announces no section: `Path:`."""
    texts = section.texts
    for text, following in pairwise(texts):
        key = plain(text.text).strip(" :：*-")
        alone = text.text.rstrip().endswith((":", "：", "：**", ":**"))
        if alone and word(key) in KEYS and word(section.title.text) != word(key):
            yield KeyedLine(key, plain(_LIST_MARK.sub("", following.text, count=1)), following.line)


def tables_of_keys(section: Section) -> Iterator[KeyedLine]:
    """Give the rows of tables whose cells are keys and values; a table may be turned by 90°."""
    for table in section.tables:
        if lists_environments(table):
            continue
        if states_keys(table) or section.part is Part.OPERATION:
            for row in (table.header, *table.rows):
                value = plain(" ".join(row.cells[1:]))
                yield KeyedLine(plain(row.cells[0]), value, row.line)
        elif _is_turned(table):
            for key, value in zip(table.header.cells, table.rows[0].cells, strict=False):
                yield KeyedLine(plain(key), plain(value), table.rows[0].line)


def rows_of_calls(section: Section) -> Iterator[KeyedLine]:
    """Give the calls in tables of two columns: 请求 | POST /path."""
    for table in section.tables:
        for call, line in _calls_in(table):
            yield from _both(call, line)


def _calls_in(table: Table) -> Iterator[tuple[re.Match[str], int]]:
    for row in (table.header, *table.rows):
        if len(row.cells) == _KEY_AND_VALUE and word(row.cells[0]) in _INTERFACE:
            written = _MARKUP.sub("", unlinked(plain(row.cells[1]))).strip()
            call = _CALL.match(written) if _WHOLE.fullmatch(written) else None
            if call is not None:
                yield call, row.line


def request_lines(section: Section) -> Iterator[KeyedLine]:
    """Give the lines that are a request line as a whole: `POST /path`."""
    for text in section.texts:
        shown = plain(_LIST_MARK.sub("", text.text, count=1))
        written = _MARKUP.sub("", unlinked(shown)).strip()
        written = _BRACKETED.sub(r"\1 ", written)
        written = _SPOKEN.sub(lambda found: found[1].upper(), written)
        call = _CALL.match(written) if _WHOLE.fullmatch(written) else None
        if call := call or _TURNED.fullmatch(written):
            yield from _both(call, text.line)
    for fence in section.fences if section.part is Part.UNKNOWN else ():
        written = fence.text.strip()
        call = _CALL.match(written) if _WHOLE.fullmatch(written) else None
        if call:
            yield from _both(call, fence.line)


def behind_a_key(section: Section) -> Iterator[KeyedLine]:
    """Give the call that stands behind a word for the interface: `接口：POST /path`."""
    for text in section.texts:
        key, value = entry(text.text) or ("", "")
        written = _MARKUP.sub("", unlinked(value)).strip()
        call = _CALL.match(written) if _WHOLE.fullmatch(written) else None
        if call and (word(key) in _INTERFACE or (key and section.part in _CALLING)):
            yield from _both(call, text.line)
        elif word(key) in _ADDRESS_AT_TIMES and _ADDRESS.fullmatch(written):
            yield KeyedLine("path", written, text.line)


def in_the_heading(section: Section) -> Iterator[KeyedLine]:
    """Give the call that a heading names: `## POST /path`, `## 登录 POST /path`, `## 方法：GET`."""
    key, value = entry(section.title.text) or ("", "")
    if word(key) in KEYS:
        yield KeyedLine(key, plain(_MARKUP.sub("", value)), section.title.line)
        return
    call = _CALL.search(_MARKUP.sub("", section.title.text))
    if call and section.part in {Part.UNKNOWN, Part.OPERATION}:
        yield from _both(call, section.title.line)


RECOGNISERS: tuple[Callable[[Section], Iterator[KeyedLine]], ...] = (
    entries,
    entries_without_a_colon,
    below_a_key,
    below_a_bold_key,
    tables_of_keys,
    rows_of_calls,
    request_lines,
    behind_a_key,
    in_the_heading,
)
"""Every place where a section may state its call, in the order of their weight."""


def states_keys(table: Table) -> bool:
    """Say whether a table is one of keys and values: its first column names 请求地址 or so."""
    names = [row.cells[0] for row in (table.header, *table.rows) if row.cells]
    narrow = len(table.header.cells) <= _KEY_AND_VALUE
    return narrow and any(word(name) in KEYS for name in names) and not _is_turned(table)


def is_call(table: Table) -> bool:
    """Say whether a table states a call, as keys and values or turned by 90°, or its hosts."""
    keys = states_keys(table) or _is_turned(table) or lists_environments(table)
    return keys or any(_calls_in(table))


def _is_turned(table: Table) -> bool:
    keys = sum(word(cell) in KEYS for cell in table.header.cells)
    return keys >= _KEYS_TURNED and bool(table.rows)


def used_fences(section: Section) -> tuple[Fence, ...]:
    """Give the fenced code that states a call, and so is no sample."""
    lines = {line.line for line in calls(section)}
    return tuple(
        fence
        for fence in section.fences
        if lines & set(range(fence.line, fence.line + fence.text.count("\n") + 1))
    )


def candidates(section: Section) -> Iterator[tuple[str, int]]:
    """Give the lines that look as if they could state a call."""
    for block in section.blocks:
        if isinstance(block, Table) and "name" in columns(block, COLUMNS):
            continue
        texts = (
            [(block.text, block.line)]
            if isinstance(block, Heading | Prose)
            else [
                (" | ".join(map(plain, row.cells)), row.line) for row in (block.header, *block.rows)
            ]
            if isinstance(block, Table)
            else [(line, block.line + n) for n, line in enumerate(block.text.split("\n"))]
        )
        yield from ((text.strip(), line) for text, line in texts if _LOOKS_CALLED.search(text))
    if _LOOKS_CALLED.search(section.title.text):
        yield section.title.text, section.title.line


def _joined(row: TableRow) -> str:
    return " | ".join(map(plain, row.cells))


_LOOKS_CALLED = re.compile(
    rf"\b(?:{'|'.join(METHODS)})\b|https?://|(?:^|[\s`:：|])/[A-Za-z][\w.{{}}-]*(?:/[\w.{{}}-]+)*",
    re.IGNORECASE,
)


def _both(call: re.Match[str], line: int) -> Iterator[KeyedLine]:
    yield KeyedLine("method", call["method"], line)
    if media_type := call.groupdict().get("type"):
        yield KeyedLine("content-type", media_type, line)
    yield KeyedLine("path", call["address"], line, requests=True)
