"""The path of a call, taken as it is written: one clear answer to each way of writing it.

A slash that is encoded belongs to the value of a parameter, and divides nothing. Dot segments are
refused, because clients resolve them. A path that differs from a documented one by a slash at its
end, by slashes that stand twice, or by upper and lower case, is another path; its refusal names the
documented one. Nothing is redirected: behind a proxy nobody knows where to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from starlette.types import Scope

from contract.spec.operations import path_pattern

_SLASH = "\ufdd0"
"""Stands for an encoded slash in the paths that are routed; it is no character of any text."""
_ENCODED = re.compile(rb"%2f", re.IGNORECASE)
_DOTS = frozenset({".", ".."})
_LONGEST = 300
"""How many characters of a path are told back to the client that sent it."""


def as_called(scope: Scope) -> Scope:
    """Give the scope of a request whose path keeps encoded slashes apart from the others."""
    raw: bytes = scope.get("raw_path") or b""
    if _ENCODED.search(raw) is None:
        return scope
    return {**scope, "path": unquote(_ENCODED.sub(quote(_SLASH).encode(), raw).decode("latin-1"))}


def value_of(segment: str) -> str:
    """Give the value that a segment of such a path writes."""
    return segment.replace(_SLASH, "/")


def told(path: str) -> str:
    """Give such a path as it is told to the client that sent it."""
    written = path.replace(_SLASH, "%2F")
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"


def has_dot_segments(path: str) -> bool:
    """Say whether a path holds `.` or `..` as segments (RFC 3986, section 5.2.4)."""
    return "." in path and not _DOTS.isdisjoint(path.split("/"))


class KnownPaths:
    """The documented paths, to name the one that was probably meant."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.forms = [(re.compile(path_pattern(_plain(path))), path) for path in paths]

    def like(self, path: str) -> str | None:
        """Give the documented path that one differs from by slashes or capital letters alone."""
        plain = _plain(path)
        return next((known for form, known in self.forms if form.fullmatch(plain)), None)


def _plain(path: str) -> str:
    """Write a path in small letters, with each slash once and none at its end."""
    return re.sub("/+", "/", path).rstrip("/").casefold() or "/"
