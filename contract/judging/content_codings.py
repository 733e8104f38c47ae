"""The Content-Encoding of an answer → the codings that it names, in the order of their doing."""

from __future__ import annotations

from contract.judging.exchange import Response

KNOWN = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
"""The codings that browsers undo."""
_NOTHING = frozenset({"", "identity"})


def codings_of(response: Response) -> tuple[str, ...]:
    """List the codings of every Content-Encoding header (RFC 9110 §8.4), in lower case.

    An empty element names none (§5.6.1), and neither does `identity`.
    """
    return tuple(word for value in _said(response) for word in value if word not in _NOTHING)


def unknown_codings(response: Response) -> tuple[str, ...]:
    """List the codings that browsers do not know; an empty header names an empty one."""
    named = [each for each in codings_of(response) if each not in KNOWN]
    return (*named, *("" for value in _said(response) if not any(value)))


def _said(response: Response) -> list[list[str]]:
    return [
        [word.strip(" \t").lower() for word in value.split(",")]
        for name, value in response.headers
        if name.lower() == "content-encoding"
    ]
