"""What documents of several platforms state or show, and where it stands in the spec."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.findings import Level
from contract.judging.provenance import provenance_of
from contract.judging.verdict import Verdict
from contract.review import review
from contract.spec.loading import load
from contract.spec.operations import Operation
from contract.spec.vocabulary import validator
from tests.judged_answers import documented, judged
from tests.one_interface import read

DOCUMENTS = Path(__file__).parent / "documents" / "envelopes"


def derived(folder: Path, name: str, *edits: tuple[str, str]) -> Operation:
    """Derive one document, edited, among its neighbours."""
    shutil.copytree(DOCUMENTS, folder / "documents")
    path = folder / "documents" / f"{name}.md"
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    spec = folder / "openapi.yaml"
    spec.write_text(text_of(derive([read(path)], folder)), encoding="utf-8")
    (operation,) = load(spec).operations
    return operation


def schema(operation: Operation, *path: str) -> dict[str, Any]:
    """Give the schema of the member at a path of the answer."""
    return next(dict(each.schema) for each in operation.members if each.path == path)


@pytest.mark.parametrize(
    ("name", "code", "success", "required"),
    [
        ("readLicense", ("retCode",), ["0000"], ["retCode", "content"]),
        ("queryPoints", ("code",), [200], ["code", "data"]),
        ("payOrder", ("ret", "code"), ["SUCCESS"], ["ret", "result"]),
        ("listCards", ("success",), [True], ["success", "page"]),
        ("leave", ("errno",), [0], ["ok", "errno"]),
    ],
)
def test_the_envelope_of_any_platform_is_learned(
    name: str, code: tuple[str, ...], success: list[object], required: list[str], tmp_path: Path
) -> None:
    operation = derived(tmp_path, name)

    member = operation.business_code
    assert member is not None
    assert (member.path, member.schema["x-business-success"]) == (code, success)
    assert operation.schema["required"] == required
    assert "documented" in operation.examples


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("readLicense", {"traceNo": "1", "retCode": "0000", "content": {"owner": 7}}),
        ("queryPoints", {"code": 200, "data": {"rank": 2, "points": 1.5}}),
        ("payOrder", {"ret": {"code": "SUCCESS"}, "result": {"order_no": 1, "owner": {}}}),
        ("listCards", {"success": True, "page": {"rows": [{"card_no": "C", "frozen": 0}]}}),
    ],
)
def test_an_answer_whose_rows_are_of_the_wrong_type_violates(
    name: str, wrong: object, tmp_path: Path
) -> None:
    operation = derived(tmp_path, name)

    assert judged(operation, wrong, level=Level.TABLE).verdict is Verdict.VIOLATES


def test_an_optional_code_row_writes_no_list_of_required_members(tmp_path: Path) -> None:
    operation = derived(tmp_path, "setZone")

    assert "required" not in operation.schema
    assert schema(operation, "code")["x-business-success"] == [0]


def test_null_stays_null_and_an_object_instead_departs_from_the_sample(tmp_path: Path) -> None:
    operation = derived(tmp_path, "checkToken")
    answer = documented(operation)

    good = judged(operation, answer, answer)
    bad = judged(operation, answer | {"data": {"role": [1]}}, answer | {"data": {"role": [1]}})

    assert schema(operation, "data") == {"x-sample": {"enum": [None]}}
    assert (good.verdict, bad.verdict) == (Verdict.CONFORMS, Verdict.VIOLATES)
    assert {(f.subject, f.level) for f in bad.findings} >= {("data", Level.SAMPLE)}


def test_a_date_and_a_number_of_a_sample_are_forms_of_x_sample(tmp_path: Path) -> None:
    operation = derived(tmp_path, "takeToken")
    answer = documented(operation)
    other: Any = documented(operation)
    other["data"]["expires_at"] = "7200"

    assert schema(operation, "data", "expires_at")["x-sample"] == {
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$"
    }
    assert schema(operation, "data", "balance")["x-sample"] == {"pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
    found = judged(operation, answer, other).findings
    assert [(each.subject, each.level) for each in found] == [("expires_at", Level.SAMPLE)]


def test_the_json_sample_of_a_get_fills_its_parameters(tmp_path: Path) -> None:
    operation = derived(tmp_path, "findLogs")

    shown = {each.name: list(each.examples.values()) for each in operation.parameters}
    assert shown == {"day": ["2026-11-26"], "request_no": ["0007"], "size": [20]}


def test_rows_inside_a_json_text_are_members_of_it_and_the_sample_is_accepted(
    tmp_path: Path,
) -> None:
    operation = derived(tmp_path, "verifyCard")

    body = operation.body
    assert body is not None
    assert [each.path for each in body.members if len(each.path) > 1] == [
        ("payload", "front"),
        ("payload", "back"),
    ]
    judge = validator(body.schema)
    assert judge.is_valid({"app": "a", "payload": {"front": "x"}})
    assert judge.is_valid({"app": "a", "payload": '{"front": "x"}'})
    assert not judge.is_valid({"app": "a", "payload": {}})
    told = {(each.claim, each.subject) for each in review(tmp_path / "openapi.yaml")}
    assert ("sample-value-type", "payload") in told
    assert {claim for claim, _ in told} == {"sample-value-type", "document-without-operation"}


def test_each_of_two_members_of_one_name_has_the_line_of_its_own_row(tmp_path: Path) -> None:
    operation = derived(tmp_path, "readCard")
    answer: Any = documented(operation)
    answer["data"]["msg"] = "x" * 200

    (finding,) = judged(operation, answer, level=Level.TABLE).findings

    lines = (DOCUMENTS / "readCard.md").read_text(encoding="utf-8").splitlines()
    assert "识别信息" in lines[finding.places[0].line - 1]
    rows = [provenance_of(operation).row(each) for each in operation.members if each.path]
    assert [row.description for row in rows if row and row.name == "msg"] == [
        "响应信息",
        "识别信息",
    ]


def test_rows_without_a_sample_get_values_of_the_form_that_they_describe(tmp_path: Path) -> None:
    operation = derived(tmp_path, "listPasses")

    time = schema(operation, "data", "pass_time")["x-sample"]
    day = schema(operation, "data", "day")["x-sample"]
    assert (time["example"], day["example"]) == ("2026-01-31 08:30:00", "20260131")
    assert schema(operation, "data", "list", "*", "id")["anyOf"][0] == {
        "type": "integer",
        "format": "int64",
    }


def test_a_contradicted_sample_still_shows_what_it_does_not_contradict(tmp_path: Path) -> None:
    operation = derived(tmp_path, "swapTicket")

    assert list(operation.examples) == ["error"]
    assert schema(operation, "body", "times")["x-sample"] == {"example": 3}
    assert {each.claim for each in review(tmp_path / "openapi.yaml")} == {
        "undescribed-member",
        "document-without-operation",
    }


HEADERS = """#### 请求头

