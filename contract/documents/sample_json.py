"""JSON as people write it into documents → its value, and the line of each member.

Tabs in strings, comments and trailing commas are read as well. A slip of the hand that leaves no
doubt is read and told: a comma forgotten at the end of a line, “，” for a comma, “...” for what is
left out, smart quotes, Python's quotes and words. Everything else that JSON forbids is an error
with its line. A new tolerance is one more kind of token.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

Names = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""(?P<gap>[ \t\r\n]+|(?://|\#)[^\n]*|/\*.*?\*/)
    | (?P<string>"(?:[^"\\\x00-\x08\x0a-\x1f]|\\.)*+")
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.]))
    | (?P<word>(?:true|false|null|True|False|None)(?!\w))
    | (?P<quoted>'(?:[^'\\\n]|\\.)*+')
    | (?P<curly>[“”„][^"“”\n]*+["“”])
    | (?P<elided>(?:\.{3,}|…+)[ \t]*[,，]?)
    | (?P<mark>[\[\]{},:，：])
    | (?P<wrong>.)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_MARKS = {"，": ",", "：": ":"}
_TEXTS = {"string", "quoted", "curly"}
_DEEPEST = 100
_STRINGS = json.JSONDecoder(strict=False)
_LONGEST_NUMBER = 300


class NotJson(ValueError):  # noqa: N818 - it names what is wrong with the text
    """The text is not JSON; `line` counts from 0 at the text's first line."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class JsonText:
    """What a text says as JSON; lines count from 0 at the text's first line.

    Attributes:
        value: the value; if a member stands twice, the last one counts.
        lines: the line of each member and element, by the names and indices that lead to it.
        repeated: each member that stands twice in one object, and the line of its repetition.
        slips: what is not JSON and is read all the same, the first of each kind, with its line.
    """

    value: object
    lines: Mapping[Names, int]
    repeated: tuple[tuple[str, int], ...]
    slips: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def read_json(text: str) -> JsonText:
    """Read one JSON value and where its members stand.

    Raises:
        NotJson: the text is not JSON, even with every tolerance.
    """
    reader = _Reader(text)
    value = reader.value(())
    if reader.token.kind != "end":
        raise reader.wrong("the end of the sample")
    return JsonText(value, reader.lines, tuple(reader.repeated), tuple(reader.slips.items()))


def _tokens(text: str) -> Iterator[_Token]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "gap":
            line = bisect_right(starts, match.start()) - 1
            yield _Token(match.lastgroup or "wrong", match[0], line)
    last = bisect_right(starts, len(text.rstrip())) - 1
    while True:
        yield _Token("end", "", last)


class _Reader:
    """One pass over the tokens, always standing on the next one to read."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Names, int] = {}
        self.repeated: list[tuple[str, int]] = []
        self.slips: dict[str, int] = {}
        self._tokens = _tokens(text)
        self._elided = False
        self._last = 0
        self.token = _Token("end", "", 0)
        self._step()

    def value(self, at: Names) -> object:
        if len(at) > _DEEPEST:
            raise NotJson(f"it nests deeper than {_DEEPEST} levels", self.token.line)
        if self._takes("{"):
            return self._object(at)
        if self._takes("["):
            return self._array(at)
        token = self.token
        if token.kind in _TEXTS:
            return self._string()
        if token.kind == "number":
            return self._number()
        if token.kind == "word":
            if token.text[0].isupper():
                self._slip(f"{token.text} is a word of Python", token.line)
            self._step()
            return _WORDS[token.text]
        raise self.wrong("a value")

    def wrong(self, expected: str) -> NotJson:
        if self.token.kind == "end":
            return NotJson(f"it ends where {expected} is expected", self.token.line)
        unclosed = " (a string without its end)" if self.token.text == '"' else ""
        return NotJson(f"{self.token.text[:20]!r}{unclosed} is not {expected}", self.token.line)

    def _step(self) -> None:
        self._last = self.token.line
        self._elided = False
        self.token = next(self._tokens)
        while self.token.kind == "elided":
            self._elided = True
            self._slip("“...” stands for something that is left out", self.token.line)
            self.token = next(self._tokens)
        if self.token.text in _MARKS and self.token.kind == "mark":
            self._slip(f"“{self.token.text}” is a full-width mark", self.token.line)
            self.token = replace(self.token, text=_MARKS[self.token.text])

    def _slip(self, reason: str, line: int) -> None:
        self.slips.setdefault(reason, line)

    def _ends_item(self, end: str) -> bool:
        """Take the comma behind a member or an element; one may be forgotten at a line's end."""
        if self._takes(",") or self._elided or self.token.text == end:
            return True
        begins = self.token.kind in _TEXTS or self.token.text in {"{", "["}
        if not begins or self.token.line == self._last:
            return False
        self._slip("a comma is missing at the end of a line", self._last)
        return True

    def _takes(self, mark: str) -> bool:
        if self.token.kind == "mark" and self.token.text == mark:
            self._step()
            return True
        return False

    def _object(self, at: Names) -> dict[str, object]:
        members: dict[str, object] = {}
        while not self._takes("}"):
            if self.token.kind not in _TEXTS:
                raise self.wrong("a member's name in double quotes")
            line = self.token.line
            name = self._string()
            if not self._takes(":"):
                raise self.wrong("the colon after a member's name")
            if self._elided:
                raise NotJson(f"{name[:20]!r} has “...” for its value", line)
            if name in members:
                self.repeated.append((name, line))
            self.lines[*at, name] = line
            members[name] = self.value((*at, name))
            if not self._ends_item("}"):
                raise self.wrong("a comma or the end of the object")
        return members

    def _array(self, at: Names) -> list[object]:
        elements: list[object] = []
        while not self._takes("]"):
            self.lines[*at, len(elements)] = self.token.line
            elements.append(self.value((*at, len(elements))))
            if not self._ends_item("]"):
                raise self.wrong("a comma or the end of the array")
        return elements

    def _string(self) -> str:
        token = self.token
        written = token.text
        if token.kind == "quoted":
            self._slip("a text stands in single quotes", token.line)
            written = _double_quoted(written)
        elif token.kind == "curly":
            self._slip("a text stands in smart quotes", token.line)
            written = f'"{written[1:-1]}"'
        try:
            text = str(_STRINGS.decode(written))
            text.encode()
        except ValueError:
            raise NotJson("a string with an escape that JSON does not know", token.line) from None
        self._step()
        return text

    def _number(self) -> int | float:
        token = self.token
        value: int | float = math.inf
        if len(token.text) <= _LONGEST_NUMBER:
            value = json.loads(token.text)
        if not math.isfinite(value):
            raise NotJson("a number too large to be read", token.line)
        self._step()
        return value


def _double_quoted(text: str) -> str:
    """Write a text in single quotes as JSON does."""
    inner = re.sub(r"\\(.)", lambda found: "'" if found[1] == "'" else found[0], text[1:-1])
    return '"' + re.sub(r'(?<!\\)"', r"\"", inner) + '"'
