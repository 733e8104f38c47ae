"""Envelopes of other platforms: what is theirs, what is a business error, what is judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract.findings import Level, Place
from contract.judging.exchange import Exchange, Response
from contract.judging.provenance import provenance_of
from contract.judging.reading import JudgeableAnswer, RefusedCall, Unjudged
from contract.judging.verdict import judge
from contract.spec.loading import interpret
from contract.spec.references import mapping
from contract.spec.yaml_text import parse
from tests.judged_answers import REQUEST, reading
from tests.small_specs import operation_of

FLAG = """{type: object, required: [success], properties: {
  success: {type: boolean, x-business-success: [true]}, message: {type: string},
  result: {type: object, required: [plate], properties: {plate: {type: string, minLength: 1},
    minutes: {type: integer}}}}}"""
NESTED = """{type: object, required: [ret, data], properties: {
  ret: {type: object, required: [code], properties: {
    code: {type: integer, x-business-success: [0]}, msg: {type: string}}},
  data: {type: object, properties: {plate: {type: string}, color: {type: string}}}}}"""
WORD = """{type: object, required: [status], properties: {
  status: {type: string, x-business-success: [SUCCESS]}, info: {type: string},
  list: {type: array, items: {type: object, properties: {plate: {type: string}}}}}}"""
FLAT = """{type: object, required: [respCode, respMsg, img, imgId], properties: {
  respCode: {type: string, x-business-success: ["0000"]}, respMsg: {type: string},
  img: {type: string, format: image-base64}, imgId: {type: string, x-unique: true}}}"""
BARE = """{type: object, required: [plate], properties: {
  plate: {type: string}, color: {type: string}, minutes: {type: integer}}}"""
OPTIONAL = "{type: object, properties: {plate: {type: string}, remark: {type: string}}}"
LIST = """{type: array, items: {type: object, required: [plate], properties: {
  plate: {type: string}, minutes: {type: integer}}}}"""
TEXT = "{type: string}"
ANYTHING = "{}"

TWICE = """{type: object, required: [code], properties: {
  code: {type: string, x-business-success: ["000"]}, msg: {type: string},
  data: {type: object, nullable: true, properties: {msg: {type: string}}}}}"""

JUDGED, FAILED, FOREIGN = "judged", "business-error", "not-the-operation"


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        (FLAG, {"success": True, "result": {"plate": "A"}}, JUDGED),
        (FLAG, {"success": False, "message": "closed"}, FAILED),
        (
            FLAG,
            {"success": False, "errorCode": "E1", "result": {"plate": "", "minutes": 0}},
            FAILED,
        ),
        (FLAG, {"success": "false", "message": "closed", "result": None}, FAILED),
        (FLAG, {"success": "true", "result": None}, JUDGED),
        (FLAG, {"success": False, "result": {"plate": "A", "minutes": 1}}, JUDGED),
        (FLAG, {"message": "Internal Server Error"}, FOREIGN),
        (FLAG, {"plate": "A", "minutes": 7}, JUDGED),
        (FLAG, {"result": {"plate": 7}}, JUDGED),
        (NESTED, {"ret": {"code": 0}, "data": {"plate": "A"}}, JUDGED),
        (NESTED, {"ret": {"code": 7, "msg": "busy"}, "data": None}, FAILED),
        (NESTED, {"ret": {"code": "7"}, "data": {"plate": None, "color": ""}}, FAILED),
        (NESTED, {"ret": {"code": "0"}, "data": None}, JUDGED),
        (NESTED, {"ret": {}, "data": {"plate": "A"}}, JUDGED),
        (NESTED, {"code": 7, "message": "x"}, FOREIGN),
        (NESTED, {"ret": None}, FOREIGN),
        (WORD, {"status": "SUCCESS", "list": []}, JUDGED),
        (WORD, {"status": "success", "list": []}, JUDGED),
        (WORD, {"status": "FAIL", "info": "x", "list": []}, FAILED),
        (WORD, {"status": "FAIL", "list": [{}]}, FAILED),
        (WORD, {"status": "FAIL", "list": [{"plate": "A"}]}, JUDGED),
        (WORD, {"status": 500, "error": "x", "path": "/"}, FAILED),
        (WORD, {"error": {"message": "x"}}, FOREIGN),
        (FLAT, {"respCode": "0000", "respMsg": "ok", "img": "x", "imgId": "1"}, JUDGED),
        (FLAT, {"respCode": "9999", "respMsg": "系统异常"}, FAILED),
        (FLAT, {"respCode": "9999", "respMsg": "系统异常", "img": "", "imgId": None}, FAILED),
        (FLAT, {"respCode": "0001", "respMsg": "ok", "img": "x"}, JUDGED),
        (FLAT, {"respCode": "0001", "img": "x"}, JUDGED),
        (FLAT, {"code": 500, "message": "x"}, FOREIGN),
        (TWICE, {"code": "1", "msg": "系统异常", "data": None}, FAILED),
        (TWICE, {"code": "1", "msg": "系统异常", "data": {"msg": "x"}}, JUDGED),
        (BARE, {"plate": "A"}, JUDGED),
        (BARE, {"color": "red"}, JUDGED),
        (BARE, {"data": {"plate": "A", "color": "b", "minutes": 1}}, JUDGED),
        (BARE, {"plate": None}, JUDGED),
        (BARE, {"error": "x"}, FOREIGN),
        (BARE, {}, FOREIGN),
        (BARE, [], FOREIGN),
        (OPTIONAL, {}, JUDGED),
        (OPTIONAL, {"error": "x"}, FOREIGN),
        (LIST, [], JUDGED),
        (LIST, [{"plate": "A"}], JUDGED),
        (LIST, {"plate": "A", "minutes": 1}, JUDGED),
        (LIST, {"message": "x"}, FOREIGN),
        (LIST, None, FOREIGN),
        (TEXT, "anything", JUDGED),
        (TEXT, 7, JUDGED),
        (TEXT, {"error": "x"}, FOREIGN),
        (ANYTHING, {"error": "x"}, JUDGED),
        (ANYTHING, None, JUDGED),
    ],
    ids=lambda each: json.dumps(each) if not isinstance(each, str) else each[:9],
)
def test_an_answer_of_another_platform_is_read_by_its_own_spec(
    schema: str, body: object, expected: str
) -> None:
    found = reading(operation_of(schema), json.dumps(body).encode())

    assert (found.reason if isinstance(found, Unjudged) else JUDGED) == expected
    assert isinstance(found, Unjudged | JudgeableAnswer)


@pytest.mark.parametrize(
    ("schema", "body", "told"),
    [
        (FLAG, {"success": False, "message": "closed", "traceId": "9f"}, 'false "closed"'),
        (NESTED, {"ret": {"code": 7, "msg": "busy"}, "note": "a b"}, '7 "busy"'),
        (FLAT, {"respCode": "1", "respMsg": "系统异常", "imgId": ""}, '"1" "系统异常"'),
        (FLAT, {"respCode": "1", "trace": "a" * 300, "hint": "try again"}, '"1" "try again"'),
        (WORD, {"status": "FAIL"}, '"FAIL"'),
    ],
)
def test_a_business_error_is_told_with_the_text_for_people_whatever_it_is_called(
    schema: str, body: object, told: str
) -> None:
    found = reading(operation_of(schema), json.dumps(body).encode())

    assert isinstance(found, Unjudged)
    assert found.evidence == f"business error {told}; fields not judged"


@pytest.mark.parametrize(
    ("schema", "body", "own"),
    [
        (FLAG, {"success": False, "message": "no such path"}, True),
        (FLAG, {"success": False}, True),
        (FLAG, {"success": False, "error": "x"}, False),
        (NESTED, {"ret": {"code": 404, "msg": "x"}}, True),
        (NESTED, {"code": 404, "msg": "x"}, False),
        (WORD, {"timestamp": 1, "status": 404, "error": "x", "path": "/"}, False),
        (WORD, {"status": "NOT_FOUND", "info": "x"}, True),
        (FLAT, {"respCode": "404", "respMsg": "x"}, True),
        (BARE, {"plate": "A"}, False),
    ],
    ids=lambda each: json.dumps(each) if not isinstance(each, str) else each[:9],
)
def test_a_404_is_the_services_if_its_own_envelope_comes(
    schema: str, body: object, *, own: bool
) -> None:
    found = reading(operation_of(schema), json.dumps(body).encode(), 404)

    assert isinstance(found, RefusedCall if own else Unjudged)


OTHERS = """
openapi: 3.0.3
info: {title: x, version: "1"}
paths:
  /x:
    get:
      operationId: getX
      responses:
        "200": {description: x, content: {%s}}
