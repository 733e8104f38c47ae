"""Spec → what each operation can answer, compiled once when the spec is loaded.

An operation has one reply for each status that the spec describes. Its first healthy answer is
checked against the spec here; where every answer is another, each is checked as a value, before it
is encoded. An operation of which no answer can be made is listed with the reason, and keeps no
other from being served.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus

import jsonschema_rs
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from contract.spec.media_types import BodyForm
from contract.spec.operations import DocumentedResponse, Operation, Spec, UnreadOperation
from contract.spec.plain_values import NoValue, plain_value
from contract.spec.references import InvalidSpec, optional
from contract.spec.vocabulary import ANNOTATIONS, json_schema, validator
from mock_server.answer_editing import Answer, NotApplicable
from mock_server.answers.draw import Draw, Maker
from mock_server.answers.generators import is_generated, maker_of
from mock_server.answers.issued_texts import NumberForm
from mock_server.answers.made_headers import generator_of, made_headers
from mock_server.answers.payloads import body_of, media_type_of, placeholder
from mock_server.drawing.captcha import Captchas
from mock_server.faults.fault import Fault
from mock_server.problems import RequestRefused, problem

_SAYS_NOTHING = (ANNOTATIONS | {"nullable"}) - {"example", "default"}
"""The keywords that leave open what a value is."""
_OF_TRANSFERS = frozenset(
    {"connection", "content-encoding", "content-length", "date", "keep-alive", "trailer"}
    | {"transfer-encoding", "upgrade"}
)
"""The headers that a server writes itself, whatever a spec says of them."""

_NEGOTIATED = ("vary", "Accept")
"""The header of an answer that has several media types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One status that an operation can answer with.

    Attributes:
        documented: what the spec says of it.
        media_type: the one that it is sent with; empty where there is no body.
        make: makes its payload.
        headers: those that the spec describes.
        made: the headers that are made for each answer, and what makes them.
        shows_captchas: whether it has a captcha that was drawn for it.
        forms: those of the numbers of captchas in its payload.
        alternatives: the same answer in other media types.
    """

    documented: DocumentedResponse
    media_type: str
    make: Maker
    headers: tuple[tuple[str, str], ...]
    shows_captchas: bool
    made: tuple[tuple[str, Maker], ...] = ()
    forms: tuple[NumberForm, ...] = ()
    alternatives: tuple[Reply, ...] = ()

    def accepted(self, accept: str, example: str | None = None) -> Reply:
        """Give the answer in the media type that a client likes best (RFC 9110, section 12.5.1).

        It is this one for a client that says nothing, or that likes none.

        Args:
            accept: its header Accept.
            example: the name of the example that the answer must have, if any.
        """
        known = {
            each.media_type.partition(";")[0]: each
            for each in (self, *self.alternatives)
            if example is None or example in each.examples
        }
        return known.get(parse_accept_header(accept, MIMEAccept).best_match(known) or "", self)

    def draw(self, captchas: Captchas, number: str) -> Draw:
        """Give what a payload is made from: of few numbers, the one that comes in its place."""
        for form in self.forms:
            number = form.folded(number, captchas)
        return Draw(captchas, number)

    def with_headers(self, draw: Draw) -> Reply:
        """Give the reply with the headers that are made for one answer."""
        made = tuple((name, str(make(draw))) for name, make in self.made)
        return replace(self, headers=(*self.headers, *made), made=())

    @property
    def status(self) -> int:
        """The status that is sent."""
        return self.documented.status

    @property
    def examples(self) -> Mapping[str, object]:
        """The examples that a request may ask for, by name."""
        return self.documented.examples

    def answer(self, payload: object) -> Answer:
        """Give a payload as an answer of this status."""
        body = body_of(self.documented, payload)
        return Answer(self.status, self.media_type, body, self.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedOperation:
    """One operation with everything that it can answer.

    Attributes:
        operation: as the spec describes it.
        good: the reply of a successful call.
        replies: every reply by its status, the successful one first.
    """

    operation: Operation
    good: Reply
    replies: Mapping[str, Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What can be served of a spec: the operations by their ids, and the others with reasons."""

    operations: Mapping[str, ServedOperation]
    unserved: tuple[UnreadOperation, ...]


