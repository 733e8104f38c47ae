"""The bodies that the journal keeps, and what it shows of them: no credential and no picture.

A body is kept as it came, because almost none is ever looked at; it is shown without credentials
(`contract/judging/redacted_bodies.py`), its pictures as length and digest. What is large is
shortened when it has come. To show another form of body: a function in `_FORMS`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from email import message_from_bytes
from email.message import Message
from urllib.parse import parse_qsl

from contract.credentials import REDACTED, names_credential
from contract.judging.redacted_bodies import without_credentials
from contract.judging.redaction import Redaction
from contract.spec.media_types import FORM, FORM_WITH_FILES

KEPT = 16 << 10
"""How many bytes of a body the journal keeps."""

READ = 1 << 20
"""How many bytes a body may have that is read as a whole, so that it can be shortened well."""

LONGEST_TEXT = 2000
"""How many characters of a text are shown."""

REDACTION = Redaction()
"""What is taken out of all that the journal shows."""

_DEEPEST = 32
_BASE64 = re.compile(r"(?:data:[\w.+/-]{1,80}(?:;[\w=.-]{1,80})*,)?[A-Za-z0-9+/_-]{200,}={0,2}")
_BEARER = re.compile(r"(?i:bearer) +\S+")
_PICTURE = re.compile(
    rb'"((?:data:[\w.+/-]{1,80}(?:;[\w=.-]{1,80})*,)?[A-Za-z0-9+/_-]{1000,}={0,2})"(?!\s*:)'
)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class KeptBody:
    """A body as it passes, as cheap to keep as possible: a reference to each part."""

    __slots__ = ("_digest", "_parts", "_told", "_told_text", "length", "media_type", "shortened")

    def __init__(self, media_type: str = "") -> None:
        self.media_type = media_type
        self.length = 0
        self.shortened = False
        self._parts: list[bytes] = []
        self._digest: hashlib._Hash | None = None
        self._told: dict[str, object] | None = None
        self._told_text: str | None = None

    def add(self, part: bytes) -> None:
        """Take the next part; of a very long body only its beginning is kept, and its digest."""
        self.length += len(part)
        if self._digest is not None:
            self._digest.update(part)
        elif self.length > READ:
            self._digest = hashlib.sha256(b"".join(self._parts))
            self._digest.update(part)
        if self.length <= READ:
            self._parts.append(part)

    def settle(self) -> None:
        """Shorten what is larger than the journal keeps; nothing more will come."""
        if self.length <= KEPT:
            return
        body = b"".join(self._parts)
        self._digest = self._digest or hashlib.sha256(body)
        value = _json(body) if self.length <= READ else None
        shortened = b"" if value is None else json.dumps(value).encode()
        self.shortened = 0 < len(shortened) <= KEPT
        self._parts = [shortened if self.shortened else body[:KEPT]]

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return sum(map(len, self._parts))

    @classmethod
    def shown_as(cls, told: dict[str, object], text: str | None = None) -> KeptBody:
        """Make a body of which no more is known than what `as_json` and `text` gave."""
        body = cls()
        body._told, body._told_text = told, text
        return body

    def as_json(self) -> dict[str, object]:
        """Give what is shown: media type and length, and the content or its digest, or both."""
        if self._told is not None:
            return self._told
        told: dict[str, object] = {"mediaType": self.media_type, "length": self.length}
        body = b"".join(self._parts)
        content = json.loads(body) if self.shortened else self._content(body)
        if content is not None:
            told["content"] = content
        if content is None or self._digest is not None:
            digest = self._digest or hashlib.sha256(body)
            told["sha256"] = digest.hexdigest()
        return told

    def text(self) -> str | None:
        """Give the body as a text, as far as it is kept; None for bytes and forms."""
        if self._told is not None:
            return self._told_text
        kind = self.media_type.partition(";")[0].strip().lower()
        return None if kind in _FORMS else _text(b"".join(self._parts))

    def content(self) -> object:
        """Give the content as it is shown: JSON, a form as an object, or a text; None for bytes."""
        return self.as_json().get("content")

    def _content(self, body: bytes) -> object:
        kind = self.media_type.partition(";")[0].strip().lower()
        if kind in _FORMS:
            return None if len(body) < self.length else _FORMS[kind](body, self.media_type)
        value = _json(body)
        return _text(body) if value is None else value


def _json(body: bytes) -> object:
    """Give a JSON body as it is shown; None for any other, and for `null`."""
    try:
        value = json.loads(
            without_credentials(_PICTURE.sub(_shortened, body), REDACTION), parse_constant=str
        )
    except (ValueError, RecursionError):
        return None
    return _shown(value, _DEEPEST)


def _shortened(picture: re.Match[bytes]) -> bytes:
    """Shorten a picture before credentials are looked for: that takes long in what is long."""
    return json.dumps(_shown_text(picture[1].decode())).encode()


def _shown(value: object, depth: int) -> object:
    if isinstance(value, str):
        return _shown_text(value)
    if not depth and isinstance(value, Mapping | list):
        return "…"
    if isinstance(value, Mapping):
        return {name: _shown(each, depth - 1) for name, each in value.items()}
    return [_shown(each, depth - 1) for each in value] if isinstance(value, list) else value


def _shown_text(text: str) -> str:
    if _BEARER.fullmatch(text):
        return f"Bearer {REDACTED}"
    if len(text) >= 200 and _BASE64.fullmatch(text):  # noqa: PLR2004 - as many as it looks for
        label = text.partition(",")[0] if text.startswith("data:") else "base64"
        digest = hashlib.sha256(text.encode()).hexdigest()
        return f"[{label}: {len(text)} characters, sha256 {digest}]"
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}… ({len(text)})"


def _text(body: bytes) -> str | None:
    """Give a text without credentials; None for what is none."""
    try:
        text = without_credentials(body, REDACTION).decode()
    except ValueError:
        return None
    return None if _BINARY.search(body) else _shown_text(text)


def _fields(body: bytes, _: str) -> object:
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True)
    return _by_name((name, value) for name, value in pairs)


def _parts(body: bytes, media_type: str) -> object:
    head = b"Content-Type: " + media_type.encode("latin-1", "replace") + b"\r\n\r\n"
    message = message_from_bytes(head + body)
    parts = message.get_payload() if message.is_multipart() else []
    found = [each for each in parts if isinstance(each, Message)]
    return _by_name((_name(part), _part(part)) for part in found) if found else None


def _name(part: Message) -> str:
    return str(part.get_param("name", "", "content-disposition"))


def _part(part: Message) -> object:
    """Give a field as its text, a file as its name, length and digest."""
    data = part.get_payload(decode=True)
    data = data if isinstance(data, bytes) else b""
    name = part.get_filename()
    if name is None:
        return data.decode("utf-8", "replace")
    return {
        "fileName": name[:LONGEST_TEXT],
        "mediaType": part.get_content_type(),
        "length": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _by_name(fields: Iterable[tuple[str, object]]) -> object:
    """Give fields as an object without credentials; what comes several times is a list."""
    found: dict[str, list[object]] = {}
    for name, value in fields:
        shown = value
        if names_credential(name):
            shown = REDACTED
        elif isinstance(value, str):
            shown = _shown_text(REDACTION.value(_without(value)))
        found.setdefault(name[:LONGEST_TEXT], []).append(shown)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _without(text: str) -> str:
    """Give a field without the credentials that it holds: it may be JSON."""
    return without_credentials(text.encode("utf-8", "replace"), REDACTION).decode()


_FORMS: Mapping[str, Callable[[bytes, str], object]] = {
    FORM: _fields,
    FORM_WITH_FILES: _parts,
}
"""How the bodies of forms are shown, by media type."""
