"""Whether the answer of an interface is a picture itself: 图片流, image/png.

To read another way of saying it: a word in `_PICTURE`, a key in `_KEYS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contract.documents.cells import word
from contract.documents.heading_words import Part
from contract.documents.sections import Section
from contract.documents.stated_calls import keyed

ANY_PICTURE = "image/*"
"""The media type of a picture of which nothing says what it is."""

_KEYS = frozenset(
    {
        *(
            "响应类型",
            "返回类型",
            "响应数据类型",
            "返回数据类型",
            "响应格式",
            "返回格式",
            "produces",
        ),
        *("响应内容类型", "返回内容类型", "应答格式", "应答类型", "响应结果", "返回结果", "返回值"),
        *("返回", "响应", "返回数据", "响应数据", "返回内容", "响应内容", "content-type"),
    }
)
_MEDIA_TYPE = re.compile(r"\bimage/(?:[a-z][\w.+-]*|\*)")
_PICTURE = re.compile(
    r"(?:图片|图像|图形|验证码图?片?|jpe?g|png|image)(?:的)?(?:二进制|文件|字节|数据|输出|格式)*(?:流|数组|stream)"
    r"|(?:二进制|字节|文件|输出|binary)(?:的)?(?:格式)?(?:图片|图像|流图片|image)|image ?stream"
    r"|直接(?:返回|输出)(?:验证码)?图[片像]"
)
_NOT_THE_BODY = re.compile(r"base64|json", re.IGNORECASE)


def picture_type(found: Sequence[Section]) -> str:
    """Give the media type of an answer that is a picture; empty where nothing says it is one."""
    said = [text for text in _said(found) if not _NOT_THE_BODY.search(text)]
    named = (_MEDIA_TYPE.search(text.casefold()) for text in said)
    media_type = next((each[0] for each in named if each), "")
    is_picture = any(_PICTURE.search(word(text)) for text in said)
    return media_type or (ANY_PICTURE if is_picture else "")


def _said(found: Sequence[Section]) -> Iterator[str]:
    """Give the lines that say what an answer is: below its heading, and behind a key."""
    for section in found:
        if section.part is Part.ANSWER:
            yield from (text.text for text in section.texts)
        if section.part is Part.ANSWER_HEADERS:
            for table in section.tables:
                rows = (" ".join(row.cells) for row in table.rows)
                yield from (row for row in rows if "content-type" in row.casefold())
        if section.part not in {Part.PARAMETERS, Part.SAMPLES, Part.ENVIRONMENTS}:
            yield from (each.value for each in keyed(section) if word(each.key) in _KEYS)
