"""One answer at a time: what is read, what is judged, what is left alone."""

from __future__ import annotations

import json
import struct
import zlib
from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO

import pytest
from PIL import Image, ImageOps
from PIL.Image import Image as Picture

from contract.findings import Level
from contract.judging.claims import claims
from contract.judging.exchange import NOT_SENT, Exchange, Failure, Request, Response
from contract.judging.provenance import provenance_of
from contract.judging.reading import BOM, Broken, JudgeableAnswer, RefusedCall, Unjudged, read
from contract.judging.verdict import Judgement, Verdict, judge
from contract.spec.operations import Operation, Spec
from mock_server.captcha import Captchas
from mock_server.generators import Draw, answer_maker
from tests.small_specs import operation_of

JSON = (("Content-Type", "application/json"),)
REQUEST = Request("POST", "http://127.0.0.1/x", (("Accept", "application/json"),))


def exchange(body: bytes | Failure, status: int = 200, number: int = 1) -> Exchange:
    outcome = body if isinstance(body, Failure) else Response(status, JSON, body)
    return Exchange(number, REQUEST, outcome, 0.1)


def judged(operation: Operation, *payloads: object, level: Level = Level.SAMPLE) -> Judgement:
    exchanges = [
        exchange(json.dumps(payload).encode(), number=number)
        for number, payload in enumerate(payloads, 1)
    ]
    return judge(operation, provenance_of(operation), exchanges, strictness=level)


def reading(operation: Operation, body: bytes | Failure, status: int = 200) -> object:
    return read(exchange(body, status), operation, provenance_of(operation).rows(operation))


def documented(operation: Operation) -> dict[str, object]:
    return json.loads(json.dumps(operation.examples["documented"]))  # type: ignore[no-any-return]


DEEP = b"[" * 10_000 + b"]" * 10_000


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
    assert reading(operation, before + page) == Unjudged(
        "not-the-service", "HTTP 200, an HTML page"
    )


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
        b'{"code": true, "data": {}}',
        b'{"code": null}',
        b"{}",
        b"[]",
        b"null",
        b"\xef\xbb\xbf{}",
        b'{"n": ' + b"9" * 5000 + b"}",
        b'{"msg": "\\ud800"}',
    ],
)
def test_an_answer_without_a_failure_code_is_judged(operation: Operation, body: bytes) -> None:
    assert isinstance(reading(operation, body), JudgeableAnswer)


