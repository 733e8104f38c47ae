"""The removal of credentials from every text, even where a server sent them back."""

from __future__ import annotations

import contextlib
import json
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from contract.credentials import CREDENTIALS, REDACTED
from contract.judging.exchange import Exchange, Failure

SHORTEST = 4
"""The shortest credential that is removed, in characters; shorter texts are too common."""

_USER_INFO = re.compile(r"(?<=://)[^\s/?#\"']*@|(?<=://)[^\s/?#\"'@:]+:[^\s/?#\"'@]*(?=[\"']…)")
_BETWEEN_WORDS = re.compile(r"[\s;,=:\"]+")
_CUT = ('"…', "'…")
"""What ends a text that was shortened."""


class Redaction:
    """The credentials to remove from texts: the values of secret headers, and their parts."""

    def __init__(self, values: Iterable[str]) -> None:
        secrets = {secret for value in values for secret in _secrets(value)}
        forms = {form for secret in secrets for form in _forms(secret) if len(form) >= SHORTEST}
        self._secrets = sorted(forms, key=lambda form: (-len(form), form))

    def without(self, text: str) -> str:
        """Give the text without credentials."""
        for secret in self._secrets:
            text = "".join(_without(text, secret))
        return _USER_INFO.sub(lambda found: REDACTED + "@" * found[0].endswith("@"), text)

    def text(self, text: str) -> str:
        """Give the text without credentials; what is not printable is escaped."""
        text = self.without(text)
        return text if text.isprintable() else "".join(map(_visible, text))

    def found_in(self, data: bytes) -> bool:
        """Say whether bytes hold a credential."""
        return any(secret.encode("utf-8", "replace") in data for secret in self._secrets)


def redaction_of(exchanges: Iterable[Exchange]) -> Redaction:
    """Make the redaction of all that was secret in some exchanges, whichever side sent it."""
    return Redaction({value for exchange in exchanges for value in _credentials(exchange)})


def _credentials(exchange: Exchange) -> Iterator[str]:
    secret = CREDENTIALS | {name.lower() for name in exchange.request.secret}
    outcomes = (exchange.outcome, *(attempt.outcome for attempt in exchange.earlier))
    came = (outcome.headers for outcome in outcomes if not isinstance(outcome, Failure))
    yield from exchange.request.values
    for headers in (exchange.request.headers, *came):
        yield from (value for name, value in headers if name.lower() in secret)


def _secrets(value: str) -> Iterator[str]:
    yield value
    yield from _BETWEEN_WORDS.split(value)
    scheme, _, credentials = value.partition(" ")
    yield credentials
    if scheme.lower() == "basic":
        with contextlib.suppress(ValueError):
            yield from b64decode(credentials).decode().split(":", 1)


def _forms(secret: str) -> Iterator[str]:
    """Give a secret as it may be written: plainly, escaped by Python or in JSON, in a URL."""
    yield secret
    yield from (write(secret)[1:-1] for write in (ascii, repr, json.dumps))
    yield quote(secret, safe="")


def _without(text: str, secret: str) -> Iterator[str]:
    """Give the text without a secret, and without the beginning of one where it was shortened."""
    at = 0
    while (start := text.find(secret[:SHORTEST], at)) >= 0:
        end = start + _agreeing(text[start:], secret)
        yield text[at:start]
        if end - start == len(secret) or text.startswith(_CUT, end):
            yield REDACTED
            at = end
        else:
            yield text[start]
            at = start + 1
    yield text[at:]


def _agreeing(text: str, secret: str) -> int:
    pairs = enumerate(zip(text, secret, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(text), len(secret)))


def _visible(character: str) -> str:
    return character if character.isprintable() else ascii(character)[1:-1]
