"""Every rule of the review, broken and kept by its own example; and what a new rule costs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, cast

import pytest

from contract.documents import InterfaceDocument
from contract.findings import Finding, Level
from contract.page import page
from contract.review import RULES, of_documents, review
from contract.review.finding_formats import FORMATS
from contract.review.review_rule import (
    Column,
    ColumnRule,
    DifferenceRule,
    OperationRule,
    Reviewed,
    SpecRule,
    Violation,
    YamlRule,
)
from contract.rules import Rule
from contract.spec.operations import Operation, Spec
from contract.spec.references import References
from tests.one_interface import read

DOCUMENT = """\
## 查询账户

#### 域名列表

| 环境 | 请求地址 |
| --- | --- |
| 开发 | dev.example.com |
| 测试 | test.example.com |

#### 接口说明

* 请求类型 : POST
* 请求地址 : /account/find

#### 请求参数

| 参数 | 是否必填 | 类型 | 最大长度 | 参数描述 | 示例值 |
| --- | --- | --- | --- | --- | --- |
| account_no | 是 | String | 8 | 账户编号 | a1024 |
| img_code_id | 否 | String | 6 | 图片编号 | |
| img_code | 否 | String | 4 | 图形验证码 | |

#### 请求样例

```
POST https://test.example.com/account/find

{"account_no": "a1024"}
```

#### 应答报文

| 参数 | 是否必填 | 类型 | 最大长度 | 参数描述 | 示例值 |
| --- | --- | --- | --- | --- | --- |
| name | 是 | String | 20 | 姓名 | 张三 |
| balance | 是 | BigDecimal | 10,2 | 余额 | |
| owner | 否 | JSONObject | | 车主 | |
| └ phone | 否 | String | 11 | 手机号 | |
| tags | 否 | List<String> | | 标签 | |
| icon | 否 | String | | 头像图片base64 | |

#### 应答样例

```
{
  "request_id": "r",
  "code": "000",
  "msg": "成功",
  "data": {
    "name": "张三",
    "balance": 12.5,
    "owner": {"phone": "13800000000"},
    "tags": ["vip"]
  }
}
```
"""

SPEC = """\
openapi: 3.0.3
info: {title: 账户, version: 1.0.0}
servers:
  - {url: "https://dev.example.com", x-environment: dev}
  - {url: "https://test.example.com", x-environment: test}
security: []
paths:
  /account/find:
    post:
      operationId: findAccount
      summary: 查询账户
      externalDocs: {url: documents/findAccount.md}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [account_no]
              properties:
                account_no:
                  type: string
                  minLength: 1
                  maxLength: 8
                  description: 账户编号
                  example: a1024
                  pattern: "^[0-9a-z]+$"
                img_code_id:
                  type: string
                  nullable: true
                  maxLength: 6
                  description: 图片编号
                  x-mock-expects: captcha.id
                img_code:
                  type: string
                  nullable: true
                  maxLength: 4
                  description: 图形验证码
                  x-mock-expects: captcha.answer
            examples: {documented: {value: {account_no: a1024}}}
      responses:
        "200":
          description: 应答报文
          content:
            application/json:
              schema: {$ref: "#/components/schemas/account"}
              examples:
                documented: {$ref: "#/components/examples/account"}
components:
  schemas:
    account:
      type: object
      required: [code, data]
      properties:
        request_id: {x-sample: {type: string, minLength: 1}}
        code:
          type: string
          x-business-success: ["000"]
        msg: {x-sample: {type: string}}
        data:
          type: object
          required: [name, balance]
          properties:
            name: {type: string, minLength: 1, maxLength: 20, description: 姓名, example: 张三}
            balance:
              description: 余额
              anyOf:
                - {type: number, minimum: -99999999.99, maximum: 99999999.99}
                - {type: string, pattern: "^-?[0-9]{1,8}(\\\\.[0-9]{1,2})?$"}
            owner:
              type: object
              nullable: true
              description: 车主
              properties:
                phone: {type: string, nullable: true, maxLength: 11, description: 手机号}
            tags: {type: array, nullable: true, description: 标签, items: {type: string}}
            icon: {type: string, nullable: true, description: 头像图片base64, format: image-base64}
  examples:
    account:
      summary: 应答样例
      value:
        request_id: r
        code: "000"
        msg: 成功
        data: {name: 张三, balance: 12.5, owner: {phone: "13800000000"}, tags: [vip]}
