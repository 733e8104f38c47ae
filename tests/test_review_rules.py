"""Every rule of `check` is told by some edit: nested rows, parameters, bodies, documents alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract.derivation import derive
from contract.derivation.writing import text_of
from contract.findings import Finding
from contract.review import RULES, of_document, of_documents, review, yaml_slips
from contract.review.review_rule import DifferenceRule, ObjectRule
from tests.one_interface import read

HEAD = f"| 参数 | 是否必填 | 类型 | 最大长度 | 参数描述 | 示例值 |\n|{' --- |' * 6}\n"
DOCUMENT = f"""## 门店

#### 域名列表

| 环境 | 请求地址 |
| --- | --- |
| 测试 | test.example.com |

#### 接口说明

* 请求类型 : POST
* 请求地址 : /shops/{{city}}/list

#### 请求参数

{HEAD}| city | 是 | String | 32 | 城市 | |
| page | 是 | Integer | 3 | 页码 | 1 |
| filter | 否 | JSONObject | | 条件 | |
| filter.kind | 否 | String | 8 | 类别 | |
| filter.near | 否 | String | 9 | 附近 | |
| sort.by | 否 | String | 8 | 排序 | |

#### 应答报文

{HEAD}| total | 是 | Integer | | 总数 | 2 |
| note | 否 | String | 10 | 备注 | |
| shops | 是 | JSONArray | | 门店列表 | |
| shops.name | 是 | String | 20 | 名称 | 甲 |
| shops.state | 是 | String | 20 | 状态 | |
| shops.owner | 是 | JSONObject | | 店主 | |
| shops.owner.name | 是 | String | 9 | 姓名 | |
| place.city.name | 是 | String | 20 | 所在城市 | |
| last.total | 是 | Integer | | 上次总数 | |

#### 应答样例

```
{{"code": "000", "msg": "成功", "data": {{"total": 2, "note": null, "last": {{"total": 1}},
  "place": {{"city": {{"name": "沪"}}}},
  "shops": [{{"name": "甲", "state": "开", "owner": {{"name": "张三"}}}}]}}}}
```
"""
ASKED = DOCUMENT.replace("请求类型 : POST", "请求类型 : GET")
ASKED = ASKED.replace("| filter | 否 | JSONObject |", "| filter | 否 | String |")
ASKED = ASKED.replace("| filter.", "| ").replace("| sort.", "| ")


BOTH = {("document.md", "openapi.yaml"), ("document.md", "openapi.yaml", "openapi.yaml")}


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the spec of each of the two documents."""
    folder = tmp_path_factory.mktemp("derived")
    path = folder / "document.md"
    specs = {}
    for document in (DOCUMENT, ASKED):
        path.write_text(document, encoding="utf-8")
        specs[document] = text_of(derive([read(path)], folder))
    return specs


def reviewed(folder: Path, document: str, spec: str) -> tuple[Finding, ...]:
    (folder / "document.md").write_text(document, encoding="utf-8")
    path = folder / "openapi.yaml"
    path.write_text(spec, encoding="utf-8")
    return review(path)


def told(findings: tuple[Finding, ...]) -> set[str]:
    return {f"{finding.claim} {finding.subject}" for finding in findings}