def served_operations(spec: Spec, captchas: Captchas) -> Service:
    """Compile every operation of a spec.

    Raises:
        InvalidSpec: none of them can be served.
    """
    operations: dict[str, ServedOperation] = {}
    unserved = [*spec.unread]
    for operation in spec.operations:
        try:
            operations[operation.id] = _compiled(operation, captchas)
        except InvalidSpec as problem:
            unserved.append(unread(operation, problem))
    must_serve(operations, unserved)
    return Service(operations=operations, unserved=tuple(unserved))


def must_serve(operations: Collection[object], unserved: Sequence[UnreadOperation]) -> None:
    """Make sure that there are operations to serve, unless the spec has none.

    Raises:
        InvalidSpec: none of the spec's operations can be served.
    """
    if unserved and not operations:
        first, *others = unserved
        more = f"; none of {len(unserved)} operations can be served" if others else ""
        raise InvalidSpec(first.place, f"{first.reason}{more}")


def unread(operation: Operation, problem: InvalidSpec) -> UnreadOperation:
    """List an operation that cannot be served, with the reason."""
    return UnreadOperation(
        id=operation.id,
        method=operation.method,
        path=operation.path,
        place=problem.place,
        reason=problem.problem,
    )


def _compiled(operation: Operation, captchas: Captchas) -> ServedOperation:
    if operation.status < HTTPStatus.OK:
        problem = f"HTTP {operation.status} ends no call; document the answer that follows it"
        raise InvalidSpec(operation.answer.place, problem)
    good = _reply(operation.answer)
    wrong = _wrong(operation, good, captchas)
    if wrong is not None and not is_generated(operation.schema):
        good = _reply(operation.answer, shown=False)
        wrong = wrong if _wrong(operation, good, captchas) else None
    if wrong is not None:
        raise InvalidSpec(operation.place, f"the answer made from the spec breaks it at {wrong}")
    if good.shows_captchas:
        good = replace(good, forms=_forms(good, captchas))
    if good.documented.form is BodyForm.JSON and is_generated(operation.schema):
        good = replace(good, make=_checked(good.make, operation))
    good = _with(good, tuple(_alternatives(operation.answer, captchas)))
    replies = {str(good.status): good}
    for each in operation.others:
        if each.status >= HTTPStatus.OK:
            with suppress(InvalidSpec):  # what cannot be asked for keeps nobody from the good one
                others = tuple(_alternatives(each, captchas))
                replies.setdefault(str(each.status), _with(_reply(each), others))
    return ServedOperation(operation=operation, good=good, replies=replies)


def _alternatives(answer: DocumentedResponse, captchas: Captchas) -> Iterator[Reply]:
    """Compile an answer in its other media types, where that can be done."""
    for each in answer.alternatives:
        with suppress(InvalidSpec):
            reply = _reply(each)
            judge = validator(each.schema)
            if each.form is BodyForm.JSON and not judge.is_valid(_first_payload(reply, captchas)):
                reply = _reply(each, shown=False)
            forms = _forms(reply, captchas) if reply.shows_captchas else ()
            yield replace(reply, forms=forms, headers=(*reply.headers, _NEGOTIATED))


def _with(reply: Reply, alternatives: tuple[Reply, ...]) -> Reply:
    if not alternatives:
        return reply
    return replace(reply, alternatives=alternatives, headers=(*reply.headers, _NEGOTIATED))


