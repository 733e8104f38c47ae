"""What changed in a schema, in one sentence for people, in English and in Chinese.

To say another keyword in its own words: list it in `_LIMITS`, if it is a limit with a value, or in
`_SENTENCES`. A keyword that is in neither is shown as the spec writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from contract.changes.change import Words
from contract.changes.written_values import brief, form, listed, value_text


class _Said(NamedTuple):
    """What is to be said: the name of the member, what was, what is, and in which direction."""

    name: str
    was: object
    now: object
    looser: bool


Sentence = Callable[[_Said], Words]


def changed(name: str, keyword: str, was: object, now: object, *, looser: bool) -> Words:
    """Say that one keyword of a member changed; `None` stands for no such keyword."""
    own = _SENTENCES.get(keyword)
    if own is not None:
        return own(_Said(name, was, now, looser))
    told = _LIMITS.get(keyword)
    if told is None:
        plain, other = (_written(keyword, value) for value in (was, now))
        return Words(f"{name}: {other} instead of {plain}", f"{name}：现为 {other}（原为 {plain}）")
    before, after = (_limit(keyword, value) for value in (was, now))
    return Words(
        f"{name}: {after.english} instead of {before.english}",
        f"{name}：{after.chinese}（原为{before.chinese}）",
    )


def _limit(keyword: str, value: object) -> Words:
    limit, none = _LIMITS[keyword]
    if value is None or (keyword == "uniqueItems" and value is False):
        return none
    text = str(value)
    if text.endswith(_EXCLUSIVE):
        return Words(*(each.format(text.removesuffix(_EXCLUSIVE)) for each in _BEYOND[keyword]))
    shown = text if isinstance(value, int | float) else brief(value)
    words = Words(*(each.format(shown) for each in limit))
    one = shown == "1" and words.english.endswith("s")
    return Words(words.english[:-1], words.chinese) if one else words


def _written(keyword: str, value: object) -> str:
    return f"no {keyword}" if value is None else f"{keyword} {brief(value)}"


_EXCLUSIVE = " (exclusive)"
_BEYOND: Mapping[str, tuple[str, str]] = {
    "minimum": ("more than {}", "大于 {}"),
    "maximum": ("less than {}", "小于 {}"),
}
_ANY_LENGTH = Words("any length", "任意长度")
_ANY_COUNT = Words("any number of items", "任意项数")
_ANY_SIZE = Words("any number of members", "任意成员数")
_ANY_NUMBER = Words("any number", "任意数值")
_ANY_TEXT = Words("any text", "任意文本")
_LIMITS: Mapping[str, tuple[tuple[str, str], Words]] = {
    "maxLength": (("at most {} characters", "最多 {} 个字符"), _ANY_LENGTH),
    "minLength": (("at least {} characters", "至少 {} 个字符"), _ANY_LENGTH),
    "maxItems": (("at most {} items", "最多 {} 项"), _ANY_COUNT),
    "minItems": (("at least {} items", "至少 {} 项"), _ANY_COUNT),
    "maxProperties": (("at most {} members", "最多 {} 个成员"), _ANY_SIZE),
    "minProperties": (("at least {} members", "至少 {} 个成员"), _ANY_SIZE),
    "minimum": (("at least {}", "不小于 {}"), _ANY_NUMBER),
    "maximum": (("at most {}", "不大于 {}"), _ANY_NUMBER),
    "multipleOf": (("multiples of {}", " {} 的倍数"), _ANY_NUMBER),
    "pattern": (("text that matches {}", "匹配 {} 的文本"), _ANY_TEXT),
    "format": (("the format {}", "格式 {}"), Words("any format", "任意格式")),
    "uniqueItems": (
        ("items that differ", "各项互不相同"),
        Words("items that may repeat", "各项可以重复"),
    ),
}
"""How a limit is said, and what is said where there is none."""


def _values(said: _Said) -> Words:
    name, was, now, looser = said
    more, fewer = (now, was) if looser else (was, now)
    if not isinstance(fewer, list):
        fewer = [fewer] if fewer is not None else []
    if more is None:
        text = listed(fewer)
        if looser:
            return Words(
                f"{name} may now be any value, not only {text}",
                f"{name} 现在可以为任意值，不再限于 {text}",
            )
        return Words(f"{name} may now only be {text}", f"{name} 现在只能为 {text}")
    known = {value_text(value) for value in fewer}
    all_values = more if isinstance(more, list) else [more]
    text = listed([value for value in all_values if value_text(value) not in known])
    if looser:
        return Words(f"{name} may now be {text}", f"{name} 现在可以为 {text}")
    return Words(f"{name} may no longer be {text}", f"{name} 不再为 {text}")


def _null(said: _Said) -> Words:
    name, looser = said.name, said.looser
    was, now = ([], [None]) if looser else ([None], [])
    return _values(_Said(name, was, now, looser))


def _type(said: _Said) -> Words:
    name, was, now = said.name, said.was, said.now
    before, after = (value or "any type" for value in (was, now))
    shown = Words(
        f"{name}: {after} instead of {before}", f"{name}：类型为 {after}（原为 {before}）"
    )
    return Words(shown.english, shown.chinese.replace("any type", "任意类型"))


def _described(said: _Said) -> Words:
    name, looser = said.name, said.looser
    if looser:
        return Words(f"{name} may now be anything", f"{name} 现在可以为任意值")
    return Words(f"{name} may no longer be anything", f"{name} 不再可以为任意值")


def _alternative(said: _Said) -> Words:
    name, was, now, looser = said
    if looser:
        return Words(f"{name} may now be {now}", f"{name} 现在可以为 {now}")
    return Words(f"{name} may no longer be {was}", f"{name} 不再为 {was}")


def _excluded(said: _Said) -> Words:
    name, was, now, looser = said
    text = form(was if looser else now)
    if looser:
        return Words(f"{name} may now be {text}", f"{name} 现在可以为 {text}")
    return Words(f"{name} must no longer be {text}", f"{name} 不得再为 {text}")


def _other_members(said: _Said) -> Words:
    name, looser = said.name, said.looser
    if looser:
        return Words(
            f"{name} may now have members that were ruled out", f"{name} 现在可以含有未列出的成员"
        )
    return Words(
        f"{name} may no longer have members that are not listed", f"{name} 不再允许未列出的成员"
    )


def _own_value(said: _Said) -> Words:
    name, looser = said.name, said.looser
    if looser:
        return Words(f"{name} may now repeat", f"{name} 现在可以重复")
    return Words(f"{name} is now another one in every answer", f"{name} 现在每次应答各不相同")


_SENTENCES: Mapping[str, Sentence] = {
    "enum": _values,
    "x-business-success": _values,
    "nullable": _null,
    "type": _type,
    **dict.fromkeys(("properties", "items"), _described),
    **dict.fromkeys(("anyOf", "oneOf"), _alternative),
    "not": _excluded,
    "additionalProperties": _other_members,
    "x-unique": _own_value,
}
"""How the change of a keyword is said that is more than a limit."""
