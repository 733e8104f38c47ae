"""The following of every `$ref` inside the tree of a spec, on request.

References inside the main file stay in the tree, because readers know the schemas by those names;
`References` follows them on request. Each reference is resolved once. Its target is shared by all
that refer to it, so nodes must not be changed. A `$ref` inside data is data: `grammar` says what
is. What stands in other files, `spec_files` brings into the tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from contract.findings import Place, Unusable
from contract.json_pointer import unescape
from contract.spec.circles import circles, is_reference
from contract.spec.deferred import Deferred, Unfollowed, meant
from contract.spec.extent import MAX_DEPTH, MAX_REPEATED, Measure
from contract.spec.grammar import DOCUMENT, OPERATION, SCHEMA, Kind, inner_kind
from contract.spec.openapi_3_1 import (
    UNTRANSLATABLE,
)
from contract.spec.outside import OPTION
from contract.spec.yaml_text import Located

TOO_DEEP = f"is nested too deeply: more than {MAX_DEPTH} levels, references followed"
"""The problem of a tree with too many levels."""


class InvalidSpec(Unusable):
    """The YAML is not a contract."""


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
                why = target.reason if isinstance(target, Unfollowed) else why_left(name)
                raise InvalidSpec(place, f"$ref {reference} {why}")
            target = mapping(looked_up(self.root, fragment, place, reference), place, reference)
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
        return with_changes(node, changed)

    def _meaning(self, node: Located, kind: Kind) -> Located:
        """Give what a reference means: written out, or deferred."""
        target = self.end_of(node)
        target.called = target.called or steps_of(str(node["$ref"]))[-1]
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


def is_url(name: str) -> bool:
    """Say whether a reference names no file."""
    return "://" in name or name.startswith("//")


def why_left(name: str) -> str:
    """Say why a reference to a file was not followed."""
    if is_url(name):
        return "is a URL; only files are read"
    remedy = f"move the file into it, or allow such references with {OPTION}"
    return f"leads out of the folder of the spec; {remedy}"


def with_changes(node: Located, changed: Mapping[str, object]) -> Located:
    """Give a mapping with other values for some of its members: itself, or a copy."""
    if not changed:
        return node
    copy = Located(node.place)
    copy.places, copy.slips, copy.called = node.places, node.slips, node.called
    copy.update(node)
    copy.update(changed)
    return copy


def steps_of(fragment: str) -> list[str]:
    """Give the names on the way that the fragment of a reference leads."""
    return [unescape(unquote(step)) for step in fragment.split("/")[1:]]


def kind_at(root: Located, fragment: str) -> Kind | None:
    """Give the kind of what stands at a place of the main file; None where it is data."""
    node: object = root
    kind: Kind = DOCUMENT
    for name in steps_of(fragment):
        if isinstance(node, Located):
            inner = inner_kind(kind, name)
            if inner is None:
                return None
            kind, node = inner, node.get(name)
        elif isinstance(node, list) and _INDEX.fullmatch(name) and int(name) < len(node):
            node = node[int(name)]
    return kind


def looked_up(root: Located, fragment: str, place: Place, reference: str) -> object:
    """Give what a reference leads to in one file.

    Raises:
        InvalidSpec: it leads nowhere; the place is that of the reference.
    """
    node: object = root
    if fragment and not fragment.startswith("/"):
        raise InvalidSpec(place, f"$ref {reference} leads nowhere: what follows # begins with /")
    for name in steps_of(fragment):
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
