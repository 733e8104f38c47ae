"""Members of a form that can hold files → the parts of its body (RFC 7578)."""

from __future__ import annotations

from collections.abc import Sequence

from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

from contract.spec.yaml_text import Located

_BOUNDARY = "captcha-contract-part"
_FILE = "application/octet-stream"


def parts_of(members: Sequence[tuple[str, str]], schema: Located) -> tuple[str, bytes]:
    """Give the Content-Type and the bytes of a form; members that are `binary` go as files.

    Args:
        members: the names and values, a list once for each of its items.
        schema: of the form.
    """
    parts = [_part(name, text, is_file=_is_file(schema, name)) for name, text in members]
    boundary = _BOUNDARY
    while any(boundary in text for _, text in members):
        boundary += "-"
    body, label = encode_multipart_formdata(parts, boundary)
    return label, body


def _part(name: str, text: str, *, is_file: bool) -> RequestField:
    part = RequestField(name, text.encode(), filename=f"{name}.bin" if is_file else None)
    part.make_multipart(content_type=_FILE if is_file else None)
    return part


def _is_file(schema: Located, name: str) -> bool:
    properties = schema.get("properties")
    member = properties.get(name) if isinstance(properties, Located) else None
    items = member.get("items") if isinstance(member, Located) else None
    found = (each for each in (member, items) if isinstance(each, Located))
    return any(each.get("format") == "binary" for each in found)
