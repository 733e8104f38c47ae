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

from openapi.findings import Level, Place
from openapi.references import InvalidSpec, inlined, mapping, tree
from openapi.stated_schema import branches
from openapi.vocabulary import ANNOTATIONS, Meaningless, meaning, shown, validator
from openapi.yaml_text import Located

SPEC = Path(__file__).parent / "openapi.yaml"

_METHODS = frozenset(method.lower() for method in HTTPMethod)
_STRUCTURE = frozenset(
    {"properties", "items", "required", "nullable", "additionalProperties", "allOf"}
    | {"x-sample", "x-mock"},
)


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
class Promise:
    """One keyword of one member, and who made it: the table, or only the sample."""

    keyword: str
    argument: object
    level: Level
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of the answer, wherever it is nested; `*` in its path stands for a list's items.

    Attributes:
        path: the names that lead to it, `("data", "img")`; empty for the answer itself.
        schema: its schema, references followed.
        required: who says that it must be present; None where nobody does.
        promises: what its value must keep, `type` first.
        place: where the YAML describes it.
    """

    path: tuple[str, ...]
    schema: Located
    required: Level | None
    promises: tuple[Promise, ...]
    place: Place

    @property
    def name(self) -> str:
        """The member's own name; the list's name for the items of a list."""
        return next((step for step in reversed(self.path) if step != "*"), "answer")

    @property
    def nullable(self) -> bool:
        """Whether null is as good as a value."""
        return any(part.get("nullable") is True for part in branches(self.schema))


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
    paths = _child(root, "paths")
    version = root.get("openapi")
    if not isinstance(version, str) or not re.fullmatch(r"3\.0\.\d+", version):
        told = f"openapi is {shown(version)}; write a version of OpenAPI 3.0, such as 3.0.3"
        raise InvalidSpec(root.at("openapi"), told)
    operations = tuple(
        _operation(path, root, address, method)
        for address in paths
        for method in _child(paths, address)
        if method in _METHODS
    )
    return Spec(path=path, tree=root, operations=operations)


def _child(node: Located, key: str) -> Located:
    if key not in node:
        raise InvalidSpec(node.place, f"{key!r} is missing here")
    return mapping(node[key], node.at(key), key)


def _optional(node: Located, key: str) -> Located:
    return _child(node, key) if key in node else Located(node.place)


def _list(node: Located, key: str) -> list[object]:
    value = node.get(key, [])
    if not isinstance(value, list):
        raise InvalidSpec(node.at(key), f"{key} must be a list")
    return value


def _operation(path: Path, root: Located, address: str, method: str) -> Operation:
    item = _child(_child(root, "paths"), address)
    node = inlined(root, _child(item, method))
    name = node.get("operationId")
    if not isinstance(name, str):
        raise InvalidSpec(node.place, f"{method} {address} has no operationId")
    responses = _child(node, "responses")
    status = next((code for code in responses if code.startswith("2")), None)
    if status is None or not status.isdecimal():
        told = f'{name} documents no 2xx answer; its status must be a number, such as "200"'
        raise InvalidSpec(responses.place if status is None else responses.at(status), told)
    content = _child(_child(responses, status), "content")
    media_type = "application/json" if "application/json" in content else next(iter(content), "")
    answer = _child(content, media_type)
    whole = _child(answer, "schema")
    alternatives = [
        mapping(part, whole.at("anyOf"), "a part of anyOf") for part in _list(whole, "anyOf")
    ]
    schema, *failures = alternatives or [whole]
    members = tuple(_members(schema, (), None, schema.place))  # first: each knows its own line
    for each in (schema, *failures):
        _must_mean_something(each)
    link = _optional(node, "externalDocs").get("url")
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
        path_place=_child(root, "paths").at(address),
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
        for each in _list(owner, "parameters"):
            described = mapping(each, owner.at("parameters"), "a parameter")
            name, location = described.get("name"), described.get("in")
            if not isinstance(name, str) or not isinstance(location, str):
                raise InvalidSpec(described.place, "a parameter has a name, and an in")
            schema = _optional(described, "schema")
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
    body = _child(node, "requestBody")
    content = _child(body, "content")
    media_type = next(iter(content), "")
    said = _child(content, media_type)
    schema = _optional(said, "schema")
    _must_mean_something(schema)
    return Body(
        media_type=media_type,
        required=body.get("required") is True,
        schema=schema,
        members=tuple(_members(schema, (), None, schema.place)),
        examples=_examples(said),
        place=node.at("requestBody"),
    )


def _others(responses: Located, good: str) -> Iterator[Response]:
    for status in responses:
        if status != good and status.isdecimal():
            content = _optional(_child(responses, status), "content")
            media_type = next(iter(content), "")
            answer = _optional(content, media_type)
            yield Response(
                status=int(status),
                media_type=media_type,
                schema=_optional(answer, "schema"),
                examples=_examples(answer),
            )


def _environments(owner: Located) -> Iterator[Environment]:
    for server in _list(owner, "servers"):
        node = mapping(server, owner.at("servers"), "a server")
        name, url = node.get("x-environment"), node.get("url")
        if not isinstance(name, str) or not isinstance(url, str):
            continue
        schemes: tuple[str, ...] = ("https",)
        for variable, described in _optional(node, "variables").items():
            values = mapping(described, node.at("variables"), variable)
            default = str(values.get("default", ""))
            if variable == "scheme":
                others = (str(value) for value in _list(values, "enum"))
                schemes = (default, *(value for value in others if value != default))
            else:
                url = url.replace(f"{{{variable}}}", default)
        yield Environment(name=name, url=url, schemes=schemes, place=node.at("url"))


def _examples(answer: Located) -> dict[str, object]:
    examples = {
        name: _child(_child(answer, "examples"), name).get("value")
        for name in _optional(answer, "examples")
    }
    return {"example": answer["example"], **examples} if "example" in answer else examples


def _parts(schema: Located) -> Iterator[Located]:
    """Give a schema and the schemas that it is composed of."""
    yield schema
    for part in _list(schema, "allOf"):
        yield from _parts(mapping(part, schema.at("allOf"), "a part of allOf"))


def _members(
    schema: Located,
    path: tuple[str, ...],
    required: Level | None,
    place: Place,
) -> Iterator[Member]:
    parts = tuple(_parts(schema))
    yield Member(
        path=path,
        schema=schema,
        required=required,
        promises=tuple(promise for part in parts for promise in _promises(part)),
        place=place,
    )
    needed = {
        name: level
        for level in (Level.SAMPLE, Level.TABLE)
        for part in parts
        for name in _list(part if level is Level.TABLE else _optional(part, "x-sample"), "required")
    }
    for part in parts:
        properties = _optional(part, "properties")
        for name in properties:
            inner = _child(properties, name)
            yield from _members(inner, (*path, name), needed.get(name), properties.at(name))
        if "items" in part:
            yield from _members(_child(part, "items"), (*path, "*"), None, part.at("items"))


def _promises(schema: Located) -> Iterator[Promise]:
    sample = _optional(schema, "x-sample")
    for node, level in ((schema, Level.TABLE), (sample, Level.SAMPLE)):
        for keyword in sorted(node, key=lambda word: word != "type"):
            if keyword not in _STRUCTURE and keyword not in ANNOTATIONS:
                place = node.at(keyword)
                argument = node[keyword]
                if keyword in {"exclusiveMinimum", "exclusiveMaximum"}:
                    # a boolean, which means something beside its bound only (JSON Schema draft 4)
                    argument = node.get(keyword.replace("exclusiveM", "m")) if argument else None
                    if argument is None:
                        continue
                try:
                    meaning(keyword, argument)
                except Meaningless as problem:
                    raise InvalidSpec(place, f"{keyword}: {problem}") from None
                yield Promise(keyword=keyword, argument=argument, level=level, place=place)
