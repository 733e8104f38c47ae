"""What the keywords of a spec say, in the words of someone who reads no code.

To add a keyword: its entry in `KEYWORDS`. What is not listed is shown as the spec writes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """One thing in both languages."""

    chinese: str
    english: str


class KeywordWords(NamedTuple):
    """What a keyword says: `{}` stands for its value; `missing` is said where it is not there."""

    said: Words
    missing: Words


KEYWORDS: Mapping[str, KeywordWords] = {
    "maxLength": KeywordWords(
        Words("最长 {} 个字符", "at most {} characters"), Words("长度没有上限", "of any length")
    ),
    "minLength": KeywordWords(
        Words("至少 {} 个字符", "at least {} characters"), Words("可以为空", "may be empty")
    ),
    "maximum": KeywordWords(Words("最大为 {}", "at most {}"), Words("没有最大值", "no maximum")),
    "minimum": KeywordWords(Words("最小为 {}", "at least {}"), Words("没有最小值", "no minimum")),
    "multipleOf": KeywordWords(
        Words("{} 的倍数", "a multiple of {}"), Words("不限倍数", "not only multiples")
    ),
    "enum": KeywordWords(Words("只能是 {}", "one of {}"), Words("取值不限", "any value")),
    "pattern": KeywordWords(
        Words("符合格式 {}", "of the form {}"), Words("不限书写格式", "of any form")
    ),
    "format": KeywordWords(Words("格式 {}", "format {}"), Words("不限格式", "of any format")),
    "maxItems": KeywordWords(
        Words("最多 {} 项", "at most {} items"), Words("项数没有上限", "any number of items")
    ),
    "minItems": KeywordWords(
        Words("至少 {} 项", "at least {} items"), Words("可以没有任何一项", "may have no item")
    ),
    "uniqueItems": KeywordWords(
        Words("各项不重复", "no item twice"), Words("各项可以重复", "items may repeat")
    ),
    "x-unique": KeywordWords(
        Words("每次都不同", "different each time"), Words("可以重复", "may repeat")
    ),
    "nullable": KeywordWords(Words("可以为 null", "may be null"), Words("不能为 null", "not null")),
    "description": KeywordWords(Words("说明 {}", "described as {}"), Words("无说明", "no text")),
    "example": KeywordWords(Words("示例 {}", "example {}"), Words("无示例", "no example")),
    "type": KeywordWords(Words("类型为{}", "{}"), Words("类型不限", "of any type")),
    "required": KeywordWords(Words("必填", "required"), Words("可选", "optional")),
}
"""The keywords that field tables speak of, and what each says."""

_LABELS: Mapping[str, Words] = {
    "pattern": Words("符合格式", "of the form"),
    "enum": Words("只能是", "one of"),
    "format": Words("格式", "format"),
    "description": Words("说明", "text"),
    "example": Words("示例", "example"),
    "default": Words("默认值", "default"),
    "in": Words("位于", "in"),
    "x-image": Words("图片", "picture"),
    "x-business-success": Words("成功业务码", "codes of success"),
}
"""What the keywords are called whose values are shown as they are."""

_WHOLE: Mapping[str, Words] = {
    "nothing": Words("无", "nothing"),
    "described": Words("有此字段", "described"),
    "required": Words("必填", "required"),
    "optional": Words("可选", "optional"),
    "any type": Words("任意类型", "any type"),
    "string": Words("文本", "text"),
    "integer": Words("整数", "a whole number"),
    "number": Words("数值", "a number"),
    "boolean": Words("真或假", "true or false"),
    "object": Words("对象", "an object"),
    "array": Words("列表", "a list"),
}
_PART = re.compile(r"(?P<no>no )?(?P<keyword>[A-Za-z-]+)(?: (?P<value>.+))?", re.DOTALL)


def in_plain_words(text: str) -> Words:
    """Say what a change was or is now, such as `maxLength 20`, in both languages."""
    parts = [_part(part) for part in text.split("; ")]
    return Words(
        "；".join(each.chinese for each in parts), "; ".join(each.english for each in parts)
    )


def label_and_value(keyword: str, value: str) -> tuple[Words | None, str]:
    """Say what one keyword of a schema says, and apart from it what only the spec can say."""
    label = _LABELS.get(keyword)
    words = label or keyword_words(keyword, value)
    return words, value if words is label and value else "" if words else f"{keyword} {value}"


def keyword_words(keyword: str, value: str) -> Words | None:
    """Say what one keyword of a schema says; None where only the spec's own words can say it."""
    known = KEYWORDS.get(keyword)
    if known is None:
        return None
    if keyword == "type":
        word = _WHOLE.get(value, Words(value, value))
        return Words(known.said.chinese.format(word.chinese), word.english)
    if value in {"false", "False"} and "{}" not in known.said.english:
        return known.missing
    return Words(known.said.chinese.replace("{}", value), known.said.english.replace("{}", value))


def _part(text: str) -> Words:
    whole = _WHOLE.get(text)
    found = _PART.fullmatch(text)
    if whole is not None or found is None:
        return whole or Words(text, text)
    known = KEYWORDS.get(found["keyword"])
    if known is None:
        return Words(text, text)
    if found["no"]:
        return Words(known.missing.chinese, known.missing.english)
    words = keyword_words(found["keyword"], found["value"] or "")
    return words or Words(text, text)
