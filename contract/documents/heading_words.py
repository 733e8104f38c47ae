"""What the headings of an interface document announce.

Headings are known by their words, whatever their level, number or place. Another wording is one
more alternative in `HEADINGS`; a new kind of section is one more `Part`. Where the parameters of a
section are sent is one more line of `LOCATIONS`.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from http import HTTPStatus

from contract.documents.address_words import ADDRESS_KEYS, METHOD_KEYS
from contract.documents.cells import plain, word


class Part(Enum):
    """What a section of an interface document states."""

    ENVIRONMENTS = auto()
    OPERATION = auto()
    PARAMETERS = auto()
    ANSWER = auto()
    ANSWER_HEADERS = auto()
    SAMPLES = auto()
    REMARKS = auto()
    UNKNOWN = auto()


_KEYS = "|".join(map(re.escape, sorted(METHOD_KEYS | ADDRESS_KEYS)))
_CONTENTS = "(参数|报文[体头]?|字段|内容|结果|数据|体|值)"
_DETAILS = "(列表|说明|信息|详情|描述|定义|表)?"
_KINDS_OF_PARAMETERS = (
    "header|headers|query|path|body|cookie|cookies|form|formdata|form-data|url|uri|"
    "路径|查询|请求头|请求体|表单|消息头|路由"
)

HEADINGS: tuple[tuple[Part, str], ...] = (
    (
        Part.SAMPLES,
        r".*(样例|示例|范例|例子).*|.*(example|sample)s?|(example|sample)s?(responses?|requests?|body)",
    ),
    (Part.SAMPLES, r"(成功|失败|错误|异常|处理中|受理中|超时)(应答|响应|返回|报文|结果)*[0-9]*"),
    (Part.SAMPLES, r"(请求|返回|应答|响应)(参数|数据|报文|结果)(json)?格式|[1-5][0-9]{2}response"),
    (Part.ENVIRONMENTS, r"(请求|接口|服务|环境|测试|服务器)?(域名|环境)(列表|地址|说明|信息)?"),
    (Part.ENVIRONMENTS, r"environments?|servers?|hosts?"),
    (
        Part.OPERATION,
        rf"(接口|请求|基本|调用)(说明|信息|概述|定义|方式|方法|类型|地址|路径)|{_KEYS}",
    ),
    (Part.OPERATION, r"(basic|general)info(rmation)?|endpoint|overview"),
    (
        Part.PARAMETERS,
        rf"(业务|公共|系统)?(请求|输入)(业务|公共)?(参数|报文[体头]?|字段|内容){_DETAILS}(<.*>)?",
    ),
    (
        Part.PARAMETERS,
        rf"(业务|公共|系统|应用|全局)级?(请求|输入)?参数{_DETAILS}|入参{_DETAILS}|参数{_DETAILS}",
    ),
    (
        Part.PARAMETERS,
        rf"(公共|业务)?(请求)?({_KINDS_OF_PARAMETERS})(请求)?(参数|字段|param(eter)?s?)?{_DETAILS}",
    ),
    (
        Part.PARAMETERS,
        r"(http)?(请求|request)(头|体|header|headers|body)(参数|部)?(headers?|body)?(列表|说明|信息)?",
    ),
    (
        Part.PARAMETERS,
        r"(common|request|input)?(parameters?|params?|arguments?|fields?)|request|请求",
    ),
    (
        Part.ANSWER_HEADERS,
        r"(http)?(应答|响应|返回|response)(消息)?(头|headers?)(参数|部|字段)?(列表|说明|信息)?",
    ),
    (
        Part.ANSWER,
        rf"(业务|公共)?(应答|响应|返回|输出|回应)(业务|公共)?{_CONTENTS}(结构|模型)?{_DETAILS}",
    ),
    (
        Part.ANSWER,
        rf"[出回]参{_DETAILS}|(请求|接口|状态|数据)?(应答|响应|返回)(结构|说明|格式)?{_DETAILS}",
    ),
    (
        Part.ANSWER,
        r"(response|return|output)s?(dataschema|parameters?|params?|fields?|body|data|schema|values?)?",
    ),
    (Part.ANSWER, rf"(公共|通用|统一)的?(应答|响应|返回|出参)(结构|格式|报文|体)?{_DETAILS}"),
    (
        Part.ANSWER,
        rf"(?:应答|响应|返回|出参)(?:的|中的?)?(?!headers?|cookies?)[a-z][a-z_.]{{1,29}}{_CONTENTS}?{_DETAILS}",
    ),
    (
        Part.REMARKS,
        r"(功能|业务|接口)?(备注|描述|注意|注意事项|简介|背景|附录)|说明|功能说明|业务说明",
    ),
    (Part.REMARKS, r"(简要|功能|接口)(描述|说明|介绍)|description|notes?|remarks?|changelog"),
    (Part.REMARKS, r"(业务|公共)?(错误|返回|状态|应答|响应|异常)(代)?码(列表|说明|表|对照表)?"),
    (Part.REMARKS, r"(error|status|return|response)codes?"),
    (Part.REMARKS, r"(修改|变更|更新|修订|版本)(记录|历史|日志|说明)|历史(修改|变更|记录|版本)"),
)
"""What headings announce: the first pattern that matches the whole text, as `word` gives it."""

LOCATIONS: tuple[tuple[str, str], ...] = (
    ("header", r".*(请求头|消息头|headers?).*"),
    ("path", r".*(路径|路由|path).*"),
    ("query", r".*(查询|query|url|uri).*"),
    ("cookie", r".*cookies?.*"),
    ("form", r".*(表单|form).*"),
    ("body", r".*(请求体|body).*"),
)
"""Where the parameters of a section are sent: the first pattern that matches its heading."""

_SEVERAL = re.compile(r"[&+、]|(?<=.)[和与及](?=.)")
"""What stands between the words of a heading that announces several facts: 接口路径&请求方式."""
_BRACKETED = re.compile(r"[(\[<][^()\[\]<>]*[)\]>]$")
_LONGEST_HEADING = 60
_WIDE = str.maketrans("０１２３４５６７８９．（）", "0123456789.()")
_NUMBER = re.compile(
    r"(?![1-5][0-9]{2}\s*[A-Za-z])(?:[0-9]+(?:\.[0-9]+)*(?:[.、)](?![0-9])|\s)"
    r"|[0-9]+(?:\.[0-9]+)+(?=[\u4e00-\u9fff])|[(（]?[一二三四五六七八九十]+[)）、.])\s*"
)


_STATUS = re.compile(
    r"(?:http)?(?:响应|返回|response)?(?:状态码|status(?:code)?)[-—–:：]?\**([1-5][0-9]{2})\**"
    r"(?!表示|为|时|则|即|代表)(?:[:：(（,，-].{0,30}|.{0,6})"
)


_SUCCESS = re.compile(
    r".*(?:成功|响应|返回|应答|response|success)[^0-9]*[(（](2[0-9]{2})(?:[a-z]*)[)）]"
)
_PHRASES = frozenset(f"{status.value}{word(status.phrase)}" for status in HTTPStatus)
"""The statuses with their own words: `204 No Content`."""


def part_of(heading: str) -> Part:
    """Find what a heading announces; its number and a colon after it do not matter."""
    if len(heading) > _LONGEST_HEADING:
        return Part.UNKNOWN
    text = word(unnumbered(_PICTOGRAMS.sub("", plain(heading))))
    key, colon, _ = text.partition(":")
    if colon and key in METHOD_KEYS | ADDRESS_KEYS:
        return Part.OPERATION
    for each in (text, _BRACKETED.sub("", text)):
        for part, words in HEADINGS:
            if each and re.fullmatch(words, each):
                return part
    first, *others = facts_of(text)
    together = part_of(first) if others else Part.UNKNOWN
    return together if together is Part.OPERATION else Part.UNKNOWN


def facts_of(heading: str) -> list[str]:
    """Give the facts that a heading announces together: 接口路径&请求方式."""
    return [heading] if ":" in word(heading) else _SEVERAL.split(heading)


def status_named(line: str) -> str:
    """Give the HTTP status that a line says of what stands below it.

    So do `状态码 **400**`, `204 No Content`, and of a success `成功响应 (201)`.
    """
    text = word(line.strip("#*->: ：`"))
    match = _STATUS.fullmatch(text) or _SUCCESS.fullmatch(text)
    if match:
        return match[1]
    return text[:3] if _BRACKETED.sub("", text) in _PHRASES else ""


_PICTOGRAMS = re.compile(
    r"^(?:[\u2190-\u2bff\ufe0e\ufe0f\u20e3\u200d\U0001f000-\U0001faff]|[0-9]\ufe0f?\u20e3)+\s*"
)
"""What decorates a heading: 📥 请求头."""


def unnumbered(heading: str) -> str:
    """Give a heading without its number, and without a colon at its end."""
    text = plain(heading).rstrip(":： *")
    number = _NUMBER.match(text.translate(_WIDE))
    return text if number is None else text[number.end() :] or text
