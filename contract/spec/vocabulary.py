"""What each keyword of the spec means for one value: the standard ones, `x-` keys and formats.

`meaning(keyword, argument)` gives a judge: value → evidence, or None where the value keeps the
keyword. To add a keyword: write its judge, list it in `_OWN`, explain it in `openapi/README.md`,
and give it a fault in `mock_server/faults/`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

import jsonschema_rs

from contract import printable
from contract.json_pointer import pointer_of
from contract.pictures import image
from contract.spec.deferred import Deferred, meant
from contract.spec.grammar import SCHEMA, inner_kind, is_map
from contract.spec.strict_patterns import strict
from contract.spec.yaml_text import Located

Judge = Callable[[object], str | None]
"""A function from a value to the evidence against it; None if it keeps the keyword."""

IMAGE = "image-base64"
"""The format of a 图片base64 text."""
ANNOTATIONS = frozenset(
    {"title", "description", "example", "default", "deprecated", "readOnly", "writeOnly"}
    | {"externalDocs", "discriminator", "xml"},
)
"""The keywords that promise nothing about a value."""
EXTENSIONS = frozenset(
    {"x-sample", "x-image", "x-unique", "x-business-success", "x-mock", "x-environment"}
    | {"x-mock-expects"},
)
"""The `x-` keys that mean something."""

GENERATORS = frozenset({"captcha.image", "captcha.id", "uuid", "token"})
"""What `x-mock` may name: the generators of the mock server."""

CAPTCHA_NUMBER, CAPTCHA_ANSWER, CAPTCHA_NAME, TOKEN = EXPECTED = (
    "captcha.id",
    "captcha.answer",
    "captcha.name",
    "token",
)
"""What `x-mock-expects` may name: what the mock server takes a value of a request for."""

FORMATS = frozenset(
    {"image-base64", "int32", "int64", "float", "double", "byte", "binary", "date", "date-time"}
    | {"password", "email", "uuid", "uri", "hostname", "ipv4", "ipv6"}
)
"""What `format` may name: ours, and those that OpenAPI and its readers know."""

ENVIRONMENTS: Mapping[str, tuple[str, ...]] = {
    "dev": ("开发", "本地", "联调", "dev", "develop", "development", "local"),
    "test": ("测试", "沙箱", "沙盒", "验证", "test", "testing", "sandbox", "sit", "uat", "qa"),
    "staging": ("预发布", "预发", "预生产", "灰度", "仿真", "staging", "stage", "pre", "preview"),
    "production": ("生产", "正式", "线上", "现网", "prod", "production", "release", "live", "prd"),
}
"""`x-environment` names, and what documents call them in 域名列表, without 环境."""

_NO_NAME = re.compile(
    r"环境|地址|域名|网关|服务器?|接口|请求|访问|调用|入口|服务|主机|urls?|hosts?|api|base"
    r"|environments?|servers?|env|[\s:：()（）_-]+",
    re.IGNORECASE,
)
"""The words around the name of an environment: 测试环境请求地址."""


def environment_of(name: str, address: str) -> str | None:
    """Give the `x-environment` name of an address; None where nothing says which one it is.

    Args:
        name: what a document calls the environment; empty where it does not name it.
        address: a host, or a base URL; without a name, a part of the host may speak of one.
    """
    called = _NO_NAME.sub("", name.casefold())
    if name:
        return next((each for each, words in ENVIRONMENTS.items() if called in words), None)
    host = address.rpartition("://")[2].partition("/")[0]
    parts = set(re.split(r"[.:_-]", host.casefold()))
    said = [each for each, words in ENVIRONMENTS.items() if parts & set(words)]
    others = [each for each in said if each != "production"]
    return "dev" if parts & {"localhost", "127"} else next(iter(others), None)


_SHOWN = 40
_SHOWN_BITS = 128


class Meaningless(ValueError):  # noqa: N818 - it names what is wrong with a keyword
    """A keyword has no meaning with this argument; the message says why."""


def meaning(keyword: str, argument: object) -> Judge:
    """Give the judge of one keyword; it accepts any value that a server may send.

    Keywords repeat within a spec, so judges are cached.

    Raises:
        Meaningless: the argument does not fit the keyword.
    """
    if isinstance(argument, str | int | float):
        return _meaning_of_scalar(keyword, argument)
    if keyword == "$ref" and isinstance(argument, Mapping):
        return _meaning_of_whole(validator(argument))
    if keyword in _OWN:
        return _meaning_of_data(keyword, json.dumps(argument))
    return _meaning_of_schema(keyword, json.dumps(_rule(keyword, argument)))


@lru_cache(maxsize=4096, typed=True)
def _meaning_of_scalar(keyword: str, argument: str | float) -> Judge:
    return _meaning(keyword, argument)


@lru_cache(maxsize=4096)
def _meaning_of_data(keyword: str, text: str) -> Judge:
    return _meaning(keyword, json.loads(text))


@lru_cache(maxsize=4096)
def _meaning_of_schema(keyword: str, text: str) -> Judge:
    return _judge(keyword, json.loads(text))


def _meaning(keyword: str, argument: object) -> Judge:
    own = _OWN.get(keyword)
    judge = _judge(keyword, _rule(keyword, argument))
    return judge if own is None else lambda value: own(argument, value)


def _judge(keyword: str, schema: dict[str, object]) -> Judge:
    """Give the judge of a keyword that means what JSON Schema says."""
    try:
        rule = jsonschema_rs.Draft4Validator(schema)
    except (jsonschema_rs.ValidationError, ValueError) as error:
        raise Meaningless(str(error).splitlines()[0]) from None

    def judge(value: object) -> str | None:
        try:
            kept = rule.is_valid(value)
        except UnicodeEncodeError:  # half of a surrogate pair is a character too
            kept = rule.is_valid(str(value).encode("ascii", "replace").decode())
        length = f" ({len(value)} characters)" if isinstance(value, str) else ""
        return None if kept else shown(value) + (length if keyword.endswith("Length") else "")

    return judge


def _meaning_of_whole(judge: jsonschema_rs.Draft4Validator) -> Judge:
    """Give the judge of a whole schema, which names the first place that breaks it."""

    def evidence(value: object) -> str | None:
        try:
            wrong = next(iter(judge.iter_errors(value)), None)
        except UnicodeEncodeError:  # half of a surrogate pair
            return None
        if wrong is None:
            return None
        at = pointer_of(wrong.instance_path)
        return f"{shown(value)}, in which {at or 'all of it'} breaks {[*wrong.schema_path][-1]}"

    return evidence


def validator(
    schema: Mapping[str, object], *, of_requests: bool = False
) -> jsonschema_rs.Draft4Validator:
    """Compile a schema into a validator of whole values that knows the formats of this file.

    A schema of a spec keeps its validators, as it never changes.

    Args:
        schema: with references followed.
        of_requests: whether values are sent, and not answered: only answers need what is
            `readOnly`, and only requests what is `writeOnly` (OpenAPI 3.0.3, Schema Object).

    Raises:
        Meaningless: the schema is not valid.
    """
    if not isinstance(schema, Located):
        return _compiled(schema, "readOnly" if of_requests else "writeOnly")
    if of_requests:
        if schema.request_validator is None:
            schema.request_validator = _compiled(schema, "readOnly")
        return schema.request_validator
    if schema.validator is None:
        schema.validator = _compiled(schema, "writeOnly")
    return schema.validator


def _compiled(schema: Mapping[str, object], without: str) -> jsonschema_rs.Draft4Validator:
    formats = {IMAGE: lambda text: _format(IMAGE, text) is None}
    plain = json_schema(schema, without)
    try:
        return jsonschema_rs.Draft4Validator(plain, formats=formats, validate_formats=True)
    except (jsonschema_rs.ValidationError, ValueError) as error:
        raise Meaningless(str(error).splitlines()[0]) from None


def json_schema(
    schema: Mapping[str, object], without: str = "", *, sized: bool = False
) -> dict[str, object]:
    """Translate an OpenAPI 3.0 schema into JSON Schema draft 4: `nullable` becomes a type.

    What deferred references mean becomes `definitions`. Nothing needs the members that are
    `without`: `readOnly`, or `writeOnly`. Where they are `sized`, integers have no more bits than
    their format says.

    Raises:
        Meaningless: a schema is a part of itself, so that no value can be judged by it.
    """
    return _Translation(without, sized=sized).whole(schema)


class _Translation:
    """The translation of one schema and of those that it refers to, each of them once.

    Nothing needs the members that are `without`: `readOnly`, or `writeOnly`.
    """

    def __init__(self, without: str = "", *, sized: bool = False) -> None:
        self.without = without
        self.sized = sized
        self.definitions: dict[str, object] = {}
        self._names: dict[int, str] = {}
        self._written: set[int] = set()
        self._waiting: list[tuple[str, Located]] = []

    def whole(self, schema: Mapping[str, object]) -> dict[str, object]:
        """Translate a schema, and whatever it needs."""
        plain = self._of(schema)
        while self._waiting:
            name, target = self._waiting.pop()
            self.definitions[name] = self._of(target)
        if self.definitions:
            _must_end(self.definitions)
            plain["definitions"] = self.definitions
        return plain

    def _of(self, schema: Mapping[str, object]) -> dict[str, object]:
        if isinstance(schema, Deferred):
            return {"$ref": f"{_DEFINITIONS}{self._name(schema.target)}"}
        plain: dict[str, object] = {}
        for key, value in schema.items():
            if key not in ANNOTATIONS and not key.startswith("x-"):
                plain[key] = self._argument(key, value)
        self._need_less(plain, schema.get("properties"))
        for bound in ("minimum", "maximum"):
            if bound not in plain:  # meaningless without a bound, and draft 4 refuses it
                plain.pop(f"exclusive{bound.capitalize()}", None)
        if self.sized:
            _limit_bits(plain)
        if plain.pop("nullable", False) is True:
            choices = plain.get("enum")
            if "type" in plain:
                plain["type"] = [plain["type"], "null"]
            if isinstance(choices, list) and None not in choices:
                plain["enum"] = [*choices, None]
        return plain

    def _need_less(self, plain: dict[str, object], properties: object) -> None:
        """Leave out of `required` what is never sent this way, and a name that stands twice."""
        names = plain.get("required")
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return
        members = properties if self.without and isinstance(properties, Mapping) else {}
        needed = dict.fromkeys(
            name for name in names if not has_word(members.get(name), self.without)
        )
        if len(needed) < len(names):
            plain["required"] = [*needed]
        if not needed:
            del plain["required"]

    def _argument(self, key: str, value: object) -> object:
        if key == "pattern" and isinstance(value, str):
            return strict(value)
        kind = inner_kind(SCHEMA, key)
        if kind is None:
            return _copied(value)
        if is_map(kind) and isinstance(value, Mapping):
            return {name: self._inner(member) for name, member in value.items()}
        return self._inner(value)

    def _inner(self, value: object) -> object:
        if isinstance(value, list):
            return [self._inner(item) for item in value]
        if isinstance(value, Located) and not isinstance(value, Deferred):
            if id(value) in self._written:  # what is shared is written out twice, and no more often
                return {"$ref": f"{_DEFINITIONS}{self._name(value)}"}
            self._written.add(id(value))
        return self._of(value) if isinstance(value, Mapping) else value

    def _name(self, target: Located) -> str:
        known = self._names.get(id(target))
        if known is None:
            known = self._names[id(target)] = str(len(self._names))
            self._waiting.append((known, target))
        return known


def _limit_bits(plain: dict[str, object]) -> None:
    """Let an integer have the bits that its format says."""
    bits = _BITS.get(str(plain.get("format")))
    if bits is not None:
        whole = {"minimum": -(1 << bits), "maximum": (1 << bits) - 1}
        plain["allOf"] = [*(plain.get("allOf") or ()), whole]  # type: ignore[misc]  # a list


_BITS: Mapping[str, int] = {"int32": 31, "int64": 63}
"""The bits of integers without their sign, by format (OpenAPI 3.0.3, data types)."""


def has_word(member: object, word: str) -> bool:
    """Say whether a schema, or a part of its `allOf`, has a flag such as `readOnly`."""
    if not isinstance(member, Mapping):
        return False
    schema = meant(member)
    parts = schema.get("allOf")
    listed = parts if isinstance(parts, list) else []
    return schema.get(word) is True or any(
        isinstance(part, Mapping) and meant(part).get(word) is True for part in listed
    )


_DEFINITIONS = "#/definitions/"
_IN_PLACE = ("allOf", "anyOf", "oneOf", "not")
"""The keywords whose schemas judge the same value as the schema that holds them."""
_MOST_WAYS = 10_000
"""How many schemas may judge one value, counted as often as they are referred to."""


def _must_end(definitions: Mapping[str, object]) -> None:
    """Make sure that judging one value ends, and soon."""
    needed = {name: [*_in_place(schema)] for name, schema in definitions.items()}
    ways = {"": 1}
    try:
        for name in TopologicalSorter(needed).static_order():
            ways[name] = sum(ways[each] for each in needed.get(name, [""]))
    except CycleError:
        raise Meaningless("it is a part of itself: no value can be judged by it") from None
    if sum(ways.values()) > _MOST_WAYS:
        raise Meaningless("its allOf, anyOf and oneOf combine in too many ways to be judged")


def _in_place(schema: object) -> Iterator[str]:
    """Give what judges the very value that a schema judges: definitions, empty for the others."""
    if isinstance(schema, list):
        for part in schema:
            yield from _in_place(part)
    elif isinstance(schema, Mapping):
        yield str(schema.get("$ref", "")).removeprefix(_DEFINITIONS)
        for key in _IN_PLACE:
            if key in schema:
                yield from _in_place(schema[key])


def _rule(keyword: str, argument: object) -> dict[str, object]:
    """Give a keyword as a schema; an exclusive bound takes two keywords in draft 4."""
    if keyword.startswith("exclusive"):
        return {keyword: True, keyword.removeprefix("exclusive").lower(): argument}
    return {keyword: argument} if keyword.startswith("x-") else json_schema({keyword: argument})


def _copied(value: object) -> object:
    """Give data in plain types."""
    if isinstance(value, list):
        return [_copied(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _copied(inner) for key, inner in value.items()}
    return value


def branches(schema: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    """Give the ways that a schema lets a value be written: the parts of `anyOf`, or itself."""
    parts = schema.get("anyOf")
    if not isinstance(parts, list):
        return (schema,)
    return tuple(part for part in parts if isinstance(part, Mapping))


def json_type(value: object) -> str:
    """Name the JSON type of a value as a schema does (`integer` for a number without a point)."""
    kinds = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"))
    for kind, name in kinds:
        if isinstance(value, kind):
            return name
    if value is None:
        return "null"
    return "array" if isinstance(value, Sequence) else "object"


def shown(value: object) -> str:
    """Show a value in a report: one short line, base64 as length, digest and first characters."""
    if isinstance(value, str):
        return _shown_text(value)
    if isinstance(value, Mapping):
        return f"an object of {len(value)} members"
    if isinstance(value, Sequence):
        return f"an array of {len(value)} items"
    if isinstance(value, int) and value.bit_length() > _SHOWN_BITS:
        return f"an integer of {value.bit_length()} bits"
    constants = {"None": "null", "True": "true", "False": "false"}
    return constants.get(str(value), str(value))


@lru_cache(maxsize=32)
def encoded(text: str) -> image.Encoded:
    """Decode a 图片base64 text; cached, because several checks need it.

    Raises:
        NotBase64: it carries no base64.
    """
    return image.decode(text)


def picture(text: str) -> image.Picture:
    """Read the picture that a 图片base64 text carries, once for all checks that need it.

    Raises:
        NotBase64: it carries no base64.
        NotAnImage: its bytes are no complete image.
        TooLarge: the image is too large to judge.
    """
    found = _picture(text)
    if isinstance(found, image.Picture):
        return found
    raise type(found)(*found.args)


def beyond_budget(text: str) -> str | None:
    """Say why the picture that a text carries is too large to judge; None if it is not."""
    found = _picture(text)
    return str(found) if isinstance(found, image.TooLarge) else None


@lru_cache(maxsize=256)
def _picture(text: str) -> image.Picture | image.NotBase64 | image.NotAnImage | image.TooLarge:
    try:
        return image.read(image.decode(text).data)
    except (image.NotBase64, image.NotAnImage, image.TooLarge) as wrong:
        return wrong.with_traceback(None)


def _shown_text(text: str) -> str:
    start = text[:_SHOWN]
    quoted = f'"{printable.line(start)}"'
    if len(text) <= _SHOWN:
        return quoted
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{quoted}… ({len(text)} characters, SHA-256 {digest}…)"


def _type(argument: object, value: object) -> str | None:
    came = json_type(value)
    if came == argument or (argument == "number" and came == "integer"):
        return None
    return "null" if value is None else f"{shown(value)}, of type {came}"


def _enum(argument: Iterable[object], value: object) -> str | None:
    same = any(known == value and json_type(known) == json_type(value) for known in argument)
    return None if same else shown(value)


def _format(argument: object, value: object) -> str | None:
    if argument != IMAGE or not isinstance(value, str):
        return None
    try:
        picture(value)
    except (image.NotBase64, image.NotAnImage) as wrong:
        return f"{shown(value)}: {wrong}"
    return None


def _image(argument: object, value: object) -> str | None:
    if not isinstance(value, str) or not isinstance(argument, Mapping):
        return None
    came = picture(value)
    facts = {"mediaType": came.media_type, "width": came.width, "height": came.height}
    wrong = [f"{key} {facts[key]}" for key in facts if argument.get(key, facts[key]) != facts[key]]
    return ", ".join(wrong) or None


_OWN: Mapping[str, Callable[[Any, object], str | None]] = {
    "type": _type,
    "enum": _enum,
    "format": _format,
    "x-image": _image,
}
