"""Facts that documents write in other notations: JSON without a fence, hosts in a line, slips."""

# ruff: noqa: E501 - the lines of documents are as long as people write them
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import captcha_contract
from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents import InterfaceDocument, UnreadableDocument
from contract.documents.contradictions import contradictions
from contract.documents.sample_json import NotJson, read_json
from contract.spec.vocabulary import environment_of
from tests.one_interface import read


def written(folder: Path, *parts: str) -> Path:
    path = folder / "document.md"
    path.write_text("\n\n".join(parts), encoding="utf-8")
    return path


def derived(document: InterfaceDocument, folder: Path) -> Mapping[str, Any]:
    spec = yaml.safe_load(text_of(derive([document], folder)))
    assert isinstance(spec, dict)
    return spec


TITLE = "## 查询会员"
CALL = "**接口地址：** `POST /member`"
ASKED = "**请求参数：**\n\n| 参数名 | 类型 | 必填 | 说明 |\n|---|---|---|---|\n| no | string | 是 | 会员号 |"
ROWS = "**响应参数：**\n\n| 参数名 | 类型 | 说明 |\n|---|---|---|\n| level | int | 等级 |"
JSON = '{\n  "code": 0,\n  "data": {"level": 3}\n}'


@pytest.mark.parametrize(
    "sample",
    [
        f"响应示例：\n\n{JSON}",
        f"**响应示例**\n{JSON}",
        "返回示例如下\n\n    " + JSON.replace("\n", "\n    "),
        f"- 响应示例\n\n{JSON}\n\n以上。",
        '响应示例：\n[{"level": 3}]',
    ],
)
def test_json_without_a_fence_is_a_sample(sample: str, tmp_path: Path) -> None:
    document = read(written(tmp_path, TITLE, CALL, ASKED, ROWS, sample))

    (found,) = document.samples
    assert (found.is_request, found.trouble, document.findings) == (False, None, ())
    assert "level" in str(found.value)


@pytest.mark.parametrize(
    "text", ["[说明](a.md)", "{会员号}", '{"a": 1} 就是请求', '{"a": 1', "[1]: x"]
)
def test_prose_that_looks_like_json_is_prose(text: str, tmp_path: Path) -> None:
    document = read(written(tmp_path, TITLE, CALL, ASKED, ROWS, text))

    assert (document.samples, document.findings) == ((), ())


def test_a_row_goes_on_in_the_next_line(tmp_path: Path) -> None:
    rows = f"{ROWS.removesuffix('等级 |')}等级，\n从一到九 |\n| points | int | 积分 |"

    document = read(written(tmp_path, TITLE, CALL, ASKED, rows))

    assert [(row.name, row.description, row.line) for row in document.answer] == [
        ("level", "等级， 从一到九", 15),
        ("points", "积分", 17),
    ]


def test_a_table_in_html_may_lack_the_row_of_its_header(tmp_path: Path) -> None:
    table = "**响应参数：**\n\n<table>\n<th>参数</th><th>类型</th></tr>\n<tr><td>a</td><td>int</td></tr>\n</table>"

    document = read(written(tmp_path, TITLE, CALL, ASKED, table))

    assert [(row.name, row.type, document.findings) for row in document.answer] == [
        ("a", "int", ())
    ]


@pytest.mark.parametrize(
    ("text", "value", "slips"),
    [
        ('{"a": 1, ...}', {"a": 1}, 1),
        ('{"a": [1, ……], "b": 2}', {"a": [1], "b": 2}, 1),
        ('{"a"：1，"b": 2}', {"a": 1, "b": 2}, 2),
        ('{"a": 1\n"b": [{}\n{}]}', {"a": 1, "b": [{}, {}]}, 1),
        ("{'a': 'it\\'s \"b\"', 'c': None}", {"a": 'it\'s "b"', "c": None}, 2),
    ],
)
def test_a_slip_of_the_hand_is_read_and_told(text: str, value: object, slips: int) -> None:
    found = read_json(text)

    assert (found.value, len(found.slips)) == (value, slips)


@pytest.mark.parametrize(
    "text", ['{"a": ...}', '{"a": 1 "b": 2}', "{a: 1}", "[1 2]", '{"a": …, "b": 1}']
)
def test_what_leaves_a_doubt_is_no_json(text: str) -> None:
    with pytest.raises(NotJson):
        read_json(text)


