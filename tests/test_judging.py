"""One answer at a time: what is read, what is judged, what is left alone."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from PIL.Image import Image as Picture

from contract.findings import Level
from contract.judging.content import BOM
from contract.judging.exchange import Failure
from contract.judging.provenance import provenance_of
from contract.judging.reading import Broken, JudgeableAnswer, RefusedCall, Unjudged
from contract.judging.unjudged_limit import unjudged_limit
from contract.judging.verdict import Verdict, judge
from contract.judging.who_answered import Answerer
from contract.spec.operations import Operation, Spec
from mock_server.answers.draw import Draw
from mock_server.answers.generators import maker_of
from mock_server.drawing.captcha import Captchas
from tests.judged_answers import DEEP, ONE, OTHER, documented, encoded, exchange, judged, reading


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (Failure("refused", "x"), 200, "no-answer"),
        (Failure("too-large", "x"), 200, "too-large"),
        (DEEP, 200, "too-large"),
        (b'{"data": {}}', 301, "redirected"),
        (b"{}", 304, "redirected"),
        (b"{}", 401, "access-refused"),
        (b"{}", 403, "access-refused"),
        (b"{}", 407, "access-refused"),
        (b"{}", 408, "timed-out"),
        (b"{}", 429, "rate-limited"),
        (b"{}", 500, "server-error"),
        (b"<html>", 503, "server-error"),
        (b" <!DOCTYPE HTML>", 200, "not-the-service"),
        (b"\xef\xbb\xbf<html lang=zh>", 404, "not-the-service"),
        (b"", 404, "not-the-service"),
        (b"no route", 404, "not-the-service"),
        (b'{"code": "500", "msg": "x", "data": null}', 200, "business-error"),
        (b'{"code": 500}', 200, "business-error"),
        (b'{"code": "A1", "data": {}}', 200, "business-error"),
        (b'{"code": "A1", "data": {"img": null, "img_code_id": null}}', 201, "business-error"),
        (b'{"code": true, "data": {}}', 200, "business-error"),
        (b"{}", 200, "not-the-operation"),
        (b"\xef\xbb\xbf{}", 200, "not-the-operation"),
        (b'{"n": ' + b"9" * 5000 + b"}", 200, "not-the-operation"),
        (b'{"msg": "\\ud800"}', 200, "not-the-operation"),
    ],
)
def test_what_says_nothing_of_the_contract_is_not_judged(
    operation: Operation, body: bytes | Failure, status: int, reason: str
) -> None:
    found = reading(operation, body, status)

    assert isinstance(found, Unjudged)
    assert found.reason == reason


@pytest.mark.parametrize("page", [b"<!DOCTYPE html>", b"<!doctype HTML PUBLIC>", b"<html lang=zh>"])
@pytest.mark.parametrize(
    "before",
    [b"", b" \r\n\t", BOM, BOM + b"\n"],
    ids=["nothing", "blanks", "bom", "bom-and-blanks"],
)
def test_a_page_of_html_is_no_answer_of_the_service_whatever_stands_before_it(
    operation: Operation, before: bytes, page: bytes
) -> None:
    found = reading(operation, before + page)

    assert isinstance(found, Unjudged)
    assert (found.reason, found.who) == ("not-the-service", Answerer.FRONT)
    assert found.evidence.startswith('HTTP 200, a page that begins "<')


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"{} {}",
        '{"msg": "成功"}'.encode("gbk"),
        '{"msg": "成功"}'.encode("utf-16"),
        b"<xml/>",
        b"data: {}",
    ],
)
def test_what_is_no_json_in_utf_8_is_broken(operation: Operation, body: bytes) -> None:
    assert isinstance(reading(operation, body), Broken)


@pytest.mark.parametrize(
    "body",
    [
        b'{"code": "000"}',
        b'{"code": null}',
        b'\xef\xbb\xbf{"code": "000"}',
        b'{"code": "000", "n": ' + b"9" * 5000 + b"}",
        b'{"code": "000", "msg": "\\ud800"}',
        b'{"data": {"img": 7}}',
    ],
)
def test_an_answer_without_a_failure_code_is_judged(operation: Operation, body: bytes) -> None:
    assert isinstance(reading(operation, body), JudgeableAnswer)


def test_a_refusal_in_json_is_told_from_a_page_of_something_in_front(operation: Operation) -> None:
    refused = reading(operation, b'{"error": "x"}', 415)

    assert isinstance(refused, RefusedCall)
    assert refused.evidence == (
        'HTTP 415, "error": "x"; the call was sent without a body and a media type, as documented'
    )


def test_the_documents_own_sample_conforms_but_for_being_the_same_each_time(
    operation: Operation,
) -> None:
    sample = documented(operation)

    once = judged(operation, sample)
    twice = judged(operation, sample, sample)
    thrice = judged(operation, sample, sample, sample)

    assert [found.id for found in once.findings] == []
    assert {found.claim for found in twice.findings} == {"unique"}
    assert {found.id for found in thrice.findings if found.level is Level.TABLE} == {
        "getImgCode-img-varies",
        "getImgCode-img_code_id-varies",
    }


def test_one_judged_sample_is_too_little_to_conform_and_enough_to_violate(
    operation: Operation,
) -> None:
    sample = documented(operation)

    assert judged(operation, sample).verdict is Verdict.INCONCLUSIVE
    assert judged(operation, {**sample, "data": {}}).verdict is Verdict.VIOLATES


def test_a_refusal_in_every_sample_violates_and_in_some_is_inconclusive(
    operation: Operation,
) -> None:
    refused = [exchange(b'{"error": "x"}', 400, number) for number in (1, 2)]
    answered = exchange(json.dumps(documented(operation)).encode(), number=3)

    always = judge(operation, provenance_of(operation), refused, strictness=Level.TABLE)
    once = judge(operation, provenance_of(operation), [*refused, answered], strictness=Level.TABLE)

    assert [found.id for found in always.findings] == ["getImgCode-answer-accepted"]
    assert (once.verdict, [each.reason for _, each in once.unjudged]) == (
        Verdict.INCONCLUSIVE,
        ["refused-sometimes"] * 2,
    )


def test_samples_that_could_not_be_judged_are_listed_beside_a_verdict(operation: Operation) -> None:
    good = json.dumps(documented(operation)).encode()
    exchanges = [
        exchange(Failure("timeout", "x"), number=1),
        exchange(good, number=2),
        exchange(good, number=3),
    ]

    judgement = judge(
        operation,
        provenance_of(operation),
        exchanges,
        strictness=Level.TABLE,
        limit=unjudged_limit("1"),
    )

    assert (judgement.verdict, [number for number, _ in judgement.unjudged]) == (
        Verdict.CONFORMS,
        [1],
    )


def test_nothing_more_is_told_of_a_member_that_is_missing_or_of_another_type(
    operation: Operation,
) -> None:
    sample = documented(operation)

    found = judged(operation, {**sample, "data": {"img": 7}}).findings

    assert [each.id for each in found] == [
        "getImgCode-img-type",
        "getImgCode-img_code_id-required",
    ]


@pytest.mark.parametrize(
    "data", [{}, {"data": None}, {"data": "x"}, {"data": 7}, {"data": []}], ids=json.dumps
)
def test_claims_about_what_stands_in_a_member_that_holds_nothing_are_moot(
    operation: Operation, data: dict[str, object]
) -> None:
    sample = documented(operation)
    del sample["data"]

    judgement = judged(operation, {**sample, **data}, {**sample, **data})

    rows = judgement.provenance.rows(operation)
    inside = [each for each in judgement.outcomes.values() if each.claim.member in rows]
    assert {(each.moot, each.kept, judgement.verdict_of(each)) for each in inside} == {
        (True, 0, Verdict.INCONCLUSIVE)
    }


def records(*members: Mapping[str, object], remark: object = "x") -> dict[str, object]:
    data = {"total": len(members), "remark": remark, "records": list(members)}
    return {"code": "000", "msg": "", "data": data}


GOOD = {"plate": "京A12345", "minutes": 1, "coupon": None}


@pytest.mark.parametrize(
    ("member", "told"),
    [
        ({**GOOD, "coupon": ""}, set()),
        ({"plate": "京A", "minutes": 1}, set()),
        ({**GOOD, "plate": "京A1234567"}, {"plate-max-length /data/records/1/plate"}),
        ({**GOOD, "plate": "🚗" * 8}, set()),
        ({**GOOD, "plate": "\ud800" * 9}, {"plate-max-length /data/records/1/plate"}),
        ({**GOOD, "minutes": "1"}, {"minutes-type /data/records/1/minutes"}),
        ({**GOOD, "minutes": True}, {"minutes-type /data/records/1/minutes"}),
        ({**GOOD, "minutes": 1.5}, {"minutes-type /data/records/1/minutes"}),
        ({**GOOD, "minutes": None}, {"minutes-required /data/records/1/minutes"}),
        ({"minutes": 1}, {"plate-required /data/records/1/plate"}),
        ({**GOOD, "coupon": 5}, {"coupon-type /data/records/1/coupon"}),
    ],
)
def test_rows_in_a_list_are_judged_in_every_item(
    platform: Spec, member: Mapping[str, object], told: set[str]
) -> None:
    operation = platform.operations[0]

    found = judged(operation, records(GOOD, member), records(GOOD)).findings

    assert {f"{each.subject}-{each.claim} {each.pointer}" for each in found} == told


@pytest.mark.parametrize(
    "body",
    [{"code": "000"}, {"code": "000", "data": "x"}, {"code": "000", "data": {"records": "x"}}],
    ids=["no-data", "data-no-object", "records-no-list"],
)
def test_claims_are_moot_however_far_below_the_broken_member_they_stand(
    platform: Spec, body: object
) -> None:
    outcomes = judged(platform.operations[0], body, body).outcomes

    assert outcomes["getParkingRecords-plate-required"].moot


def test_a_claim_counts_the_places_that_kept_it_and_no_others(platform: Spec) -> None:
    long, absent = {**GOOD, "plate": "京A1234567", "coupon": "C"}, {"minutes": "1"}

    outcomes = judged(platform.operations[0], records(GOOD, long, absent), records(GOOD)).outcomes

    kept = {name.partition("-")[2]: outcome.kept for name, outcome in outcomes.items()}
    rows = {
        name: count
        for name, count in kept.items()
        if name.startswith(("plate", "minutes", "coupon"))
    }
    assert rows == {
        "plate-required": 3,
        "plate-type": 3,
        "plate-max-length": 2,
        "minutes-required": 4,
        "minutes-type": 3,
        "coupon-type": 1,
        "coupon-max-length": 1,
    }


def test_an_optional_row_may_be_absent_null_or_filled(platform: Spec) -> None:
    operation = platform.operations[0]
    absent = records(GOOD)
    data = absent["data"]
    assert isinstance(data, dict)
    del data["remark"]

    judgement = judged(operation, absent, records(GOOD, remark=None), records(remark="x"))

    assert (judgement.verdict, judgement.findings) == (Verdict.CONFORMS, ())


def test_an_empty_list_leaves_its_items_unasked_and_conforms(platform: Spec) -> None:
    judgement = judged(platform.operations[0], records(), records())

    outcome = judgement.outcomes["getParkingRecords-plate-required"]
    assert (judgement.verdict, outcome.moot, outcome.kept) == (Verdict.CONFORMS, False, 0)


def test_one_number_for_two_pictures_is_told_by_pixels(operation: Operation) -> None:
    captchas = Captchas("pixels")
    payloads = [
        maker_of(operation.schema, operation.success)(Draw(captchas, captchas.number(k)))
        for k in range(3)
    ]
    second = json.loads(json.dumps(payloads[1]))
    second["data"]["img_code_id"] = json.loads(json.dumps(payloads[0]))["data"]["img_code_id"]

    found = judged(operation, payloads[0], second, payloads[2], level=Level.TABLE).findings

    assert [(each.id, each.samples) for each in found] == [
        ("getImgCode-img_code_id-names-one-picture", (1, 2))
    ]


@pytest.mark.parametrize(
    ("pictures", "numbers", "told"),
    [
        ([ONE, ONE, ONE], "ABC", {"img-varies"}),
        ([ONE, ONE, OTHER], "ABC", {"img-unique"}),
        ([ONE, ONE, OTHER], "AAB", {"img-unique", "img_code_id-unique"}),
        ([ONE, OTHER, OTHER], "AAB", {"img-unique", "img_code_id-names-one-picture"}),
    ],
    ids=["always-one", "one-twice", "one-number-for-it", "one-number-for-two"],
)
def test_the_same_pixels_in_other_bytes_are_the_same_picture(
    operation: Operation, pictures: list[Picture], numbers: str, told: set[str]
) -> None:
    data = [
        {"img": encoded(picture, level), "img_code_id": f"6OPM6{number}"}
        for level, (picture, number) in enumerate(zip(pictures, numbers, strict=True))
    ]

    found = judged(operation, *({**documented(operation), "data": each} for each in data)).findings

    over_samples = {"varies", "unique", "names-one-picture"}
    named = {f"{each.subject}-{each.claim}" for each in found if each.claim in over_samples}
    assert {name for name in named if name.startswith("img")} == told


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"code": "\\u001b[2J", "msg": "\\u001b[2J"}', 200),
        (b'{"\\u001b[2J": "\\u001b[2J"}', 400),
    ],
)
def test_what_a_server_sent_cannot_command_a_terminal(
    operation: Operation, body: bytes, status: int
) -> None:
    found = reading(operation, body, status)

    assert isinstance(found, Unjudged | RefusedCall)
    assert found.evidence.isprintable()
