"""The documented call of an operation: where each value comes from, and how it is written."""

from __future__ import annotations

import json
from email import message_from_bytes
from pathlib import Path

import pytest

from contract.credentials import Secret, SecretBytes, secret
from contract.findings import Place
from contract.spec.loading import interpret
from contract.spec.media_types import FORM, FORM_WITH_FILES
from contract.spec.operations import Operation
from contract.spec.references import mapping
from contract.spec.yaml_text import parse
from contract_tests.observing.calls import Call, call_of
from tests.comparing import Node, tree

TEXT, SECRET = {"type": "string"}, {"type": "string", "format": "password"}
NOTHING = object()


def operation_of(path: str = "/it", **said: object) -> Operation:
    root = parse(json.dumps(tree(path, **said)).encode(), "x.yaml")  # type: ignore[arg-type]
    return interpret(Path("x.yaml"), mapping(root, Place("x.yaml", 1), "a spec")).operations[0]


def with_parameter(schema: Node, **words: object) -> Operation:
    return operation_of(parameters=[{"name": "p", "in": "query", "schema": schema, **words}])


def with_body(
    schema: Node, example: object = NOTHING, media_type: str = "application/json", **words: object
) -> Operation:
    content = {"schema": schema, **({} if example is NOTHING else {"example": example})}
    return operation_of(requestBody={"content": {media_type: content}, **words})


def called(operation: Operation, values: Node | None = None, *, invents: bool = False) -> Call:
    return call_of(operation, values or {}, invents=invents)


# Parameters


@pytest.mark.parametrize(
    ("schema", "words", "path"),
    [
        (TEXT, {"example": "A b", "required": True}, "/it?p=A+b"),
        (TEXT, {"example": "A b"}, "/it?p=A+b"),
        (TEXT, {"examples": {"one": {"value": "A"}, "other": {"value": "B"}}}, "/it?p=A"),
        ({"type": "boolean"}, {"example": True}, "/it?p=true"),
        ({"type": "integer"}, {"example": 7}, "/it?p=7"),
        ({"type": "array"}, {"example": ["A", 7]}, "/it?p=A&p=7"),
        ({"type": "object"}, {"example": {"a": "A", "b": None}}, "/it?a=A&b=null"),
        ({**TEXT, "default": "A"}, {"required": True}, "/it?p=A"),
        ({**TEXT, "default": "A"}, {}, "/it"),
        ({**TEXT, "enum": ["A", "B"]}, {"required": True}, "/it?p=A"),
        ({**TEXT, "enum": ["A", "B"]}, {}, "/it"),
        (TEXT, {}, "/it"),
        (SECRET, {"example": "A"}, "/it"),
    ],
)
def test_a_parameter_of_the_query_is_sent_as_the_document_shows_it(
    schema: Node, words: Node, path: str
) -> None:
    call = called(with_parameter(schema, **words))

    assert (call.path, call.needs, call.redacted) == (path, (), None)


@pytest.mark.parametrize("schema", [TEXT, SECRET, {"type": "array"}, {"type": "object"}])
def test_a_needed_parameter_without_a_value_is_said_to_be_needed(schema: Node) -> None:
    call = called(with_parameter(schema, required=True))

    assert (call.path, call.needs) == ("/it", ("p",))


@pytest.mark.parametrize(
    ("schema", "words", "path"),
    [
        (TEXT, {"required": True}, "/it?p=text"),
        (TEXT, {}, "/it"),
        (SECRET, {"required": True}, "/it?p=text"),
        (SECRET, {"example": "A"}, "/it?p=A"),
        ({"type": "array", "items": {"type": "integer"}}, {"required": True}, "/it?p=1"),
        ({"type": "array"}, {"required": True}, "/it"),
        ({"type": "integer", "items": TEXT}, {"required": True}, "/it?p=1"),
    ],
)
def test_a_value_is_made_up_where_it_is_needed_and_may_be(
    schema: Node, words: Node, path: str
) -> None:
    call = called(with_parameter(schema, **words), invents=True)

    assert (call.path, call.needs) == (path, ())


