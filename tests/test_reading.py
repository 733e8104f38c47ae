"""What is read of one answer, and what is said of one that is not judged."""

from __future__ import annotations

import json
import struct
import zlib
from base64 import b64encode

import pytest

from contract.judging.exchange import NOT_SENT, Exchange, Failure, Request, Response
from contract.judging.reading import Broken, JudgeableAnswer, RefusedCall, Unjudged, read
from contract.judging.who_answered import Answerer
from contract.spec.operations import Operation
from tests.judged_answers import DEEP, JSON, REQUEST, reading
from tests.small_specs import operation_of


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (Failure(NOT_SENT, "needs a token"), ("not-observed", "needs a token")),
        (Failure("refused", "nobody listens"), ("no-answer", "refused: nobody listens")),
        (Failure("too-large", "2 MiB"), ("too-large", "too-large: 2 MiB")),
        (Response(101, (), b""), ("not-the-service", "HTTP 101")),
        (Response(302, (), b""), ("redirected", "HTTP 302")),
        (Response(302, (("LOCATION", "/in"),), b""), ("redirected", 'HTTP 302, to "/in"')),
        (Response(404, (), b"no"), ("not-the-service", 'HTTP 404, a text that begins "no"')),
        (Response(404, (), b"\0\1"), ("not-the-service", "HTTP 404, 2 bytes: not JSON: ")),
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
        (b"{a}", "HTTP 200, 3 bytes: not JSON: Expecting property name enclosed in double quotes "),
        (b"[1 2]", "HTTP 200, 5 bytes: not JSON: Expecting ',' delimiter at character 4"),
        (b"\xef\xbb\xbf[1 2]", "HTTP 200, 8 bytes: not JSON: Expecting ',' delimiter at character"),
        (b"[-Infinity]", "HTTP 200, 11 bytes: not JSON: -Infinity is not a JSON value"),
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
        (406, b"", False),
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
    found = reading(operation, b'{"code": "000", "n": ' + b"9" * 5000 + b"}")

    assert isinstance(found, JudgeableAnswer)
    assert found.value == {"code": "000", "n": 10**4000 - 1}


CODED = """{type: object, properties: {
  code: {type: [string, integer], x-business-success: %s},
  msg: {type: string}, data: {type: object, properties: {plate: {type: string}}}}}"""
A_LIST, ALONE = '["000", 0]', '"000"'


@pytest.mark.parametrize(
    ("success", "body", "evidence"),
    [
        (A_LIST, {"code": "000"}, None),
        (A_LIST, {"code": 0}, None),
        (A_LIST, {"code": "1"}, 'business error "1"'),
        (ALONE, {"code": "000"}, None),
        (ALONE, {"code": 0}, None),
        (ALONE, {"code": "0"}, 'business error "0"'),
        (ALONE, {"code": "1", "msg": "closed"}, 'business error "1" "closed"'),
        (ALONE, {"code": 7, "msg": None}, "business error 7"),
        (ALONE, {"code": 7.0}, "business error 7.0"),
        (ALONE, {"code": 7.5}, None),
        (ALONE, {"code": False}, "business error false"),
        (ALONE, {"code": None}, None),
        (ALONE, {"code": "1", "data": {"plate": "A"}}, None),
        (ALONE, {"code": "1", "data": {"plate": ""}}, 'business error "1"'),
        (ALONE, {"code": "1", "data": {"plate": None}}, 'business error "1"'),
        (ALONE, {"code": "1", "data": {"other": "A"}}, 'business error "1"'),
    ],
    ids=str,
)
def test_a_code_that_means_no_success_and_comes_without_rows_is_a_business_error(
    success: str, body: object, evidence: str | None
) -> None:
    operation = operation_of(CODED.replace("[string, integer]", "string") % success)

    found = reading(operation, json.dumps(body).encode())

    said = (
        found.evidence.removesuffix("; fields not judged") if isinstance(found, Unjudged) else None
    )
    assert said == evidence


def test_a_code_that_is_the_whole_answer_is_a_business_error_without_a_message() -> None:
    operation = operation_of('{type: string, x-business-success: "000"}')

    assert reading(operation, b'"1"') == Unjudged(
        "business-error", 'business error "1"; fields not judged', Answerer.OPERATION
    )


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
