"""A schema of a request → everything that is wrong with a value, each with its place, in words.

Nothing here repeats what was sent: it may be a password. To say another keyword in words: a line in
`_WORDS`, and in `_kind_of` where it describes a whole value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import jsonschema_rs

from contract.json_pointer import Step
from contract.spec.deferred import meant
from contract.spec.vocabulary import Meaningless, json_schema, json_type

MOST = 50
"""How many wrong places of one value are named."""

_LONGEST = 200
"""How many characters of a pattern or of a list of choices are told."""
_PATTERNS = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000)
_UUID = jsonschema_rs.Draft201909Validator({"format": "uuid"}, validate_formats=True)
_ARTICLES: Mapping[str, str] = {
    "string": "a text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_CAME = ", and is "
_FORMS: Mapping[str, str] = {
    "binary": "a file",
    "date": "a date such as 2026-01-31",
    "date-time": "a time such as 2026-01-31T08:00:00Z",
    "time": "a time of day such as 08:00:00Z",
    "email": "an e-mail address",
    "hostname": "the name of a host",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "uri": "a URI such as https://example.com/",
    "uuid": "a UUID",
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """One wrong place of a value: the steps to it, and what must stand there."""

    steps: tuple[Step, ...]
    must: str


class RequestSchema:
    """A schema that values of requests are held to; it is compiled when it is first needed."""

    __slots__ = ("_judge", "_plain", "schema")

    def __init__(self, schema: Mapping[str, object]) -> None:
        self.schema = meant(schema)
        self._plain: Mapping[str, object] = {}
        self._judge: jsonschema_rs.Draft4Validator | None = None

    def allows(self, value: object) -> bool:
        """Say whether a value keeps the schema."""
        try:
            return self._compiled().is_valid(value)
        except ValueError:  # no text of Unicode, or nested too deeply
            return False

    def slips(self, value: object) -> list[Misfit]:
        """Give what is wrong with a value: at most `MOST` places."""
        try:
            if self._compiled().is_valid(value):
                return []
            errors = self._compiled().iter_errors(value)
            return [*islice((slip for error in errors for slip in self._told(error)), MOST)]
        except UnicodeEncodeError:
            return [Misfit((), "must be text in UTF-8; it holds one half of a surrogate pair")]
        except ValueError:
            return [Misfit((), "is nested too deeply")]

    def described(self) -> str:
        """Say what values it allows, as far as a few words can."""
        self._compiled()
        return in_words(self._plain)

    def _compiled(self) -> jsonschema_rs.Draft4Validator:
        if self._judge is None:
            self._plain, self._judge = _compiled(self.schema)
        return self._judge

    def _told(self, error: jsonschema_rs.ValidationError) -> Iterator[Misfit]:
        steps = tuple(error.instance_path)
        keyword, argument = error.kind.name, error.kind.value
        if keyword == "required":
            wanted = self._holder(error).get("properties", {}).get(argument, {})
            yield Misfit((*steps, argument), missing(in_words(wanted)))
        elif keyword == "additionalProperties" and isinstance(argument, list):
            known = ", ".join(self._holder(error).get("properties", {})) or "none"
            for name in argument:
                yield Misfit((*steps, name), _short(f"is not a member; the members are: {known}"))
        elif keyword in {"oneOf", "anyOf"} and getattr(error.kind, "context", None):
            yield from self._nearest(error, steps)
        else:
            yield Misfit(steps, _must(keyword, argument, error.instance))

    def _nearest(
        self, error: jsonschema_rs.ValidationError, steps: tuple[Step, ...]
    ) -> Iterator[Misfit]:
        """Tell what the nearest of several alternatives lacks; of none that is near, all."""
        ways: list[list[jsonschema_rs.ValidationError]] = error.kind.as_dict()["context"]
        near = [each for each in ways if not any(_misfits(one, steps) for one in each)]
        if near:
            for each in min(near, key=len):
                yield from self._told(each)
            return
        slips = (slip for way in ways for each in way for slip in self._told(each))
        told = {slip.must.removeprefix("must be ").partition(_CAME)[0]: None for slip in slips}
        yield Misfit(steps, _short(f"must be {' or '.join(told)}"))

    def _holder(self, error: jsonschema_rs.ValidationError) -> Mapping[str, Any]:
        """Give the schema whose keyword is broken; empty where it cannot be found."""
        node: Any = self._plain
        for step in list(error.schema_path)[:-1]:
            if isinstance(node, Mapping) and "$ref" in node and step != "$ref":
                node = _referred(node, self._plain)
            if step == "$ref":
                node = _referred(node, self._plain)
            elif isinstance(node, Mapping):
                node = node.get(step)
            elif isinstance(node, list) and isinstance(step, int) and step < len(node):
                node = node[step]
        return node if isinstance(node, Mapping) else {}


def _misfits(error: jsonschema_rs.ValidationError, steps: tuple[Step, ...]) -> bool:
    """Say whether an alternative is of another type than the value at these steps."""
    return error.kind.name == "type" and tuple(error.instance_path) == steps


def _referred(node: Any, whole: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON Schema
    definitions: Any = whole.get("definitions", {})
    return definitions.get(str(node.get("$ref", "")).rpartition("/")[2], {})


def _compiled(
    schema: Mapping[str, object],
) -> tuple[dict[str, Any], jsonschema_rs.Draft4Validator]:
    """Compile a schema; of one that has no meaning, what has."""
    try:
        plain = json_schema(schema, "readOnly", sized=True)
    except Meaningless:
        plain = {}
    try:
        return plain, _validator(plain)
    except (jsonschema_rs.ValidationError, ValueError):
        known = _without_strange_patterns(plain)
    try:
        return known, _validator(known)
    except (jsonschema_rs.ValidationError, ValueError):
        return {}, _validator({})


def _validator(plain: dict[str, Any]) -> jsonschema_rs.Draft4Validator:
    return jsonschema_rs.Draft4Validator(
        plain, validate_formats=True, pattern_options=_PATTERNS, formats={"uuid": _UUID.is_valid}
    )


def _without_strange_patterns(node: Any) -> Any:  # noqa: ANN401 - JSON Schema
    """Copy a schema without the patterns that only other readers know."""
    if isinstance(node, list):
        return [_without_strange_patterns(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    return {
        key: _without_strange_patterns(value)
        for key, value in node.items()
        if key != "pattern" or not isinstance(value, str) or _is_pattern(value)
    }


def _is_pattern(text: str) -> bool:
    try:
        _validator({"pattern": text})
    except (jsonschema_rs.ValidationError, ValueError):
        return False
    return True


def missing(described: str) -> str:
    """Say that something is missing, and what it must be."""
    return f"is missing: it must be {described}" if described else "is missing"


def in_words(schema: Mapping[str, Any]) -> str:
    """Say what values a schema allows, as far as a few words can; empty where it says nothing."""
    choices = schema.get("enum")
    if isinstance(choices, list) and choices:
        return _short(f"one of {', '.join(map(_shown, choices))}")
    kind = _kind_of(schema)
    least, most = (schema.get(key) for key in ("minLength", "maxLength"))
    if least or most is not None:
        kind = f"{kind or 'a text'} of {_range(least, most)} characters"
    least, most = (schema.get(key) for key in ("minimum", "maximum"))
    if least is not None or most is not None:
        kind = f"{kind or 'a number'} {_bounds(least, most)}"
    if isinstance(schema.get("pattern"), str):
        kind = f"{kind or 'a text'} that matches {schema['pattern']}"
    return _short(kind)


def _kind_of(schema: Mapping[str, Any]) -> str:
    stated = schema.get("type")
    kinds = stated if isinstance(stated, list) else [stated]
    form = _FORMS.get(str(schema.get("format")))
    named = [form if form and each == "string" else _ARTICLES.get(str(each), "") for each in kinds]
    return " or ".join(filter(None, named))


def _range(least: float | None, most: float | None) -> str:
    if most is None:
        return f"{least} or more"
    if not least:
        return f"at most {most}"
    return f"{least}" if least == most else f"{least} to {most}"


def _bounds(least: float | None, most: float | None) -> str:
    if least is None or most is None:
        return f"of {least} or more" if most is None else f"of {most} or less"
    return f"from {least} to {most}"


def _shown(value: object) -> str:
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _must(keyword: str, argument: object, value: object) -> str:
    words = _WORDS.get(keyword)
    return words(argument, value) if words else f"must keep {keyword}"


def _type(argument: Any, value: object) -> str:  # noqa: ANN401 - JSON Schema
    kinds = argument if isinstance(argument, list) else [argument]
    wanted = " or ".join(_ARTICLES.get(str(each), str(each)) for each in kinds)
    came = json_type(value)
    return f"must be {wanted}{_CAME}{_ARTICLES.get(came, came)}"


_WORDS: Mapping[str, Callable[[Any, object], str]] = {
    "type": _type,
    "enum": lambda choices, _: _short(f"must be one of {', '.join(map(_shown, choices))}"),
    "minimum": lambda bound, _: f"must be {bound} or more",
    "maximum": lambda bound, _: f"must be {bound} or less",
    "exclusiveMinimum": lambda bound, _: f"must be more than {bound}",
    "exclusiveMaximum": lambda bound, _: f"must be less than {bound}",
    "multipleOf": lambda step, _: f"must be a multiple of {step}",
    "minLength": lambda size, _: f"must have {size} characters or more",
    "maxLength": lambda size, _: f"must have {size} characters or fewer",
    "pattern": lambda pattern, _: _short(f"must match {pattern}"),
    "format": lambda name, _: f"must be {_FORMS.get(name, f'of the format {name}')}",
    "minItems": lambda size, _: f"must have {size} items or more",
    "maxItems": lambda size, _: f"must have {size} items or fewer",
    "minProperties": lambda size, _: f"must have {size} members or more",
    "maxProperties": lambda size, _: f"must have {size} members or fewer",
    "uniqueItems": lambda *_: "must have no item twice",
    "oneOf": lambda *_: "must be exactly one of the alternatives, and is several",
    "anyOf": lambda *_: "must be one of the alternatives",
    "not": lambda *_: "must not be what the schema excludes",
}
"""What must be, by the keyword that is broken."""
