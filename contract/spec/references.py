"""The following of every `$ref` of a spec: across files into one tree, inside it on request.

connexion cannot follow a reference to another file, so `tree` follows those. References inside the
main file stay, because readers know the schemas by those names; `References` follows them on
request. Each reference is resolved once. Its target is shared by all that refer to it, so nodes
must not be changed. A `$ref` inside data is data: `grammar` says what is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote

from contract.findings import Place, Unusable, named
from contract.json_pointer import Step, pointer_of, unescape
from contract.plain_files import real
from contract.spec.circles import circles, is_reference
from contract.spec.deferred import Deferred, meant
from contract.spec.extent import MAX_DEPTH, MAX_REPEATED, MAX_SIZE, Measure, size_of
from contract.spec.grammar import DOCUMENT, OPERATION, SCHEMA, Kind, inner_kind
from contract.spec.openapi_3_1 import (
    TRANSLATED_TO,
    UNTRANSLATABLE,
    is_3_1,
    is_moved,
    translated,
    without_siblings,
)
from contract.spec.outside import OPTION, may_be_read
from contract.spec.yaml_text import Located, read

TOO_DEEP = f"is nested too deeply: more than {MAX_DEPTH} levels, references followed"
"""The problem of a tree with too many levels."""


class InvalidSpec(Unusable):
    """The YAML is not a contract."""


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


def inlined(root: Located, node: Located, kind: Kind = OPERATION) -> Located:
    """Give a node with the references inside the main file replaced by what they mean.

    To inline several nodes of a tree, make one `References` for all of them.
    """
    return References(root).inlined(node, kind)


class References:
    """The references inside the main file of one tree, each resolved once.

    What they mean takes their place, and is shared by all that refer to it. A reference that leads
    back into what holds it becomes a `Deferred`, and so does one to something large or deep. So
    the followed tree has an end, and its size follows that of the file.

    Attributes:
        root: the tree.
        measure: the extents of what was followed.
        followed: the references that were met so far, such as `#/components/schemas/a`, each with
            the kind of object that it stands for.
    """

    def __init__(self, root: Located) -> None:
        self.root = root
        self.measure = Measure()
        self.followed: set[tuple[str, Kind]] = set()
        self._ends: dict[str, Located] = {}
        self._done: dict[tuple[int, Kind], object] = {}
        self._depth = 0
        self._deferred: list[Deferred] = []
        self._circles: frozenset[int] | None = None

    def inlined(self, node: Located, kind: Kind = OPERATION) -> Located:
        """Give a node with its references replaced by what they mean; parts may be shared.

        Args:
            node: a part of the tree.
            kind: what it is, as `grammar` says.

        Raises:
            InvalidSpec: a reference leads nowhere, or to itself, or to something other than a
            mapping.
        """
        try:
            whole = self._followed(node, kind)
            while self._deferred:
                _ = self._deferred.pop().target  # so that what is wrong with it is told now
        except InvalidSpec:
            self._done.clear()  # who meets the same reference again is told again
            self._deferred.clear()
            self.measure = Measure()
            self._depth = 0
            raise
        return mapping(whole, node.place, "a part of the spec")

    def end_of(self, node: Located) -> Located:
        """Give the mapping that a reference leads to, through other references if need be.

        Raises:
            InvalidSpec: it leads nowhere, or to itself, or to something other than a mapping.
        """
        passed: dict[str, None] = {}
        target = node
        while is_reference(target) and target["$ref"] not in self._ends:
            reference, place = str(target["$ref"]), target.at("$ref")
            if reference in passed:
                raise InvalidSpec(node.at("$ref"), f"$ref {node['$ref']} leads back to itself")
            passed[reference] = None
            name, _, fragment = reference.partition("#")
            if name:
                raise InvalidSpec(place, f"$ref {reference} {_why_left(name)}")
            target = mapping(_lookup(self.root, fragment, place, reference), place, reference)
        end = self._ends[str(target["$ref"])] if is_reference(target) else target
        self._ends.update(dict.fromkeys(passed, end))
        return end

    def _known_end(self, node: Located) -> Located | None:
        try:
            return self.end_of(node)
        except InvalidSpec:  # told where it is followed
            return None

    def _followed(self, node: object, kind: Kind) -> object:
        """Give a node with its references replaced; a node without any is given as it is."""
        if not isinstance(node, Located | list):
            return node
        key = id(node), kind
        if key in self._done:
            return self._done[key]
        self._depth += 1
        if isinstance(node, list):
            done: object = self._list(node, kind)
        elif is_reference(node):
            done = self._meaning(node, kind)
        else:
            done = self._mapping(node, kind)
        self._depth -= 1
        self._done[key] = done
        return done

    def _list(self, node: list[object], kind: Kind) -> list[object]:
        items = [self._followed(item, kind) for item in node]
        same = all(item is old for item, old in zip(items, node, strict=True))
        return node if same else items

    def _mapping(self, node: Located, kind: Kind) -> Located:
        if self._depth > MAX_DEPTH:
            raise InvalidSpec(node.place, TOO_DEEP)
        if UNTRANSLATABLE in node and kind == SCHEMA:
            problem = f"{node[UNTRANSLATABLE]} of OpenAPI 3.1 cannot be said in OpenAPI 3.0"
            raise InvalidSpec(node.at(UNTRANSLATABLE), problem)
        changed: dict[str, object] = {}
        for name, value in node.items():
            if isinstance(value, Located | list):
                inner = inner_kind(kind, name)
                done = value if inner is None else self._followed(value, inner)
                if done is not value:
                    changed[name] = done
        return _changed(node, changed)

    def _meaning(self, node: Located, kind: Kind) -> Located:
        """Give what a reference means: written out, or deferred."""
        target = self.end_of(node)
        self.followed.add((str(node["$ref"]), kind))
        if self._circles is None:
            self._circles = circles(self.root, self._known_end)
        if id(node) not in self._circles and self._depth < MAX_DEPTH // 2:
            whole = mapping(self._followed(target, kind), node.at("$ref"), "a part of the spec")
            extent = self.measure.of(whole)
            if extent.values <= MAX_REPEATED and extent.depth < MAX_DEPTH // 4:
                return whole
        deferred = Deferred(node, lambda: self._target(target, kind))
        self._deferred.append(deferred)
        return deferred

    def _target(self, target: Located, kind: Kind) -> Located:
        depth, self._depth = self._depth, 0
        whole = mapping(self._followed(target, kind), target.place, "a part of the spec")
        self._depth = depth
        return whole


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
        return _changed(node, changed)

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
        path = self._file(name, file) if name else file
        if path is None:
            return node
        if path == self.main and self._stays(fragment):
            return _local(node, fragment) if name or file != path else node
        target = _lookup(self.known[path], fragment, place, reference)
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
        if self._translates and is_moved(_steps(fragment)):
            return False
        return kind_at(self.known[self.main], fragment) is not None

    def _file(self, name: str, file: Path) -> Path | None:
        """Find the file that a reference in another file names, and read it, if it may be read."""
        if _is_url(name):
            return None
        path = self.reader.resolved(file.parent / unquote(name))
        if path not in self.known:
            if not may_be_read(path, self.main.parent):
                return None
            content = self.reader.read(path)
            self._size += size_of(content)
            if self._size > MAX_SIZE:
                problem = f"its files have more than {MAX_SIZE} names and values together"
                raise InvalidSpec(Place(self.reader.named(path), 1), problem)
            read_place = Place(self.reader.named(path), 1)
            self.known[path] = mapping(content, read_place, "a referenced file")
        return path


def _is_url(name: str) -> bool:
    return "://" in name or name.startswith("//")


def _why_left(name: str) -> str:
    """Say why a reference to a file was not followed."""
    if _is_url(name):
        return "is a URL; only files are read"
    remedy = f"move the file into it, or allow such references with {OPTION}"
    return f"leads out of the folder of the spec; {remedy}"


def _changed(node: Located, changed: Mapping[str, object]) -> Located:
    """Give a mapping with other values for some of its members: itself, or a copy."""
    if not changed:
        return node
    copy = Located(node.place)
    copy.places, copy.slips = node.places, node.slips
    copy.update(node)
    copy.update(changed)
    return copy


def _local(node: Located, fragment: str) -> Located:
    """Give a reference as one to a place in the tree."""
    return _changed(node, {"$ref": f"#{fragment}"})


def _steps(fragment: str) -> list[str]:
    return [unescape(unquote(step)) for step in fragment.split("/")[1:]]


def kind_at(root: Located, fragment: str) -> Kind | None:
    """Give the kind of what stands at a place of the main file; None where it is data."""
    node: object = root
    kind: Kind = DOCUMENT
    for name in _steps(fragment):
        if isinstance(node, Located):
            inner = inner_kind(kind, name)
            if inner is None:
                return None
            kind, node = inner, node.get(name)
        elif isinstance(node, list) and _INDEX.fullmatch(name) and int(name) < len(node):
            node = node[int(name)]
    return kind


def _lookup(root: Located, fragment: str, place: Place, reference: str) -> object:
    node: object = root
    if fragment and not fragment.startswith("/"):
        raise InvalidSpec(place, f"$ref {reference} leads nowhere: what follows # begins with /")
    for name in _steps(fragment):
        if isinstance(node, Located) and name in node:
            node = node[name]
        elif isinstance(node, list) and _INDEX.fullmatch(name) and int(name) < len(node):
            node = node[int(name)]
        else:
            raise InvalidSpec(place, f"$ref {reference} leads nowhere: there is no {name}")
    return node


_INDEX = re.compile("0|[1-9][0-9]{0,9}")


def mapping(node: object, place: Place, what: str) -> Located:
    """Give a node that must be a mapping; what it means, where it is a deferred reference.

    Raises:
        InvalidSpec: it is not a mapping.
    """
    if isinstance(node, Located):
        return meant(node)
    raise InvalidSpec(place, f"{what} must be a mapping")


def files(root: Located) -> frozenset[Path]:
    """List the files that a tree was read from."""
    seen: dict[int, object] = {}
    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Located | list) and id(node) not in seen:
            seen[id(node)] = node
            waiting += node.values() if isinstance(node, Located) else node
    places = {node.place.path for node in seen.values() if isinstance(node, Located)}
    return frozenset(map(Path, places))


def child(node: Located, key: str) -> Located:
    """Give a member that must be a mapping.

    Raises:
        InvalidSpec: it is missing, or not a mapping.
    """
    if key not in node:
        raise InvalidSpec(node.place, f"{key!r} is missing here")
    return mapping(node[key], node.at(key), key)


def optional(node: Located, key: str) -> Located:
    """Give a member that is a mapping; an empty one if it is missing."""
    return child(node, key) if key in node else Located(node.place)


def listed(node: Located, key: str) -> list[object]:
    """Give a member that is a list; an empty one if it is missing."""
    value = node.get(key, [])
    if not isinstance(value, list):
        raise InvalidSpec(node.at(key), f"{key} must be a list")
    return value
