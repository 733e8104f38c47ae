"""Name of an environment → base URL: what must be known before a request leaves.

An environment is a `server` of the spec with an `x-environment`; to add one, add a line there.
"""

from __future__ import annotations

from openapi.document import InterfaceDocument
from openapi.findings import Place, named
from openapi.spec import Operation
from openapi.vocabulary import ENVIRONMENTS

MOCK = "mock"
PRODUCTION = "production"
TARGETS = (MOCK, *ENVIRONMENTS)


class NoAddress(LookupError):  # noqa: N818 - it names what is missing
    """The document gives no address for the environment; the message says where it would."""


def base_url(operation: Operation, document: InterfaceDocument | None, name: str) -> str:
    """Give the URL that the operation's path is appended to in an environment.

    Raises:
        NoAddress: the spec has no server for it, because the document gives no address.
    """
    environment = operation.environments.get(name)
    if environment is not None:
        return environment.base_url()
    there = ", ".join([MOCK, *operation.environments])
    raise NoAddress(
        f"--target {name}: {_missing(document, name)}, so {operation.id} cannot be called there; "
        f"targets with an address: {there}"
    )


def _missing(document: InterfaceDocument | None, name: str) -> str:
    if document is None:
        return "the spec gives no address"
    words = ENVIRONMENTS[name]
    for row in document.environments:
        if row.name in words:
            place = Place(named(document.path), row.line)
            return f"the document leaves the address of {row.name} blank ({place})"
    return f"{named(document.path)} gives no address for {words[0]}"
