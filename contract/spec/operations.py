"""openapi.yaml → operations, environments, members: the only hand-written reading of the spec.

Every value knows where the YAML says it. What is read here is a contract in the words of
`README.md` beside this file; whether it is a good one, `review.py` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPMethod
from pathlib import Path
from urllib.parse import unquote

from contract.findings import Place
from contract.spec.members import Member, members_of
from contract.spec.references import InvalidSpec, child, inlined, listed, mapping, optional, tree
from contract.spec.vocabulary import Meaningless, shown, validator
from contract.spec.yaml_text import Located

SPEC = Path(__file__).parents[2] / "openapi" / "openapi.yaml"

_METHODS = frozenset(method.lower() for method in HTTPMethod)


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One server that answers an operation, by its `x-environment` name."""

    name: str
    url: str
    schemes: tuple[str, ...]
    place: Place

    @property
    def host(self) -> str:
        """The address as documents write it, without a scheme."""
        return self.url.partition("://")[2].rstrip("/")

    def base_url(self, scheme: str | None = None) -> str:
        """Give the URL that an operation's path is appended to."""
        return self.url.replace("{scheme}", scheme or self.schemes[0]).rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Another answer that the spec describes beside the good one: of a status, with examples."""

    status: int
    media_type: str
    schema: Located
    examples: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a request: in its `path`, `query`, `header` or `cookie`."""

    name: str
    location: str
    required: bool
    schema: Located
    examples: Mapping[str, object]
    node: Located
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What a request carries: a media type, its schema and members, and examples of it."""

    media_type: str
    required: bool
    schema: Located
    members: tuple[Member, ...]
    examples: Mapping[str, object]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation, its environments, what it asks for and the answer that it promises.

    Attributes:
        schema: of a good answer: the first, where `anyOf` lists several.
        failures: the schemas of the other answers of that status, which tell a failure.
        examples: by name; of good answers and of failures.
    """

    id: str
    method: str
    path: str
    summary: str
    document: Path | None
    environments: Mapping[str, Environment]
    parameters: tuple[Parameter, ...]
    body: Body | None
    status: int
    media_type: str
    schema: Located
    failures: tuple[Located, ...]
    members: tuple[Member, ...]
    examples: Mapping[str, object]
    others: tuple[Response, ...]
    node: Located = field(repr=False)
    place: Place
    path_place: Place
    servers_place: Place

    @property
    def business_code(self) -> Member | None:
        """The member that carries the business code, where the spec names one."""
        coded = (member for member in self.members if "x-business-success" in member.schema)
        return next(coded, None)

    def prefix_of(self, called: str) -> str | None:
        """Give what stands before the operation's path in a called path; None for another path.

        The path's parameters may be anything that holds no slash.
        """
        literal = map(re.escape, re.split(r"\{[^{}/]*\}", self.path))
        found = re.fullmatch("(.*)" + "[^/]+".join(literal), called, re.DOTALL)
        return None if found is None else found[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A whole spec: its text as values, references to other files resolved, and its operations."""

    path: Path
    tree: Located = field(repr=False)
    operations: tuple[Operation, ...]


def load(path: Path) -> Spec:
    """Read a spec.

    Raises:
        UnreadableYaml: a file cannot be read, or is not YAML.
        InvalidSpec: it is YAML, but no contract.
    """
    return interpret(path, tree(path))


def interpret(path: Path, root: Located) -> Spec:
    """Read a tree of YAML as a contract.

    Raises:
        InvalidSpec: it is none.
    """
    paths = child(root, "paths")
    version = root.get("openapi")
    if not isinstance(version, str) or not re.fullmatch(r"3\.0\.\d+", version):
        told = f"openapi is {shown(version)}; write a version of OpenAPI 3.0, such as 3.0.3"
        raise InvalidSpec(root.at("openapi"), told)
    operations = tuple(
        _operation(path, root, address, method)
        for address in paths
        for method in child(paths, address)
        if method in _METHODS
    )
    return Spec(path=path, tree=root, operations=operations)


def _operation(path: Path, root: Located, address: str, method: str) -> Operation:
    item = child(child(root, "paths"), address)
    node = inlined(root, child(item, method))
    name = node.get("operationId")
    if not isinstance(name, str):
        raise InvalidSpec(node.place, f"{method} {address} has no operationId")
    responses = child(node, "responses")
    status = next((code for code in responses if code.startswith("2")), None)
    if status is None or not status.isdecimal():
        told = f'{name} documents no 2xx answer; its status must be a number, such as "200"'
        raise InvalidSpec(responses.place if status is None else responses.at(status), told)
    content = child(child(responses, status), "content")
    media_type = "application/json" if "application/json" in content else next(iter(content), "")
    answer = child(content, media_type)
    whole = child(answer, "schema")
    alternatives = [
        mapping(part, whole.at("anyOf"), "a part of anyOf") for part in listed(whole, "anyOf")
    ]
    schema, *failures = alternatives or [whole]
    members = tuple(members_of(schema, (), None, schema.place))  # first: each knows its own line
    for each in (schema, *failures):
        _must_mean_something(each)
    link = optional(node, "externalDocs").get("url")
    servers = next((owner for owner in (node, item, root) if "servers" in owner), root)
    return Operation(
        id=name,
        method=method.upper(),
        path=address,
        summary=str(node.get("summary", "")),
        document=path.parent / unquote(link) if isinstance(link, str) else None,
        environments={each.name: each for each in _environments(servers)},
        parameters=tuple(_parameters(root, item, node)),
        body=_body(node),
        status=int(status),
        media_type=media_type,
        schema=schema,
        failures=tuple(failures),
        members=members,
        examples=_examples(answer),
        others=tuple(_others(responses, status)),
        node=node,
        place=item.at(method),
        path_place=child(root, "paths").at(address),
        servers_place=servers.at("servers"),
    )


def _must_mean_something(schema: Located) -> None:
    try:
        validator(schema)
    except Meaningless as problem:
        raise InvalidSpec(schema.place, str(problem)) from None


def _parameters(root: Located, item: Located, node: Located) -> Iterator[Parameter]:
    """Give the parameters of an operation, and those of its path that it does not replace."""
    found: dict[tuple[str, str], Parameter] = {}
    for owner in (inlined(root, item) if "parameters" in item else item, node):
        for each in listed(owner, "parameters"):
            described = mapping(each, owner.at("parameters"), "a parameter")
            name, location = described.get("name"), described.get("in")
            if not isinstance(name, str) or not isinstance(location, str):
                raise InvalidSpec(described.place, "a parameter has a name, and an in")
            schema = optional(described, "schema")
            _must_mean_something(schema)
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


def _body(node: Located) -> Body | None:
    if "requestBody" not in node:
        return None
    body = child(node, "requestBody")
    content = child(body, "content")
    media_type = next(iter(content), "")
    said = child(content, media_type)
    schema = optional(said, "schema")
    _must_mean_something(schema)
    return Body(
        media_type=media_type,
        required=body.get("required") is True,
        schema=schema,
        members=tuple(members_of(schema, (), None, schema.place)),
        examples=_examples(said),
        place=node.at("requestBody"),
    )


def _others(responses: Located, good: str) -> Iterator[Response]:
    for status in responses:
        if status != good and status.isdecimal():
            content = optional(child(responses, status), "content")
            media_type = next(iter(content), "")
            answer = optional(content, media_type)
            yield Response(
                status=int(status),
                media_type=media_type,
                schema=optional(answer, "schema"),
                examples=_examples(answer),
            )


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
