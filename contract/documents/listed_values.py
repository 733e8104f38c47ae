"""What a cell lists as all values of a member (`1：待支付 2：已支付`, `APP,H5`) → these values.

Only a cell that lists values and nothing else does; another separator is one more character of
`_BETWEEN`.
"""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[,，、;；|/\s]+")
_VALUE = re.compile(r"[\"'“]?([A-Za-z0-9_][A-Za-z0-9_.-]{0,31})[\"'”]?", re.ASCII)
_NAMED = re.compile(
    r"[\"'“]?([A-Za-z0-9_][A-Za-z0-9_.]{0,31})[\"'”]?\s*(?:[:：=—–-]+|[(（])\s*([^,，、;；|/:：=]*?)[)）]?"
    r"(?=[,，、;；|/\s]+[\"'“]?[A-Za-z0-9_.]{1,32}[\"'”]?\s*[:：=—–(（-]|[,，、;；|/\s]*$)[,，、;；|/\s]*",
    re.ASCII,
)
_GLUED = re.compile(r"([0-9]{1,6})[\u4e00-\u9fff]+")
_OPEN = re.compile(
    r"等等?$|\.{3}|…|其[他它]|以上|以内|[~～至]|大于|小于|不限|自定义|见|参考|参见|范围"
)
"""What says that a cell does not list all values."""
_LEAST = 2
_MOST = 50


def values_listed(cell: str) -> tuple[str, ...]:
    """Give the values that a cell lists, in its order; none where it does not list them all."""
    text = cell.strip().strip("[]【】")
    if not text or _OPEN.search(text):
        return ()
    found = _alone(text) or _with_names(text)
    return found if _LEAST <= len(found) <= _MOST and len(set(found)) == len(found) else ()


def _alone(text: str) -> tuple[str, ...]:
    parts = [each for each in _BETWEEN.split(text) if each]
    for form in (_VALUE, _GLUED):
        matches = [form.fullmatch(each) for each in parts]
        if all(matches):
            return tuple(match[1] for match in matches if match)
    return ()


def _with_names(text: str) -> tuple[str, ...]:
    """Give the values before their names, if the whole text consists of such pairs."""
    values: list[str] = []
    at = 0
    while at < len(text):
        pair = _NAMED.match(text, at)
        if pair is None or pair.end() == at or not pair[2].strip():
            return ()
        values.append(pair[1])
        at = pair.end()
    return tuple(values)
