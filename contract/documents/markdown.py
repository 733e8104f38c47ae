"""Markdown as interface documents write it → blocks that know their lines.

Headings, tables, fenced code and single lines; what they mean is not decided here. Looser than
Markdown where documents are: bars may be full-width, a table may lack its delimiter row or hold
blank lines, a row may go on in the next line, a heading may lack the space after its marks or be a
bold line, and no cell is lost because a row is longer than its header. A table may also be HTML,
and JSON may lack its fence. A new kind of block is one dataclass of `block.py` and one branch of
`blocks`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from contract.documents.bare_json import json_end
from contract.documents.block import Block, Fence, Heading, Prose, Table, TableRow
from contract.documents.cells import plain, unlinked

_HTML_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_HTML_TABLE_END = re.compile(r"</table\s*>", re.IGNORECASE)
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s*+([^#\s].*)")
_SUBHEADING = re.compile(r"\s{0,3}#{2,6}\s*[^#\s]")
_BOLD = re.compile(r"\s*(?:\*\*[^*]+\*\*|__[^_]+__)\s*[:：]?\s*")
_BOLD_NOTED = re.compile(r"\s*\*\*([^*]+)\*\*\s*([(（][^()（）|]{1,24}[)）])\s*[:：]?\s*")
"""A bold line with a note behind it: `**请求参数**（form-data）`."""
_SHOWN = re.compile(
    r"\s*(?:[*+•·-]\s+)?(?P<name>\**[^\s{}\[\]`\"|][^{}\[\]`\"|]{0,20}[:：]\**)\s*(?P<mark>`{0,3})"
    r"(?P<json>\{.*\}|\[\s*\{.*\}\s*\])(?P=mark)\s*"
)
_ANCHOR = re.compile(r"\s*\{#[^{}\s]*\}\s*$")
_HTML_HEADING = re.compile(r"\s*<h([1-6])\b[^<>]*>(.*)</h\1>\s*", re.IGNORECASE)
_HTML_LINE = re.compile(r"\s*<(p|li|dd|dt)\b[^<>]*>(.*)</\1>\s*", re.IGNORECASE)
_HTML_CODE = re.compile(r"\s*<pre\b[^<>]*>\s*(?:<code\b[^<>]*>)?(.*)", re.IGNORECASE)
_HTML_CODE_END = re.compile(r"(?:</code>)?\s*</pre>\s*$", re.IGNORECASE)
_FENCE = re.compile(r"\s*(`{3,}|~{3,})([^`]*)")
_NAVIGATION = re.compile(
    r"\s*(?:\[toc\]|@\[toc\].*|(?:<a\s[^<>]*>\s*</a>\s*)+|</?(?:div|center|details)\b[^<>]*>)\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|=+\s*)")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_UNDERLINED = re.compile(r" {0,3}(?![#>*+•·|-])[^:：。；;|`]{1,60}")
_DELIMITER = re.compile(r"\s*[:：]?[-－—]+[:：]?\s*")
_BAR = re.compile(r"(?<!\\)\|")
_ANY_BAR = re.compile(r"(?<!\\)[|｜]")
_LINE_END = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    """Split a text into lines as editors count them: Windows, Unix and old Mac line ends."""
    return _LINE_END.split(text)


def blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Put every line of a document that is not blank into exactly one block, in order."""
    lines = _without_comments(lines)
    at = no_json = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip() or _RULE.fullmatch(line) or _NAVIGATION.fullmatch(line):
            at += 1
        elif fence := _FENCE.fullmatch(line):
            block, at = _fence(lines, at, fence[1])
            yield block
        elif code := _HTML_CODE.fullmatch(line):
            block, at = _html_code(lines, at, code[1])
            yield block
        elif _HTML_TABLE.search(line):
            end = _html_table_end(lines, at)
            yield from _html_tables(lines, at, end)
            at = end
        elif _starts_table(lines, at):
            end = _table_end(lines, at)
            yield from _tables(lines, at, end)
            at = end
        elif at >= no_json and (found := json_end(lines, at))[0] > at:
            yield Fence("\n".join(lines[at : found[0]]), at + 1, closed=True, bare=True)
            at = found[0]
        elif shown := _shown_behind_a_name(line, at + 1):
            yield from shown
            at += 1
        else:
            no_json = max(no_json, found[1]) if at >= no_json else no_json
            at += 1
            yield _underlined(lines, at) or _line(line, at)


