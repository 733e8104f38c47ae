"""Every `$ref` of a spec, followed: across files into one tree, inside the tree where asked.

connexion cannot follow a reference to another file, so the tree holds none; references inside
the spec stay, because readers know the schemas by those names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from contract.findings import Place, Unusable, named
from contract.spec.yaml_text import Located, read


class InvalidSpec(Unusable):
    """The YAML is no contract."""


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
    """Reads the files as they lie in their folders."""

    def resolved(self, path: Path) -> Path:
        """Follow symbolic links, so that no file is read twice."""
        return path.resolve()

    def named(self, path: Path) -> str:
        """Name a file from the current directory."""
        return named(path)

    def read(self, path: Path) -> object:
        """Read a file that may have been written a moment ago."""
        return read(path)


DISK = Disk()


def tree(path: Path, reader: Reader = DISK) -> Located:
    """Read the YAML and everything it refers to in other files, as one tree.

    Raises:
        UnreadableYaml: a file cannot be read, or is not YAML.
        InvalidSpec: a reference to another file leads nowhere, or in a circle.
    """
    main = reader.resolved(path)
    place = Place(reader.named(path), 1)
    root = mapping(reader.read(path), place, "an OpenAPI document")
    files = _Files({main: root}, reader)
    return mapping(files.bundled(root, main, ()), place, "an OpenAPI document")


def inlined(root: Located, node: Located, trail: tuple[str, ...] = ()) -> Located:
    """Copy a node with the references inside the main file replaced by what they mean."""
    reference = node.get("$ref")
    if isinstance(reference, str):
        place = node.at("$ref")
        if reference in trail:
            raise InvalidSpec(place, f"$ref {reference} leads back to itself")
        target = mapping(_lookup(root, reference[1:], place, reference), place, reference)
        return inlined(root, target, (*trail, reference))
    copy = Located(node.place)
    copy.places = node.places
    for key, value in node.items():
        copy[key] = _inlined_value(root, value, trail)
    return copy


def _inlined_value(root: Located, value: object, trail: tuple[str, ...]) -> object:
    if isinstance(value, list):
        return [_inlined_value(root, item, trail) for item in value]
    return inlined(root, value, trail) if isinstance(value, Located) else value


class _Files:
    """The YAML files of one spec, each read once."""

    def __init__(self, known: dict[Path, Located], reader: Reader) -> None:
        self.known = known
        self.reader = reader
        self.main = next(iter(known))

    def bundled(self, node: object, file: Path, trail: tuple[str, ...]) -> object:
        """Copy a node with every reference that leaves the main file replaced by what it means."""
        if isinstance(node, list):
            return [self.bundled(item, file, trail) for item in node]
        if not isinstance(node, Located):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str) and (file != self.main or not reference.startswith("#")):
            return self._target(node, reference, file, trail)
        copy = Located(node.place)
        copy.places, copy.slips = node.places, node.slips
        for key, value in node.items():
            copy[key] = self.bundled(value, file, trail)
        return copy

    def _target(self, node: Located, reference: str, file: Path, trail: tuple[str, ...]) -> object:
        name, _, fragment = reference.partition("#")
        place = node.at("$ref")
        if "://" in name:
            raise InvalidSpec(place, f"$ref {reference}: only files beside the spec are read")
        target = self.reader.resolved(file.parent / unquote(name)) if name else file
        step = f"{target}#{fragment}"
        if step in trail:
            raise InvalidSpec(place, f"$ref {reference} leads back to itself")
        if target not in self.known:
            place_of_target = Place(self.reader.named(target), 1)
            content = self.reader.read(target)
            self.known[target] = mapping(content, place_of_target, "a referenced file")
        found = _lookup(self.known[target], fragment, place, reference)
        return self.bundled(found, target, (*trail, step))


def _lookup(root: Located, fragment: str, place: Place, reference: str) -> object:
    node: object = root
    for step in fragment.split("/")[1:]:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Located) or name not in node:
            raise InvalidSpec(place, f"$ref {reference} leads nowhere: there is no {name}")
        node = node[name]
    return node


def mapping(node: object, place: Place, what: str) -> Located:
    """Give a node that must be a mapping, or say that it is none."""
    if isinstance(node, Located):
        return node
    raise InvalidSpec(place, f"{what} must be a mapping")


def files(root: Located) -> frozenset[Path]:
    """List the files that a tree was read from."""
    found = {Path(root.place.path)}
    for value in root.values():
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, Located):
                found |= files(node)
    return frozenset(found)


def child(node: Located, key: str) -> Located:
    """Give a member that must be a mapping, or say that it is none, or missing."""
    if key not in node:
        raise InvalidSpec(node.place, f"{key!r} is missing here")
    return mapping(node[key], node.at(key), key)


def optional(node: Located, key: str) -> Located:
    """Give a member that is a mapping where it is there; an empty one where it is not."""
    return child(node, key) if key in node else Located(node.place)


def listed(node: Located, key: str) -> list[object]:
    """Give a member that is a list where it is there; an empty one where it is not."""
    value = node.get(key, [])
    if not isinstance(value, list):
        raise InvalidSpec(node.at(key), f"{key} must be a list")
    return value
