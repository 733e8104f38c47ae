"""Each way in which a document contradicts itself is told with both of its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.documents.contradictions import contradictions
from contract.documents.document_rules import CONTRADICTIONS
from contract.findings import Finding
from tests.one_interface import read

DOCUMENTS = Path(__file__).parent / "documents"
REFERENCE = DOCUMENTS / "getImgCode.md"

Told = tuple[str, str, list[int]]


def told(findings: tuple[Finding, ...]) -> list[Told]:
    return [(f.claim, f.subject, [place.line for place in f.places]) for f in findings]


def edited(folder: Path, *edits: tuple[str, str]) -> tuple[Finding, ...]:
    text = REFERENCE.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text, f"the reference no longer has {old!r}"
        text = text.replace(old, new, 1)
    path = folder / "document.md"
    path.write_text(text, encoding="utf-8")
    return contradictions(read(path))


ROW = "| img_code_id |    是    | String |          | 图片编号   |        |"
LENGTH = "String |          | 图片编号"
ADDRESS = "* 请求地址 : "
NO_SAMPLE = "#### 请求样例\n\n无"
MEMBER = '"img_code_id": "6OPM6H"'

EXPECTED: list[Told] = [
    ("repeated-environment", "测试", [7, 8]),
    ("host-differs", "域名列表", [7, 25]),
    ("method-differs", "请求类型", [12, 25]),
    ("path-differs", "请求地址", [13, 25]),
    ("sample-value-too-long", "account_no", [19]),
    ("row-missing-in-sample", "kind", [20, 25]),
    ("undescribed-member", "channel", [20, 25]),
    ("undescribed-member", "level", [28, 56]),
    ("repeated-row", "name", [32, 36]),
    ("sample-value-too-long", "name", [32, 48]),
    ("sample-value-too-long", "balance", [33, 49]),
    ("sample-value-type", "open", [34, 50]),
    ("null-in-sample", "opened", [35, 51]),
    ("row-missing-in-sample", "city", [38, 52]),
    ("undescribed-member", "street", [38, 53]),
    ("sample-repeats-member", "level", [43, 56]),
    ("sample-not-json", "错误样例", [64]),
]


def test_every_contradiction_of_a_document_is_told_with_both_lines() -> None:
    assert told(contradictions(read(DOCUMENTS / "contradictory.md"))) == EXPECTED


def test_every_rule_is_broken_by_the_contradictory_document() -> None:
    elsewhere = {"unparted-samples"}  # in test_envelopes.py
    told_here = {claim for claim, _, _ in EXPECTED}

    assert told_here == {rule.name for rule in CONTRADICTIONS} - elsewhere


def test_a_member_is_told_at_the_one_row_that_may_be_meant_by_it(tmp_path: Path) -> None:
    findings = edited(tmp_path, ("| img  ", "| pic  "))

    assert told(findings) == [
        ("row-missing-in-sample", "pic", [29, 39]),
        ("undescribed-member", "img", [29, 40]),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (f",\n    {MEMBER}", "", ("row-missing-in-sample", "img_code_id", [30, 39])),
        (MEMBER, '"img_code_id": null', ("null-in-sample", "img_code_id", [30, 41])),
        (MEMBER, '"img_code_id": 7', ("sample-value-type", "img_code_id", [30, 41])),
        (MEMBER, f'{MEMBER},\n"extra": 1', ("undescribed-member", "extra", [25, 42])),
        (MEMBER, "@ here", ("sample-not-json", "应答样例", [35, 41])),
        (ROW, f"{ROW}\n{ROW}", ("repeated-row", "img_code_id", [30, 31])),
        (LENGTH, "String | 5 | 图片编号", ("sample-value-too-long", "img_code_id", [30, 41])),
        (ADDRESS, f"{ADDRESS}https://etc.ebaas.com", ("host-differs", "域名列表", [7, 14])),
    ],
)
def test_one_edit_of_the_reference_is_one_contradiction(
    tmp_path: Path, old: str, new: str, expected: Told
) -> None:
    assert told(edited(tmp_path, (old, new))) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ROW, f"{ROW}\n| other | 否 | String | | | |"),
        (LENGTH, "String | 6 | 图片编号"),
        (MEMBER, f"{MEMBER}, // the number"),
        (ADDRESS, f"{ADDRESS}https://dev-etc.ebaas.com"),
        (NO_SAMPLE, "#### 请求样例\n\n```\nPOST /oauth/api/account/getImgCode\n```"),
        (NO_SAMPLE, "#### 请求样例\n\n```\n{}\n```"),
    ],
)
def test_an_edit_that_keeps_the_document_consistent_is_no_contradiction(
    tmp_path: Path, old: str, new: str
) -> None:
    assert edited(tmp_path, (old, new)) == ()


@pytest.mark.parametrize(
    "sample",
    [
        '#### 错误样例\n```\n{"code": "500", "msg": "系统异常", "data": {"reason": 1}}\n```',
        '#### 应答样例2\n```\n{"code": "500", "msg": "系统异常", "data": null}\n```',
        '#### 应答样例2\n\n失败：\n\n```\n{"code": "500"}\n```',
    ],
)
def test_a_sample_of_an_error_is_not_held_to_the_rows_of_data(tmp_path: Path, sample: str) -> None:
    assert edited(tmp_path, ("#### 应答样例", f"{sample}\n#### 应答样例")) == ()


def test_a_success_sample_without_data_lacks_every_required_row(tmp_path: Path) -> None:
    sample = '#### 成功样例\n```\n{"code": "000", "msg": "成功", "data": null}\n```'
    findings = edited(tmp_path, ("#### 应答样例", f"{sample}\n#### 应答样例"))

    assert told(findings) == [
        ("row-missing-in-sample", "img", [29, 34]),
        ("row-missing-in-sample", "img_code_id", [30, 34]),
    ]


def test_an_envelope_that_rows_describe_is_held_to_them_in_an_error_too(tmp_path: Path) -> None:
    text = (DOCUMENTS / "createOrder.md").read_text(encoding="utf-8")
    path = tmp_path / "document.md"
    path.write_text(text.replace('"code": "201"', '"code": 201'), encoding="utf-8")

    assert told(contradictions(read(path))) == [("sample-value-type", "code", [37, 57])]


def test_a_list_of_objects_is_judged_element_by_element_and_told_once(tmp_path: Path) -> None:
    text = (DOCUMENTS / "listCoupons.md").read_text(encoding="utf-8")
    path = tmp_path / "document.md"
    path.write_text(text.replace('"coupon_no"', '"coupon"'), encoding="utf-8")

    assert told(contradictions(read(path))) == [
        ("row-missing-in-sample", "coupon_no", [38, 54]),
        ("undescribed-member", "coupon", [38, 54]),
    ]


@pytest.mark.parametrize(
    ("cells", "value", "claim"),
    [
        ("int |", "1", None),
        ("Integer |", "1.5", "sample-value-type"),
        ("Integer |", "true", "sample-value-type"),
        ("Integer |", '"1"', "sample-value-type"),
        ("Long |", '"12"', None),
        ("Long |", "12", None),
        ("BigDecimal |", '"12.50"', None),
        ("BigDecimal |", '"twelve"', "sample-value-type"),
        ("BigDecimal | 4,2", "12.5", None),
        ("BigDecimal | 4,2", '"123.5"', "sample-value-too-long"),
        ("BigDecimal | 4,2", "1.505", "sample-value-too-long"),
        ("Integer | 3", "-123", None),
        ("Integer | 3", "1234", "sample-value-too-long"),
        ("Boolean |", "false", None),
        ("Boolean |", '"false"', "sample-value-type"),
        ("Date |", '"2026-11-23"', None),
        ("Date |", "1796000000000", None),
        ("Date |", "1.5", "sample-value-type"),
        ("JSONObject |", "{}", None),
        ("JSONObject |", "[]", "sample-value-type"),
        ("List |", "[1]", None),
        ("JSONArray |", "{}", "sample-value-type"),
        ("String | 2", '"图片"', None),
        ("String | 2", '"图片x"', "sample-value-too-long"),
    ],
)
def test_a_value_fits_the_type_and_length_of_its_row(
    tmp_path: Path, cells: str, value: str, claim: str | None
) -> None:
    row = ROW.replace("String |          ", cells)
    findings = edited(tmp_path, (ROW, row), (MEMBER, f'"img_code_id": {value}'))

    assert [finding.claim for finding in findings] == ([] if claim is None else [claim])


def test_evidence_tells_a_value_by_type_and_length_and_never_shows_it(tmp_path: Path) -> None:
    row = ROW.replace("String |", "Integer |")
    (finding,) = edited(tmp_path, (ROW, row), (MEMBER, '"img_code_id": "s3cret"'))

    assert (finding.evidence, finding.pointer) == (
        "应答样例: a string of 6 characters, where the row says “Integer”",
        "/data/img_code_id",
    )


def test_a_path_parameter_is_no_member_of_the_request(tmp_path: Path) -> None:
    rows = "| id | 是 | Integer |\n| x | 是 | Integer |"
    request = "POST /oauth/api/account/getImgCode/7?x=1"
    findings = edited(
        tmp_path,
        ("getImgCode", "getImgCode/{id}"),
        ("#### 请求参数\n无", f"#### 请求参数\n\n| 参数 | 是否必填 | 类型 |\n{rows}"),
        (NO_SAMPLE, f"#### 请求样例\n\n```\n{request}\n```"),
    )

    assert findings == ()
