"""What samples show around the rows: which succeed, which member says so, where the rows stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contract.documents.contradictions import contradictions
from contract.documents.interface_document import InterfaceDocument
from tests.one_interface import read

ROWS = ("level", "points")
DOCUMENT = """## 查询会员

#### 接口说明

* 请求类型 : POST
* 请求地址 : /member

#### 请求参数

无

#### 应答报文

{answer}

{samples}
"""
HEAD = "| 参数 | 是否必填 | 类型 | 参数描述 |\n| --- | --- | --- | --- |\n"
PAYLOAD = {"level": 3, "points": 1250}


def document(
    folder: Path, *samples: tuple[str, object], rows: tuple[str, ...] = ROWS, name: str = "a"
) -> InterfaceDocument:
    """Write a document with these titled samples of answers, and read it."""
    table = HEAD + "\n".join(f"| {row} | 是 | int | |" for row in rows)
    shown = "\n\n".join(
        f"#### {title}\n\n```\n{json.dumps(value, ensure_ascii=False)}\n```"
        for title, value in samples
    )
    path = folder / f"{name}.md"
    text = DOCUMENT.format(answer=table if rows else "无", samples=shown)
    path.write_text(text, encoding="utf-8")
    return read(path)


def doubts(found: InterfaceDocument) -> list[str]:
    return [each.evidence for each in contradictions(found) if each.claim == "unparted-samples"]


@pytest.mark.parametrize(
    ("good", "bad", "code", "root"),
    [
        (
            {"errcode": 0, "errmsg": "ok", "result": PAYLOAD},
            {"errcode": 40013, "errmsg": "invalid appid"},
            ("errcode",),
            ("result",),
        ),
        (
            {"flag": "Y", "trace": "t-1", "body": PAYLOAD},
            {"flag": "N", "trace": "t-2", "body": None},
            ("flag",),
            ("body",),
        ),
        (
            {"ret": {"code": 0, "text": "好"}, "data": {"list": [PAYLOAD], "total": 1}},
            {"ret": {"code": 7, "text": "余额不足"}, "data": None},
            ("ret", "code"),
            ("data", "list"),
        ),
        (
            {"success": True, "message": "", "level": 3, "points": 1},
            {"success": False, "message": "未登录"},
            ("success",),
            (),
        ),
        (
            {"zeichen": "A", "text": "gut", "inhalt": PAYLOAD},
            {"zeichen": "B", "text": "nicht gut", "inhalt": {}},
            ("zeichen",),
            ("inhalt",),
        ),
    ],
    ids=["errcode", "a flag", "nested", "rows at the top", "a name that nobody knows"],
)
def test_the_member_that_parts_successes_from_failures_carries_the_business_code(
    good: object, bad: object, code: tuple[str, ...], root: tuple[str, ...], tmp_path: Path
) -> None:
    found = document(tmp_path, ("成功样例", good), ("失败样例", bad))

    envelope = found.envelope
    assert (envelope.code, envelope.root, [each.title for each in found.failed]) == (
        code,
        root,
        ["失败样例"],
    )
    assert doubts(found) == []


@pytest.mark.parametrize("code", ["000", "0", 0, 1, 200, "200", 10000, "SUCCESS", "OK", "ok", True])
def test_one_sample_with_a_usual_success_code_is_a_success(code: object, tmp_path: Path) -> None:
    found = document(tmp_path, ("应答样例", {"retCode": code, "retMsg": "好", "data": PAYLOAD}))

    assert (found.envelope.code, found.envelope.success) == (("retCode",), (code,))
    assert [type(each) for each in found.envelope.success] == [type(code)]
    assert (found.failed, doubts(found)) == ((), [])


def test_one_sample_with_a_code_of_its_own_is_a_success_and_told(tmp_path: Path) -> None:
    found = document(tmp_path, ("应答样例", {"code": "E77", "msg": "好", "data": PAYLOAD}))

    assert found.envelope.success == ("E77",)
    assert doubts(found) == ["only “E77” is shown of “code”; it is read as the value of a success"]


def test_a_code_of_its_own_is_none_where_the_title_says_success(tmp_path: Path) -> None:
    found = document(tmp_path, ("成功样例", {"code": "E77", "msg": "好", "data": PAYLOAD}))

    assert (found.envelope.success, doubts(found)) == (("E77",), [])


def test_a_code_of_its_own_is_none_where_another_document_shows_it(tmp_path: Path) -> None:
    other = (("成功", {"code": "E77", "data": PAYLOAD}), ("失败", {"code": "E1", "data": None}))
    document(tmp_path, *other, name="b")

    found = document(tmp_path, ("应答样例", {"code": "E77", "msg": "好", "data": PAYLOAD}))

    assert (found.envelope.success, doubts(found)) == (("E77",), [])


@pytest.mark.parametrize(
    "failure",
    [
        {"code": "500", "msg": "系统异常", "data": None},
        {"code": 1001, "msg": "余额不足", "data": None},
        {"code": 1001, "msg": "余额不足"},
        {"code": 200, "msg": "x", "data": PAYLOAD},
    ],
    ids=["500", "a code of its own", "without rows", "by its title"],
)
def test_a_failure_is_told_by_its_code_its_rows_or_its_title(
    failure: dict[str, object], tmp_path: Path
) -> None:
    title = "错误样例" if failure["code"] == 200 else "应答样例"
    found = document(
        tmp_path, ("应答样例", {"code": 0, "msg": "成功", "data": PAYLOAD}), (title, failure)
    )

    assert [each.value for each in found.failed] == [failure]


def test_a_success_whose_rows_are_named_otherwise_stays_one(tmp_path: Path) -> None:
    sample = {"code": "000", "msg": "成功", "data": {"grade": 3}}
    found = document(tmp_path, ("应答样例", sample))

    assert (found.failed, found.envelope.root) == ((), ("data",))
    assert {each.claim for each in contradictions(found)} == {
        "row-missing-in-sample",
        "undescribed-member",
    }


def test_a_row_that_is_a_state_is_no_business_code(tmp_path: Path) -> None:
    found = document(tmp_path, ("应答样例", {"id": 1, "status": 1}), rows=("id", "status"))

    assert found.envelope.code == ()


def test_a_count_beside_the_rows_is_no_business_code(tmp_path: Path) -> None:
    sample = {"total": 1, "rows": [PAYLOAD], "code": 200, "msg": "查询成功"}
    found = document(tmp_path, ("应答样例", sample))

    assert (found.envelope.code, found.envelope.root) == (("code",), ("rows",))


def test_a_document_without_samples_is_read_as_its_neighbours_and_told(tmp_path: Path) -> None:
    for name in ("b", "c"):
        sample = {"state": "OK", "result": PAYLOAD}
        document(tmp_path, ("应答样例", sample), name=name)

    found = document(tmp_path)

    envelope = found.envelope
    assert (envelope.code, envelope.success, envelope.root) == (("state",), ("OK",), ("result",))
    assert len(doubts(found)) == 1


def test_a_document_without_samples_and_neighbours_is_read_as_the_whole_answer(
    tmp_path: Path,
) -> None:
    found = document(tmp_path)

    assert (found.envelope.code, found.envelope.root) == ((), ())
    assert len(doubts(found)) == 1


def test_rows_that_describe_the_envelope_leave_no_doubt_without_samples(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    table = f"{HEAD}| ret_no | 是 | String | 返回码 |\n| box | 是 | JSONObject | 数据 |"
    path.write_text(DOCUMENT.format(answer=table, samples=""), encoding="utf-8")

    found = read(path)

    assert (found.envelope.code, doubts(found)) == (("ret_no",), [])


NEUTRAL = """## 查询会员

#### 接口说明

* 请求类型 : POST
* 请求地址 : /member

#### 请求参数

{asked}

#### 示例

```
{shown}
```

#### 应答报文

{answered}

#### 示例

```
{{"code": 0, "data": {{"level": 3}}}}
```
"""


@pytest.mark.parametrize(
    ("shown", "is_request"),
    [('{"plate": "A"}', True), ('{"code": 1, "data": {"level": 3}}', False)],
)
def test_a_sample_is_held_to_the_side_below_which_it_stands_or_whose_rows_it_shows(
    shown: str, *, is_request: bool, tmp_path: Path
) -> None:
    asked, answered = f"{HEAD}| plate | 是 | String | |", f"{HEAD}| level | 是 | int | |"
    path = tmp_path / "a.md"
    text = NEUTRAL.format(asked=asked, shown=shown, answered=answered)
    path.write_text(text, encoding="utf-8")

    assert [each.is_request for each in read(path).samples] == [is_request, False]