def _line(line: str, number: int) -> Heading | Prose:
    """Read a line that stands alone: a heading in any notation, or prose."""
    if heading := _HEADING.fullmatch(line):
        text = _unclosed(_ANCHOR.sub("", heading[2]))
        return Heading(plain(unlinked(text)), number, level=len(heading[1]))
    if heading := _HTML_HEADING.fullmatch(line):
        return Heading(plain(heading[2]), number, level=int(heading[1]))
    if _BOLD.fullmatch(line):
        return Heading(plain(line.strip().rstrip(":：")), number, bold=True)
    if noted := _BOLD_NOTED.fullmatch(line):
        return Heading(plain(f"{noted[1].rstrip(':： ')}{noted[2]}"), number, bold=True)
    written = _HTML_LINE.fullmatch(line)
    return Prose(written[2] if written else line, number)


def _shown_behind_a_name(line: str, number: int) -> tuple[Prose, Fence] | None:
    """Read a line that names a sample and shows it: 成功：`{"code": 0}`."""
    found = _SHOWN.fullmatch(line)
    if found is None or json_end([found["json"]], 0)[0] == 0:
        return None
    name = Prose(found["name"], number)
    return name, Fence(found["json"], number, closed=True, bare=True)


def _underlined(lines: Sequence[str], number: int) -> Heading | None:
    """Read a heading that a line of = or - underlines; a rule below a sentence is none."""
    mark = lines[number].strip() if number < len(lines) else ""
    line = lines[number - 1]
    alone = number == 1 or not lines[number - 2].strip()
    if not alone or not _UNDERLINE.fullmatch(mark) or not _UNDERLINED.fullmatch(line):
        return None
    return Heading(plain(unlinked(line)), number, level=1 if mark[0] == "=" else 2)


def _html_code(lines: Sequence[str], at: int, first: str) -> tuple[Fence, int]:
    """Read the code in `<pre>` that opens at a line; give it with the line after it."""
    content = [first]
    end = at
    while not _HTML_CODE_END.search(content[-1]) and end + 1 < len(lines):
        end += 1
        content.append(lines[end])
    closed = _HTML_CODE_END.search(content[-1]) is not None
    content[-1] = _HTML_CODE_END.sub("", content[-1])
    text = html.unescape("\n".join(content))
    return Fence(text, at + 1, closed=closed), end + 1


def _unclosed(heading: str) -> str:
    """Remove the marks that may close a heading."""
    text = heading.rstrip()
    opened = text.rstrip("#")
    return opened if opened[-1:].isspace() else text


def _without_comments(lines: Sequence[str]) -> list[str]:
    """Blank what an HTML comment outside of fenced code hides."""
    seen: list[str] = []
    fence, hidden = "", False
    for line in lines:
        rest, kept = line, ""
        mark = _FENCE.fullmatch(line)
        if mark and not hidden and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        while not fence and rest:
            before, found, rest = rest.partition("-->" if hidden else "<!--")
            kept += "" if hidden else before
            if not found:
                break
            hidden = not hidden
        seen.append(line if fence else kept)
    return seen


def _fence(lines: Sequence[str], at: int, mark: str) -> tuple[Fence, int]:
    """Read the fence that opens at a line; give it with the line after it.

    A heading ends a fence that its writer forgot to close.
    """
    for end in range(at + 1, len(lines)):
        closing = lines[end].strip()
        if closing.startswith(mark) and not closing.strip(mark[0]):
            return Fence("\n".join(lines[at + 1 : end]), at + 2, closed=True), end + 1
        if _SUBHEADING.match(lines[end]):
            return Fence("\n".join(lines[at + 1 : end]), at + 2, closed=False), end
    return Fence("\n".join(lines[at + 1 :]), at + 2, closed=False), len(lines)


def _html_table_end(lines: Sequence[str], at: int) -> int:
    """Find the line after the table that opens at a line; all others where it is not closed."""
    closed = (number for number in range(at, len(lines)) if _HTML_TABLE_END.search(lines[number]))
    return next(closed, len(lines) - 1) + 1


def _html_tables(lines: Sequence[str], start: int, end: int) -> Iterator[Block]:
    """Read tables in HTML; as prose what is none."""
    from contract.documents import html_tables  # noqa: PLC0415 - lxml costs every other run 8 MB

    found = list(html_tables.tables(lines, start, end))
    yield from found or (Prose(lines[n], n + 1) for n in range(start, end) if lines[n].strip())


