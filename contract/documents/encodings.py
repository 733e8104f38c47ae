"""The bytes of a document → its text, or what the file is instead."""

from __future__ import annotations

import re

from contract.documents.interface_document import UnreadableDocument
from contract.findings import Place

_SAYS = re.compile(
    r"请求|接口|参数|返回|响应|应答|\b(?:GET|POST|PUT|DELETE|PATCH)\b|\b(?:path|url|request)\b",
    re.IGNORECASE,
)
_OPENAPI = re.compile(
    r"""\A(?=\s*\{).*?"(?:openapi|swagger)"\s*:\s*"|^(?:openapi|swagger):\s""",
    re.MULTILINE | re.DOTALL,
)
_HTML = re.compile(r"\A\s*<(?:!doctype|html|\?xml)\b", re.IGNORECASE)
_JSON = re.compile(r"""\A\s*(?:\[\s*)?\{\s*\"""")


def of_another_form(text: str, where: str) -> UnreadableDocument | None:
    """Say what to do with a file in which no operation was found, if it is of a form we know."""
    place = Place(where, 1)
    if _OPENAPI.search(text):
        return UnreadableDocument(
            place, "it is OpenAPI or Swagger, which needs no derive: name it by --spec FILE"
        )
    if _HTML.search(text) or _JSON.search(text):
        return UnreadableDocument(
            place,
            "it is HTML or JSON, and Markdown is read: choose Markdown when you export, or "
            "OpenAPI, which needs no derive",
        )
    return None


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
    raise of_another_form(content.decode("utf-8-sig", errors="replace"), where) or (
        UnreadableDocument(
            Place(where, 1),
            "no operation in it: it says neither 请求 nor another word for a request",
        )
    )
