"""The stage before any claim: who answered, and what gave it away.

One call comes in; out comes one of four answerers, with the evidence. The rules are general, by the
classes of HTTP (RFC 9110) and by the operation's own envelope, so products that nobody has listed
are told as well as those in `products.py`.

- A 2xx that holds anything of the documented answer is of the operation, even if it is broken.
- An error that holds the service's envelope is of the service; so is a refusal of the request
  itself, in JSON, and a failure that no gateway would name.
- Whatever else answered stands in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from http import HTTPStatus

from contract.judging.content import Content, JsonContent, OtherContent
from contract.judging.exchange import Response
from contract.judging.foreign_text import holds_own_object
from contract.judging.own_envelope import OwnEnvelope, objects
from contract.judging.products import recognised
from contract.registry import Entry, registry
from contract.spec.vocabulary import shown


class Answerer(StrEnum):
    """Who answered a call."""

    OPERATION = "operation"
    SERVICE = "service"
    FRONT = "front"
    NOBODY = "nobody"


ANSWERERS: Mapping[str, Entry] = registry(
    (
        Entry(
            name=Answerer.OPERATION,
            english="The operation answered.",
            chinese="应答者：被调用的接口。",
            broken='HTTP 200 {"code": "000", "data": {…}}',
        ),
        Entry(
            name=Answerer.SERVICE,
            english="The service answered, but not the operation.",
            chinese="应答者：服务本身，但不是被调用的接口。",
            broken='HTTP 415 {"status": 415, "error": "Unsupported Media Type"}',
        ),
        Entry(
            name=Answerer.FRONT,
            english="Something in front of the service answered.",
            chinese="应答者：服务前面的设备或页面（网关、防火墙、登录页）。",
            broken="HTTP 200 <!DOCTYPE html><title>Login</title>",
        ),
        Entry(
            name=Answerer.NOBODY,
            english="Nobody answered.",
            chinese="应答者：无，没有收到应答。",
            broken="connection refused",
        ),
    )
)
"""Who can answer, by the word that reports show."""

WHO: Mapping[Answerer | None, tuple[str, str]] = {
    Answerer.OPERATION: ("the operation", "接口本身"),
    Answerer.SERVICE: ("the service, but not the operation", "服务，但不是该接口"),
    Answerer.FRONT: ("something in front of the service", "服务前面的设备或页面"),
    Answerer.NOBODY: ("nobody", "无应答"),
    None: ("not known", "不明"),
}
"""Who answered, as a report says it, in English and in Chinese."""

REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_ACCEPTABLE,
        HTTPStatus.LENGTH_REQUIRED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.REQUEST_URI_TOO_LONG,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
"""The statuses that speak of the request itself: in JSON, they are the service's."""
ABSENCES = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE})
"""The statuses that a front without a route answers too."""
_OF_GATEWAYS = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)

_TITLE = re.compile(r"<title[^<>]{0,200}>\s*([^<]{1,200})", re.IGNORECASE)
_START = 1 << 14
"""How much of a body is looked at for what gives its author away."""
_WORDS = 4
"""How many members of a JSON answer are shown."""


def who_answered(response: Response, content: Content, envelope: OwnEnvelope) -> Answerer:
    """Say who wrote an HTTP answer."""
    kind = response.status // 100
    if kind == HTTPStatus.OK // 100:
        return of_success(content, envelope)
    own = isinstance(content, JsonContent) and any(map(envelope.is_own, objects(content.value)))
    if own or (response.status in REFUSALS and isinstance(content, JsonContent)):
        return Answerer.SERVICE
    fails = kind == HTTPStatus.INTERNAL_SERVER_ERROR // 100
    return Answerer.SERVICE if fails and response.status not in _OF_GATEWAYS else Answerer.FRONT


def of_success(content: Content, envelope: OwnEnvelope) -> Answerer:
    """Say who wrote an answer that has the documented status."""
    if isinstance(content, JsonContent):
        return Answerer.OPERATION if envelope.is_in(content.value) else Answerer.FRONT
    if not content.is_text or holds_own_object(content, envelope):
        return Answerer.OPERATION
    return Answerer.FRONT


def evidence_of(response: Response, content: Content | None) -> str:
    """Say in one line what came and what gives its author away; nothing as the server sent it."""
    said = [f"HTTP {response.status}", *_what_came(response, content)]
    known = recognised(response, _text_of(response, content))
    server = response.header("Server")
    clues = [f"Server: {shown(server)}"] if server else []
    clues += [f"looks like {known}"] if known else []
    return ", ".join(said) + (f" ({'; '.join(clues)})" if clues else "")


def _text_of(response: Response, content: Content | None) -> str:
    if isinstance(content, OtherContent):
        return content.text
    return response.body[:_START].decode("utf-8", "replace")


def _what_came(response: Response, content: Content | None) -> Iterator[str]:
    location = response.header("Location")
    if location is not None:
        yield f"to {shown(location)}"
    if isinstance(content, JsonContent):
        yield said_in(content.value)
    elif content is not None and content.is_page:
        title = _TITLE.search(content.text[:_START])
        yield f"a page titled {shown(title[1].strip())}" if title else _beginning(content, "a page")
    elif content is not None and content.is_text:
        yield _beginning(content, "a text")
    elif content is not None:
        yield content.problem


def _beginning(content: OtherContent, what: str) -> str:
    return f"{what} that begins {shown(' '.join(content.text[:200].split())[:40])}"


def said_in(value: object) -> str:
    """Show the first members of a JSON answer."""
    words = (
        [f"{shown(key)}: {shown(item)}" for key, item in value.items()]
        if isinstance(value, dict)
        else []
    )
    return ", ".join(words[:_WORDS]) or shown(value)
