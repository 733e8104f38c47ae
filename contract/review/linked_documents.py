"""Whether every operation has its interface document, and every document its operation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from contract.documents import InterfaceDocument, UnreadableDocument, read, read_one
from contract.documents.sections import entry
from contract.findings import Level, Place, named
from contract.plain_files import real
from contract.review.review_rule import DocumentsRule, OperationRule, Reviewed, SpecRule, Violation
from contract.spec.operations import Operation, Spec
from contract.spec.yaml_text import Located

_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_API = re.compile(r"[A-Za-z][\w-]*(\.[\w-]+)+", re.ASCII)
"""A value that names an interface: car.plate.query."""


USUAL = "documents"
"""The folder beside a spec where its documents usually stand."""


def missing_document(reviewed: Reviewed) -> Iterator[Violation]:
    """Find an operation that names no document, or one that cannot be read."""
    operation, problem = reviewed.operation, reviewed.problem
    if reviewed.document is None:
        places: tuple[Place, ...] = (operation.place,)
        if problem is not None:
            link = operation.node.get("externalDocs")
            holder = link if isinstance(link, Located) else operation.node
            places = (problem.place, holder.at("url"))
        yield Violation(
            subject="operation",
            evidence=problem.problem if problem else "externalDocs.url is missing",
            places=places,
            remedy=_naming(operation)
            or "name the document in externalDocs.url, relative to the spec",
        )


def _naming(operation: Operation) -> str:
    """Find the file that describes the call of an operation whose document is gone: renamed."""
    path = operation.document or Path(operation.place.path).parent / USUAL / "none"
    if path.is_file() or not path.parent.is_dir():
        return ""
    for other in sorted(path.parent.glob("*.md")):
        try:
            calls = {(each.method.text, each.address.text) for each in read(other)}
        except UnreadableDocument:
            continue
        if (operation.method, operation.path) in calls:
            link = f"{other.name} describes {operation.method} {operation.path}"
            return f"{link}: name it in externalDocs.url"
    return ""


def repeated_operations(documents: Sequence[InterfaceDocument]) -> Iterator[Violation]:
    """Find the documents that describe the same operation as an earlier one."""
    first: dict[tuple[str, str], InterfaceDocument] = {}
    for document in documents:
        earlier = first.setdefault((document.method.text, document.address.text), document)
        if earlier is not document:
            yield _collision(earlier, document)


def _collision(first: InterfaceDocument, second: InterfaceDocument) -> Violation:
    """Say that two interfaces have one method and path, and what tells them apart."""
    call = f"{second.method.text} {second.address.text}"
    member = _told_apart(first, second)
    apart = f", told apart by {member[0]}: {member[1]} and {member[2]}" if member else ""
    one_file = first.path == second.path
    return Violation(
        operation=named(second.path),
        subject=call,
        evidence=f"both {'interfaces' if one_file else 'documents'} describe {call}{apart}; "
        "the first one counts, and the second changes nothing",
        places=(
            Place(named(first.path), first.address.line, 1),
            Place(named(second.path), second.address.line, 1),
        ),
        remedy="give the second a folder and a spec of its own"
        if member
        else "remove one of the two, correct its 请求地址, or give it a folder and its own spec",
    )


def _told_apart(first: InterfaceDocument, second: InterfaceDocument) -> tuple[str, str, str] | None:
    """Find the member whose value tells two interfaces of one path apart, with both values."""
    mine, other = _fixed(first), _fixed(second)
    differing = [name for name in mine if name in other and mine[name] != other[name]]
    return next(((name, mine[name], other[name]) for name in differing), None)


def _fixed(document: InterfaceDocument) -> dict[str, str]:
    """List what a document says of its request once for all: entries such as `api_code : …`.

    Where there are none, the texts that its request samples show count.
    """
    entries = [entry(remark.text) for remark in document.remarks]
    found = {key: value for key, value in filter(None, entries) if _NAME.fullmatch(key) and value}
    rows = {row.name for row in document.parameters}
    for sample in document.samples:
        if sample.is_request and isinstance(sample.value, dict):
            for name, value in sample.value.items():
                if name in rows and isinstance(value, str) and _API.fullmatch(value):
                    found.setdefault(name, value)
    return found


def documents_without_operation(spec: Spec) -> Iterator[Violation]:
    """Find the documents that no operation names, in the folders of those that are named."""
    if spec.unread:
        return  # an operation that cannot be read may be that of a document
    documents = {real(each.document) for each in spec.operations if each.document}
    if not all(path.is_file() for path in documents):
        return  # an operation may misname one of the others
    described = {(each.method, each.path): each for each in spec.operations}
    home = real(spec.path).parent
    folders = {path.parent for path in documents}
    for folder in sorted({*folders, home / USUAL} - {home}):
        for path in sorted(folder.glob("*.md")):
            if folder in folders or _is_interface(path):
                yield from _without_operation(path, spec, described, is_named=path in documents)


def _is_interface(path: Path) -> bool:
    """Say whether a file describes an interface at all, where no operation vouches for its folder.

    An operation may be gone that named it.
    """
    try:
        return bool(read(path))
    except UnreadableDocument:
        return False


def _without_operation(
    path: Path,
    spec: Spec,
    described: Mapping[tuple[str, str], Operation],
    *,
    is_named: bool,
) -> Iterator[Violation]:
    """Find the interfaces of a document that are no operation, and say what makes them one."""
    try:
        found = read(path)
    except UnreadableDocument as problem:
        if not is_named:
            yield Violation(
                operation=path.stem,
                subject="document",
                evidence=f"no operation names it, and it cannot be read: {problem.problem}",
                places=(problem.place, spec.tree.at("paths")),
                remedy="correct the document, or move it to another folder",
            )
        return
    own = [each for each in spec.operations if each.document and real(each.document) == path]
    for document in found:
        other = described.get((document.method.text, document.address.text))
        if other in own or (is_named and len(found) == 1):
            continue
        if other is not None and other.document is None:
            continue  # its own finding says that it names no document
        first = _document_of(other)
        if first is not None:
            yield _collision(first, document)
            continue
        one = "it has no operation: none names it in externalDocs.url"
        several = (
            f"no operation is {document.method.text} {document.address.text}, which it describes"
        )
        remedy = f"captcha-contract derive {named(path)} --into {named(spec.path)}"
        yield Violation(
            operation=path.stem,
            subject="document",
            evidence=several if is_named else one,
            places=(Place(named(path), document.line, 1), spec.tree.at("paths")),
            remedy=remedy if other is None else "name it in externalDocs.url of that operation",
        )
        if not is_named:
            return  # one command adds all of its interfaces


def _document_of(operation: Operation | None) -> InterfaceDocument | None:
    """Read the document of an operation, where it has one that describes it."""
    if operation is None or operation.document is None:
        return None
    try:
        return read_one(operation.document, operation.method, operation.path)
    except UnreadableDocument:
        return None


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
