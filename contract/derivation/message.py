"""Rows of a field table → the message that they describe: members inside members, and schemas.

A row decides its member's schema; what samples show of it becomes `x-sample`. A member gets a
generator (`x-mock`) only if the row's own description speaks of a picture or its number, or if it
is marked as a part of a flow (`flow.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from contract.derivation.flow import PICTURE, Marks, place_of
from contract.derivation.shown_forms import (
    described_form,
    escaped,
    pattern_like,
    text_form,
)
from contract.derivation.stated_schema import Schema, described, item_schema, value_schema
from contract.documents import Row
from contract.documents.cells import Kind, word
from contract.documents.row_places import objects
from contract.documents.shown_values import departure, example
from contract.pictures import image
from contract.spec.vocabulary import (
    CAPTCHA_NUMBER,
    EXPECTED,
    IMAGE,
    TOKEN,
    branches,
    encoded,
    json_type,
    picture,
)

_PICTURE = re.compile(r"(图|照片|头像|二维码|验证码|image).*base64|base64.*(图|照片|image)")
_PICTURE_NUMBER = re.compile(r"(图片|图形|验证码)(的)?(编号|编码|标识|id|序号)")
_CREDENTIAL = re.compile(
    r"token|password|passwd|\bpwd|secret|signature|\bsign\b|authorization|session_?id|api_?key"
    r"|密码|口令|令牌|签名|密钥|验证码",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，,。；;（(]")
_CAPTCHA = {"mediaType": "image/jpeg", "width": 125, "height": 45}
_CAPTCHA_LABEL = "data:image/jpg;base64,"
_CAPTCHA_CHARACTERS = 4000
_CAPTCHA_AREA = 125 * 45
_DRAWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/webp"})
"""The types of pictures that the mock server writes."""
_CAPTCHA_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Node:
    """A member of a message: its row, where one describes it, and the members inside it.

    Its `mark` says what it is in a flow; it is empty for most.
    """

    name: str
    row: Row | None
    inner: tuple[Node, ...]
    mark: str = ""

    @property
    def is_required(self) -> bool:
        """Whether its row says 是; without a row of its own, whether a row inside it does."""
        if self.row is None:
            return any(node.is_required for node in self.inner)
        return self.row.is_required is True


def nodes(rows: Iterable[Row], marks: Marks | None = None) -> tuple[Node, ...]:
    """Nest rows by their paths; if two rows have the same path, the first counts."""
    marked = marks or {}
    described: dict[tuple[str, ...], Row] = {}
    for row in rows:
        described.setdefault(row.path, row)
    paths = dict.fromkeys(path[:length] for path in described for length in range(1, len(path) + 1))
    inside: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for path in paths:
        inside.setdefault(path[:-1], []).append(path)

    def below(path: tuple[str, ...]) -> tuple[Node, ...]:
        found = ((each, described.get(each)) for each in inside.get(path, ()))
        return tuple(
            Node(each[-1], row, below(each), marked.get(place_of(row), "") if row else "")
            for each, row in found
        )

    return below(())


def sent(members: Sequence[Node]) -> Schema:
    """Give the schema of an object that is sent; credentials have the format `password`."""
    return _object(members, (), comes=False)


def came(members: Sequence[Node], shown: Sequence[object]) -> Schema:
    """Give the schema of an object that is received, with what samples show of it."""
    return _object(members, shown, comes=True)


_OF_ONE_TYPE = frozenset({"type", "nullable"})


def whole(row: Row | None, members: Schema, shown: Sequence[object]) -> Schema:
    """Give the schema of a whole message: an object, or a list of such objects.

    Args:
        row: the row of the whole message, where the document has one.
        members: the schema of an object with the message's members.
        shown: the values that samples show.
    """
    is_list = row is not None and row.kind is Kind.ARRAY
    if not is_list and not (shown and all(isinstance(value, list) for value in shown)):
        return members
    plain = row is not None and not members["properties"]
    items = item_schema(row) if row is not None and plain else members
    said = described(row) if row is not None else {}
    return {"type": "array", **said, "items": items}


def parameter(node: Node) -> Schema:
    """Give the schema of a parameter: a text, which is left out rather than null."""
    schema = _as_text(_member(node, (), comes=False))
    said = {
        key: value
        for key, value in schema.items()
        if key not in {"description", "example", "nullable"}
    }
    if isinstance(listed := said.get("enum"), list):
        said["enum"] = [each for each in listed if each is not None]
    return said if "type" in said or "anyOf" in said else {"type": "string", **said}


def form(members: Sequence[Node]) -> Schema:
    """Give the schema of a form that is sent: its members are texts."""
    schema = sent(members)
    properties = schema["properties"]
    texts = {name: _as_text(each) for name, each in _items(properties)}
    return {**schema, "properties": texts}


def _items(properties: object) -> Iterator[tuple[str, Schema]]:
    yield from properties.items() if isinstance(properties, dict) else ()


def _as_text(schema: Schema) -> Schema:
    """Give the schema of a value in a query or form: of several JSON types, only the string."""
    text = next((each for each in branches(schema) if each.get("type") == "string"), {})
    others = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**text, **others} if "anyOf" in schema else schema


def _object(members: Sequence[Node], shown: Sequence[object], *, comes: bool) -> Schema:
    schema: Schema = {"type": "object"}
    required = [node.name for node in members if node.is_required]
    if required:
        schema["required"] = required
    found = [holder for value in shown for _, holder in objects(value)]
    properties = {
        node.name: _member(
            node, [each[node.name] for each in found if node.name in each], comes=comes
        )
        for node in members
    }
    if comes:
        _number_the_captcha(members, properties, found)
    return {**schema, "properties": properties}


def _member(node: Node, shown: Sequence[object], *, comes: bool) -> Schema:
    row = node.row
    schema = _implied(shown) if row is None else {**value_schema(row), **described(row)}
    if node.inner:
        inner = _object(node.inner, shown, comes=comes)
        is_list = schema.get("type") == "array"
        if row is not None and row.kind is Kind.STRING:  # an object, or a text that holds one
            inner.pop("type")
            schema = {key: said for key, said in schema.items() if key not in _OF_ONE_TYPE}
        schema |= {"items": inner} if is_list else {**inner, **schema}
    if row is None:
        return schema
    if comes and None in shown and not (row.required or row.nullable):
        schema = _or_null(schema)
    if row.kind is Kind.ARRAY and "items" not in schema:
        schema["items"] = item_schema(row)
    value = example(row)
    if value is not None and departure(row, value) is None:
        schema["example"] = value
    if not comes and node.mark in EXPECTED:
        schema["x-mock-expects"] = node.mark
    if schema.get("type") == "string":
        schema |= _text(node.mark, row, schema, shown, comes=comes)
    elif comes and "anyOf" in schema:
        form = _form(row, shown)
        schema |= {"x-sample": form} if form else {}
    return schema


def _or_null(schema: Schema) -> Schema:
    """Give the schema of a member that a sample shows as null, and no table says is required."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [{**each, "nullable": True} for each in branches(schema)]}
    return {**schema, "nullable": True} if "type" in schema else schema


