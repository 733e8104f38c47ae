"""The following of every `$ref` of a spec: across files into one tree, inside it on request.

connexion cannot follow a reference to another file, so `tree` follows those. References inside the
main file stay, because readers know the schemas by those names; `References` follows them on
request. Each reference is resolved once. Its target is shared by all that refer to it, so nodes
must not be changed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from contract.findings import Place, Unusable, named
from contract.json_pointer import unescape
from contract.plain_files import real
from contract.spec.extent import MAX_DEPTH, MAX_VALUES, Measure
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
        """Follow symbolic links, so that no file is read twice."""
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

    What several references name is read once, and is one and the same node of the tree.

    Raises:
        UnreadableYaml: a file cannot be read, or is not YAML.
        InvalidSpec: a reference to another file leads nowhere, or in a circle; or the files
            repeat by references more than a spec may hold.
    """
    main = reader.resolved(path)
    place = Place(reader.named(path), 1)
    root = mapping(reader.read(path), place, "an OpenAPI document")
    files = _Files({main: root}, reader)
    whole = mapping(files.followed(root, main), place, "an OpenAPI document")
    if files.known.keys() != {main}:
        extent = files.measure.of(whole)
        if extent.depth > MAX_DEPTH:
            raise InvalidSpec(place, TOO_DEEP)
        if extent.values > MAX_VALUES + files.measure.distinct:
            problem = f"its references to other files repeat more than {MAX_VALUES} values"
            raise InvalidSpec(place, problem)
    return whole


def inlined(root: Located, node: Located) -> Located:
    """Give a node with the references inside the main file replaced by what they mean.

    To inline several nodes of a tree, make one `References` for all of them.
    """
    return References(root).inlined(node)


class _Following(ABC):
    """The following of the references of a tree, each node once: what is shared stays shared.

    A node without references is given as it is. Nodes are never changed.
    """

    def __init__(self) -> None:
        self.measure = Measure()
        self._done: dict[int, tuple[object, object]] = {}  # a node, so that it stays; the result
        self._open: set[int] = set()

    def followed(self, node: object, file: Path) -> object:
        """Give a node of a file with its references replaced by what they mean."""
        if not isinstance(node, Located | list):
            return node
        key = id(node)
        if key in self._done:
            return self._done[key][1]
        self._open.add(key)
        done = self._mapping(node, file) if isinstance(node, Located) else self._list(node, file)
        self._open.remove(key)
        self._done[key] = node, done
        return done

    def _list(self, node: list[object], file: Path) -> list[object]:
        items = [self.followed(item, file) for item in node]
        same = all(item is old for item, old in zip(items, node, strict=True))
        return node if same else items

    def _mapping(self, node: Located, file: Path) -> object:
        if len(self._open) > MAX_DEPTH:
            raise InvalidSpec(node.place, TOO_DEEP)
        reference = self._reference(node, file)
        if reference is not None:
            target, target_file = self._target(node, reference, file)
            if id(target) in self._open:
                problem = f"$ref {reference} leads back to itself"
                raise InvalidSpec(node.at("$ref"), problem)
            return self.followed(target, target_file)
        changed: dict[str, object] = {}
        for name, value in node.items():
            if isinstance(value, Located | list):
                done = self.followed(value, file)
                if done is not value:
                    changed[name] = done
        if not changed:
            return node
        copy = Located(node.place)
        copy.places, copy.slips = node.places, node.slips
        copy.update(node)
        copy.update(changed)
        return copy

    def _reference(self, node: Located, file: Path) -> str | None:
        """Give the reference that a node is, where it is one to follow."""
        del file
        reference = node.get("$ref")
        return reference if isinstance(reference, str) else None

    @abstractmethod
    def _target(self, node: Located, reference: str, file: Path) -> tuple[object, Path]:
        """Give what a reference names, and the file that it stands in."""


class References(_Following):
    """The references inside the main file of one tree, each resolved once.

    `followed_names` are those that were met so far, such as `#/components/schemas/a`.
    """

    def __init__(self, root: Located) -> None:
        super().__init__()
        self.root = root
        self.followed_names: set[str] = set()

    def inlined(self, node: Located) -> Located:
        """Give a node with its references replaced by what they mean; parts may be shared.

        Raises:
            InvalidSpec: a reference leads nowhere, or in a circle, or to something other than a
            mapping.
        """
        return mapping(self.followed(node, Path()), node.place, "a part of the spec")

    def _target(self, node: Located, reference: str, file: Path) -> tuple[object, Path]:
        self.followed_names.add(reference)
        place = node.at("$ref")
        target = _lookup(self.root, reference[1:], place, reference)
        return mapping(target, place, reference), file


class _Files(_Following):
    """The references that leave the main file, and the files that they lead to, each read once."""

    def __init__(self, known: dict[Path, Located], reader: Reader) -> None:
        super().__init__()
        self.known = known
        self.reader = reader
        self.main = next(iter(known))

    def _reference(self, node: Located, file: Path) -> str | None:
        reference = super()._reference(node, file)
        inside = reference is not None and file == self.main and reference.startswith("#")
        return None if inside else reference

    def _target(self, node: Located, reference: str, file: Path) -> tuple[object, Path]:
        name, _, fragment = reference.partition("#")
        place = node.at("$ref")
        if "://" in name:
            raise InvalidSpec(place, f"$ref {reference} is a URL; only files are read")
        target = self.reader.resolved(file.parent / unquote(name)) if name else file
        if target not in self.known:
            place_of_target = Place(self.reader.named(target), 1)
            content = self.reader.read(target)
            self.known[target] = mapping(content, place_of_target, "a referenced file")
        return _lookup(self.known[target], fragment, place, reference), target


def _lookup(root: Located, fragment: str, place: Place, reference: str) -> object:
    node: object = root
    for step in fragment.split("/")[1:]:
        name = unescape(unquote(step))
        if not isinstance(node, Located) or name not in node:
            raise InvalidSpec(place, f"$ref {reference} leads nowhere: there is no {name}")
        node = node[name]
    return node


def mapping(node: object, place: Place, what: str) -> Located:
    """Give a node that must be a mapping.

    Raises:
        InvalidSpec: it is not a mapping.
    """
    if isinstance(node, Located):
        return node
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
