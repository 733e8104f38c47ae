"""What a rule asks a request to hold: values by their places, in a small grammar.

`/user/name` and `` (nothing) are JSON pointers into a JSON body; `form:name` is a field of a form,
`query:name`, `path:name`, `header:name` and `cookie:name` are what they say. A member of JSON must
equal the wanted value as JSON has it; anything else is text, and a wanted number or flag stands for
its text. `null` is wanted where nothing must be. Of several values of one name, one must fit. To
add a kind of place: its name in `KINDS`, and how to read it in `_texts`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from contract.instances import MISSING
from contract.json_pointer import escape, unescape
from contract.spec.operations import Operation
from contract.spelling import did_you_mean

KINDS = ("form", "query", "path", "header", "cookie")
"""The places of texts, as they stand before a colon."""

_GRAMMAR = "a JSON pointer such as /userName, or one of " + ", ".join(
    f"{kind}:name" for kind in KINDS
)
_NO_JSON = object()
_TEMPLATE = re.compile(r"\{([^{}/]*)\}")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


def wrong_place(place: str, operation: Operation) -> str | None:
    """Say what is wrong with the place of a condition; None where it can be met.

    Members, queries and paths must be those that the spec describes, where it describes any.
    """
    if _is_pointer(place):
        members = [f"/{escape(name)}" for name in _members(operation)]
        first = "/" + place[1:].partition("/")[0]
        return None if not place or not members or first in members else _unknown(first, members)
    kind, colon, name = place.partition(":")
    if not colon or kind not in KINDS or not name:
        return f"{json.dumps(place, ensure_ascii=False)} is no place; write {_GRAMMAR}"
    known = _described(kind, operation)
    whole = [f"{kind}:{each}" for each in known]
    return None if name in known or not known else _unknown(place, whole)


def _described(kind: str, operation: Operation) -> Sequence[str]:
    """Give the names that the spec describes, of kinds of which no other can come by itself."""
    if kind == "path":
        return _TEMPLATE.findall(operation.path) or ["none: the path has no parameter"]
    if kind == "query":
        return [each.name for each in operation.parameters if each.location == "query"]
    return _members(operation) if kind == "form" else ()


def _members(operation: Operation) -> Sequence[str]:
    """Give the names that the body of a request may have, as far as the spec describes them."""
    members = operation.body.members if operation.body else ()
    return [each.path[0] for each in members if len(each.path) == 1 and each.path != ("*",)]


def _unknown(name: str, known: Sequence[str]) -> str:
    hint = did_you_mean(name, known)
    return f"{name} is not described; {hint}there are: {', '.join(dict.fromkeys(known))}"


def needs_body(places: Iterable[str]) -> bool:
    """Say whether one of the places is in the body of a request."""
    return any(_is_pointer(place) or place.startswith("form:") for place in places)


def _is_pointer(place: str) -> bool:
    return not place or place.startswith("/")


async def body_of(receive: Receive) -> tuple[bytes, Receive]:
    """Read the body of a request; give it, and what gives it once more to whoever is behind."""
    messages: list[Message] = []
    more = True
    while more:
        messages.append(await receive())
        more = messages[-1].get("more_body", False)
    body = b"".join(each.get("body", b"") for each in messages)
    messages.reverse()

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return body, again


class RequestValues:
    """The values that a request holds at the places of conditions; each part is read once."""

    def __init__(self, scope: Scope, body: bytes, template: str) -> None:
        """Take a request.

        Args:
            scope: of the request.
            body: all of it; empty where no condition needs it.
            template: the path of the operation.
        """
        self.scope = scope
        self.body = body
        self.template = template
        self.json: object = _NO_JSON
        self.form: Sequence[tuple[str, str]] | None = None

    async def fit(self, wanted: Mapping[str, object]) -> bool:
        """Say whether the request holds all that is wanted."""
        for place, value in wanted.items():
            if _is_pointer(place):
                found = value_at(self._whole(), place)
                if not (found is MISSING if value is None else equal(found, value)) and not (
                    value is None and found is None
                ):
                    return False
            else:
                kind, _, name = place.partition(":")
                texts = await self._texts(kind, name)
                if bool(texts) if value is None else as_text(value) not in texts:
                    return False
        return True

    def _whole(self) -> object:
        if self.json is _NO_JSON:
            try:
                self.json = json.loads(self.body)
            except (ValueError, RecursionError):
                self.json = MISSING
        return self.json

    async def _texts(self, kind: str, name: str) -> Sequence[str]:
        headers = self.scope["headers"]
        if kind == "header":
            wanted = name.lower().encode("latin-1", "replace")
            return [value.decode("latin-1").strip() for each, value in headers if each == wanted]
        if kind == "cookie":
            cookies = Request({"type": "http", "headers": headers}).cookies
            return [cookies[name]] if name in cookies else []
        if kind == "query":
            query = self.scope["query_string"].decode("latin-1")
            pairs = parse_qsl(query, keep_blank_values=True)
            return [value for each, value in pairs if each == name]
        if kind == "path":
            values = _path_values(self.template, self.scope.get("raw_path", b"").decode("latin-1"))
            return [values[name]] if name in values else []
        return [value for each, value in await self._form() if each == name]

    async def _form(self) -> Sequence[tuple[str, str]]:
        """Give the fields of a form; a file stands for its name."""
        if self.form is None:
            rest: list[Message] = [{"type": "http.request", "body": self.body}]

            async def receive() -> Message:
                return rest.pop()

            scope = {"type": "http", "headers": self.scope["headers"]}
            try:
                async with Request(scope, receive).form() as form:
                    self.form = [
                        (name, value if isinstance(value, str) else value.filename or "")
                        for name, value in form.multi_items()
                    ]
            except (MultiPartException, HTTPException, ValueError):
                self.form = []
        return self.form


def value_at(value: object, pointer: str) -> object:
    """Give what stands at a JSON pointer; `MISSING` where nothing does."""
    for token in pointer.split("/")[1:]:
        name = unescape(token)
        if isinstance(value, Mapping):
            value = value.get(name, MISSING)
        elif isinstance(value, list) and _INDEX.fullmatch(name) and int(name) < len(value):
            value = value[int(name)]
        else:
            return MISSING
    return value


def equal(one: object, other: object) -> bool:
    """Say whether two values are the same JSON: 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(equal(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return one == other


def as_text(value: object) -> str:
    """Give the text that a wanted value stands for."""
    return value if isinstance(value, str) else json.dumps(value)


def _path_values(template: str, path: str) -> Mapping[str, str]:
    pattern, names = _compiled(template)
    found = pattern.search(path)
    values = map(unquote, found.groups()) if found else ()
    return dict(zip(names, values, strict=False))


@lru_cache(maxsize=1024)
def _compiled(template: str) -> tuple[re.Pattern[str], Sequence[str]]:
    """Give what takes a path apart, also below a base path and as clients escape it."""
    between = re.split(r"\{[^{}/]*\}", template)
    return re.compile("([^/]+)".join(map(re.escape, between)) + "/?$"), _TEMPLATE.findall(template)
