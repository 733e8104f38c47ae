"""Generated requests: how they are sent, and our claims as Schemathesis' checks of the answers.

Schemathesis writes each request, and `requests` prepares it; it is sent as every other call is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from requests.adapters import BaseAdapter
from schemathesis import Case, CheckContext
from schemathesis import Response as Generated
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import negative_data_rejection
from urllib3 import HTTPHeaderDict, HTTPResponse

from contract import printable
from contract.findings import Level
from contract.judging.claims import claims
from contract.judging.content_codings import KNOWN, codings_of
from contract.judging.exchange import NOT_SENT, Exchange, Failure, Request, Response
from contract.judging.provenance import provenance_of
from contract.judging.reading import Unjudged
from contract.judging.redaction import Redaction, given_values
from contract.judging.verdict import Judgement, judge
from contract.spec.media_types import FORM_WITH_FILES
from contract.spec.operations import Operation
from contract_tests.observing.caller import Caller
from contract_tests.observing.manners import Manners
from contract_tests.observing.sending import USER_AGENT

SchemathesisCheck = Callable[[CheckContext, Generated, Case[Any]], None]
"""The form of a check of Schemathesis."""

_VERSIONS: Mapping[str, int] = {"HTTP/1.0": 10, "HTTP/1.1": 11}
_OURS = frozenset({"host", "accept-encoding", "connection", "transfer-encoding"})


class NoAnswer(requests.RequestException):
    """A generated request got no answer; its failure says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.kind}: {failure.evidence}. {failure.hint}".strip())
        self.failure = failure


class Callers(BaseAdapter):
    """The callers of every host that a session of `requests` calls, one connection each."""

    def __init__(self, manners: Manners) -> None:
        super().__init__()
        self._manners = manners
        self._runner = asyncio.Runner()
        self._callers: dict[str, Caller] = {}

    def send(  # type: ignore[override] # proxies, timeouts and certificates are the manners'
        self, request: requests.PreparedRequest, **_: object
    ) -> requests.Response:
        """Send a request by the manners.

        Raises:
            NoAnswer: none came, or none that may be kept.
        """
        asked = _request(request)
        parts = urlsplit(asked.url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._callers:
            self._callers[host] = Caller(host, self._manners)
        exchange = self._runner.run(self._callers[host].call(asked, 1))
        if isinstance(exchange.outcome, Failure):
            raise NoAnswer(exchange.outcome)
        return _answer(request, exchange.outcome, exchange.seconds)

    def close(self) -> None:
        """Close every connection."""
        for caller in self._callers.values():
            self._runner.run(caller.hang_up())
        self._callers.clear()
        self._runner.close()


def _request(prepared: requests.PreparedRequest) -> Request:
    """Take a request as `requests` has prepared it."""
    url = str(prepared.url)
    content = _content(prepared.body or b"")
    written = {_text(name): _text(value) for name, value in prepared.headers.items()}
    kept = {name: value for name, value in written.items() if name.lower() not in _OURS}
    if content or prepared.method == "POST":
        kept = {name: kept[name] for name in kept if name.lower() != "content-length"}
        kept["Content-Length"] = str(len(content))
    host = urlsplit(url).netloc.rpartition("@")[2]
    headers = (("Host", host), ("Accept-Encoding", "identity"), *kept.items())
    return Request(str(prepared.method), url, headers, body=content)


def _content(body: Any) -> bytes:  # noqa: ANN401 - text, bytes, or a file of them
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode()
    return b"".join(map(_content, body))


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _answer(request: requests.PreparedRequest, came: Response, seconds: float) -> requests.Response:
    """Give an answer as `requests` gives it; its Content-Encoding is undone already."""
    undone = not KNOWN.isdisjoint(codings_of(came))
    headers = HTTPHeaderDict()
    for name, value in came.headers:
        if not undone or name.lower() != "content-encoding":
            headers.add(name, value)
    answer = requests.Response()
    answer.status_code = came.status
    answer.headers.update(headers)
    answer.encoding = requests.utils.get_encoding_from_headers(answer.headers)
    answer.raw = HTTPResponse(
        BytesIO(came.body),
        headers,
        came.status,
        version=_VERSIONS.get(came.version, 11),
        preload_content=False,
    )
    answer.url, answer.request = str(request.url), request
    answer.elapsed = timedelta(seconds=seconds)
    return answer


@dataclass(slots=True)
class Sender:
    """The sending of generated requests: all to the mock server, with manners to others.

    A real environment gets only the documented method, not faster than its rate. An answer that
    could not be judged after a documented call either is skipped.
    """

    operations: Sequence[Operation]
    base_urls: Mapping[str, str]
    manners: Manners
    real: bool
    session: requests.Session = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False  # the callers read the variables themselves
        replaced = {name.lower() for name, _ in self.manners.headers}
        usual = {"Accept": "application/json", "User-Agent": USER_AGENT}
        self.session.headers.clear()
        self.session.headers.update(
            {name: value for name, value in usual.items() if name.lower() not in replaced}
        )
        callers = Callers(self.manners)
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, callers)

    def send(self, case: Case[Any]) -> None:
        """Send one request, and have every check judge the answer."""
        if self.real:
            if str(case.method).upper() != str(case.operation.method).upper():
                return
            time.sleep(1 / self.manners.rate)
        name = self._name(case)
        redaction = Redaction(
            value for header in self.manners.headers for value in given_values(*header)
        )
        headers = dict(self.manners.headers)
        unjudged = broken = ""
        try:
            response = case.call(
                base_url=self.base_urls[name],
                session=self.session,
                headers=headers,
                allow_redirects=False,
            )
            unjudged = self._why_not_judged(name, response)
            if not unjudged:
                case.validate_response(
                    response,
                    headers=headers,
                    transport_kwargs={"session": self.session},
                    excluded_checks=_beyond(case),
                )
        except requests.RequestException as error:
            if isinstance(error, NoAnswer) and error.failure.kind == NOT_SENT:
                return  # HTTP does not allow what was generated
            unjudged = f"no answer: {error}"
        except FailureGroup as failures:
            broken = failures.message
        # After the handlers; else pytest would print an exception with credentials as the context.
        if unjudged:
            pytest.skip(redaction.text(unjudged))
        if broken:
            pytest.fail(printable.block(redaction.without(broken)), pytrace=False)

    def _name(self, case: Case[Any]) -> str:
        """Give the name of the operation that a request is for."""
        call = str(case.operation.method).upper(), case.operation.path
        return next(each.id for each in self.operations if (each.method, each.path) == call)

    def _why_not_judged(self, name: str, response: Generated) -> str:
        if not self.real and response.status_code != HTTPStatus.NOT_IMPLEMENTED:
            return ""
        operation = next(each for each in self.operations if each.id == name)
        reading = _judged(operation, response, Level.STRICT).readings[0]
        return f"{reading.reason}: {reading.evidence}" if isinstance(reading, Unjudged) else ""