def test_a_refusal_in_json_is_told_from_a_page_of_something_in_front(operation: Operation) -> None:
    refused = reading(operation, b'{"error": "x"}', 415)

    assert isinstance(refused, RefusedCall)
    assert refused.evidence == (
        'HTTP 415, "error": "x"; '
        "the call went without a body and a media type, as the document has it"
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
    first, second = documented(operation), documented(operation)
    second["request_id"] = "0" * 8 + str(first["request_id"])[8:]
    exchanges = [
        exchange(Failure("timeout", "x"), number=1),
        exchange(json.dumps(first).encode(), number=2),
        exchange(json.dumps(second).encode(), number=3),
    ]

    judgement = judge(operation, provenance_of(operation), exchanges, strictness=Level.TABLE)

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
    payloads = [answer_maker(operation)(Draw(captchas, captchas.number(k))) for k in range(3)]
    second = json.loads(json.dumps(payloads[1]))
    second["data"]["img_code_id"] = json.loads(json.dumps(payloads[0]))["data"]["img_code_id"]

    found = judged(operation, payloads[0], second, payloads[2], level=Level.TABLE).findings

    assert [(each.id, each.samples) for each in found] == [
        ("getImgCode-img_code_id-names-one-picture", (1, 2))
    ]


ONE = Image.linear_gradient("L").convert("RGB")
OTHER = ImageOps.flip(ONE)


def encoded(picture: Picture, level: int) -> str:
    """Encode a picture in bytes that no other level gives."""
    file = BytesIO()
    picture.save(file, "PNG", compress_level=level)
    return b64encode(file.getvalue()).decode()


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


# What is said of an answer that is not judged


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (Failure(NOT_SENT, "needs a token"), ("not-observed", "needs a token")),
        (Failure("refused", "nobody listens"), ("no-answer", "refused: nobody listens")),
        (Failure("too-large", "2 MiB"), ("too-large", "too-large: 2 MiB")),
        (Response(101, (), b""), ("not-the-service", "HTTP 101")),
        (Response(302, (), b""), ("redirected", "HTTP 302")),
        (Response(302, (("LOCATION", "/in"),), b""), ("redirected", 'HTTP 302 to "/in"')),
        (Response(404, (), b"no"), ("not-the-service", "HTTP 404, 2 bytes: no JSON: ")),
        (Response(404, (), b""), ("not-the-service", "HTTP 404, 0 bytes: the body is empty")),
        (Response(200, (), DEEP), ("too-large", "HTTP 200, JSON nested too deeply")),
        (Response(200, (), b"", unrecorded="no body"), ("unrecorded", "HTTP 200, no body")),
        (Response(404, (), b"{}", unrecorded="cached"), ("unrecorded", "HTTP 404, cached")),
    ],
    ids=lambda each: "" if isinstance(each, Response | Failure) else each[0],
)
def test_the_evidence_of_an_unjudged_answer_says_what_came(
    operation: Operation, came: Response | Failure, expected: tuple[str, str]
) -> None:
    found = read(Exchange(1, REQUEST, came, 0.1), operation, ())

    assert isinstance(found, Unjudged)
    assert (found.reason, found.evidence[: len(expected[1])]) == expected


@pytest.mark.parametrize(
    ("body", "evidence"),
    [
        (b"", "HTTP 200, 0 bytes: the body is empty"),
        (b"{a}", "HTTP 200, 3 bytes: no JSON: Expecting property name enclosed in double quotes "),
        (b"[1 2]", "HTTP 200, 5 bytes: no JSON: Expecting ',' delimiter at character 4"),
        (b"\xef\xbb\xbf[1 2]", "HTTP 200, 8 bytes: no JSON: Expecting ',' delimiter at character"),
        (b"[-Infinity]", "HTTP 200, 11 bytes: no JSON: -Infinity is no JSON value"),
        (b'"ab\xff"', "HTTP 200, 5 bytes: byte 4 is not UTF-8"),
    ],
)
def test_the_evidence_of_a_broken_body_says_where_it_breaks(
    operation: Operation, body: bytes, evidence: str
) -> None:
    found = reading(operation, body)

    assert isinstance(found, Broken)
    assert found.evidence.startswith(evidence)


@pytest.mark.parametrize(
    ("status", "sent", "hinted"),
    [
        (400, b"", True),
        (411, b"", True),
        (415, b"", True),
        (404, b"", False),
        (422, b"", False),
        (400, b"{}", False),
    ],
)
def test_a_refusal_that_a_missing_body_may_explain_says_so(
    operation: Operation, status: int, sent: bytes, *, hinted: bool
) -> None:
    request = Request("POST", "http://127.0.0.1/x", (), body=sent)
    refused = Exchange(1, request, Response(status, JSON, b'{"error": "x"}'), 0.1)

    found = read(refused, operation, ())

    assert isinstance(found, RefusedCall)
    assert ("without a body" in found.evidence) is hinted


@pytest.mark.parametrize(
    ("body", "evidence"),
    [
        (b"{}", "HTTP 422, an object of 0 members"),
        (b"[1]", "HTTP 422, an array of 1 items"),
        (b'"no"', 'HTTP 422, "no"'),
        (b'{"a": 1, "b": "x"}', 'HTTP 422, "a": 1, "b": "x"'),
        (b'{"a":1,"b":2,"c":3,"d":4,"e":5}', 'HTTP 422, "a": 1, "b": 2, "c": 3, "d": 4'),
    ],
)
def test_the_evidence_of_a_refusal_is_the_first_of_what_the_service_says(
    operation: Operation, body: bytes, evidence: str
) -> None:
    assert reading(operation, body, 422) == RefusedCall(evidence)


