"""Where an interface is reached: the hosts of its environments, its method, its path.

Columns and keys are found by name; another name is one more entry of the registries below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from contract.documents.address_words import ADDRESS_KEYS, METHOD_KEYS, METHODS
from contract.documents.block import Stated, Table
from contract.documents.cells import is_nothing, plain, shown, word
from contract.documents.document_rules import broken
from contract.documents.tables import cell, columns, is_blank, unread_cells
from contract.findings import Finding

COLUMNS: dict[str, str] = {
    **dict.fromkeys(("环境", "环境名称", "名称", "环境类型", "运行环境", "部署环境"), "name"),
    **dict.fromkeys(("env", "environment"), "name"),
    **dict.fromkeys(
        ("请求地址", "地址", "域名", "请求域名", "域名地址", "环境地址", "url"), "address"
    ),
    **dict.fromkeys(("https请求地址", "http请求地址", "服务地址", "接口地址", "host"), "address"),
    **dict.fromkeys(("网关地址", "网关", "请求网关", "网关url", "url地址", "接口域名"), "address"),
    **dict.fromkeys(("服务器地址", "调用地址", "访问地址", "baseurl", "domain"), "address"),
    **dict.fromkeys(("环境域名", "请求url", "接口url", "主机", "入口地址"), "address"),
    **dict.fromkeys(("备注", "说明", "描述"), "remark"),
    "序号": "number",
}
"""The words that head a column of 域名列表 → what the column means."""
UNKNOWN_ADDRESSES = frozenset({"待定", "未定", "待补充", "未提供"})
"""The words for an address that is not known yet."""

_METHOD = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(METHODS)})(?![A-Za-z])", re.IGNORECASE)
_REQUEST_LINE = re.compile(
    rf"(?:(?P<method>{'|'.join(METHODS)})\s+)?(?:(?P<scheme>https?)://)?(?P<authority>[^/\s?#]*)"
    r"(?P<path>/[^\s?#]*)?(?:\?(?P<query>[^\s#]*))?(?:\s+HTTP/[0-9.]+)?",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::[0-9]+)?|[\w-]+:[0-9]+", re.ASCII)
_PLACEHOLDER = re.compile(
    r"\$?\{+[^{}]*\}+(?::\$?\{+[^{}]*\}+)?|[^\x00-\x7f]+"
    r"|(?:ip|host|domain|server|baseurl|x+(?:\.x+)*)(?::(?:port|[0-9x]{1,5}))?",
    re.IGNORECASE,
)
_STEP_PARAMETER = re.compile(
    r"/(?::([A-Za-z_]\w*)|<(?:\w+:)?([A-Za-z_]\w*)>|\$\{+([A-Za-z_]\w*)\}+)(?=/|$)"
)
_SPOKEN_STEP = re.compile(r"/([^/{}]*[\u4e00-\u9fff][^/{}]*)(?=/|$)")
"""A step that says in Chinese what stands in its place: `/rooms/房间ID`."""
_QUERY = re.compile(r"\??[\w.\[\]-]+=[^\s&]*(?:&[\w.\[\]-]+=[^\s&]*)*")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<([^<>\s]+)>")
_MEDIA_TYPE = re.compile(r"(?:application|multipart|text)/[\w.+-]+")
_RELATIVE = re.compile(r"[\w.{}-]+(?:/[\w.{}-]+)*/?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEnvironment:
    """One row of 域名列表; the address is empty where the document leaves it blank."""

    name: str
    address: str
    line: int
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A request as the document writes it; what it does not say is empty."""

    method: str = ""
    scheme: str = ""
    host: str = ""
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()
    line: int


@dataclass(frozen=True, slots=True)
class KeyedLine:
    """A line `* key : value`, a row of two cells, or a part of a request line (`POST /`)."""

    key: str
    value: str
    line: int
    requests: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether its value means that there is nothing; in a request line / is a path."""
        return is_nothing(self.value) and not (self.requests and self.value == "/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The method and path that the lines state; None where no line does."""

    method: Stated | None
    path: Stated | None
    others: tuple[RequestLine, ...]
    findings: tuple[Finding, ...]


def read_request_line(text: str, line: int) -> RequestLine | None:
    """Read `GET https://host/path?query HTTP/1.1`, or a part of it with a path or a host."""
    match = _REQUEST_LINE.fullmatch(text.strip())
    if match is None:
        return None
    authority, path = match["authority"], match["path"] or ""
    host = authority.lower() if _HOST.fullmatch(authority) else ""
    if authority and not host and not _PLACEHOLDER.fullmatch(authority):
        return None
    if not host and not path:
        return None
    return RequestLine(
        method=(match["method"] or "").upper(),
        scheme=(match["scheme"] or "").lower() if host else "",
        host=host,
        path=path,
        query=_pairs(match["query"] or ""),
        line=line,
    )


def written_path(path: str) -> str:
    """Write a path as OpenAPI does: `{name}` for `:name`, `<name>`, `${name}`, no empty step."""
    steps = re.sub(r"(?<=.)/{2,}", "/", re.sub(r"^/{2,}", "/", path))
    named = _STEP_PARAMETER.sub(lambda found: f"/{{{found[1] or found[2] or found[3]}}}", steps)
    return _SPOKEN_STEP.sub(lambda found: f"/{{{found[1]}}}", named)


def read_query(text: str, line: int) -> RequestLine | None:
    """Read `name=value&name=value`, with or without a question mark before it."""
    if not _QUERY.fullmatch(text):
        return None
    return RequestLine(query=_pairs(text.removeprefix("?")), line=line)


