"""The examples of a spec beside its schemas, and beside what `x-sample` says a sample shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract.findings import Place
from contract.review.examples import broken_examples, unquoted_codes
from contract.review.review_rule import Reviewed, Violation
from contract.review.sample_forms import sample_departures
from contract.spec.loading import interpret
from contract.spec.references import mapping
from contract.spec.yaml_text import parse
from tests.comparing import Node, tree

TEXT = {"type": "string"}


def reviewed(**operation: object) -> Reviewed:
    """Give an operation without a document."""
    root = parse(json.dumps(tree(**operation), indent=1).encode(), "openapi.yaml")  # type: ignore[arg-type]
    spec = interpret(Path("openapi.yaml"), mapping(root, Place("openapi.yaml", 1), "a spec"))
    return Reviewed(operation=spec.operations[0], document=None)


def shown(schema: Node, *examples: object, failure: Node | None = None) -> Reviewed:
    """Give an operation that shows examples of its answer, and may describe a failure."""
    listed = {f"e{number}": {"value": each} for number, each in enumerate(examples)}
    either = {"anyOf": [schema, failure]} if failure else schema
    content = {"application/json": {"schema": either, "examples": listed}}
    return reviewed(responses={"200": {"description": "x", "content": content}})


def told(found: list[Violation]) -> list[tuple[str, str]]:
    return [(each.subject, each.evidence) for each in found]


NAMED = {"type": "object", "required": ["name"], "properties": {"name": TEXT}}


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ({"name": "A"}, []),
        ({"name": 7}, [("e0", 'name: 7 is not of type "string"')]),
        ({}, [("e0", '"name" is a required property')]),
        ([], [("e0", '[] is not of type "object"')]),
    ],
    ids=str,
)
def test_an_example_of_the_answer_is_told_that_breaks_its_schema(
    example: object, expected: list[tuple[str, str]]
) -> None:
    assert told(list(broken_examples(shown(NAMED, example)))) == expected


@pytest.mark.parametrize(
    ("value", "length", "is_cut"),
    [
        *(("x" * 92, 119, False), ("x" * 93, 120, False)),
        *(("x" * 94, 121, True), ("x" * 500, 121, True)),
    ],
)
def test_the_words_about_an_example_are_cut_where_they_are_long(
    value: str, length: int, *, is_cut: bool
) -> None:
    (found,) = broken_examples(shown({"type": "integer"}, value))

    assert (len(found.evidence), found.evidence.endswith("…")) == (length, is_cut)


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        ({"name": "A", "code": 1}, []),
        ({"error": "x"}, []),
        ({"error": 7}, [("e0", 'error: 7 is not of type "string"')]),
        ({"name": 7, "code": 1, "error": 7}, [("e0", 'name: 7 is not of type "string"')]),
        ({}, [("e0", '"error" is a required property')]),
    ],
    ids=str,
)
def test_an_example_keeps_the_schema_of_a_good_answer_or_of_a_failure(
    example: object, expected: list[tuple[str, str]]
) -> None:
    good = {**NAMED, "required": ["name", "code"]}
    failure = {"type": "object", "required": ["error"], "properties": {"error": TEXT}}

    assert told(list(broken_examples(shown(good, example, failure=failure)))) == expected


def test_an_example_of_a_body_is_held_to_the_schema_of_the_body() -> None:
    content = {"application/json": {"schema": NAMED, "examples": {"sent": {"value": {"name": 7}}}}}

    found = list(broken_examples(reviewed(requestBody={"content": content})))

    assert told(found) == [("sent", 'name: 7 is not of type "string"')]


@pytest.mark.parametrize("side", ["answer", "body"])
@pytest.mark.parametrize(("example", "is_told"), [("A", False), (7, True)])
def test_an_example_of_a_member_is_held_to_its_schema(
    side: str, example: object, *, is_told: bool
) -> None:
    schema = {"type": "object", "properties": {"name": {**TEXT, "example": example}}}
    operation = (
        shown(schema)
        if side == "answer"
        else reviewed(requestBody={"content": {"application/json": {"schema": schema}}})
    )

    found = told(list(broken_examples(operation)))

    assert found == [("name", '7 is not of type "string"')] * is_told


@pytest.mark.parametrize(
    "words",
    [
        {"example": 7, "schema": TEXT},
        {"examples": {"one": {"value": "A"}, "other": {"value": 7}}, "schema": TEXT},
    ],
    ids=["one", "several"],
)
def test_an_example_of_a_parameter_is_held_to_its_schema(words: Node) -> None:
    operation = reviewed(parameters=[{"name": "page", "in": "query", **words}])

    assert told(list(broken_examples(operation))) == [("page", '7 is not of type "string"')]


def test_a_broken_example_is_about_its_member_and_what_it_lacks() -> None:
    two = {"type": "object", "required": ["a"], "properties": {"a": TEXT, "b": TEXT}}
    schema = {"type": "object", "properties": {"list": {"type": "array", "items": two}}}

    found = list(broken_examples(shown(schema, {"list": [{"b": 7}]})))

    at = "answer e0 /list/0"
    assert {each.evidence: each.about for each in found} == {
        '0: "a" is a required property': frozenset({"0", "a", at, f"{at}/a"}),
        'b: 7 is not of type "string"': frozenset({"b", f"{at}/b"}),
    }


def test_the_place_of_a_broken_example_is_the_line_of_the_wrong_value() -> None:
    operation = shown(NAMED, {"name": 7})

    (found,) = broken_examples(operation)

    (place,) = found.places
    example = operation.operation.examples["e0"]
    assert place == example.at("name")  # type: ignore[attr-defined]


# What x-sample says


def sampled(words: Node, example: object, **schema: object) -> list[tuple[str, str]]:
    name = {"x-sample": words, **schema}
    return told(list(sample_departures(shown({"properties": {"name": name}}, example))))


@pytest.mark.parametrize(
    ("words", "example", "expected"),
    [
        (TEXT, {"name": "A"}, []),
        (TEXT, {"name": 7}, ["type string, but the sample shows 7, of type integer"]),
        ({"maxLength": 3}, {"name": "four"}, ['maxLength 3, but the sample shows "four"']),
        ({"maxLength": 3}, {}, []),
        ({"x-unique": True}, {"name": "A"}, []),
        (
            {"format": "image-base64"},
            {"name": "no base64"},
            ["format image-base64, but the sample shows"],
        ),
        ({"x-image": {"width": 1}}, {"name": "YQ=="}, ["x-image {'width': 1}, but the sample"]),
    ],
    ids=str,
)
def test_a_sample_that_shows_something_else_than_x_sample_says_is_told(
    words: Node, example: object, expected: list[str]
) -> None:
    found = sampled(words, example)

    assert [subject for subject, _ in found] == ["name"] * len(expected)
    assert [
        evidence.startswith(words) for (_, evidence), words in zip(found, expected, strict=True)
    ] == [True] * len(expected)


@pytest.mark.parametrize(("nullable", "is_told"), [(True, False), (False, True)])
def test_null_in_a_sample_is_told_where_the_member_may_not_be_null(
    *, nullable: bool, is_told: bool
) -> None:
    found = sampled(TEXT, {"name": None}, nullable=nullable)

    assert [evidence for _, evidence in found] == [
        "type string, but the sample shows null"
    ] * is_told


def test_what_the_table_says_of_a_member_is_no_matter_of_x_sample() -> None:
    assert sampled({}, {"name": "four"}, maxLength=3) == []


LISTED = {
    "properties": {
        "list": {
            "type": "array",
            "items": {
                "properties": {"name": {}, "note": {}},
                "required": ["note"],
                "x-sample": {"required": ["name"]},
            },
        }
    }
}


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{"name": 1}], []),
        ([{}], ["required name, but the sample lacks it"]),
        ([{"name": 1}, {}], ["required name, but the sample lacks it"]),
        ([{}, {}], ["required name, but the sample lacks it"]),
        ([{"name": None}], []),
        ([], []),
    ],
    ids=str,
)
def test_a_member_that_x_sample_requires_is_told_where_one_item_lacks_it(
    items: object, expected: list[str]
) -> None:
    found = list(sample_departures(shown(LISTED, {"list": items})))

    assert [each.evidence for each in found] == expected


def test_without_a_sample_nothing_departs_from_x_sample() -> None:
    assert list(sample_departures(shown(LISTED))) == []


def test_the_first_sample_is_the_one_that_x_sample_describes() -> None:
    operation = shown({"properties": {"name": {"x-sample": TEXT}}}, {"name": "A"}, {"name": 7})

    assert list(sample_departures(operation)) == []


# Codes


@pytest.mark.parametrize(
    ("success", "kind", "expected"),
    [
        (["000"], "string", []),
        ([0], "string", ["YAML reads the code as the number 0"]),
        (["000", 7], "string", ["YAML reads the code as the number 7"]),
        (7, "string", ["YAML reads the code as the number 7"]),
        ("000", "string", []),
        ([0], "integer", []),
        ([], "string", []),
    ],
    ids=str,
)
def test_a_code_that_is_a_text_is_told_where_it_is_not_quoted(
    success: object, kind: str, expected: list[str]
) -> None:
    code = {"type": kind, "x-business-success": success}

    found = list(unquoted_codes(shown({"properties": {"code": code}})))

    assert [(each.subject, each.evidence) for each in found] == [("code", e) for e in expected]


def test_without_a_business_code_no_code_is_told() -> None:
    assert list(unquoted_codes(shown(NAMED))) == []
