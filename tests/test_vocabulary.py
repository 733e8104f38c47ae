"""What keywords mean for a value, what a validator asks of it, and how values are shown."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image

from contract.findings import Place
from contract.spec.vocabulary import (
    FORMATS,
    IMAGE,
    Meaningless,
    branches,
    json_schema,
    meaning,
    shown,
    validator,
)
from contract.spec.yaml_text import Located

IMAGE_FORMAT = {"format": IMAGE}
TEXT = {"type": "string"}
DATE = {"type": "string", "format": "date"}


def png(width: int, height: int) -> str:
    file = BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return b64encode(file.getvalue()).decode()


@pytest.mark.parametrize(
    ("keyword", "argument", "problem"),
    [
        ("enum", 1, '1 is not of type "array"'),
        ("maxLength", -1, "-1 is less than the minimum of 0"),
        ("pattern", "(", '"(" is not a "regex"'),
        ("properties", {"a": {"pattern": "("}}, '"(" is not a "regex"'),
    ],
)
def test_a_keyword_with_an_argument_that_is_none_means_nothing(
    keyword: str, argument: object, problem: str
) -> None:
    with pytest.raises(Meaningless, match=rf"^{re.escape(problem)}$"):
        meaning(keyword, argument)


@pytest.mark.parametrize("schema", [{"pattern": "("}, {"items": {"maxLength": -1}}, {"type": "x"}])
def test_a_schema_that_is_none_has_no_validator(schema: dict[str, object]) -> None:
    with pytest.raises(Meaningless, match=r"^[^\n]+ (is not|is less)[^\n]+$"):
        validator(schema)


def test_a_schema_of_a_spec_keeps_its_validator() -> None:
    schema = Located(Place("a.yaml", 1))
    schema.update(TEXT)

    judge = validator(schema)

    assert (judge.is_valid("x"), judge.is_valid(1)) == (True, False)
    assert judge is validator(schema) is schema.validator


@pytest.mark.parametrize(
    ("schema", "kept", "broken"),
    [
        (DATE, "2026-11-23", "2026-13-23"),
        (IMAGE_FORMAT, png(2, 3), "AAAA"),
        (IMAGE_FORMAT, png(2, 3), "no base64"),
        (IMAGE_FORMAT, 5, png(2, 3)[:-20]),
        ({"properties": {"a": TEXT}}, {"a": "x"}, {"a": 1}),
        ({"items": {**TEXT, "nullable": True}}, ["x", None], [1]),
        ({"items": {**TEXT, "nullable": False}}, ["x"], [None]),
        ({"minimum": 1, "exclusiveMinimum": True}, 2, 1),
        ({"maximum": 1, "exclusiveMaximum": True}, 0, 1),
        ({"exclusiveMinimum": True, "maximum": 2}, 0, 3),
        ({"anyOf": [{**TEXT, "nullable": True}, {"type": "integer"}]}, None, 1.5),
        ({"x-image": {"width": 1}, "description": 1, **TEXT}, "x", 1),
        ({"enum": ["a"], "nullable": True}, None, "b"),
        ({**TEXT, "nullable": True}, None, 1),
    ],
)
def test_a_validator_asks_what_a_schema_of_openapi_means(
    schema: dict[str, object], kept: object, broken: object
) -> None:
    judge = validator(schema)

    assert (judge.is_valid(kept), judge.is_valid(broken)) == (True, False)


@pytest.mark.parametrize(
    ("schema", "plain"),
    [
        ({"nullable": True}, {}),
        ({"nullable": False, **TEXT}, TEXT),
        ({"nullable": "true", **TEXT}, TEXT),
        ({"nullable": True, "enum": ["a"]}, {"enum": ["a", None]}),
        ({"nullable": True, **TEXT}, {"type": ["string", "null"]}),
        ({"exclusiveMaximum": True}, {}),
        ({"exclusiveMinimum": False, "minimum": 1}, {"exclusiveMinimum": False, "minimum": 1}),
        ({"items": {"example": 1, **TEXT}}, {"items": TEXT}),
        ({"allOf": [{"x-mock": "uuid", **TEXT}, {"title": "t"}]}, {"allOf": [TEXT, {}]}),
        (
            {"properties": {"title": TEXT, "x-a": TEXT}},
            {"properties": {"title": TEXT, "x-a": TEXT}},
        ),
        ({"enum": [{"a": 1}]}, {"enum": [{"a": 1}]}),
        (
            dict.fromkeys(
                (
                    *("title", "description", "example", "default", "deprecated", "readOnly"),
                    *("writeOnly", "externalDocs", "discriminator", "xml", "x-sample"),
                ),
            ),
            {},
        ),
    ],
    ids=lambda schema: json.dumps(schema)[:40],
)
def test_what_json_schema_does_not_know_is_translated_or_left_out(
    schema: dict[str, object], plain: dict[str, object]
) -> None:
    assert json_schema(schema) == plain


@pytest.mark.parametrize(
    ("keyword", "argument", "value", "evidence"),
    [
        ("type", "number", 1.5, None),
        ("type", "integer", 1.5, "1.5, of type number"),
        ("type", "string", True, "true, of type boolean"),
        ("type", "number", "1", '"1", of type string'),
        ("type", "null", None, None),
        ("type", "object", {}, None),
        ("type", "array", {"a": 1}, "an object of 1 members, of type object"),
        ("enum", [1, 2], 1.0, "1.0"),
        ("enum", [None], 0, "0"),
        ("minLength", 2, "a", '"a" (1 characters)'),
        ("minItems", 2, [1], "an array of 1 items"),
        ("pattern", "^a", "b", '"b"'),
        ("maxProperties", 1, {"a": 1, "b": 2}, "an object of 2 members"),
        ("exclusiveMinimum", 3, 4, None),
        ("exclusiveMaximum", 3, 3, "3"),
        ("anyOf", [{**TEXT, "nullable": True}], None, None),
        ("format", IMAGE, 5, None),
        ("format", IMAGE, png(2, 3), None),
        ("format", IMAGE, "AA", '"AA": no picture format that is known here: it begins with 00'),
        ("format", IMAGE, "字", "\"字\": a foreign character: '\\u5b57' at position 1"),
        ("format", "uuid", "字", None),
        ("x-image", {"mediaType": "image/png", "width": 2, "height": 3}, png(2, 3), None),
        ("x-image", {"width": 2}, png(2, 3), None),
        ("x-image", {"width": 9, "height": 8}, png(2, 3), "width 2, height 3"),
        ("x-image", {"mediaType": "image/jpeg"}, png(2, 3), "mediaType image/png"),
        ("x-image", {"width": 9}, 5, None),
        ("x-image", 9, png(2, 3), None),
        ("x-unique", True, "x", None),
    ],
)
def test_evidence_against_a_value_shows_what_came(
    keyword: str, argument: object, value: object, evidence: str | None
) -> None:
    assert meaning(keyword, argument)(value) == evidence


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("A" * 40, f'"{"A" * 40}"'),
        (
            "A" * 41,
            f'"{"A" * 40}"… (41 characters, SHA-256 {hashlib.sha256(b"A" * 41).hexdigest()[:16]}…)',
        ),
        ("\x07" * 40, '"' + r"\x07" * 40 + '"'),
        (2**128 - 1, str(2**128 - 1)),
        (2**128, "an integer of 129 bits"),
        (1.5, "1.5"),
        (0, "0"),
        (True, "true"),
        ([None], "an array of 1 items"),
        ("None", '"None"'),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_value_is_shown_whole_up_to_a_limit(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("schema", "ways"),
    [
        (TEXT, (TEXT,)),
        ({"anyOf": [TEXT, DATE]}, (TEXT, DATE)),
        ({"anyOf": [TEXT, 1]}, (TEXT,)),
        ({"anyOf": 1}, ({"anyOf": 1},)),
    ],
)
def test_the_ways_to_write_a_value_are_the_mappings_of_any_of_or_the_schema_itself(
    schema: dict[str, object], ways: tuple[object, ...]
) -> None:
    assert branches(schema) == ways


def test_the_formats_of_openapi_and_of_json_schema_are_known_beside_ours() -> None:
    openapi = {"int32", "int64", "float", "double", "byte", "binary", "password"}
    json_schema_4 = {"date", "date-time", "email", "uuid", "uri", "hostname", "ipv4", "ipv6"}

    assert openapi | json_schema_4 | {IMAGE} == FORMATS


@pytest.mark.parametrize(
    ("value", "as_answer", "as_request"),
    [({"id": 1}, True, False), ({"password": "x"}, False, True), ({}, False, False)],
    ids=["what is only read", "what is only written", "nothing"],
)
def test_only_answers_need_what_is_read_only_and_only_requests_what_is_write_only(
    value: dict[str, object], *, as_answer: bool, as_request: bool
) -> None:
    written = {"allOf": [{"writeOnly": True}]}
    schema = {
        "required": ["id", "password"],
        "properties": {"id": {"readOnly": True}, "password": written},
    }

    judges = [validator(schema, of_requests=each) for each in (False, True)]

    assert [judge.is_valid(value) for judge in judges] == [as_answer, as_request]


@pytest.mark.parametrize("names", [[], ["a", "a"]])
def test_a_list_of_required_names_may_be_empty_and_name_one_twice(names: list[str]) -> None:
    judge = validator({"type": "object", "required": names, "properties": {"a": {}}})

    assert judge.is_valid({}) is not bool(names)
    assert validator({"required": names}).is_valid({"a": 1})
