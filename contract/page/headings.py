"""Title, method, path and environments of an operation, as document and spec have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract.documents import InterfaceDocument
from contract.findings import Place, named
from contract.page.numbered_findings import NumberedFinding
from contract.spec.operations import Operation
from contract.spec.vocabulary import ENVIRONMENTS, environment_of

_WORDS = (
    ("标题", "summary", ()),
    ("请求类型", "method", ("method-differs", "several-methods")),
    ("请求地址", "path", ("path-differs", "unreadable-address")),
)
"""What both sides say: its Chinese name, its rule, and the rules of the document about it."""

_ENVIRONMENT = frozenset({"environment", "repeated-environment"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingLine:
    """One thing that both sides say; a text is None where a side says nothing about it."""

    chinese: str
    english: str
    stated: str | None
    document: Place | None
    specified: str | None
    place: Place | None
    findings: tuple[NumberedFinding, ...]


def headings(
    operation: Operation, document: InterfaceDocument | None, findings: Sequence[NumberedFinding]
) -> Iterator[HeadingLine]:
    """Give what stands above the tables."""
    yield from _operation(operation, document, findings)
    yield from _environments(operation, document, findings)


def _operation(
    operation: Operation, document: InterfaceDocument | None, findings: Sequence[NumberedFinding]
) -> Iterator[HeadingLine]:
    stated = (document.title, document.method, document.address) if document else (None,) * 3
    for (chinese, english, rules), said, specified, place in zip(
        _WORDS,
        stated,
        (operation.summary, operation.method, operation.path),
        (operation.node.at("summary"), operation.place, operation.path_place),
        strict=True,
    ):
        stands = Place(named(document.path), said.line) if document and said else None
        yield HeadingLine(
            chinese=chinese,
            english=english,
            stated=said.text if said else None,
            document=stands,
            specified=specified,
            place=place,
            findings=tuple(
                each
                for each in findings
                if each.finding.claim == english
                or (each.finding.claim in rules and each.is_at(stands))
            ),
        )


def _environments(
    operation: Operation, document: InterfaceDocument | None, findings: Sequence[NumberedFinding]
) -> Iterator[HeadingLine]:
    servers = dict(operation.environments)
    about = [each for each in findings if each.finding.claim in _ENVIRONMENT]
    for row in document.environments if document else ():
        name = environment_of(row.name, row.address)
        server = servers.pop(name, None) if name else None
        stands = Place(named(document.path), row.line) if document else None
        yield HeadingLine(
            chinese=row.name,
            english=name or "",
            stated=row.address,
            document=stands,
            specified=server.host if server else None,
            place=server.place if server else None,
            findings=tuple(each for each in about if each.is_at(stands)),
        )
    for name, server in servers.items():
        yield HeadingLine(
            chinese=ENVIRONMENTS.get(name, ("",))[0],
            english=name,
            stated=None,
            document=None,
            specified=server.host,
            place=server.place,
            findings=tuple(each for each in about if each.finding.subject == name),
        )
