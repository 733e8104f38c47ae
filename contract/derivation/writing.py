"""A derived spec → YAML, or added to a spec that people edit, whose every other line stays.

What is there never changes: only what is missing is added, in the order of the document. The text
is merged line by line, so every line stays as it is written where nothing is added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import StringIO
from pathlib import Path

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from contract.derivation.stated_schema import Schema
from contract.findings import Place, Unusable, named

_WIDEST = 1 << 20
_LONGEST_TRAIL = 20


class NotExtensible(Unusable):
    """A spec to which nothing can be added as it is written."""


def text_of(tree: Schema) -> str:
    """Write a whole spec as YAML 1.2 that a reader of YAML 1.1 takes alike."""
    return _dumped(_yaml(), _node(tree))


def added(path: Path, derived: Schema) -> str:
    """Add to the text of a spec what it lacks of a derived one.

    Raises:
        NotExtensible: the file cannot be read as YAML that can be added to.
    """
    try:
        original = path.read_bytes().decode("utf-8")
        text = original.replace("\r\n", "\n")
        writer = _yaml(*_indented(text))
        tree = writer.load(text)
        if not isinstance(tree, CommentedMap):
            raise NotExtensible(Place(named(path), 1), "an OpenAPI document must be a mapping")
        before = _dumped(writer, tree)
        _Spec(tree, derived).extend()
        after = _dumped(writer, tree)
    except (YAMLError, OSError, UnicodeDecodeError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise NotExtensible(Place(named(path), 1), f"cannot be added to: {problem}") from None
    merged = _merged(text, before, after)
    merged = merged if _loaded(merged) == _loaded(after) else after
    return merged.replace("\n", "\r\n") if "\r\n" in original else merged


def _yaml(step: int = 2, offset: int = 2) -> YAML:
    writer = YAML(typ="rt")
    writer.preserve_quotes = True
    writer.width = _WIDEST
    writer.representer.add_representer(
        type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "null")
    )
    writer.indent(mapping=step, sequence=offset + 2, offset=offset)
    return writer


def _indented(text: str) -> tuple[int, int]:
    """Say how far the text indents a member, and the items of a list, below their key."""
    members: Counter[int] = Counter()
    items: Counter[int] = Counter()
    above = -1
    for line in filter(str.strip, text.splitlines()):
        depth = _depth(line) - above
        if above >= 0 and line.lstrip().startswith("- "):
            items[depth] += 1
        elif above >= 0 and depth > 0:
            members[depth] += 1
        above = _depth(line) if line.rstrip().endswith(":") else -1
    (step, _), *_ = members.most_common(1) or [(2, 0)]
    (offset, _), *_ = items.most_common(1) or [(2, 0)]
    return step, max(0, offset)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _dumped(writer: YAML, tree: object) -> str:
    stream = StringIO()
    writer.dump(tree, stream)
    return stream.getvalue()


def _node(value: object) -> object:
    """Give a value as a node that the YAML library writes as people would."""
    if isinstance(value, Mapping):
        return CommentedMap((_text(str(key)), _node(inner)) for key, inner in value.items())
    if isinstance(value, list):
        items = CommentedSeq(_node(item) for item in value)
        if not any(isinstance(item, Mapping | list) for item in value):
            items.fa.set_flow_style()
        return items
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    """Quote what some reader of YAML would take for a number, a date or a truth."""
    try:
        safe = yaml.safe_load(f"[{text}]") == [text] and not text.startswith(("{", "^"))
    except yaml.YAMLError:
        safe = False
    return text if safe else DoubleQuotedScalarString(text)


def _loaded(text: str) -> object:
    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        return None


def _merged(text: str, before: str, after: str) -> str:
    """Make in a text the changes that lead from one rendering of it to another."""
    ours, old, new = (each.splitlines(keepends=True) for each in (text, before, after))
    at = _positions(old, ours)
    merged: list[str] = []
    done = 0
    for tag, start, end, first, last in SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            merged += ours[done : at[start]] + _moved(new[first:last], old, ours, at[: start + 1])
            done = at[end]
    return "".join(merged + ours[done:])


def _moved(lines: list[str], old: list[str], ours: list[str], at: list[int]) -> list[str]:
    """Indent new lines as the text does where they go: as the line above that they belong to."""
    depth = _depth(lines[0]) if lines else 0
    for line in range(len(at) - 2, -1, -1):
        if old[line].strip() and _depth(old[line]) <= depth:
            shift = _depth(ours[at[line]]) - _depth(old[line])
            return [" " * (_depth(each) + shift) + each.lstrip(" ") for each in lines]
    return lines


def _positions(old: list[str], ours: list[str]) -> list[int]:
    """Give for each line of one text, and its end, where it stands in the other."""
    at = [0] * (len(old) + 1)
    for _, start, end, first, last in SequenceMatcher(None, old, ours).get_opcodes():
        for line in range(start, end):
            at[line] = min(first + line - start, last)
    at[len(old)] = len(ours)
    return at


# What is added.


@dataclass(frozen=True, slots=True)
class _Spec:
    """The tree of a spec that is added to, and what was derived."""

    tree: CommentedMap
    derived: Schema

    def extend(self) -> None:
        """Add every operation that is missing, and what the others lack."""
        servers = self.derived["servers"]
        self.tree.setdefault("servers", _node(servers))
        for path, methods in _members(self.derived["paths"]):
            item = _inside(_inside(self.tree, "paths"), path)
            for method, operation in _members(methods):
                own = {key: value for key, value in _members(operation) if key != "servers"}
                wanted = dict(_members(operation)).get("servers", servers)
                if method in item:
                    self._extend_operation(item[method], self._inlined(own), wanted)
                    continue
                item[method] = _node(self._placed(own))
                if _hosts(wanted) != _hosts(self.tree["servers"]):
                    item[method]["servers"] = _node(wanted)

    def _component(self, reference: object) -> tuple[str, str, object]:
        section, name = str(reference).split("/")[-2:]
        components = dict(_members(self.derived["components"]))
        return section, name, dict(_members(components[section]))[name]

    def _placed(self, value: object) -> object:
        """Put the components that a value refers to into the tree, each under a free name."""
        if isinstance(value, list):
            return [self._placed(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        if "$ref" not in value:
            return {key: self._placed(inner) for key, inner in value.items()}
        section, name, component = self._component(value["$ref"])
        known = _inside(_inside(self.tree, "components"), section)
        free, count = name, 1
        while free in known and known[free] != component:
            count += 1
            free = f"{name}-{count}"
        known.setdefault(free, _node(component))
        return {"$ref": f"#/components/{section}/{free}"}

    def _inlined(self, value: object) -> object:
        if isinstance(value, list):
            return [self._inlined(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        if "$ref" in value:
            return self._inlined(self._component(value["$ref"])[2])
        return {key: self._inlined(inner) for key, inner in value.items()}

    def _extend_operation(self, node: object, wanted: object, servers: object) -> None:
        operation = self._followed(node)
        if operation is None:
            return
        listed = operation if "servers" in operation else self.tree
        _extend_list(listed, "servers", servers, "x-environment")
        for key, value in _members(wanted):
            if key == "parameters":
                _extend_list(operation, key, value, "name")
            elif key == "requestBody" and key in operation:
                self._extend_content(operation[key], value)
            elif key == "responses" and key in operation:
                for status, response in _members(value):
                    if status in operation[key]:
                        self._extend_content(operation[key][status], response)
            elif key not in operation:
                operation[key] = _node(value)

    def _extend_content(self, node: object, wanted: object) -> None:
        """Extend what a body holds: its schema, and its examples."""
        holder = self._followed(node)
        content = self._followed(holder.get("content")) if holder is not None else None
        for media_type, body in _members(dict(_members(wanted)).get("content", {})):
            known = self._followed(content.get(media_type)) if content is not None else None
            if known is None:
                continue
            said = dict(_members(body))
            self._extend_schema(known.get("schema"), said["schema"])
            for name, example in _members(said.get("examples", {})):
                if name not in known.get("examples", {}):
                    _inside(known, "examples")[name] = _node(example)

    def _extend_schema(self, node: object, wanted: object) -> None:
        """Add members that are missing, and of the others the columns that nothing says."""
        schema, said = self._followed(node), dict(_members(wanted))
        if schema is None:
            return
        alternatives = said.get("anyOf")
        if isinstance(alternatives, list) and "properties" not in said:
            known = schema.get("anyOf")
            first = known[0] if isinstance(known, list) and known else schema
            if "properties" in dict(_members(alternatives[0])):
                self._extend_schema(first, alternatives[0])
            return
        for column in ("description", "maxLength", "example"):
            if column in said and column not in schema:
                schema[column] = _node(said[column])
        if "items" in said and "items" in schema:
            self._extend_schema(schema["items"], said["items"])
        known_before = set(schema.get("properties", ()))
        for name, member in _members(said.get("properties", {})):
            if name in known_before:
                self._extend_schema(schema["properties"][name], member)
                continue
            _inside(schema, "properties")[name] = _node(member)
            required = said.get("required")
            if isinstance(required, list) and name in required:
                schema.setdefault("required", CommentedSeq()).append(name)

    def _followed(self, node: object) -> CommentedMap | None:
        """Follow references inside the spec; what another file says stays as it is."""
        for _ in range(_LONGEST_TRAIL):
            if not isinstance(node, CommentedMap) or "$ref" not in node:
                break
            reference = str(node["$ref"])
            node = self.tree if reference.startswith("#/") else None
            for step in reference.split("/")[1:]:
                node = node.get(step) if isinstance(node, CommentedMap) else None
        return node if isinstance(node, CommentedMap) else None


def _members(value: object) -> Iterator[tuple[str, object]]:
    yield from value.items() if isinstance(value, Mapping) else ()


def _inside(node: CommentedMap, key: str) -> CommentedMap:
    """Give a member that is a mapping, made where it is missing."""
    if node.get(key) is None:
        node[key] = CommentedMap()
    inner = node[key]
    if not isinstance(inner, CommentedMap):
        raise YAMLError(f"{key} is not a mapping")
    return inner


def _extend_list(holder: CommentedMap, key: str, wanted: object, name: str) -> None:
    """Add the items of a list that it has none of the same name of."""
    known = holder.setdefault(key, CommentedSeq())
    names = [item.get(name) for item in known if isinstance(item, CommentedMap)]
    complete = len(names) == len(known)  # a reference may be the very item
    for item in wanted if isinstance(wanted, list) and complete else ():
        if item[name] not in names:
            known.append(_node(item))


def _hosts(servers: object) -> list[tuple[object, str]]:
    """Give what makes two lists of servers the same: the environments and their hosts."""
    listed = servers if isinstance(servers, list) else []
    return [
        (each.get("x-environment"), str(each.get("url")).rpartition("://")[2])
        for each in listed
        if isinstance(each, Mapping)
    ]
