"""Headers of an answer with a value that is made for it: the number of a captcha, a token."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contract.spec.composition import merged
from contract.spec.operations import DocumentedResponse
from contract.spec.references import optional
from contract.spec.yaml_text import Located
from mock_server.answers.draw import Maker
from mock_server.answers.generators import maker_of

GENERATOR = "x-mock"
"""The key that says how a value is made."""

COOKIE = "set-cookie"
"""The header of which only the value of the cookie is made; its name and its attributes stay."""

_COOKIE = re.compile(r"(\s*[^=;\s]+=)([^;]*)(.*)", re.DOTALL)
_UNKNOWN_COOKIE = ("captcha=", "; Path=/")


def made_headers(answer: DocumentedResponse) -> Iterator[tuple[str, Maker]]:
    """Give the headers that are made for each answer, and what makes them.

    Raises:
        InvalidSpec: an `x-mock` is not the name of a generator.
    """
    for name, described in answer.headers.items():
        if generator_of(described):
            yield name.lower(), _maker(name, described)


def generator_of(described: Located) -> str:
    """Give the name of the generator of a header; empty where it has none."""
    return str(merged(optional(described, "schema")).get(GENERATOR, ""))


def value_in(name: str, header: str) -> str:
    """Give what was made of a header: of a cookie its value alone."""
    found = _COOKIE.fullmatch(header) if name == COOKIE else None
    return found[2] if found else header


def _maker(name: str, described: Located) -> Maker:
    schema = optional(described, "schema")
    example = described.get("example", merged(schema).get("example"))
    if name.lower() != COOKIE:
        return maker_of(schema, {} if example is None else {"": example})
    found = _COOKIE.fullmatch(example) if isinstance(example, str) else None
    before, after = (found[1], found[3]) if found else _UNKNOWN_COOKIE
    make = maker_of(schema, {"": found[2]} if found and found[2] else {})
    return lambda draw: f"{before}{make(draw)}{after}"
