"""Exchanges → the same exchanges without credentials, which are judged as they were with them.

Nothing behind this point sees a credential: not the findings, not the reports, not the recording.
What stands for one in a body carries the outcome of every claim about it, so that a recording of
ours comes to the same verdict when it is judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from contract.credentials import REDACTED, names_credential
from contract.json_pointer import Step, pointer_of
from contract.judging import redacted_bodies
from contract.judging.exchange import Attempt, Exchange, Failure, Request, Response
from contract.judging.outcomes import Outcome
from contract.judging.reading import JudgeableAnswer, Reading, Unjudged
from contract.judging.redaction import Redaction, given_values
from contract.spec.operations import Operation

_SECRET = "password"  # noqa: S105 - the format that OpenAPI has for it
_NOT_SHOWN = "its value, which is not shown"
"""What broke a claim where what stands for the credential does not."""


Judged = tuple[tuple[Reading, ...], Mapping[str, Outcome]]
"""The readings of some exchanges, and the outcomes of all claims by their ids."""
_ROUNDS = 3


def without_credentials(
    exchanges: Sequence[Exchange],
    operation: Operation,
    reading: Callable[[Exchange], Reading],
    judged: Callable[[Sequence[Exchange]], Judged],
) -> tuple[Exchange, ...]:
    """Give exchanges without credentials, which are judged as they were.

    Args:
        exchanges: the calls of an operation.
        operation: what was called.
        reading: reads one exchange.
        judged: judges all of them.
    """
    redaction = redaction_of(exchanges, operation)
    shown = tuple(redacted(each, operation, redaction, reading) for each in exchanges)
    pairs = list(zip(shown, exchanges, strict=True))
    if all(hidden.outcome is original.outcome for hidden, original in pairs):
        return shown
    readings, before = judged(exchanges)
    for _ in range(_ROUNDS):  # what is noted of one value may change what is found of others
        others, after = judged(shown)
        rows = zip(shown, readings, others, strict=True)
        with_notes = tuple(_noted(*row, before, after) for row in rows)
        if with_notes == shown:
            break
        shown = with_notes
    return shown


def redaction_of(exchanges: Iterable[Exchange], operation: Operation) -> Redaction:
    """Make the redaction of some exchanges of an operation.

    Its spec says what else is secret: rows and parameters of `format: password`.
    """
    given = {value for exchange in exchanges for value in _given(exchange.request)}
    described = [*operation.members, *(operation.body.members if operation.body else ())]
    names = {each.name for each in described if each.schema.get("format") == _SECRET}
    names |= {each.name for each in operation.parameters if each.schema.get("format") == _SECRET}
    return Redaction(given, names)


def _given(request: Request) -> Iterator[str]:
    yield from request.values
    secret = {name.lower() for name in request.secret}
    for name, value in request.headers:
        # A credential of a request is its sender's, whoever recorded it; of cookies, only those
        # that were typed: a server chose the others, and many are words such as `data`.
        own = names_credential(name) and name.lower() != "cookie"
        if value != REDACTED and (name.lower() in secret or own):
            yield from given_values(name, value)


def redacted(
    exchange: Exchange,
    operation: Operation,
    redaction: Redaction,
    reading: Callable[[Exchange], Reading],
) -> Exchange:
    """Give an exchange without credentials, of which the same can be read.

    A value that the user gave may be a word that decides what an answer is, such as `html`. It
    then stays in the answer.
    """
    hidden = _without(exchange, operation, redaction, redaction)
    if hidden.outcome is exchange.outcome or _kind(reading(hidden)) == _kind(reading(exchange)):
        return hidden
    return _without(exchange, operation, redaction, Redaction((), redaction.names))


def _kind(reading: Reading) -> object:
    unjudged = (reading.reason, reading.who) if isinstance(reading, Unjudged) else None
    return type(reading), unjudged


def _without(
    exchange: Exchange, operation: Operation, redaction: Redaction, of_answers: Redaction
) -> Exchange:
    spared, wait = {each.name for each in operation.members}, exchange.wait

    def outcome(came: Response | Failure) -> Response | Failure:
        if isinstance(came, Failure):
            evidence = redaction.without(came.evidence)
            return came if evidence == came.evidence else replace(came, evidence=evidence)
        headers = tuple((name, of_answers.header(name, value)) for name, value in came.headers)
        body = redacted_bodies.without_credentials(came.body, of_answers, spared)
        same = headers == came.headers and body == came.body
        return came if same else replace(came, headers=headers, body=body)

    return replace(
        exchange,
        request=_request(exchange.request, redaction),
        outcome=outcome(exchange.outcome),
        earlier=tuple(
            Attempt(outcome(each.outcome), each.seconds, each.started) for each in exchange.earlier
        ),
        wait=wait and replace(wait, outcome=outcome(wait.outcome)),
    )


def _request(request: Request, redaction: Redaction) -> Request:
    secret = {name.lower() for name in request.secret}

    def header(name: str, value: str) -> str:
        if name.lower() in secret or (value in request.values and name != "Content-Length"):
            return REDACTED
        return redaction.header(name, value)

    return replace(
        request,
        url=redaction.url(request.url),
        headers=tuple((name, header(name, value)) for name, value in request.headers),
        body=redacted_bodies.without_credentials(request.body, redaction),
        values=frozenset(),
        sent=None,
    )


def _noted(
    exchange: Exchange,
    original: Reading,
    shown: Reading,
    before: Mapping[str, Outcome],
    after: Mapping[str, Outcome],
) -> Exchange:
    """Note in an exchange without credentials what was found of them; `after` is without them."""
    response = exchange.outcome
    if isinstance(response, Failure) or not isinstance(original, JudgeableAnswer):
        return exchange
    if not isinstance(shown, JudgeableAnswer) or response is original.response:
        return exchange
    hidden = response.hidden | set(_changed(original.value, shown.value))
    known: dict[str, dict[str, str | None]] = {}
    for name, outcome in before.items():
        others = after[name].judged
        for place, evidence in outcome.judged.items():
            number, pointer = place
            same = place in others and (evidence is None) == (others[place] is None)
            noted_before = pointer in hidden or pointer in response.known
            if number == exchange.number and (noted_before or not same):
                told = None if evidence is None else others.get(place) or _NOT_SHOWN
                known.setdefault(pointer, {})[name] = told
    return replace(exchange, outcome=replace(response, hidden=frozenset(hidden), known=known))


def _changed(one: object, other: object) -> Iterator[str]:
    """Point to the values that differ between two JSON values of the same structure."""
    pairs: list[tuple[tuple[Step, ...], object, object]] = [((), one, other)]
    while pairs:
        steps, left, right = pairs.pop()
        if isinstance(left, dict) and isinstance(right, dict) and len(left) == len(right):
            inner = zip(left.items(), right.items(), strict=True)
            pairs += [((*steps, name), a, b) for (name, a), (_, b) in inner]
        elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            items = enumerate(zip(left, right, strict=True))
            pairs += [((*steps, at), *both) for at, both in items]
        elif left != right:
            yield pointer_of(steps)