"""
BY_FILES = {"repeated-operation", "document-without-operation", "unreadable-yaml"}
"""The rules about which files there are, and whether they can be read at all."""

NAMED = pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
EXCERPTED = pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES.values() if rule.name not in BY_FILES],
    ids=lambda rule: rule.name,
)


def contract(folder: Path, document: str = DOCUMENT, spec: str = SPEC) -> Path:
    (folder / "documents").mkdir()
    (folder / "documents" / "findAccount.md").write_text(document, encoding="utf-8")
    path = folder / "openapi.yaml"
    path.write_text(spec, encoding="utf-8")
    return path


def claims(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.claim for finding in findings}


def test_the_contract_of_the_examples_keeps_every_rule(tmp_path: Path) -> None:
    assert review(contract(tmp_path)) == ()


@EXCERPTED
def test_an_example_of_a_rule_breaks_it(rule: Rule, tmp_path: Path) -> None:
    texts = [
        text.replace(rule.right, rule.broken, 1) if rule.right in text else text
        for text in (DOCUMENT, SPEC)
    ]

    spec = contract(tmp_path, *texts)
    document = read(tmp_path / "documents" / "findAccount.md")
    assert texts != [DOCUMENT, SPEC]
    assert rule.name in claims((*review(spec), *of_documents([document])))


def test_a_second_document_of_one_operation_is_a_finding(tmp_path: Path) -> None:
    contract(tmp_path)
    path = tmp_path / "documents" / "findAccount.md"
    again = path.with_name("again.md")
    shutil.copy(path, again)

    found = tuple(of_documents([read(path), read(again)]))

    assert claims(found) == {"repeated-operation"}


def test_a_document_that_no_operation_names_is_a_finding(tmp_path: Path) -> None:
    spec = contract(tmp_path)
    path = tmp_path / "documents" / "findAccount.md"
    shutil.copy(path, path.with_name("findOrder.md"))

    assert claims(review(spec)) == {"document-without-operation"}


@NAMED
def test_a_rule_has_both_languages_a_source_a_level_and_examples(rule: Rule) -> None:
    words = (rule.title, rule.english, rule.chinese, rule.source, rule.broken, rule.right)

    assert (all(words), rule.level) == (True, Level.TABLE)


@NAMED
def test_a_rule_comes_after_rules_that_there_are(rule: Rule) -> None:
    assert set(rule.after) - set(RULES) == set()


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_has_the_chinese_sentence_of_the_rule(format_: str, tmp_path: Path) -> None:
    spec = contract(tmp_path, spec=SPEC.replace("summary: 查询账户", "summary: 查账户"))

    assert RULES["summary"].chinese in FORMATS[format_](review(spec), "")


def test_json_has_both_sentences_and_the_title_of_the_rule(tmp_path: Path) -> None:
    spec = contract(tmp_path, spec=SPEC.replace("summary: 查询账户", "summary: 查账户"))

    (found,) = json.loads(FORMATS["json"](review(spec), ""))["findings"]

    rule = RULES["summary"]
    assert (found["title"], found["english"], found["chinese"]) == (
        rule.title,
        rule.english,
        rule.chinese,
    )


# What adding one costs: the entry with its function, and nothing else


def at_paths(spec: Spec) -> Iterator[Violation]:
    yield Violation(subject="paths", evidence="it is there", places=(spec.tree.at("paths"),))


def at_root(references: References, path: Path) -> Iterator[Violation]:
    place = references.root.at("paths")
    yield Violation(subject=path.name, evidence="it is there", places=(place,))


def at_operation(reviewed: Reviewed) -> Iterator[Violation]:
    place = reviewed.operation.place
    yield Violation(subject="operation", evidence="it is there", places=(place,))


def at_both(operation: Operation, document: InterfaceDocument) -> Iterator[Violation]:
    del document
    yield Violation(subject="operation", evidence="it is there", places=(operation.place,))


class Words(TypedDict):
    """What every rule says of itself."""

    title: str
    english: str
    chinese: str
    level: Level


WORDS: Words = {
    "title": "新规则",
    "english": "Nothing is there.",
    "chinese": "什么都没有。",
    "level": Level.TABLE,
}
NEW_RULES = (
    YamlRule(name="new", find=at_root, **WORDS),
    SpecRule(name="new", find=at_paths, **WORDS),
    OperationRule(name="new", find=at_operation, **WORDS),
    DifferenceRule(name="new", find=at_both, **WORDS),
    ColumnRule(
        name="new",
        cell="type",
        column="类型",
        keywords=("type",),
        compare=lambda _, field: Column(stated="a", specified="b", place=field.place),
        **WORDS,
    ),
)


@pytest.mark.parametrize("rule", NEW_RULES, ids=lambda rule: type(rule).__name__)
def test_a_new_rule_is_one_entry_and_is_asked_and_shown_everywhere(
    rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cast("dict[str, Rule]", RULES), "new", rule)
    spec = contract(tmp_path)

    findings = review(spec)

    shown = [*(FORMATS[name](findings, "") for name in FORMATS), page(spec)]
    assert claims(findings) == {"new"}
    assert [rule.chinese in text for text in shown] == [True] * 5
