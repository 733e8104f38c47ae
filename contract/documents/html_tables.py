"""Tables that a document writes in HTML → the same tables as any other, with their lines.

Exports of YApi and of editors do so. The indentation of a cell's text is the padding of its style.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree, html

from contract.documents.block import Table, TableRow

_PADDING = re.compile(r"padding-left\s*:\s*([0-9]{1,4})")
_PIXELS_A_LEVEL = 20
_INDENT = "\u2003"
_TRIMMED = dict.fromkeys(map(ord, " \t\r\n\f\v"))
"""The gaps that browsers do not show; those that they show indent a name."""
_MOST_SPANNED = 50


def tables(lines: Sequence[str], start: int, end: int) -> Iterator[Table]:
    """Read the tables between two lines, those in the cells of others as their text."""
    text = "\n".join(lines[start:end])
    try:
        root = html.fragment_fromstring(text, create_parent="div")
    except (etree.LxmlError, ValueError):
        return
    for table in root.iter("table"):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        if next(table.iterchildren("th", "td"), None) is not None:
            rows = [table, *rows]  # a header whose writer left out <tr>
        cells = list(_spanned(rows))
        if cells:
            header, *others = (
                TableRow(each, start + (row.sourceline or 1), (1,) * len(each))
                for row, each in zip(rows, cells, strict=True)
            )
            yield Table(header, tuple(others), frozenset())


def _spanned(rows: Sequence[html.HtmlElement]) -> Iterator[tuple[str, ...]]:
    """Give the texts of the cells of each row; a cell that spans others stands in all of them."""
    below: dict[int, tuple[str, int]] = {}
    for row in rows:
        texts: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _fill(texts, below)
            text, rest = _text(cell), _span(cell, "rowspan") - 1
            for _ in range(_span(cell, "colspan")):
                if rest > 0:
                    below[len(texts)] = (text, rest)
                texts.append(text)
        _fill(texts, below)
        yield tuple(texts)


def _fill(texts: list[str], below: dict[int, tuple[str, int]]) -> None:
    """Put the cells that span this row from above where the next one would stand."""
    while len(texts) in below:
        text, rest = below.pop(len(texts))
        if rest > 1:
            below[len(texts)] = (text, rest - 1)
        texts.append(text)


def _span(cell: html.HtmlElement, name: str) -> int:
    written = str(cell.get(name, "1")).strip()
    return min(max(int(written), 1), _MOST_SPANNED) if written.isdecimal() else 1


def _text(cell: html.HtmlElement) -> str:
    styles = [str(each.get("style", "")) for each in cell.iter("td", "th", "span", "div", "p")]
    padding = next((found for found in map(_PADDING.search, styles) if found), None)
    levels = int(padding[1]) // _PIXELS_A_LEVEL if padding else 0
    text = cell.text_content()
    gaps = text[: len(text) - len(text.lstrip())].translate(_TRIMMED)
    return _INDENT * levels + gaps + " ".join(text.split())
