"""A spec's YAML → its operations with their environments, parameters, bodies and members.

This is the only hand-written reading of a spec; its values are defined in `operations.py`. It
refuses a file that is not a contract. An operation that cannot be read is listed with the reason,
and keeps no other from being read. `contract.review` says whether a contract is a good one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

from contract.spec.extent import MAX_DEPTH, MAX_VALUES
from contract.spec.grammar import OPERATION, PARAMETER, PATH_ITEM, Kind
from contract.spec.media_types import form_of, preferred
from contract.spec.members import Member, members_of
from contract.spec.naming import operation_name
from contract.spec.operations import (
    DEFAULT,
    METHODS,
    Body,
    DocumentedResponse,
    Environment,
    Operation,
    Parameter,
    Spec,
    UnreadOperation,
)
from contract.spec.references import (
    TOO_DEEP,
    InvalidSpec,
    References,
    child,
    listed,
    mapping,
    optional,
)
from contract.spec.spec_files import must_be_read, tree
from contract.spec.vocabulary import Meaningless, validator
from contract.spec.yaml_text import Located

_WITHOUT_BODY = frozenset(
    {HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT, HTTPStatus.NOT_MODIFIED}
)
"""The statuses that have no body, whatever a spec says (RFC 9110 §6.4.1)."""
_RANGES: Mapping[str, int] = {"1": 102, "2": 200, "3": 302, "4": 400, "5": 500}
"""The status that stands for a range, by its first digit."""
_ORDER = "2d3451"
"""The first characters of statuses and of `default`, from the success to the least likely end."""
_KEY = re.compile(r"[1-5](?:[0-9]{2}|XX)|default")


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
    must_be_read(root)
    if "openapi" not in root:
        problem = "openapi is missing; write a version of OpenAPI 3.0 or 3.1, such as 3.0.3"
        raise InvalidSpec(root.place, problem)
    paths = child(root, "paths")
    reading = _Reading(path, root, references or References(root))
    read = [
        reading.operation(address, method)
        for address in paths
        if not address.startswith("x-")
        for method in reading.methods(address)
    ]
    return Spec(
        path=path,
        tree=root,
        operations=tuple(each for each in read if isinstance(each, Operation)),
        unread=tuple(each for each in read if isinstance(each, UnreadOperation)),
    )


class _Reading:
    """The reading of one tree; a schema that several operations share is read once."""

    def __init__(self, path: Path, root: Located, references: References) -> None:
        self.path = path
        self.root = root
        self.references = references
        self.paths = child(root, "paths")
        self._members: dict[int, tuple[Located, tuple[Member, ...]]] = {}
        self._meaningful: dict[int, Located] = {}
        self._names = set(self._stated_names())
        self._given: set[str] = set()

    def _stated_names(self) -> Iterator[str]:
        for item in self.paths.values():
            for node in item.values() if isinstance(item, Located) else ():
                name = node.get("operationId") if isinstance(node, Located) else None
                if isinstance(name, str):
                    yield name

    def methods(self, address: str) -> list[str]:
        """List the methods of a path in the spec's order; one empty one if it cannot be read."""
        try:
            return [method for method in self._item(address) if method in METHODS]
        except InvalidSpec:
            return [""]

    def operation(self, address: str, method: str) -> Operation | UnreadOperation:
        """Read the operation of a path and a method, or say why it cannot be read."""
        place, name = self.paths.at(address), ""
        try:
            item = self._item(address)
            place = item.at(method)
            name = self._name(address, method, item.get(method))
            return self._operation(address, method, item, name)
        except InvalidSpec as problem:
            place, reason = problem.place, problem.problem
        except RecursionError:
            reason = TOO_DEEP
        return UnreadOperation(
            id=name or operation_name(method, address, self._names | self._given),
            method=method.upper(),
            path=address,
            place=place,
            reason=reason,
        )

    def _item(self, address: str) -> Located:
        item = child(self.paths, address)
        return self.references.inlined(item, PATH_ITEM) if "$ref" in item else item

    def _name(self, address: str, method: str, node: object) -> str:
        """Give the name of an operation: its own, unless another has it, or one by its path."""
        name = node.get("operationId") if isinstance(node, Located) else None
        if not isinstance(name, str) or not name or name in self._given:
            name = operation_name(method, address, self._names | self._given)
        self._given.add(name)
        return name

    def _operation(self, address: str, method: str, item: Located, name: str) -> Operation:
        node = self._inlined(child(item, method), f"{method.upper()} {address}", OPERATION)
        answer, *others = self._answers(node, method)
        link = optional(node, "externalDocs").get("url")
        servers = next(
            (owner for owner in (node, item, self.root) if "servers" in owner), self.root
        )
        responses = child(node, "responses")
        return Operation(
            id=name,
            method=method.upper(),
            path=address,
            summary=str(node.get("summary", "")),
            document=self.path.parent / unquote(link)
            if isinstance(link, str) and "://" not in link
            else None,
            environments={each.name: each for each in _environments(servers)},
            parameters=tuple(self._parameters(item, node)),
            body=self._body(node),
            answer=answer,
            others=tuple(others),
            responses={each: child(responses, each) for each in responses if _KEY.fullmatch(each)},
            servers=servers,
            base_paths=tuple(dict.fromkeys(_base_paths(servers))),
            security=tuple(_security(self.root, node)),
            node=node,
            place=item.at(method),
            path_place=self.paths.at(address),
            servers_place=servers.at("servers"),
        )

    def _answers(self, node: Located, method: str) -> list[DocumentedResponse]:
        """Read the documented answers, the successful one first."""
        responses = child(node, "responses")
        keys = [key for key in responses if _KEY.fullmatch(key)]
        if not keys:
            problem = "documents no answer: no status, and no default"
            raise InvalidSpec(responses.place, problem)
        good = min(keys, key=_distance_from_success)
        ordered = [good, *(key for key in keys if key != good)]
        return [self._answer(responses, key, method, good=key == good) for key in ordered]

    def _answer(
        self, responses: Located, key: str, method: str, *, good: bool
    ) -> DocumentedResponse:
        node = child(responses, key)
        status = _status_of(key, good=good)
        content = optional(node, "content")
        without = method == "head" or status in _WITHOUT_BODY
        media_type = "" if without else preferred(content)
        read = self._answer_in(responses, key, media_type, good=good)
        others = () if without else (each for each in content if each != media_type)
        return replace(read, alternatives=tuple(self._alternatives(responses, key, others)))

    def _alternatives(
        self, responses: Located, key: str, media_types: Iterable[str]
    ) -> Iterator[DocumentedResponse]:
        for each in media_types:
            with suppress(InvalidSpec):  # what cannot be read keeps nobody from the preferred one
                yield self._answer_in(responses, key, each, good=False)

    def _answer_in(
        self, responses: Located, key: str, media_type: str, *, good: bool
    ) -> DocumentedResponse:
        node = child(responses, key)
        described = optional(optional(node, "content"), media_type)
        whole = optional(described, "schema")
        alternatives = [
            mapping(part, whole.at("anyOf"), "a part of anyOf") for part in listed(whole, "anyOf")
        ]
        schema, *failures = alternatives if good and alternatives else [whole]
        members = self._members_of(schema) if good else ()  # first: each knows its own line
        for each in (schema, *failures):
            self._must_mean_something(each)
        return DocumentedResponse(
            key=key,
            status=_status_of(key, good=good),
            media_type=media_type,
            form=form_of(media_type, schema),
            schema=schema,
            failures=tuple(failures),
            members=members,
            examples=_examples(described),
            headers=dict(_headers(node)),
            node=node,
            place=responses.at(key),
        )

    def _inlined(self, node: Located, what: str, kind: Kind) -> Located:
        whole = self.references.inlined(node, kind)
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
        for owner in (item, node):
            for each in listed(owner, "parameters"):
                described = mapping(each, owner.at("parameters"), "a parameter")
                if owner is item:  # by themselves: another operation of the path may not be read
                    described = self._inlined(described, "a parameter of the path", PARAMETER)
                name, location = described.get("name"), described.get("in")
                if not isinstance(name, str) or not isinstance(location, str):
                    raise InvalidSpec(described.place, "a parameter needs name and in")
                schema = optional(_schema_holder(described), "schema")
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
        content = optional(body, "content")
        schemas = {each: optional(child(content, each), "schema") for each in content}
        for each in schemas.values():
            self._must_mean_something(each)
        media_type = next(iter(content), "")
        described = optional(content, media_type)
        schema = schemas.get(media_type, described)
        return Body(
            media_type=media_type,
            required=body.get("required") is True,
            schema=schema,
            members=self._members_of(schema),
            examples=_examples(described),
            schemas=schemas,
            node=body,
            place=node.at("requestBody"),
        )