def _implied(shown: Sequence[object]) -> Schema:
    """Give the schema of a member that has no row of its own, only rows inside it."""
    is_list = bool(shown) and all(isinstance(value, list) for value in shown)
    return {"type": "array" if is_list else "object"}


def _text(mark: str, row: Row, schema: Schema, shown: Sequence[object], *, comes: bool) -> Schema:
    if speaks_of_picture(row) and mark in {"", PICTURE}:
        said: Schema = {"format": IMAGE}
        return said | _picture(schema, shown, captcha=mark == PICTURE) if comes else said
    if comes and mark == PICTURE:
        return _picture(schema, shown, captcha=True)
    spoken = _CLAUSE.split(row.description, maxsplit=1)[0]
    if not comes:
        guarded = _CREDENTIAL.search(f"{row.name} {spoken}")
        return {"format": "password"} if guarded else {}
    form = text_form(shown) or described_form(row.description)
    given: Schema = {"x-mock": TOKEN} if mark == TOKEN else {}
    return {**({"x-sample": form} if form else {}), **given}


def speaks_of_picture(row: Row) -> bool:
    """Say whether a row describes a picture as base64: 图片base64."""
    return _PICTURE.search(word(row.description)) is not None


def _picture(schema: Schema, shown: Sequence[object], *, captcha: bool) -> Schema:
    """Give what the first sample shows of a picture; the mock server draws captchas.

    Where nothing but the sample says that it is one, it has to look like those of this platform.
    """
    text = next((value for value in shown if isinstance(value, str)), None)
    drawn: Schema = {"x-mock": PICTURE}
    label, facts = _seen(text) if text is not None else ("", {})
    longest = schema.get("maxLength")
    fits = not isinstance(longest, int) or longest >= _characters(label, facts)
    if text is not None and not captcha:
        fits = fits and label == _CAPTCHA_LABEL and facts in ({}, _CAPTCHA)
    elif captcha and facts:
        fits = fits and facts["mediaType"] in _DRAWN
    sample: Schema = {"pattern": f"^{escaped(label)}"} if label else {}
    sample |= {"x-image": facts} if facts else {}
    said: Schema = {"x-sample": sample} if sample else {}
    return said | drawn if fits else said


