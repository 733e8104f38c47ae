"""The method and path of an interface where no line of its own states them.

A gateway has one address for all, which stands in a table of environments; the method may stand in
a sentence, and a URL with a query in a sample, or a program, shows both. What is concluded and not
said is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from contract.documents.addresses import (
    Address,
    ListedEnvironment,
    RequestLine,
    read_request_line,
    written_path,
)
from contract.documents.block import Stated
from contract.documents.cells import plain, shown, word
from contract.documents.document_rules import broken
from contract.documents.heading_words import Part
from contract.documents.program_calls import called_by
from contract.documents.sections import Section
from contract.findings import Finding

_METHODS = "POST|GET|PUT|DELETE|PATCH"
_SAYS_METHOD = re.compile(
    rf"(?<![A-Za-z])({_METHODS})(?![A-Za-z])[^，。；,;]{{0,6}}(?:方式|方法|请求|提交|协议|发送|调用|method)"
    rf"|(?:方式|方法|method|采用|使用|以|通过)[^，。；,;]{{0,8}}?(?<![A-Za-z])({_METHODS})(?![A-Za-z])",
    re.IGNORECASE,
)
_FORM = re.compile(r"表单|form-?data|form-urlencoded|(?<![a-z])form(?![a-z])", re.IGNORECASE)
_GATEWAY = re.compile(r"公共|系统级|gateway|网关|biz_?content", re.IGNORECASE)


def completed(
    address: Address,
    found: Sequence[Section],
    environments: Sequence[ListedEnvironment],
    where: str,
) -> Address:
    """Give an address with the method and path that other places of the document imply.

    Args:
        address: what the lines of the interface state.
        found: its sections, and those above all interfaces.
        environments: what the document lists or names.
        where: the document's name.
    """
    if address.method and address.path:
        return address
    findings: list[Finding] = []
    program = None if address.path else _of_program(found)
    if program is not None:
        return replace(
            address,
            method=address.method or Stated(program.method, program.line),
            path=Stated(written_path(program.path), program.line),
            others=(*address.others, program),
        )
    path = address.path or _of_gateway(found, environments)
    called = _called(found) if path is None else None
    if called is not None:
        path = Stated(written_path(called.text.partition(" ")[2]), called.line)
    method = address.method or _said_method(found)
    if method is None and path is not None:
        form = None if called else _said_form(found)
        if called is not None:
            method = Stated("GET", called.line)
            findings.append(_unstated(where, called, "shows a URL with a query", "GET"))
        elif form is not None:
            method = Stated("POST", form.line)
            findings.append(_unstated(where, form, "speaks of a form", "POST"))
    return replace(address, method=method, path=path, findings=(*address.findings, *findings))


_DESCRIBED = {Part.PARAMETERS, Part.ANSWER, Part.SAMPLES}


def _of_program(found: Sequence[Section]) -> RequestLine | None:
    """Give the call that a program shows, where no two programs show different ones."""
    if not any(section.part in _DESCRIBED and not section.is_empty for section in found):
        return None  # an article that shows a program describes no interface
    fences = [fence for section in found for fence in section.fences]
    called = [each for fence in fences if (each := called_by(fence.text, fence.line))]
    known = {(each.method, each.path) for each in called}
    return called[0] if len(known) == 1 else None


def hosts_alone(
    environments: Sequence[ListedEnvironment], path: Stated
) -> tuple[ListedEnvironment, ...]:
    """Give environments without the path of the interface, where their address is its address."""
    steps = path.text.rstrip("/")
    return tuple(
        replace(each, address=each.address.rstrip("/").removesuffix(steps) or each.address)
        if steps and any(other.line == path.line for other in environments)
        else each
        for each in environments
    )


def _of_gateway(
    found: Sequence[Section], environments: Sequence[ListedEnvironment]
) -> Stated | None:
    """Give the path that all addresses of environments have, where a gateway is spoken of."""
    requests = [read_request_line(each.address, each.line) for each in environments]
    paths = [(each.path, each.line) for each in requests if each and each.path.strip("/")]
    texts = [section.title.text for section in found]
    texts += [line.text for section in found for line in section.lines]
    if len({path for path, _ in paths}) != 1 or not any(map(_GATEWAY.search, texts)):
        return None
    return Stated(written_path(paths[0][0]), paths[0][1])


def _lines(found: Sequence[Section]) -> Iterator[Stated]:
    for section in found:
        yield from section.texts
        for table in section.tables:
            for row in (table.header, *table.rows):
                yield Stated(" ".join(map(plain, row.cells)), row.line)


def _said_method(found: Sequence[Section]) -> Stated | None:
    """Find the method that sentences speak of; None where there is none, or they disagree."""
    said: dict[str, int] = {}
    for text in _lines(found):
        for match in _SAYS_METHOD.finditer(text.text):
            said.setdefault((match[1] or match[2]).upper(), text.line)
    return Stated(*next(iter(said.items()))) if len(said) == 1 else None


def _said_form(found: Sequence[Section]) -> Stated | None:
    return next((text for text in _lines(found) if _FORM.search(text.text)), None)


def _called(found: Sequence[Section]) -> Stated | None:
    """Find the URL with a query that opens the sample of a request."""
    for section in found:
        for fence in section.fences if section.part is Part.SAMPLES else ():
            first = fence.text.strip().split("\n")[0].strip()
            request = read_request_line(first, fence.line)
            if request and request.host and request.query and "请求" in word(section.title.text):
                return Stated(f"GET {request.path or '/'}", fence.line)
    return None


def _unstated(where: str, line: Stated, does: str, method: str) -> Finding:
    return broken(
        "unstated-method",
        where=where,
        lines=(line.line,),
        subject="请求类型",
        evidence=f"no line states the method; line {line.line} {does}, so {method} is read: "
        f"{shown(line.text)}",
        remedy=f"write a line such as “* 请求类型 : {method}”",
    )
