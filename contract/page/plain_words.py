"""What the keywords of a spec say, in the words of someone who reads no code.

To add a keyword: its entry in `KEYWORDS`. What is not listed is shown as the spec writes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Said(NamedTuple):
    """One thing in both languages."""

    chinese: str
    english: str


class KeywordWords(NamedTuple):
    """What a keyword says: `{}` stands for its value; `missing` is said where it is not there."""

    said: Said
    missing: Said


KEYWORDS: Mapping[str, KeywordWords] = {
    "maxLength": KeywordWords(
        Said("最长 {} 个字符", "at most {} characters"),
        Said("长度没有上限", "of any length"),
    ),
    "minLength": KeywordWords(
        Said("至少 {} 个字符", "at least {} characters"),
        Said("可以为空", "may be empty"),
    ),
    "maximum": KeywordWords(Said("最大为 {}", "at most {}"), Said("没有最大值", "no maximum")),
    "minimum": KeywordWords(Said("最小为 {}", "at least {}"), Said("没有最小值", "no minimum")),
    "multipleOf": KeywordWords(
        Said("{} 的倍数", "a multiple of {}"), Said("不限倍数", "not only multiples")
    ),
    "enum": KeywordWords(Said("只能是 {}", "one of {}"), Said("取值不限", "any value")),
    "pattern": KeywordWords(
        Said("符合格式 {}", "of the form {}"), Said("不限书写格式", "of any form")
    ),
    "format": KeywordWords(Said("格式 {}", "format {}"), Said("不限格式", "of any format")),
    "maxItems": KeywordWords(
        Said("最多 {} 项", "at most {} items"),
        Said("项数没有上限", "any number of items"),
    ),
    "minItems": KeywordWords(
        Said("至少 {} 项", "at least {} items"),
        Said("可以没有任何一项", "may have no item"),
    ),
    "uniqueItems": KeywordWords(
        Said("各项不重复", "no item twice"), Said("各项可以重复", "items may repeat")
    ),
    "x-unique": KeywordWords(
        Said("每次都不同", "different each time"), Said("可以重复", "may repeat")
    ),
    "nullable": KeywordWords(Said("可以为 null", "may be null"), Said("不能为 null", "not null")),
    "description": KeywordWords(Said("说明 {}", "described as {}"), Said("无说明", "no text")),
    "example": KeywordWords(Said("示例 {}", "example {}"), Said("无示例", "no example")),
    "type": KeywordWords(Said("类型为{}", "{}"), Said("类型不限", "of any type")),
    "required": KeywordWords(Said("必填", "required"), Said("可选", "optional")),
}
"""The keywords that field tables speak of, and what each says."""

_LABELS: Mapping[str, Said] = {
    "pattern": Said("符合格式", "of the form"),
    "enum": Said("只能是", "one of"),
    "format": Said("格式", "format"),
    "description": Said("说明", "text"),
    "example": Said("示例", "example"),
    "default": Said("默认值", "default"),
    "in": Said("位于", "in"),
    "x-image": Said("图片", "picture"),
    "x-business-success": Said("成功业务码", "codes of success"),
}
"""What the keywords are called whose values are shown as they are."""

_WHOLE: Mapping[str, Said] = {
    "nothing": Said("无", "nothing"),
    "described": Said("有此字段", "described"),
    "required": Said("必填", "required"),
    "optional": Said("可选", "optional"),
    "any type": Said("任意类型", "any type"),
    "string": Said("文本", "text"),
    "integer": Said("整数", "a whole number"),
    "number": Said("数值", "a number"),
    "boolean": Said("真或假", "true or false"),
    "object": Said("对象", "an object"),
    "array": Said("列表", "a list"),
}
_PART = re.compile(r"(?P<no>no )?(?P<keyword>[A-Za-z-]+)(?: (?P<value>.+))?", re.DOTALL)


def in_plain_words(text: str) -> Said:
    """Say what a change was or is now, such as `maxLength 20`, in both languages."""
    parts = [_part(part) for part in text.split("; ")]
    return Said(
        "；".join(each.chinese for each in parts), "; ".join(each.english for each in parts)
    )


def label_and_value(keyword: str, value: str) -> tuple[Said | None, str]:
    """Say what one keyword of a schema says, and apart from it what only the spec can say."""
    if label := _LABELS.get(keyword):
        return label, value
    words = keyword_words(keyword, value)
    return words, "" if words else f"{keyword} {value}".strip()


def keyword_words(keyword: str, value: str) -> Said | None:
    """Say what one keyword of a schema says; None where only the spec's own words can say it."""
    known = KEYWORDS.get(keyword)
    if known is None:
        return None
    if keyword == "type":
        word = _WHOLE.get(value, Said(value, value))
        return Said(known.said.chinese.format(word.chinese), word.english)
    if value in {"false", "False"} and "{}" not in known.said.english:
        return known.missing
    return Said(known.said.chinese.replace("{}", value), known.said.english.replace("{}", value))


def _part(text: str) -> Said:
    whole = _WHOLE.get(text)
    found = _PART.fullmatch(text)
    if whole is not None or found is None:
        return whole or Said(text, text)
    known = KEYWORDS.get(found["keyword"])
    if known is None:
        return Said(text, text)
    if found["no"]:
        return Said(known.missing.chinese, known.missing.english)
    words = keyword_words(found["keyword"], found["value"] or "")
    return words or Said(text, text)
