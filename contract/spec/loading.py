"""A spec's YAML → its operations with their environments, parameters, bodies and members.

This is the only hand-written reading of a spec; its values are defined in `operations.py`. It
refuses a file that is not a contract. `contract.review` says whether a contract is a good one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPMethod
from pathlib import Path
from urllib.parse import unquote

from contract.spec.extent import MAX_DEPTH, MAX_VALUES
from contract.spec.members import Member, members_of
from contract.spec.operations import (
    Body,
    DocumentedResponse,
    Environment,
    Operation,
    Parameter,
    Spec,
)
from contract.spec.references import (
    TOO_DEEP,
    InvalidSpec,
    References,
    child,
    listed,
    mapping,
    optional,
    tree,
)
from contract.spec.vocabulary import Meaningless, shown, validator
from contract.spec.yaml_text import Located

_METHODS = frozenset(method.lower() for method in HTTPMethod)


def load(path: Path) -> Spec:
    """Read a spec.

    Raises:
        UnreadableYaml: a file cannot be read, or is not YAML.
        InvalidSpec: it is YAML, but not a contract.
    """
    return interpret(path, tree(path))


def interpret(path: Path, root: Located, references: References | None = None) -> Spec:
    """Read a tree of YAML as a contract.

    Args:
        path: the main file.
        root: the tree.
        references: the references of the tree, if the caller has followed some already.

    Raises:
        InvalidSpec: it is not a contract.
    """
    paths = child(root, "paths")
    version = root.get("openapi")
    if not isinstance(version, str) or not re.fullmatch(r"3\.0\.\d+", version):
        problem = f"openapi is {shown(version)}; write a version of OpenAPI 3.0, such as 3.0.3"
        raise InvalidSpec(root.at("openapi"), problem)
    reading = _Reading(path, root, references or References(root))
    operations = tuple(
        reading.operation(address, method)
        for address in paths
        for method in child(paths, address)
        if method in _METHODS
    )
    return Spec(path=path, tree=root, operations=operations)


class _Reading:
    """The reading of one tree; a schema that several operations share is read once."""

    def __init__(self, path: Path, root: Located, references: References) -> None:
        self.path = path
        self.root = root
        self.references = references
        self._members: dict[int, tuple[Located, tuple[Member, ...]]] = {}
        self._meaningful: dict[int, Located] = {}

    def operation(self, address: str, method: str) -> Operation:
        """Read the operation of a path and a method."""
        paths = child(self.root, "paths")
        item = child(paths, address)
        node = self._inlined(child(item, method), f"{method.upper()} {address}")
        name = node.get("operationId")
        if not isinstance(name, str):
            raise InvalidSpec(node.place, f"{method} {address} has no operationId")
        responses = child(node, "responses")
        status = next((code for code in responses if code.startswith("2")), None)
        if status is None or not status.isdecimal():
            problem = f'{name} documents no 2xx answer; its status must be a number, such as "200"'
            raise InvalidSpec(responses.place if status is None else responses.at(status), problem)
        content = child(child(responses, status), "content")
        media_type = (
            "application/json" if "application/json" in content else next(iter(content), "")
        )
        answer = child(content, media_type)
        whole = child(answer, "schema")
        alternatives = [
            mapping(part, whole.at("anyOf"), "a part of anyOf") for part in listed(whole, "anyOf")
        ]
        schema, *failures = alternatives or [whole]
        members = self._members_of(schema)  # first: each knows its own line
        for each in (schema, *failures):
            self._must_mean_something(each)
        link = optional(node, "externalDocs").get("url")
        servers = next(
            (owner for owner in (node, item, self.root) if "servers" in owner), self.root
        )
        return Operation(
            id=name,
            method=method.upper(),
            path=address,
            summary=str(node.get("summary", "")),
            document=self.path.parent / unquote(link) if isinstance(link, str) else None,
            environments={each.name: each for each in _environments(servers)},
            parameters=tuple(self._parameters(item, node)),
            body=self._body(node),
            status=int(status),
            media_type=media_type,
            schema=schema,
            failures=tuple(failures),
            members=members,
            examples=_examples(answer),
            others=tuple(_others(responses, status)),
            responses={
                each: child(responses, each) for each in responses if not each.startswith("x-")
            },
            servers=servers,
            security=tuple(_security(self.root, node)),
            node=node,
            place=item.at(method),
            path_place=paths.at(address),
            servers_place=servers.at("servers"),
        )

    def _inlined(self, node: Located, what: str) -> Located:
        whole = self.references.inlined(node)
        extent = self.references.measure.of(whole)
        if extent.values > MAX_VALUES:
            problem = f"{what} has more than {MAX_VALUES} values once its references are followed"
            raise InvalidSpec(node.place, f"{problem}; describe less, or split it")
        if extent.depth > MAX_DEPTH:
            raise InvalidSpec(node.place, f"{what} {TOO_DEEP}")
        return whole

    def _members_of(self, schema: Located) -> tuple[Member, ...]:
        if id(schema) not in self._members:
            members = tuple(members_of(schema, (), None, schema.place))
            self._members[id(schema)] = schema, members
        return self._members[id(schema)][1]

    def _must_mean_something(self, schema: Located) -> None:
        if id(schema) not in self._meaningful:
            try:
                validator(schema)
            except Meaningless as problem:
                raise InvalidSpec(schema.place, str(problem)) from None
            self._meaningful[id(schema)] = schema

    def _parameters(self, item: Located, node: Located) -> Iterator[Parameter]:
        """Give the parameters of an operation, and those of its path that it does not replace."""
        found: dict[tuple[str, str], Parameter] = {}
        shared = self._inlined(item, "the path") if "parameters" in item else item
        for owner in (shared, node):
            for each in listed(owner, "parameters"):
                described = mapping(each, owner.at("parameters"), "a parameter")
                name, location = described.get("name"), described.get("in")
                if not isinstance(name, str) or not isinstance(location, str):
                    raise InvalidSpec(described.place, "a parameter needs name and in")
                schema = optional(described, "schema")
                self._must_mean_something(schema)
                found[name, location] = Parameter(
                    name=name,
                    location=location,
                    required=described.get("required") is True,
                    schema=schema,
                    examples=_examples(described),
                    node=described,
                    place=described.place,
                )
        yield from found.values()

    def _body(self, node: Located) -> Body | None:
        if "requestBody" not in node:
            return None
        body = child(node, "requestBody")
        content = child(body, "content")
        media_type = next(iter(content), "")
        described = child(content, media_type)
        schema = optional(described, "schema")
        self._must_mean_something(schema)
        return Body(
            media_type=media_type,
            required=body.get("required") is True,
            schema=schema,
            members=self._members_of(schema),
            examples=_examples(described),
            node=body,
            place=node.at("requestBody"),
        )


def _others(responses: Located, good: str) -> Iterator[DocumentedResponse]:
    for status in responses:
        if status != good and status.isdecimal():
            content = optional(child(responses, status), "content")
            media_type = next(iter(content), "")
            answer = optional(content, media_type)
            yield DocumentedResponse(
                status=int(status),
                media_type=media_type,
                schema=optional(answer, "schema"),
                examples=_examples(answer),
            )


def _security(root: Located, node: Located) -> Iterator[Mapping[str, object]]:
    """Give the ways to authenticate a request: an operation's own, or those of the whole spec."""
    stated = node.get("security", root.get("security"))
    schemes = optional(optional(root, "components"), "securitySchemes")
    for way in stated if isinstance(stated, list) else ():
        if isinstance(way, Located):
            yield {name: [scopes, schemes.get(name)] for name, scopes in way.items()}


def _environments(owner: Located) -> Iterator[Environment]:
    for server in listed(owner, "servers"):
        node = mapping(server, owner.at("servers"), "a server")
        name, url = node.get("x-environment"), node.get("url")
        if not isinstance(name, str) or not isinstance(url, str):
            continue
        schemes: tuple[str, ...] = ("https",)
        for variable, described in optional(node, "variables").items():
            values = mapping(described, node.at("variables"), variable)
            default = str(values.get("default", ""))
            if variable == "scheme":
                others = (str(value) for value in listed(values, "enum"))
                schemes = (default, *(value for value in others if value != default))
            else:
                url = url.replace(f"{{{variable}}}", default)
        yield Environment(name=name, url=url, schemes=schemes, place=node.at("url"))


def _examples(answer: Located) -> dict[str, object]:
    examples = {
        name: child(child(answer, "examples"), name).get("value")
        for name in optional(answer, "examples")
    }
    return {"example": answer["example"], **examples} if "example" in answer else examples