def _distance_from_success(key: str) -> tuple[int, int]:
    """Order the keys of answers by how good they are: 2xx, `2XX`, `default`, 3xx, the others."""
    return _ORDER.index(key[0]), int(not key.isdecimal())


def _status_of(key: str, *, good: bool) -> int:
    """Give the status that stands for a key; `default` is a success where nothing else is."""
    if key == DEFAULT:
        return int(HTTPStatus.OK if good else HTTPStatus.INTERNAL_SERVER_ERROR)
    return int(key) if key.isdecimal() else _RANGES[key[0]]


def _schema_holder(parameter: Located) -> Located:
    """Give what holds the schema of a parameter: itself, or the one media type of its content."""
    content = optional(parameter, "content")
    return optional(content, next(iter(content), "")) if content else parameter


def _headers(answer: Located) -> Iterator[tuple[str, Located]]:
    """Give the headers of an answer; its media type is described elsewhere."""
    headers = optional(answer, "headers")
    for name in headers:
        if name.lower() != "content-type":
            yield name, child(headers, name)


def _security(root: Located, node: Located) -> Iterator[Mapping[str, object]]:
    """Give the ways to authenticate a request: an operation's own, or those of the whole spec."""
    stated = node.get("security", root.get("security"))
    schemes = optional(optional(root, "components"), "securitySchemes")
    for way in stated if isinstance(stated, list) else ():
        if isinstance(way, Located):
            yield {name: [scopes, schemes.get(name)] for name, scopes in way.items()}