def test_of_a_number_without_end_so_many_digits_are_read_as_an_interpreter_takes(
    operation: Operation,
) -> None:
    found = reading(operation, b'{"n": ' + b"9" * 5000 + b"}")

    assert isinstance(found, JudgeableAnswer)
    assert found.value == {"n": 10**4000 - 1}


CODED = """{type: object, properties: {
  code: {type: [string, integer], x-business-success: %s},
  msg: {type: string}, data: {type: object, properties: {plate: {type: string}}}}}"""
A_LIST, ALONE = '["000", 0]', '"000"'


@pytest.mark.parametrize(
    ("success", "body", "evidence"),
    [
        (A_LIST, {"code": "000"}, None),
        (A_LIST, {"code": 0}, None),
        (A_LIST, {"code": "1"}, 'business error "1" ""'),
        (ALONE, {"code": "000"}, None),
        (ALONE, {"code": "0"}, 'business error "0" ""'),
        (ALONE, {"code": "1", "msg": "closed"}, 'business error "1" "closed"'),
        (ALONE, {"code": 7, "msg": None}, "business error 7 null"),
        (ALONE, {"code": 7.5}, None),
        (ALONE, {"code": False}, None),
        (ALONE, {"code": None}, None),
        (ALONE, {}, None),
        (ALONE, [], None),
        (ALONE, {"code": "1", "data": {"plate": "A"}}, None),
        (ALONE, {"code": "1", "data": {"plate": ""}}, None),
        (ALONE, {"code": "1", "data": {"plate": None}}, 'business error "1" ""'),
        (ALONE, {"code": "1", "data": {"other": "A"}}, 'business error "1" ""'),
    ],
    ids=str,
)
def test_a_code_that_means_no_success_and_comes_without_rows_is_a_business_error(
    success: str, body: object, evidence: str | None
) -> None:
    operation = operation_of(CODED.replace("[string, integer]", "string") % success)

    found = reading(operation, json.dumps(body).encode())

    assert (found.evidence if isinstance(found, Unjudged) else None) == evidence


def test_a_code_that_is_the_whole_answer_is_a_business_error_without_a_message() -> None:
    operation = operation_of('{type: string, x-business-success: "000"}')

    assert reading(operation, b'"1"') == Unjudged("business-error", 'business error "1" ""')


def test_without_a_business_code_no_code_is_an_error() -> None:
    operation = operation_of("{type: object, properties: {code: {type: string}}}")

    assert isinstance(reading(operation, b'{"code": "1"}'), JudgeableAnswer)


PICTURES = """{type: object, properties: {
  name: {type: string}, pictures: {type: array, items: {type: string, format: image-base64}}}}"""


def png_of(width: int, height: int) -> str:
    """Give a picture that says it is so large, and holds hardly a pixel."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    end = b"IEND"
    chunks = (header, b"IDAT" + zlib.compress(b"\0"), end)
    return b64encode(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each))
            for each in chunks
        )
    ).decode()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"pictures": [png_of(60_000, 60_000)]}, "/pictures/0"),
        ({"pictures": [7, None, "no base64", "YQ==", png_of(60_000, 60_000)]}, "/pictures/4"),
        ({"name": png_of(60_000, 60_000)}, None),
        ({"pictures": ["no base64", "YQ==", 7]}, None),
    ],
    ids=["alone", "behind-others", "no-picture-by-its-schema", "none"],
)
def test_a_picture_that_takes_too_much_memory_leaves_the_answer_unjudged(
    body: object, pointer: str | None
) -> None:
    found = reading(operation_of(PICTURES), json.dumps(body).encode())

    where = found.evidence.partition(":")[0] if isinstance(found, Unjudged) else None
    assert where == pointer
    assert not isinstance(found, Unjudged) or found.reason == "too-large"


# Several promises that one check judges


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


# What is compared over all samples

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
