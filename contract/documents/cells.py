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

    `LONG` is an integer or a text of digits, `NUMBER` (BigDecimal) a number or a numeric text,
    `DATE` a text or an integer, `FILE` what a multipart form carries, `ANY` any value.
    """

    STRING = "String"
    INTEGER = "Integer"
    LONG = "Long"
    NUMBER = "Number"
    BOOLEAN = "Boolean"
    DATE = "Date"
    OBJECT = "Object"
    ARRAY = "Array"
    FILE = "File"
    ANY = "Any"


MaxLength = int | tuple[int, int]
"""A length, or (digits, decimals)."""

REQUIREMENTS: dict[str, bool] = {
    **dict.fromkeys(("是", "y", "yes", "true", "t", "1", "m", "mandatory", "required"), True),
    **dict.fromkeys(("必填", "必须", "必选", "必传", "必需", "必输", "必有", "必含"), True),
    **dict.fromkeys(("r", "必返", "必返回", "必有", "必现"), True),
    **dict.fromkeys(("√", "✓", "✔", "✅", "☑", "●"), True),
    **dict.fromkeys(
        ("否", "n", "no", "false", "f", "0", "o", "c", "optional", "conditional"), False
    ),
    **dict.fromkeys(("选填", "可选", "可填", "可不填", "非必填", "非必须", "非必选"), False),
    **dict.fromkeys(("非必传", "非必需", "非必输", "不必填", "不必须", "条件必填", "条件"), False),
    **dict.fromkeys(
        ("特殊可选", "可空", "可为空", "选输", "选传", "×", "✗", "✘", "❌", "✖", "○"), False
    ),
}
"""The words for 是 and 否 in 是否必填; M, O and C are mandatory, optional and conditional."""

KINDS: dict[str, Kind] = {
    **dict.fromkeys(
        ("string", "str", "字符串", "字符", "text", "varchar", "char", "c"), Kind.STRING
    ),
    **dict.fromkeys(
        ("nvarchar", "varchar2", "nchar", "longtext", "s", "a", "an", "ans"), Kind.STRING
    ),
    **dict.fromkeys(("uuid", "url", "enum", "枚举", "文本", "字符型", "字符类型"), Kind.STRING),
    **dict.fromkeys(("file", "multipartfile", "byte[]", "binary", "文件", "二进制"), Kind.FILE),
    **dict.fromkeys(("int", "integer", "整数", "整型", "整形", "int32", "int64"), Kind.INTEGER),
    **dict.fromkeys(("short", "byte", "tinyint", "smallint", "int8", "int16"), Kind.INTEGER),
    **dict.fromkeys(("long", "bigint", "biginteger", "长整型", "长整数"), Kind.LONG),
    **dict.fromkeys(("bigdecimal", "decimal", "double", "float", "number", "n"), Kind.NUMBER),
    **dict.fromkeys(
        ("numeric", "money", "price", "数字", "数值", "浮点", "浮点数", "浮点型"), Kind.NUMBER
    ),
    **dict.fromkeys(("小数", "金额", "双精度", "num"), Kind.NUMBER),
    **dict.fromkeys(("boolean", "bool", "布尔", "布尔值", "布尔型", "布尔类型"), Kind.BOOLEAN),
    **dict.fromkeys(("date", "datetime", "time", "timestamp", "日期", "时间"), Kind.DATE),
    **dict.fromkeys(("localdate", "localdatetime", "日期时间", "时间戳"), Kind.DATE),
    **dict.fromkeys(("jsonobject", "object", "map", "json", "obj", "对象"), Kind.OBJECT),
    **dict.fromkeys(("json对象", "dict", "hashmap", "struct", "实体"), Kind.OBJECT),
    **dict.fromkeys(("jsonarray", "array", "list", "数组", "列表", "集合", "set"), Kind.ARRAY),
    **dict.fromkeys(
        ("json数组", "循环", "循环体", "arraylist", "对象数组", "数组对象", "collection"),
        Kind.ARRAY,
    ),
    **dict.fromkeys(("files", "文件数组", "文件列表"), Kind.ARRAY),
    **dict.fromkeys(("any", "anytype", "null", "任意", "任意类型", "mixed", "t"), Kind.ANY),
}
"""The words of 类型 → the kind of value."""

NOTHING = frozenset(
    {"无参", "无需参数", "不需要参数", "无请求参数", "无返回参数", "无返回值", "空"}
    | {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "没有", "无参数", "n/a", "none", "null"}
)
"""The words that mean that there is nothing."""
UNLIMITED = NOTHING | {"不限", "不限制", "无限制", "无限", "不限长度"}
"""The words that mean that 最大长度 has no limit."""

_ENTITY = re.compile(r"&(?:#x?[0-9A-Fa-f]{1,8}|[A-Za-z]{2,32});")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_MARKUP = (("**", "**"), ("__", "__"), ("`", "`"))
DATA_OBJECTS = ("dto", "vo", "bo", "po", "entity", "model", "req", "request", "resp", "response")
"""How names of classes end whose values are objects, as exports of Swagger write them."""

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_TAG = re.compile(
    r"</?(?:a|b|code|del|em|font|i|p|small|span|strong|sub|sup|u)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_LISTS = "list|array|arraylist|jsonarray|set|collection|数组|列表|集合"
_FILES = frozenset({"files", "文件数组", "文件列表"})
_GENERIC = re.compile(rf"(?:{_LISTS})?[<(\[](.+)[>)\]]|(.+)\[\]|(.+?)(?:数组|列表|array|list)")
_CLASS = re.compile(r"(\w+)<.*>")
_SIZED = re.compile(r"([a-z\u4e00-\u9fff]+[0-9]*)[(\[]([a-z0-9,.~<=≤-]+)[)\]]")
_FIXED = frozenset({"定长", "固定", "等于", "="})
_BOUNDED = re.compile(
    r"(?P<kind>定长|固定|等于|=|变长|不定长|最长|最大|不超过|小于等于|<=|≤|<|\.\.|max:?|)"
    r"(?P<length>[0-9]{1,9}(?:[,.][0-9]{1,9})?)(?:位|字符|个字符|个汉字|字|字节|bytes?)?(?:以内|定长|变长)?"
)
_RANGE = re.compile(r"([0-9]{1,9})(?:位)?(?:-|~|～|至|到|—|\.\.)([0-9]{1,9})(?:位|字符|个字符)?")
_TYPED_LENGTH = re.compile(
    r"[a-z]+[0-9]*[(\[]((?:=|<=|≤|\.\.)?[0-9]{1,9}(?:[,~-][0-9]{1,9})?)[)\]]"
)
_SHOWN = 60


def entities_resolved(text: str) -> str:
    """Replace HTML's entities and line breaks by the characters that they stand for."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), _BREAK.sub(" ", text))


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Give what a reader sees of a cell or heading: no bold, no code marks, no padding."""
    seen = entities_resolved(_TAG.sub("", text)).translate(_INVISIBLE).strip()
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


def unlinked(text: str) -> str:
    """Give a text without the targets of its links."""
    return _LINK.sub(r"\1", text)


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

    A length or a format behind the name (`String(32)`, `integer(int64)`) changes nothing; the name
    of a class of data objects, or a generic one (`R«Page«X»»`), is an object.

    Raises:
        ValueError: the cell names no known type.
    """
    found = _kind(_type_name(cell))
    if found is None:
        raise ValueError(f"{shown(cell)} is not a known type")
    return found


