"""Credentials are taken out of texts by what holds them; those that a user gave, wherever they are.

What holds a credential is known by its name (`contract/credentials.py`): a header, a cookie, a
member, a value of a query, the user in a URL. `redacted_bodies.py` does the same for whole bodies,
and `redacted_exchanges.py` for exchanges. Only what the user gave (`--header`, `--parameters`) is
looked for in every text, in every spelling.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
from base64 import b64decode
from collections.abc import Iterable, Iterator

from contract import printable
from contract.credentials import REDACTED, names_credential
from contract.judging.spellings import SHORTEST, anywhere, inside, whole

_USER_INFO = re.compile(
    r"""(?:(?<=://)|(?<=:\\/\\/))[^\s/?#"'<>\\]*(?=@)"""
    r"""|(?i:(?<=%3a%2f%2f)[^\s/?#&"'<>]{0,300}?(?=%40))"""
)
_NAMED_VALUE = re.compile(
    r"""(?:(?<![\w.\[\]-])|(?<=%3[Ff])|(?<=%2[36])|(?<=%3[Bb])|(?<=%253[Ff])|(?<=%252[36]))"""
    r"""(?P<name>[\w.\[\]-]{1,100})(?:=|%(?:25)*3[Dd])"""
)
"""`name=`, as queries and forms have it; percent-encoded where one URL stands in another."""
_VALUE = re.compile(r"""(?:(?!%(?:25)*2[36])[^\s&;#"'<>\\])+""")
_COOKIE = re.compile(r"\s*([^=;]*=)?\s*([^;]*)")
_ATTRIBUTE = re.compile(
    r"(?i)\s*(?:(?:Max-Age|Domain|Path|SameSite|Priority|Version)\s*=\s*[^,;=]*"
    r"|Expires\s*=\s*\w{3,9}, [\w: -]*|Expires\s*=[^,;=]*|Secure|HttpOnly|Partitioned)\s*"
)
"""What a Set-Cookie says about its cookie; whatever else stands there may belong to the value."""
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_PUBLIC = frozenset(
    {"accept", "accept-charset", "accept-encoding", "accept-language", "cache-control"}
    | {"connection", "content-type", "origin", "pragma", "referer", "user-agent"}
    | {"x-requested-with"}
)
"""Headers whose values are no secrets where they stand in other texts, even if a user gave them."""


class Redaction:
    """What is taken out of texts: values that the user gave, and what holds credentials."""

    def __init__(self, given: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        """Take the values that the user gave, and further names of what holds a credential."""
        values = frozenset(given)
        self.names = frozenset(names)
        self._numbers = {
            each for each in values if len(each) >= SHORTEST and _NUMBER.fullmatch(each)
        }
        self._anywhere, self._inside, self._whole = anywhere(values), inside(values), whole(values)
        self._key = secrets.token_bytes(16)

    @property
    def looks_everywhere(self) -> bool:
        """Whether the user gave a value that any text may hold."""
        return self._anywhere is not None

    def hides(self, name: str) -> bool:
        """Say whether what has this name is a credential."""
        return name in self.names or names_credential(name)

    def without(self, text: str) -> str:
        """Give a text without credentials: users in URLs, values of queries, what was given."""
        text = self.url(text)
        return text if self._anywhere is None else self._anywhere.sub(REDACTED, text)

    def value(self, text: str) -> str:
        """Give a value that stands by itself without credentials.

        It is the value of a header or a string of JSON. A short one that the user gave, such as
        `data`, is only taken out where it is the whole value.
        """
        if self._whole is not None and self._whole.fullmatch(text):
            return REDACTED
        text = self.url(text)
        return text if self._inside is None else self._inside.sub(REDACTED, text)

    def url(self, text: str) -> str:
        """Give a text without the users in its URLs and without the credentials in its queries."""
        if "://" in text or "%3" in text or ":\\/" in text:
            text = _USER_INFO.sub(REDACTED, text)
        return "".join(self._without_named(text)) if "=" in text or "%" in text else text

    def _without_named(self, text: str) -> Iterator[str]:
        """Give the parts of a text without the values of credentials, wherever URLs nest."""
        written = at = 0
        while (found := _NAMED_VALUE.search(text, at)) is not None:
            at = found.end()
            value = _VALUE.match(text, at) if self.hides(found["name"]) else None
            if value is not None:
                yield text[written:at] + REDACTED
                written = at = value.end()
        yield text[written:]

    def text(self, text: str) -> str:
        """Give a text without credentials, on one line."""
        return printable.line(self.without(text))

    def header(self, name: str, value: str) -> str:
        """Give the value of a header without credentials; of cookies, names and attributes stay."""
        if name.lower() == "cookie":
            return "; ".join(map(_cookie, value.split(";")))
        if name.lower() in {"set-cookie", "set-cookie2"}:
            first, *others = value.split(";")
            return ";".join([_cookie(first), *map(_attribute, others)])
        return REDACTED if value and self.hides(name) else self.value(value)

    def stand_in(self, text: str) -> str:
        """Give a text that stands for another in this run: as long, and different for another."""
        digest = self._digest(text)
        label = REDACTED if len(text) >= len(REDACTED) + SHORTEST else ""
        return (label + digest * (len(text) // len(digest) + 1))[: len(text)]

    def number(self, text: str) -> str:
        """Give a number without credentials: another one where the user gave it."""
        return self.stand_in_number(text) if text in self._numbers else text

    def stand_in_number(self, text: str) -> str:
        """Give a number that stands for another: as many digits; sign, point and exponent stay."""
        digits = iter(str(int(self._digest(text), 16)).replace("0", "") * (len(text) // 8 + 1))
        mantissa = re.split("[eE]", text, maxsplit=1)[0]
        return re.sub(r"[0-9]", lambda _: next(digits), mantissa) + text[len(mantissa) :]

    def _digest(self, text: str) -> str:
        data = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, key=self._key).hexdigest()


def given_values(name: str, value: str) -> Iterator[str]:
    """Give what is secret of a header that the user gave: it, its parts, the password in it."""
    if name.lower() in _PUBLIC:
        return
    yield value
    if name.lower() == "cookie":
        yield from (part.partition("=")[2].strip() for part in value.split(";"))
    scheme, _, credentials = value.partition(" ")
    yield credentials
    if scheme.lower() == "basic":
        with contextlib.suppress(ValueError):
            plain = b64decode(credentials, validate=True).decode()
            yield plain
            yield from plain.split(":", 1)


def _cookie(text: str) -> str:
    found = _COOKIE.fullmatch(text)
    name, value = (found[1] or "", found[2].strip()) if found else ("", text.strip())
    return name + (REDACTED if value else "")


def _attribute(text: str) -> str:
    kept = not text.strip() or _ATTRIBUTE.fullmatch(text)
    return text if kept else f" {REDACTED}"