def _pairs(query: str) -> tuple[tuple[str, str], ...]:
    return tuple(parse_qsl(query, keep_blank_values=True))


def read_environments(
    table: Table, where: str
) -> tuple[tuple[ListedEnvironment, ...], tuple[Finding, ...]]:
    """Read the rows of a table of environments, and find what cannot be read in it."""
    known = columns(table, COLUMNS)
    findings = list(unread_cells(table, COLUMNS, where))
    if not {"name", "address"} <= known.keys():
        findings.append(
            broken(
                "unreadable-table",
                where=where,
                lines=(table.line,),
                subject="环境",
                evidence="the column 环境 or the column 请求地址 is missing",
                remedy="head the columns with 环境 and 请求地址",
            )
        )
        return (), tuple(findings)
    found: list[ListedEnvironment] = []
    for row in table.rows:
        if is_blank(row):
            continue
        entry = KeyedLine(
            plain(cell(row, known, "name")), plain(cell(row, known, "address")), row.line
        )
        environment, wrong = read_environment(entry, where, plain(cell(row, known, "remark")))
        found += [environment] if environment else []
        findings += wrong
    return tuple(found), tuple(findings)


def lists_environments(table: Table) -> bool:
    """Say whether a table names environments and their addresses, wherever it stands."""
    known = columns(table, COLUMNS)
    named = known.get("name")
    title = word(table.header.cells[named]) if named is not None else ""
    return "address" in known and ("环境" in title or "env" in title)


def read_environment(
    entry: KeyedLine, where: str, remark: str = ""
) -> tuple[ListedEnvironment | None, tuple[Finding, ...]]:
    """Read an environment and its host; the address is empty where it is blank or unreadable."""
    if is_nothing(entry.key):
        unnamed = broken(
            "unreadable-row",
            where=where,
            lines=(entry.line,),
            subject="环境",
            evidence=f"{shown(entry.value)} stands without the name of an environment",
            remedy="name the environment in the column 环境",
        )
        return None, (unnamed,)
    address = _linked(entry.value)
    findings: tuple[Finding, ...] = ()
    if is_nothing(address) or word(address) in UNKNOWN_ADDRESSES:
        address = ""
    else:
        request = read_request_line(address, entry.line)
        if request is None or not request.host:
            findings = (_unreadable_address(entry, where, f"{shown(address)} is not a host"),)
            address = ""
    environment = ListedEnvironment(name=entry.key, address=address, line=entry.line, remark=remark)
    return environment, findings


def read_address(entries: Iterable[KeyedLine], where: str) -> Address:
    """Read the first method and path that are stated, and every other mention of them."""
    methods: list[Stated] = []
    paths: list[Stated] = []
    others: list[RequestLine] = []
    findings: list[Finding] = []
    for entry in entries:
        key = word(entry.key)
        if key in METHOD_KEYS:
            names = list(
                dict.fromkeys(name.upper() for name in _METHOD.findall(_narrow(entry.value)))
            )
            methods += [Stated(name, entry.line) for name in names[:1]]
            findings += [_several_methods(entry, names, where)] if len(names) > 1 else []
        elif key in ADDRESS_KEYS and not entry.says_nothing:
            request, wrong = _path(entry, where)
            findings += wrong
            if request is not None:
                paths += [Stated(written_path(request.path), entry.line)] if request.path else []
                others.append(request)
    others += [RequestLine(method=method.text, line=method.line) for method in methods[1:]]
    methods += [Stated(each.method, each.line) for each in others if each.method and not methods]
    return Address(
        method=methods[0] if methods else None,
        path=paths[0] if paths else None,
        others=tuple(others),
        findings=tuple(findings),
    )


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _path(entry: KeyedLine, where: str) -> tuple[RequestLine | None, tuple[Finding, ...]]:
    """Read a 请求地址; the findings are about any part of it that is not an address."""
    text = _linked(entry.value)
    request = read_request_line(text, entry.line)
    if request is not None:
        return request, ()
    words = text.replace("`", " ").split() or [text]
    address = next((part for part in words if "/" in part), words[0])
    others = [part for part in words if part != address]
    method = next((part.upper() for part in others if part.upper() in METHODS), "")
    said = (part for part in others if part.upper() not in METHODS)
    left = " ".join(part for part in said if not _MEDIA_TYPE.fullmatch(part.strip("()（）[]【】")))
    request = read_request_line(address, entry.line)
    if request is not None:
        findings = (_unreadable_address(entry, where, f"{shown(left)} is not part of it"),)
        return replace(request, method=request.method or method), findings if left else ()
    if _RELATIVE.fullmatch(address):
        request = RequestLine(method=method, path=f"/{address}", line=entry.line)
        return request, (_unreadable_address(entry, where, f"{shown(text)} does not begin with /"),)
    return None, (_unreadable_address(entry, where, f"{shown(text)} is not a path"),)


def _linked(text: str) -> str:
    """Give an address without the link that an editor made of it."""
    match = _LINK.fullmatch(text)
    return text if match is None else match[1] or match[2]


def _unreadable_address(entry: KeyedLine, where: str, evidence: str) -> Finding:
    return broken(
        "unreadable-address",
        where=where,
        lines=(entry.line,),
        subject=entry.key,
        evidence=evidence,
        remedy="write the address alone: /path for the interface, a host for an environment",
    )


def _several_methods(entry: KeyedLine, names: Sequence[str], where: str) -> Finding:
    return broken(
        "several-methods",
        where=where,
        lines=(entry.line,),
        subject=entry.key,
        evidence=f"it names {', '.join(names)}; {names[0]} is read, {', '.join(names[1:])} is not",
        remedy="name one method; another one needs a document of its own",
    )
