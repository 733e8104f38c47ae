"""How each claim fared: kept, broken, moot, or never asked."""

from __future__ import annotations

import pytest

from contract.findings import Level
from contract.judging.exchange import Exchange, Failure, Response
from contract.judging.provenance import provenance_of
from contract.judging.verdict import judge
from tests.judged_answers import JSON, REQUEST, exchange
from tests.small_specs import operation_of

PLATED = """{type: object, required: [data], properties: {data: {type: object,
  required: [plate], properties: {
    plate: {type: string, maxLength: 3, minLength: 1}, note: {type: string, nullable: true}}}}}"""
GOOD_PLATE = Response(200, JSON, b'{"data": {"plate": "A"}}')
NO_JSON, REFUSED = Response(200, JSON, b"{"), Response(422, JSON, b"{}")
DOWN = Failure("refused", "x")


def fared(
    *came: Response | Failure, schema: str = PLATED, recorded: bool = False
) -> dict[str, tuple[int, bool, bool]]:
    """Give of each claim, by its id: how many kept it, whether it is broken, whether it is moot."""
    operation = operation_of(schema)
    exchanges = [
        Exchange(number, REQUEST, each, 0.1, recorded=recorded)
        for number, each in enumerate(came, 1)
    ]
    judgement = judge(operation, provenance_of(operation), exchanges, strictness=Level.STRICT)
    return {
        name.removeprefix("getX-"): (each.kept, each.finding is not None, each.moot)
        for name, each in judgement.outcomes.items()
    }


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([GOOD_PLATE], (1, False, False)),
        ([GOOD_PLATE, GOOD_PLATE], (2, False, False)),
        ([GOOD_PLATE, DOWN], (1, False, False)),
        ([NO_JSON, GOOD_PLATE], (1, False, False)),
        ([], (0, False, True)),
        ([DOWN], (0, False, True)),
        ([NO_JSON], (0, False, True)),
        ([REFUSED, REFUSED], (0, False, True)),
        ([Response(200, JSON, b'{"data": {}}')], (0, True, False)),
        ([Response(200, JSON, b'{"data": {"plate": null}}'), GOOD_PLATE], (1, True, False)),
        ([Response(200, JSON, b'{"data": {"plate": ""}}')], (0, True, False)),
        ([Response(200, JSON, b"{}")], (0, False, True)),
        ([Response(200, JSON, b'{"data": null}'), GOOD_PLATE], (1, False, False)),
    ],
    ids=[
        *("one", "two", "one-and-one-unjudged", "one-behind-a-broken", "none", "unjudged"),
        *("broken", "refused", "missing", "null-once", "empty", "nothing-to-hold-it"),
        "nothing-to-hold-it-once",
    ],
)
def test_a_claim_of_a_member_fares_by_the_answers_that_can_be_judged(
    came: list[Response | Failure], expected: tuple[int, bool, bool]
) -> None:
    assert fared(*came)["plate-required"] == expected


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([GOOD_PLATE, DOWN], (1, False, False)),
        ([NO_JSON, GOOD_PLATE], (1, True, False)),
        ([DOWN], (0, False, False)),
    ],
    ids=["unjudged", "broken", "none"],
)
def test_a_claim_of_the_whole_answer_is_asked_of_whatever_answered(
    came: list[Response | Failure], expected: tuple[int, bool, bool]
) -> None:
    assert fared(*came)["answer-json"] == expected


@pytest.mark.parametrize(
    ("plate", "expected"),
    [
        ("null", {"required": (0, True, False), "type": (0, False, True)}),
        ("7", {"required": (1, False, False), "type": (0, True, False)}),
        ('"four"', {"required": (1, False, False), "type": (1, False, False)}),
    ],
)
def test_a_claim_is_moot_where_all_that_could_be_asked_broke_an_earlier_one(
    plate: str, expected: dict[str, tuple[int, bool, bool]]
) -> None:
    came = Response(200, JSON, f'{{"data": {{"plate": {plate}}}}}'.encode())

    found = fared(came)

    known = found["plate-type"][0] == 1
    assert {name: found[f"plate-{name}"] for name in expected} == expected
    assert found["plate-max-length"] == ((0, True, False) if known else (0, False, True))


def test_an_optional_member_that_is_absent_or_null_is_neither_kept_nor_moot() -> None:
    null = Response(200, JSON, b'{"data": {"plate": "A", "note": null}}')
    filled = Response(200, JSON, b'{"data": {"plate": "A", "note": "x"}}')

    assert fared(GOOD_PLATE, null)["note-type"] == (0, False, False)
    assert fared(GOOD_PLATE, null, filled)["note-type"] == (1, False, False)


def test_null_is_asked_of_a_member_that_may_not_be_null() -> None:
    schema = "{type: object, properties: {note: {type: string}}}"

    assert fared(Response(200, JSON, b'{"note": null}'), schema=schema)["note-type"] == (
        *(0, True),
        False,
    )


def test_a_claim_that_a_recording_does_not_show_is_kept_by_nothing_there() -> None:
    live, recorded = fared(GOOD_PLATE), fared(GOOD_PLATE, recorded=True)

    assert (live["answer-no-bom"][0], recorded["answer-no-bom"][0]) == (1, 0)
    assert (live["plate-required"][0], recorded["plate-required"][0]) == (1, 1)


def test_a_member_of_another_length_leaves_its_neighbours_and_what_it_holds_to_be_judged() -> None:
    schema = """{type: object, properties: {list: {type: array, minItems: 2, items: {
      type: object, required: [plate], properties: {plate: {type: string}}}}}}"""

    found = fared(Response(200, JSON, b'{"list": []}'), schema=schema)

    assert found["list-min-items"] == (0, True, False)
    assert found["plate-required"] == (0, False, False)


def test_a_finding_tells_the_first_spot_and_every_sample_once() -> None:
    good = b'{"list": ["A", "B"]}'
    schema = "{type: object, properties: {list: {type: array, items: {type: string}}}}"
    operation = operation_of(schema)
    bodies = [good, b'{"list": ["A", 1, 2]}', good, b'{"list": [3]}']
    exchanges = [exchange(each, number=number) for number, each in enumerate(bodies, 1)]

    (found,) = judge(
        operation, provenance_of(operation), exchanges, strictness=Level.TABLE
    ).findings

    assert (found.pointer, found.evidence, found.samples) == (
        "/list/1",
        "1, of type integer",
        (2, 4),
    )
