"""The files of a spec → one tree: every `$ref` that leaves the main file is followed.

connexion cannot follow a reference to another file, so `tree` does. What several references name is
read once, and stands in the tree once. `references` follows those inside the tree.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote

from contract.findings import Place, named
from contract.json_pointer import Step, pointer_of
from contract.plain_files import real
from contract.spec.circles import is_reference
from contract.spec.deferred import Unfollowed
from contract.spec.extent import MAX_DEPTH, MAX_SIZE, size_of
from contract.spec.grammar import DOCUMENT, SCHEMA, Kind, inner_kind
from contract.spec.openapi_3_1 import TRANSLATED_TO, is_3_1, is_moved, translated, without_siblings
from contract.spec.outside import may_be_read
from contract.spec.references import (
    TOO_DEEP,
    InvalidSpec,
    is_url,
    kind_at,
    looked_up,
    mapping,
    steps_of,
    why_left,
    with_changes,
)
from contract.spec.yaml_text import Located, UnreadableYaml, read


class Reader(Protocol):
    """Where the files of a spec are read from."""

    def resolved(self, path: Path) -> Path:
        """Give the one absolute path of a file, however it is referred to."""

    def named(self, path: Path) -> str:
        """Name a file as its places do."""

    def read(self, path: Path) -> object:
        """Read one YAML file.

        Raises:
            Unusable: it cannot be read, or is not YAML.
        """


class Disk:
    """A reader of the files as they lie in their folders."""

    def resolved(self, path: Path) -> Path:
        """Follow symbolic links, so that no file is read twice, and none is elsewhere in truth."""
        return real(path)

    def named(self, path: Path) -> str:
        """Name a file from the current directory."""
        return named(path)

    def read(self, path: Path) -> object:
        """Read a file that may have been written a moment ago."""
        return read(path)


DISK = Disk()
"""The reader of files on disk."""


def tree(path: Path, reader: Reader = DISK) -> Located:
    """Read the YAML and everything it refers to in other files, as one tree.

    What several references name is read once, and stands in the tree once. References to URLs, and
    out of the folder of the spec, stay; `References` refuses what needs them.

    Raises:
        UnreadableYaml: a file cannot be read, or is not YAML.
        InvalidSpec: it is of a version that is not read, or a reference to another file leads
            nowhere.
    """
    main = reader.resolved(path)
    place = Place(reader.named(path), 1)
    root = mapping(reader.read(path), place, "an OpenAPI document")
    must_be_read(root)
    whole = _Files(main, root, reader).followed(root, main, DOCUMENT)
    return mapping(whole, place, "an OpenAPI document")


def must_be_read(root: Located) -> None:
    """Refuse what is of a version that is not read; a version that is missing is told elsewhere.

    Raises:
        InvalidSpec: it is of another version.
    """
    if "openapi" not in root and "swagger" in root:
        problem = "is Swagger 2.0; convert it to OpenAPI 3.0, as editor.swagger.io does"
        raise InvalidSpec(root.at("swagger"), problem)
    version = root.get("openapi", TRANSLATED_TO)
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        shown = json.dumps(version, ensure_ascii=False, default=str)[:_LONGEST]
        problem = f"openapi is {shown}; write a version of OpenAPI 3.0 or 3.1, such as 3.0.3"
        raise InvalidSpec(root.at("openapi"), problem)


_VERSION = re.compile(r"3\.[01]\.\d+")
_LONGEST = 40


def files(root: Located) -> frozenset[Path]:
    """List the files that a tree was read from, and those that it lacks."""
    seen: dict[int, object] = {}
    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Located | list) and id(node) not in seen:
            seen[id(node)] = node
            waiting += node.values() if isinstance(node, Located) else node
    places = {node.place.path for node in seen.values() if isinstance(node, Located)}
    lacking = [node.file for node in seen.values() if isinstance(node, Unfollowed) and node.file]
    return frozenset((*map(Path, places), *lacking))


class _Files:
    """The references that leave the main file, and the files that they lead to, each read once.

    What several references name stands in the tree once, where the first of them stood; the others
    become references to that place.
    """

    def __init__(self, main: Path, root: Located, reader: Reader) -> None:
        self.main = main
        self.known = {main: root}
        self.reader = reader
        self._translates = is_3_1(root)
        self._size = 0
        self._stands: dict[int, tuple[Step, ...]] = {}  # a target, and where it stands in the tree
        self._open: set[int] = set()  # the targets that are references, while they are followed
        self._done: dict[tuple[int, Path], object] = {}
        self._depth = 0

    def followed(self, node: object, file: Path, kind: Kind, at: tuple[Step, ...] = ()) -> object:
        """Give a node of a file with what it refers to in other files.

        Args:
            node: what is followed.
            file: it stands in this one.
            kind: what it is, as `grammar` says.
            at: the steps that lead to it in the tree.
        """
        if not isinstance(node, Located | list):
            return node
        key = id(node), file
        if key in self._done:
            return self._done[key]
        self._depth += 1
        if self._depth > MAX_DEPTH:
            place = node.place if isinstance(node, Located) else self.known[file].place
            raise InvalidSpec(place, TOO_DEEP)
        if isinstance(node, list):
            done: object = self._list(node, file, kind, at)
        elif is_reference(node) and not (self._translates and kind == SCHEMA and len(node) > 1):
            done = self._meaning(node, file, kind, at)
        else:
            done = self._mapping(node, file, kind, at)
        self._depth -= 1
        self._done[key] = done
        return done

    def _mapping(self, node: Located, file: Path, kind: Kind, at: tuple[Step, ...]) -> Located:
        node = translated(node, kind) if self._translates else node
        changed: dict[str, object] = {}
        for name, value in node.items():
            inner = inner_kind(kind, name) if isinstance(value, Located | list) else None
            if inner is not None:
                whole = self.followed(value, file, inner, (*at, name))
                if whole is not value:
                    changed[name] = whole
        return with_changes(node, changed)

    def _list(
        self, node: list[object], file: Path, kind: Kind, at: tuple[Step, ...]
    ) -> list[object]:
        items = [self.followed(item, file, kind, (*at, step)) for step, item in enumerate(node)]
        same = all(item is old for item, old in zip(items, node, strict=True))
        return node if same else items

    def _meaning(self, node: Located, file: Path, kind: Kind, at: tuple[Step, ...]) -> object:
        node = without_siblings(node, kind) if self._translates else node
        reference = str(node["$ref"])
        name, _, fragment = reference.partition("#")
        place = node.at("$ref")
        path = self._file(node, name, file) if name else file
        if isinstance(path, Unfollowed):
            return path
        if path == self.main and self._stays(fragment):
            return _local(node, fragment) if name or file != path else node
        target = looked_up(self.known[path], fragment, place, reference)
        if not isinstance(target, Located | list):
            return target
        if id(target) in self._open:
            raise InvalidSpec(place, f"$ref {reference} leads back to itself")
        if id(target) in self._stands:
            return _local(node, quote(pointer_of(self._stands[id(target)])))
        self._stands[id(target)] = at
        if not is_reference(target):
            return self.followed(target, path, kind, at)
        self._open.add(id(target))
        end = self.followed(target, path, kind, at)
        self._open.remove(id(target))
        return end

    def _stays(self, fragment: str) -> bool:
        """Say whether what a reference names in the main file stands there in the tree too."""
        if self._translates and is_moved(steps_of(fragment)):
            return False
        return kind_at(self.known[self.main], fragment) is not None

    def _file(self, node: Located, name: str, file: Path) -> Path | Unfollowed:
        """Find and read the file that a reference in another file names, or say why not."""
        if is_url(name):
            return Unfollowed(node, why_left(name))
        path = self.reader.resolved(file.parent / unquote(name))
        if path not in self.known:
            if not may_be_read(path, self.main.parent):
                return Unfollowed(node, why_left(name))
            try:
                content = self.reader.read(path)
            except UnreadableYaml as error:
                if error.place.line or not name.isprintable():  # it is there, or cannot be
                    raise
                return Unfollowed(node, f"cannot be followed: {error}", path)
            self._size += size_of(content)
            if self._size > MAX_SIZE:
                problem = f"its files have more than {MAX_SIZE} names and values together"
                raise InvalidSpec(Place(self.reader.named(path), 1), problem)
            read_place = Place(self.reader.named(path), 1)
            self.known[path] = mapping(content, read_place, "a referenced file")
        return path


def _local(node: Located, fragment: str) -> Located:
    """Give a reference as one to a place in the tree."""
    return with_changes(node, {"$ref": f"#{fragment}"})