_OR_NULL = re.compile(r"(?:[¦|]|or)null$|^null(?:[¦|]|or)")
"""What a type says of null beside another type: `string¦null`."""


_OF_ISO_8583 = re.compile(r"(ans?|a|n|s)(\.{2,3})?([0-9]{1,5})")
"""A type with its length, as card networks write it: `an..30`, `n18`."""


def _type_name(cell: str) -> str:
    name = _OR_NULL.sub("", word(unlinked(cell)))
    name = name.replace("«", "<").replace("»", ">").replace("*", "")
    sized = _OF_ISO_8583.fullmatch(name)
    return f"{sized[1]}({'<=' if sized[2] else '='}{sized[3]})" if sized else name


def _kind(name: str) -> Kind | None:
    if name in KINDS:
        return KINDS[name]
    if _GENERIC.fullmatch(name):
        return Kind.ARRAY
    if sized := _SIZED.fullmatch(name):
        if KINDS.get(sized[2]) is Kind.ARRAY:
            return Kind.ARRAY
        return Kind.FILE if sized[2] == "binary" else _kind(sized[1])
    if _CLASS.fullmatch(name) or (name.isascii() and name.endswith(DATA_OBJECTS)):
        return Kind.OBJECT
    return None


def item_kind(cell: str) -> Kind | None:
    """Give the kind of the items of a list where its 类型 says it: `List<String>`, `[integer]`."""
    name = _type_name(cell)
    if name in _FILES:
        return Kind.FILE
    generic = None if name in KINDS else _GENERIC.fullmatch(name)
    if generic is not None:
        return _kind(generic[1] or generic[2] or generic[3])
    sized = _SIZED.fullmatch(name)
    is_list = sized is not None and KINDS.get(sized[2]) is Kind.ARRAY
    return _kind(sized[1]) if sized is not None and is_list else None