def _beyond(case: Case[Any]) -> list[Callable[[CheckContext, Generated, Case[Any]], bool | None]]:
    """List the checks that a request cannot break: a file may be any bytes, and any text a file."""
    with_files = case.media_type == FORM_WITH_FILES
    return [negative_data_rejection] if with_files else []


def register(operations: tuple[Operation, ...], strictness: Level) -> None:
    """Register every check that the operations claim, as `contract_NAME`.

    Args:
        operations: whose answers are judged.
        strictness: findings above this level fail no request, as they fail no run.
    """
    known = {(each.method, each.path): each for each in operations}
    names = {claim.name for each in operations for claim in claims(each, provenance_of(each))}
    judgements = _Judgements(strictness)
    for name in sorted(names):
        schemathesis.check(_check(name, known, judgements))


def _check(
    name: str, known: Mapping[tuple[str, str], Operation], judgements: _Judgements
) -> SchemathesisCheck:
    def check(ctx: CheckContext, response: Generated, case: Case[Any]) -> None:
        del ctx
        operation = known.get((str(case.method).upper(), case.path))
        if operation is None or response.status_code >= HTTPStatus.BAD_REQUEST:
            return
        judgement = judgements.of(operation, response)
        broken = [
            found for found in judgement.findings if found.claim == name and judgement.fails(found)
        ]
        if broken:
            listed = (f"{found.id}: {found.promise}: {found.evidence}" for found in broken)
            # Schemathesis takes only an AssertionError for a broken promise.
            raise AssertionError("; ".join(listed))

    check.__name__ = f"contract_{name.replace('-', '_')}"
    return check


class _Judgements:
    """The judgement of the latest answer, which every check asks for in turn."""

    def __init__(self, strictness: Level) -> None:
        self.strictness = strictness
        self._latest: tuple[Generated, Judgement] | None = None

    def of(self, operation: Operation, response: Generated) -> Judgement:
        """Judge an answer, once."""
        if self._latest is None or self._latest[0] is not response:
            self._latest = response, _judged(operation, response, self.strictness)
        return self._latest[1]


def _judged(operation: Operation, response: Generated, strictness: Level) -> Judgement:
    sources = provenance_of(operation)
    return judge(operation, sources, [_exchange(response)], strictness=strictness)


def _exchange(response: Generated) -> Exchange:
    sent = tuple((str(name), str(value)) for name, value in response.request.headers.items())
    given = frozenset(name for name, _ in sent)
    request = Request(str(response.request.method), str(response.request.url), sent, given)
    headers = tuple((key, value) for key, values in response.headers.items() for value in values)
    answer = Response(response.status_code, headers, response.content)
    return Exchange(1, request, answer, response.elapsed)
