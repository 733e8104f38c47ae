"""The checks that come before every other check of a member: it is there, and of its type."""

from __future__ import annotations

import pytest

from contract.findings import Level
from contract.judging.claims import claims
from contract.judging.provenance import provenance_of
from contract.spec.operations import Operation
from tests.judged_answers import judged
from tests.small_specs import operation_of

NAMED = """{type: object, required: [data], properties: {
  plates: {type: string},
  data: {type: object, required: [plate], properties: {
    plate: {type: string, minLength: 1}, plate_no: {type: string},
    inner: {type: object, required: [plates], properties: {plates: {type: string}}}}}}}"""


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ({"data": {}}, ["/data/plate: it is missing"]),
        (
            {"data": {"Plate": "A"}},
            ['/data/plate: it is missing; did the server mean "Plate"?'],
        ),
        ({"data": {"plate_no": "A"}}, ["/data/plate: it is missing"]),
        (
            {"data": {"plates": "A"}},
            ['/data/plate: it is missing; did the server mean "plates"?'],
        ),
        (
            {"data": {"plate": "A", "inner": {"plate": "A"}}},
            ['/data/inner/plates: it is missing; did the server mean "plate"?'],
        ),
        ({"data": {"plate": None}}, ["/data/plate: it is null"]),
        ({"data": {"plate": ""}}, ["/data/plate: it is an empty string"]),
        ({"data": {"plate": "A", "inner": {"plates": ""}}}, []),
        ({"data": {"plate": "A"}}, []),
        ({"plates": "A"}, ["/data: it is missing"]),
        ({"data": None}, ["/data: it is null"]),
    ],
    ids=str,
)
def test_a_required_member_is_told_that_is_missing_null_or_empty(
    payload: object, told: list[str]
) -> None:
    found = judged(operation_of(NAMED), payload, level=Level.TABLE).findings

    assert [f"{each.pointer}: {each.evidence}" for each in found] == told


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        ("{type: string, nullable: true}", None, []),
        ("{type: string}", None, ["it is null"]),
        ("{type: string, nullable: true, minLength: 1}", "", ["it is an empty string"]),
        ("{type: string, minLength: 0}", "", []),
        ("{type: string}", "", []),
    ],
)
def test_a_required_member_may_be_null_or_empty_where_its_schema_says_so(
    schema: str, value: object, told: list[str]
) -> None:
    whole = f"{{type: object, required: [plate], properties: {{plate: {schema}}}}}"

    found = judged(operation_of(whole), {"plate": value}).findings

    assert [each.evidence for each in found if each.claim == "required"] == told


def promises(operation: Operation, name: str) -> dict[str, tuple[str, str]]:
    """Give the promises of a check in both languages, by the member that they are about."""
    return {
        claim.subject: (claim.promise, claim.promise_in_chinese)
        for claim in claims(operation, provenance_of(operation))
        if claim.name == name
    }


def test_a_row_promises_in_the_words_of_the_document_and_another_member_in_plain_ones(
    operation: Operation,
) -> None:
    found = promises(operation, "required")

    assert found["img"] == (
        "是否必填 是: present, not null, not empty",
        "是否必填 是：必须存在，不为 null，不为空字符串",
    )
    assert found["data"] == ("present, not null", "必须存在，不为 null")


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{type: string}", ("a JSON string", "类型：JSON string")),
        (
            "{anyOf: [{type: string, minLength: 1, maxLength: 3}, {type: integer}]}",
            ("a JSON string, maxLength 3 or integer", "类型：JSON string, maxLength 3 或 integer"),
        ),
        (
            "{anyOf: [{type: string, nullable: true}, {maximum: 3}]}",
            ("a JSON string or value, maximum 3", "类型：JSON string 或 value, maximum 3"),
        ),
    ],
)
def test_a_type_is_promised_with_every_alternative_and_its_bounds(
    schema: str, expected: tuple[str, str]
) -> None:
    operation = operation_of(f"{{type: object, properties: {{plate: {schema}}}}}")

    assert promises(operation, "type")["plate"] == expected


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        ("{type: string}", 7, ["7, of type integer"]),
        ("{type: string}", "7", []),
        ("{anyOf: [{type: string, maxLength: 3}, {type: integer}]}", 7, []),
        ("{anyOf: [{type: string, maxLength: 3}, {type: integer}]}", "A", []),
    ],
)
def test_a_value_of_a_documented_type_is_not_told(
    schema: str, value: object, told: list[str]
) -> None:
    operation = operation_of(f"{{type: object, properties: {{plate: {schema}}}}}")

    found = judged(operation, {"plate": value}).findings

    assert [each.evidence for each in found] == told


@pytest.mark.parametrize("value", [7.5, "four", None, []], ids=str)
def test_a_value_of_no_documented_type_is_told(value: object) -> None:
    schema = "{anyOf: [{type: string, maxLength: 3}, {type: integer}]}"
    operation = operation_of(f"{{type: object, properties: {{plate: {schema}}}}}")

    found = judged(operation, {"plate": value}).findings

    assert [each.id for each in found] == ["getX-plate-type"]