def _environments(owner: Located) -> Iterator[Environment]:
    for node in _servers(owner):
        name, url = node.get("x-environment"), node.get("url")
        if isinstance(name, str) and isinstance(url, str):
            url, schemes = _filled(node, url)
            yield Environment(name=name, url=url, schemes=schemes, place=node.at("url"))


def _servers(owner: Located) -> Iterator[Located]:
    for server in listed(owner, "servers"):
        yield mapping(server, owner.at("servers"), "a server")


def _filled(server: Located, url: str) -> tuple[str, tuple[str, ...]]:
    """Fill the variables of an address by their defaults, `scheme` excepted; give its schemes."""
    schemes: tuple[str, ...] = ("https",)
    for variable, described in optional(server, "variables").items():
        values = mapping(described, server.at("variables"), variable)
        default = str(values.get("default", ""))
        if variable == "scheme":
            others = (str(value) for value in listed(values, "enum"))
            schemes = (default, *(value for value in others if value != default))
        else:
            url = url.replace(f"{{{variable}}}", default)
    return url, schemes


def _base_paths(owner: Located) -> Iterator[str]:
    """Give what stands between the host of each server and the paths of the spec."""
    for server in _servers(owner):
        url = server.get("url")
        if not isinstance(url, str):
            continue
        try:
            path = urlsplit(_filled(server, url)[0].replace("{scheme}", "https")).path.rstrip("/")
        except ValueError:  # brackets that hold no address
            continue
        if path.startswith("/"):
            yield path


def _examples(described: Located) -> dict[str, object]:
    """Give the examples of a body or a parameter; one that lies elsewhere is not shown here."""
    named = optional(described, "examples")
    examples = {
        name: child(named, name)["value"] for name in named if "value" in child(named, name)
    }
    return {"example": described["example"], **examples} if "example" in described else examples
