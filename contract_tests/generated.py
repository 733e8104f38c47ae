"""Our claims as Schemathesis' checks: what it generates is judged as everything else is."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext
from schemathesis import Response as Generated

from contract_tests.claims import claims
from contract_tests.observe import Exchange, Request, Response
from contract_tests.sources import Sources
from contract_tests.verdict import judge
from openapi.findings import Level
from openapi.spec import Operation

Check = Callable[[CheckContext, Generated, Case[Any]], None]


def register(operations: tuple[Operation, ...], sources: Callable[[Operation], Sources]) -> None:
    """Register every check that the operations claim, as `contract_NAME`."""
    known = {(each.method, each.path): each for each in operations}
    names = {claim.name for each in operations for claim in claims(each, sources(each))}
    for name in sorted(names):
        schemathesis.check(_check(name, known, sources))


def _check(
    name: str,
    known: dict[tuple[str, str], Operation],
    sources: Callable[[Operation], Sources],
) -> Check:
    def check(ctx: CheckContext, response: Generated, case: Case[Any]) -> None:
        del ctx
        operation = known.get((str(case.method).upper(), case.path))
        if operation is None or response.status_code >= HTTPStatus.BAD_REQUEST:
            return
        judgement = judge(
            operation, sources(operation), [_exchange(response)], strictness=Level.STRICT
        )
        broken = [found for found in judgement.findings if found.claim == name]
        # Schemathesis takes nothing but an AssertionError for a broken promise.
        told = "; ".join(f"{found.id}: {found.promise}: {found.evidence}" for found in broken)
        if broken:
            raise AssertionError(told)

    check.__name__ = f"contract_{name.replace('-', '_')}"
    return check


def _exchange(response: Generated) -> Exchange:
    request = Request(str(response.request.method), str(response.request.url), ())
    headers = tuple((key, value) for key, values in response.headers.items() for value in values)
    answer = Response(response.status_code, headers, response.content)
    return Exchange(1, request, answer, response.elapsed)
