"""The body of a request or an answer → the same body without credentials, byte by byte.

Members are found in the text itself, so that all else stays as it came: blanks, escapes, members
named twice, what is not JSON at all. What stands for a credential is as long, and different for
every other value, so that the body is judged as before.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass

from contract.credentials import REDACTED
from contract.judging.redaction import Redaction

_HINT = re.compile(
    r"(?i)token|ticket|pass|pwd|secret|key|auth|cookie|credential|sign|sig|sess|jwt|csrf|xsrf"
    r"|tgt|tgc|bearer|saml|密码|口令|令牌|://|%3a|%3d|\\u00|:\\/"
)
"""What a body must hold before anything in it is a credential, unless the user gave it."""
_STRING = re.compile(r'"(?P<inner>[^"\\]*(?:\\.[^"\\]*)*)(?:"(?P<colon>\s*+:)?|\\?\Z)', re.DOTALL)
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.+-])-?[0-9][0-9.eE+-]*")
_BARE = re.compile(r"[^\s,}\]\[{\"<>&;]+")
_WORDS = frozenset({"null", "true", "false"})
_LOOSE = re.compile(
    r"""(?<![\w.-])(?P<name>[\w.-]{1,100})(?P<sign>['"]?\s{0,3}[:=]\s{0,3}['"]?)"""
    r"""(?P<value>(?:(?:Bearer|Basic|Digest) )?[^\s"'&;,<>{}\[\]]+)"""
)
_ELEMENT = re.compile(r"<(?P<name>[\w.:-]{1,100})(?P<more>(?:\s[^<>]{0,200})?)>(?P<value>[^<>]+)</")
_FIELD = re.compile(r"(?i)<(?:input|meta|param)\b[^<>]{1,4000}>")
_ATTRIBUTE = re.compile(
    r"""(?i)(?<![\w-])(?P<key>name|id|type|value|content)\s{0,3}=\s{0,3}"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'<>]+))"""
)
_NAMING = frozenset({"name", "id", "type"})
"""The attributes of a field of HTML that name what its value is."""
_DEEPEST = 3
"""How many times JSON may stand in a string of JSON."""
_WIDE = 1000
"""How many blanks may stand before a value."""


def without_credentials(body: bytes, redaction: Redaction, spared: Collection[str] = ()) -> bytes:
    """Give a body without credentials.

    Args:
        body: as it came, whatever it is.
        redaction: what is taken out.
        spared: names of members that stay, whatever the user gave: those that are documented.
    """
    text, encoding = _decoded(body)
    named = any(f'"{name}"' in text for name in redaction.names)
    if not (redaction.looks_everywhere or named or _HINT.search(text)):
        return body
    changed = _Redactor(redaction, frozenset(spared)).document(text, _DEEPEST)
    if changed != text:
        body = changed.encode(encoding, "surrogateescape")
    if encoding == "utf-8" or not redaction.looks_everywhere:
        return body
    # A byte that only looks like a part of another encoding may stand before what was given.
    text = body.decode("utf-8", "surrogateescape")
    return redaction.without(text).encode("utf-8", "surrogateescape")


def _decoded(body: bytes) -> tuple[str, str]:
    """Read bytes as a text that is written back as the same bytes, and name its encoding."""
    start = body[:64]
    wide = start[:2] in {b"\xff\xfe", b"\xfe\xff"} or start.count(0) > len(start) // 4
    for encoding in ("utf-16-le", "utf-16-be") if wide else ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeError):
            text = body.decode(encoding)
            if (not wide or '"' in text or "=" in text) and text.encode(encoding) == body:
                return text, encoding
    return body.decode("utf-8", "surrogateescape"), "utf-8"


