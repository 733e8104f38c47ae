"""Where each row of 请求参数 is sent: in the path, the query, a header, a cookie, a form or JSON.

A row says it itself, or its name or the method does. Three headers are no parameters in OpenAPI:
Content-Type and Accept follow from the media types, Authorization from a security scheme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from contract.documents.field_rows import Row
from contract.documents.interface_document import InterfaceDocument
from contract.documents.locations import FORM, FORM_WITH_FILES

JSON = "application/json"
"""The media type of answers, and of bodies that are not forms."""

FORMS = (FORM, FORM_WITH_FILES)
"""The media types of bodies that are forms."""

PARAMETERS = frozenset({"path", "query", "header", "cookie"})
"""The places of a request other than its body, as OpenAPI names them."""

_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
_IN_PATH = re.compile(r"\{([^{}/]+)\}")
_MEDIA_TYPES = frozenset({"content-type", "accept"})
_AUTHORIZATION = "authorization"


def path_names(document: InterfaceDocument) -> list[str]:
    """List the parameters that the path names."""
    return _IN_PATH.findall(document.address.text)


def location(row: Row, document: InterfaceDocument) -> str:
    """Say where a row is sent: `path`, `query`, `header`, `cookie`, or `body`."""
    if row.path[0] in path_names(document) and row.location in {"", "path"}:
        return "path"
    if row.location in PARAMETERS:
        return row.location
    if document.method.text in _WITHOUT_BODY and row.location == "":
        return "query"
    return "body"


def parameter_rows(document: InterfaceDocument) -> Iterator[Row]:
    """Give the rows that are parameters or members of the body: all but the three headers.

    A dotted row outside of the body that has no row above it is a parameter with dots in its name.
    """
    described = {row.path for row in document.parameters}
    for row in document.parameters:
        dotted = len(row.path) > 1 and row.path[:1] not in described
        if dotted and location(row, document) in PARAMETERS:
            yield replace(row, path=(".".join(row.path),))
        elif not is_told_elsewhere(row):
            yield row


def shows_body(document: InterfaceDocument) -> bool:
    """Say whether a sample shows a JSON body, where no row describes one."""
    asked = (each.value for each in document.samples if each.is_request)
    return document.method.text not in _WITHOUT_BODY and any(
        isinstance(value, dict | list) for value in asked
    )


def is_told_elsewhere(row: Row) -> bool:
    """Say whether a row is a header that OpenAPI describes otherwise."""
    name = row.path[0].lower()
    if name == _AUTHORIZATION:
        return row.location == "header"
    return name in _MEDIA_TYPES and row.location in {"", "header"}


def authorization(document: InterfaceDocument) -> Row | None:
    """Give the row of the header Authorization."""
    found = (row for row in document.parameters if row.path[0].lower() == _AUTHORIZATION)
    return next((row for row in found if is_told_elsewhere(row)), None)


def media_type(document: InterfaceDocument) -> str:
    """Give the media type of the body: what the document says anywhere, else JSON."""
    if document.media_type:
        return document.media_type
    said = " ".join(remark.text.lower() for remark in document.remarks)
    return next((known for known in FORMS if known in said), JSON)
