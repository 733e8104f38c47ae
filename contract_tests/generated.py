"""Generated requests: how they are sent, and our claims as Schemathesis' checks of the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from requests import RequestException, Session
from schemathesis import Case, CheckContext
from schemathesis import Response as Generated
from schemathesis.core.failures import FailureGroup

from contract.findings import Level
from contract.judging.claims import claims
from contract.judging.exchange import Exchange, Request, Response
from contract.judging.provenance import provenance_of
from contract.judging.reading import Unjudged, read
from contract.judging.redaction import Redaction
from contract.judging.verdict import judge
from contract.spec.operations import Operation
from contract_tests.observing.sending import Manners

SchemathesisCheck = Callable[[CheckContext, Generated, Case[Any]], None]
"""The form of a check of Schemathesis."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The sending of generated requests: all to the mock server, with manners to others.

    A real environment gets only the documented method, not faster than its rate. An answer that
    could not be judged after a documented call either is skipped.
    """

    operations: Sequence[Operation]
    base_urls: Mapping[str, str]
    manners: Manners
    real: bool

    def send(self, case: Case[Any]) -> None:
        """Send one request, and have every check judge the answer."""
        if self.real:
            if str(case.method).upper() != str(case.operation.method).upper():
                return
            time.sleep(1 / self.manners.rate)
        name = str(case.operation.definition.raw["operationId"])
        redaction = Redaction(value for _, value in self.manners.headers)
        headers = dict(self.manners.headers)
        unjudged = broken = ""
        try:
            response = self._answer(case, name, headers)
            unjudged = self._why_not_judged(name, response) if self.real else ""
            if not unjudged:
                case.validate_response(response, headers=headers)
        except RequestException as error:
            unjudged = f"no answer: {error}"
        except FailureGroup as failures:
            broken = failures.message
        # After the handlers; else pytest would print an exception with credentials as the context.
        if unjudged:
            pytest.skip(redaction.text(unjudged))
        if broken:
            pytest.fail(redaction.without(broken), pytrace=False)

    def _answer(self, case: Case[Any], name: str, headers: dict[str, str]) -> Generated:
        with Session() as session:
            session.trust_env = not self.manners.direct
            return case.call(
                base_url=self.base_urls[name],
                session=session,
                headers=headers,
                verify=self.manners.verify,
                timeout=self.manners.answer_timeout,
                allow_redirects=False,
            )

    def _why_not_judged(self, name: str, response: Generated) -> str:
        operation = next(each for each in self.operations if each.id == name)
        rows = provenance_of(operation).rows(operation)
        reading = read(_exchange(response), operation, rows)
        return f"{reading.reason}: {reading.evidence}" if isinstance(reading, Unjudged) else ""


def register(operations: tuple[Operation, ...]) -> None:
    """Register every check that the operations claim, as `contract_NAME`."""
    known = {(each.method, each.path): each for each in operations}
    names = {claim.name for each in operations for claim in claims(each, provenance_of(each))}
    for name in sorted(names):
        schemathesis.check(_check(name, known))


def _check(name: str, known: Mapping[tuple[str, str], Operation]) -> SchemathesisCheck:
    def check(ctx: CheckContext, response: Generated, case: Case[Any]) -> None:
        del ctx
        operation = known.get((str(case.method).upper(), case.path))
        if operation is None or response.status_code >= HTTPStatus.BAD_REQUEST:
            return
        judgement = judge(
            operation, provenance_of(operation), [_exchange(response)], strictness=Level.STRICT
        )
        broken = [found for found in judgement.findings if found.claim == name]
        if broken:
            listed = (f"{found.id}: {found.promise}: {found.evidence}" for found in broken)
            # Schemathesis takes only an AssertionError for a broken promise.
            raise AssertionError("; ".join(listed))

    check.__name__ = f"contract_{name.replace('-', '_')}"
    return check


def _exchange(response: Generated) -> Exchange:
    request = Request(str(response.request.method), str(response.request.url), ())
    headers = tuple((key, value) for key, values in response.headers.items() for value in values)
    answer = Response(response.status_code, headers, response.content)
    return Exchange(1, request, answer, response.elapsed)
