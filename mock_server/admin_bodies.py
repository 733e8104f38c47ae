"""The bodies that the interface for tests takes: strict JSON, of the form that `admin.yaml` states.

Python's JSON reader takes more than JSON: NaN, numbers beyond every limit, names that stand twice,
halves of characters. A value of that kind would be kept, and break every later call. What is wrong
is told with its place, as a JSON pointer, and with what must stand there.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from jsonschema import ValidationError
from jsonschema.protocols import Validator
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.spec.vocabulary import shown
from mock_server.answer_editing import JSON
from mock_server.answers.delivery import deliver
from mock_server.problems import RequestRefused, malformed, problem

MAX_DEPTH = 16
"""How many levels a body may nest; none that is meant needs more than two."""

_DIGITS = 20
"""The most digits of an integer that is read as one; no setting is near to that."""


class StrictBodies:
    """An application whose bodies are read here first; it gets them as they were understood.

    Args:
        app: the application.
        validators: know what a body must be, by method and path.
    """

    def __init__(self, app: ASGIApp, validators: Mapping[tuple[str, str], Validator]) -> None:
        self.app = app
        self.validators = validators

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with a body that can be relied on, or refuse it."""
        validator = self.validators.get((scope["method"], scope["path"]))
        if validator is None and not _says_json(scope):
            await self.app(scope, receive, send)
            return
        try:
            sent = await whole_body(receive)
            understood = sent
            if validator is not None:
                _must_say_json(scope)
                understood = json.dumps(conforming(read(sent), validator)).encode()
            elif sent:
                read(sent)
        except RequestRefused as refused:
            await deliver(refused.problem.answer, send)
            return
        headers = [
            (name, value)
            for name, value in scope["headers"]
            if name not in {b"content-length", b"content-type", b"transfer-encoding"}
        ]
        headers += [
            (b"content-type", JSON.encode()),
            (b"content-length", b"%d" % len(understood)),
        ]
        read_here: list[Message] = [
            {"type": "http.request", "body": understood, "more_body": False}
        ]

        async def again() -> Message:
            return read_here.pop() if read_here else await receive()

        await self.app({**scope, "headers": headers}, again, send)


async def whole_body(receive: Receive) -> bytes:
    """Read the body of a request.

    Raises:
        RequestRefused: it is too large, or comes too slowly.
    """
    parts, more = [], True
    while more:
        try:
            message = await receive()
        except HTTPException as refusal:
            raise RequestRefused(problem(HTTPStatus(refusal.status_code), refusal.detail)) from None
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def read(body: bytes) -> object:
    """Read JSON as RFC 8259 has it, and as every other program would.

    Raises:
        RequestRefused: it is no JSON, nests too deeply, or holds what JSON has no words for.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise malformed(f"byte {error.start}: the body is not UTF-8; send JSON in UTF-8") from None
    if not text.strip():
        raise malformed("the body is empty; send a JSON object")
    try:
        value = json.loads(text, parse_int=_integer, object_pairs_hook=_Members)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise malformed(f"{where}: the body is not JSON: {error.msg}") from None
    except RecursionError:
        raise _too_deep() from None
    for place, wrong in _slips(value, "", 1):
        raise malformed(f"{place or 'the body'}: {wrong}")
    return value


def conforming(value: object, validator: Validator) -> object:
    """Give a value that is as the interface states it.

    Raises:
        RequestRefused: it is not; the message names the first place that is wrong.
    """
    errors = sorted(
        map(_meant, validator.iter_errors(value)),
        key=lambda error: [str(step) for step in error.absolute_path],
    )
    if errors:
        error = errors[0]
        place = "".join(f"/{step}" for step in error.absolute_path) or "the body"
        raise malformed(f"{place}: {_in_words(error)}")
    return value


def _meant(error: ValidationError) -> ValidationError:
    """Give what is wrong in the alternative that has the type of the value, if there is one."""
    if error.validator != "anyOf":
        return error
    deeper = [each for each in error.context if each.validator != "type" or each.path]
    return _meant(deeper[0]) if deeper else error


def _in_words(error: ValidationError) -> str:
    """Say what a value is and what it must be, however long it is."""
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        name = next(name for name in error.instance if name not in known)
        return f"{shown(name)} is not a member; the members are: {', '.join(known)}"
    if error.validator == "required":
        return str(error.message)
    wanted: Mapping[object, str] = {
        "type": f"of type {error.validator_value}",
        "enum": f"one of {', '.join(map(str, error.schema.get('enum', ())))}",
        "minimum": f"{error.validator_value} or more",
        "maximum": f"{error.validator_value} or less",
        "maxItems": f"at most {error.validator_value} items",
        "anyOf": error.schema.get("title"),
    }
    return f"{shown(error.instance)} must be {wanted[error.validator]}"


class _Members(dict[str, object]):
    """An object that knows which name stood twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        self.twice: str | None = None
        for name, _ in pairs:
            if name in seen:
                self.twice = name
            seen.add(name)


def _integer(digits: str) -> float:
    return int(digits) if len(digits) <= _DIGITS else float(digits)


def _slips(value: object, place: str, level: int) -> Iterator[tuple[str, str]]:
    """Find what a program cannot rely on; deeper than `MAX_DEPTH` nothing is looked at."""
    if level > MAX_DEPTH:
        raise _too_deep()
    if isinstance(value, float) and not math.isfinite(value):
        yield place, "must be a finite number; JSON has no NaN and no Infinity"
    elif isinstance(value, str) and not _is_text(value):
        yield place, "must be text; it holds one half of a surrogate pair"
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _slips(item, f"{place}/{number}", level + 1)
    elif isinstance(value, _Members):
        if value.twice is not None:
            yield place, f"the member {shown(value.twice)} stands twice; send it once"
        for name, item in value.items():
            if not _is_text(name):
                yield place, "a name must be text; one holds one half of a surrogate pair"
            yield from _slips(item, f"{place}/{name[:40]}", level + 1)


def _is_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _media_type(scope: Scope) -> str:
    sent = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return str(sent.decode("latin-1")).partition(";")[0].strip().lower()


def _says_json(scope: Scope) -> bool:
    return _media_type(scope) == JSON


def _must_say_json(scope: Scope) -> None:
    """Take a body without a media type for JSON, and refuse one of another."""
    sent = _media_type(scope)
    if sent not in {"", JSON}:
        detail = f"Content-Type: {shown(sent)} must be {JSON}"
        raise RequestRefused(problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail))


def _too_deep() -> RequestRefused:
    return malformed(f"the body: must nest at most {MAX_DEPTH} levels")
