"""Documents added to a spec that is there: what becomes of each, and that it is said truthfully."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract import documents
from contract.additions import derive_into
from contract.files import write_whole
from contract.findings import Finding
from contract.review import of_documents, review
from contract.spec.loading import load

DOCUMENT = """## {title}

#### 域名列表

| 环境 | 请求地址 |
| --- | --- |
| 测试 | t.example.com |

#### 接口说明

* 请求类型 : {method}
* 请求地址 : {address}
{entry}

#### 请求参数

| 参数 | 是否必填 | 类型 | 参数描述 |
| --- | --- | --- | --- |
| {row} | 是 | String | 值 |

#### 应答报文

| 参数 | 是否必填 | 类型 | 参数描述 |
| --- | --- | --- | --- |
| ok | 是 | Boolean | 结果 |

#### 应答样例

```
{{"code": "000", "msg": "成功", "data": {{"ok": true}}}}
```
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    return tmp_path / "openapi.yaml"


def write(spec: Path, name: str, *interfaces: dict[str, str]) -> Path:
    """Write a document of these interfaces beside the spec."""
    default = {"title": name, "method": "POST", "address": "/gate", "entry": "", "row": "plate"}
    path = spec.parent / "documents" / f"{name}.md"
    texts = [DOCUMENT.format_map(default | each) for each in interfaces or ({},)]
    path.write_text("\n---\n\n".join(texts), encoding="utf-8")
    return path


def add(spec: Path, *paths: Path) -> tuple[Finding, ...]:
    read = [each for path in paths for each in documents.read(path)]
    return derive_into(spec, read, write_whole)


def outcomes(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]


def test_an_interface_is_added_once_then_unchanged_then_extended(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(spec, "a")

    add(spec, path)
    add(spec, path)
    write(spec, "a", {"row": "plate | 是 | String | 值 |\n| more"})
    add(spec, path)

    assert outcomes(capsys) == ["added gate", "unchanged gate", "extended gate"]


CODES = ({"entry": "* api_code : car.plate"}, {"entry": "* api_code : card.money"})


def test_a_second_document_of_a_call_changes_nothing_and_is_told_with_both_lines(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (write(spec, name, code) for name, code in zip("ab", CODES, strict=True))
    add(spec, first)
    written = spec.read_bytes()

    (finding,) = add(spec, second)

    places = [(Path(place.path).name, place.line) for place in finding.places]
    assert (finding.claim, places) == ("repeated-operation", [("a.md", 12), ("b.md", 12)])
    assert "told apart by api_code: car.plate and card.money" in finding.evidence
    assert (spec.read_bytes(), outcomes(capsys)[0]) == (written, "added gate")


def test_two_documents_of_a_call_derived_together_are_told_once(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [write(spec, name, code) for name, code in zip("ab", CODES, strict=True)]
    read = [each for path in paths for each in documents.read(path)]

    found = (*of_documents(read), *derive_into(spec, read, write_whole))

    assert [each.claim for each in found if each.claim != "unread-entry"] == ["repeated-operation"]
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "added",
        "refused",
    ]


def test_check_advises_no_command_that_does_nothing_after_a_refusal(spec: Path) -> None:
    first, second = (write(spec, name, code) for name, code in zip("ab", CODES, strict=True))
    add(spec, first)
    add(spec, second)

    (finding,) = (each for each in review(spec) if each.claim != "unread-entry")

    assert {Path(place.path).name for place in finding.places} == {"a.md", "b.md"}
    assert "derive" not in finding.remedy


def test_check_advises_the_command_that_adds_a_document_or_an_interface(spec: Path) -> None:
    add(spec, write(spec, "a"))
    other = write(spec, "b", {"address": "/other"})
    two = write(spec, "a", {}, {"address": "/second", "title": "二"})
    advised = {each.remedy.split()[2] for each in review(spec)}

    add(spec, other, two)

    assert {Path(each).name for each in advised} == {"a.md", "b.md"}
    assert review(spec) == ()


@pytest.mark.parametrize(
    "change", [{"method": "PUT"}, {"address": "/gate/new"}, {"method": "PUT", "address": "/new"}]
)
def test_an_operation_whose_document_moved_moves_and_keeps_what_reviewers_wrote(
    change: dict[str, str], spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(spec, "a")
    add(spec, path)
    text = spec.read_text(encoding="utf-8")
    ours = text.replace("operationId: gate\n", "operationId: ourName  # ours\n")
    spec.write_text(ours, encoding="utf-8")

    write(spec, "a", change)
    add(spec, path)

    (operation,) = load(spec).operations
    call = {"method": "POST", "address": "/gate"} | change
    assert (operation.id, operation.method, operation.path) == ("ourName", *call.values())
    assert "# ours" in spec.read_text(encoding="utf-8")
    assert (outcomes(capsys), review(spec)) == (["added gate", "moved ourName"], ())


def test_a_parameter_of_the_old_path_does_not_move(spec: Path) -> None:
    path = write(spec, "a", {"address": "/gate/{plate}"})
    add(spec, path)
    write(spec, "a", {"address": "/gate/{no}", "row": "no"})

    add(spec, path)

    (operation,) = load(spec).operations
    assert [each.name for each in operation.parameters] == ["no"]


def test_of_several_interfaces_the_one_with_the_same_title_moves(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    titles = [{"title": "甲", "address": "/a"}, {"title": "乙", "address": "/b"}]
    path = write(spec, "a", *titles)
    add(spec, path)
    write(spec, "a", {"title": "甲", "address": "/c"}, {"title": "乙", "address": "/d"})

    add(spec, path)

    assert outcomes(capsys)[2:] == ["moved a", "moved b"]
    assert [each.path for each in load(spec).operations] == ["/c", "/d"]
