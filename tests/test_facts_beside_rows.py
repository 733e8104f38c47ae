"""Facts that stand beside the rows: statuses in words, nulls of samples, prose, unnamed models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents import InterfaceDocument, read
from contract.documents.cells import length_in_type, lengths
from contract.documents.heading_words import Part, part_of, status_named

CALL = "# 标签\n\n- 接口地址：/tag\n- 请求方式：POST\n"
ANSWER = (
    "\n## 响应参数\n\n| 参数 | 类型 | 说明 |\n|---|---|---|\n"
    "| code | int | 码 |\n| why | string | 原因 |\n"
)
SAMPLE = '\n## 响应示例\n\n```json\n{"code": 0, "why": null}\n```\n'


def reading(folder: Path, *parts: str) -> InterfaceDocument:
    path = folder / "document.md"
    path.write_text("".join(parts), encoding="utf-8")
    (found,) = read(path)
    return found


def spec(found: InterfaceDocument, folder: Path) -> dict[str, Any]:
    return yaml.safe_load(text_of(derive([found], folder)))  # type: ignore[no-any-return]


def told(found: InterfaceDocument) -> list[tuple[str, str, int]]:
    return [(each.claim, each.subject, each.places[0].line) for each in found.findings]


@pytest.mark.parametrize("heading", ["📥 请求头", "1️⃣ 请求头", "⚙️ 2.1 请求头", "请求头"])
def test_what_decorates_a_heading_changes_nothing(heading: str) -> None:
    assert part_of(heading) is Part.PARAMETERS


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("**204 No Content**", "204"),
        ("> 201 Created", "201"),
        ("成功响应 (201)", "201"),
        ("201 个会员", ""),
        ("错误码 404", ""),
    ],
)
def test_a_line_may_name_a_status_in_words(line: str, status: str) -> None:
    assert status_named(line) == status


def test_a_success_without_a_body_has_none_in_the_spec(tmp_path: Path) -> None:
    found = reading(tmp_path, CALL, "\n## 响应\n\n**204 No Content**\n")

    operation = spec(found, tmp_path)["paths"]["/tag"]["post"]
    assert (operation["responses"], told(found)) == ({"204": {"description": "应答报文"}}, [])


def test_an_answer_with_rows_has_a_body_whatever_status_is_listed(tmp_path: Path) -> None:
    listed = "\n## 响应状态\n\n| 状态码 | 说明 |\n|---|---|\n| 204 | 无 |\n"
    found = reading(tmp_path, CALL, listed, ANSWER)

    assert (found.status, len(found.answer)) == ("200", 2)


def test_a_member_that_a_success_shows_as_null_may_be_null_where_no_column_says_otherwise(
    tmp_path: Path,
) -> None:
    found = reading(tmp_path, CALL, ANSWER, SAMPLE)

    written = spec(found, tmp_path)
    why = written["components"]["schemas"]["tag"]["properties"]["why"]
    assert (why["nullable"], written["components"]["examples"]["tag"]["value"]["why"]) == (
        True,
        None,
    )


def test_a_column_that_says_required_is_not_overruled_by_a_null(tmp_path: Path) -> None:
    rows = ANSWER.replace("| 类型 | 说明 |\n|---", "| 类型 | 必填 | 说明 |\n|---|---")
    rows = rows.replace("| int |", "| int | 是 |").replace("| string |", "| string | 是 |")
    found = reading(tmp_path, CALL, rows, SAMPLE)

    why = spec(found, tmp_path)["components"]["schemas"]["tag"]["properties"]["why"]
    assert "nullable" not in why


def test_a_json_schema_is_no_sample_and_told(tmp_path: Path) -> None:
    schema = '{"type": "object", "properties": {"code": {"type": "integer"}}}'
    found = reading(tmp_path, CALL, f"\n## 响应示例\n\n```json\n{schema}\n```\n")

    (sample,) = found.samples
    assert sample.trouble is not None
    assert (sample.value, "JSON Schema" in sample.trouble.text) == (None, True)


def test_one_fence_may_show_a_success_and_a_failure(tmp_path: Path) -> None:
    both = '// 成功\n{"code": 0, "why": "x"}\n\n// 失败\n{\n  "code": 9, "why": "y"\n}\n'
    found = reading(tmp_path, CALL, ANSWER, f"\n## 响应示例\n\n```\n{both}```\n")

    shown = [(each.title, each.line, each.value) for each in found.samples]
    assert shown == [
        ("响应示例 成功", 17, {"code": 0, "why": "x"}),
        ("响应示例 失败", 20, {"code": 9, "why": "y"}),
    ]


def test_two_values_of_which_one_is_no_json_stay_one_sample_with_its_trouble(
    tmp_path: Path,
) -> None:
    both = '{"code": 0}\n{"code": nine}\n'
    found = reading(tmp_path, CALL, f"\n## 响应示例\n\n```\n{both}```\n")

    assert [each.trouble is not None for each in found.samples] == [True]


@pytest.mark.parametrize("line", ["必填字段：name、color", "required fields: name"])
def test_a_requirement_in_prose_is_told(line: str, tmp_path: Path) -> None:
    rows = "| 参数 | 类型 | 必填 | 说明 |\n|---|---|---|---|\n| name | string | 否 | 名 |\n"
    found = reading(tmp_path, CALL, f"\n## 请求参数\n\n{line}\n\n{rows}")

    assert told(found) == [
        ("unread-entry", line.split("：", maxsplit=1)[0].split(":", maxsplit=1)[0], 8)
    ]


def test_a_key_that_only_prose_above_all_interfaces_asks_for_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    one = CALL.replace("# 标签", "## 标签")
    above = "# 平台\n\n## 认证方式\n\n请求头携带 `Authorization: Bearer {token}`。\n\n"
    path.write_text(f"{above}{one}{ANSWER}{one.replace('/tag', '/tags')}{ANSWER}", encoding="utf-8")

    first, second = read(path)

    assert (told(first), told(second)) == ([("unread-entry", "Authorization", 5)], [])


def test_a_model_that_no_row_names_is_told(tmp_path: Path) -> None:
    models = "\n# 数据模型\n\n## Orphan\n\n### 属性\n\n| 名称 | 类型 |\n|---|---|\n| a | string |\n"
    found = reading(tmp_path, CALL, ANSWER, models)

    assert told(found) == [("unreadable-section", "Orphan", 15)]


def test_a_call_ends_a_list_of_environments(tmp_path: Path) -> None:
    listed = (
        "# 标签\n\n域名列表：\n- 测试：https://t.example.com\n\n请求类型：POST\n\n请求地址：/tag\n"
    )
    found = reading(tmp_path, listed)

    stated = [each.name for each in found.environments]
    assert (found.method.text, found.address.text, stated) == ("POST", "/tag", ["测试"])


def test_the_path_of_swagger_itself_is_no_interface(tmp_path: Path) -> None:
    above = "# 系统\n\n**接口路径**:/v2/api-docs?group=a\n\n"
    found = reading(tmp_path, above, CALL.replace("# 标签", "## 标签"))

    assert (found.address.text, found.title.text) == ("/tag", "标签")


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("String(=32)", (32, 32)),
        ("S(..32)", (None, 32)),
        ("String(1-32)", (1, 32)),
        ("N(5,4)", (None, (5, 4))),
    ],
)
def test_a_length_inside_a_type_may_be_a_bound(type_: str, expected: object) -> None:
    assert lengths(length_in_type(type_)) == expected


@pytest.mark.parametrize("mark", ["====", "----"])
def test_a_line_below_a_title_makes_it_a_heading(mark: str, tmp_path: Path) -> None:
    found = reading(tmp_path, CALL.replace("# 标签\n", f"标签\n{mark}\n"))

    assert (found.title.text, found.title.line) == ("标签", 1)


def test_a_rule_below_a_line_of_a_list_makes_no_heading(tmp_path: Path) -> None:
    found = reading(tmp_path, CALL, "---\n", ANSWER)

    assert (found.method.text, len(found.answer)) == ("POST", 2)


def test_rows_marked_below_a_text_stand_in_its_json(tmp_path: Path) -> None:
    rows = ANSWER.replace("| why | string |", "| why | string | JSON |\n| └ who | string |")
    text = SAMPLE.replace("null", '"{\\"who\\": \\"a\\"}"')
    found = reading(tmp_path, CALL, rows, text)

    assert ([each.path for each in found.answer][-1], told(found)) == (("why", "who"), [])


@pytest.mark.parametrize(
    "stated",
    [
        "# 标签\n\n> http-post ```/tag```\n",
        "# 标签\n\npost https://t.example.com/tag\n",
        "# 标签\n\n### 请求地址：```/tag```\n\n### 请求方式：POST\n",
        "# 标签\n\n统一入口：`POST /tag`\n",
        "# 标签\n\n## 请求地址\n\nPOST /tag （application/json）\n",
        "# 标签\n\n## 请求URL\n\n`POST` `http://{host}/tag`\n",
    ],
)
def test_a_call_is_read_as_people_write_it(stated: str, tmp_path: Path) -> None:
    found = reading(tmp_path, stated, ANSWER)

    assert (found.method.text, found.address.text, len(found.answer)) == ("POST", "/tag", 2)
    assert told(found) == []


def test_headers_may_stand_in_a_list_below_a_heading_in_both_languages(tmp_path: Path) -> None:
    found = reading(tmp_path, CALL, "\n**请求头Headers：**\n\n* Authorization：令牌\n")

    assert [(row.name, row.location) for row in found.parameters] == [("Authorization", "header")]
