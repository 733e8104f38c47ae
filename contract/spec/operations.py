"""What a spec says, as values: operations, environments, parameters, bodies and answers.

Every value knows the place of the YAML that says it. `loading.py` makes them. To add something
that a spec says about an operation: an attribute here, and the line in `loading.py` that reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from contract.findings import Place
from contract.spec.members import Member
from contract.spec.vocabulary import validator
from contract.spec.yaml_text import Located


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
class DocumentedResponse:
    """A documented answer other than the successful one: its status, schema and examples."""

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
    node: Located = field(repr=False)
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation, its environments, what it asks for and the answer that it promises.

    Attributes:
        schema: the schema of a successful answer: the first one if `anyOf` lists several.
        failures: the schemas of the other answers of that status, which describe failures.
        examples: the examples of successful answers and of failures, by name.
        responses: every documented answer by its status, `default` and `4XX` among them.
        servers: what lists the servers: the operation, else its path, else the whole spec.
        security: the ways to authenticate a request; each names the schemes that it needs, with
            their scopes and their description.
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
    others: tuple[DocumentedResponse, ...]
    responses: Mapping[str, Located] = field(repr=False)
    servers: Located = field(repr=False)
    security: tuple[Mapping[str, object], ...]
    node: Located = field(repr=False)
    place: Place
    path_place: Place
    servers_place: Place

    @property
    def business_code(self) -> Member | None:
        """The member that carries the business code, where the spec names one."""
        coded = (member for member in self.members if "x-business-success" in member.schema)
        return next(coded, None)

    @property
    def success(self) -> Mapping[str, object]:
        """The examples of successful answers: all but those that only a failure's schema allows."""
        good, *bad = (validator(schema) for schema in (self.schema, *self.failures))
        return {
            name: each
            for name, each in self.examples.items()
            if good.is_valid(each) or not any(judge.is_valid(each) for judge in bad)
        }

    def prefix_of(self, called: str) -> str | None:
        """Give what stands before the operation's path in a called path; None for another path."""
        found = re.fullmatch("(.*)" + path_pattern(self.path), called, re.DOTALL)
        return None if found is None else found[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A whole spec: its text as values, references to other files resolved, and its operations."""

    path: Path
    tree: Located = field(repr=False)
    operations: tuple[Operation, ...]


def path_pattern(path: str) -> str:
    """Write a path as a regular expression; a parameter may be anything that holds no slash."""
    return "[^/]+".join(map(re.escape, re.split(r"\{[^{}/]*\}", path)))
