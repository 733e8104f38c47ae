"""A version of a spec with its documents: files, or the files of a git revision.

The readers of specs and documents read files, so what a revision holds is copied into a folder of
its own for as long as it is read. `ShownNames` then names every copy as the revision does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from os.path import relpath
from pathlib import Path
from typing import TypeVar

from contract.changes.revisions import Revision, in_revision
from contract.documents import InterfaceDocument, UnreadableDocument, chosen, read
from contract.findings import Finding, Place, named
from contract.page.page_files import linked_documents
from contract.plain_files import real
from contract.review import reviewed
from contract.spec.loading import interpret, load
from contract.spec.operations import Operation, Spec
from contract.spec.spec_files import tree
from contract.spec.yaml_text import parse

_Shown = TypeVar("_Shown")


@dataclass(frozen=True, slots=True)
class ShownNames:
    """How files are named on a page: what their names begin with, and what stands there instead."""

    beginnings: tuple[tuple[str, str], ...] = ()

    def of(self, value: _Shown) -> _Shown | str:
        """Give a text, or a place, with the names as they are shown; all else as it is."""
        if not isinstance(value, str | Place) or not self.beginnings:
            return value
        text = str(value)
        for beginning, instead in self.beginnings:
            text = text.replace(beginning, instead)
        return text

    def and_those_of(self, other: ShownNames) -> ShownNames:
        """Give the names of both."""
        both = dict.fromkeys((*self.beginnings, *other.beginnings))
        return ShownNames(tuple(sorted(both, key=lambda each: -len(each[0]))))

    def text(self, value: str | Place) -> str:
        """Give a text, or a place, with the names as they are shown."""
        return str(self.of(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a spec, while its files can be read.

    Attributes:
        label: as the reader of a page knows it.
        path: its main file.
        spec: what it says.
        names: how its files are named.
        findings: what is open in it, if that was asked for.
        here: its folder that stands for the current one; None if that is the current one itself.
    """

    label: str
    path: Path
    spec: Spec
    names: ShownNames
    findings: tuple[Finding, ...] = ()
    here: Path | None = None
    _documents: dict[Path, tuple[InterfaceDocument, ...]] = field(default_factory=dict, repr=False)

    def document(self, operation: Operation) -> InterfaceDocument | None:
        """Read the interface document of an operation; None where it names none.

        Raises:
            UnreadableDocument: it cannot be read.
        """
        path = operation.document
        if path is None:
            return None
        if path not in self._documents:
            self._documents[path] = read(path)
        return chosen(self._documents[path], operation.method, operation.path)

    def readable_document(self, operation: Operation) -> InterfaceDocument | None:
        """Read the interface document of an operation; None where it cannot be read."""
        try:
            return self.document(operation)
        except UnreadableDocument:
            return None

    def id_anywhere(self, found: Finding) -> str:
        """Give the id that a finding has in every version, wherever its document was copied."""
        document = Path(found.operation)
        if self.here is None or not document.is_absolute():
            return found.id
        return replace(found, operation=Path(relpath(document, self.here)).as_posix()).id


def unread_calls(spec: Spec) -> dict[tuple[str, str], str]:
    """Give the operations of a spec that cannot be read, by method and path, each with its reason.

    The method is empty where a whole path cannot be read.
    """
    return {(each.method, each.path): str(each) for each in spec.unread}


def comparable(old: Version, new: Version) -> tuple[Version, Version]:
    """Leave out of two versions the operations that the other one has, but that cannot be read."""
    return _without(old, unread_calls(new.spec)), _without(new, unread_calls(old.spec))


def _without(version: Version, calls: Collection[tuple[str, str]]) -> Version:
    left = tuple(
        each
        for each in version.spec.operations
        if (each.method, each.path) not in calls and ("", each.path) not in calls
    )
    return replace(version, spec=replace(version.spec, operations=left))


@contextmanager
def version(name: str) -> Iterator[Version]:
    """Read and review the version that a name stands for: a path, or `git:REV:path`.

    Raises:
        UnreadableRevision: git has no such revision or file.
        UnreadableYaml: a file cannot be read, or is not YAML.
        InvalidSpec: it is YAML, but not a contract.
    """
    named_file = in_revision(name)
    if named_file is None:
        path = Path(name)
        read = reviewed(path)
        whole = load(path) if read.slips or read.spec is None else read.spec
        shown = named(path)
        yield Version(
            label=shown, path=path, spec=whole, names=beside(path), findings=read.findings
        )
        return
    revision, path = named_file
    with tempfile.TemporaryDirectory() as folder:
        copies = _Copies(revision, real(Path(folder)))
        root = tree(path, copies)
        for documents in sorted({each.parent for each in linked_documents(path, root)}):
            copies.add_documents(documents)
        copy = copies.path_of(path)
        spec = interpret(copy, root)
        names, findings = copies.names_of_files(), reviewed(copy).findings
        here = copies.path_of(Path.cwd())
        yield Version(label=name, path=copy, spec=spec, names=names, findings=findings, here=here)


def beside(path: Path) -> ShownNames:
    """Name the files beside a spec by its folder's name alone, where that is no folder in here."""
    folders = {path.absolute().parent, real(path).parent} - {Path(path.anchor)}
    absolute = [each for each in folders if not each.is_relative_to(Path.cwd())]
    return ShownNames(
        tuple((f"{each.as_posix()}/", f"{each.name}/") for each in _longest_first(absolute))
    )


def _longest_first(folders: Sequence[Path]) -> list[Path]:
    return sorted(folders, key=lambda each: -len(each.parts))


@dataclass(frozen=True, slots=True)
class _Copies:
    """A reader of the files of one revision, which copies into a folder what it reads."""

    revision: Revision
    folder: Path

    def resolved(self, path: Path) -> Path:
        """Resolve as the revision does."""
        return self.revision.resolved(path)

    def named(self, path: Path) -> str:
        """Name a file as the revision does."""
        return self.revision.named(path)

    def read(self, path: Path) -> object:
        """Read a file of the revision, and copy it."""
        content = self.revision.content(path)
        self._write(path, content)
        return parse(content, self.named(path))

    def path_of(self, path: Path) -> Path:
        """Give the path of a copy."""
        absolute = self.resolved(path)
        return self.folder / absolute.relative_to(absolute.anchor)

    def add_documents(self, folder: Path) -> None:
        """Copy the documents of a folder: one may need its neighbours to be understood."""
        for path in self.revision.files_of(folder):
            if path.suffix == ".md":
                self._write(path, self.revision.content(path))

    def _write(self, path: Path, content: bytes) -> None:
        copy = self.path_of(path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)

    def names_of_files(self) -> ShownNames:
        """Name the copies as `git:REV:path`, relative to the current folder."""
        here = self.path_of(Path.cwd())
        above = [here, *(each for each in here.parents if each.is_relative_to(self.folder))]
        start = self.named(Path()).removesuffix(".")
        return ShownNames(
            tuple(
                (f"{name}/", f"{start}{'../' * steps}")
                for steps, folder in enumerate(above)
                for name in dict.fromkeys((folder.as_posix(), named(folder)))
            )
        )
