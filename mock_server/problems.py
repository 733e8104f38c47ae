"""The mock server's own errors, as problem details (RFC 9457)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from http import HTTPStatus

from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from starlette.exceptions import HTTPException

from mock_server.breaking import Answer, encode

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of the mock server itself, as the answer that tells it."""

    answer: Answer


def response(told: Problem) -> ConnexionResponse:
    """Give a problem as connexion wants it."""
    answer = told.answer
    return ConnexionResponse(
        body=answer.body,
        content_type=answer.media_type,
        status_code=answer.status,
        headers=dict(answer.headers),
    )


def method_refused(methods: Mapping[str, Iterable[str]]) -> Callable[..., ConnexionResponse]:
    """Make the handler of a method that a path lacks: it names those that the path has."""
    known = [
        (re.compile(re.sub(r"\\{.*?\\}", "[^/]+", re.escape(path))), names)
        for path, names in methods.items()
    ]

    def handler(request: ConnexionRequest, refusal: HTTPException) -> ConnexionResponse:
        path = request.scope["path"]
        names = [name.upper() for form, names in known if form.fullmatch(path) for name in names]
        names = names or [(refusal.headers or {})["Allow"]]  # of a path of Swagger UI
        told = f"{request.method} is no method of {path}: use {' or '.join(names)}"
        return response(problem(HTTPStatus.METHOD_NOT_ALLOWED, told, allow=", ".join(names)))

    return handler


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
