"""Documents → a spec as plain values, part by part."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import Mock

import pytest

from contract.derivation import derive
from contract.documents import InterfaceDocument
from contract.findings import Unusable
from tests.one_interface import read

Json: TypeAlias = Any
"""A tree of JSON, in which a test looks up what it asks for."""

HEAD = "| 参数 | 是否必填 | 类型 | 最大长度 | 参数描述 | 示例值 |\n|---|---|---|---|---|---|\n"
ANSWER = "| no | 是 | String | 8 | 编号 | |"
DOCUMENT = """## {title}

#### 域名列表

| 环境 | 请求地址 |
|---|---|
{environments}

#### 接口说明

* 请求类型 : {method}
* 请求地址 : {address}
{remarks}

#### 请求参数

{parameters}

#### 应答报文

{answer}

{samples}
"""
FAILED = '#### 异常样例\n\n```\n{"code": "%s", "msg": "x", "data": null}\n```'
GET = (
    "GET https://test.example.com/a/1001/b/k1/doIt?size=10&kind=toolong&word=w&page=3",
    "GET https://test.example.com/a/1002/b/k2/doIt?size=11&late=1",
)


def document(
    folder: Path, method: str = "POST", address: str = "/a/doIt", **parts: Json
) -> InterfaceDocument:
    """Write a document and read it; `asked` and `answered` are samples, `failed` a section."""
    given: dict[str, Json] = {"title": "接口", "remarks": "", "rows": "", "failed": ""}
    given |= {"environments": "| 测试 | test.example.com |", "asked": (), "answered": ()} | parts
    asked, answered = given["asked"], given["answered"]
    samples = [
        *(f"#### 请求样例\n\n```\n{each}\n```" for each in asked[:1]),
        *(f"```\n{each}\n```" for each in asked[1:]),
        *("#### 应答样例" for _ in answered[:1]),
        *(f'```\n{{"code": "000", "msg": "", "data": {each}}}\n```' for each in answered),
        given["failed"],
    ]
    texts = {
        "method": method,
        "address": address,
        "parameters": f"{HEAD}{given['rows']}" if given["rows"] else "无",
        "answer": f"{HEAD}{ANSWER}",
        "samples": "\n\n".join(samples),
    }
    path = folder / f"{len(list(folder.iterdir()))}.md"
    path.write_text(DOCUMENT.format_map(given | texts), encoding="utf-8")
    return read(path)


def derived(*documents: InterfaceDocument, **known: str) -> Json:
    """Derive a spec; `known` names operations by their paths, all of them POST."""
    named = {("POST", f"/{path}"): name for path, name in known.items()}
    return derive(documents, documents[0].path.parent if documents else Path(), named or None)


def operation(spec: Json) -> Json:
    """Give the one operation of a spec."""
    ((method,),) = (methods.values() for methods in spec["paths"].values())
    return method


DIGITS = "^-?[0-9]+$"
ROWS = """| id | 是 | Long | | 编号 | 7 |
| size | 否 | int | 2 | 每页 | |
| page | 是 | int | | | x |
| kind | 否 | String | 1 | | long |
| word | 否 | String | | | |
| late | 否 | int | | | |
| none | 否 | String | | | |"""


INT64 = {"type": "integer", "format": "int64"}


def test_the_parameters_of_a_get_are_described_by_their_rows_and_shown_by_samples(
    tmp_path: Path,
) -> None:
    spec = derived(document(tmp_path, "GET", "/a/{id}/b/{key}/doIt", rows=ROWS, asked=GET))

    def query(name: str, schema: dict[str, object], **more: object) -> dict[str, object]:
        return {"name": name, "in": "query", "schema": schema, **more}

    def shown(value: object) -> dict[str, object]:
        return {"documented": {"value": value}}

    integer: dict[str, object] = {"type": "integer"}
    text: dict[str, object] = {"type": "string"}
    assert operation(spec)["parameters"] == [
        {
            "name": "id",
            "in": "path",
            "required": True,
            "description": "编号",
            "schema": {**text, "pattern": DIGITS},
            "example": "7",
        },
        {"name": "key", "in": "path", "required": True, "schema": text, "examples": shown("k1")},
        query(
            "size",
            {**integer, "minimum": -99, "maximum": 99},
            description="每页",
            examples=shown(10),
        ),
        query("page", integer, required=True, examples=shown(3)),
        query("kind", {**text, "maxLength": 1}),
        query("word", text, examples=shown("w")),
        query("late", integer, examples=shown(1)),
        query("none", text),
    ]
    assert "requestBody" not in operation(spec)


def test_an_operation_says_where_its_document_stands(tmp_path: Path) -> None:
    spec = derive([document(tmp_path, title="接口 甲")], tmp_path.parent / "other")

    assert {**operation(spec), "responses": {}} == {
        "operationId": "doIt",
        "summary": "接口 甲",
        "externalDocs": {"url": f"../{tmp_path.name}/0.md"},
        "responses": {},
    }


@pytest.mark.parametrize(
    ("remarks", "media_type"),
    [
        ("", "application/json"),
        ("* 鉴权 : 无", "application/json"),
        ("* 编码 : Application/X-WWW-Form-Urlencoded", "application/x-www-form-urlencoded"),
        (
            "* 鉴权 : 无\n* 编码 : application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded",
        ),
    ],
)
def test_a_post_sends_json_unless_a_remark_says_that_it_is_a_form(
    remarks: str, media_type: str, tmp_path: Path
) -> None:
    spec = derived(document(tmp_path, rows="| id | 是 | String | | | |", remarks=remarks))

    assert list(operation(spec)["requestBody"]["content"]) == [media_type]


@pytest.mark.parametrize(
    ("rows", "required"),
    [
        ("| id | 是 | int | | | |\n| no | 否 | int | | | |", True),
        ("| id | 否 | int | | | |\n| no | 否 | int | | | |", False),
    ],
)
def test_a_body_is_required_where_any_of_its_members_is(
    rows: str, *, required: bool, tmp_path: Path
) -> None:
    assert operation(derived(document(tmp_path, rows=rows)))["requestBody"]["required"] is required


def test_a_body_has_the_members_that_the_path_has_not_and_the_samples_of_requests(
    tmp_path: Path,
) -> None:
    rows = "| id | 是 | String | | | |\n| no | 是 | int | | | |"
    asked = ('{"no": 1}', '{"no": "x"}', '{"no": 3}')
    spec = derived(document(tmp_path, address="/{id}/do", rows=rows, asked=asked, answered=("{}",)))

    content = operation(spec)["requestBody"]["content"]["application/json"]
    name = content["schema"]["$ref"].rpartition("/")[2]
    examples = {label: each["$ref"] for label, each in content["examples"].items()}
    assert (list(spec["components"]["schemas"][name]["properties"]), examples) == (
        ["no"],
        {
            "documented": "#/components/examples/do-request",
            "documented-2": "#/components/examples/do-request-2",
        },
    )


def media(spec: Json) -> Json:
    return operation(spec)["responses"]["200"]["content"]["application/json"]


GOOD = ('{"no": "1"}', '{"no": "123456789"}', '{"no": "2"}', '{"no": "3"}')


def test_samples_that_keep_the_schema_are_examples_those_of_failures_by_another_name(
    tmp_path: Path,
) -> None:
    spec = derived(document(tmp_path, answered=GOOD, failed=FAILED % "500"))

    reference = "#/components/{}/{}".format
    assert media(spec) == {
        "schema": {"anyOf": [{"$ref": reference("schemas", name)} for name in ("doIt", "failure")]},
        "examples": {
            "documented": {"$ref": reference("examples", "doIt")},
            "documented-2": {"$ref": reference("examples", "doIt-2")},
            "documented-3": {"$ref": reference("examples", "doIt-3")},
            "error": {"$ref": reference("examples", "doIt-error")},
        },
    }
    values = [each["value"]["data"] for each in spec["components"]["examples"].values()]
    assert values == [{"no": "1"}, {"no": "2"}, {"no": "3"}, None]


def test_an_answer_without_samples_has_one_schema_and_no_examples(tmp_path: Path) -> None:
    assert media(derived(document(tmp_path))) == {"schema": {"$ref": "#/components/schemas/doIt"}}


def test_a_failure_that_breaks_its_schema_is_no_example(tmp_path: Path) -> None:
    spec = derived(document(tmp_path, answered=('{"no": 1}',), failed=FAILED % "500"))

    assert list(media(spec)["examples"]) == ["error"]


def test_equal_schemas_of_failures_stand_once_and_others_get_numbers(tmp_path: Path) -> None:
    codes = ("000", "000", "0000", "00", "0000")
    documents = []
    for number, code in enumerate(codes):
        good = f'```\n{{"code": "{code}", "msg": "", "data": {{"no": "1"}}}}\n```'
        failed = f"#### 应答样例\n\n{good}\n\n{FAILED % 500}"
        documents.append(document(tmp_path, address=f"/{number}x", failed=failed))

    spec = derived(*documents)

    contents = [
        methods["post"]["responses"]["200"]["content"]["application/json"]
        for methods in spec["paths"].values()
    ]
    failures = [each["schema"]["anyOf"][1]["$ref"].rpartition("/")[2] for each in contents]
    assert failures == ["failure", "failure", "failure-2", "failure-3", "failure-2"]


SERVER = {
    "url": "{scheme}://test.example.com",
    "description": "测试",
    "x-environment": "test",
    "variables": {
        "scheme": {
            "default": "https",
            "enum": ["https", "http"],
            "description": "The document gives no scheme.",
        }
    },
}
HTTPS = {"url": "https://a.example", "description": "生产环境", "x-environment": "production"}
UNNAMED = {"url": "https://a.example", "description": "张三"}


@pytest.mark.parametrize(
    ("environments", "servers"),
    [
        ("| 测试 | test.example.com |", [SERVER]),
        ("| 测试 | test.example.com/ |\n| 测试环境 | other.example |", [SERVER]),
        ("| 生产环境 | https://a.example/ |\n| 测试 | test.example.com |", [HTTPS, SERVER]),
        ("| 线上环境 | https://a.example |", [{**HTTPS, "description": "线上环境"}]),
        ("| 张三 | https://a.example |", [UNNAMED]),
    ],
)
def test_environments_are_servers_the_first_of_each_name_and_a_known_name_is_a_target(
    environments: str, servers: list[object], tmp_path: Path
) -> None:
    assert derived(document(tmp_path, environments=environments))["servers"] == servers


def test_a_spec_has_the_servers_of_the_first_document_and_an_operation_its_own_if_they_differ(
    tmp_path: Path,
) -> None:
    other = "| 生产环境 | https://a.example |"
    spec = derived(
        document(tmp_path, address="/a"),
        document(tmp_path, address="/b"),
        document(tmp_path, address="/c", environments=other),
    )

    own = [methods["post"].get("servers") for methods in spec["paths"].values()]
    assert (spec["servers"], own) == ([SERVER], [None, None, [HTTPS]])


def test_a_spec_of_one_document_bears_its_title_and_one_of_several_a_general_one(
    tmp_path: Path,
) -> None:
    one, two = (document(tmp_path, title=title, address=f"/{title}") for title in ("甲", "乙"))

    specs = [derived(one), derived(one, two), derived()]

    assert [spec["info"]["title"] for spec in specs] == ["甲", "接口", "接口"]
    assert (specs[2]["servers"], specs[2]["paths"]) == ([], {})


def test_of_two_documents_of_one_method_and_path_the_first_counts(tmp_path: Path) -> None:
    documents = [document(tmp_path, method, title=method + "甲") for method in ("POST", "GET")]

    spec = derived(*documents, document(tmp_path, title="second"))

    found = [(method, each["summary"]) for method, each in spec["paths"]["/a/doIt"].items()]
    assert found == [("post", "POST甲"), ("get", "GET甲")]


@pytest.mark.parametrize(
    ("addresses", "known", "names"),
    [
        (["/a/do-it_now"], {}, ["doItNow"]),
        (["/{id}"], {}, ["root"]),
        (["/a/保存"], {}, ["a"]),
        (["/a/{id}"], {}, ["a"]),
        (["/a/b/save"], {"x": "save"}, ["bSave"]),
        (["/a/b/save"], {"x": "save", "y": "bSave"}, ["aBSave"]),
        (["/a/save"], {"x": "save", "y": "aSave"}, ["postSave"]),
        (["/a/save"], {"x": "save", "y": "aSave", "z": "postSave"}, ["postASave"]),
        (["/save"], {"x": "save", "y": "postSave"}, ["postSave2"]),
        (["/save"], {"x": "save", "y": "postSave", "z": "postSave2"}, ["postSave3"]),
        (["/save"], {"save": "kept", "y": "save"}, ["kept"]),
        (["/a/save", "/b/save", "/save"], {}, ["save", "bSave", "postSave"]),
    ],
)
def test_an_operation_keeps_its_name_or_gets_the_shortest_that_is_free(
    addresses: list[str], known: dict[str, str], names: list[str], tmp_path: Path
) -> None:
    spec = derived(*(document(tmp_path, address=each) for each in addresses), **known)

    found = [methods["post"]["operationId"] for methods in spec["paths"].values()]
    assert found == names


@pytest.mark.parametrize(
    ("remarks", "schema"),
    [
        ("", {"anyOf": [INT64, {"type": "string", "pattern": DIGITS}]}),
        ("* 编码 : application/x-www-form-urlencoded", {"type": "string", "pattern": DIGITS}),
    ],
    ids=["in JSON", "in a form"],
)
def test_a_number_that_may_be_a_text_is_one_in_a_form(
    remarks: str, schema: dict[str, object], tmp_path: Path
) -> None:
    spec = derived(document(tmp_path, rows="| id | 是 | Long | | | |", remarks=remarks))

    assert spec["components"]["schemas"]["doIt-request"]["properties"] == {"id": schema}


def test_a_request_is_no_example_of_an_answer_nor_an_answer_one_of_a_request(
    tmp_path: Path,
) -> None:
    like_an_answer = '{"code": "000", "msg": "", "data": {"no": "1"}}'
    rows = "| no | 否 | String | | | |"
    spec = derived(
        document(tmp_path, rows=rows, asked=(like_an_answer,)),
        document(tmp_path, address="/b", rows=rows, answered=('{"no": "1"}',)),
    )

    contents = [
        (each["requestBody"]["content"], each["responses"]["200"]["content"])
        for each in (methods["post"] for methods in spec["paths"].values())
    ]
    shown = [["examples" in each["application/json"] for each in both] for both in contents]
    assert shown == [[True, False], [False, True]]


def test_a_good_answer_alone_describes_no_failure(tmp_path: Path) -> None:
    assert list(media(derived(document(tmp_path, answered=GOOD)))["schema"]) == ["$ref"]


def test_a_document_on_another_drive_than_its_spec_has_no_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_there = document(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.path.relpath", Mock(side_effect=ValueError))

    with pytest.raises(Unusable, match=r"^0\.md: is on another drive than ") as refusal:
        derived(read_there)
    assert refusal.value.place.line == 0