@pytest.mark.parametrize(("invents", "path"), [(True, "/it?p=1"), (False, "/it?p=a1")])
def test_a_shown_value_that_breaks_its_schema_is_not_sent_to_the_mock_server(
    path: str, *, invents: bool
) -> None:
    operation = with_parameter({"type": "integer"}, example="a1", required=True)

    assert called(operation, invents=invents).path == path


def test_an_object_of_which_nothing_is_known_is_no_empty_text_in_a_path() -> None:
    parameter = {"name": "p", "in": "path", "required": True, "schema": {"type": "object"}}
    operation = operation_of("/it/{p}", parameters=[parameter])

    assert called(operation, invents=True).path == "/it/key1,text"


def test_a_made_up_body_has_what_one_of_its_alternatives_requires() -> None:
    schema = {
        "type": "object",
        "properties": {"title": TEXT, "link": TEXT},
        "oneOf": [{"required": ["title"]}, {"required": ["link"]}],
    }

    assert called(with_body(schema, required=True), invents=True).body == b'{"title": "text"}'


def test_parameters_stand_where_the_spec_puts_them() -> None:
    places = [("a", "path"), ("b", "query"), ("X-C", "header"), ("d", "cookie"), ("e", "query")]
    parameters = [
        {"name": name, "in": place, "required": True, "schema": TEXT, "example": f"{name}/ü"}
        for name, place in places
    ]

    call = called(operation_of("/it/{a}/of", parameters=parameters))

    assert call.path == "/it/a%2F%C3%BC/of?b=b%2F%C3%BC&e=e%2F%C3%BC"
    assert call.headers == (("X-C", "X-C/ü"), ("Cookie", "d=d/ü"))


def test_the_items_of_a_header_are_sent_as_one_text() -> None:
    parameter = {"name": "X-C", "in": "header", "schema": {}, "example": ["甲", 1]}

    assert called(operation_of(parameters=[parameter])).headers == (("X-C", "甲,1"),)


def test_a_given_value_goes_before_a_shown_one_and_is_secret() -> None:
    call = called(with_parameter({"type": "array"}, example="A"), {"p": ["B", 7]})

    assert (call.path, call.secret) == ("/it?p=B&p=7", frozenset({"B", "7"}))
    assert call.redacted is not None
    assert call.redacted.path == "/it?p=%5Bredacted%5D"


# Bodies

NAMED = {"type": "object", "required": ["name"], "properties": {"name": TEXT, "note": TEXT}}


def body_of(call: Call) -> object:
    return json.loads(call.body) if call.body else None


@pytest.mark.parametrize(
    ("operation", "body", "needs"),
    [
        (operation_of(), None, ()),
        (with_body(NAMED, {"name": "甲", "more": 1}), {"name": "甲", "more": 1}, ()),
        (with_body(NAMED), None, ()),
        (with_body(NAMED, required=True), {}, ("name",)),
        (with_body(NAMED, {}), {}, ("name",)),
        (with_body({}, "甲"), "甲", ()),
        (with_body(TEXT, required=True), None, ("the request's body",)),
        (with_body(TEXT), None, ()),
        (with_body(NAMED, ["no object"]), {}, ("name",)),
        (
            with_body({"type": "object", "properties": {"in": NAMED}}, required=True),
            {},
            (),
        ),
        (
            with_body(
                {"type": "object", "required": ["in"], "properties": {"in": NAMED}}, required=True
            ),
            {"in": {}},
            ("in.name",),
        ),
        (
            with_body({"properties": {"in": NAMED}}, {"in": {"name": "A"}}),
            {"in": {"name": "A"}},
            (),
        ),
    ],
    ids=[
        *("none", "shown", "optional", "needed", "shown without a member", "a text"),
        *("a needed text", "an optional text", "shown as something else", "an optional inner one"),
        *("a needed inner one", "a shown inner one"),
    ],
)
def test_a_body_is_filled_from_its_example_and_says_what_it_lacks(
    operation: Operation, body: object, needs: tuple[str, ...]
) -> None:
    call = called(operation)

    assert (body_of(call), call.needs) == (body, needs)
    assert (("Content-Type", "application/json") in call.headers) is (body is not None)


