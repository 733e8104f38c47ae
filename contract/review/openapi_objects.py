"""The objects of OpenAPI 3.0: which fields each has, of which type, and where a spec writes them.

`OBJECTS` is the specification as data: a field is written `name:type`, or `name!:type` where it
must be there. A type is an object of the table or a word of `VALUES`; `[T]` is a list, `{T}` a
mapping whose names are free, `<T>` one whose names are those of components, `a/b/c` a choice of
words (`/a` where there is one), and `T|U` either. What a `*` names is data, and is not looked into.

To add a field: write it at its object. A rule asks `Objects` for all objects of a kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from contract.json_pointer import unescape
from contract.spec.yaml_text import Located

REFERABLE = frozenset(
    {"Schema", "Response", "Parameter", "Example", "RequestBody", "Header", "SecurityScheme"}
    | {"Link", "Callback"}
)
"""The objects that a Reference Object may stand for."""
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The fields of a path that are operations."""

_TEXTS = "title:text description:text"
_SHOWN = "schema:Schema example:* examples:{Example} content:{MediaType}"
_PARAMETER = (
    "description:text required:flag deprecated:flag allowEmptyValue:flag explode:flag "
    f"allowReserved:flag {_SHOWN} "
)
OBJECTS: Mapping[str, str] = {
    "OpenAPI": "openapi!:text info!:Info servers:[Server] paths!:Paths components:Components "
    "security:[Security] tags:[Tag] externalDocs:ExternalDocs",
    "Info": "title!:text version!:text description:text termsOfService:text contact:Contact "
    "license:License",
    "Contact": "name:text url:text email:text",
    "License": "name!:text url:text",
    "Server": "url!:text description:text variables:{ServerVariable}",
    "ServerVariable": "default!:text enum:[text] description:text",
    "Components": "schemas:<Schema> responses:<Response> parameters:<Parameter> "
    "examples:<Example> requestBodies:<RequestBody> headers:<Header> "
    "securitySchemes:<SecurityScheme> links:<Link> callbacks:<Callback>",
    "PathItem": "$ref:text summary:text description:text servers:[Server] parameters:[Parameter] "
    + " ".join(f"{method}:Operation" for method in METHODS),
    "Operation": "tags:[text] summary:text description:text externalDocs:ExternalDocs "
    "operationId:text parameters:[Parameter] requestBody:RequestBody responses!:Responses "
    "callbacks:{Callback} deprecated:flag security:[Security] servers:[Server]",
    "ExternalDocs": "url!:text description:text",
    "Parameter": f"name!:text in!:query/header/path/cookie {_PARAMETER}"
    "style:matrix/label/form/simple/spaceDelimited/pipeDelimited/deepObject",
    "Header": f"{_PARAMETER}style:/simple",
    "RequestBody": "description:text content!:{MediaType} required:flag",
    "MediaType": "schema:Schema example:* examples:{Example} encoding:{Encoding}",
    "Encoding": "contentType:text headers:{Header} explode:flag allowReserved:flag "
    "style:form/spaceDelimited/pipeDelimited/deepObject",
    "Response": "description!:text headers:{Header} content:{MediaType} links:{Link}",
    "Example": "summary:text description:text value:* externalValue:text",
    "Link": "operationRef:text operationId:text parameters:* requestBody:* description:text "
    "server:Server",
    "Tag": "name!:text description:text externalDocs:ExternalDocs",
    "Schema": f"{_TEXTS} multipleOf:number maximum:number exclusiveMaximum:flag minimum:number "
    "exclusiveMinimum:flag maxLength:count minLength:count pattern:text maxItems:count "
    "minItems:count uniqueItems:flag maxProperties:count minProperties:count required:[text] "
    "enum:[*] type:array/boolean/integer/number/object/string allOf:[Schema] oneOf:[Schema] "
    "anyOf:[Schema] not:Schema items:Schema properties:{Schema} "
    "additionalProperties:flag|Schema format:text default:* nullable:flag "
    "discriminator:Discriminator readOnly:flag writeOnly:flag example:* "
    "externalDocs:ExternalDocs deprecated:flag xml:Xml",
    "Discriminator": "propertyName!:text mapping:{text}",
    "Xml": "name:text namespace:text prefix:text attribute:flag wrapped:flag",
    "SecurityScheme": "type!:apiKey/http/oauth2/openIdConnect description:text name:text "
    "in:query/header/cookie scheme:text bearerFormat:text flows:Flows openIdConnectUrl:text",
    "Flows": "implicit:Flow password:Flow clientCredentials:Flow authorizationCode:Flow",
    "Flow": "authorizationUrl:text tokenUrl:text refreshUrl:text scopes!:{text}",
}
"""Every object with fixed fields; each may also have `x-` fields."""
MAPS: Mapping[str, tuple[str, str]] = {
    "Paths": ("PathItem", r"/.*"),
    "Responses": ("Response", r"[1-5](?:[0-9]{2}|XX)|default"),
    "Callback": ("PathItem", r".*"),
    "Security": ("[text]", r".*"),
}
"""Every object whose fields are patterned: their type, and the form of their names."""
COMPONENT_NAME = r"[a-zA-Z0-9._-]+"
"""The form of a component's name."""