def test_a_slip_is_told_at_its_line(tmp_path: Path) -> None:
    sample = f"**响应示例：**\n\n```json\n{JSON.replace('0,', '0')}\n```"

    found = contradictions(read(written(tmp_path, TITLE, CALL, ASKED, ROWS, sample)))

    assert [(each.claim, each.places[-1].line) for each in found] == [("sample-not-json", 21)]


@pytest.mark.parametrize(
    ("line", "server"),
    [
        ("**Base URL：** `https://api.shop.cn/v2`", {"url": "https://api.shop.cn/v2"}),
        (
            "测试环境地址：http://10.0.0.1:8080",
            {"url": "http://10.0.0.1:8080", "x-environment": "test"},
        ),
        (
            "- 正式域名: https://shop.cn",
            {"url": "https://shop.cn", "x-environment": "production"},
        ),
        ("基础地址：https://uat.shop.cn/", {"url": "https://uat.shop.cn", "x-environment": "test"}),
    ],
)
def test_a_line_that_names_a_host_is_an_environment(
    line: str, server: dict[str, str], tmp_path: Path
) -> None:
    spec = derived(read(written(tmp_path, TITLE, line, CALL, ASKED, ROWS)), tmp_path)

    assert [{k: v for k, v in each.items() if k != "description"} for each in spec["servers"]] == [
        server
    ]


@pytest.mark.parametrize(
    ("address", "servers"),
    [
        ("https://api.shop.cn/member", ["https://api.shop.cn"]),
        ("http://xx.com/member", []),
        ("{{host}}/member", []),
    ],
)
def test_the_host_of_a_full_address_is_an_environment(
    address: str, servers: list[str], tmp_path: Path
) -> None:
    path = written(tmp_path, TITLE, f"请求URL：`{address}`", "请求方式：POST", ASKED, ROWS)

    spec = derived(read(path), tmp_path)

    assert ([each["url"] for each in spec["servers"]], [*spec["paths"]]) == (servers, ["/member"])


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("测试环境", "a.cn", "test"),
        ("UAT", "a.cn", "test"),
        ("线上环境地址", "a.cn", "production"),
        ("联调", "a.cn", "dev"),
        ("张三", "test.a.cn", None),
        ("", "https://test-api.a.cn/b", "test"),
        ("", "localhost:8080", "dev"),
        ("", "https://production.a.cn", None),
        ("", "https://api.a.cn/test", None),
    ],
)
def test_an_environment_is_known_by_its_name_else_by_its_host(
    name: str, address: str, expected: str | None
) -> None:
    assert environment_of(name, address) == expected


GATEWAY = "| 环境 | 网关地址 |\n|---|---|\n| 沙箱 | https://sandbox.pay.cn/gateway.do |\n| 生产 | https://pay.cn/gateway.do |"
COMMON = (
    "## 公共请求参数\n\n| 参数 | 类型 | 是否必填 | 描述 |\n|---|---|---|---|\n| method | String | 是 | 接口名称 |\n"
    "| biz_content | String | 是 | 业务参数的集合，JSON 格式 |"
)
BUSINESS = "## 业务参数\n\n| 参数 | 类型 | 是否必填 | 描述 |\n|---|---|---|---|\n| trade_no | String | 是 | 单号 |"


def test_a_gateway_has_its_path_in_the_table_of_its_environments(tmp_path: Path) -> None:
    document = read(written(tmp_path, TITLE, GATEWAY, "统一以 POST 方式提交。", COMMON, BUSINESS))

    assert (document.method.text, document.address.text) == ("POST", "/gateway.do")
    assert [each.address for each in document.environments] == [
        "https://sandbox.pay.cn",
        "https://pay.cn",
    ]
    assert document.findings == ()


def test_business_rows_stand_in_the_common_row_that_carries_them(tmp_path: Path) -> None:
    document = read(written(tmp_path, TITLE, GATEWAY, "采用 HTTP POST 请求", COMMON, BUSINESS))

    assert [row.path for row in document.parameters] == [
        ("method",),
        ("biz_content",),
        ("biz_content", "trade_no"),
    ]


def test_a_method_that_only_a_form_implies_is_told(tmp_path: Path) -> None:
    document = read(written(tmp_path, TITLE, GATEWAY, "参数以表单提交。", COMMON, BUSINESS))

    assert document.method.text == "POST"
    assert [(each.claim, each.places[0].line) for each in document.findings] == [
        ("unstated-method", 8)
    ]


def test_a_gateway_without_a_method_says_what_is_missing_and_quotes_its_lines(
    tmp_path: Path,
) -> None:
    with pytest.raises(UnreadableDocument, match=r"no line states a method;.*line 5 says “沙箱"):
        read(written(tmp_path, TITLE, GATEWAY, COMMON, BUSINESS))


