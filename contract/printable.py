r"""The one escape of everything that is printed and was said by somebody else.

A spec, a document, a server, a recording, a client and the name of a file may hold what controls a
terminal (escape sequences, overwriting, text that runs backwards) and what the log of a CI takes
for a command. Each place that prints puts such texts through this module: `line` for one line,
`block` for a text of several, `in_json` for JSON that a console shows, `in_utf8` for what is
written to a file or a program. `markdown_text.py` and `annotations.py` stand on it. To escape
something more: add it here, and nowhere else.
"""

from __future__ import annotations

import re
import unicodedata

_COMMAND = re.compile(r"(?<![^\s\-]):(?=:)|#(?=#(?:\[|vso\[|teamcity\[))", re.IGNORECASE)
"""What begins a command in a log: GitHub Actions (`::` first in a line, `##[` anywhere), Azure
Pipelines, TeamCity. A line may be broken before any word, so no word may begin with `::`."""


def line(text: str) -> str:
    r"""Write a text on one line, where it controls no terminal and commands no CI.

    What cannot be printed is written as Python escapes it, such as `\n`, `\x1b` and `\u202e`; so is
    the first character of a command. All else, Chinese and wide blanks too, stays as it is.
    """
    shown = text if text.isprintable() else "".join(map(_visible, text))
    return _COMMAND.sub(_escape, shown) if "::" in shown or "##" in shown else shown


def block(text: str) -> str:
    r"""Write a text of our own lines that hold what others said; only `\n` ends a line."""
    return "\n".join(map(line, text.split("\n")))


def in_utf8(text: str) -> bytes:
    r"""Encode a text for a file or a program; half of a surrogate pair is written as `\ud800`.

    JSON may hold one, and so may the name of a file that is not UTF-8. In JSON it stays what it is.
    """
    return text.encode("utf-8", "backslashreplace")


def in_json(text: str) -> str:
    r"""Write JSON text so that a console may show it: `\u001b` for what cannot be printed."""
    lines = (each if each.isprintable() else _in_units(each) for each in text.split("\n"))
    text = "\n".join(lines)
    # No line of it begins with a colon, and only a string can hold what else is a command.
    return _COMMAND.sub(lambda found: _unit("#") if found[0] == "#" else found[0], text)


def _is_visible(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs"


def _visible(character: str) -> str:
    return character if _is_visible(character) else ascii(character)[1:-1]


def _escape(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}"


def _in_units(text: str) -> str:
    return "".join(each if _is_visible(each) else _unit(each) for each in text)


def _unit(character: str) -> str:
    """Escape a character as JSON does: by its units of UTF-16."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
