"""YAML text → plain values that know where the text says them.

OpenAPI asks for YAML 1.2, where `no` and `2026-11-23` are texts; PyYAML reads 1.1. The loader
here keeps to the 1.2 core schema, so a spec means the same as in every other OpenAPI tool.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node

from contract.findings import Place, Unusable, named


class UnreadableYaml(Unusable):
    """The file cannot be read, or is not YAML."""


class Located(dict[str, object]):
    """A mapping that knows its place and the places of its members.

    `slips` tells what a reader of the text would take otherwise than YAML does: a name that
    stands twice, or a name that is no text, such as an unquoted `200`.
    """

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}
        self.slips: list[tuple[Place, str]] = []

    def at(self, key: str) -> Place:
        """Give the place of one member, or of the mapping where it has no such member."""
        return self.places.get(key, self.place)


def read(path: Path) -> object:
    """Read one YAML file; every mapping in it is a `Located`.

    Raises:
        UnreadableYaml: no such file, not UTF-8, or not YAML.
    """
    name = named(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableYaml(Place(name, 0), f"cannot be read: {error.strerror}") from None
    return parse(content, name)


def parse(content: bytes, name: str) -> object:
    """Read the content of one YAML file; its places carry the name.

    Raises:
        UnreadableYaml: not UTF-8, or not YAML.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UnreadableYaml(Place(name, line), "is not UTF-8; save it as UTF-8") from None
    try:
        return _loader(text, name).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1)
        raise UnreadableYaml(place, f"is not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise UnreadableYaml(Place(name, 1), f"is not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise UnreadableYaml(Place(name, 1), "is nested too deeply") from None


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with the resolvers of YAML 1.2's core schema."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own class attribute
    file = ""


_CORE = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+0123456789."),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("merge", r"<<", "<"),
)
for _tag, _pattern, _first in _CORE:
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}",
        re.compile(rf"(?:{_pattern})\Z"),
        list(_first),
    )


def _mapping(loader: _Loader, node: MappingNode) -> Iterator[Located]:
    located = Located(_place(loader, node))
    yield located
    seen: set[str] = set()
    written = {id(key) for key, _ in node.value}
    loader.flatten_mapping(node)  # puts the members of a merged mapping before the written ones
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        place = _place(loader, key_node)
        if not isinstance(key, str):
            shown = str(key_node.value)
            located.slips.append((place, f'the name {shown} is no text: quote it, "{shown}"'))
            key = shown
        if id(key_node) in written:
            if key in seen:
                located.slips.append((place, f"the name {key} stands twice; the last one counts"))
            seen.add(key)
        located[key] = loader.construct_object(value_node, deep=True)
        located.places[key] = place


def _integer(loader: _Loader, node: Node) -> int:
    del loader
    return int(str(node.value))


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)


def _loader(text: str, file: str) -> _Loader:
    loader = _Loader(text)
    loader.file = file
    return loader


def _place(loader: _Loader, node: Node) -> Place:
    return Place(loader.file, node.start_mark.line + 1, node.start_mark.column + 1)
