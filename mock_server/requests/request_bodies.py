"""The body of a request → its value, by its media type, within the room that bodies share.

JSON and texts are held whole, of a form all but its files; any other body is counted and let go. To
read another media type: a branch in `BodyReader.read`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from starlette.datastructures import FormData, Headers
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.types import Receive, Scope

from contract.spec.media_types import FORM, FORM_WITH_FILES, BodyForm, form_of, plain
from contract.spec.operations import Body
from mock_server.limits import BODIES, VALUES
from mock_server.problems import RequestRefused, problem
from mock_server.requests.form_members import FormMembers
from mock_server.requests.request_schemas import Misfit, RequestSchema

_DEEP = "nested too deeply"
_MANY = f"the JSON of a body may have {VALUES:,} values"
_FULL = f"the bodies of the requests under way may have {BODIES >> 20} MiB: try again later"


class Room:
    """The room for the bodies that are held at a time, in bytes."""

    def __init__(self, most: int = BODIES) -> None:
        self.most = most
        self.taken = 0

    def hold(self) -> Held:
        """Hold the bytes of one body, in a context that ends when it is done with."""
        return Held(self)


@dataclass(slots=True)
class Held:
    """The bytes of one body that are held."""

    room: Room
    size: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.room.taken -= self.size

    def more(self, size: int) -> None:
        """Hold further bytes; alone, a body may be larger than the room.

        Raises:
            RequestRefused: there is no room for them.
        """
        if self.room.taken + size > self.room.most and self.room.taken > self.size:
            raise RequestRefused(problem(HTTPStatus.SERVICE_UNAVAILABLE, _FULL, retry_after="1"))
        self.size += size
        self.room.taken += size


@dataclass(frozen=True, slots=True)
class ReadBody:
    """A body as it was read: whether any came, its value, and what is wrong with it."""

    came: bool
    value: object = None
    slips: tuple[Misfit, ...] = ()


class BodyReader:
    """The reader of the bodies that one operation accepts with one media type.

    Args:
        schema: of the body.
        encoding: how the members of a form are written, by name.
    """

    def __init__(self, schema: Mapping[str, object], encoding: Mapping[str, object]) -> None:
        self.schema = RequestSchema(schema)
        self.form = FormMembers(self.schema.schema, encoding)

    async def read(self, scope: Scope, receive: Receive, sent: str, held: Held) -> ReadBody:
        """Read a body.

        Args:
            scope: of the request.
            receive: gives the body.
            sent: its media type, with the parameters.
            held: counts the bytes that are held.

        Raises:
            HTTPException: it is too large, or comes too slowly.
            RequestRefused: there is no room for it.
        """
        kind = plain(sent)
        if kind in {FORM, FORM_WITH_FILES}:
            return await self._form(scope, receive, kind, held)
        form = form_of(sent, self.schema.schema)
        if form is BodyForm.JSON:
            return self._json(await _whole(receive, held), _charset(sent))
        if form is BodyForm.TEXT and self.schema.schema.get("type") == "string":
            return self._text(await _whole(receive, held), _charset(sent) or "utf-8")
        size = 0
        async for part in _parts(receive):
            size += len(part)
        return ReadBody(came=size > 0)

    def _json(self, body: bytes, charset: str) -> ReadBody:
        if not body:
            return ReadBody(came=False)
        if body.count(b",") + body.count(b"[") + body.count(b"{") > VALUES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _MANY)
        try:
            text = body.decode(charset) if charset else body
            value = json.loads(text, parse_constant=_no_number)
            return self._judged(value)
        except (ValueError, LookupError) as error:
            return _wrong(f"must be JSON: {error}")
        except RecursionError:
            return _wrong(f"is {_DEEP}")

    def _text(self, body: bytes, charset: str) -> ReadBody:
        try:
            text = body.decode(charset)
        except (ValueError, LookupError):
            return _wrong(f"must be text in {charset}")
        return self._judged(text) if body else ReadBody(came=False, value="")

    def _judged(self, value: object) -> ReadBody:
        return ReadBody(came=True, value=value, slips=tuple(self.schema.slips(value)))

    async def _form(self, scope: Scope, receive: Receive, kind: str, held: Held) -> ReadBody:
        came = False

        async def stream() -> AsyncGenerator[bytes, None]:
            nonlocal came
            async for part in _parts(receive):
                came = came or bool(part)
                if kind == FORM:
                    held.more(len(part))
                yield part

        try:
            if kind == FORM_WITH_FILES:
                parser: FormParser | MultiPartParser = _Parts(
                    Headers(scope=scope), stream(), held=held, texts=self.form.texts
                )
            else:
                parser = FormParser(Headers(scope=scope), stream())
            form = await parser.parse()
        except MultiPartException as error:
            return _wrong(f"must be a form: {error.message}") if came else ReadBody(came=False)
        return self._judged(self.form.read(form)) if came or form else ReadBody(came=False)


def readers_of(body: Body) -> dict[str, BodyReader]:
    """Make the readers of what an operation accepts, by media type."""
    content = body.node.get("content")
    readers: dict[str, BodyReader] = {}
    for media_type, schema in body.schemas.items():
        described = content.get(media_type) if isinstance(content, Mapping) else None
        encoding = described.get("encoding") if isinstance(described, Mapping) else None
        known = encoding if isinstance(encoding, Mapping) else {}
        readers.setdefault(plain(media_type), BodyReader(schema, known))
    return readers


def _wrong(must: str) -> ReadBody:
    return ReadBody(came=True, slips=(Misfit((), must),))


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _charset(media_type: str) -> str:
    for parameter in media_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'")
    return ""


async def _parts(receive: Receive) -> AsyncGenerator[bytes, None]:
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
        yield message.get("body", b"")


async def _whole(receive: Receive, held: Held) -> bytes:
    body = bytearray()
    async for part in _parts(receive):
        held.more(len(part))
        body += part
    return bytes(body)


class _Parts(MultiPartParser):
    """The parser of a form's parts, which keeps nothing of its files: only their names count.

    Args:
        headers: of the request.
        stream: the parts of its body.
        held: counts the bytes that are held.
        texts: names of members that are no files, even if a browser names a file: it does so for
            every `Blob`.
    """

    def __init__(
        self,
        headers: Headers,
        stream: AsyncGenerator[bytes, None],
        *,
        held: Held,
        texts: frozenset[str],
    ) -> None:
        super().__init__(headers, stream, max_part_size=sys.maxsize)  # all of it is limited
        self.held = held
        self.texts = texts

    def on_headers_finished(self) -> None:
        """Begin a part."""
        super().on_headers_finished()
        if self._current_part.file is not None and self._current_part.field_name in self.texts:
            self._files_to_close_on_error.pop().close()
            self._current_part.file = None

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Keep the text of a field, and let the bytes of a file go."""
        if self._current_part.file is None:
            self.held.more(end - start)
            super().on_part_data(data, start, end)

    async def parse(self) -> FormData:
        """Read the form."""
        form = await super().parse()
        await form.close()
        return form
