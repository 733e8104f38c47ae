"""The mock server's own errors, as problem details (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from mock_server.breaking import Answer, encode

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of the mock server itself, as the answer that tells it."""

    answer: Answer


def problem(status: HTTPStatus, detail: str, **headers: str) -> Problem:
    """Tell in an answer what is wrong, and what would be right."""
    told = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
    }
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Problem(Answer(status, PROBLEM, encode(told), named))
