"""What each operation demands of a request, and the middleware that holds requests to it.

A request is refused with everything that is wrong with it: credentials first, then parameters and
body together. What was read of a good one is passed on as `Carried`. To add a demand: a part of
`Demands.read` that adds to what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from contract.spec.media_types import FORM, FORM_WITH_FILES, BodyForm, form_of, plain
from mock_server.answer_editing import Answer
from mock_server.answers.replies import ServedOperation
from mock_server.problems import Problem, RequestRefused, problem
from mock_server.requests.carried import BODY, CARRIED, Carried, Wrong
from mock_server.requests.declared_security import security_of
from mock_server.requests.parameter_texts import Parameters
from mock_server.requests.rejections import ErrorForm, Rejections
from mock_server.requests.request_bodies import BodyReader, Held, Room, readers_of
from mock_server.routing import operation_id

HeldPlace = tuple[str, tuple[str, ...]]
"""The place of a value that is held to something: `header`, and the names that lead to it."""

_PLAIN = frozenset({b"", b"identity"})
_CODED = "the body has the Content-Encoding {}: send it as it is"


class Demands:
    """What one operation demands of a request.

    Args:
        served: the operation.
        form: how refusals look.
        lenient: whether no credentials are needed.
        judged: the places of values that the flow of captchas and tokens judges behind.
    """

    def __init__(
        self,
        served: ServedOperation,
        form: ErrorForm,
        *,
        lenient: bool,
        judged: Collection[HeldPlace] = (),
    ) -> None:
        self.judged = frozenset(judged)
        operation = served.operation
        self.security = None if lenient or not operation.security else security_of(operation)
        self.rejections = Rejections(served, form)
        self.parameters = Parameters(operation)
        self.body = operation.body
        self.readers = {} if self.body is None else readers_of(self.body)
        self.by_type = {plain(name): each for name, each in self.readers.items()}
        self.unauthorized = _shown_answer(served, HTTPStatus.UNAUTHORIZED)

    async def read(self, scope: Scope, receive: Receive, held: Held) -> Carried:
        """Read what a request carries.

        Raises:
            RequestRefused: it does not keep what is demanded.
        """
        later = self._must_be_let_in(scope)
        wrong: list[Wrong] = []
        parameters = self.parameters.read(scope, wrong)
        value = await self._body(scope, receive, held, wrong) if self.body is not None else None
        if wrong and not all(map(self._is_judged, wrong)):
            raise RequestRefused(self.rejections.of(wrong))
        if wrong and later is None:
            later = self.rejections.of(wrong)
        return Carried(parameters, value, later)

    def _is_judged(self, wrong: Wrong) -> bool:
        """Say whether the flow judges a value, so that it says what is wrong with it."""
        steps = tuple("*" if isinstance(step, int) else step for step in wrong.steps)
        return (wrong.place, (*([wrong.name.lower()] if wrong.name else []), *steps)) in self.judged

    def _must_be_let_in(self, scope: Scope) -> Problem | None:
        """Give what refuses a request that lacks a token which the flow of tokens judges too.

        Raises:
            RequestRefused: it lacks other credentials.
        """
        lacking = self.security.lacking(scope) if self.security else ()
        if not self.security or not lacking:
            return None
        wrong = [each.wrong for each in lacking]
        status, challenges = HTTPStatus.UNAUTHORIZED, self.security.challenges
        refusal = self.rejections.of(wrong, status, www_authenticate=challenges)
        if self.unauthorized is not None:
            headers = (*self.unauthorized.headers, *refusal.answer.headers)
            refusal = Problem(replace(self.unauthorized, headers=headers))
        if any(map(self._is_judged, wrong)):
            return refusal
        raise RequestRefused(refusal)

    async def _body(self, scope: Scope, receive: Receive, held: Held, wrong: list[Wrong]) -> object:
        body = self.body
        if body is None:
            return None
        facts = _BodyFacts(scope)
        if facts.coding not in _PLAIN and facts.framed:
            detail = _CODED.format(facts.coding.decode("latin-1"))
            status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
            raise RequestRefused(problem(status, detail, accept_encoding="identity"))
        sent = facts.media_type or body.media_type
        reader = self._reader(sent, came=facts.framed)
        if reader is None:
            if body.required and not facts.framed:
                wrong.append(_missing(body.media_type))
            return None
        may_be_empty = facts.media_type and _may_be_empty(sent, reader.schema.schema)
        if not facts.framed:
            if body.required and not may_be_empty:
                wrong.append(_missing(body.media_type))
            return None
        read = await reader.read(scope, receive, sent, held)
        if not read.came and body.required and not may_be_empty:
            wrong.append(_missing(body.media_type))
        wrong += [Wrong(place=BODY, steps=each.steps, must=each.must) for each in read.slips]
        return read.value

    def _reader(self, sent: str, *, came: bool) -> BodyReader | None:
        """Give the reader of a media type.

        Raises:
            RequestRefused: the operation does not accept it.
        """
        kind = plain(sent)
        for known in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
            if known in self.by_type:
                return self.by_type[known]
        if not self.readers or not came:
            return None
        wrong = Wrong(
            place="header", name="Content-Type", must=f"must be {', '.join(self.readers)}"
        )
        raise RequestRefused(self.rejections.of([wrong], HTTPStatus.UNSUPPORTED_MEDIA_TYPE))


def _may_be_empty(media_type: str, schema: Mapping[str, object]) -> bool:
    """Say whether no bytes are a body of a media type: a text, a file, a form without needs."""
    if plain(media_type) in {FORM, FORM_WITH_FILES}:
        return not schema.get("required")
    return form_of(media_type, schema) in {BodyForm.TEXT, BodyForm.BYTES}


def _missing(media_type: str) -> Wrong:
    return Wrong(place=BODY, must=f"is missing: it must be {media_type}")


def _shown_answer(served: ServedOperation, status: HTTPStatus) -> Answer | None:
    """Give the documented answer of a status, where an example shows it."""
    reply = served.replies.get(str(int(status)))
    payload = next(iter(reply.examples.values()), None) if reply else None
    return reply.answer(payload) if reply and payload is not None else None


class _BodyFacts:
    """What the headers of a request say about its body."""

    __slots__ = ("coding", "framed", "media_type")

    def __init__(self, scope: Scope) -> None:
        self.framed, self.media_type, self.coding = False, "", b""
        for name, value in scope["headers"]:
            if name in {b"content-length", b"transfer-encoding"}:
                self.framed = self.framed or value != b"0"
            elif name == b"content-type":
                self.media_type = value.decode("latin-1")
            elif name == b"content-encoding":
                self.coding = value.strip().lower()


class DemandsMiddleware:
    """Holds requests to what their operations demand, behind connexion's routing."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        operations: Mapping[str, ServedOperation],
        form: ErrorForm,
        lenient: bool,
        judged: Callable[[str], Collection[HeldPlace]] = lambda _: (),
    ) -> None:
        self.app = app
        self.demands = {
            name: Demands(served, form, lenient=lenient, judged=judged(name))
            for name, served in operations.items()
        }
        self.room = Room()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request that keeps them, with what was read of it."""
        demands = self.demands.get(operation_id(scope) or "")
        if demands is None:
            await self.app(scope, receive, send)
            return
        with self.room.hold() as held:
            try:
                carried = await demands.read(scope, receive, held)
            except HTTPException as refusal:
                status = HTTPStatus(refusal.status_code)
                raise RequestRefused(problem(status, refusal.detail)) from None
            scope["extensions"][CARRIED] = carried
            await self.app(scope, receive, send)
