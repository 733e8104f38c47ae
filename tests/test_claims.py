"""Which claims a spec makes, each with an id of its own."""

from __future__ import annotations

import pytest

from contract.findings import Level
from contract.judging.claims import claims
from contract.judging.provenance import provenance_of
from tests.judged_answers import judged
from tests.small_specs import operation_of

TWICE = """{type: object, required: [plate], properties: {
  plate: {type: string, maxLength: 3, x-sample: {maxLength: 9}}}}"""
TWO_PARTS = """{type: object, properties: {
  plate: {type: string, allOf: [{maxLength: 3}, {maxLength: 9}]}}}"""
IN_TWO_OBJECTS = """{allOf: [
  {type: object, properties: {plate: {type: string, maxLength: 3}}},
  {type: object, properties: {plate: {type: string, maxLength: 9}}}]}"""
ONE_OF_TYPES = """{type: object, properties: {
  plate: {type: string, anyOf: [{type: string}, {type: integer}]}}}"""
SEVERAL = {
    "table and sample": (TWICE, "plate-max-length"),
    "two parts": (TWO_PARTS, "plate-max-length"),
    "two objects": (IN_TWO_OBJECTS, "plate-max-length"),
    "two keywords": (ONE_OF_TYPES, "plate-type"),
}


@pytest.mark.parametrize("case", SEVERAL)
def test_a_broken_promise_does_not_vanish_behind_a_kept_one_of_the_same_check(case: str) -> None:
    schema, name = SEVERAL[case]
    came = {"plate": "four" if "length" in name else 4}

    findings = judged(operation_of(schema), came).findings

    assert [finding.id for finding in findings] == [f"getX-{name}"]


def test_of_two_broken_promises_of_one_check_each_has_an_id_of_its_own() -> None:
    findings = judged(operation_of(TWICE), {"plate": "longer than nine"}).findings

    assert [(finding.id, finding.level) for finding in findings] == [
        ("getX-plate-max-length", Level.TABLE),
        ("getX-plate-max-length-2", Level.SAMPLE),
    ]


@pytest.mark.parametrize("case", SEVERAL)
def test_no_two_claims_of_an_operation_have_one_id(case: str) -> None:
    operation = operation_of(SEVERAL[case][0])

    ids = [claim.id for claim in claims(operation, provenance_of(operation))]

    assert len(ids) == len(set(ids))
