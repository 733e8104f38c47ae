"""Where a parameter is sent, and as what media type a body is, by the words that documents use.

Another word is one more entry of `LOCATIONS` or `MEDIA_TYPES`.
"""

from __future__ import annotations

import re

from contract.documents.cells import plain, word

LOCATIONS: dict[str, str] = {
    **dict.fromkeys(("path", "路径", "路径参数", "url路径", "pathvariable", "uri", "rest"), "path"),
    **dict.fromkeys(
        ("query", "查询", "查询参数", "url", "url参数", "querystring", "param"), "query"
    ),
    **dict.fromkeys(("header", "headers", "head", "请求头", "头部", "消息头", "http头"), "header"),
    **dict.fromkeys(("cookie", "cookies"), "cookie"),
    **dict.fromkeys(("body", "请求体", "json", "requestbody", "报文体", "消息体"), "body"),
    **dict.fromkeys(("form", "formdata", "form-data", "表单", "x-www-form-urlencoded"), "form"),
    **dict.fromkeys(("application/x-www-form-urlencoded", "multipart/form-data"), "form"),
}
"""The words for where a parameter is sent → the place."""

FORM = "application/x-www-form-urlencoded"
"""The media type of a form."""
FORM_WITH_FILES = "multipart/form-data"
"""The media type of a form that can hold files."""

MEDIA_TYPES: dict[str, str] = {
    **dict.fromkeys(("json", "raw", "body", "requestbody", "raw(json)"), "application/json"),
    **dict.fromkeys(("form", "表单", "表单提交", "x-www-form-urlencoded", "urlencoded"), FORM),
    **dict.fromkeys(("form-data", "formdata", "multipart", "文件上传"), FORM_WITH_FILES),
    **dict.fromkeys(("xml",), "application/xml"),
}
"""The words for the media type of a body → the media type."""
MEDIA_TYPE_KEYS = frozenset(
    {
        *("请求格式", "请求数据类型", "请求内容类型", "content-type", "contenttype", "consumes"),
        *("数据格式", "请求数据格式", "参数格式", "提交格式", "body类型", "请求体类型", "传参格式"),
    }
)
"""The keys of lines that state the media type of a request."""
_MEDIA_TYPE = re.compile(r"\b(?:application|multipart|text|image)/[\w.+-]+")
_CLAUSE = re.compile(r"[，,；;。、（）()\[\]【】\s]+")
_IN_HEADER = re.compile(
    r"(?:放在?|通过|在|置于|位于|携带于|in)?(?:http)?(?:请求)?(?:header|headers|请求头|消息头|头部)"
    r"(?:中|里|内|参数|传递|传参|传入|携带|字段)*"
)


def location(cell: str) -> str:
    """Read a cell that says where a parameter is sent.

    Raises:
        ValueError: the cell names no known place.
    """
    try:
        return LOCATIONS[word(cell)]
    except KeyError:
        raise ValueError(f"{plain(cell)[:20]!r} is no place of a parameter") from None


def location_in(description: str) -> str:
    """Give `header` where one clause of a description says so: `访问令牌，header`."""
    clauses = (word(clause) for clause in _CLAUSE.split(description))
    return "header" if any(map(_IN_HEADER.fullmatch, clauses)) else ""


def media_type_beside(method: str) -> str:
    """Give the media type that stands beside a method: `POST（表单）`, `POST application/json`."""
    found = _MEDIA_TYPE.search(method.casefold())
    said = next((known for words, known in _BESIDE if words.search(method)), "")
    return found[0] if found else said


_BESIDE = (
    (re.compile(r"form-?data|文件", re.IGNORECASE), FORM_WITH_FILES),
    (re.compile(r"表单|form|urlencoded", re.IGNORECASE), FORM),
    (re.compile(r"json", re.IGNORECASE), "application/json"),
)
"""What may stand beside a method in its line → the media type."""


def media_type(text: str) -> str:
    """Read a media type as it is, or as a word for it; empty where the text names none."""
    found = _MEDIA_TYPE.search(text.casefold())
    return found[0] if found else MEDIA_TYPES.get(word(text), "")
