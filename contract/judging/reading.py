"""Exchange → reading: an answer that can be judged, or one of three other cases.

The service refused the call, or its body is not JSON, or the answer says nothing about the
contract. The first case that fits decides. Only a judgeable answer goes on to the checks of its
members.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from contract.instances import MISSING, instances, present
from contract.judging.exchange import NOT_SENT, Exchange, Failure, Response
from contract.pictures import image
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.vocabulary import IMAGE, picture, shown

BOM = b"\xef\xbb\xbf"
"""The byte order mark, in UTF-8."""

_BY_STATUS: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "access-refused",
    HTTPStatus.FORBIDDEN: "access-refused",
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "access-refused",
    HTTPStatus.REQUEST_TIMEOUT: "timed-out",
    HTTPStatus.TOO_MANY_REQUESTS: "rate-limited",
}
_BY_CLASS: Mapping[int, str] = {1: "not-the-service", 3: "redirected", 5: "server-error"}
_WITHOUT_BODY: Mapping[int, str] = dict.fromkeys(
    (HTTPStatus.BAD_REQUEST, HTTPStatus.LENGTH_REQUIRED, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    "; the call was sent without a body and a media type, as documented",
)
_HTML = re.compile(rb"\s*<(?:!doctype )?html", re.IGNORECASE)
_DIGITS = 4000
"""How many digits of an integer are read."""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """The answer says nothing about the contract: the name of a reason, and what came."""

    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """The service refused the documented call, in JSON."""

    evidence: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The service answered, but not with JSON in UTF-8."""

    evidence: str


@dataclass(frozen=True, slots=True)
class JudgeableAnswer:
    """The answer can be judged.

    Attributes:
        value: the value of its body; if a member is named twice, the last one counts.
        response: the HTTP response.
        seconds: how long it took, to its last byte.
        repeated: the names that stand twice in an object of the body.
    """

    value: object
    response: Response
    seconds: float
    repeated: tuple[str, ...]


Reading = Unjudged | RefusedCall | Broken | JudgeableAnswer
"""What one call says: an answer that can be judged, or one of three other cases."""


def read(exchange: Exchange, operation: Operation, rows: tuple[Member, ...]) -> Reading:
    """Read the outcome of one call; `rows` are the members that the field table documents."""
    response = exchange.outcome
    if isinstance(response, Failure):
        if response.kind == NOT_SENT:
            return Unjudged("not-observed", response.evidence)
        reason = "too-large" if response.kind == "too-large" else "no-answer"
        return Unjudged(reason, f"{response.kind}: {response.evidence}")
    return _by_status(response) or _by_body(exchange, response, operation, rows)


def _by_status(response: Response) -> Unjudged | None:
    """Give the reason if something else answered, or the service could not answer."""
    status = f"HTTP {response.status}"
    reason = _BY_STATUS.get(response.status) or _BY_CLASS.get(response.status // 100)
    if reason is not None:
        location = response.header("Location")
        return Unjudged(reason, status if location is None else f"{status} to {shown(location)}")
    return Unjudged("not-the-service", f"{status}, an HTML page") if _is_html(response) else None


def _by_body(
    exchange: Exchange, response: Response, operation: Operation, rows: tuple[Member, ...]
) -> Reading:
    status = f"HTTP {response.status}"
    if response.unrecorded:
        return Unjudged("unrecorded", f"{status}, {response.unrecorded}")
    refused = response.status // 100 == HTTPStatus.BAD_REQUEST // 100
    try:
        value, repeated = _json(response.body)
    except RecursionError:
        return Unjudged("too-large", f"{status}, JSON nested too deeply")
    except ValueError as error:
        evidence = f"{status}, {len(response.body)} bytes: {error}"
        return Unjudged("not-the-service", evidence) if refused else Broken(evidence)
    if refused:
        hint = "" if exchange.request.body else _WITHOUT_BODY.get(response.status, "")
        return RefusedCall(f"{status}, {_message(value)}{hint}")
    unjudged = _business_error(value, operation, rows) or _bomb(value, operation)
    return unjudged or JudgeableAnswer(value, response, exchange.seconds, repeated)


def _is_html(response: Response) -> bool:
    return _HTML.match(response.body.removeprefix(BOM)) is not None


def _json(body: bytes) -> tuple[object, tuple[str, ...]]:
    """Read RFC 8259 JSON in UTF-8, and the names that stand twice in one object.

    Such names, and a BOM, are accepted here: they have checks of their own.
    """
    if not body:
        raise ValueError("the body is empty")
    try:
        text = body.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1} is not UTF-8") from None
    repeated: dict[str, None] = {}

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        named = dict(pairs)
        if len(named) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            repeated.update((name, None) for name in counts if counts[name] > 1)
        return named

    try:
        value: object = json.loads(
            text, object_pairs_hook=members, parse_constant=_no_constant, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from None
    return value, tuple(repeated)


def _no_constant(word: str) -> object:
    raise ValueError(f"not JSON: {word} is not a JSON value")


def _integer(digits: str) -> int:
    # The interpreter refuses to read more digits; no promise needs the exact value.
    return int(digits[:_DIGITS])


def _message(value: object) -> str:
    words = (
        [f"{shown(key)}: {shown(item)}" for key, item in value.items()]
        if isinstance(value, dict)
        else []
    )
    return ", ".join(words[:4]) or shown(value)


def _business_error(
    value: object, operation: Operation, rows: tuple[Member, ...]
) -> Unjudged | None:
    member = operation.business_code
    if member is None:
        return None
    code = next((each.value for each in instances(value, member.path)), MISSING)
    success = member.schema["x-business-success"]
    if isinstance(code, bool) or not isinstance(code, str | int) or code in _list(success):
        return None
    if any(each.value is not None for row in rows for each in present(value, row.path)):
        return None
    message = value.get("msg", "") if isinstance(value, dict) else ""
    return Unjudged("business-error", f"business error {shown(code)} {shown(message)}")


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _bomb(value: object, operation: Operation) -> Unjudged | None:
    """Refuse to judge a picture that would take too much memory to decode."""
    for member in operation.members:
        if member.schema.get("format") == IMAGE:
            for found in instances(value, member.path):
                try:
                    picture(found.value) if isinstance(found.value, str) else None
                except image.TooLarge as error:
                    return Unjudged("too-large", f"{found.pointer}: {error}")
                except (image.NotBase64, image.NotAnImage):
                    continue
    return None