def differences(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(each for each in findings if isinstance(RULES[each.claim], DifferenceRule))


def sides(findings: tuple[Finding, ...]) -> set[tuple[str, ...]]:
    return {tuple(Path(place.path).name for place in finding.places) for finding in findings}


def edited(text: str, old: str, new: str) -> str:
    changed, count = re.subn(old, new, text, count=1, flags=re.MULTILINE)
    assert count == 1, old
    return changed


@pytest.mark.parametrize("document", [DOCUMENT, ASKED], ids=["body", "query"])
def test_a_derived_spec_differs_from_its_document_in_nothing(
    document: str, derived: dict[str, str], tmp_path: Path
) -> None:
    findings = reviewed(tmp_path, document, derived[document])

    assert findings == ()


# Rows: nested ones, and those of what is sent


ROWS: dict[str, tuple[str, str, set[str]]] = {
    "a nested row has another name": (
        *(r"shops\.name", "shops.title"),
        {"name title"},
    ),
    "a deeper row has another name": (
        *(r"shops\.owner\.name", "shops.owner.title"),
        {"name title"},
    ),
    "a row without a row of its object has another name": (
        *(r"last\.total", "last.sum"),
        {"name sum"},
    ),
    "an object has another name": (
        *(r"shops\.owner \|(.*\n.*)shops\.owner\.", r"shops.keeper |\1shops.keeper."),
        {"name keeper"},
    ),
    "two rows of one object have other names": (
        *(r"shops\.name(.*\n.*)shops\.state", r"shops.title\1shops.status"),
        {
            *("row-without-property title", "row-without-property status"),
            *("property-without-row name", "property-without-row state"),
        },
    ),
    "a nested row is gone": (
        *(r"^\| shops\.state .*\n", ""),
        {"property-without-row state"},
    ),
    "a nested row is new": (
        *(r"^(?=\| shops\.state )", "| shops.level | 否 | String | | | |\n"),
        {"row-without-property level"},
    ),
    "a row is there twice, and only the first counts": (
        *(r"^(\| shops\.state \| )是(.*\n)", r"\1是\2\1否\2"),
        set(),
    ),
    "an object that says something has no row": (
        *(r"^\| shops \| .*\n", ""),
        {"property-without-row shops"},
    ),
    "a nested row is needed no more": (
        *(r"(shops\.state \| )是", r"\1否"),
        {"required state"},
    ),
    "a nested row has another type": (
        *(r"(shops\.state \| 是 \| )String \| 20", r"\1Boolean |"),
        {"type state", "max-length state"},
    ),
    "a nested row has another length": (
        *(r"(shops\.state \| 是 \| String \| )20", r"\g<1>21"),
        {"max-length state"},
    ),
    "a nested row has another description": (
        *("状态", "情况"),
        {"description state"},
    ),
    "a nested row has another example": (
        *("名称 \\| 甲", "名称 | 乙"),
        {"example name"},
    ),
    "a part of the path is gone": (
        *(r"^\| city .*\n", ""),
        {"property-without-row city"},
    ),
    "a part of the path has another length": (
        *(r"(\| city \| 是 \| String \| )32", r"\g<1>31"),
        {"max-length city"},
    ),
    "a part of the path has another description": (
        *("城市 \\| \\|\n\\| page", "都市 | |\n| page"),
        {"description city"},
    ),
    "a member of the body is gone": (
        *(r"^\| page .*\n", ""),
        {"property-without-row page"},
    ),
    "a member of the body has another name": (
        *(r"^\| page ", "| number "),
        {"name number"},
    ),
    "a member of the body is new": (
        *(r"^(?=\| page )", "| size | 否 | String | | | |\n"),
        {"row-without-property size"},
    ),
    "a member of the body is needed no more": (
        *(r"(\| page \| )是", r"\1否"),
        {"required page"},
    ),
    "a member of the body has another range": (
        *(r"(\| page \| 是 \| Integer \| )3", r"\g<1>4"),
        {"max-length page"},
    ),
    "a member of the body has another example": (
        *("页码 \\| 1", "页码 | 2"),
        {"example page"},
    ),
    "a nested member of the body has another name": (
        *(r"filter\.kind", "filter.sort"),
        {"name sort"},
    ),
    "a nested member of the body is gone": (
        *(r"^\| filter\.kind .*\n", ""),
        {"property-without-row kind"},
    ),
    "nothing is sent": (
        *(r"(#### 请求参数\n\n)(?:\|.*\n)+", r"\1无\n"),
        {
            *("property-without-row city", "property-without-row page"),
            *("property-without-row filter", "property-without-row sort"),
        },
    ),
    "nothing comes": (
        *(r"(#### 应答报文\n\n)(?:\|.*\n)+", r"\1无\n"),
        {
            *("property-without-row total", "property-without-row note"),
            *("property-without-row shops", "property-without-row place"),
            "property-without-row last",
        },
    ),
}


@pytest.mark.parametrize("case", ROWS)
def test_an_edit_of_a_row_is_told_of_that_row(
    case: str, derived: dict[str, str], tmp_path: Path
) -> None:
    old, new, expected = ROWS[case]

    findings = reviewed(tmp_path, edited(DOCUMENT, old, new), derived[DOCUMENT])

    compared = tuple(
        finding for finding in findings if isinstance(RULES[finding.claim], DifferenceRule)
    )
    assert (told(compared), sides(compared) - BOTH) == (expected, set())


PROPERTIES: dict[str, tuple[str, str, set[str]]] = {
    "a nested property is gone": (
        *(r"^ +state:\n(?: {20}.*\n)+", ""),
        {"row-without-property state"},
    ),
    "a nested property has another name": (
        *(r"^( {18})state:", r"\1status:"),
        {"name state"},
    ),
    "a nested property is new": (
        *(r"^( {18})state:", r"\1level: {type: string}\n\1state:"),
        {"property-without-row level"},
    ),
    "an object around rows says all that such an object may": (
        *(r"^( {12})place:\n", r"\1place:\n\1  items: {}\n\1  x-sample: {}\n"),
        set(),
    ),
    "an object around rows says something of its own": (
        *(r"^( {12})place:\n", r"\1place:\n\1  description: 位置\n"),
        {"property-without-row place"},
    ),
    "a part of the path has another length": (
        "maxLength: 32",
        "maxLength: 31",
        {"max-length city"},
    ),
    "a part of the path has another description": (
        *("description: 城市", "description: 都市"),
        {"description city"},
    ),
    "a part of the path may be empty": (
        *(r"minLength: 1\n +maxLength: 32", "maxLength: 32"),
        {"required city"},
    ),
    "a parameter is new": (
        *(r"^( +)- name: city", r"\1- {name: more, in: query, schema: {}}\n\1- name: city"),
        {"property-without-row more"},
    ),
    "a member of the body is needed no more": (
        *(r"^ +required: \[page\]\n", ""),
        {"required page"},
    ),
    "a member of the body is of another type": (
        *(r"type: integer\n( +minimum: -999)", r"type: string\n\1"),
        {"type page"},
    ),
    "a member of the body may be null": (
        *(r"type: integer\n( +)minimum: -999", r"type: integer\n\1nullable: true\n\1minimum: -999"),
        {"required page"},
    ),
}


@pytest.mark.parametrize("case", PROPERTIES)
def test_an_edit_of_a_property_is_told_of_its_row(
    case: str, derived: dict[str, str], tmp_path: Path
) -> None:
    old, new, expected = PROPERTIES[case]

    findings = reviewed(tmp_path, DOCUMENT, edited(derived[DOCUMENT], old, new))

    compared = tuple(
        finding for finding in findings if isinstance(RULES[finding.claim], DifferenceRule)
    )
    assert (told(compared), sides(compared) - BOTH) == (expected, set())


# Every rule

IN_DOCUMENT: dict[str, tuple[str, str]] = {
    "summary": ("^## 门店", "## 商店"),
    "method": (": POST", ": PUT"),
    "path": ("/list", "/all"),
    "environment": (r"test\.example", "qa.example"),
}
IN_SPEC: dict[str, tuple[str, str]] = {
    "invalid-openapi": ("  title: 门店\n", ""),
    "unclear-name": ('"200":', "200:"),
    "unknown-word": ("x-business-success", "x-busines-success"),
    "half-captcha": (
        r"^( +)maxLength: 32",
        r"\1maxLength: 32\n\1x-mock-expects: captcha.id",
    ),
    "unportable-pattern": ("maxLength: 32", "pattern: '\\\\d'"),
    "operation-id": ("operationId: list", "operationId: 列表"),
    "unused-component": ("^  examples:", "  examples:\n    more: {value: 1}"),
    "example-breaks-schema": ("total: 2$", "total: two"),
    "sample-breaks-x-sample": (r"enum: \[成功\]", "enum: [好]"),
    "unquoted-code": (r'\["000"\]', "[000]"),
    "sample-differs": ("name: 甲$", "name: 乙"),
    "sample-without-example": (r"^ +examples:\n +documented:\n.*\n", ""),
    "example-without-sample": (
        r"( +)documented:\n(.*\n)",
        r"\1documented:\n\2\1error:\n\1  value: {code: E01}\n",
    ),
    "rows-elsewhere": ("^ {8}data:\n", "        data: {type: object}\n        result:\n"),
    "member-without-property": (r"^ +msg:\n(?: {10}.*\n)+", ""),
    "success-code": (r'\["000"\]', '["0"]'),
    "envelope-optional": (r"required: \[code, data\]", "required: [code]"),
    "document-missing": (r"url: document\.md", "url: none.md"),
}
CALLED = "\n#### 请求样例\n\n```\n{} https://{}/shops/1/{}\n```\n"
OF_DOCUMENT: dict[str, tuple[str, str]] = {
    "unreadable-character": ("城市", "\udcff"),
    "missing-title": ("^## 门店", ""),
    "missing-section": ("^#### 请求参数", "#### 别的"),
    "repeated-section": (r"\Z", "\n#### 应答报文\n\n无\n"),
    "unreadable-section": (r"(#### 请求参数\n\n)(?:\|.*\n)+", r"\1见附件\n"),
    "several-methods": (": POST", ": GET/POST"),
    "unstated-method": (r"\* 请求类型 : POST", "* 以表单提交"),
    "unknown-location": (r"\| 最大长度 ", "| 位置 "),
    "unreadable-address": (": /shops", ": shops"),
    "unreadable-table": (r"\| 环境 ", "| 甲 "),
    "missing-column": (r"\| 是否必填 ", "| 序号 "),
    "unknown-column": ("示例值", "甲"),
    "unreadable-row": (r"^\| city ", "| "),
    "unreadable-name": (r"^\| city ", "| 城市 "),
    "unknown-requirement": (r"city \| 是", "city | 也许"),
    "unknown-type": (r"city \| 是 \| String", "city | 是 | Strong"),
    "unreadable-length": ("String \\| 32", "String | 长"),
    "row-without-parent": (r"^\| city ", "| └ city "),
    "unclear-nesting": (
        r"filter\.kind(.*\n.*)filter\.near(.*\n.*)sort\.by",
        r"kind\1near\2by",
    ),
    "list-without-list-type": (r"filter\.kind", "filter[].kind"),
    "unread-entry": (": /shops", ": /shops\n* api_code : shops.find"),
    "unclosed-fence": (r"```\n\Z", ""),
    "repeated-row": (r"^(\| page .*\n)", r"\1\1"),
    "repeated-environment": (r"^(\| 测试 .*\n)", r"\1\1"),
    "row-missing-in-sample": ('"state": "开", ', ""),
    "undescribed-member": (r"^\| shops\.state .*\n", ""),
    "null-in-sample": ('"total": 2', '"total": null'),
    "sample-value-type": ('"total": 2', '"total": "two"'),
    "sample-value-too-long": ('"开"', f'"{"开" * 21}"'),
    "sample-not-json": ('{"code"', "{code"),
    "sample-repeats-member": ('"total": 2', '"total": 2, "total": 2'),
    "method-differs": (r"\Z", CALLED.format("PUT", "test.example.com", "list")),
    "path-differs": (r"\Z", CALLED.format("POST", "test.example.com", "all")),
    "host-differs": (r"\Z", CALLED.format("POST", "qa.example.com", "list")),
}


@pytest.mark.parametrize("rule", IN_DOCUMENT)
def test_an_edit_of_the_document_breaks_the_rule_that_holds_the_spec_to_it(
    rule: str, derived: dict[str, str], tmp_path: Path
) -> None:
    found = reviewed(tmp_path, edited(DOCUMENT, *IN_DOCUMENT[rule]), derived[DOCUMENT])

    assert rule in {finding.claim for finding in found}


@pytest.mark.parametrize("rule", IN_SPEC)
def test_an_edit_of_the_spec_breaks_the_rule_that_is_about_it(
    rule: str, derived: dict[str, str], tmp_path: Path
) -> None:
    found = reviewed(tmp_path, DOCUMENT, edited(derived[DOCUMENT], *IN_SPEC[rule]))

    assert rule in {finding.claim for finding in found}


@pytest.mark.parametrize("rule", OF_DOCUMENT)
def test_an_edit_of_the_document_breaks_the_rule_that_is_about_it_alone(
    rule: str, tmp_path: Path
) -> None:
    path = tmp_path / "document.md"
    path.write_bytes(edited(DOCUMENT, *OF_DOCUMENT[rule]).encode("utf-8", "surrogateescape"))

    found = of_document(read(path))

    assert rule in {finding.claim for finding in found}


def test_a_document_without_a_slip_breaks_no_rule(tmp_path: Path) -> None:
    path = tmp_path / "document.md"
    path.write_text(DOCUMENT, encoding="utf-8")

    assert tuple(of_documents([read(path)])) == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "| note | 否 |",
            "| note | 是 |",
            (
                "the document says 是否必填 是",
                "the spec says optional and nullable; 应答样例: it is null (line 42)",
            ),
        ),
        (
            "| note | 否 | String |",
            "| note | 否 | Integer |",
            ("the document says 类型 Integer", "the spec says type string"),
        ),
        (
            "String | 10 | 备注",
            "String | 11 | 备注",
            ("the document says 最大长度 11", "the spec says maxLength 10"),
        ),
        (
            "Integer | | 总数",
            "Integer | | ",
            ("the document says nothing in 参数描述", "the spec says description 总数"),
        ),
        (
            "| 状态 | |",
            "| 状态 | 开 |",
            ("the document says 示例值 开", "the spec says nothing about 示例值"),
        ),
        (
            "| 测试 | test.example.com |",
            "| 生产 | www.example.com |",
            ("the document says 生产 is at www.example.com", "the spec says nothing about 生产"),
        ),
    ],
)
def test_a_difference_is_worded_as_a_sentence(
    old: str, new: str, expected: tuple[str, str], derived: dict[str, str], tmp_path: Path
) -> None:
    document = edited(DOCUMENT, re.escape(old), new)

    found = differences(reviewed(tmp_path, document, derived[DOCUMENT]))

    assert expected in {(each.promise, each.evidence) for each in found}


