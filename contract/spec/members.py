"""Schema → the members of a message, each with the promises about it, and who makes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contract.findings import Level, Place
from contract.spec.deferred import Deferred, meant
from contract.spec.references import InvalidSpec, child, listed, mapping, optional
from contract.spec.vocabulary import ANNOTATIONS, Meaningless, branches, meaning
from contract.spec.yaml_text import Located

_STRUCTURE = frozenset(
    {"properties", "items", "required", "nullable", "additionalProperties", "allOf"}
    | {"x-sample", "x-mock", "x-mock-expects"},
)
_DEEPEST = 100
"""How many names lead to the innermost members that are listed; what is inside is one promise."""

_OF_A_TYPE = frozenset({"type", "enum", "allOf", "anyOf", "oneOf", "not", "x-sample"})
"""The keywords of schemas that may forbid null (OpenAPI 3.0.3, `nullable`)."""


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
        required: who says that it must be present; None if it is optional.
        promises: what its value must keep, `type` first.
        place: where the YAML describes it.
        listed: where the YAML lists what is required beside it; its own place where nothing is.
    """

    path: tuple[str, ...]
    schema: Located
    required: Level | None
    promises: tuple[Promise, ...]
    place: Place
    listed: Place

    @property
    def name(self) -> str:
        """The member's own name; the list's name for the items of a list."""
        return next((step for step in reversed(self.path) if step != "*"), "answer")

    @property
    def nullable(self) -> bool:
        """Whether the value may be null; an optional one of no stated type may be anything."""
        of_any_type = self.required is None and not _OF_A_TYPE & self.schema.keys()
        return of_any_type or any(part.get("nullable") is True for part in branches(self.schema))


def members_of(
    schema: Located,
    path: tuple[str, ...],
    required: Level | None,
    place: Place,
) -> Iterator[Member]:
    """Give a schema as a member, and every member inside it, outer ones first.

    A schema that holds itself is listed once: where it stands inside itself, its members are not
    listed again, but the member promises to match the whole schema. The same goes for a large
    schema that is referred to several times.

    Raises:
        InvalidSpec: a keyword has no meaning.
    """
    yield from _Listing().members(schema, path, required, place)


class _Listing:
    """The listing of the members of one message; it ends, whatever the schemas refer to.

    What a deferred reference means is unfolded once.
    """

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._unfolded: set[int] = set()

    def members(
        self,
        node: Located,
        path: tuple[str, ...],
        required: Level | None,
        place: Place,
        needed: Place | None = None,
    ) -> Iterator[Member]:
        """Give a schema as a member, and every member inside it.

        `needed` is where the members beside it are said to be required.
        """
        schema = meant(node)
        parts: list[Located] = []
        whole = [*self._parts(node, parts, len(path))]
        yield Member(
            path=path,
            schema=schema,
            required=required,
            promises=(*(each for part in parts for each in _promises(part)), *whole),
            place=place,
            listed=needed or place,
        )
        if parts:
            self._open.add(id(schema))
            yield from self._inner(parts, path)
            self._open.discard(id(schema))

    def _parts(self, node: Located, parts: list[Located], depth: int) -> Iterator[Promise]:
        """Gather a schema and those that it is composed of; promise the rest as a whole."""
        schema = meant(node)
        deferred = node is not schema
        listed_before = deferred and id(schema) in self._unfolded
        if listed_before or id(schema) in self._open or depth > _DEEPEST:
            yield Promise(keyword="$ref", argument=schema, level=Level.TABLE, place=node.at("$ref"))
            return
        if deferred:
            self._unfolded.add(id(schema))
        parts.append(schema)
        for part in listed(schema, "allOf"):
            mapping(part, schema.at("allOf"), "a part of allOf")
            if isinstance(part, Located) and all(meant(part) is not each for each in parts):
                yield from self._parts(part, parts, depth)

    def _inner(self, parts: Iterable[Located], path: tuple[str, ...]) -> Iterator[Member]:
        needed = {
            name: level
            for level in (Level.SAMPLE, Level.TABLE)
            for part in parts
            for name in _required(part, level)
        }
        stating = [part.at("required") for part in parts if "required" in part]
        at = stating[0] if len(stating) == 1 else None
        for part in parts:
            properties = optional(part, "properties")
            for name, inner in properties.items():
                place, level = properties.at(name), needed.get(name)
                member = inner if isinstance(inner, Deferred) else child(properties, name)
                yield from self.members(member, (*path, name), level, place, at)
            if "items" in part:
                items = part["items"]
                item = items if isinstance(items, Deferred) else child(part, "items")
                yield from self.members(item, (*path, "*"), None, part.at("items"))


def _required(schema: Located, level: Level) -> Iterator[str]:
    """Give the names that a schema, or its `x-sample`, requires."""
    if level is Level.SAMPLE and "x-sample" not in schema:
        return
    node = schema if level is Level.TABLE else child(schema, "x-sample")
    for name in listed(node, "required"):
        if not isinstance(name, str):
            raise InvalidSpec(node.at("required"), "required must be a list of names")
        yield name


def _promises(schema: Located) -> Iterator[Promise]:
    yield from _promises_of(schema, Level.TABLE)
    if "x-sample" in schema:
        yield from _promises_of(optional(schema, "x-sample"), Level.SAMPLE)


def _promises_of(node: Located, level: Level) -> Iterator[Promise]:
    """Give what the keywords of a schema, or of its `x-sample`, promise: `type` first."""
    keywords = [each for each in node if each not in _STRUCTURE and each not in ANNOTATIONS]
    for keyword in sorted(keywords, key=lambda word: word != "type"):
        place = node.at(keyword)
        argument = node[keyword]
        if keyword == "x-unique" and argument is False:
            continue  # it promises nothing
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
