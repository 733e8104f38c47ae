"""Additions to the tree of a spec: what a derived spec has and it lacks. Nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from contract.derivation.stated_schema import Schema
from contract.derivation.yaml_writer import node_of
from contract.json_pointer import unescape
from contract.spec.vocabulary import TOKEN

_LONGEST_TRAIL = 20
_EXPECTS = "x-mock-expects"
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


def extend(tree: CommentedMap, derived: Schema) -> None:
    """Add to a tree every operation that it lacks, and what its other operations lack.

    Raises:
        YAMLError: a part of the tree has a type that a spec cannot have there.
    """
    _Extension(tree, derived).extend()


def move(tree: CommentedMap, old: tuple[str, str], new: tuple[str, str]) -> None:
    """Give an operation another method and path; all that it says otherwise stays.

    The parameters of the old path that the new one has not go with it.
    """
    paths = _inside(tree, "paths")
    (method, path), (to_method, to_path) = old, new
    item = _inside(paths, path)
    position = list(paths).index(path)
    if path != to_path and {key for key in item if key in _METHODS} == {method.lower()}:
        paths.insert(position, to_path, item)
        if path in paths.ca.items:
            paths.ca.items[to_path] = paths.ca.items.pop(path)
        del paths[path]
    elif path != to_path:
        paths.insert(
            position + 1, to_path, CommentedMap({method.lower(): item.pop(method.lower())})
        )
    item = _inside(paths, to_path)
    if method != to_method:
        at = list(item).index(method.lower())
        item.insert(at, to_method.lower(), item[method.lower()])
        if method.lower() in item.ca.items:
            item.ca.items[to_method.lower()] = item.ca.items.pop(method.lower())
        del item[method.lower()]
    for holder in (item, item[to_method.lower()]):
        listed = holder.get("parameters") if isinstance(holder, CommentedMap) else None
        parameters = listed if isinstance(listed, list) else []
        for number in reversed(range(len(parameters))):
            each = parameters[number]
            in_path = isinstance(each, CommentedMap) and each.get("in") == "path"
            if in_path and f"{{{each.get('name')}}}" not in to_path:
                del parameters[number]


@dataclass(frozen=True, slots=True)
class _Extension:
    """The tree of a spec to be extended, and the derived spec."""

    tree: CommentedMap
    derived: Schema

    def extend(self) -> None:
        """Add every operation that is missing, and what the others lack."""
        servers = self.derived["servers"]
        self.tree.setdefault("servers", node_of(servers))
        schemes = dict(_members(self.derived["components"])).get("securitySchemes", {})
        for name, scheme in _members(schemes):
            known = _inside(_inside(self.tree, "components"), "securitySchemes")
            known.setdefault(name, node_of(scheme))
        for path, methods in _members(self.derived["paths"]):
            item = _inside(_inside(self.tree, "paths"), path)
            for method, operation in _members(methods):
                own = {key: value for key, value in _members(operation) if key != "servers"}
                wanted = dict(_members(operation)).get("servers", servers)
                if method in item:
                    self._extend_operation(item[method], self._inlined(own), wanted)
                    continue
                item[method] = node_of(self._placed(own))
                if _hosts(wanted) != _hosts(self.tree["servers"]):
                    item[method]["servers"] = node_of(wanted)

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
        known.setdefault(free, node_of(component))
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
                self._hold(operation[key], value)
            elif key == "requestBody" and key in operation:
                self._extend_content(operation[key], value)
            elif key == "responses" and key in operation:
                for status, response in _members(value):
                    if status in operation[key]:
                        self._extend_content(operation[key][status], response)
            elif key not in operation:
                operation[key] = node_of(value)

    def _hold(self, parameters: object, wanted: object) -> None:
        """Say what the mock server holds parameters to, where nothing is said of it."""
        said = {each["name"]: each for each in wanted} if isinstance(wanted, list) else {}
        for node in parameters if isinstance(parameters, list) else ():
            parameter = self._followed(node)
            schema = self._followed(parameter.get("schema")) if parameter is not None else None
            if parameter is None or schema is None or _EXPECTS in parameter:
                continue
            found = dict(_members(said.get(parameter.get("name"), {})))
            expected = dict(_members(found.get("schema", {}))).get(_EXPECTS)
            if expected is not None:
                schema.setdefault(_EXPECTS, expected)

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
                    _inside(known, "examples")[name] = node_of(example)

    def _extend_schema(self, node: object, wanted: object) -> None:
        """Add missing members; to the others, add the columns that they lack."""
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
        _add_columns(schema, said)
        if "items" in said and "items" in schema:
            self._extend_schema(schema["items"], said["items"])
        known_before = set(schema.get("properties", ()))
        for name, member in _members(said.get("properties", {})):
            if name in known_before:
                self._extend_schema(schema["properties"][name], member)
                continue
            _inside(schema, "properties")[name] = node_of(member)
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
            for step in map(unescape, reference.split("/")[1:]):
                node = node.get(step) if isinstance(node, CommentedMap) else None
        return node if isinstance(node, CommentedMap) else None


def _add_columns(schema: CommentedMap, said: Mapping[str, object]) -> None:
    """Add what is said of a member and its schema lacks."""
    for column in ("description", "maxLength", "example", _EXPECTS):
        if column in said and column not in schema:
            schema[column] = node_of(said[column])
    if said.get("x-mock") == TOKEN:  # what a login of an older spec lacks
        schema.setdefault("x-mock", TOKEN)


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
    """Add the items whose names are not in the list yet."""
    known = holder.setdefault(key, CommentedSeq())
    names = [item.get(name) for item in known if isinstance(item, CommentedMap)]
    complete = len(names) == len(known)  # a reference may stand for the item
    for item in wanted if isinstance(wanted, list) and complete else ():
        if item.get(name) not in names:
            known.append(node_of(item))


def _hosts(servers: object) -> list[tuple[object, str]]:
    """Give what is compared of two lists of servers: the environments and their hosts."""
    listed = servers if isinstance(servers, list) else []
    return [
        (each.get("x-environment"), str(each.get("url")).rpartition("://")[2])
        for each in listed
        if isinstance(each, Mapping)
    ]
