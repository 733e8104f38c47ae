"""What is compared over all samples: numbers, pictures, and how often a value came."""

from __future__ import annotations

import pytest

from contract.judging.claims import claims
from contract.judging.provenance import provenance_of
from tests.judged_answers import ONE, OTHER, encoded, judged
from tests.small_specs import operation_of

NUMBERED = """{type: object, properties: {id: {type: string, x-unique: true},
  img: {type: string, format: image-base64}, inner: {type: object, properties: {
    id: {type: string, x-sample: {x-unique: true}}, img: {type: string, format: image-base64}}}}}"""
ALONE_IN_ITS_OBJECT = """{type: object, properties: {id: {type: string, x-unique: true},
  inner: {type: object, properties: {img: {type: string, format: image-base64}}}}}"""
ITSELF_A_PICTURE = """{type: object, properties: {
  img: {type: string, format: image-base64, x-unique: true},
  other: {type: string, format: image-base64}}}"""
LISTED_NUMBERS = "{type: array, items: {type: string, x-unique: true}}"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (NUMBERED, ["id-names-one-picture", "id-varies", "id-unique", "inner.id-unique"]),
        (ALONE_IN_ITS_OBJECT, ["id-varies", "id-unique"]),
        (ITSELF_A_PICTURE, ["img-varies", "img-unique"]),
        (LISTED_NUMBERS, ["*-varies", "*-unique"]),
        ("{type: object, properties: {id: {type: string, x-unique: false}}}", []),
    ],
)
def test_what_is_compared_over_samples_is_what_the_spec_calls_unique(
    schema: str, expected: list[str]
) -> None:
    operation = operation_of(schema)
    over_samples = {"names-one-picture", "varies", "unique"}

    found = [
        f"{each.subject}-{each.name}"
        for each in claims(operation, provenance_of(operation))
        if each.name in over_samples
    ]

    assert found == expected


PICTURE, FLIPPED = (encoded(each, 1) for each in (ONE, OTHER))
UNIQUE_LISTED = """{type: object, properties: {list: {type: array, items: {
  type: object, properties: {
    id: {type: string, nullable: true, x-unique: true},
    img: {type: string, nullable: true, format: image-base64}}}}}}"""


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        (["A", "B"], []),
        (["A", "A"], ['unique "A" came 2 times in 2 answers']),
        (["A", "B", "A"], ['unique "A" came 2 times in 3 answers']),
        (["A", "A", "A"], ['varies "A" in all of 3 answers']),
        (["A", "A", "A", "A"], ['varies "A" in all of 4 answers']),
        (["1", "1", "2", "2"], ['unique "1" came 2 times in 4 answers']),
        (["A", None, None], []),
    ],
    ids=str,
)
def test_how_often_a_value_came_is_told_of_the_spots_that_have_it(
    listed: list[str | None], told: list[str]
) -> None:
    payload = {"list": [{"id": each} for each in listed]}

    findings = judged(operation_of(UNIQUE_LISTED), payload).findings

    assert [f"{each.claim} {each.evidence}" for each in findings] == told


@pytest.mark.parametrize(
    ("pictures", "told"),
    [
        ([PICTURE, PICTURE], []),
        ([PICTURE, FLIPPED], ['names-one-picture "A" came with 2 different pictures']),
        ([PICTURE, FLIPPED, PICTURE], ['names-one-picture "A" came with 2 different pictures']),
        ([PICTURE, None], []),
        ([PICTURE, 7], []),
        ([PICTURE, "no base64"], []),
        ([PICTURE, "YQ=="], []),
        (["no base64", "YQ=="], []),
    ],
    ids=["one", "two", "two-of-three", "null", "a-number", "no-base64", "no-picture", "none"],
)
def test_a_number_names_one_picture_wherever_a_picture_came(
    pictures: list[object], told: list[str]
) -> None:
    payload = {"list": [{"id": "A", "img": each} for each in pictures]}

    findings = judged(operation_of(UNIQUE_LISTED), payload).findings

    found = [f"{each.claim} {each.evidence}" for each in findings]
    assert [each for each in found if each.startswith("names")] == told


def test_the_spots_of_a_number_with_two_pictures_are_told_and_no_others() -> None:
    pictures = [("A", PICTURE), ("B", PICTURE), ("A", FLIPPED)]
    payloads = [{"list": [{"id": number, "img": each}]} for number, each in pictures]

    findings = judged(operation_of(UNIQUE_LISTED), *payloads).findings

    samples = {each.claim: each.samples for each in findings}
    assert samples["names-one-picture"] == (1, 3)
