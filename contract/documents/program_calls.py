"""The call that a program makes, in whatever language → its method and address.

`curl_calls.py` reads those of `curl` whole. Of others (fetch, axios, Java, Python) only the first
address and the method are read; another way to write a method is one more alternative of `_METHOD`.
"""

from __future__ import annotations

import re

from contract.documents.addresses import RequestLine, read_request_line
from contract.documents.curl_calls import first_call

_NAMES = "GET|POST|PUT|DELETE|PATCH"
_ADDRESS = re.compile(
    r"""(?P<quote>["'`])(?P<url>(?:https?://[^\s"'`]+|\$?\{+\w+\}+/[^\s"'`]*|/[A-Za-z][^\s"'`]*))(?P=quote)"""
)
_METHOD = re.compile(
    rf"(?:axios|requests|http|client|httpx|session|\$|HttpRequest|HttpUtil|restTemplate|rest|request)"
    rf"\s*\.\s*(?P<called>{_NAMES})(?:ForObject|ForEntity|Async)?\s*(?:<[^<>]*>)?\("
    rf"|\b(?:method|type|requestMethod|setRequestMethod)\s*[:=(]\s*[\"'](?P<said>{_NAMES})[\"']"
    rf"|[\"']method[\"']\s*:\s*[\"'](?P<keyed>{_NAMES})[\"']"
    rf"|\bHttp(?P<classed>{_NAMES})\b|HttpMethod\.(?P<constant>{_NAMES})\b"
    rf"|CURLOPT_(?P<option>POST)\b|NewRequest\w*\(\s*(?:\w+\s*,\s*)?[\"'](?P<first>{_NAMES})[\"']"
    rf"|request\(\s*[\"'](?P<argument>{_NAMES})[\"']",
    re.IGNORECASE,
)
_READS = re.compile(r"\b(?:fetch|urlopen|http\.Get|file_get_contents)\s*\(", re.IGNORECASE)
"""Functions that send a GET where nothing names another method."""
_COMMENT = re.compile(r"(?m)^\s*(?://|#|\*|/\*).*$")


def called_by(text: str, line: int) -> RequestLine | None:
    """Read the method and address of the first call of a program; None where it shows none.

    Args:
        text: the program.
        line: the line of its first line.
    """
    if (call := first_call(text, line)) is not None:
        return call.request if call.request.path else None
    code = _COMMENT.sub("", text)
    found = _ADDRESS.search(code)
    method = _METHOD.search(code)
    if found is None or not (method or _READS.search(code)):
        return None
    name = next(filter(None, method.groups())) if method else "GET"
    at = line + text[: text.find(found["url"])].count("\n")
    request = read_request_line(f"{name.upper()} {found['url'].replace('${', '{')}", at)
    return request if request is not None and request.path else None
