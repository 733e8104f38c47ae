"""Values of a request → texts: how OpenAPI 3.0 writes parameters and bodies.

The styles are those of the Parameter Object. To add a media type of bodies: a branch of `encoded`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote, urlencode

from contract.spec.media_types import FORM, FORM_WITH_FILES, BodyForm, form_of, plain
from contract.spec.operations import Body, Parameter
from contract.spec.xml_values import xml_of
from contract_tests.observing.form_parts import parts_of

_DELIMITERS: Mapping[str, str] = {"spaceDelimited": " ", "pipeDelimited": "|"}
_PREFIXES: Mapping[str, str] = {"label": ".", "matrix": ";"}


def in_path(parameter: Parameter, value: object) -> str:
    """Write a parameter as a part of a path."""
    style = str(parameter.node.get("style", "simple"))
    prefix = _PREFIXES.get(style, "")
    delimiter = prefix if prefix and parameter.node.get("explode") is True else ","
    named = f"{parameter.name}=" if style == "matrix" else ""
    parts = list(_parts(parameter, value, explode=False))
    if delimiter != "," and not isinstance(value, Mapping):
        return prefix + delimiter.join(named + quote(part, safe="") for part in parts)
    text = delimiter.join(quote(part, safe="=") for part in parts)
    return prefix + ("" if delimiter != "," else named) + text


def in_query(parameter: Parameter, value: object) -> Iterator[tuple[str, str]]:
    """Write a parameter as pairs of a query."""
    style = str(parameter.node.get("style", "form"))
    explode = parameter.node.get("explode", style == "form") is True
    if "content" in parameter.node:
        yield parameter.name, json.dumps(value, ensure_ascii=False)
    elif isinstance(value, Mapping) and style == "deepObject":
        yield from ((f"{parameter.name}[{key}]", text(each)) for key, each in value.items())
    elif isinstance(value, Mapping) and explode:
        yield from ((str(key), text(each)) for key, each in value.items())
    elif _is_list(value) and explode:
        yield from ((parameter.name, part) for part in texts(value))
    else:
        parts = _parts(parameter, value, explode=False)
        yield parameter.name, _DELIMITERS.get(style, ",").join(parts)


def in_header(parameter: Parameter, value: object) -> str:
    """Write a parameter as the value of a header or a cookie."""
    if "content" in parameter.node:
        return json.dumps(value)
    return ",".join(_parts(parameter, value, explode=parameter.node.get("explode") is True))


def _parts(parameter: Parameter, value: object, *, explode: bool) -> Iterator[str]:
    if isinstance(value, Mapping):
        explode = explode or parameter.node.get("explode") is True
        for key, each in value.items():
            yield from [f"{key}={text(each)}"] if explode else [str(key), text(each)]
    else:
        yield from texts(value)


def encoded(body: Body, value: object) -> tuple[str, bytes]:
    """Write the body of a request; give its media type, and the bytes."""
    media_type, kind = body.media_type, plain(body.media_type)
    if kind == FORM_WITH_FILES:
        return parts_of([*_members(value)], body.schema)
    if kind == FORM and isinstance(value, Mapping):
        pairs = [(name, part) for name, member in value.items() for part in texts(member)]
        return media_type, urlencode(pairs).encode()
    if form_of(media_type, body.schema) is BodyForm.JSON:
        return media_type, json.dumps(value, ensure_ascii=False).encode()
    if kind.endswith("xml") and not isinstance(value, str):
        return media_type, xml_of(value, body.schema).encode()
    return media_type, text(value).encode()


def _members(value: object) -> Iterator[tuple[str, str]]:
    """Give the parts of a form with files: a list once for each of its items, an object as JSON."""
    for name, member in value.items() if isinstance(value, Mapping) else ():
        items = member if isinstance(member, Sequence) and _is_list(member) else [member]
        yield from ((str(name), text(each)) for each in items)


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def texts(value: object) -> Iterator[str]:
    """Give a value as texts: a list as those of its items, an object as those of its members."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from texts(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    else:
        yield text(value)


def text(value: object) -> str:
    """Give a value as one text: JSON, unless it is one already."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
