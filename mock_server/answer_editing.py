"""An answer as a value, and the means to break it: find a member, change it, encode it again.

Members are found by what the spec says about them, never by name, so a fault works for every
operation that has such a member.
"""

from __future__ import annotations

import base64
import io
import json
import zlib
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass, replace

import orjson
from PIL import Image

from contract.findings import Level
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.vocabulary import IMAGE

JSON = "application/json"
"""The media type of JSON."""
HTML = "text/html; charset=utf-8"
"""The media type of pages."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, as a value: status, media type (empty for none), further headers, body."""

    status: int
    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class NotApplicable(ValueError):  # noqa: N818 - no error: the operation has nothing to break
    """The operation has no member of the kind that this fault breaks."""


def encode(payload: object) -> bytes:
    """Encode a healthy payload as the mock server sends it: UTF-8, no escapes, no spaces."""
    try:
        # A copy, because orjson asks for eight times as much memory as a text has: what the journal
        # keeps of it would leave holes that nothing else fills.
        return bytes(memoryview(orjson.dumps(payload)))
    except TypeError:  # an integer of more than 64 bits
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def payload_of(answer: Answer) -> object:
    """Give the answer's body as a value.

    Raises:
        NotApplicable: it is no JSON.
    """
    try:
        return json.loads(answer.body)
    except ValueError:
        raise NotApplicable("the answer is no JSON") from None


def holders(payload: object, path: tuple[str, ...]) -> Iterator[MutableMapping[str, object]]:
    """Give every object that holds the member at the end of a path; `*` stands for all items."""
    if len(path) == 1 and isinstance(payload, dict):
        yield payload
    elif path and path[0] == "*" and isinstance(payload, list):
        for item in payload:
            yield from holders(item, path[1:])
    elif path and isinstance(payload, dict):
        yield from holders(payload.get(path[0]), path[1:])


def edited(
    answer: Answer,
    member: Member,
    edit: Callable[[MutableMapping[str, object], str], object],
) -> Answer:
    """Edit a member in every object that holds it; the edit gets the object and the name."""
    payload = payload_of(answer)
    for holder in holders(payload, member.path):
        edit(holder, member.path[-1])
    return replace(answer, body=encode(payload))


def with_value(answer: Answer, member: Member, change: Callable[[object], object]) -> Answer:
    """Change the value of a member, in every object that holds it."""

    def edit(holder: MutableMapping[str, object], name: str) -> None:
        holder[name] = change(holder[name])

    return edited(answer, member, edit)


def without(answer: Answer, member: Member) -> Answer:
    """Leave a member out."""
    return edited(answer, member, lambda holder, name: holder.pop(name, None))


def first(operation: Operation, wanted: Callable[[Member], bool], what: str) -> Member:
    """Find the first member of a kind.

    Raises:
        NotApplicable: there is none; the message names the kind.
    """
    for member in operation.members:
        if member.path and member.path[-1] != "*" and wanted(member):
            return member
    raise NotApplicable(f"{operation.id} has no {what}")


def a_row(operation: Operation) -> Member:
    """Find a required field row of type String."""
    return first(
        operation,
        lambda member: (
            member.required is Level.TABLE
            and member.schema.get("type") == "string"
            and "minLength" in member.schema
        ),
        "required row of type String",
    )


def the_picture(operation: Operation) -> Member:
    """Find the 图片base64 row."""
    return first(operation, lambda member: member.schema.get("format") == IMAGE, "图片base64 row")


def the_number(operation: Operation) -> Member:
    """Find the row whose value no other answer has, such as 图片编号."""
    return first(
        operation,
        lambda member: "x-unique" in member.schema and member.schema.get("format") != IMAGE,
        "row with unique values",
    )


def the_container(operation: Operation) -> Member:
    """Find the member that the field rows live in."""
    return first(
        operation, lambda member: "properties" in member.schema, "object that holds the field rows"
    )


def the_code(operation: Operation) -> Member:
    """Find the member that carries the business code."""
    member = operation.business_code
    if member is None:
        raise NotApplicable(f"{operation.id} has no business code")
    return member


def typed(operation: Operation, name: str) -> Member:
    """Find a row of a JSON type."""
    return first(operation, lambda member: member.schema.get("type") == name, f"row of type {name}")


def shown_only(operation: Operation, keyword: str) -> Member:
    """Find a member with a fact that only the sample shows, such as a pattern."""

    def wanted(member: Member) -> bool:
        sample = member.schema.get("x-sample")
        return isinstance(sample, dict) and keyword in sample and "type" not in member.schema

    return first(operation, wanted, f"member whose sample only shows its {keyword}")


def in_some(answer: Answer, operation: Operation) -> bool:
    """Say whether an intermittent fault breaks this answer; the number decides, for about half."""
    *_, name = path = the_number(operation).path
    holder = next(holders(payload_of(answer), path))
    return zlib.crc32(str(holder[name]).encode()) % 2 == 0


def picture_bytes(value: object) -> tuple[str, bytes]:
    """Split a 图片base64 text into its data: URI prefix and the picture's bytes."""
    prefix, comma, text = str(value).rpartition(",")
    return prefix + comma, base64.b64decode(text)


def repainted(
    answer: Answer,
    operation: Operation,
    change: Callable[[bytes], bytes],
    prefix: str | None = None,
) -> Answer:
    """Change the picture's bytes, and its prefix where one is given."""

    def repaint(value: object) -> str:
        own, data = picture_bytes(value)
        text = base64.b64encode(change(data)).decode("ascii")
        return (own if prefix is None else prefix) + text

    return with_value(answer, the_picture(operation), repaint)


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    """Save a picture into bytes, in a format and with the options that Pillow has for it."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def as_format(form: str, **options: object) -> Callable[[bytes], bytes]:
    """Make a conversion of a picture's bytes into another format, or another way to write it."""
    return lambda data: saved(Image.open(io.BytesIO(data)), form, **options)
