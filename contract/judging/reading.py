"""Exchange → reading: an answer that can be judged, or one of three other cases.

The service refused the call, or its body is not JSON, or the answer says nothing about the
contract. The first case that fits decides. Only a judgeable answer goes on to the checks of its
members. `docs/judging.md` shows an answer of every case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from http import HTTPStatus

from contract.instances import MISSING, instances
from contract.judging.content import Content, JsonContent, OtherContent, content_of
from contract.judging.exchange import NOT_SENT, Exchange, Failure, Response
from contract.judging.own_envelope import OwnEnvelope, objects, own_envelope
from contract.judging.who_answered import (
    ABSENCES,
    REFUSALS,
    Answerer,
    evidence_of,
    of_success,
    said_in,
    who_answered,
)
from contract.spec.media_types import BodyForm, plain
from contract.spec.members import Member
from contract.spec.operations import Operation
from contract.spec.vocabulary import IMAGE, beyond_budget

_BY_STATUS: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "access-refused",
    HTTPStatus.FORBIDDEN: "access-refused",
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: "access-refused",
    HTTPStatus.REQUEST_TIMEOUT: "timed-out",
    HTTPStatus.TOO_MANY_REQUESTS: "rate-limited",
    **dict.fromkeys(
        (
            HTTPStatus.PAYMENT_REQUIRED,
            HTTPStatus.LOCKED,
            HTTPStatus.FAILED_DEPENDENCY,
            HTTPStatus.TOO_EARLY,
            HTTPStatus.UPGRADE_REQUIRED,
            HTTPStatus.PRECONDITION_REQUIRED,
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
        ),
        "other-cause",
    ),
}
_BY_CLASS: Mapping[int, str] = {3: "redirected", 5: "server-error"}
_OF_FAILURES: Mapping[str, Answerer | None] = {
    "proxy": Answerer.FRONT,
    "too-large": None,
    "undecodable": None,
}
"""Who is behind a failure; of an answer that could not be read it is not known."""
_WITHOUT_BODY: Mapping[int, str] = dict.fromkeys(
    (HTTPStatus.BAD_REQUEST, HTTPStatus.LENGTH_REQUIRED, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    "; the call was sent without a body and a media type, as documented",
)


@dataclass(frozen=True, slots=True)
class Unjudged:
    """The answer says nothing about the contract: a reason, what came, and who sent it.

    `who` is None where an answer came that could not be read, or that a recording does not show.
    """

    reason: str
    evidence: str
    who: Answerer | None = Answerer.NOBODY


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
        value: the value of its body; if a member is named twice, the last one counts. Of a body
            that is neither JSON nor a text it is `MISSING`.
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
        who = _OF_FAILURES.get(response.kind, Answerer.NOBODY)
        return Unjudged(reason, f"{response.kind}: {response.evidence}", who)
    if response.unrecorded:
        return _unrecorded(response)
    return _came(exchange, response, operation, own_envelope(operation, rows))


def _came(
    exchange: Exchange, response: Response, operation: Operation, envelope: OwnEnvelope
) -> Reading:
    try:
        content = content_of(response)
    except RecursionError:
        evidence = f"HTTP {response.status}, JSON nested too deeply"
        return Unjudged("too-large", evidence, Answerer.OPERATION)
    if _is_success(response.status, operation):
        return _of_success(exchange, response, content, operation, envelope)
    if isinstance(content, JsonContent) and _is_refusal(response, content, envelope):
        hint = "" if exchange.request.body else _WITHOUT_BODY.get(response.status, "")
        return RefusedCall(f"HTTP {response.status}, {said_in(content.value)}{hint}")
    who = who_answered(response, content, envelope)
    reason = _reason(response.status)
    if reason == "not-the-service" and who is Answerer.SERVICE:
        reason = "other-cause"
    return Unjudged(reason, evidence_of(response, content), who)


def _is_success(status: int, operation: Operation) -> bool:
    """Say whether a status is of the documented answer's class, which is mostly 2xx."""
    promised = operation.status
    is_good = status // 100 == HTTPStatus.OK // 100
    return is_good or (promised // 100 != HTTPStatus.OK // 100 and operation.answer.allows(status))


def _unrecorded(response: Response) -> Unjudged:
    """Read an answer of which a recording shows no body: its status may say enough."""
    if response.status in _BY_STATUS or response.status // 100 in _BY_CLASS:
        return Unjudged(_reason(response.status), evidence_of(response, None), None)
    return Unjudged("unrecorded", f"HTTP {response.status}, {response.unrecorded}", None)


def _reason(status: int) -> str:
    return _BY_STATUS.get(status) or _BY_CLASS.get(status // 100, "not-the-service")


def _is_refusal(response: Response, content: JsonContent, envelope: OwnEnvelope) -> bool:
    """Say whether the service refused the documented call: it speaks of the request, or itself."""
    if response.status in ABSENCES:
        return any(map(envelope.is_own, objects(content.value)))
    return response.status in REFUSALS


def _of_success(
    exchange: Exchange,
    response: Response,
    content: Content,
    operation: Operation,
    envelope: OwnEnvelope,
) -> Reading:
    if operation.answer.form is not BodyForm.JSON:
        return _of_another_form(exchange, response, content, operation)
    who = of_success(content, envelope)
    if not isinstance(content, JsonContent):
        if who is Answerer.OPERATION:
            return Broken(f"HTTP {response.status}, {content.problem}")
        return Unjudged("not-the-service", evidence_of(response, content), who)
    if who is not Answerer.OPERATION:
        return Unjudged("not-the-operation", evidence_of(response, content), who)
    failed = envelope.business_error(content.value)
    unjudged = (
        Unjudged("business-error", f"{failed}; fields not judged", who)
        if failed
        else _bomb(content.value, operation)
    )
    return unjudged or JudgeableAnswer(content.value, response, exchange.seconds, content.repeated)


def _of_another_form(
    exchange: Exchange, response: Response, content: Content, operation: Operation
) -> Reading:
    """Read an answer that is documented as no JSON: as nothing, a text, or bytes.

    A page, or a text labelled as another one, is not the documented picture: something in front
    answered. An object of JSON in its place is of the service, or of a front.
    """
    answer = operation.answer
    page = isinstance(content, OtherContent) and content.is_page
    label = plain(response.header("Content-Type") or "")
    expected = fnmatchcase(label, plain(answer.media_type))
    if page and "html" not in answer.media_type.lower() and not expected:
        return Unjudged("not-the-service", evidence_of(response, content), Answerer.FRONT)
    if response.body and answer.form is not BodyForm.NONE and not expected:
        file = answer.form is BodyForm.BYTES
        if isinstance(content, JsonContent) and (file or isinstance(content.value, dict | list)):
            evidence = evidence_of(response, content)
            return Unjudged("not-the-operation", evidence, Answerer.SERVICE)
        text = label.startswith("text/") or (
            not label and isinstance(content, OtherContent) and content.is_text
        )
        if file and text:
            return Unjudged("not-the-service", evidence_of(response, content), Answerer.FRONT)
    shown = answer.form is BodyForm.TEXT and response.body
    value = response.body.decode("utf-8", "replace") if shown else MISSING
    return JudgeableAnswer(value, response, exchange.seconds, ())


def _bomb(value: object, operation: Operation) -> Unjudged | None:
    """Refuse to judge a picture that would cost too much to decode."""
    for member in operation.members:
        if member.schema.get("format") == IMAGE:
            for found in instances(value, member.path):
                reason = beyond_budget(found.value) if isinstance(found.value, str) else None
                if reason is not None:
                    return Unjudged("too-large", f"{found.pointer}: {reason}", Answerer.OPERATION)
    return None