| 参数 | 是否必填 | 类型 | 参数描述 |
| --- | --- | --- | --- |
| Content-Type | 是 | String | application/json |
| {name} | 是 | String | {description} |

#### 请求参数"""


@pytest.mark.parametrize(
    ("name", "description", "parameter"),
    [
        (
            "X-Access-Token",
            "访问令牌",
            {"type": "string", "minLength": 1, "format": "password", "x-mock-expects": "token"},
        ),
        ("X-Trace", "追踪号", {"type": "string", "minLength": 1}),
    ],
)
def test_a_header_is_a_parameter_and_the_content_type_is_none(
    name: str, description: str, parameter: dict[str, object], tmp_path: Path
) -> None:
    headers = HEADERS.format(name=name, description=description)
    operation = derived(tmp_path, "queryPoints", ("#### 请求参数", headers))

    found = [(each.name, each.location, dict(each.schema)) for each in operation.parameters]
    assert found == [(name, "header", parameter)]
    assert operation.body is not None
    assert list(operation.body.schema["properties"]) == ["plate"]  # type: ignore[call-overload]
    assert {each.claim for each in review(tmp_path / "openapi.yaml")} == {
        "document-without-operation"
    }


HELD = {"x-mock-expects": "token"}
"""What the mock server holds a token to."""


@pytest.mark.parametrize(
    ("description", "scheme"),
    [
        ("Bearer 令牌", {"type": "http", "scheme": "bearer", "x-mock-expects": "token"}),
        ("令牌", {"type": "apiKey", "in": "header", "name": "Authorization", **HELD}),
        ("Basic 认证", {"type": "http", "scheme": "basic"}),
        ("签名", {"type": "apiKey", "in": "header", "name": "Authorization"}),
    ],
)
def test_the_header_authorization_is_a_security_scheme(
    description: str, scheme: dict[str, object], tmp_path: Path
) -> None:
    headers = HEADERS.format(name="Authorization", description=description)
    operation = derived(tmp_path, "queryPoints", ("#### 请求参数", headers))

    ((needed,),) = (list(each.values()) for each in operation.security)
    assert operation.parameters == ()
    assert needed == [[], {**scheme, "description": description}]
    assert {each.claim for each in review(tmp_path / "openapi.yaml")} == {
        "document-without-operation"
    }


def test_a_form_is_sent_as_one(tmp_path: Path) -> None:
    body = derived(tmp_path, "leave").body

    assert body is not None
    assert (body.media_type, body.required) == ("application/x-www-form-urlencoded", True)


def test_a_file_makes_the_body_a_form_of_parts(tmp_path: Path) -> None:
    row = "| plate | 是 | String | 10 |"
    body = derived(tmp_path, "queryPoints", (row, "| plate | 是 | MultipartFile | |")).body

    assert body is not None
    assert body.media_type == "multipart/form-data"
    assert body.schema["properties"]["plate"]["format"] == "binary"  # type: ignore[index]


def test_a_fixed_length_is_the_least_and_the_greatest(tmp_path: Path) -> None:
    operation = derived(
        tmp_path, "readLicense", ("String | 50 | 所有人", "String | 定长8 | 所有人")
    )

    owner = schema(operation, "content", "owner")
    assert (owner["minLength"], owner["maxLength"]) == (8, 8)


def test_a_business_code_that_rows_describe_in_an_object_keeps_its_success_values(
    tmp_path: Path,
) -> None:
    path = DOCUMENTS.parent / "forms" / "bank" / "balance-head-body.md"
    spec = tmp_path / "openapi.yaml"
    spec.write_text(text_of(derive([read(path)], tmp_path)), encoding="utf-8")
    (operation,) = load(spec).operations

    assert operation.business_code is not None
    assert operation.business_code.path == ("head", "retCode")
    assert schema(operation, "head", "retCode")["x-business-success"] == ["0000"]
    assert schema(operation, "head", "retCode")["maxLength"] == 4