def _characters(label: str, facts: Schema) -> int:
    """Say how many characters a drawn picture may have, in base64; larger ones take more."""
    area = int(str(facts.get("width", 1))) * int(str(facts.get("height", 1)))
    times = max(1, area // _CAPTCHA_AREA) * (4 if "png" in f"{label}{facts}" else 1)
    return _CAPTCHA_CHARACTERS * times


def _seen(text: str) -> tuple[str, Schema]:
    """Give the label before the base64 of a picture, and the facts in its bytes."""
    label = text[: text.find(",") + 1] if text.startswith("data:") else ""
    try:
        encoded(text)
        seen = picture(text)
    except (image.NotBase64, image.NotAnImage, image.TooLarge):
        return label, {}
    return label, {"mediaType": seen.media_type, "width": seen.width, "height": seen.height}


def _number_the_captcha(
    members: Sequence[Node], properties: Mapping[str, Schema], found: Sequence[Mapping[str, object]]
) -> None:
    """Have the mock server put the number of a captcha beside it, into the same object."""
    has_picture = any(schema.get("x-mock") == PICTURE for schema in properties.values())
    for node in members:
        schema = properties[node.name]
        longest = schema.get("maxLength", _CAPTCHA_NUMBER)
        speaks = node.row is not None and _PICTURE_NUMBER.search(word(node.row.description))
        values = [each[node.name] for each in found if node.name in each]
        alike = all(re.fullmatch(rf"[0-9A-Z]{{{_CAPTCHA_NUMBER}}}", str(each)) for each in values)
        ours = speaks and alike and longest == _CAPTCHA_NUMBER
        ours = ours and has_picture and schema.get("type") == "string"
        if ours or node.mark == CAPTCHA_NUMBER:
            schema["x-mock"] = CAPTCHA_NUMBER


def _form(row: Row, shown: Sequence[object]) -> Schema:
    """Give the one of several JSON types that samples show, and the pattern of a date."""
    kinds = {json_type(value) for value in shown if value is not None}
    if row.kind is Kind.NUMBER:
        kinds = {kind.replace("integer", "number") for kind in kinds}
    if not kinds and row.kind is Kind.DATE:
        form = described_form(row.description)
        return {"type": "string", **form} if form else {}
    if len(kinds) != 1:
        return {}
    texts = {pattern_like(value) for value in shown if isinstance(value, str)}
    dated = row.kind is Kind.DATE and len(texts) == 1
    return {"type": kinds.pop(), **({"pattern": texts.pop()} if dated else {})}
