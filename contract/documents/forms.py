"""The forms that interface documents have, by what each of them never has.

A document is of the form of which it says most words, and of the house style only if it says more
of its words than of any other's; what this form never has is no finding. One more form is one more
entry of `FORMS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract.documents.cells import word
from contract.documents.sections import Section
from contract.documents.stated_calls import keyed


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A way of writing interface documents.

    Attributes:
        name: what people call it.
        words: headings and keys that it has, as `word` gives them.
        sections: the sections that each of its documents has.
        has_requirements: whether the rows of its answers say 是否必填.
        without_types: where the parameters are sent whose rows say no 类型.
    """

    name: str
    words: frozenset[str]
    sections: frozenset[str] = frozenset()
    has_requirements: bool = False
    without_types: frozenset[str] = frozenset()


HOUSE = Form(
    name="house style",
    words=frozenset({"域名列表", "请求类型", "应答报文", "应答样例", "业务参数请求样例"}),
    sections=frozenset({"域名列表", "请求参数", "应答报文"}),
    has_requirements=True,
)
"""The form of the platform's own documents."""

FORMS: tuple[Form, ...] = (
    HOUSE,
    Form(
        name="ShowDoc",
        words=frozenset({"简要描述", "请求url", "参数", "返回示例", "返回参数说明", "返回参数"}),
    ),
    Form(
        name="Knife4j",
        words=frozenset({"请求数据类型", "响应数据类型", "响应状态", "响应参数", "响应示例"}),
    ),
    Form(
        name="Apifox",
        words=frozenset({"body请求参数", "返回结果", "返回数据结构", "200response"}),
    ),
    Form(
        name="YApi",
        words=frozenset({"基本信息", "headers", "query", "body", "返回数据"}),
        without_types=frozenset({"query"}),
    ),
    Form(
        name="modern",
        words=frozenset(
            {
                *("接口地址", "路径参数", "查询参数", "请求体", "请求头", "响应", "响应参数"),
                *("成功响应", "响应示例", "成功响应示例", "错误码", "响应字段", "返回字段说明"),
                *("request", "response", "parameters", "headers", "requestbody", "example"),
            }
        ),
    ),
    Form(
        name="bank",
        words=frozenset({"请求报文", "返回报文", "请求报文示例", "返回报文示例", "报文格式"}),
    ),
    Form(
        name="gateway",
        words=frozenset({"公共参数", "公共请求参数", "业务参数", "公共响应参数", "响应参数"}),
    ),
)
"""The forms, in the order of their weight."""
OWN = Form(name="a form of its own", words=frozenset())
"""A document that says no word of any form."""


def form_of(found: Sequence[Section]) -> Form:
    """Find the form of which the sections say most words."""
    said = set(_said(found))
    return max(
        (*FORMS, OWN), key=lambda form: (len(form.words & said), form is OWN, form is not HOUSE)
    )


def _said(found: Sequence[Section]) -> Iterable[str]:
    for section in found:
        yield word(section.title.text)
        yield from (word(line.key) for line in keyed(section))
