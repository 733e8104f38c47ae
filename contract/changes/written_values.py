"""The values of a spec, written for people in one short line, or for comparing.

What is written may be a schema that holds itself, or a small file that stands for a large tree, so
no text grows beyond what is shown of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from contract.spec.deferred import meant
from contract.spec.vocabulary import shown
from contract.spec.yaml_text import Located

UNSAID = "…"
"""What stands for a schema that cannot be written in a few words."""

_FEW = 6
_SHORT = 60
_NAMES = 3
_DEEP = 2


def brief(value: object) -> str:
    """Show a value of a spec in one short line; base64 is cut."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        more = f", … ({len(value)} in all)" if len(value) > _FEW else ""
        return f"[{', '.join(map(_item, value[:_FEW]))}{more}]"
    return _item(value)


def item(value: object) -> str:
    """Show one value of an enum, as JSON has it."""
    return "null" if value is None else _item(value)


def listed(values: list[object]) -> str:
    """Show the values of an enum, separated by commas."""
    more = [f"… ({len(values)})"] if len(values) > _FEW else []
    return ", ".join([*map(item, values[:_FEW]), *more])


def _item(value: object) -> str:
    """Show a value within a list."""
    if not isinstance(value, list | Mapping):
        return shown(value)
    text = ""
    for token in _tokens(value):
        text += token
        if len(text) > _SHORT or not text.isprintable():
            return shown(value)
    return text


def _tokens(value: object) -> Iterator[str]:
    """Write JSON piece by piece, with sorted members."""
    if isinstance(value, list):
        yield "["
        for index, each in enumerate(value):
            yield ", " if index else ""
            yield from _tokens(each)
        yield "]"
    elif isinstance(value, Mapping):
        yield "{"
        for index, name in enumerate(sorted(value)):
            yield f"{', ' if index else ''}{json.dumps(name, ensure_ascii=False)}: "
            yield from _tokens(value[name])
        yield "}"
    else:
        yield json.dumps(value, ensure_ascii=False, default=repr)


def value_text(value: object) -> str:
    """Write a value of an enum as JSON, so that equal values become equal texts: 1 and 1.0 too."""
    return json.dumps(_even(value), sort_keys=True, default=repr)


def sorted_json(value: object) -> str:
    """Write a value as JSON with sorted members, so that equal values become equal texts."""
    return json.dumps(_even(value), sort_keys=True, ensure_ascii=False, default=repr)


def _even(value: object) -> object:
    if isinstance(value, list):
        return [_even(each) for each in value]
    if isinstance(value, Mapping):
        return {name: _even(each) for name, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def form(schema: object, depth: int = _DEEP) -> str:
    """Write in a few words, the same in every language, what values a schema is about."""
    if not isinstance(schema, Mapping):
        return brief(schema)
    schema = meant(schema) if isinstance(schema, Located) else schema
    choices = schema.get("enum")
    if isinstance(choices, list):
        return listed(choices)
    kind = schema.get("type")
    described = schema.get("properties")
    if isinstance(kind, str) or isinstance(described, Mapping):
        text = str(kind or "object")
        if isinstance(described, Mapping):
            text += _named(schema, described)
        if text == "array" and depth:
            text += f" of {form(schema.get('items'), depth - 1)}" if "items" in schema else ""
        said = next((schema[word] for word in ("format", "pattern") if word in schema), None)
        text += "" if said is None or text != "string" else f" {brief(said)}"
        return f"{text} or null" if schema.get("nullable") is True else text
    for word, between in (("allOf", " + "), ("anyOf", " / "), ("oneOf", " / ")):
        parts = schema.get(word)
        if isinstance(parts, list) and depth:
            texts = [form(part, depth - 1) for part in parts[:_NAMES]]
            return between.join(texts) + (" …" if len(parts) > _NAMES else "")
    return UNSAID if schema else "any value"


def _named(schema: Mapping[str, object], described: Mapping[str, object]) -> str:
    needed = schema.get("required")
    names = [str(name) for name in needed] if isinstance(needed, list) and needed else [*described]
    more = ", …" if len(names) > _NAMES else ""
    return f" {{{', '.join(names[:_NAMES])}{more}}}"


def forms(schemas: list[Located]) -> str:
    """Write what each of some alternatives is about."""
    return " / ".join(form(schema) for schema in schemas[:_FEW]) + (
        " / …" if len(schemas) > _FEW else ""
    )
