"""The slips of a reviewer's hand on the contract of this repository, each told once at its lines.

`d28` is line 28 of the document, `y74` line 74 of the spec. An edit that changes nothing, or that
reviewers make on purpose, is told by nobody. To add an edit: one more entry of `EDITS`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from contract import documents
from contract.additions import derive_into
from contract.findings import Finding
from contract.review import review
from contract.spec.default import SPEC

DOCUMENT, SPEC_FILE = "documents/getImgCode.md", "openapi.yaml"

Edit = tuple[str, str, str, Sequence[str]]
"""A file, what a regular expression finds in it, what stands there then, and what is told."""

EDITS: dict[str, Edit] = {
    "rename member in doc sample": (
        DOCUMENT,
        '"img_code_id": ',
        '"imgCodeId": ',
        ["undescribed-member imgCodeId d28 d39"],
    ),
    "rename member in yaml example": (
        SPEC_FILE,
        "^          img_code_id: 6",
        "          imgCodeId: 6",
        ["example-breaks-schema documented y89"],
    ),
    "rename envelope member in doc sample": (
        DOCUMENT,
        '"msg"',
        '"message"',
        ["member-without-property message d36 y46"],
    ),
    "rename envelope member in yaml example": (
        SPEC_FILE,
        "^        msg: 成功",
        "        message: 成功",
        ["sample-differs msg d36 y88"],
    ),
    "rename envelope member in schema": (
        SPEC_FILE,
        "^        msg:\n          x",
        "        message:\n          x",
        ["member-without-property msg d36 y46"],
    ),
    "rename code in schema": (
        SPEC_FILE,
        "^        code:\n",
        "        errcode:\n",
        ["member-without-property code d35 y46"],
    ),
    "rename data in schema": (
        SPEC_FILE,
        "^        data:\n          type",
        "        result:\n          type",
        ["rows-elsewhere data d38 y64"],
    ),
    "length in doc": (
        DOCUMENT,
        "(img_code_id \\|    是    \\| String \\| )        ",
        "\\g<1>6       ",
        ["max-length img_code_id d28 y74"],
    ),
    "swap rows": (DOCUMENT, "^(\\| img  .*\\n)(\\| img_code_id.*\\n)", "\\2\\1", []),
    "delete row": (
        DOCUMENT,
        "^\\| img_code_id.*\\n",
        "",
        ["property-without-row img_code_id d23 y74"],
    ),
    "delete first row": (DOCUMENT, "^\\| img  .*\\n", "", ["property-without-row img d23 y64"]),
    "是 to 否": (
        DOCUMENT,
        "(img_code_id \\|    )是",
        "\\1否",
        ["required img_code_id d28 y62 y74"],
    ),
    "type Integer in doc": (
        DOCUMENT,
        "(img_code_id \\|    是    \\| )String ",
        "\\1Integer",
        ["type img_code_id d28 y75"],
    ),
    "rename row": (DOCUMENT, "^\\| img_code_id", "| img_id     ", ["name img_id d28 y74"]),
    "add row": (
        DOCUMENT,
        "^(\\| img_code_id.*\\n)",
        "\\1| extra | 否 | String | | 多余 | |\\n",
        ["row-without-property extra d29 y42"],
    ),
    "add required row": (
        DOCUMENT,
        "^(\\| img_code_id.*\\n)",
        "\\1| extra | 是 | String | | 多余 | |\\n",
        ["row-without-property extra d29 y42"],
    ),
    "duplicate row": (
        DOCUMENT,
        "^(\\| img_code_id.*\\n)",
        "\\1\\1",
        ["repeated-row img_code_id d28 d29"],
    ),
    "row 5 cells": (
        DOCUMENT,
        "(\\| img_code_id \\|    是    \\| )String \\|",
        "\\1",
        ["unreadable-row img_code_id d28"],
    ),
    "row without 是 cell": (
        DOCUMENT,
        "(\\| img_code_id \\|)    是    \\|",
        "\\1",
        ["unreadable-row img_code_id d28"],
    ),
    "row one cell too many": (
        DOCUMENT,
        "(\\| img_code_id \\|    是    \\| String \\|)",
        "\\1 |",
        ["unreadable-row img_code_id d28"],
    ),
    "add error sample": (
        DOCUMENT,
        "\\Z",
        '\n#### 错误样例\n\n```\n{"request_id":"1","code":"E01","msg":"失败","data":null}\n```\n',
        ["sample-without-example 错误样例 d48 y36"],
    ),
    "img prefix png in doc": (
        DOCUMENT,
        "data:image/jpg;",
        "data:image/png;",
        ["sample-differs img d38 y90"],
    ),
    "img prefix png in yaml example": (
        SPEC_FILE,
        "img: data:image/jpg;",
        "img: data:image/png;",
        ["sample-differs img d38 y90"],
    ),
    "img byte changed in doc": (
        DOCUMENT,
        "6OPMpv|wD3\\+iiqm",
        "wD3+iiqn",
        ["sample-differs img d38 y90"],
    ),
    "URL in 域名列表": (DOCUMENT, "dev-etc.ebaas", "dev-etc2.ebaas", ["environment dev d7 y9"]),
    "delete env row": (DOCUMENT, "^\\|   2 .*\\n", "", ["environment test d1 y17"]),
    "blank env": (
        DOCUMENT,
        "test-etc.ebaas.com",
        "                  ",
        ["environment test d8 y17"],
    ),
    "sample section deleted": (
        DOCUMENT,
        "#### 应答样例[\\s\\S]*",
        "",
        ["example-without-sample documented d23 y86"],
    ),
    "sample emptied": (
        DOCUMENT,
        "```\\n\\{[\\s\\S]*```",
        "无",
        ["example-without-sample documented d23 y86"],
    ),
    "code 0 string": (DOCUMENT, '"code": "000"', '"code": "0"', ["sample-differs code d35 y87"]),
    "code E01": (DOCUMENT, '"code": "000"', '"code": "E01"', ["sample-differs code d35 y87"]),
    "code null": (DOCUMENT, '"code": "000"', '"code": null', ["sample-differs code d35 y87"]),
    "code removed in sample": (DOCUMENT, '  "code": "000",\n', "", ["sample-differs code d33 y87"]),
    "code moved into data": (
        DOCUMENT,
        '  "code": "000",\\n([\\s\\S]*"data": \\{\\n)',
        '\\1    "code": "000",\\n',
        ["undescribed-member code d23 d37"],
    ),
    "request_id removed": (
        DOCUMENT,
        '  "request_id".*\\n',
        "",
        ["sample-differs request_id d33 y86"],
    ),
    "request_id other": (DOCUMENT, "cc67513b", "cc67513c", ["sample-differs request_id d34 y86"]),
    "request_id not uuid": (
        DOCUMENT,
        "cc67513b-9b00-4283-a966-80153fd3ecfb",
        "abc",
        ["sample-differs request_id d34 y86"],
    ),
    "img_code_id other value": (
        DOCUMENT,
        "6OPM6H",
        "6OPM6I",
        ["sample-differs img_code_id d39 y91"],
    ),
    "img_code_id number": (
        DOCUMENT,
        '"6OPM6H"',
        "123456",
        ["sample-value-type img_code_id d28 d39"],
    ),
    "img_code_id null": (DOCUMENT, '"6OPM6H"', "null", ["null-in-sample img_code_id d28 d39"]),
    "img_code_id missing": (
        DOCUMENT,
        ',\\n *"img_code_id": "6OPM6H"',
        "",
        ["row-missing-in-sample img_code_id d28 d37"],
    ),
    "data null": (
        DOCUMENT,
        '"data": \\{[\\s\\S]*?\\n  \\}',
        '"data": null',
        ["sample-differs data d37 y89"],
    ),
    "data list": (
        DOCUMENT,
        '"data": (\\{[\\s\\S]*?\\n  \\})',
        '"data": [\\1]',
        ["sample-differs data d37 y89"],
    ),
    "data renamed result": (DOCUMENT, '"data"', '"result"', ["rows-elsewhere result d38 y64"]),
    "order changed": (DOCUMENT, '(  "code": "000",\\n)(  "msg": "成功",\\n)', "\\2\\1", []),
    "trailing comma": (DOCUMENT, '"6OPM6H"', '"6OPM6H",', []),
    "comment": (DOCUMENT, '"6OPM6H"', '"6OPM6H" // 编号', []),
    "invalid json": (
        DOCUMENT,
        '"code": "000",',
        '"code": "000"',
        ["sample-not-json 应答样例 d33 d35"],
    ),
    "title": (DOCUMENT, "## 获取图形验证码", "## 获取图形验证码接口", ["summary summary d1 y26"]),
    "title nbsp": (
        DOCUMENT,
        "## 获取图形验证码",
        "## 获取\xa0图形验证码",
        ["summary summary d1 y26"],
    ),
    "desc full-width": (
        SPEC_FILE,
        "description: 图片base64",
        "description: 图片ｂase64",
        ["description img d27 y67"],
    ),
    "desc zwsp": (
        SPEC_FILE,
        "description: 图片编号",
        "description: 图片\u200b编号",
        ["description img_code_id d28 y77"],
    ),
    "desc trailing nbsp": (
        SPEC_FILE,
        "description: 图片编号",
        'description: "图片编号\xa0"',
        ["description img_code_id d28 y77"],
    ),
    "path": (DOCUMENT, "getImgCode$", "getImageCode", ["path path d14 y23"]),
    "method+path": (
        DOCUMENT,
        "POST\\n\\* 请求地址 : /oauth",
        "GET\n* 请求地址 : /oauth2",
        ["method method d13 y24", "path path d14 y23"],
    ),
    "yaml x-sample pattern": (
        SPEC_FILE,
        '"\\^\\[0-9A-Z\\]\\{6\\}\\$"',
        '"^[0-9]{6}$"',
        ["sample-breaks-x-sample img_code_id y80"],
    ),
    "yaml x-sample enum": (
        SPEC_FILE,
        "enum: \\[成功\\]",
        "enum: [OK]",
        ["sample-breaks-x-sample msg y59"],
    ),
    "yaml x-business": (SPEC_FILE, '\\["000"\\]', '["0"]', ["success-code code d35 y55"]),
    "yaml x-business added": (SPEC_FILE, '\\["000"\\]', '["000", "0"]', []),
    "yaml x-business removed": (
        SPEC_FILE,
        "          x-business-success.*\\n",
        "",
        ["success-code code d35 y53"],
    ),
    "yaml code type": (
        SPEC_FILE,
        "(        code:\\n          type: )string",
        "\\1integer",
        ["example-breaks-schema documented y87"],
    ),
    "yaml example code int": (
        SPEC_FILE,
        'code: "000"',
        "code: 0",
        ["example-breaks-schema documented y87"],
    ),
    "yaml example code other": (
        SPEC_FILE,
        'code: "000"',
        'code: "001"',
        ["sample-differs code d35 y87"],
    ),
    "yaml example id other": (
        SPEC_FILE,
        "6OPM6H",
        "6OPM6I",
        ["sample-differs img_code_id d39 y91"],
    ),
    "yaml example id lower": (
        SPEC_FILE,
        "6OPM6H",
        "6opm6h",
        ["sample-differs img_code_id d39 y91"],
    ),
    "yaml example id gone": (
        SPEC_FILE,
        "^          img_code_id: 6OPM6H\n",
        "",
        ["example-breaks-schema documented y89"],
    ),
    "yaml example msg gone": (
        SPEC_FILE,
        "^        msg: 成功\n",
        "",
        ["sample-differs msg d36 y86"],
    ),
    "yaml example extra": (
        SPEC_FILE,
        "^        msg: 成功\n",
        "        msg: 成功\n        trace: x\n",
        ["sample-differs trace d33 y89"],
    ),
    "yaml example data extra": (
        SPEC_FILE,
        "^          img_code_id: 6OPM6H",
        "          img_code_id: 6OPM6H\n          extra: 1",
        ["sample-differs extra d37 y92"],
    ),
    "yaml required code gone": (
        SPEC_FILE,
        "required: \\[code, data\\]",
        "required: [data]",
        ["envelope-optional code d35 y53"],
    ),
    "yaml required data gone": (
        SPEC_FILE,
        "required: \\[code, data\\]",
        "required: [code]",
        ["envelope-optional data d37 y60"],
    ),
    "yaml required msg promoted": (
        SPEC_FILE,
        "required: \\[code, data\\]",
        "required: [code, data, msg]",
        [],
    ),
    "yaml property data.img gone": (
        SPEC_FILE,
        "            img:\\n(?: {14}.*\\n)+",
        "",
        ["row-without-property img d27 y42"],
    ),
    "yaml msg property gone": (
        SPEC_FILE,
        "        msg:\\n(?: {10}.*\\n)+",
        "",
        ["member-without-property msg d36 y46"],
    ),
    "yaml request_id property gone": (
        SPEC_FILE,
        "        request_id:\\n(?: {10}.*\\n)+",
        "",
        ["member-without-property request_id d34 y46"],
    ),
    "yaml examples ref gone": (
        SPEC_FILE,
        "              examples:\\n.*\\n.*\\n",
        "",
        ["unused-component getImgCode y80", "sample-without-example 应答样例 d33 y33"],
    ),
    "yaml example renamed": (
        SPEC_FILE,
        "                documented:",
        "                success:",
        [],
    ),
    "yaml more example good": (
        SPEC_FILE,
        "(                documented:\\n.*\\n)",
        '\\1                failed:\\n                  value: {code: "999", msg: 失败}\\n',
        ["example-breaks-schema failed y40"],
    ),
    "yaml title": (SPEC_FILE, "title: ETC 平台接口", "title: ETC", []),
    "yaml pattern tightened": (
        SPEC_FILE,
        "(              description: 图片编号\\n)",
        '\\1              pattern: "^[0-9A-Z]{6}$"\\n',
        [],
    ),
    "yaml maxLength tightened on no-length": (
        SPEC_FILE,
        "(              description: 图片编号\\n)",
        "\\1              maxLength: 6\\n",
        ["max-length img_code_id d28 y78"],
    ),
    "yaml extra property data": (
        SPEC_FILE,
        "(            img_code_id:\\n              type)",
        "            extra: {type: string}\\n\\1",
        ["property-without-row extra d23 y74"],
    ),
    "yaml extra property root": (
        SPEC_FILE,
        "(        data:\\n          type)",
        "        extra: {type: string}\\n\\1",
        [],
    ),
    "yaml nullable on required": (
        SPEC_FILE,
        "(              minLength: 1\\n              description: 图片编号)",
        "              nullable: true\\n\\1",
        ["required img_code_id d28 y76"],
    ),
    "yaml op deleted, comps stay": (
        SPEC_FILE,
        "  /oauth/api/account/getImgCode:\\n(?: {4}.*\\n)+",
        "  {}\n",
        [
            "unused-component getImgCode y26",
            "unused-component getImgCode y68",
            "document-without-operation document d1 y22",
        ],
    ),
    "yaml x-sample deleted": (
        SPEC_FILE,
        '              x-sample:\\n                pattern: "\\^\\[0-9A-Z.*\\n',
        "",
        [],
    ),
    "yaml x-unique deleted": (
        SPEC_FILE,
        "(description: 图片编号\\n)              x-unique: true\\n",
        "\\1",
        [],
    ),
    "yaml data: description": (
        SPEC_FILE,
        "(        data:\\n          type: object\\n)",
        "\\1          description: 数据\\n",
        [],
    ),
    "yaml server": (SPEC_FILE, "dev-etc", "dev-etc3", ["environment dev d7 y9"]),
    "yaml format gone": (
        SPEC_FILE,
        "              format: image-base64\n",
        "",
        ["picture img d27 y64"],
    ),
    "minLength 0": (
        SPEC_FILE,
        r"minLength: 1(\n +description: 图片编号)",
        r"minLength: 0\1",
        ["required img_code_id d28 y76"],
    ),
    "a description that ends in a line break": (
        SPEC_FILE,
        "description: 图片编号",
        "description: |\n                图片编号",
        ["description img_code_id d28 y77"],
    ),
    "the operation and its components deleted": (
        SPEC_FILE,
        r"^paths:\n[\s\S]*",
        "paths: {}\n",
        ["document-without-operation document d1 y22"],
    ),
    "the code dropped": (
        SPEC_FILE,
        r"code, data\]([\s\S]*)        code:\n.*\n.*\n",
        r"data]\1",
        ["member-without-property code d35 y46"],
    ),
    "the example and its component deleted": (
        SPEC_FILE,
        r"              examples:\n.*\n.*\n([\s\S]*)  examples:[\s\S]*",
        r"\1",
        ["sample-without-example 应答样例 d33 y33"],
    ),
    "the code of the sample a number, another message": (
        DOCUMENT,
        r'"code": "000",\n  "msg": "成功"',
        '"code": 0,\n  "msg": "SUCCESS"',
        ["sample-differs code d35 y87", "sample-differs msg d36 y88"],
    ),
    "the rows of the sample at the top": (
        DOCUMENT,
        r'  "data": \{\n([\s\S]*?)  \}\n',
        r"\1",
        ["rows-elsewhere data d37 y64"],
    ),
    "another method": (DOCUMENT, ": POST", ": GET", ["method method d13 y24"]),
    "a member that no row describes": (
        DOCUMENT,
        r'^  "data"',
        '  "timestamp": 1700000000,\n  "data"',
        ["member-without-property timestamp d37 y46"],
    ),
    "a row with two cells too few": (
        DOCUMENT,
        r"(\| img_code_id .*String \|).*",
        r"\1 图片编号 |",
        ["unreadable-row img_code_id d28"],
    ),
    "the document gone": (
        SPEC_FILE,
        r"getImgCode\.md",
        "other.md",
        ["document-missing operation d1 y28"],
    ),
}


def contract(folder: Path, edit: Edit) -> Path:
    """Copy the contract, and make one edit of one file."""
    file, old, new, _ = edit
    shutil.copytree(SPEC.parent / "documents", folder / "documents")
    shutil.copy(SPEC, folder)
    path = folder / file
    text, count = re.subn(old, new, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert count == 1
    path.write_text(text, encoding="utf-8")
    return folder / SPEC.name


def told(findings: Sequence[Finding]) -> list[str]:
    """Write findings with their lines."""
    return [
        " ".join(
            (
                *(each.claim, each.subject),
                *(f"{'d' if p.path.endswith('.md') else 'y'}{p.line}" for p in each.places),
            )
        )
        for each in findings
    ]


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_told_once_at_its_lines(name: str, tmp_path: Path) -> None:
    findings = review(contract(tmp_path, EDITS[name]))

    assert told(findings) == EDITS[name][3]


ADVISED = re.compile(r"captcha-contract derive (\S+) --into (\S+)")


def written(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    [
        *("the operation and its components deleted", "the code dropped", "another method"),
        *("the example and its component deleted", "path", "method+path"),
    ],
)
def test_the_command_that_a_finding_advises_mends_it(name: str, tmp_path: Path) -> None:
    spec = contract(tmp_path, EDITS[name])
    before = spec.read_text("utf-8")
    advised = {ADVISED.search(each.remedy) for each in review(spec)}

    for match in filter(None, advised):
        derive_into(Path(match[2]), documents.read(Path(match[1])), written)

    assert (None in advised, told(review(spec))) == (False, [])
    if "method" in name or name == "path":
        assert spec.read_text("utf-8").count("x-unique") == before.count("x-unique")


def test_a_moved_operation_that_stands_there_twice_loses_the_one_without_additions(
    tmp_path: Path,
) -> None:
    """What `derive` into a spec made of the other method goes first; the reviewed one stays."""
    spec = contract(tmp_path, EDITS["another method"])
    text = spec.read_text("utf-8")
    operation = text[text.index("    post:\n") : text.index("components:\n")]
    other = operation.replace("post:", "get:").replace("operationId: ", "operationId: read")
    spec.write_text(text.replace(operation, operation + other), encoding="utf-8")

    (found,) = review(spec)

    assert found.remedy.startswith("remove readgetImgCode (")
    assert found.remedy.endswith("all that reviewers added to it); or have the document corrected")


def test_a_document_of_another_name_is_named_as_the_remedy(tmp_path: Path) -> None:
    spec = contract(tmp_path, EDITS["the document gone"])

    (found,) = review(spec)

    assert found.remedy == (
        "getImgCode.md describes POST /oauth/api/account/getImgCode: name it in externalDocs.url"
    )


def test_a_picture_is_told_by_its_kind_size_and_digest(tmp_path: Path) -> None:
    (found,) = review(contract(tmp_path, EDITS["img prefix png in doc"]))

    assert re.fullmatch(
        r"the document's sample shows img: a picture, image/jpeg, 125×45, [0-9]+ bytes, "
        r"SHA-256 [0-9a-f]{16}…, labelled data:image/png;base64,",
        found.promise,
    )


def test_a_text_for_a_number_is_told_with_both_types(tmp_path: Path) -> None:
    name = "the code of the sample a number, another message"

    found, _ = review(contract(tmp_path, EDITS[name]))

    assert (found.promise, found.evidence) == (
        "the document's sample shows code: 0 (an integer)",
        'the example documented shows "000" (a string)',
    )
