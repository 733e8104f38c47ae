"""The title of an interface: a heading, or the first line of its description."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contract.documents.address_words import ADDRESS_KEYS, METHODS
from contract.documents.addresses import KeyedLine
from contract.documents.block import BOLD_LEVEL, Heading, Stated
from contract.documents.cells import is_nothing, plain, word
from contract.documents.forms import HOUSE, Form
from contract.documents.heading_words import Part
from contract.documents.sections import Section
from contract.documents.stated_calls import in_the_heading, keyed, says_value

_METHOD = re.compile(rf"(?:^|\s)`?(?:{'|'.join(METHODS)})`?(?:\s+|$)")
_ADDRESS = re.compile(r"`?(?:https?://|/)\S*")
_GENERIC = frozenset({"接口详情", "接口", "详情", "api", "接口文档", "详细说明"})
"""Headings that name no interface; a bold line below them does."""
_GENERAL = re.compile(
    r"^(?:公共|通用|功能|接口|基本|文档)?(?:说明|概述|简介|介绍|背景|信息|约定|规则|场景)$"
)
"""Headings that say something about the interface that is named above them."""
_TITLE_KEYS = frozenset({"接口名称", "接口名", "api名称", "交易名称", "服务名称", "apiname"})
"""The keys of lines that name the interface."""
_DESCRIPTIONS = ("描述", "介绍", "description")


def title_of(found: Sequence[Section], form: Form = HOUSE) -> Stated | None:
    """Find what names an interface: the last of the headings that open it.

    A heading with nothing below it but the next one names the collection, not the interface. If
    there is none, the description says it, except in the house style.
    """
    title = next((each.title for each in found if _is_called(each)), None)
    if title is not None and form is not HOUSE:
        return _without_call(title, found)
    title = None
    for section in found[1:] if found and not found[0].title.line else found:
        if section.part is not Part.UNKNOWN:
            break
        if title is not None and _GENERAL.search(word(section.title.text)):
            break
        title = section.title
        if section.blocks:
            break
    if title is not None:
        return _without_call(_nearer(title, found), found)
    if keyed_title := _keyed(found):
        return keyed_title
    return None if form is HOUSE else _described(found)


def _nearer(title: Stated, found: Sequence[Section]) -> Stated:
    """Give the heading above the path, where the one that opens the document names them all."""
    opening = next(each for each in found if each.title is title)
    stating = (n for n, each in enumerate(found) if any(_states_path(line) for line in keyed(each)))
    position = next(stating, 0)
    above = [each for each in found[: position + 1] if _may_name(each)]
    nearest = [each for each in above if each.level < found[position].level or each is above[-1]]
    below = [each for each in nearest if each.title.line > title.line and opening.blocks]
    return below[-1].title if below and below[-1].level > opening.level else title


def _states_path(line: KeyedLine) -> bool:
    return word(line.key) in ADDRESS_KEYS and says_value(line)


def _may_name(section: Section) -> bool:
    """Say whether a heading may name an interface."""
    is_heading = section.part is Part.UNKNOWN and 0 < section.level < BOLD_LEVEL
    return is_heading and not _GENERAL.search(word(section.title.text))


def _is_called(section: Section) -> bool:
    """Say whether a heading names a method, and a path stands below it: `## POST 下单`."""
    is_named = section.part is Part.UNKNOWN and _METHOD.match(section.title.text) is not None
    return is_named and any(word(line.key) in ADDRESS_KEYS for line in keyed(section))


def _without_call(title: Stated, found: Sequence[Section]) -> Stated:
    """Leave out the method and path that a heading names beside the title."""
    section = next(each for each in found if each.title is title)
    names_call = any(in_the_heading(section))
    text = _ADDRESS.sub("", title.text) if names_call else title.text
    text = plain(_METHOD.sub(" ", text)).strip(" -—:：") or title.text
    first = section.blocks[0] if section.blocks else None
    if word(text) in _GENERIC and isinstance(first, Heading):
        return Stated(first.text, first.line)
    return Stated(text, title.line)


def _keyed(found: Sequence[Section]) -> Stated | None:
    """Find the line `接口名称：…` that names an interface."""
    lines = (line for section in found for line in keyed(section))
    named = (line for line in lines if word(line.key) in _TITLE_KEYS and not is_nothing(line.value))
    return next((Stated(line.value, line.line) for line in named), None)


def _described(found: Sequence[Section]) -> Stated | None:
    beside = (line for section in found for line in keyed(section))
    described = (line for line in beside if word(line.key).endswith(_DESCRIPTIONS))
    if line := next((each for each in described if not is_nothing(each.value)), None):
        return Stated(line.value, line.line)
    for section in found:
        if section.part is Part.REMARKS and section.title.text.endswith(_DESCRIPTIONS):
            for text in section.texts:
                said = plain(text.text.lstrip("*-+> "))
                if said:
                    return Stated(said, text.line)
    return None