def test_a_body_of_any_text_is_written_in_utf_8_and_not_escaped() -> None:
    assert called(with_body({}, {"name": "甲"})).body == '{"name": "甲"}'.encode()


@pytest.mark.parametrize(
    ("values", "body"),
    [
        ({"out.in.name": "B"}, {"out": {"in": {"name": "B"}}}),
        ({"out.in": {"name": "C"}}, {"out": {"in": {"name": "C"}}}),
        ({"out.in": 7}, {"out": {"in": 7}}),
        ({"out": 7}, {"out": 7}),
        ({"out.other": "B"}, {"out": {}}),
        ({"in.name": "B"}, None),
        ({"outer": "B"}, None),
        ({"p": "B"}, None),
    ],
    ids=str,
)
def test_a_given_value_leads_into_a_body_that_nobody_needs(values: Node, body: object) -> None:
    inner = {"type": "object", "properties": {"in": NAMED}}

    call = called(with_body({"properties": {"out": inner}}), values)

    assert body_of(call) == body


def test_the_members_of_a_form_are_written_as_in_a_query() -> None:
    example = {"a": ["A", 7], "b": {"c": "甲"}, "d": True}

    call = called(with_body({}, example, FORM))

    assert call.body == b"a=A&a=7&b=%E7%94%B2&d=true"


def test_the_members_of_a_form_with_files_are_its_parts() -> None:
    file = {"type": "string", "format": "binary"}
    schema = {"properties": {"photo": file, "more": {"type": "array", "items": file}, "n": TEXT}}
    example = {"photo": "甲", "more": ["a", "captcha-contract-part"], "n": 7}

    call = called(with_body(schema, example, FORM_WITH_FILES))

    head = f"Content-Type: {dict(call.headers)['Content-Type']}\r\n\r\n".encode()
    parts = list(message_from_bytes(head + call.body).walk())[1:]
    assert [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get_payload(decode=True),
        )
        for part in parts
    ] == [
        ("photo", "photo.bin", "甲".encode()),
        ("more", "more.bin", b"a"),
        ("more", "more.bin", b"captcha-contract-part"),
        ("n", None, b"7"),
    ]


def test_a_parameter_that_is_json_is_sent_as_one_text() -> None:
    content = {"application/json": {"schema": {"type": "array", "items": {}}}}
    parameter = {"name": "p", "in": "query", "required": True, "content": content}

    call = called(operation_of(parameters=[parameter]), {"p": [{"a": 1}]})

    assert call.path == "/it?p=%5B%7B%22a%22%3A+1%7D%5D"


@pytest.mark.parametrize(
    ("example", "media_type"), [(["A"], FORM), ({"a": "A"}, "application/json")]
)
def test_what_is_no_object_or_no_form_is_written_as_json(example: object, media_type: str) -> None:
    assert json.loads(called(with_body({}, example, media_type)).body) == example


def test_a_call_with_a_secret_value_prints_without_it() -> None:
    operation = with_body({"properties": {"a": {"type": "string"}}}, {"a": "shown"})
    parameters = [{"name": "p", "in": each, "schema": TEXT} for each in ("query", "header")]
    values = {"a": Secret("hush-hush"), "p": secret(["hush-hush"])}

    calls = [
        called(operation, values),
        called(operation_of("/{p}", parameters=parameters), values),
    ]

    assert [each for each in calls if "hush-hush" in repr(each)] == []
    assert b"hush-hush" in calls[0].body
    assert calls[1].path == "/{p}?p=hush-hush"
    assert ("p", "hush-hush") in calls[1].headers


def test_a_secret_is_used_like_any_text_and_printed_like_none() -> None:
    kept = secret({"a": ["hush", 1, None], "b": {"c": "hush"}})

    assert kept == {"a": ["hush", 1, None], "b": {"c": "hush"}}
    assert "hush" not in f"{kept!r} {SecretBytes(b'hush')!r} {Secret('hush')!r}"
    assert json.dumps(kept) == '{"a": ["hush", 1, null], "b": {"c": "hush"}}'
