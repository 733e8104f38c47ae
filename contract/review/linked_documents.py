"""Whether every operation has its interface document, and every document its operation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contract.documents import InterfaceDocument
from contract.findings import Level, Place, named
from contract.review.review_rule import DocumentsRule, OperationRule, Reviewed, SpecRule, Violation
from contract.spec.operations import Spec


def missing_document(reviewed: Reviewed) -> Iterator[Violation]:
    """Find an operation that names no document, or one that cannot be read."""
    operation, problem = reviewed.operation, reviewed.problem
    if reviewed.document is None:
        places: tuple[Place, ...] = (operation.place,)
        if problem is not None:
            places = (problem.place, operation.node.at("externalDocs"))
        yield Violation(
            subject="operation",
            evidence=problem.problem if problem else "externalDocs.url is missing",
            places=places,
            remedy="name the document in externalDocs.url, relative to the spec",
        )


def repeated_operations(documents: Sequence[InterfaceDocument]) -> Iterator[Violation]:
    """Find the documents that describe the same operation as an earlier one."""
    first: dict[tuple[str, str], InterfaceDocument] = {}
    for document in documents:
        earlier = first.setdefault((document.method.text, document.address.text), document)
        if earlier is not document:
            call = f"{document.method.text} {document.address.text}"
            yield Violation(
                operation=named(document.path),
                subject=call,
                evidence=f"both documents describe {call}; the first one counts",
                places=(
                    Place(named(earlier.path), earlier.address.line, 1),
                    Place(named(document.path), document.address.line, 1),
                ),
                remedy="remove one of the documents, or correct its 请求地址",
            )


def documents_without_operation(spec: Spec) -> Iterator[Violation]:
    """Find the documents that no operation names, in the folders of those that are named."""
    documents = {each.document.resolve() for each in spec.operations if each.document}
    if not all(path.is_file() for path in documents):
        return  # an operation may misname one of the others
    for folder in sorted({path.parent for path in documents}):
        for path in sorted(folder.glob("*.md")) if folder != spec.path.resolve().parent else ():
            if path not in documents:
                yield Violation(
                    operation=path.stem,
                    subject="document",
                    evidence="no operation names it in externalDocs.url",
                    places=(Place(named(path), 1, 1), spec.tree.at("paths")),
                    remedy=f"captcha-contract derive {named(path)} --into {named(spec.path)}",
                )


OF_OPERATIONS = (
    OperationRule(
        name="document-missing",
        title="缺少接口文档",
        find=missing_document,
        english="Every operation names its interface document, and the document can be read.",
        chinese="每个接口都指明其接口文档，且该文档可以读取。",
        source="OpenAPI 3.0.3, Operation Object: externalDocs",
        level=Level.TABLE,
        after=("invalid-openapi",),
        broken="externalDocs: {url: documents/none.md}",
        right="externalDocs: {url: documents/findAccount.md}",
    ),
)
"""The rules for operations."""
OF_SPECS = (
    SpecRule(
        name="document-without-operation",
        title="文档没有对应的接口",
        find=documents_without_operation,
        english="Every document in the folders of the documents is named by an operation.",
        chinese="文档目录中的每份文档都有对应的接口。",
        source="OpenAPI 3.0.3, Operation Object: externalDocs",
        level=Level.TABLE,
        after=("invalid-openapi", "document-missing"),
        broken="documents/findAccount.md, documents/findOrder.md",
        right="documents/findAccount.md",
    ),
)
"""The rules for a spec as a whole."""
OF_DOCUMENTS = (
    DocumentsRule(
        name="repeated-operation",
        title="接口重复",
        find=repeated_operations,
        english="Each method of a path is described by one document only.",
        chinese="同一路径的同一请求方法只由一份文档描述。",
        source="请求类型, 请求地址",
        level=Level.TABLE,
        broken="* 请求地址 : /account/find (in findAccount.md and in again.md)",
        right="* 请求地址 : /account/find (in findAccount.md alone)",
    ),
)
"""The rules for several documents together."""