def test_a_url_with_a_query_in_a_sample_is_a_get_and_told(tmp_path: Path) -> None:
    sample = "### 请求示例\n\n```\nhttps://api.cloud.cn/?Action=List\n&Limit=2\n```"

    document = read(written(tmp_path, TITLE, BUSINESS, sample))

    assert (document.method.text, document.address.text) == ("GET", "/")
    assert [each.claim for each in document.findings] == ["unstated-method"]


@pytest.mark.parametrize(
    ("line", "method"), [("GET/POST", "GET"), ("POST、GET", "POST"), ("post or get", "POST")]
)
def test_of_several_methods_the_first_is_read_and_the_others_are_told(
    line: str, method: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, TITLE, f"请求方式：{line}", "请求路径：/member", ASKED, ROWS)

    captcha_contract.main(["derive", str(path), "--output", str(tmp_path / "openapi.yaml")])

    said = capsys.readouterr().err
    assert f"({method} /member)" in said
    assert f"document.md:3 请求方式: it names {method}" in said


def test_an_unknown_place_of_a_parameter_is_told(tmp_path: Path) -> None:
    asked = "**请求参数：**\n\n| 参数名 | 位置 | 类型 | 必填 |\n|---|---|---|---|\n| a | 信封 | string | 是 |\n| b | | string | 是 |"

    document = read(written(tmp_path, TITLE, CALL, asked, ROWS))

    assert [(each.claim, each.subject, each.places[0].line) for each in document.findings] == [
        ("unknown-location", "a", 9)
    ]


def test_a_dotted_row_of_a_query_is_a_parameter_with_dots_in_its_name(tmp_path: Path) -> None:
    asked = ASKED.replace("| no |", "| page.no |")

    spec = derived(
        read(written(tmp_path, TITLE, CALL.replace("POST", "GET"), asked, ROWS)), tmp_path
    )

    (parameter,) = spec["paths"]["/member"]["get"]["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("page.no", "query", True)


def test_a_body_that_only_a_sample_shows_is_an_example_and_told_once(tmp_path: Path) -> None:
    body = '**请求体：**\n\n```json\n{"no": "M1", "age": 3}\n```'
    document = read(written(tmp_path, TITLE, CALL, body, ROWS))

    spec = derived(document, tmp_path)

    assert "requestBody" in spec["paths"]["/member"]["post"]
    assert spec["components"]["examples"]["member-request"]["value"] == {"no": "M1", "age": 3}
    told = [each.evidence for each in contradictions(document) if "describes" in each.evidence]
    assert told == ["请求体: no row describes any member: “no, age”"]


def test_a_sample_of_a_failure_is_an_answer_wherever_it_stands(tmp_path: Path) -> None:
    samples = '**失败示例：**\n\n```json\n{"code": 5}\n```'

    document = read(written(tmp_path, TITLE, CALL, ASKED, samples))

    assert [each.is_request for each in document.samples] == [False]


@pytest.mark.parametrize("words", ["接口路径&请求方式", "请求地址和请求方法", "请求URL、请求方式"])
def test_a_heading_may_announce_path_and_method_together(words: str, tmp_path: Path) -> None:
    document = read(written(tmp_path, TITLE, f"### {words}", "/member/list GET", ASKED, ROWS))

    assert (document.method.text, document.address.text) == ("GET", "/member/list")
    assert document.findings == ()


def test_a_media_type_may_stand_behind_the_request_line(tmp_path: Path) -> None:
    document = read(written(tmp_path, TITLE, "/member/add POST multipart/form-data", ASKED, ROWS))

    assert (document.method.text, document.media_type) == ("POST", "multipart/form-data")


def test_a_table_of_business_codes_is_no_table_of_members(tmp_path: Path) -> None:
    codes = "### 附\n\n| 错误码 | 说明 |\n|---|---|\n| 1001 | 会员不存在 |"

    document = read(written(tmp_path, TITLE, CALL, ASKED, ROWS, codes))

    assert (document.findings, document.table_rows) == ((), 2)


def test_a_document_of_another_form_need_not_list_environments_and_the_summary_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = f"**响应示例：**\n\n```json\n{JSON}\n```"
    path = written(tmp_path, TITLE, "- **接口说明：** 查询", CALL, ASKED, ROWS, answer)

    status = captcha_contract.main(["derive", str(path), "--output", str(tmp_path / "o.yaml")])

    assert (status, read(path).findings) == (0, ())
    assert "no environment: the document names no host" in capsys.readouterr().err
