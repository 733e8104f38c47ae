"""A payload → the bytes of a body, by what the spec says a body is: JSON, a text, a file.

To add a file that is made up where the spec shows none: its media type in `_FILES`.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from time import gmtime

from PIL import Image

from contract.spec.media_types import BodyForm, plain, served_as
from contract.spec.operations import DocumentedResponse
from contract.spec.xml_values import xml_of
from mock_server.answer_editing import encode, saved

_IMAGES: Mapping[str, str] = {
    "image/jpeg": "JPEG",
    "image/jpg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/png": "PNG",
}
_SIZE, _COLOUR = (64, 64), (153, 204, 255)
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>'


def media_type_of(answer: DocumentedResponse) -> str:
    """Give the media type that an answer is sent with; a text names its charset."""
    if answer.form is BodyForm.NONE:
        return ""
    chosen = served_as(answer.media_type, answer.form)
    names_none = answer.form is BodyForm.TEXT and "charset" not in chosen.lower()
    return f"{chosen}; charset=utf-8" if names_none and chosen.startswith("text/") else chosen


def body_of(answer: DocumentedResponse, payload: object) -> bytes:
    """Write a payload as the body of an answer."""
    if answer.form is BodyForm.JSON:
        return encode(payload)
    if answer.form is BodyForm.TEXT:
        return _text(answer, payload).encode("utf-8", "replace")
    return _bytes(answer, payload) if answer.form is BodyForm.BYTES else b""


def placeholder(answer: DocumentedResponse) -> object | None:
    """Give the payload of a file that the spec does not show; None where it is made of a schema."""
    if answer.form is BodyForm.BYTES:
        return _file(plain(served_as(answer.media_type, answer.form)))
    return _SVG if "svg" in answer.media_type.lower() else None


def _text(answer: DocumentedResponse, payload: object) -> str:
    if isinstance(payload, str):
        return payload
    if plain(answer.media_type).endswith("xml"):
        return xml_of(payload, answer.schema)
    return json.dumps(payload, ensure_ascii=False)


def _bytes(answer: DocumentedResponse, payload: object) -> bytes:
    if isinstance(payload, bytes):
        return payload
    text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    kind = plain(served_as(answer.media_type, answer.form))
    if not kind.startswith("image/"):
        return text.encode("utf-8", "replace")
    picture = _picture(text)
    if picture is None:
        return _file(kind)
    wanted = _IMAGES.get(kind)
    return picture if wanted in {None, _format(picture)} else _converted(picture, str(wanted))


def _picture(text: str) -> bytes | None:
    """Decode an image that a text carries in base64."""
    try:
        data = base64.b64decode(text.rpartition(",")[2], validate=True)
    except ValueError:
        return None
    return data if _format(data) else None


def _format(data: bytes) -> str | None:
    try:
        return Image.open(io.BytesIO(data)).format
    except OSError:
        return None


def _converted(data: bytes, form: str) -> bytes:
    return saved(Image.open(io.BytesIO(data)).convert("RGB"), form)


@cache
def _file(kind: str) -> bytes:
    if kind in _IMAGES:
        return saved(Image.new("RGB", _SIZE, _COLOUR), _IMAGES[kind])
    return _FILES.get(kind, lambda: b"bytes of the mock server\n")()


def _archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("read.me"), "made by the mock server\n")
    return file.getvalue()


def _pdf() -> bytes:
    image = Image.new("RGB", _SIZE, _COLOUR)
    return saved(image, "PDF", creationDate=gmtime(0), modDate=gmtime(0))


_FILES: Mapping[str, Callable[[], bytes]] = {
    "application/zip": _archive,
    "application/x-zip-compressed": _archive,
    "application/pdf": _pdf,
}