def _forms(reply: Reply, captchas: Captchas) -> tuple[NumberForm, ...]:
    """List the forms of the numbers of captchas in a payload, the one with most room first."""
    found: list[NumberForm] = []
    draw = Draw(captchas, captchas.number(0), found)
    reply.make(draw)
    reply.with_headers(draw)
    return tuple(sorted(dict.fromkeys(found), key=lambda form: -form.room))


def _checked(make: Maker, operation: Operation) -> Maker:
    """Let no payload pass that breaks the spec; the formats were checked in the first answer."""
    schemas = (operation.schema, *operation.failures)
    judges = [jsonschema_rs.Draft4Validator(json_schema(schema, "writeOnly")) for schema in schemas]

    def checked(draw: Draw) -> object:
        payload = make(draw)
        for judge in judges:
            if judge.is_valid(payload):
                return payload
        wrong = next(judges[0].iter_errors(payload))
        where = "/".join(map(str, wrong.instance_path))
        detail = f"the answer made from the spec breaks it at {where}: {wrong.message}"
        raise RequestRefused(problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail))

    return checked


def _reply(answer: DocumentedResponse, *, shown: bool = True) -> Reply:
    """Compile one documented answer; `shown` if its first example may be sent."""
    return Reply(
        documented=answer,
        media_type=media_type_of(answer),
        make=_maker(answer, answer.success if shown else {}),
        headers=tuple(_headers(answer)),
        made=tuple(made_headers(answer)),
        shows_captchas=is_generated(answer.schema, "captcha.")
        or any(generator_of(each).startswith("captcha.") for each in answer.headers.values()),
    )


def _maker(answer: DocumentedResponse, examples: Mapping[str, object]) -> Maker:
    if answer.form is BodyForm.NONE:
        return lambda _: None
    if not examples and not is_generated(answer.schema):
        made = placeholder(answer)
        if (
            made is None
            and answer.form is BodyForm.JSON
            and _SAYS_NOTHING.issuperset(answer.schema)
        ):
            made = {}
        if made is not None:
            return lambda _: made
    return maker_of(answer.schema, examples)


def _wrong(operation: Operation, reply: Reply, captchas: Captchas) -> str | None:
    """Say where the first answer breaks the spec; None where it keeps it."""
    if reply.documented.form is not BodyForm.JSON:
        return None
    payload = _first_payload(reply, captchas)
    broken = []
    for schema in (operation.schema, *operation.failures):
        error = next(iter(validator(schema).iter_errors(payload)), None)
        if error is None:
            return None
        broken.append(f"{'/'.join(map(str, error.instance_path))}: {error.message}")
    return broken[0]


def _headers(answer: DocumentedResponse) -> Iterator[tuple[str, str]]:
    """Give the headers that the spec describes, with the values that it shows or allows."""
    for name, described in answer.headers.items():
        if name.lower() not in _OF_TRANSFERS and not generator_of(described):
            try:
                value = described.get("example", plain_value(optional(described, "schema")))
            except NoValue:
                continue
            text = _header_text(value)
            if name.isascii() and text.isascii() and text.isprintable():
                yield name.lower(), text


def _header_text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(_header_text, value))
    if isinstance(value, dict):
        return ",".join(f"{name},{_header_text(each)}" for name, each in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _first_payload(reply: Reply, captchas: Captchas) -> object:
    return reply.make(Draw(captchas, captchas.number(0)))


def must_apply(fault: Fault, operations: Iterable[ServedOperation], captchas: Captchas) -> None:
    """Make sure that a fault has something to break in at least one operation.

    Raises:
        NotApplicable: it has nothing to break; the message gives the reason of each operation.
    """
    reasons: list[str] = []
    for each in operations:
        healthy = each.good.answer(_first_payload(each.good, captchas))
        try:
            fault.apply(healthy, each.operation)
        except NotApplicable as reason:
            reasons.append(str(reason))
        else:
            return
    raise NotApplicable(f"fault {fault.name} breaks nothing here: {'; '.join(reasons)}")
