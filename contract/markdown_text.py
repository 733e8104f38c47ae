"""Texts in Markdown: what a spec or a server says is shown as it is, never as markup."""

from __future__ import annotations

import re

_MEANING = re.compile(r"[\\`*{}\[\]<>#|~@&$!]|(?<!\w)_|_(?!\w)|^[-+=]")
"""Characters that are markup anywhere, and those that are markup at the start of a line."""
_NUMBERED = re.compile(r"^(\d+)(?=[.)])")
"""The number of a list's item; a backslash before a digit would be shown."""
_LINK = "://"


def on_one_line(text: str) -> str:
    """Keep a text on its line: what cannot be printed is written as an escape."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def escaped(text: str) -> str:
    """Write a text on one line, so that nothing in it is Markdown or HTML, nor a link."""
    line = on_one_line(" ".join(text.split()))
    marked = _NUMBERED.sub(r"\1\\", _MEANING.sub(r"\\\g<0>", line))
    return marked.replace(_LINK, ":\\//")


def code(text: str) -> str:
    """Write a text as it is, in a code span that it cannot close."""
    line = on_one_line(" ".join(text.split())) or " "
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    space = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{space}{line}{space}{fence}"
