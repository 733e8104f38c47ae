"""Another way to write documents is another word in a registry, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import cast

import pytest

from contract.documents import InterfaceDocument, addresses, cells, column_words, heading_words
from contract.documents.cells import Kind
from contract.documents.heading_words import Part
from tests.one_interface import read

DOCUMENT = """\
## 查询账户

#### 域名列表

| 环境 | 请求地址 |
| --- | --- |
| 测试 | test.example.com |

#### 接口说明

* 请求类型 : POST
* 请求地址 : /account/find

#### 请求参数

无

#### 应答报文

| 参数 | 是否必填 | 类型 | 最大长度 |
| --- | --- | --- | --- |
| name | 是 | String | - |
"""


def written(folder: Path, old: str, new: str) -> InterfaceDocument:
    path = folder / "document.md"
    assert DOCUMENT.count(old) == 1
    path.write_text(DOCUMENT.replace(old, new), encoding="utf-8")
    return read(path)


def changed(registry: Mapping[str, object]) -> MutableMapping[str, object]:
    return cast("MutableMapping[str, object]", registry)


def test_the_document_is_read_as_it_is(tmp_path: Path) -> None:
    assert written(tmp_path, "name", "name").findings == ()


def test_a_word_for_a_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(changed(cells.KINDS), "文字", Kind.STRING)

    document = written(tmp_path, "String", "文字")

    assert (document.findings, document.answer[0].kind) == ((), Kind.STRING)


def test_a_word_for_what_is_required(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(changed(cells.REQUIREMENTS), "一定", True)  # noqa: FBT003 - the registry's value

    document = written(tmp_path, "| 是 |", "| 一定 |")

    assert (document.findings, document.answer[0].is_required) == ((), True)


def test_a_word_for_no_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "UNLIMITED", cells.UNLIMITED | {"随意"})

    document = written(tmp_path, "| - |", "| 随意 |")

    assert (document.findings, document.answer[0].limit) == ((), None)


def test_a_name_of_a_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(changed(column_words.COLUMNS), "字段代码", "name")

    document = written(tmp_path, "| 参数 |", "| 字段代码 |")

    assert (document.findings, document.answer[0].name) == ((), "name")


def test_a_name_of_a_column_of_environments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(changed(addresses.COLUMNS), "主机", "address")

    document = written(tmp_path, "| 环境 | 请求地址 |", "| 环境 | 主机 |")

    assert (document.findings, document.environments[0].address) == ((), "test.example.com")


def test_a_wording_of_a_heading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heading_words, "HEADINGS", ((Part.ANSWER, "回包"), *heading_words.HEADINGS))

    document = written(tmp_path, "#### 应答报文", "#### 回包")

    assert (document.findings, len(document.answer)) == ((), 1)