def holds_members(cell: str) -> bool:
    """Say whether other rows can describe the inside of a value of this 类型.

    That is an object or a list, but no list of plain values such as `List<String>`; elements of
    a type that is not known (`List<Order>`) are objects.
    """
    name, unknown = _type_name(cell), None
    if name in _FILES:
        return False
    while name not in KINDS and (generic := _GENERIC.fullmatch(name)):
        name, unknown = generic[1] or generic[2] or generic[3], Kind.OBJECT
    return (_kind(name) or unknown) in {Kind.OBJECT, Kind.ARRAY}


_MAP = re.compile(r"(?:hash|linkedhash|tree)?map(?:<.*>)?|dict(?:ionary)?(?:<.*>)?|键值对|字典")


def is_map(cell: str) -> bool:
    """Say whether a 类型 is an object whose members may have any name."""
    return _MAP.fullmatch(_type_name(cell)) is not None


def lengths(cell: str) -> tuple[int | None, MaxLength | None]:
    """Read a 最大长度 cell: the least length where it says one, and the most.

    The most is None for no limit, a length, or (digits, decimals) for `10,2`.

    Raises:
        ValueError: the cell is neither a length nor one of the words for no limit.
    """
    text = word(cell)
    if text in UNLIMITED:
        return None, None
    if typed := _TYPED_LENGTH.fullmatch(text):
        text = typed[1]
    if between := _RANGE.fullmatch(text):
        least, most = int(between[1]), int(between[2])
        if most > 0 and least <= most:
            return least, most
    match = _BOUNDED.fullmatch(text.removeprefix("(").removesuffix(")"))
    digits, _, decimals = (
        match["length"].replace(".", ",").partition(",") if match else ("0", "", "")
    )
    length = int(digits) - (match is not None and match["kind"] == "<")
    if match is None or length <= 0:
        raise ValueError(f"{shown(cell)} is not a length")
    if not decimals:
        fixed = match["kind"] in _FIXED or text.endswith("定长")
        return (length if fixed else None), length
    if int(decimals) > length:
        raise ValueError(f"{shown(cell)} has more decimals than digits")
    return None, (length, int(decimals))


def max_length(cell: str) -> MaxLength | None:
    """Read the most that a 最大长度 cell allows; None for no limit.

    Raises:
        ValueError: the cell is neither a length nor one of the words for no limit.
    """
    return lengths(cell)[1]


def length_in_type(cell: str) -> str:
    """Give the length that a 类型 cell says, as in `String(32)` and `N(15,2)`; else nothing."""
    sized = _TYPED_LENGTH.fullmatch(_type_name(cell))
    return sized[1] if sized else ""


def shown(text: str) -> str:
    """Write a text as a finding may show it: in quotes, short, without control characters."""
    more = f" ({len(text)} characters)" if len(text) > _SHOWN else ""
    return f"“{shortened(text)}”{more}"


def shortened(text: str) -> str:
    """Give the beginning of a text, without control characters."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return "".join(c if c.isprintable() else "\ufffd" for c in short)
