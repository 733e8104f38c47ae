"""Environments that no table lists: a line names their address, or the address of an interface.

Such a line says 测试环境地址, 请求网关 or Base URL; another word is one more alternative of
`_KEYS`. An environment that the document does not name has an empty name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from contract.documents.address_words import ADDRESS_KEYS
from contract.documents.addresses import (
    KeyedLine,
    ListedEnvironment,
    RequestLine,
    read_request_line,
)
from contract.documents.cells import plain, unlinked, word
from contract.documents.heading_words import Part
from contract.documents.sections import Section

_OF = r"(?:的|环境|服务器?|接口|请求|访问|调用|api)*"
_ADDRESS = r"(?:地址|域名|网关|网关地址|url|host|baseurl|入口|前缀|根路径)?"
_NAMED = re.compile(
    r"((?:开发|本地|联调|测试|沙箱|沙盒|验证|预发布?|预生产|灰度|仿真|生产|正式|线上|现网"
    rf"|dev|test|sandbox|sit|uat|staging|pre|prod|production|online){_OF}{_ADDRESS})"
)
_KEYS = re.compile(
    r"(?:基础|根|公共|统一|服务器?|接口|请求|api)?(?:baseurl|base_url|基础url|基地址|基础地址|基础路径|域名"
    r"|网关|网关地址|服务地址|服务器地址|根地址|根路径|url前缀|接口前缀|地址前缀|endpoint地址|url)"
    r"|(?:基础|根|base|服务器?|请求域名|网关)(?:url|地址|路径|域名)?|host|server|domain"
)
_PLACEHOLDER = re.compile(r"x+(?:\.x+)*(?:\.(?:com|cn|net|org|com\.cn))?(?::.*)?", re.IGNORECASE)
_WRITTEN = re.compile(r"https?://[^\s`<>()（）\[\]，。；;\"'|]+")


def stated_bases(
    found: Sequence[Section], lines: Sequence[KeyedLine]
) -> Iterator[ListedEnvironment]:
    """Give the environments that lines of sections name, with or without a name.

    Args:
        found: the sections.
        lines: all their lines that state a key and a value.
    """
    known = {Part.UNKNOWN, Part.OPERATION, Part.REMARKS, Part.ENVIRONMENTS}
    lines_of = {line.line for each in found if each.part in known for line in each.lines}
    seen: set[str] = set()
    for line in lines:
        key = word(line.key)
        named = _NAMED.fullmatch(key)
        is_base = named or (key not in ADDRESS_KEYS and _KEYS.fullmatch(key))
        request = _address(line) if is_base and line.line in lines_of else None
        if request is None:
            continue
        address = written_base(request)
        if address and address not in seen:
            seen.add(address)
            name = plain(line.key) if named else ""
            yield ListedEnvironment(name=name, address=address, line=line.line)


def base_of(requests: Sequence[RequestLine], path: str) -> Iterator[ListedEnvironment]:
    """Give the environment in whose full address the path of the interface stands first."""
    for request in requests:
        if request.host and request.path and request.path.endswith(path.split("{", 1)[0]):
            address = written_base(request, whole=False)
            if address:
                yield ListedEnvironment(name="", address=address, line=request.line)
            return


def written_base(request: RequestLine, *, whole: bool = True) -> str:
    """Write the address of a server, with its scheme where one is known; a placeholder is none."""
    if not request.host or _PLACEHOLDER.fullmatch(request.host):
        return ""
    scheme = f"{request.scheme}://" if request.scheme else ""
    return f"{scheme}{request.host}{request.path.rstrip('/') if whole else ''}"


def _address(line: KeyedLine) -> RequestLine | None:
    text = unlinked(line.value).strip("` ")
    found = _WRITTEN.search(text)
    request = read_request_line(found[0] if found else text, line.line)
    return request if request is not None and request.host else None
