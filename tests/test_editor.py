"""What an editor knows of the spec while somebody types: `openapi/openapi.schema.json`."""

from __future__ import annotations

import json
import re

import jsonschema_rs
import pytest
import yaml

from contract.spec.default import SPEC
from contract.spec.vocabulary import ENVIRONMENTS, EXTENSIONS, FORMATS, GENERATORS

SCHEMA = SPEC.parent / "openapi.schema.json"
WHOLE = json.loads(SCHEMA.read_text(encoding="utf-8"))
OURS = {key: value for key, value in WHOLE.items() if key != "allOf"}  # what needs no network
MEMBER = OURS["definitions"]["schema"]["properties"]


def problems(text: str) -> list[str]:
    validator = jsonschema_rs.Draft7Validator(OURS)
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


def test_the_spec_names_its_schema_to_editors() -> None:
    first = SPEC.read_text(encoding="utf-8").splitlines()[0]

    assert first == f"# yaml-language-server: $schema={SCHEMA.name}"


def test_the_schema_knows_every_word_of_the_vocabulary() -> None:
    servers = OURS["definitions"]["servers"]["items"]["properties"]
    keys = frozenset(key for key in [*MEMBER, *servers] if key.startswith("x-"))

    assert (keys, MEMBER["x-mock"]["enum"], MEMBER["format"]["enum"]) == (
        EXTENSIONS,
        sorted(GENERATORS),
        sorted(FORMATS),
    )
    assert servers["x-environment"]["enum"] == list(ENVIRONMENTS)


def test_the_spec_keeps_it() -> None:
    assert problems(SPEC.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x-unique: true", "x-unique: maybe"),
        ("x-mock: captcha.id", "x-mock: captcha.number"),
        ("format: image-base64", "format: base64"),
        ("width: 125", "widht: 125"),
        ("x-environment: dev", "x-environment: develop"),
        (r'\["000"\]', '"000"'),
        ("operationId: getImgCode", "operationId: 获取"),
    ],
)
def test_a_slip_is_marked_while_it_is_typed(old: str, new: str) -> None:
    text, count = re.subn(old, new, SPEC.read_text(encoding="utf-8"), count=1)

    assert (count, len(problems(text))) == (1, 1)
