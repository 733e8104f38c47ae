"""The name of a member as the cell of a row writes it: marks, indentation, dots and [].

A new mark that moves a row into the one above is one more character of `_MARKS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from contract.documents.cells import entities_resolved, plain

Names = tuple[str, ...]

_GAPS = r"\s\u00a0\u2000-\u200a\u3000"
_MARKS = r"└├│┗┣┃╰┕┝─━∟↳→»>\-—–+·•●▪◦…｜|"
_STARS = re.compile(rf"(?:[{_GAPS}]|\\?\*)*\\?\*(?=[{_GAPS}]*[^*{_GAPS}]+$)")
_DOTS = re.compile(rf"[{_GAPS}]*\.+[{_GAPS}]*(?=[\w$@`])")
_PREFIX = re.compile(f"[{_GAPS}{_MARKS}]*")
_MARKED = re.compile(rf"[{_MARKS}.*](?=[{_GAPS}]*$)")
_WIDE_GAPS = str.maketrans(dict.fromkeys("\u00a0\u2002\u2003\u3000", "  "))
UNNAMED = "*anonymous*"
"""What exports call a value that is no member: the items of a list, or a whole message."""
ANY_NAME = "**additionalProperties**"
"""What exports call the members of an object that may have any name."""
_CALLED = {"*anonymous*": UNNAMED, "**additionalproperties**": ANY_NAME}
_NAME = re.compile(r"[\w$@][\w$@-]*", re.ASCII)
_INDEX = re.compile(r"\[\w*\]")
_STEPS = re.compile(
    rf"(?<=[\w\])])[{_GAPS}]*(?:->|[→»>]{{1,2}}|=>|::)[{_GAPS}]*(?=[\w$@`])", re.ASCII
)
"""What stands between the names of a row inside another, where it is no dot: `data→id`."""
_INDENT = 2
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class NameCell:
    """A name as its cell writes it.

    Attributes:
        names: the names between its dots.
        lists: positions in `names` that carry [].
        width: how far it stands to the right; 0 for a name at the top.
        marked: a mark, not only indentation, moves it to the right.
        mark: the last mark before it.
        starred: a star behind it says that it is required.
    """

    names: Names
    lists: tuple[int, ...]
    width: int
    marked: bool
    mark: str = field(default="", compare=False)
    starred: bool = field(default=False, compare=False)

    @property
    def is_readable(self) -> bool:
        """Whether every name is one that JSON of this platform uses."""
        known = {UNNAMED, ANY_NAME}
        return all(name in known or _NAME.fullmatch(name) for name in self.names)


def read_name(raw: str, *, centred: bool) -> NameCell:
    """Read the cell of a name, padding included; in a centred column padding means nothing."""
    text = entities_resolved(raw)
    marks = _PREFIX.match(text)
    start = marks.end() if marks else 0
    if called := _CALLED.get(text[start:].strip().casefold()):
        width, marked = _width(text[:start], centred=centred)
        return NameCell((called,), (), width, marked, text[:start].rstrip()[-1:] if marked else "")
    outer = _marks_before(text)
    rest = plain(text[len(outer) :])
    inner = _marks_before(rest)
    name = plain(rest[len(inner) :])
    starred = name[:-1].isascii() and name.endswith(("*", "＊")) and bool(name.rstrip("*＊"))
    name = name.rstrip("*＊ ") if starred else name
    written = _STEPS.sub(".", name).split(".")
    names = tuple(_INDEX.sub("", part).strip() for part in written)
    lists = tuple(number for number, part in enumerate(written) if _INDEX.search(part))
    if not all(names) or len(names) > _DEEPEST:
        names, lists = (name,), ()
    before = outer + inner
    width, marked = _width(before, centred=centred)
    mark = before.rstrip()[-1:] if marked else ""
    return NameCell(names if name else (), lists, width, marked, mark, starred)


def _marks_before(text: str) -> str:
    """Give the gaps and marks before a name; dots and stars count where a name follows them."""
    for marks in (_STARS, _DOTS):
        if found := marks.match(text):
            return found[0]
    prefix = _PREFIX.match(text)
    return prefix[0] if prefix else ""


def _width(prefix: str, *, centred: bool) -> tuple[int, bool]:
    """Measure how far a prefix moves a name to the right, and whether a mark does it."""
    padding = prefix.lstrip(" ") if centred else prefix.removeprefix(" ")
    gaps = padding.expandtabs(4).translate(_WIDE_GAPS)
    if mark := _MARKED.search(gaps):
        return mark.end(), True
    return (len(gaps) if len(gaps) >= _INDENT else 0), False
