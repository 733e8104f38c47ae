"""The common row that carries the business rows, as gateways have it: `biz_content`, `data`.

Its description says so; another way to say it is one more alternative of `_CARRIES`.
"""

from __future__ import annotations

import re

from contract.documents.cells import Kind, word
from contract.documents.field_rows import Row

_COMMON = re.compile(r"公共|系统级|common|public", re.IGNORECASE)
_CARRIES = re.compile(
    r"(?:业务|请求|响应|返回|应答)(?:的|请求|响应|返回|业务)*(?:参数|数据|内容|报文|字段)"
)
_OTHERS = re.compile(r"签名|验签|格式|编码|类型|版本|时间|标识|流水|状态|描述|失败|错误")
_AS_JSON = re.compile(r"json(?:格式|字符?串|串|结构|对象|数据)?")
_NAMES = re.compile(
    r"biz_?(?:content|data|param|body).*|(?:req|request|resp|response)_?data|data|body"
)
_CARRIERS = {Kind.OBJECT, Kind.STRING, None}


def is_common(title: str) -> bool:
    """Say whether a heading announces what all interfaces share: 公共参数."""
    return _COMMON.search(title) is not None


def wraps(row: Row) -> bool:
    """Say whether a common row carries the business rows: 业务参数的集合."""
    if row.kind not in _CARRIERS or len(row.path) > 1:
        return False
    said = _AS_JSON.sub("json", word(row.description))
    named = _NAMES.fullmatch(word(row.name)) is not None
    told = _CARRIES.search(said) is not None and not _OTHERS.search(said)
    told = told or (named and "json" in said)
    return told and (named or row.kind is Kind.OBJECT or "集合" in said or "json" in said)
