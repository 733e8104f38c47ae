"""What one cell of an interface document means: required or not, which type, how long.

Each meaning is a registry of the words that documents use for it; a new word is one more entry.
Words are compared without case, width, spaces and Markdown's markup.
"""

from __future__ import annotations

import html
import re
import unicodedata
from enum import Enum
from functools import lru_cache


class Kind(Enum):
    """What a type cell says, whatever its spelling.

    `NUMBER` (Long, BigDecimal) is a number or a numeric string; `DATE` a string or an integer.
    """

    STRING = "String"
    INTEGER = "Integer"
    NUMBER = "Number"
    BOOLEAN = "Boolean"
    DATE = "Date"
    OBJECT = "Object"
    ARRAY = "Array"


MaxLength = int | tuple[int, int]
"""A length, or (digits, decimals)."""

REQUIREMENTS: dict[str, bool] = {
    **dict.fromkeys(("是", "y", "yes", "true", "必填", "必须", "必选", "必传", "√", "✓"), True),
    **dict.fromkeys(
        ("否", "n", "no", "false", "选填", "可选", "非必填", "非必须", "非必选", "非必传", "×"),
        False,
    ),
}
"""The words for 是 and 否 in 是否必填."""

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("string", "str", "字符串"), Kind.STRING),
    **dict.fromkeys(("int", "integer", "整数", "整型"), Kind.INTEGER),
    **dict.fromkeys(("long", "bigdecimal", "decimal", "double", "float", "number"), Kind.NUMBER),
    **dict.fromkeys(("boolean", "bool", "布尔"), Kind.BOOLEAN),
    **dict.fromkeys(("date", "datetime"), Kind.DATE),
    **dict.fromkeys(("jsonobject", "object", "map"), Kind.OBJECT),
    **dict.fromkeys(("jsonarray", "array", "list"), Kind.ARRAY),
}
"""The words of 类型 → the kind of value."""

NOTHING = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "没有", "无参数", "n/a", "none", "null"}
)
"""The words that mean that there is nothing."""
UNLIMITED = NOTHING | {"不限", "不限制", "无限制", "无限", "不限长度"}
"""The words that mean that 最大长度 has no limit."""

_ENTITY = re.compile(r"&(?:#x?[0-9A-Fa-f]{1,8}|[A-Za-z]{2,32});")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_MARKUP = (("**", "**"), ("__", "__"), ("`", "`"))
_GENERIC = re.compile(r"(?:list|array|jsonarray|set)<(.+)>|(.+)\[\]")
_LENGTH = re.compile(r"\(?([0-9]{1,9})(?:,([0-9]{1,9}))?\)?")
_SHOWN = 60


def entities_resolved(text: str) -> str:
    """Replace HTML's entities and line breaks by the characters that they stand for."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), _BREAK.sub(" ", text))


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Give what a reader sees of a cell or heading: no bold, no code marks, no padding."""
    seen = entities_resolved(text).translate(_INVISIBLE).strip()
    stripped = True
    while stripped:
        stripped = False
        for start, end in _MARKUP:
            inner = seen[len(start) : -len(end)]
            if inner.strip() and seen.startswith(start) and seen.endswith(end):
                if start in inner:
                    continue
                seen, stripped = inner.strip(), True
    return _ESCAPE.sub(r"\1", seen)


@lru_cache(maxsize=4096)
def word(text: str) -> str:
    """Write a text as words are compared: without case, width, spaces and markup."""
    return "".join(unicodedata.normalize("NFKC", plain(text)).casefold().split())


def is_nothing(text: str) -> bool:
    """Say whether a text means that there is nothing: blank, 无, a dash."""
    return word(text).rstrip("。.") in NOTHING


def requirement(cell: str) -> bool:
    """Read a 是否必填 cell: True for 是, False for 否, in all their spellings.

    Raises:
        ValueError: the cell says neither.
    """
    try:
        return REQUIREMENTS[word(cell)]
    except KeyError:
        raise ValueError(f"{shown(cell)} is neither 是 nor 否") from None


@lru_cache(maxsize=4096)
def kind(cell: str) -> Kind:
    """Read a 类型 cell: the type it names, in any case; `List<…>` and `…[]` are arrays.

    Raises:
        ValueError: the cell names no known type.
    """
    name = word(cell)
    if _GENERIC.fullmatch(name):
        return Kind.ARRAY
    try:
        return KINDS[name]
    except KeyError:
        raise ValueError(f"{shown(cell)} is not a known type") from None


def holds_members(cell: str) -> bool:
    """Say whether other rows can describe the inside of a value of this 类型.

    That is an object or a list, but no list of plain values such as `List<String>`; elements of
    a type that is not known (`List<Order>`) are objects.
    """
    name, unknown = word(cell), None
    while generic := _GENERIC.fullmatch(name):
        name, unknown = generic[1] or generic[2], Kind.OBJECT
    return KINDS.get(name, unknown) in {Kind.OBJECT, Kind.ARRAY}


def max_length(cell: str) -> MaxLength | None:
    """Read a 最大长度 cell: None for no limit, a length, or (digits, decimals) for `10,2`.

    Raises:
        ValueError: the cell is neither a length nor one of the words for no limit.
    """
    text = word(cell)
    if text in UNLIMITED:
        return None
    match = _LENGTH.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise ValueError(f"{shown(cell)} is not a length")
    length = int(match[1])
    if match[2] is None:
        return length
    decimals = int(match[2])
    if decimals > length:
        raise ValueError(f"{shown(cell)} has more decimals than digits")
    return length, decimals


def shown(text: str) -> str:
    """Write a text as a finding may show it: in quotes, short, without control characters."""
    more = f" ({len(text)} characters)" if len(text) > _SHOWN else ""
    return f"“{shortened(text)}”{more}"


def shortened(text: str) -> str:
    """Give the beginning of a text, without control characters."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return "".join(c if c.isprintable() else "\ufffd" for c in short)