VALUES: Mapping[str, Callable[[object], bool]] = {
    "text": lambda value: isinstance(value, str),
    "flag": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "count": lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
}
"""The types of plain values; `*` is any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an object: its type as the table writes it, and whether it must be there."""

    type: str
    required: bool


@lru_cache(maxsize=64)
def fields(kind: str) -> Mapping[str, Field]:
    """Give the fixed fields of an object."""
    listed: dict[str, Field] = {}
    for entry in OBJECTS[kind].split():
        name, _, type_ = entry.partition(":")
        listed[name.removesuffix("!")] = Field(type=type_, required=name.endswith("!"))
    return listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """An object of a spec.

    Attributes:
        kind: its name in the table.
        node: the object itself; references in it are not followed.
        name: what it is called where it stands: its key, or its place in a list.
        operation: the operation that it belongs to; empty where it is of none.
        holder: the object that it stands in.
    """

    kind: str
    node: Located
    name: str
    operation: str = ""
    holder: Object | None = None

    @property
    def is_reference(self) -> bool:
        """Whether it stands for another object."""
        return self.kind in REFERABLE and isinstance(self.node.get("$ref"), str)


class Objects:
    """The objects of a spec, each once, in the order in which they are written."""

    def __init__(self, root: Located) -> None:
        self.root = root
        self._by_kind: dict[str, list[Object]] = {}
        self._seen: set[tuple[int, str]] = set()
        self._walk(Object(kind="OpenAPI", node=root, name="openapi"))

    def of(self, *kinds: str) -> Iterator[Object]:
        """Give the objects of some kinds."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    def _walk(self, start: Object) -> None:
        waiting = [start]
        while waiting:
            each = waiting.pop()
            key = id(each.node), each.kind
            if key not in self._seen:
                self._seen.add(key)
                self._by_kind.setdefault(each.kind, []).append(each)
                waiting += reversed(list(inner(each)))


def inner(of: Object) -> Iterator[Object]:
    """Give the objects that stand directly in an object."""
    if of.is_reference:
        return
    if of.kind in MAPS:
        type_ = MAPS[of.kind][0]
        for name, value in of.node.items():
            if not name.startswith("x-"):
                yield from _values(value, type_, name, of)
        return
    known = fields(of.kind)
    for name, value in of.node.items():
        if name in known and isinstance(value, dict | list):
            yield from _values(value, known[name].type, name, of)


def _values(value: object, type_: str, name: str, of: Object) -> Iterator[Object]:
    if "|" in type_:
        type_ = type_.rpartition("|")[2]
    if type_.startswith("[") and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _values(item, type_[1:-1], str(number), of)
    elif type_.startswith(("{", "<")) and isinstance(value, Located):
        for key, item in value.items():
            yield from _values(item, type_[1:-1], key, of)
    elif isinstance(value, Located) and (type_ in OBJECTS or type_ in MAPS):
        operation = of.operation
        if type_ == "Operation":
            stated = value.get("operationId")
            operation = stated if isinstance(stated, str) else f"{name.upper()} {of.name}"
        yield Object(kind=type_, node=value, name=name, operation=operation, holder=of)


def meant(objects: Objects, of: Object) -> Located | None:
    """Give the node that an object means: its own, or the one that it refers to; None if none."""
    node: object = of.node
    for _ in range(_MOST_STEPS):
        reference = node.get("$ref") if isinstance(node, Located) else None
        if of.kind not in REFERABLE or not isinstance(reference, str):
            return node if isinstance(node, Located) else None
        node = referred(objects.root, reference)
    return None


_MOST_STEPS = 50
"""How many references may lead from one to the next."""


def referred(root: Located, reference: str) -> object:
    """Follow a reference inside a tree; None where it leads nowhere, or out of the tree."""
    file, _, fragment = reference.partition("#")
    if file or not fragment.startswith("/"):
        return None
    node: object = root
    for step in fragment.split("/")[1:]:
        name = unescape(unquote(step))
        if isinstance(node, list):
            node = node[int(name)] if name.isdecimal() and int(name) < len(node) else None
        else:
            node = node.get(name) if isinstance(node, Located) else None
    return node


def choices(type_: str) -> list[str]:
    """List the words of a choice; none where a type is no choice."""
    return [each for each in type_.split("/") if each] if "/" in type_ else []


def templates(path: str) -> list[str]:
    """List the names in braces of a path."""
    return re.findall(r"\{([^{}]*)\}", path)