def test_two_documents_of_one_method_and_path_are_told_with_both_lines(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.md", "b.md", "other.md")]
    for path in paths:
        path.write_text(DOCUMENT, encoding="utf-8")
    paths[2].write_text(ASKED, encoding="utf-8")

    found = tuple(of_documents([read(path) for path in paths]))

    line = 1 + DOCUMENT[: DOCUMENT.index("* 请求地址")].count("\n")
    (finding,) = found
    places = [(Path(place.path).name, place.line) for place in finding.places]
    assert (finding.claim, finding.subject, places) == (
        *("repeated-operation", "POST /shops/{city}/list"),
        [("a.md", line), ("b.md", line)],
    )


def test_every_rule_is_broken_by_an_edit_that_is_listed_here() -> None:
    apart = {"repeated-operation", "document-without-operation"}  # of several documents
    apart |= {"unparted-samples", "picture"}  # of samples alone, and of rows of pictures
    apart |= {"unreadable-yaml", "merge-conflict", *(rule.name for rule in yaml_slips.RULES)}
    apart |= {name for name, rule in RULES.items() if isinstance(rule, ObjectRule)}  # by their own
    of_rows = {words.split(maxsplit=1)[0] for *_, expected in ROWS.values() for words in expected}

    assert {*IN_DOCUMENT, *of_rows, *IN_SPEC, *OF_DOCUMENT, *apart} == set(RULES)


# Where a difference of rows is written

PLACES: dict[str, tuple[str, str, str, str]] = {
    "a property without a row: the heading of its table": (
        *(r"^\| note .*\n", "", "note"),
        "#### 应答报文",
    ),
    "a parameter without a row: the heading of its table": (
        *(r"^\| page .*\n", "", "page"),
        "#### 请求参数",
    ),
    "no table at all: the title": (
        *(r"#### 应答报文\n\n(?:\|.*\n)+", "", "note"),
        "## 门店",
    ),
    "a row without a property: the row": (
        *(r"^(?=\| note )", "| level | 否 | String | | | |\n", "level"),
        "| level ",
    ),
    "a renamed row: the row": (
        *(r"^\| note ", "| remark ", "remark"),
        "| remark ",
    ),
}


@pytest.mark.parametrize("case", PLACES)
def test_a_difference_of_rows_is_told_at_its_line_of_the_document(
    case: str, derived: dict[str, str], tmp_path: Path
) -> None:
    old, new, subject, line = PLACES[case]
    document = edited(DOCUMENT, old, new)

    found = reviewed(tmp_path, document, derived[DOCUMENT])

    (place, *_) = next(each.places for each in differences(found) if each.subject == subject)
    assert document.splitlines()[place.line - 1].startswith(line)


def test_a_difference_of_a_row_is_told_at_the_column_of_its_cell(
    derived: dict[str, str], tmp_path: Path
) -> None:
    document = edited(DOCUMENT, r"备注 \|", "附注 |")

    (found,) = differences(reviewed(tmp_path, document, derived[DOCUMENT]))

    place = found.places[0]
    assert place.column is not None
    assert document.splitlines()[place.line - 1][place.column - 1 :].startswith("附注")
