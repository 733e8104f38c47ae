"""A value → XML, by what its schema says in `xml` (OpenAPI 3.0.3, XML Object)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from contract.spec.composition import merged

_NOT_IN_NAMES = re.compile(r"[^\w.-]")
_CONTROLS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_of(value: object, schema: Mapping[str, object]) -> str:
    """Write a value as an XML document."""
    name, _ = _named("root", merged(schema))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_element(name, value, schema)}'


def _element(name: str, value: object, schema: Mapping[str, object]) -> str:
    """Write a value as an element; an array is an element for each item, or one around them."""
    facts = merged(schema)
    tag, described = _named(name, facts)
    if isinstance(value, list):
        items = facts.get("items")
        inner = items if isinstance(items, Mapping) else {}
        wrapped = described.get("wrapped") is True or name == "root"
        each_name = tag if wrapped or "xml" not in inner else name
        items_text = "".join(_element(each_name, item, inner) for item in value)
        return f"<{tag}>{items_text}</{tag}>" if wrapped else items_text
    attributes, content = _namespace(described), ""
    if isinstance(value, Mapping):
        properties = facts.get("properties") or {}
        for key, member in value.items():
            inner = properties.get(key, {})
            inner_name, inner_described = _named(str(key), merged(inner))
            if inner_described.get("attribute") is True:
                attributes += f" {inner_name}={quoteattr(_plain(member))}"
            else:
                content += _element(str(key), member, inner)
    else:
        content = escape(_plain(value))
    return f"<{tag}{attributes}>{content}</{tag}>"


def _named(name: str, facts: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    described = facts.get("xml")
    described = described if isinstance(described, Mapping) else {}
    own = _NOT_IN_NAMES.sub("_", str(described.get("name", name)))
    prefix = described.get("prefix")
    named = own if own[:1].isalpha() or own[:1] == "_" else f"_{own}"
    return (f"{prefix}:{named}" if isinstance(prefix, str) and prefix else named), described


def _namespace(described: Mapping[str, object]) -> str:
    namespace, prefix = described.get("namespace"), described.get("prefix")
    if not isinstance(namespace, str):
        return ""
    return f" xmlns{f':{prefix}' if prefix else ''}={quoteattr(namespace)}"


def _plain(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _CONTROLS.sub("", text)
