"""Which answer a request asks for: `Prefer:` (RFC 7240) and its twins in the query, as in Prism.

`Prefer: code=404, example=documented, fault=row-missing, delay=200-800` and
`?__code=404&__example=documented&…` say the same; browsers need the second, because a header of
its own makes them ask for leave first. The header wins, key by key. Its unknown keys are ignored,
as the RFC asks, and told by the journal; in the query, `__` is the mock server's own.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote_plus

KEYS = ("code", "example", "fault", "delay")
NONE = "none"
"""The fault that is none: for one request, it takes back the one that the server has by default."""

LONGEST = 600_000
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PREFERENCE = re.compile(
    r"""\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*
        (?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?\s*
        (?:[,;]|$)""",  # no key here has parameters, so what follows a semicolon is a key too
    re.VERBOSE,
)


class Delay(Protocol):
    """How long an answer waits."""

    def seconds(self, choices: random.Random) -> float:
        """Draw one delay."""


@dataclass(frozen=True, slots=True)
class Between:
    """A delay of so many milliseconds at least, and so many at most."""

    lower: float
    upper: float

    def seconds(self, choices: random.Random) -> float:
        """Draw one delay, any as likely as another."""
        return choices.uniform(self.lower, self.upper) / 1000

    def __str__(self) -> str:
        return f"{self.lower:g}" if self.lower == self.upper else f"{self.lower:g}-{self.upper:g}"


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A delay as real services have it: mostly about the median, seldom much longer."""

    median: float
    sigma: float

    def seconds(self, choices: random.Random) -> float:
        """Draw one delay; the longest there can be is ten minutes."""
        drawn = choices.lognormvariate(math.log(self.median), self.sigma) if self.median else 0.0
        return min(drawn, LONGEST) / 1000


def delay_of(text: str) -> Between:
    """Read a number of milliseconds, or a range of them: `200`, `200-800`.

    Raises:
        ValueError: it is neither.
    """
    found = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", text, re.ASCII)
    lower, upper = (float(found[1]), float(found[2] or found[1])) if found else (0.0, math.inf)
    if upper > LONGEST:
        told = f"is no delay; that is milliseconds, up to {LONGEST}, or a range: 200 or 200-800"
        raise ValueError(f"{text!r} {told}")
    if lower > upper:
        raise ValueError(f"{text!r} begins above its end; a range is such as 200-800")
    return Between(lower, upper)


def wishes(headers: Iterable[tuple[bytes, bytes]], query: bytes) -> Mapping[str, str]:
    """Give what a request asks for, by its key; the first to name a key decides.

    A key of the query that there is not keeps its underscores.
    """
    asked: dict[str, str] = {}
    for name, value in headers:
        if name == b"prefer":
            asked |= {key: text for key, text in preferred(value).items() if key not in asked}
    wished = {key: asked[key] for key in KEYS if key in asked}
    if b"__" in query:
        for pair in query.split(b"&"):
            key, _, text = pair.decode("latin-1").partition("=")
            if key.startswith("__"):
                wished.setdefault(key[2:] if key[2:] in KEYS else key, unquote_plus(text))
    return wished


def preferred(header: bytes) -> Mapping[str, str]:
    """Read the value of a `Prefer` header."""
    asked: dict[str, str] = {}
    for found in _PREFERENCE.finditer(header.decode(errors="replace")):
        quoted = None if found[2] is None else re.sub(r"\\(.)", r"\1", found[2])
        asked.setdefault(found[1].lower(), (found[3] if quoted is None else quoted) or "")
    return asked


def preferences(pairs: Iterable[tuple[str, str]]) -> str:
    """Write preferences as a header does; what is no token is quoted, what is not ASCII escaped."""
    return ", ".join(
        f"{key}={value}" if _TOKEN.fullmatch(value) else f"{key}={json.dumps(value)}"
        for key, value in pairs
    )


def without_wishes(query: bytes) -> bytes:
    """Give a query without what only the mock server is asked for."""
    twins = tuple(f"__{key}=".encode() for key in KEYS)
    return b"&".join(pair for pair in query.split(b"&") if not pair.startswith(twins))
