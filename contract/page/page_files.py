"""The files that a page is made of: as long as none of them changes, the page stays the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from contract.findings import Unusable
from contract.plain_files import real
from contract.spec.spec_files import files, tree
from contract.spec.yaml_text import Located


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The files and folders of a spec; `problem` says why there may be more."""

    paths: frozenset[Path]
    problem: str | None


def sources(path: Path) -> PageFiles:
    """List the spec, the files that it refers to, its documents, and the documents' folders."""
    main = real(path)
    try:
        root = tree(path)
    except Unusable as problem:
        return PageFiles(frozenset({main, real(Path(problem.place.path))}), str(problem))
    documents = linked_documents(main, root)
    folders = {document.parent for document in documents}
    return PageFiles(frozenset({main, *files(root), *documents, *folders}), None)


def linked_documents(path: Path, root: Located) -> frozenset[Path]:
    """List the documents that a spec names, whether they are there or not."""
    return frozenset(path.parent / unquote(link) for link in _links(root))


def _links(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _links(item)
    elif isinstance(node, Located):
        link = node.get("externalDocs")
        if isinstance(link, Located) and isinstance(link.get("url"), str):
            yield str(link["url"])
        for value in node.values():
            yield from _links(value)
