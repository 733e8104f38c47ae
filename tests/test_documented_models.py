"""Models that a document describes apart, answers of other statuses, and lists at the root."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.derivation import derive
from contract.documents import InterfaceDocument
from tests.one_interface import read

MODELS = "\n# 数据模型\n\n"
TOP = "## 查宠物\n\nPOST /it\n\n### 请求参数\n\n无\n\n### 返回数据结构\n\n"
HEADER = "|名称|类型|必选|约束|中文名|说明|\n|---|---|---|---|---|---|\n"


def row(name: str, kind: str, need: str = "true", said: str = "none") -> str:
    return f"|{name}|{kind}|{need}|none||{said}|\n"


def model(name: str, *rows: str) -> str:
    return f'<h2 id="tocS_{name}">{name}</h2>\n\n### 属性\n\n{HEADER}{"".join(rows)}\n'


def document(tmp_path: Path, text: str) -> InterfaceDocument:
    path = tmp_path / "document.md"
    path.write_text(text, encoding="utf-8")
    return read(path)


def answered(found: InterfaceDocument) -> list[str]:
    return [".".join(each.path) for each in found.answer]


def operation(found: InterfaceDocument, tmp_path: Path) -> dict[str, object]:
    paths = derive([found], tmp_path)["paths"]
    return dict(paths["/it"]["post"])  # type: ignore[index]


def test_a_model_inside_itself_is_read_once(tmp_path: Path) -> None:
    tree = model("Tree", row("name", "string"), row("children", "[[Tree](#schematree)]", "false"))

    found = document(
        tmp_path, f"{TOP}{HEADER}{row('» tree', '[Tree](#schematree)')}\n# 数据模型\n\n{tree}"
    )

    assert answered(found) == ["tree", "tree.name", "tree.children"]
    assert (found.findings, found.rows_read, found.table_rows) == ((), 3, 3)


def test_models_that_multiply_are_told_and_not_read_for_ever(tmp_path: Path) -> None:
    models = "".join(
        model(f"M{n}", *(row(f"a{m}", f"[M{n + 1}](#schemam{n + 1})") for m in range(20)))
        for n in range(12)
    )

    found = document(
        tmp_path, f"{TOP}{HEADER}{row('» a', '[M0](#schemam0)')}\n# 数据模型\n\n{models}"
    )

    assert [each.claim for each in found.findings if each.subject == "a"] == ["unreadable-row"]
    assert len(found.answer) < 6_000


def test_a_model_that_nothing_names_is_told_and_changes_nothing(tmp_path: Path) -> None:
    models = model("Used", row("a", "string")) + model("Unused", row("b", "string"))

    found = document(
        tmp_path, f"{TOP}{HEADER}{row('» u', '[Used](#schemaused)')}\n# 数据模型\n\n{models}"
    )

    told = [(each.claim, each.subject) for each in found.findings]
    assert (answered(found), told) == (["u", "u.a"], [("unreadable-section", "Unused")])


@pytest.mark.parametrize(
    ("listed", "status", "rows"),
    [
        ("|200|OK|成功|[Pet](#schemapet)|", "200", ["name"]),
        ("|201|Created|成功|[Pet](#schemapet)|", "201", ["name"]),
        ("|204|No Content|成功|Inline|", "204", []),
    ],
)
def test_the_model_of_a_status_is_the_answer_where_no_table_describes_it(
    tmp_path: Path, listed: str, status: str, rows: list[str]
) -> None:
    table = f"|状态码|状态码含义|说明|数据模型|\n|---|---|---|---|\n{listed}\n"
    text = TOP.replace("### 返回数据结构", "### 返回结果")

    found = document(
        tmp_path, f"{text}{table}\n# 数据模型\n\n{model('Pet', row('name', 'string'))}"
    )

    assert (found.status, answered(found)) == (status, rows)
    assert [each.subject for each in found.findings] == ([] if rows else ["Pet"])
    assert list(operation(found, tmp_path)["responses"]) == [status]  # type: ignore[call-overload]


def test_rows_of_another_status_describe_its_answer_and_no_row_of_the_success(
    tmp_path: Path,
) -> None:
    sample = '> 404 Response\n\n```json\n{"reason": "没有"}\n```\n\n'
    tables = (
        f"状态码 **200**\n\n{HEADER}{row('» name', 'string')}\n"
        f"状态码 **404**\n\n{HEADER}{row('» reason', 'string')}\n"
    )
    top = TOP.replace("### 返回数据结构", f"{sample}### 返回数据结构")

    found = document(tmp_path, f"{top}{tables}")

    assert (answered(found), [each.status.text for each in found.others]) == (["name"], ["404"])
    responses = operation(found, tmp_path)["responses"]
    assert isinstance(responses, dict)
    assert list(responses) == ["200", "404"]
    assert "examples" in responses["404"]["content"]["application/json"]
    assert "anyOf" not in responses["200"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize(
    "line", ["状态码 200 表示成功", "状态码 200：成功\n\n状态码 404：没有", "状态：200"]
)
def test_prose_about_statuses_gives_no_table_to_one(tmp_path: Path, line: str) -> None:
    found = document(tmp_path, f"{TOP}{line}\n\n{HEADER}{row('» name', 'string')}")

    assert (answered(found), found.others) == (["name"], ())


def test_a_table_below_a_heading_for_models_that_no_row_names_is_told(tmp_path: Path) -> None:
    codes = "# 数据字典\n\n## 订单状态\n\n|值|说明|\n|---|---|\n|1|新建|\n"

    found = document(tmp_path, f"{TOP}{HEADER}{row('» name', 'string')}\n{codes}")

    assert [each.subject for each in found.findings] == ["订单状态"]


def test_listed_values_are_said_of_their_row(tmp_path: Path) -> None:
    values = "#### 枚举值\n\n|属性|值|\n|---|---|\n|state|on|\n|state|off|\n|gone|1|\n"

    found = document(tmp_path, f"{TOP}{HEADER}{row('» state', 'string', said='状态')}\n{values}")

    assert found.answer[0].description == "状态；取值范围：on、off"
    assert [(each.claim, each.subject) for each in found.findings] == [("unreadable-row", "gone")]


@pytest.mark.parametrize(
    ("rows", "items"),
    [
        (row("*anonymous*", "[integer]"), {"type": "integer"}),
        (row("*anonymous*", "[object]") + row("» id", "string"), {"id"}),
        (row("*anonymous*", "[[Pet](#schemapet)]"), {"name"}),
    ],
)
def test_an_answer_may_be_a_list(tmp_path: Path, rows: str, items: object) -> None:
    pet = model("Pet", row("name", "string"))

    found = document(tmp_path, f"{TOP}{HEADER}{rows}{MODELS}{pet}")

    (schema,) = (
        each
        for name, each in derive([found], tmp_path)["components"]["schemas"].items()  # type: ignore[index]
        if name == "it"
    )
    assert schema["type"] == "array"
    stated = schema["items"]
    assert (set(stated["properties"]) if "properties" in stated else stated) == items


def test_members_of_any_name_are_told(tmp_path: Path) -> None:
    rows = row("» map", "object") + row("»» **additionalProperties**", "string")

    found = document(tmp_path, f"{TOP}{HEADER}{rows}")

    assert answered(found) == ["map"]
    assert [each.subject for each in found.findings] == ["**additionalProperties**"]


def test_objects_in_a_query_are_json_or_are_sent_member_by_member(tmp_path: Path) -> None:
    table = (
        "|名称|位置|类型|必选|说明|\n|---|---|---|---|---|\n"
        "|page|query|object|否|分页|\n|» size|query|integer|否|每页|\n"
        "|filters|query|[object]|否|条件|\n|» field|query|string|是|字段|\n"
    )

    found = document(tmp_path, TOP.replace("无", table))

    parameters = operation(found, tmp_path)["parameters"]
    assert isinstance(parameters, list)
    assert [(each["name"], "content" in each) for each in parameters] == [
        ("size", False),
        ("filters", True),
    ]


def test_the_path_of_a_request_line_may_be_the_root(tmp_path: Path) -> None:
    assert document(tmp_path, TOP.replace("/it", "/")).address.text == "/"


def test_stars_behind_names_say_what_is_required(tmp_path: Path) -> None:
    table = "|名称|类型|说明|\n|---|---|---|\n|id*|integer|编号|\n|note|string|备注|\n"

    found = document(tmp_path, TOP.replace("无", table))

    assert [(each.name, each.is_required) for each in found.parameters] == [
        ("id", True),
        ("note", False),
    ]
    assert "missing-column" not in {each.claim for each in found.findings}
