"""The mock server's own errors, as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from http import HTTPStatus

from mock_server.answer_editing import Answer, encode

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of the mock server itself, as the answer that tells it."""

    answer: Answer


def meant(word: str, known: Iterable[str]) -> str:
    """Say which of the known words may be meant by one that is not known, if any."""
    alike = get_close_matches(word, list(known), n=3)
    return f"did you mean {', '.join(alike)}? " if alike else ""


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
