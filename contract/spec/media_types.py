"""Media types: which of several is read, and what a body of one is: JSON, a text, or bytes.

To add a media type that is told wrongly: its subtype in `_TEXTS` or `_BYTES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

JSON = "application/json"
"""The media type of JSON."""
FORM = "application/x-www-form-urlencoded"
"""The media type of bodies that are forms."""
FORM_WITH_FILES = "multipart/form-data"
"""The media type of bodies that are forms with files."""

_JSON = re.compile(r"(?:.*\+)?json|x-json")
_TEXTS = re.compile(
    r"(?:.*[+-])?xml|(?:x-)?(?:java|ecma)script|x-www-form-urlencoded|(?:.*\+)?(?:x-)?yaml|toml|sql"
    r"|html|css|markdown|graphql|csv|jwt|(?:x-)?(?:ndjson|jsonl)|json-seq|stream\+json|pem-.*"
)
_STREAM = "stream+json"
_BYTES = re.compile(
    r"octet-stream|pdf|.*zip.*|x-tar|x-7z-.*|x-rar-.*|vnd\.rar|(?:x-)?protobuf|.*msgpack|cbor"
    r"|.*\+cbor|avro.*|x-java-.*|wasm|msword|vnd\.ms-.*|vnd\.openxmlformats-.*|x-binary|binary"
)
_OF_BYTES = frozenset({"image", "audio", "video", "font", "model", "multipart"})
_STRUCTURED = frozenset({"object", "array"})


class BodyForm(StrEnum):
    """What a body is."""

    NONE = "none"
    JSON = "json"
    TEXT = "text"
    BYTES = "bytes"


def plain(media_type: str) -> str:
    """Give a media type in small letters, without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def preferred(media_types: Iterable[str]) -> str:
    """Choose the media type that is read: JSON, else what is written as JSON, else the first.

    Of none it is empty.
    """
    listed = list(media_types)
    for wanted in (_is_json, _is_written_as_json):
        found = next((each for each in listed if wanted(plain(each))), None)
        if found is not None:
            return found
    return next(iter(listed), "")


def _is_json(media_type: str) -> bool:
    return media_type == JSON


def _is_written_as_json(media_type: str) -> bool:
    kind = media_type.rpartition("/")[2]
    return _JSON.fullmatch(kind) is not None and kind != _STREAM


def form_of(media_type: str, schema: Mapping[str, object]) -> BodyForm:
    """Say what a body of a media type is; where that does not decide, its schema does.

    A text or an unknown media type with the schema of an object or an array is JSON: servers that
    label JSON as text/plain are described so. A range such as `*/*` is JSON too, but for a text.
    """
    kind, _, inner = plain(media_type).partition("/")
    if not kind:
        return BodyForm.NONE
    structured = bool({"properties", "items"} & schema.keys()) or schema.get("type") in _STRUCTURED
    text = BodyForm.BYTES if schema.get("format") == "binary" else BodyForm.TEXT
    if "*" in {kind, inner} and kind in {"*", "application"}:
        return text if schema.get("type") == "string" else BodyForm.JSON
    undecided = text if kind == "text" else BodyForm.BYTES
    return _by_label(kind, inner) or (BodyForm.JSON if structured else undecided)


def _by_label(kind: str, inner: str) -> BodyForm | None:
    """Say what a body is whose media type alone decides it."""
    if _is_written_as_json(f"{kind}/{inner}"):
        return BodyForm.JSON
    if _TEXTS.fullmatch(inner):
        return BodyForm.TEXT
    bytes_ = kind in _OF_BYTES or (kind != "text" and _BYTES.fullmatch(inner))
    return BodyForm.BYTES if bytes_ else None


def served_as(media_type: str, form: BodyForm) -> str:
    """Give the one media type that stands for a range, such as `*/*`; another as it is."""
    if "*" not in media_type:
        return media_type
    kind = plain(media_type).partition("/")[0]
    return _OF_RANGES.get(kind) or _OF_FORMS[form]


_OF_RANGES: Mapping[str, str] = {
    "image": "image/png",
    "text": "text/plain",
    "audio": "audio/mpeg",
    "video": "video/mp4",
}
_OF_FORMS: Mapping[BodyForm, str] = {
    BodyForm.NONE: "",
    BodyForm.JSON: JSON,
    BodyForm.TEXT: "text/plain",
    BodyForm.BYTES: "application/octet-stream",
}
