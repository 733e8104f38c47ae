"""Texts in Markdown: what a spec or a server says is shown as it is, never as markup."""

from __future__ import annotations

import re

from contract import printable

_MEANING = re.compile(r"[\\`*{}\[\]<>#|~@&$!]|(?<!\w)_|_(?!\w)|^[-+=]")
"""Characters that are markup anywhere, and those that are markup at the start of a line."""
_NUMBERED = re.compile(r"^(\d+)(?=[.)])")
"""The number of a list's item; a backslash before a digit would be shown."""
_LINK = "://"


def escaped(text: str) -> str:
    """Write a text on one line, so that nothing in it is Markdown or HTML, nor a link."""
    line = printable.line(" ".join(text.split()))
    marked = _NUMBERED.sub(r"\1\\", _MEANING.sub(r"\\\g<0>", line))
    return marked.replace(_LINK, ":\\//")


def code(text: str) -> str:
    """Write a text as it is, in a code span that it cannot close."""
    line = printable.line(" ".join(text.split())) or " "
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    space = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{space}{line}{space}{fence}"
