"""What teams write beside tables: values in a cell, text around JSON, programs, placeholders."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract import documents
from contract.derivation.stated_schema import value_schema
from contract.documents import InterfaceDocument
from contract.documents.block import Fence, Table, TableRow
from contract.documents.cells import Kind
from contract.documents.composite_tables import pieces
from contract.documents.contradictions import contradictions
from contract.documents.heading_words import Part
from contract.documents.learned_envelope import is_placeholder
from contract.documents.listed_values import values_listed
from contract.documents.markdown import blocks
from contract.documents.program_calls import called_by
from contract.documents.samples import read_sample
from contract.documents.schema_rows import table_of_schema
from contract.documents.success_words import successes_stated
from tests.document_reading_shown import FORMS
from tests.one_interface import read

TEAMS = FORMS / "teams"


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("1：待支付 2：已支付 3：已取消", ("1", "2", "3")),
        ("APP,H5,MINI", ("APP", "H5", "MINI")),
        ("0:否;1:是", ("0", "1")),
        ("1揽收 2运输", ("1", "2")),
        ("A(正常)、B(异常)", ("A", "B")),
        ("10、20等", ()),
        ("1,2,其他", ()),
        ("0-100", ()),
        ("000000：成功", ()),
        ("正常/异常", ()),
    ],
)
def test_a_cell_lists_all_values_or_none(cell: str, values: tuple[str, ...]) -> None:
    assert values_listed(cell) == values


def test_values_that_a_column_lists_are_all_that_a_member_may_have() -> None:
    document = read(TEAMS / "closed-values.md")

    schemas = {row.name: value_schema(row) for row in (*document.parameters, *document.answer)}
    assert schemas["status"]["enum"] == [1, 2, 3]
    assert schemas["payType"]["enum"] == ["ALIPAY", "WECHAT"]
    assert schemas["channel"]["enum"] == ["APP", "H5", "MINI", None]
    assert "enum" not in schemas["code"]


def test_a_sample_with_a_value_that_is_not_listed_is_told(tmp_path: Path) -> None:
    text = (TEAMS / "closed-values.md").read_text(encoding="utf-8")
    path = tmp_path / "document.md"
    path.write_text(text.replace('"status":2', '"status":7'), encoding="utf-8")

    told = contradictions(read(path))
    assert [(each.claim, each.subject) for each in told] == [("sample-value-type", "status")]


@pytest.mark.parametrize(
    ("text", "value", "slips"),
    [
        ('HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"a": 1}', {"a": 1}, 0),
        ('返回：{"a": 1}', {"a": 1}, 0),
        ('{"a": 1} // 成功', {"a": 1}, 0),
        ('返回如下：\n{"a": 1}\n以上', {"a": 1}, 1),
        ('{"a": 1}\n说明文字', {"a": 1}, 1),
        ("{'a': 1,  # 编号\n}", {"a": 1}, 1),
    ],
)
def test_json_is_read_out_of_the_text_around_it(text: str, value: object, slips: int) -> None:
    sample = read_sample("返回示例", text, 1)

    assert (sample.value, sample.trouble, len(sample.slips)) == (value, None, slips)


@pytest.mark.parametrize(
    "text", ["{", '{"a": }', "返回：{", 'x {"a": 1}', "const a = {b: 1};", '{"a": [}']
)
def test_what_is_no_json_even_inside_is_told(text: str) -> None:
    assert read_sample("返回示例", text, 1).trouble is not None


def test_the_line_above_json_says_which_sample_it_is() -> None:
    sample = read_sample("返回示例", '失败：\n{"code": 9}', 4)

    assert (sample.title, sample.lines["code",]) == ("返回示例 失败", 5)


@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("fetch('https://a.cn/v1/x', {method: 'PUT'})", "PUT /v1/x"),
        ("fetch('https://a.cn/v1/x')", "GET /v1/x"),
        ("axios.delete(`/v1/x`)", "DELETE /v1/x"),
        ("axios({ url: '/v1/x', method: 'post' })", "POST /v1/x"),
        ("requests.post('https://a.cn/v1/x', json={})", "POST /v1/x"),
        ('new HttpPost("https://a.cn/v1/x")', "POST /v1/x"),
        ('b.url("https://a.cn/v1/x").method("POST", body)', "POST /v1/x"),
        ('http.NewRequest("PATCH", "https://a.cn/v1/x", nil)', "PATCH /v1/x"),
        ("$.ajax({url: '/v1/x', type: 'POST'})", "POST /v1/x"),
        ('restTemplate.getForObject("https://a.cn/v1/x", R.class)', "GET /v1/x"),
        ("curl -X POST https://a.cn/v1/x -d '{}'", "POST /v1/x"),
        ('String sql = "/v1/x";', ""),
        ("let a = 1;", ""),
    ],
)
def test_a_program_shows_the_call_it_makes(code: str, call: str) -> None:
    found = called_by(code, 1)

    assert (f"{found.method} {found.path}" if found else "") == call


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ({"code": 0, "msg": "", "data": {"id": 0, "ok": True}}, True),
        ({"code": 0, "msg": "string", "data": ["string"]}, True),
        ({"code": 0, "msg": "成功"}, False),
        ({"code": 200, "msg": ""}, False),
        ({"code": 0}, False),
    ],
)
def test_a_sample_of_zeros_and_blanks_stands_for_values_only(value: object, is_one: bool) -> None:  # noqa: FBT001 - a table
    assert is_placeholder(value) is is_one


def alone(folder: Path, *changes: tuple[str, str]) -> InterfaceDocument:
    """Read the document of placeholders without neighbours, changed."""
    text = (TEAMS / "placeholders.md").read_text(encoding="utf-8")
    for old, new in changes:
        text = text.replace(old, new)
    path = folder / "document.md"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_the_code_of_a_placeholder_is_told_as_a_doubt(tmp_path: Path) -> None:
    envelope = alone(tmp_path).envelope

    assert (envelope.code, envelope.success) == (("code",), (0,))
    assert "zeros and blanks" in envelope.doubt


def test_the_code_that_a_row_states_stands_in_the_placeholder_as_well(tmp_path: Path) -> None:
    document = alone(tmp_path, ("|状态码|integer(int32)|", "|状态码，200：成功|integer(int32)|"))

    (sample,) = document.good
    assert (document.envelope.success, document.envelope.doubt) == ((200,), "")
    assert isinstance(sample.value, dict)
    assert sample.value["code"] == 200


@pytest.mark.parametrize(
    ("description", "codes"),
    [
        ("0：成功，1：失败", ("0",)),
        ("返回码，0000 表示成功", ("0000",)),
        ("200成功", ("200",)),
        ("非0失败", ()),
        ("非0成功", ()),
        ("是否成功", ()),
    ],
)
def test_a_row_says_which_code_is_a_success(description: str, codes: tuple[str, ...]) -> None:
    assert successes_stated(description) == codes


def test_a_row_that_says_it_teaches_the_success_without_a_sample() -> None:
    first, _ = documents.read(TEAMS / "python-calls.md")

    assert (first.envelope.code, first.envelope.success) == (("code",), (0,))


def rows_of(*rows: str) -> Table:
    lines = [TableRow(tuple(row.split("|")), number) for number, row in enumerate(rows, start=1)]
    return Table(lines[0], tuple(lines[1:]), frozenset())


def test_a_table_is_cut_at_the_rows_that_head_sections() -> None:
    found = pieces(
        rows_of("接口地址|/a|", "请求参数||", "参数|类型|说明", "a|int|", "返回参数||", "b|int|")
    )

    tables = [each.block for each in found if isinstance(each.block, Table)]
    assert [each.part for each in found] == [None, Part.PARAMETERS, Part.ANSWER]
    assert [[row.cells[0] for row in each.rows] for each in tables] == [[], ["a"], ["b"]]


def test_a_row_that_is_called_like_a_section_cuts_nothing() -> None:
    assert pieces(rows_of("参数|类型|说明", "data|object|返回数据", "a|int|")) == ()


def test_a_direction_that_nobody_knows_leaves_the_table_whole() -> None:
    assert pieces(rows_of("方向|参数|类型", "请求|a|int", "侧面|b|int")) == ()


def test_a_schema_with_references_is_no_table() -> None:
    text = '{"type": "object", "properties": {"a": {"$ref": "#/b"}}}'
    assert table_of_schema(Fence(text, 1, closed=True)) is None


@pytest.mark.parametrize(
    ("cell", "meant", "limits"),
    [
        ("an..30", Kind.STRING, (None, 30)),
        ("ans4", Kind.STRING, (4, 4)),
        ("n..12", Kind.NUMBER, (None, 12)),
    ],
)
def test_types_of_card_networks_say_their_length(
    cell: str, meant: Kind, limits: tuple[int | None, int], tmp_path: Path
) -> None:
    path = tmp_path / "document.md"
    rows = f"| 参数 | 类型 | 是否必填 |\n|-|-|-|\n| a | {cell} | 是 |"
    path.write_text(f"## 查询\n\n接口地址：POST /a\n\n### 请求参数\n\n{rows}\n", encoding="utf-8")

    (row,) = read(path).parameters
    assert (row.kind, row.min_length, row.limit) == (meant, *limits)


def test_one_table_in_brackets_says_no_lists() -> None:
    document = read(TEAMS / "eolink.md")

    assert {row.name: row.kind for row in document.parameters}["applicant"] is Kind.STRING
    assert document.findings == ()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('成功：`{"code": 0}`', 1),
        ('- 失败: {"code": 9}', 1),
        ('**成功**：`[{"a": 1}]`', 1),
        ('**consumes**:`["application/json"]`', 0),
        ("路径：`/a/{id}`", 0),
        ("说明：见 {附件}", 0),
    ],
)
def test_a_line_that_names_a_sample_shows_it(line: str, names: int) -> None:
    assert sum(isinstance(each, Fence) for each in blocks([line])) == names


@pytest.mark.parametrize("heading", ["接口说明", "接口信息"])
def test_rows_below_a_heading_that_says_no_side_are_told(heading: str, tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    rows = "| 参数 | 类型 | 是否必填 |\n|-|-|-|\n| a | int | 是 |"
    path.write_text(f"## 查询\n\n### {heading}\n\nPOST /a\n\n{rows}\n", encoding="utf-8")

    document = read(path)
    assert document.table_rows == 1
    assert "unreadable-section" in [each.claim for each in document.findings]


def test_a_map_holds_no_rows_that_follow_it() -> None:
    document = read(TEAMS / "maps.md")

    assert ("timeout",) in [row.path for row in document.parameters]


def test_what_an_interface_states_again_is_its_own(tmp_path: Path) -> None:
    text = (TEAMS / "answer-around-all.md").read_text(encoding="utf-8")
    again = "- 返回：\n\n|参数|类型|必填|说明|\n|-|-|-|-|\n|code|int|是|0成功|\n\n- 返回data："
    path = tmp_path / "document.md"
    path.write_text(text.replace("- 返回data：", again, 1), encoding="utf-8")

    first, second = documents.read(path)
    codes = [row.description for row in first.answer if row.path == ("code",)]
    assert codes == ["0成功"]
    assert ("data", "items", "name") in [row.path for row in second.answer]
