"""What an operation declares of security → which credentials a request lacks.

A credential must be there in the declared form; whether it is a good one, the document does not
say. To add a kind of scheme: a function in `_KINDS`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from contract.spec.operations import Operation
from mock_server.requests.carried import Wrong
from mock_server.requests.parameter_texts import cookies


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One declared way to show a credential.

    Attributes:
        place: `header`, `query` or `cookie`.
        name: of the header, the parameter or the cookie.
        prefix: the scheme that the header Authorization begins with, if any.
    """

    place: str
    name: str
    prefix: str = ""

    def shown_in(self, scope: Scope) -> bool:
        """Say whether a request shows such a credential."""
        text = self._text(scope)
        if not self.prefix:
            return bool(text)
        prefix, _, rest = text.partition(" ")
        shown = prefix.lower() == self.prefix.lower() and bool(rest.strip())
        return shown and (self.prefix.lower() != "basic" or _is_pair(rest.strip()))

    def _text(self, scope: Scope) -> str:
        if self.place == "query":
            return QueryParams(scope["query_string"]).get(self.name, "")
        headers = Headers(scope=scope)
        if self.place == "cookie":
            return cookies(headers.getlist("cookie")).get(self.name, "")
        found: str = headers.get(self.name, "")
        return found.strip()

    @property
    def wrong(self) -> Wrong:
        """What a request without the credential lacks."""
        wanted = f": it must be {self.prefix} and a credential" if self.prefix else ""
        return Wrong(place=self.place, name=self.name, must=f"is missing{wanted}")

    @property
    def challenge(self) -> str:
        """The challenge that asks for it (RFC 9110, section 11.6.1)."""
        if self.prefix:
            return f'{self.prefix} realm="mock"'
        return f'ApiKey realm="mock", in="{self.place}", name="{self.name}"'


def _is_pair(text: str) -> bool:
    try:
        return b":" in base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class Security:
    """The ways to be let in: each lists the credentials that it needs; none is no demand."""

    ways: tuple[tuple[Scheme, ...], ...]

    @property
    def challenges(self) -> str:
        """The challenges of all ways (RFC 9110, section 11.6.1)."""
        return ", ".join(dict.fromkeys(each.challenge for way in self.ways for each in way))

    def lacking(self, scope: Scope) -> Sequence[Scheme]:
        """Give the credentials that a request lacks, by the way that it comes nearest to."""
        nearest: Sequence[Scheme] | None = None
        for way in self.ways:
            missing = [each for each in way if not each.shown_in(scope)]
            if nearest is None or len(missing) < len(nearest):
                nearest = missing
        return nearest or ()


def security_of(operation: Operation) -> Security:
    """Read what an operation declares; a scheme that nobody describes demands nothing."""
    return Security(tuple(tuple(_schemes(way)) for way in operation.security))


def _schemes(way: Mapping[str, object]) -> Iterator[Scheme]:
    for described in way.values():
        node = described[1] if isinstance(described, list) else None
        if isinstance(node, Mapping):
            read = _KINDS.get(str(node.get("type")))
            scheme = read(node) if read else None
            if scheme is not None:
                yield scheme


def _api_key(node: Mapping[str, object]) -> Scheme | None:
    place, name = node.get("in"), node.get("name")
    known = place in {"header", "query", "cookie"} and isinstance(name, str)
    return Scheme(place=str(place), name=str(name)) if known else None


def _http(node: Mapping[str, object]) -> Scheme:
    name = str(node.get("scheme") or "Bearer")
    usual = {"bearer": "Bearer", "basic": "Basic", "digest": "Digest"}
    return Scheme(place="header", name="Authorization", prefix=usual.get(name.lower(), name))


def _bearer(_: Mapping[str, object]) -> Scheme:
    return Scheme(place="header", name="Authorization", prefix="Bearer")


_KINDS: Mapping[str, Callable[[Mapping[str, object]], Scheme | None]] = {
    "apiKey": _api_key,
    "http": _http,
    "oauth2": _bearer,
    "openIdConnect": _bearer,
}
