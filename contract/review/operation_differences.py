"""What stands above the field tables: title, method, path and environments, in document and spec.

To add something that both say: its function and its entry in `RULES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from contract.documents import InterfaceDocument, Stated
from contract.findings import Level, Place, named
from contract.review.review_rule import DifferenceRule, Violation
from contract.spec.operations import Operation
from contract.spec.vocabulary import ENVIRONMENTS

REMEDY = "change the spec to what the document says, or have the document corrected"
"""What to do about a difference."""


class DocumentPlace(NamedTuple):
    """A line of a document, and where known the column."""

    line: int
    column: int | None = None


def difference(  # noqa: PLR0913 - both sides and both places, each by name
    document: InterfaceDocument,
    subject: str,
    *,
    stated: str,
    at: DocumentPlace,
    specified: str,
    place: Place,
) -> Violation:
    """Say what the document says, what the spec says, and where each says it."""
    return Violation(
        subject=subject,
        promise=f"the document says {stated}",
        evidence=f"the spec says {specified}",
        places=(Place(named(document.path), at.line, at.column), place),
        remedy=REMEDY,
    )


def _summary(operation: Operation, document: InterfaceDocument) -> Iterator[Violation]:
    place = operation.node.at("summary")
    yield from _texts(document, "summary", document.title, operation.summary, place)


def _method(operation: Operation, document: InterfaceDocument) -> Iterator[Violation]:
    yield from _texts(document, "method", document.method, operation.method, operation.place)


def _path(operation: Operation, document: InterfaceDocument) -> Iterator[Violation]:
    yield from _texts(document, "path", document.address, operation.path, operation.path_place)


def _texts(
    document: InterfaceDocument, subject: str, stated: Stated, specified: str, place: Place
) -> Iterator[Violation]:
    if stated.text != specified:
        yield difference(
            document,
            subject,
            stated=stated.text,
            at=DocumentPlace(stated.line),
            specified=specified or "nothing",
            place=place,
        )


def _environments(operation: Operation, document: InterfaceDocument) -> Iterator[Violation]:
    servers = dict(operation.environments)
    stated = {row.name: row for row in reversed(document.environments)}
    for row in document.environments:
        if stated[row.name] is not row:
            continue  # the document's own findings name the second row of an environment
        name = next((name for name, words in ENVIRONMENTS.items() if row.name in words), None)
        server = servers.pop(name, None) if name else None
        address = row.address.rpartition("://")[2].rstrip("/")
        if address != (server.host if server else ""):
            yield difference(
                document,
                name or row.name,
                stated=f"{row.name} is at {row.address}"
                if row.address
                else f"no address of {row.name}",
                at=DocumentPlace(row.line),
                specified=f"{name} is at {server.host}" if server else f"nothing about {row.name}",
                place=server.place if server else operation.servers_place,
            )
    for name, server in servers.items():
        yield difference(
            document,
            name,
            stated=f"nothing about {ENVIRONMENTS.get(name, (name,))[0]}",
            at=DocumentPlace(document.title.line),
            specified=f"{name} is at {server.host}",
            place=server.place,
        )


RULES = (
    DifferenceRule(
        name="summary",
        title="标题不一致",
        find=_summary,
        english="The summary is the document's title.",
        chinese="summary 与文档标题一致。",
        source="the document's first heading",
        level=Level.TABLE,
        after=("document-missing",),
        broken="summary: 查账户",
        right="summary: 查询账户",
    ),
    DifferenceRule(
        name="method",
        title="请求类型不一致",
        find=_method,
        english="The method is the document's 请求类型.",
        chinese="请求方法与文档的「请求类型」一致。",
        source="请求类型",
        level=Level.TABLE,
        after=("document-missing",),
        broken="    put:\n      operationId: findAccount",
        right="    post:\n      operationId: findAccount",
    ),
    DifferenceRule(
        name="path",
        title="请求地址不一致",
        find=_path,
        english="The path is the document's 请求地址.",
        chinese="路径与文档的「请求地址」一致。",
        source="请求地址",
        level=Level.TABLE,
        after=("document-missing",),
        broken="  /account/get:",
        right="  /account/find:",
    ),
    DifferenceRule(
        name="environment",
        title="域名不一致",
        find=_environments,
        english="The servers are the rows of 域名列表 that have an address.",
        chinese="servers 与「域名列表」中填写了地址的行一致。",
        source="域名列表",
        level=Level.TABLE,
        after=("document-missing",),
        broken='{url: "https://test2.example.com", x-environment: test}',
        right='{url: "https://test.example.com", x-environment: test}',
    ),
)
