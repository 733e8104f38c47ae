"""Documents of the platform's form, to the letter and not to the letter, are read alike."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from contract.documents import InterfaceDocument, UnreadableDocument
from contract.documents import read as documents_of
from contract.documents.cells import Kind, kind, max_length, requirement
from contract.documents.contradictions import contradictions
from contract.documents.document_rules import RULES
from tests.one_interface import read
from tests.thoroughness import tries

DOCUMENTS = Path(__file__).parent / "documents"
REFERENCE = DOCUMENTS / "getImgCode.md"
NAMES = sorted(path.name for path in DOCUMENTS.glob("*.md"))
CLEAN = sorted(set(NAMES) - {"contradictory.md"})

HEADER = f"| 参数 | 是否必填 | 类型 | 最大长度 | 参数描述 | 示例值 |\n|{' --- |' * 6}\n"
SHORT_HEADER = "| 参数 | 是否必填 | 类型 |\n| --- | --- | --- |\n"
PARTS = {
    "environments": "| 环境 | 请求地址 |\n| --- | --- |\n| 测试 | test.example.com |",
    "operation": "* 请求类型 : POST\n* 请求地址 : /a/b",
    "parameters": "无",
    "answer": f"{HEADER}| img | 是 | String | | 图片 | |",
    "samples": "",
}
SAMPLE = '{"request_id": "r", "code": "000", "msg": "成功", "data": %s}'


def written(folder: Path, **parts: str) -> InterfaceDocument:
    path = folder / "document.md"
    path.write_text(
        "## 接口\n\n#### 域名列表\n\n{environments}\n\n#### 接口说明\n\n{operation}\n\n"
        "#### 请求参数\n\n{parameters}\n\n#### 应答报文\n\n{answer}\n\n{samples}\n".format_map(
            PARTS | parts
        ),
        encoding="utf-8",
    )
    return read(path)


def answered(data: str) -> str:
    return f"#### 应答样例\n\n```\n{SAMPLE % data}\n```\n"


def told(document: InterfaceDocument) -> list[tuple[str, str, int]]:
    return [(f.claim, f.subject, f.places[0].line) for f in document.findings]


def paths(document: InterfaceDocument) -> list[str]:
    return [".".join(row.path) for row in document.answer]


@pytest.mark.parametrize("name", NAMES)
def test_every_document_of_the_platform_is_read_without_a_finding(name: str) -> None:
    document = read(DOCUMENTS / name)

    assert document.findings == ()


@pytest.mark.parametrize("name", CLEAN)
def test_a_document_that_agrees_with_itself_contradicts_nothing(name: str) -> None:
    document = read(DOCUMENTS / name)

    assert contradictions(document) == ()


def test_the_reference_document_is_read_to_its_lines() -> None:
    document = read(REFERENCE)

    assert (
        document.title.text,
        [(e.name, e.address, e.line) for e in document.environments],
        (document.method.text, document.method.line),
        (document.address.text, document.address.line),
        document.parameters,
        [(row.path, row.required, row.type, row.description, row.line) for row in document.answer],
        [(sample.title, sample.line) for sample in document.samples],
        (document.parameters_line, document.answer_line),
    ) == (
        "获取图形验证码",
        [("开发", "dev-etc.ebaas.com", 7), ("测试", "test-etc.ebaas.com", 8), ("生产", "", 9)],
        ("POST", 13),
        ("/oauth/api/account/getImgCode", 14),
        (),
        [
            (("img",), "是", "String", "图片base64", 29),
            (("img_code_id",), "是", "String", "图片编号", 30),
        ],
        [("应答样例", 35)],
        (18, 25),
    )


def test_a_sample_knows_the_line_of_each_of_its_members() -> None:
    (sample,) = read(REFERENCE).samples

    assert (sample.lines["data", "img"], sample.lines["data", "img_code_id"]) == (40, 41)


def test_columns_are_found_by_name_in_any_order() -> None:
    first, second = read(DOCUMENTS / "listCoupons.md").parameters

    assert (
        (first.name, first.is_required, first.kind, first.limit, first.description, first.example),
        (second.name, second.is_required, second.kind, second.limit, second.description),
    ) == (
        ("user_no", True, Kind.STRING, 32, "用户编号", "U2046"),
        ("page", False, Kind.INTEGER, None, "页码，从 1 起"),
    )


def test_marked_rows_stand_in_the_row_above_them() -> None:
    assert paths(read(DOCUMENTS / "listCoupons.md")) == [
        "total",
        "list",
        "list.coupon_no",
        "list.amount",
        "list.shop",
        "list.shop.shop_name",
        "list.expires",
    ]


def test_rows_without_a_mark_stand_where_a_sample_shows_them() -> None:
    document = read(DOCUMENTS / "createOrder.md")

    assert [row.path for row in document.parameters] == [
        ("user",),
        ("user", "name"),
        ("user", "phone"),
        ("remark",),
    ]


def test_dotted_rows_stand_where_their_names_say() -> None:
    assert paths(read(DOCUMENTS / "createOrder.md")) == [
        "code",
        "msg",
        "data",
        "data.order_no",
        "data.items",
        "data.items.sku",
        "data.paid",
    ]


@pytest.mark.parametrize(
    ("title", "code", "expected"),
    [
        ("失败", "000", True),
        ("部分失败", "000", False),
        ("部分失败", "207", True),
        ("处理完成", "207", True),
    ],
)
def test_a_batch_that_failed_in_part_is_an_error_only_by_its_code(
    tmp_path: Path, title: str, code: str, *, expected: bool
) -> None:
    text = answered('{"img": ""}').replace("应答样例", f"应答样例（{title}）")
    found = written(tmp_path, samples=text.replace("000", code))

    assert bool(found.failed) is expected


def test_a_get_sample_is_a_request_line_with_its_host_and_query() -> None:
    request = read(DOCUMENTS / "listCoupons.md").samples[0].request

    assert request is not None
    assert (request.method, request.host, request.path, request.query) == (
        "GET",
        "test-shop.example.com",
        "/shop/api/coupon/list",
        (("user_no", "U2046"), ("page", "1")),
    )


def test_samples_say_whether_they_are_requests_or_errors() -> None:
    found = read(DOCUMENTS / "listCoupons.md")

    assert [(s.title, s.is_request, s in found.failed) for s in found.samples] == [
        ("请求样例", True, False),
        ("成功样例", False, False),
        ("错误样例1", False, True),
        ("错误样例2（系统异常）", False, True),
    ]


def test_a_caption_right_above_a_sample_names_it() -> None:
    found = read(DOCUMENTS / "createOrder.md")

    assert [(s.title, s in found.failed) for s in found.samples[1:]] == [
        ("应答样例 成功", False),
        ("应答样例 失败", True),
    ]


@pytest.mark.parametrize("name", ["logout-gbk.md", "logout-windows.md"])
def test_encoding_line_ends_and_full_width_marks_change_nothing(name: str) -> None:
    document = read(DOCUMENTS / name)

    assert (
        document.method.text,
        document.address.text,
        document.environments[0].address,
        document.parameters[0].limit,
        document.samples[0].value,
    ) == ("POST", "/user/api/logout", "test-user.example.com", 32, {"token": "abc"})


def test_a_utf_16_document_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    path.write_bytes(REFERENCE.read_text(encoding="utf-8").encode("utf-16"))

    assert read(path).findings == ()


def test_lines_that_state_nothing_read_elsewhere_are_kept_as_remarks() -> None:
    remarks = read(DOCUMENTS / "listCoupons.md").remarks

    assert [remark.text for remark in remarks] == [
        "用于在结算页展示可用的优惠券。",
        "* 请求格式：application/x-www-form-urlencoded",
        "| 日期 | 内容 |",
        "| --- | --- |",
        "| 2026-11-01 | 新增 |",
    ]


def test_a_row_of_two_cells_that_states_something_else_is_kept_as_a_remark(tmp_path: Path) -> None:
    rows = "| 请求类型 | POST |\n| --- | --- |\n| 请求地址 | /a |\n| 鉴权 | 无需登录 |"
    document = written(tmp_path, operation=rows)

    assert [remark.text for remark in document.remarks] == ["鉴权 : 无需登录"]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("## 应答报文", 1),
        ("####应答报文", 1),
        ("**应答报文**", 1),
        ("**应答报文：**", 1),
        ("应答报文：", 1),
        ("### 2.4 响应参数", 1),
        ("### 四、返回参数 ###", 1),
        ("### 说好的表格", 0),
    ],
)
def test_a_heading_is_known_by_its_words(tmp_path: Path, heading: str, expected: int) -> None:
    path = tmp_path / "document.md"
    text = REFERENCE.read_text(encoding="utf-8").replace("#### 应答报文", heading)
    path.write_text(text, encoding="utf-8")

    assert len(read(path).answer) == 2 * expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("| a | 是 | JSONObject |\n|   b | 是 | String |", ["a", "a.b"]),
        ("| a | 是 | JSONObject |\n| &nbsp;&nbsp;b | 是 | String |", ["a", "a.b"]),
        ("| a | 是 | JSONObject |\n| 　b | 是 | String |", ["a", "a.b"]),
        ("| a | 是 | List |\n| - b | 是 | Map |\n| -- c | 是 | String |", ["a", "a.b", "a.b.c"]),
        ("| a | 是 | List |\n| - b | 是 | int |\n| -- c | 是 | int |", ["a", "a.b", "a.c"]),
        ("| a | 是 | JSONObject |\n| ├─ b | 是 | int |\n| └─ c | 是 | int |", ["a", "a.b", "a.c"]),
        ("| a | 是 | JSONObject |\n| └ b | 是 | int |\n| c | 是 | int |", ["a", "a.b", "c"]),
        ("| a | 是 | JSONArray |\n| a[0].b | 是 | int |", ["a", "a.b"]),
        ("| a | 是 | String |\n|   b | 是 | String |", ["a", "b"]),
        ("| a | 是 | List<String> |\n| b | 是 | String |", ["a", "b"]),
        ("| a | 是 | List<int[]> |\n| b | 是 | String |", ["a", "b"]),
        ("| a | 是 | List<Order> |\n| └ b | 是 | String |", ["a", "a.b"]),
        ("| **`a`** | **是** | `String` |\n| b\\_c | 是 | int |", ["a", "b_c"]),
    ],
)
def test_nesting_is_read_in_every_way_of_writing_it(
    tmp_path: Path, rows: str, expected: list[str]
) -> None:
    document = written(tmp_path, answer=f"{SHORT_HEADER}{rows}")

    assert (paths(document), told(document)) == (expected, [])


def test_in_a_centred_column_padding_is_no_indentation(tmp_path: Path) -> None:
    rows = "| long_one | 是 | JSONObject |\n|    b     | 是 | String |"
    document = written(
        tmp_path,
        answer=f"| 参数 | 是否必填 | 类型 |\n| :-: | :-: | :-: |\n{rows}",
        samples=answered('{"long_one": {}, "b": ""}'),
    )

    assert paths(document) == ["long_one", "b"]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("参数 | 是否必填 | 类型\n--- | --- | ---\nimg | 是 | String", ["img"]),
        ("| 参数 | 是否必填 | 类型 |\n| img | 是 | String |", ["img"]),
        (f"{SHORT_HEADER}\n| img | 是 | String |", ["img"]),
        (f"{SHORT_HEADER}| 无 | | |", []),
        (f"{SHORT_HEADER}｜ img ｜ 是 ｜ String ｜", ["img"]),
        (
            f"{SHORT_HEADER}<!-- | a | 是 | int |\n| b | 是 | int | -->\n| img | 是 | String |",
            ["img"],
        ),
    ],
)
def test_a_table_is_read_in_every_way_of_drawing_it(
    tmp_path: Path, table: str, expected: list[str]
) -> None:
    document = written(tmp_path, answer=table)

    assert (paths(document), told(document)) == (expected, [])


def test_a_full_width_bar_is_text_where_the_other_bars_fill_the_row(tmp_path: Path) -> None:
    document = written(tmp_path, answer=f"{HEADER}| img | 是 | String | | 甲｜乙\\|丙 | |")

    assert document.answer[0].description == "甲｜乙|丙"


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("* 请求类型 : GET\n* 请求地址 : /a/b", ("GET", "/a/b")),
        ("- **请求方式**：get\n- **接口地址**：`/a/b`", ("GET", "/a/b")),
        ("请求方法：POST（JSON）\n请求地址：https://test.example.com/a/b", ("POST", "/a/b")),
        ("* 请求类型 : PUT\n* 请求地址 : [/a/{id}](/a/{id})", ("PUT", "/a/{id}")),
        ("| 请求类型 | POST |\n| --- | --- |\n| 请求地址 | /a/b |", ("POST", "/a/b")),
        ("* 说明 : 注意: 冒号\n* 请求类型 : POST\n* 请求地址 : {域名}/a/b", ("POST", "/a/b")),
    ],
)
def test_the_operation_is_read_in_every_way_of_stating_it(
    tmp_path: Path, operation: str, expected: tuple[str, str]
) -> None:
    document = written(tmp_path, operation=operation)

    assert ((document.method.text, document.address.text), told(document)) == (expected, [])


@pytest.mark.parametrize(
    ("environments", "expected"),
    [
        ("| 域名 | 环境 |\n| --- | --- |\n| a.example.com | 生产 |", [("生产", "a.example.com")]),
        ("| 环境 | 请求地址 |\n| --- | --- |\n| 生产 | - |", [("生产", "")]),
        ("| 环境 | 请求地址 |\n| --- | --- |\n| 生产 |", [("生产", "")]),
        ("* 测试：http://a:80/x\n* 生产：", [("测试", "http://a:80/x"), ("生产", "")]),
        ("无", []),
    ],
)
def test_environments_are_read_in_every_way_of_listing_them(
    tmp_path: Path, environments: str, expected: list[tuple[str, str]]
) -> None:
    document = written(tmp_path, environments=environments)

    assert ([(e.name, e.address) for e in document.environments], told(document)) == (expected, [])


@pytest.mark.parametrize(
    "sample",
    [
        '{"a": "x\ty", "b": [1, 2]}',
        '{"a": "x\ty", // comment, with "quotes" and }\n"b": [1, 2]}',
        '/* above\n*/ {"a": "x\ty", "b": [1, 2,],\n}',
    ],
)
def test_tabs_comments_and_trailing_commas_are_read_as_json(tmp_path: Path, sample: str) -> None:
    document = written(tmp_path, samples=f"#### 应答样例\n```json\n{sample}\n```")

    assert document.samples[0].value == {"a": "x\ty", "b": [1, 2]}


@pytest.mark.parametrize(
    "value",
    [
        "9" * 310,
        "9" * 5000,
        "1e999",
        "-1e999",
        "NaN",
        "01",
        '"\\ud800"',
        '"\\x"',
        '"\n"',
        "[" * 300,
    ],
)
def test_what_json_cannot_say_leaves_a_sample_without_value(tmp_path: Path, value: str) -> None:
    (sample,) = written(tmp_path, samples=f"#### 应答样例\n```\n{value}\n```").samples

    assert (sample.value, sample.trouble is None) == (None, False)


def test_a_comment_mark_inside_a_json_string_is_no_comment(tmp_path: Path) -> None:
    document = written(tmp_path, samples='#### 应答样例\n```\n{"a": "http://x/*y*/"}\n```')

    assert document.samples[0].value == {"a": "http://x/*y*/"}


def test_a_sample_without_a_fence_is_read_all_the_same(tmp_path: Path) -> None:
    document = written(tmp_path, samples='#### 应答样例\n\n{\n\n  "a": 1\n}\n')

    (sample,) = document.samples
    assert (sample.value, sample.lines["a",] - sample.line) == ({"a": 1}, 2)


def test_a_request_line_may_carry_a_json_body(tmp_path: Path) -> None:
    text = '#### 请求样例\n```\nPOST /a/b HTTP/1.1\nHost: test.example.com\n\n{"a": 1}\n```'
    (sample,) = written(tmp_path, samples=text).samples

    assert (sample.value, sample.lines["a",] - sample.line) == ({"a": 1}, 3)


def test_a_request_line_may_carry_the_fields_of_a_form(tmp_path: Path) -> None:
    text = "#### 请求样例\n```\nPOST /a/b?a=1 HTTP/1.1\nHost: test.example.com\n\nb=2&c=\n```"
    (sample,) = written(tmp_path, samples=text).samples

    assert sample.request is not None
    assert sample.request.query == (("a", "1"), ("b", "2"), ("c", ""))


def test_public_and_business_parameters_are_read_together(tmp_path: Path) -> None:
    business = f"#### 业务请求参数\n\n{HEADER}| b | 是 | String | | | |"
    document = written(tmp_path, parameters=f"{HEADER}| a | 是 | String | | | |", samples=business)

    assert [row.name for row in document.parameters] == ["a", "b"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| img | 视情况 | String | | | |", ("unknown-requirement", "img", 22)),
        ("| img | | String | | | |", ("unknown-requirement", "img", 22)),
        ("| img | 是 | Strin | | | |", ("unknown-type", "img", 22)),
        ("| img | 是 | String | 很长 | | |", ("unreadable-length", "img", 22)),
        ("| img | 是 | String | 0 | | |", ("unreadable-length", "img", 22)),
        ("| img | 是 | String | 2,10 | | |", ("unreadable-length", "img", 22)),
        ("| img | 是 | String | | a | b | c |", ("unreadable-row", "img", 22)),
        ("| | 是 | String | | | |", ("unreadable-row", "row", 22)),
        ("| 图片 | 是 | String | | | |", ("unreadable-name", "“图片”", 22)),
        ("| img. | 是 | String | | | |", ("unreadable-name", "“img.”", 22)),
        ("| └ img | 是 | String | | | |", ("row-without-parent", "img", 22)),
        ("| img[] | 是 | String | | | |", ("list-without-list-type", "img", 22)),
        (
            "| a | 是 | JSONObject | | | |\n| img | 是 | String | | | |",
            ("unclear-nesting", "img", 23),
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, row: str, expected: tuple[str, str, int]
) -> None:
    document = written(tmp_path, answer=f"{HEADER}{row}")

    assert told(document) == [expected]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"answer": "见附件"}, ("unreadable-section", "应答报文", 18)),
        ({"parameters": ""}, ("unreadable-section", "请求参数", 14)),
        ({"samples": "#### 应答样例\n\n见附件"}, ("unreadable-section", "应答样例", 24)),
        ({"samples": "#### 鉴权\n\n| a | b |\n| - | - |"}, ("unreadable-section", "鉴权", 26)),
        ({"samples": "#### 鉴权\n\n```\nx\n```"}, ("unreadable-section", "鉴权", 26)),
        ({"samples": "#### 应答样例\n```\n{}"}, ("unclosed-fence", "应答样例", 25)),
        ({"samples": "#### 应答报文\n\n无"}, ("repeated-section", "应答报文", 24)),
        ({"answer": "| 甲 | 乙 |\n| - | - |"}, ("unknown-column", "甲", 20)),
        ({"answer": "| 参数 | 是否必填 |\n| - | - |"}, ("missing-column", "类型", 20)),
        ({"environments": "| 环境 |\n| - |\n| 测试 |"}, ("unreadable-table", "环境", 5)),
        (
            {"environments": "| 环境 | 地址 |\n| - | - |\n| 测试 | 问张三 |"},
            ("unreadable-address", "测试", 7),
        ),
        (
            {"operation": "* 请求类型 : GET/POST\n* 请求地址 : /a"},
            ("several-methods", "请求类型", 11),
        ),
        (
            {"operation": "* 请求类型 : GET\n* 请求地址 : a/b"},
            ("unreadable-address", "请求地址", 12),
        ),
        (
            {"operation": "* 请求类型 : GET\n* 请求地址 : /a/b （内网）"},
            ("unreadable-address", "请求地址", 12),
        ),
    ],
)
def test_a_section_that_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, parts: dict[str, str], expected: tuple[str, str, int]
) -> None:
    document = written(tmp_path, **parts)

    assert expected in told(document)


def test_an_unclosed_fence_does_not_swallow_the_next_section(tmp_path: Path) -> None:
    text = '#### 成功样例\n```\n{"a": 1}\n#### 错误样例\n```\n{"b": 2}\n```'
    document = written(tmp_path, samples=text)

    assert [sample.value for sample in document.samples] == [{"a": 1}, {"b": 2}]


def test_a_missing_section_and_title_are_told(tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    path.write_text("#### 接口说明\n* 请求类型 : POST\n* 请求地址 : /a\n", encoding="utf-8")

    assert [(claim, subject) for claim, subject, _ in told(read(path))] == [
        ("missing-title", "title"),
        ("missing-section", "域名列表"),
        ("missing-section", "请求参数"),
        ("missing-section", "应答报文"),
    ]


def test_a_byte_that_is_no_character_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    path.write_bytes(REFERENCE.read_bytes().replace("图片编号".encode(), "图片".encode() + b"\xff"))

    assert told(read(path)) == [("unreadable-character", "line 30", 30)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ":1: .*请求"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ":1: .*not text"),
        ("请求 without an operation".encode(), ":1: .*请求类型"),
        ("* 请求类型 : POST".encode(), ":1: .*请求地址"),
        ("* 请求地址 : /a".encode(), ":1: .*请求类型"),
        ("\n* 请求类型 : PSOT\n* 请求地址 : /a".encode(), ":2: .*PSOT"),
        ("* 请求类型 : POST\n* 请求地址 : ".encode(), ":2: .*请求地址"),
    ],
)
def test_a_file_without_an_operation_is_unreadable(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "document.md"
    path.write_bytes(content)

    with pytest.raises(UnreadableDocument, match=message):
        read(path)


@pytest.mark.parametrize("name", ["missing.md", ".", "nul\0.md"])
def test_a_file_that_cannot_be_opened_is_unreadable(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableDocument, match="cannot be opened"):
        read(tmp_path / name)


def test_a_finding_names_the_document_as_seen_from_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (finding,) = written(tmp_path, answer="见附件").findings

    assert (finding.operation, str(finding.places[0])) == ("document.md", "document.md:18")


def test_a_finding_promises_what_its_rule_says(tmp_path: Path) -> None:
    (finding,) = written(tmp_path, answer="见附件").findings

    assert finding.promise == RULES[finding.claim].english


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        *[(yes, True) for yes in ("是", " **是** ", "Y", "yes", "TRUE", "必填")],
        *[(no, False) for no in ("否", "n", "No", "false", "选填", "非必填", "Ｎ")],
    ],
)
def test_requirement_knows_every_spelling(cell: str, *, expected: bool) -> None:
    assert requirement(cell) is expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("String", Kind.STRING),
        ("string", Kind.STRING),
        ("int", Kind.INTEGER),
        ("INTEGER", Kind.INTEGER),
        ("Long", Kind.LONG),
        ("BigDecimal", Kind.NUMBER),
        ("bigdecimal", Kind.NUMBER),
        ("Boolean", Kind.BOOLEAN),
        ("Date", Kind.DATE),
        ("JSONObject", Kind.OBJECT),
        ("JsonObject", Kind.OBJECT),
        ("JSONArray", Kind.ARRAY),
        ("List", Kind.ARRAY),
        ("List&lt;String&gt;", Kind.ARRAY),
        ("String[]", Kind.ARRAY),
    ],
)
def test_kind_knows_every_type_in_all_its_casings(cell: str, expected: Kind) -> None:
    assert kind(cell) is expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        *[(unlimited, None) for unlimited in ("", "-", "不限", "无")],
        *[(length, 32) for length in ("32", "３２", " **32** ")],
        *[(digits, (10, 2)) for digits in ("10,2", "10，2", "(10, 2)")],
    ],
)
def test_max_length_is_none_a_number_or_digits_and_decimals(
    cell: str, expected: int | tuple[int, int] | None
) -> None:
    assert max_length(cell) == expected


def test_reading_survives_mutated_documents(tmp_path: Path) -> None:
    chance = random.Random(20261123)
    originals = [(DOCUMENTS / name).read_bytes() for name in NAMES]
    path = tmp_path / "document.md"
    strange = []

    for _ in range(tries(1000)):
        path.write_bytes(mutated(chance, originals))
        try:
            documents = documents_of(path)
        except UnreadableDocument:
            continue
        found = [f for each in documents for f in (*each.findings, *contradictions(each))]
        last = len(path.read_bytes().replace(b"\r", b"\n").split(b"\n"))
        strange += [
            finding
            for finding in found
            if finding.claim not in RULES
            or not finding.evidence.isprintable()
            or not all(1 <= place.line <= last for place in finding.places)
        ]

    assert strange == []


PIECES = [
    *[
        "|",
        "｜",
        "**",
        "```",
        "##",
        "<!--",
        "-->",
        "└",
        "{",
        "}",
        "[]",
        '"',
        "\\",
        "__",
        "无",
        "&#x110000;",
        "1e999",
        "http://[",
        "?a=%zz&",
    ],
    *("\n", "\r", "\f", "\\ud800", "9" * 309, "9" * 5000, "[" * 300),
]
BYTES = [*(piece.encode() for piece in PIECES), b"\xff", b"\x80"]


def mutated(chance: random.Random, originals: list[bytes]) -> bytes:
    content = chance.choice(originals)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(content) + 1)
        lines = content.split(b"\n")
        chosen = chance.choice(lines)
        content = chance.choice(
            [
                content[:at] + chance.choice(BYTES) + content[at:],
                content[:at] + content[at + chance.randint(1, 30) :],
                b"\n".join([*lines[: len(lines) // 2], chosen, *lines[len(lines) // 2 :]]),
                b"\n".join(line for line in lines if line is not chosen),
            ]
        )
    return content