"""


@pytest.mark.parametrize(
    ("content", "body", "label", "expected"),
    [
        ("", b"", "", JUDGED),
        ("text/plain: {schema: {type: string}}", b"hi", "text/plain", JUDGED),
        ("text/plain: {schema: {type: string}}", b"42", "text/plain", JUDGED),
        ("text/plain: {schema: {type: string}}", b"<html>", "text/html", "not-the-service"),
        ("text/html: {schema: {type: string}}", b"<html>", "text/html", JUDGED),
        ("image/png: {schema: {type: string, format: binary}}", b"\x89PNG", "image/png", JUDGED),
        ("'*/*': {schema: {type: object}}", b"{}", "application/json", JUDGED),
        ("'*/*': {schema: {type: string}}", b'"x"', "application/json", JUDGED),
        ("application/*: {schema: {type: object}}", b"{", "application/json", "json"),
    ],
)
def test_what_is_documented_as_no_json_need_be_none(
    content: str, body: bytes, label: str, expected: str
) -> None:
    documented = OTHERS % content
    path = Path("x.yaml")
    tree = mapping(parse(documented.encode(), "x.yaml"), Place("x.yaml", 1), "a spec")
    (operation,) = interpret(path, tree).operations
    headers = (("Content-Type", label),) if label else ()
    came = Exchange(1, REQUEST, Response(200, headers, body), 0.1, recorded=True)

    judgement = judge(operation, provenance_of(operation), [came], strictness=Level.SAMPLE)

    told = [reading.reason for _, reading in judgement.unjudged]
    told += [found.claim for found in judgement.findings]
    assert told == ([] if expected == JUDGED else [expected])