@dataclass(frozen=True, slots=True)
class _Redactor:
    """The search of one body for what holds credentials."""

    redaction: Redaction
    spared: frozenset[str]

    def document(self, text: str, depth: int) -> str:
        """Give a whole text without credentials: JSON, or anything else."""
        changed = self._region(text, depth, hidden=False)
        return changed if _is_json(text) else self._loose(changed)

    def _region(self, text: str, depth: int, *, hidden: bool) -> str:
        """Give a part of a text; all values of a hidden one are credentials."""
        pieces: list[str] = []
        at = 0
        while (found := _STRING.search(text, at)) is not None:
            pieces.append(self._between(text[at : found.start()], hidden=hidden))
            at = found.end()
            if found["colon"] is None:
                pieces.append(self._string(found, depth, hidden=hidden))
                continue
            name = _read(found["inner"])
            pieces.append(self._name(found, name))
            if not hidden and self.redaction.hides(name):
                end = _end_of_value(text, at)
                pieces.append(self._hidden_value(text[at:end], depth))
                at = end
        pieces.append(self._between(text[at:], hidden=hidden))
        return "".join(pieces)

    def _hidden_value(self, text: str, depth: int) -> str:
        start = len(text) - len(text.lstrip())
        bare = text[start:].rstrip()
        if bare[:1] in {'"', "{", "["} or bare in _WORDS or not bare:
            return self._region(text, depth, hidden=True)
        stands = self.redaction.stand_in_number(bare) if _NUMBER.fullmatch(bare) else REDACTED
        return text[:start] + stands + text[start + len(bare) :]

    def _between(self, text: str, *, hidden: bool) -> str:
        """Give what stands between strings: numbers, and whatever a broken text has there."""
        if hidden:
            return _NUMBER.sub(lambda found: self.redaction.stand_in_number(found[0]), text)
        if not self.redaction.looks_everywhere:
            return text
        return _NUMBER.sub(lambda found: self.redaction.number(found[0]), text)

    def _string(self, found: re.Match[str], depth: int, *, hidden: bool) -> str:
        value = _read(found["inner"])
        if hidden:
            changed = self.redaction.stand_in(value)
        elif depth and value.lstrip()[:1] in {"{", "["} and '"' in value:
            changed = self.document(value, depth - 1)
        else:
            changed = self.redaction.value(value)
        return found[0] if changed == value else _written(found, changed)

    def _name(self, found: re.Match[str], name: str) -> str:
        changed = name if name in self.spared else self.redaction.value(name)
        return found[0] if changed == name else _written(found, changed)

    def _loose(self, text: str) -> str:
        """Give a text that is no JSON: a form, a page, XML, a dump of headers."""
        text = _FIELD.sub(self._field, text)
        for pattern in (_ELEMENT, _LOOSE):
            text = pattern.sub(self._loosely, text)
        return self.redaction.without(text)

    def _field(self, found: re.Match[str]) -> str:
        """Give a field of a form, or a meta element, without the credential that it names."""
        attributes = list(_ATTRIBUTE.finditer(found[0]))
        if not any(
            each["key"].lower() in _NAMING and self.redaction.hides(_said(each))
            for each in attributes
        ):
            return found[0]
        changed = found[0]
        for each in reversed(attributes):
            if each["key"].lower() not in _NAMING and _said(each):
                start, end = each.span(each.lastgroup or 0)
                changed = changed[:start] + REDACTED + changed[end:]
        return changed

    def _loosely(self, found: re.Match[str]) -> str:
        if not self.redaction.hides(found["name"]) or found["value"] in _WORDS:
            return found[0]
        start, end = found.span("value")
        whole = found[0]
        return whole[: start - found.start()] + REDACTED + whole[end - found.start() :]


def _said(attribute: re.Match[str]) -> str:
    """Give the value of an attribute, however it is quoted."""
    return attribute["double"] or attribute["single"] or attribute["bare"] or ""


def _read(inner: str) -> str:
    """Read what stands between the quotes of a string; as it is where its escapes are broken."""
    if "\\" not in inner:
        return inner
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return inner


def _written(found: re.Match[str], value: str) -> str:
    """Write another value between the quotes of a string."""
    start, end = found.start("inner") - found.start(), found.end("inner") - found.start()
    return found[0][:start] + json.dumps(value)[1:-1] + found[0][end:]


def _end_of_value(text: str, at: int) -> int:
    """Find where the value that begins at a place ends: a string, an object, a list, or a word."""
    depth = 0
    start = at + len(text[at : at + _WIDE]) - len(text[at : at + _WIDE].lstrip())
    if text[start : start + 1] not in {'"', "{", "["}:
        found = _BARE.match(text, start)
        return found.end() if found else start
    while (token := _STRING_OR_BRACKET.search(text, at)) is not None:
        at = token.end()
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth <= 0:
            return at
    return len(text)


def _is_json(text: str) -> bool:
    try:
        json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return False
    return True