def _starts_table(lines: Sequence[str], at: int) -> bool:
    if lines[at].lstrip().startswith(("|", "｜")):
        return True
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return bool(_ANY_BAR.search(lines[at]) and _ANY_BAR.search(following)) and _delimits(
        _cells(following, _ANY_BAR)
    )


def _table_end(lines: Sequence[str], at: int) -> int:
    """Find the line after a table; blank lines do not end it if another line with bars follows."""
    end = at + 1
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if line.lstrip().startswith(("|", "｜")) or (number == end and _ANY_BAR.search(line)):
            end = number + 1
        elif closed := _closed(lines, number, end):
            end = closed
        elif line.strip() and number >= end:
            break
    return end


def _closed(lines: Sequence[str], at: int, end: int) -> int:
    """Find the line after a row that goes on in lines without bars up to the bar that closes it.

    0 where the row above is closed, or is never closed.
    """
    above = lines[end - 1].strip()
    if at != end or not above.startswith("|") or above.endswith("|"):
        return 0
    for number in range(at, min(len(lines), at + _MOST_CONTINUED)):
        line = lines[number].strip()
        if not line or line.startswith(("|", "#")):
            return 0
        if line.endswith("|"):
            return number + 1
    return 0


_MOST_CONTINUED = 20


def _joined(lines: Sequence[str], numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Give the rows of a table in one line each, with the number of their first line."""
    rows: list[tuple[int, str]] = []
    width = len(_cells(lines[numbers[0]], _ANY_BAR))
    for number in numbers:
        line = lines[number]
        barred = line.lstrip().startswith(("|", "｜"))
        whole = f"{rows[-1][1].rstrip()} {line.strip()}" if rows and not barred else ""
        if whole and _is_open(rows[-1][1]) and len(_cells(whole, _BAR)) <= width:
            rows[-1] = (rows[-1][0], whole)
        else:
            rows.append((number, line))
    yield from rows


def _is_open(row: str) -> bool:
    return row.lstrip().startswith("|") and not row.rstrip().endswith("|")


def _tables(lines: Sequence[str], start: int, end: int) -> Iterator[Table]:
    """Read one table, or several where a delimiter row below a blank line starts another."""
    barred = [number for number in range(start, end) if lines[number].strip()]
    starts = [0] + [
        index
        for index in range(1, len(barred) - 1)
        if not lines[barred[index] - 1].strip()
        and _delimits(_cells(lines[barred[index + 1]], _ANY_BAR))
    ]
    for first, last in zip(starts, [*starts[1:], len(barred)], strict=True):
        yield _table(lines, barred[first:last])


def _table(lines: Sequence[str], numbers: Sequence[int]) -> Table:
    (header, first), *others = _joined(lines, numbers)
    head = _cells(first, _ANY_BAR)
    centred: frozenset[int] = frozenset()
    if others and _delimits(delimiters := _cells(others[0][1], _ANY_BAR)):
        centred = frozenset(n for n, c in enumerate(delimiters) if c.strip().endswith((":", "：")))
        del others[0]
    rows = tuple(_table_row(line, number, len(head)) for number, line in others)
    return Table(TableRow(head, header + 1), rows, centred)


def _table_row(line: str, number: int, width: int) -> TableRow:
    cells = _row_cells(line, width)
    columns: list[int] = []
    at = 0
    for cell in cells:
        start = line.index(cell, at)
        columns.append(start + len(cell) - len(cell.lstrip()) + 1)
        at = start + len(cell)
    return TableRow(cells, number + 1, tuple(columns))


def _row_cells(line: str, width: int) -> tuple[str, ...]:
    """Split a row at its bars; a full-width bar is text where the other bars fill the header."""
    readings = (_cells(line, _BAR), _cells(line, _ANY_BAR))
    return min(readings, key=lambda cells: abs(len(cells) - width))


def _cells(line: str, bar: re.Pattern[str]) -> tuple[str, ...]:
    cells = bar.split(line.strip())
    if not cells[0]:
        del cells[0]
    if len(cells) > 1 and not cells[-1].strip():
        del cells[-1]
    return tuple(cells)


def _delimits(cells: Sequence[str]) -> bool:
    return all(_DELIMITER.fullmatch(cell) for cell in cells)
