"""Tables whose rows stand on one line, as YApi exports them: each row is told by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.documents import read
from contract.page.field_tables import answer
from contract.page.numbered_findings import numbered
from contract.review import reviewed

ROWS = (("id", "integer", "必须", "编号"), ("name", "string", "非必须", "姓名"))
ROW = "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"
DOCUMENT = """\
## 用户

**Path：** /user

**Method：** GET

### 请求参数

| 参数名称 | 是否必须 | 备注 |
| --- | --- | --- |
| page | 否 | 页码 |

### 返回数据

<table>
  <thead><tr><th>名称</th><th>类型</th><th>是否必须</th><th>备注</th></tr></thead><tbody>{}
</tbody></table>
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    rows = "".join(ROW.format(*row) for row in ROWS)
    (tmp_path / "user.md").write_text(DOCUMENT.format(rows), encoding="utf-8")
    path = tmp_path / "openapi.yaml"
    path.write_text(text_of(derive(read(tmp_path / "user.md"), tmp_path)), encoding="utf-8")
    return path


def edited(path: Path, *edits: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def test_rows_of_one_line_differ_one_by_one(spec: Path) -> None:
    edits = [("description: 编号", "description: 号"), ("required: [id]", "required: [id, name]")]
    edited(spec, *edits, ("description: 姓名", "description: 名"))

    found = {(each.subject, each.claim) for each in reviewed(spec).findings}

    assert {("id", "description"), ("name", "description"), ("name", "required")} <= found
    assert "unreadable-row" not in {claim for _, claim in found}


def test_an_unread_cell_hides_no_difference_of_another_row_of_its_line(spec: Path) -> None:
    edited(spec.with_name("user.md"), ("非必须", "也许"))
    edited(spec, ("required: [id]", "required: []"))

    found = {(each.subject, each.claim) for each in reviewed(spec).findings}

    assert {("name", "unknown-requirement"), ("id", "required")} <= found


def test_each_row_of_one_line_stands_beside_its_own_field_and_findings(spec: Path) -> None:
    edited(spec, ("description: 姓名", "description: 名"))
    review = reviewed(spec)
    assert review.spec is not None
    (operation,) = review.spec.operations
    (document,) = read(spec.with_name("user.md"))

    lines = answer(operation, document, numbered(review.findings))

    shown = [(each.path, each.field, len(each.findings), each.repeated) for each in lines]
    assert shown == [(("id",), ("id",), 0, False), (("name",), ("name",), 1, False)]
