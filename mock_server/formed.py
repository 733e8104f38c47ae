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
from contract.spec.vocabulary import validator
from contract.spec.yaml_text import Located
from mock_server.answer_editing import saved
from mock_server.draw import Draw, Maker
from mock_server.issued_texts import NUMBER, plain_form, shown_like

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
    """Make numbers of captchas: the platform's own, or texts that can be read back to them."""
    form = _form(schema, example)
    if not NUMBER.fullmatch(form) and _fits(schema, form):
        return lambda draw: shown_like(form, draw.number, draw.captchas.seed)
    if isinstance(example, str) and not validator(schema).is_valid("0A0A0A"):
        return lambda _: example  # too short to name a captcha
    return lambda draw: draw.number


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
