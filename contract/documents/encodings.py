"""The bytes of a document → its text."""

from __future__ import annotations

import re

from contract.documents.interface_document import UnreadableDocument
from contract.findings import Place

_SAYS = re.compile(
    r"请求|接口|参数|返回|响应|应答|\b(?:GET|POST|PUT|DELETE|PATCH)\b|\b(?:path|url|request)\b",
    re.IGNORECASE,
)


def text_of(content: bytes, where: str) -> str:
    """Decode a document: UTF-8 with or without BOM, UTF-16 with BOM, or GBK.

    If some bytes fit neither encoding, the first one in which the text speaks of an interface is
    used. Each such byte becomes U+FFFD, which is a finding.

    Raises:
        UnreadableDocument: it is not text, or speaks of no interface.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise UnreadableDocument(Place(where, 1), "the document is not text")
    for errors in ("strict", "replace"):
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = content.decode(encoding, errors=errors)
            except UnicodeDecodeError:
                continue
            if _SAYS.search(text):
                return text
    raise UnreadableDocument(
        Place(where, 1), "no operation in it: it says neither 请求 nor another word for a request"
    )
