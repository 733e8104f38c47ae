"""What stands above the field tables: title, method, path and environments, in document and spec.

To add something that both say: its function and its entry in `RULES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from contract.derivation.standing import call_of, standing
from contract.documents import InterfaceDocument, Stated, read
from contract.findings import Level, Place, named
from contract.review.look_alikes import told_apart
from contract.review.review_rule import DifferenceRule, Violation
from contract.spec.operations import Operation, Spec
from contract.spec.vocabulary import ENVIRONMENTS, environment_of

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
    apart: str = "",
) -> Violation:
    """Say what the document says, what the spec says, and where each says it.

    Args:
        document: that says it.
        subject: what it is about.
        stated: what the document says.
        at: where.
        specified: what the spec says.
        place: where.
        apart: how the two differ where a reader does not see it.
    """
    return Violation(
        subject=subject,
        promise=f"the document says {stated}",
        evidence=f"the spec says {specified}{f'; {apart}' if apart else ''}",
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


def moving(operation: Operation, document: InterfaceDocument, spec: Spec) -> str:
    """Say how an operation gets the method and path that its document states.

    All that reviewers added to it stays. Where the spec describes that call as well, `derive` moves
    nothing, so the other operation has to go first.
    """
    old, new = (operation.method, operation.path), call_of(document)
    command = f"captcha-contract derive {named(document.path)} --into {named(spec.path)}"
    keeps = f"it moves {operation.id} to {' '.join(new)}, and keeps all that reviewers added to it"
    documents = read(document.path)
    if old in standing(spec, documents).moved:
        return f"{command} ({keeps}); or have the document corrected"
    others = tuple(each for each in spec.operations if (each.method, each.path) == new)
    rest = tuple(each for each in spec.operations if (each.method, each.path) != new)
    if others and old in standing(replace(spec, operations=rest), documents).moved:
        return (
            f"remove {others[0].id} ({others[0].place}), which describes {' '.join(new)} too, then "
            f"{command} ({keeps}); or have the document corrected"
        )
    return REMEDY


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
            apart=told_apart(stated.text, specified),
        )


def _environments(operation: Operation, document: InterfaceDocument) -> Iterator[Violation]:
    servers = dict(operation.environments)
    stated = {row.name: row for row in reversed(document.environments)}
    for row in document.environments:
        if stated[row.name] is not row:
            continue  # the document's own findings name the second row of an environment
        name = environment_of(row.name, row.address)
        if name is None and row.address:
            continue  # a server without a name stands for it
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
        remedy=moving,
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
        remedy=moving,
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
