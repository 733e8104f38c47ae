"""An operation → one of its requests, filled in: what the page shows for people to edit and send.

A value is the spec's first example, else the plainest one that its schema allows. Values are texts
as people type them, so that no long number loses its last digits in a browser. To add a way to
authenticate: its line in `_credential`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from contract.spec.composition import merged
from contract.spec.deferred import meant
from contract.spec.media_types import FORM, FORM_WITH_FILES, BodyForm, form_of, plain
from contract.spec.operations import Body, Operation, Parameter
from contract.spec.plain_values import NoValue, plain_value
from contract.spec.xml_values import xml_of
from contract.spec.yaml_text import Located

_FORMS: Mapping[str, str] = {
    FORM_WITH_FILES: "multipart",
    FORM: "form",
}
_FORBIDDEN = frozenset({"accept", "content-type", "authorization"})
"""Headers that are no parameters (OpenAPI 3.0.3, Parameter Object, `name`)."""
_MOST_EXAMPLES = 20
_STRUCTURED = frozenset({"array", "object"})


def sample_request(operation: Operation) -> Mapping[str, object]:
    """Give what a request of an operation carries, as JSON.

    `parameters` have a `value`, and say whether it is `sent`: where it is required, or shown by the
    spec. `bodies`, one for each media type, have `examples` by name: texts, or for forms the
    `fields`. `expects` and `gives` name what the mock server holds a value to, or makes, with the
    names that lead there.
    """
    return {
        "operationId": operation.id,
        "method": operation.method,
        "path": operation.path,
        "parameters": [*_parameters(operation), *_credentials(operation)],
        "bodies": [*_bodies(operation.body)] if operation.body else [],
        "gives": [
            {"what": member.schema["x-mock"], "path": member.path}
            for member in operation.members
            if isinstance(member.schema.get("x-mock"), str)
        ],
    }


def draws_captchas(operation: Operation) -> bool:
    """Say whether the answers of an operation show captchas."""
    return any(member.schema.get("x-mock") == "captcha.image" for member in operation.members)


def _parameters(operation: Operation) -> Iterator[dict[str, object]]:
    for each in operation.parameters:
        if each.location == "header" and each.name.lower() in _FORBIDDEN:
            continue
        shown = [*each.examples.values()]
        style = each.node.get("style")
        yield {
            "name": each.name,
            "in": each.location,
            "required": each.required,
            "description": _text_of(each.node.get("description") or each.schema.get("description")),
            "value": _typed(shown[0] if shown else _plain(each.schema)),
            "sent": each.required or bool(shown),
            "structured": merged(each.schema).get("type") in _STRUCTURED,
            "style": style if isinstance(style, str) else None,
            "explode": _explodes(each),
            "json": "content" in each.node,
            "expects": each.schema.get("x-mock-expects"),
        }


def _explodes(parameter: Parameter) -> bool:
    usual = parameter.location in {"query", "cookie"}
    style = parameter.node.get("style", "form" if usual else "simple")
    return parameter.node.get("explode", style == "form") is True


def _credentials(operation: Operation) -> Iterator[dict[str, object]]:
    """Give what the first way to authenticate asks for, as parameters."""
    ways = operation.security
    for name, described in next(iter(ways), {}).items():
        scheme = described[1] if isinstance(described, list) else None
        if isinstance(scheme, Mapping):
            key, place, value = _credential(scheme)
            yield {
                "name": key,
                "in": place,
                "required": {} not in ways,
                "description": _text_of(scheme.get("description") or name),
                "value": value,
                "sent": True,
                "structured": False,
                "style": None,
                "explode": False,
                "json": False,
                "expects": None,
            }


def _credential(scheme: Mapping[str, object]) -> tuple[str, str, str]:
    """Give the name, the place and a value of what a scheme asks for."""
    if scheme.get("type") == "apiKey":
        return str(scheme.get("name", "")), str(scheme.get("in", "header")), "mock"
    basic = str(scheme.get("scheme", "")).lower() == "basic"
    return "Authorization", "header", "Basic bW9jazptb2Nr" if basic else "Bearer mock"


def _bodies(body: Body) -> Iterator[dict[str, object]]:
    others = {name: schema for name, schema in body.schemas.items() if name != body.media_type}
    for media_type, schema in {body.media_type: body.schema, **others}.items():
        examples = body.examples if media_type == body.media_type else _examples(body, media_type)
        shown = dict([*examples.items()][:_MOST_EXAMPLES]) or {"": _plain(schema)}
        form = _form(media_type, schema)
        fields = form in _FORMS.values()
        yield {
            "mediaType": media_type,
            "required": body.required,
            "form": form,
            "examples": {
                name: [*_fields(body, media_type, schema, value, shown=bool(examples))]
                if fields
                else _written(media_type, schema, value, form)
                for name, value in shown.items()
            },
            "expects": [
                {"what": member.schema["x-mock-expects"], "path": member.path}
                for member in (body.members if media_type == body.media_type else ())
                if "x-mock-expects" in member.schema
            ],
        }


def _examples(body: Body, media_type: str) -> Mapping[str, object]:
    node = _described(body, media_type)
    named = node.get("examples")
    values = {
        name: each["value"]
        for name, each in (named.items() if isinstance(named, Mapping) else ())
        if isinstance(each, Mapping) and "value" in each
    }
    return {"example": node["example"], **values} if "example" in node else values


def _described(body: Body, media_type: str) -> Mapping[str, object]:
    content = body.node.get("content")
    node = content.get(media_type) if isinstance(content, Mapping) else None
    return node if isinstance(node, Mapping) else {}


def _form(media_type: str, schema: Located) -> str:
    kind = plain(media_type)
    if kind in _FORMS and isinstance(merged(schema).get("properties"), Mapping):
        return _FORMS[kind]
    form = form_of(media_type, schema)
    return {BodyForm.JSON: "json", BodyForm.TEXT: "text"}.get(form, "file")


def _written(media_type: str, schema: Located, value: object, form: str) -> str:
    if form == "json":
        return json.dumps(value, ensure_ascii=False, indent=2)
    if plain(media_type).endswith("xml") and not isinstance(value, str):
        return xml_of(value, schema)
    return _typed(value)


def _fields(
    body: Body, media_type: str, schema: Located, value: object, *, shown: bool
) -> Iterator[dict[str, object]]:
    facts = merged(schema)
    properties, needed = facts.get("properties"), facts.get("required")
    encoding = _described(body, media_type).get("encoding")
    given = value if isinstance(value, Mapping) else {}
    for name, member in properties.items() if isinstance(properties, Mapping) else ():
        described = merged(meant(member)) if isinstance(member, Mapping) else {}
        if described.get("readOnly") is True:
            continue
        required = isinstance(needed, list) and name in needed
        stated = encoding.get(name) if isinstance(encoding, Mapping) else None
        said = stated if isinstance(stated, Mapping) else {}
        stated_type, style = said.get("contentType"), said.get("style")
        yield {
            "name": name,
            "required": required,
            "description": _text_of(described.get("description")),
            "value": _typed(given[name] if name in given else _plain(member)),
            "sent": required or (shown and name in given),
            "structured": described.get("type") in _STRUCTURED,
            "file": _is_file(described),
            "contentType": stated_type if isinstance(stated_type, str) else None,
            "style": style if isinstance(style, str) else None,
            "explode": said.get("explode", style in {None, "form"}) is True,
            "json": "json" in str(stated_type)
            or (style is None and described.get("type") == "object"),
            "expects": described.get("x-mock-expects"),
        }


def _is_file(facts: Mapping[str, object]) -> bool:
    items = facts.get("items")
    inner = merged(meant(items)) if isinstance(items, Mapping) else {}
    return "binary" in {facts.get("format"), inner.get("format")}


def _plain(schema: object) -> object:
    try:
        return plain_value(schema) if isinstance(schema, Mapping) else ""
    except NoValue:
        return ""


def _typed(value: object) -> str:
    """Give a value as people type it: JSON, unless it is a text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else ""
