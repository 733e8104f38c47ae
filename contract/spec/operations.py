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
from contract.spec.media_types import BodyForm
from contract.spec.members import Member
from contract.spec.vocabulary import validator
from contract.spec.yaml_text import Located

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
"""The members of a path that are operations."""

NO_PARAMETERS = frozenset({"accept", "content-type", "authorization"})
"""The headers that are no parameters, in lower case (OpenAPI 3.0.3, Parameter Object, name)."""

DEFAULT = "default"
"""What stands for every status that is not documented by itself."""


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
    """One documented answer: its status, and what its body is.

    Attributes:
        key: the status as the spec writes it: `200`, `2XX` or `default`.
        status: the one status that stands for it.
        media_type: as the spec writes it, of several the one that is read; empty without a body.
        form: what the body is.
        schema: of the body; without one it is empty, and allows everything. Where `anyOf` lists
            several, the first.
        failures: the other schemas of that `anyOf`, which describe failures.
        members: of the body, as far as its form has any; a text may be one itself.
        examples: of successes and of failures, by name.
        headers: the headers, by name.
        alternatives: the same answer in its other media types, which clients may ask for.
        node: the whole answer.
        place: where the spec describes it.
    """

    key: str
    status: int
    media_type: str
    form: BodyForm
    schema: Located
    failures: tuple[Located, ...]
    members: tuple[Member, ...]
    examples: Mapping[str, object]
    headers: Mapping[str, Located] = field(repr=False)
    alternatives: tuple[DocumentedResponse, ...] = field(default=(), repr=False)
    node: Located = field(repr=False)
    place: Place

    @property
    def success(self) -> Mapping[str, object]:
        """The examples of successful answers: all but those that only a failure's schema allows."""
        if not self.failures:
            return self.examples
        good, *bad = (validator(schema) for schema in (self.schema, *self.failures))
        return {
            name: each
            for name, each in self.examples.items()
            if good.is_valid(each) or not any(judge.is_valid(each) for judge in bad)
        }

    @property
    def shown_members(self) -> tuple[Member, ...]:
        """The members whose values an answer shows: those of JSON; a text is one itself."""
        if self.form is BodyForm.JSON:
            return self.members
        is_text = self.form is BodyForm.TEXT and self.schema.get("type") == "string"
        return self.members[:1] if is_text else ()

    def allows(self, status: int) -> bool:
        """Say whether an answer of this status is the documented one."""
        if self.key.isdecimal():
            return status == self.status
        return self.key == DEFAULT or status // 100 == self.status // 100


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
    """What a request carries: a media type, its schema and members, and examples of it.

    `schemas` are those of every media type that the operation accepts.
    """

    media_type: str
    required: bool
    schema: Located
    members: tuple[Member, ...]
    examples: Mapping[str, object]
    schemas: Mapping[str, Located] = field(repr=False)
    node: Located = field(repr=False)
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation, its environments, what it asks for and the answer that it promises.

    Attributes:
        id: its operationId; an operation without one is named by the end of its path.
        answer: the successful answer, which calls get: the first 2xx, else `2XX`, else `default`,
            else the first.
        others: the other answers.
        responses: every documented answer by its status, `default` and `4XX` among them.
        base_paths: what the servers' addresses put before its path, each once.
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
    answer: DocumentedResponse
    others: tuple[DocumentedResponse, ...]
    responses: Mapping[str, Located] = field(repr=False)
    servers: Located = field(repr=False)
    base_paths: tuple[str, ...]
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

    # What is asked of an operation is mostly its successful answer.

    @property
    def status(self) -> int:
        """The status of the successful answer."""
        return self.answer.status

    @property
    def media_type(self) -> str:
        """The media type of the successful answer."""
        return self.answer.media_type

    @property
    def schema(self) -> Located:
        """The schema of the successful answer."""
        return self.answer.schema

    @property
    def failures(self) -> tuple[Located, ...]:
        """The schemas of failures that come with the status of a success."""
        return self.answer.failures

    @property
    def members(self) -> tuple[Member, ...]:
        """The members of the successful answer."""
        return self.answer.members

    @property
    def examples(self) -> Mapping[str, object]:
        """The examples of the successful answer, and of failures with its status."""
        return self.answer.examples

    @property
    def success(self) -> Mapping[str, object]:
        """The examples of the successful answer alone."""
        return self.answer.success

    def prefix_of(self, called: str) -> str | None:
        """Give what stands before the operation's path in a called path; None for another path."""
        found = re.fullmatch("(.*)" + path_pattern(self.path), called, re.DOTALL)
        return None if found is None else found[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadOperation:
    """An operation that can be neither served nor judged: `reason` says why, `place` where.

    Its `method` is empty where the whole path cannot be read.
    """

    id: str
    method: str
    path: str
    place: Place
    reason: str

    @property
    def call(self) -> str:
        """The method and the path."""
        return f"{self.method} {self.path}".strip()

    def __str__(self) -> str:
        return f"{self.call}: {self.place}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A whole spec: its text as values, references to other files resolved, and its operations.

    `unread` are the operations that cannot be read; they keep no other from being read.
    """

    path: Path
    tree: Located = field(repr=False)
    operations: tuple[Operation, ...]
    unread: tuple[UnreadOperation, ...] = ()


def path_alone(path: str) -> str:
    """Give a path of a spec without a query or a fragment, which no path may hold."""
    return re.split("[?#]", path, maxsplit=1)[0]


def path_pattern(path: str) -> str:
    """Write a path as a regular expression; a parameter may be anything that holds no slash."""
    return "[^/]+".join(map(re.escape, re.split(r"\{[^{}/]*\}", path_alone(path))))
