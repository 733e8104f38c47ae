"""Generators whose values have the form that the spec shows: pictures, numbers and tokens.

To add one: a function of the schema and the example that gives a maker, listed in `FORMED`.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Mapping

from PIL import Image

from contract.spec.composition import merged
from contract.spec.plain_values import plain_value
from contract.spec.vocabulary import validator
from contract.spec.yaml_text import Located
from mock_server.answer_editing import saved
from mock_server.answers.draw import Draw, Maker
from mock_server.answers.issued_texts import (
    LARGEST_INTEGER,
    NumberForm,
    integer_form,
    plain_form,
    shown_like,
    text_form,
)
from mock_server.drawing.captcha import Captchas

_LABEL = "data:image/jpg;base64,"
_SIZE = (125, 45)
_LARGEST = 1000
"""How many pixels a drawn picture may be wide or high."""
_WRITTEN: Mapping[str, str] = {
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/webp": "WEBP",
}
_LABELLED = re.compile(r"data:[^,]{0,100},")
_BEARER = re.compile(r"(?i:bearer) +")
_DIGITS = "1000000000000"
"""The form of numbers that are texts of digits, where nothing shows how many."""


def _image(schema: Located, example: object) -> Maker:
    """Make pictures with the label, of the type and the size that the spec shows."""
    facts = merged(schema)
    label = _label(facts, example)
    about = facts.get("x-image")
    shown = about if isinstance(about, Mapping) else {}
    media_type = str(shown.get("mediaType") or label[len("data:") :].partition(";")[0])
    form = _WRITTEN.get(media_type)
    size = (_length(shown.get("width"), _SIZE[0]), _length(shown.get("height"), _SIZE[1]))
    if form is None and size == _SIZE:
        return lambda draw: label + _base64(draw.captchas.picture(draw.number))

    def make(draw: Draw) -> object:
        picture = Image.open(io.BytesIO(draw.captchas.picture(draw.number)))
        return label + _base64(saved(picture.resize(size), form or "JPEG"))

    return make


def _label(facts: Mapping[str, object], example: object) -> str:
    if isinstance(example, str):
        found = _LABELLED.match(example)
        return found[0] if found else ""
    said = str(facts.get("pattern", "")).removeprefix("^").replace("\\", "")
    found = _LABELLED.match(said)
    return found[0] if found else _LABEL


def _length(stated: object, usual: int) -> int:
    return min(stated, _LARGEST) if isinstance(stated, int) and stated > 0 else usual


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _number(schema: Located, example: object) -> Maker:
    """Make numbers of captchas, which can be read back; where none can be, give the example."""
    form = _number_form(schema, example)
    if form is None:
        value = example if isinstance(example, str | int) else plain_value(schema)
        return lambda _: value

    def make(draw: Draw) -> object:
        if draw.forms is not None:
            draw.forms.append(form)
        return form.written(draw.number, draw.captchas)

    return make


def _number_form(schema: Located, example: object) -> NumberForm | None:
    """Choose the form of numbers: as the spec shows one, else as the schema allows them."""
    facts = merged(schema)
    shown = example if isinstance(example, str | int) else facts.get("example")
    if isinstance(shown, bool):
        return None
    if isinstance(shown, int) or (not isinstance(shown, str) and _is_integer(schema)):
        shown = shown if isinstance(shown, int) else None
        largest = LARGEST_INTEGER if shown is None or shown <= LARGEST_INTEGER else 2**63 - 1
        lowest, highest = _bound(facts, "minimum", 0), _bound(facts, "maximum", largest)
        form = integer_form(shown, lowest, min(highest, largest))
        return form if form is not None and _can_be(schema, form) else None
    tried = [shown] if isinstance(shown, str) and shown else []
    for text in (*tried, _form(schema, None), "0A0A0A", _DIGITS):
        form = text_form(text)
        if form is not None and _can_be(schema, form):
            return form
    return None


def _is_integer(schema: Located) -> bool:
    judge = validator(schema)
    return judge.is_valid(LARGEST_INTEGER // 2) and not judge.is_valid("0A0A0A")


def _bound(facts: Mapping[str, object], name: str, otherwise: int) -> int:
    stated = facts.get(name)
    return int(stated) if isinstance(stated, int | float) else otherwise


def _can_be(schema: Located, form: NumberForm) -> bool:
    """Say whether a schema allows the values of a form: a first, and others."""
    captchas = Captchas("")
    tried = (form.folded(captchas.number(index), captchas) for index in (0, 1, 10**6, 10**9))
    return all(validator(schema).is_valid(form.written(each, captchas)) for each in tried)


def _token(schema: Located, example: object) -> Maker:
    """Make tokens, each another one; where the schema allows none, the example is the token."""
    form = _form(schema, example)
    bearer = _BEARER.match(form)
    before = bearer[0] if bearer else ""
    form = form.removeprefix(before)
    if not _fits(schema, form, before):
        return lambda draw: example if isinstance(example, str) else draw.number
    kind = f"token {merged(schema).get('description', '')} {form}"  # two tokens differ
    return lambda draw: f"{before}{shown_like(form, draw.number, f'{draw.captchas.seed} {kind}')}"


def _form(schema: Located, example: object) -> str:
    facts = merged(schema)
    shown = example if isinstance(example, str) else facts.get("example")
    if isinstance(shown, str) and shown:
        return shown
    longest = facts.get("maxLength")
    shortest = facts.get("minLength", 0)
    return plain_form(
        shortest if isinstance(shortest, int) else 0, longest if isinstance(longest, int) else None
    )


def _fits(schema: Located, form: str, before: str = "") -> bool:
    tried = shown_like(form, "000000", "")
    return tried is not None and validator(schema).is_valid(before + tried)


FORMED: Mapping[str, Callable[[Located, object], Maker]] = {
    "captcha.image": _image,
    "captcha.id": _number,
    "token": _token,
}
"""The generators by the names that `x-mock` has for them."""
