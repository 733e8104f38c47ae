"""Slips of the hand in a spec: each is told once, at its own line and column, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract.documents.document_rules import RULES as OF_DOCUMENTS
from contract.review import RULES, review
from contract.review.portable_patterns import unportable
from contract.spec.default import SPEC
from tests.test_review import DOCUMENT, edited

CODE = r'x-business-success: \["000"\]'
TEXT = "              description: 图片编号"
CONFLICT = (
    f"<<<<<<< HEAD\n{TEXT}\n=======\n{TEXT}码\n>>>>>>> other",
    f"<<<<<<< HEAD\n{TEXT}\n||||||| base\n              description: x\n=======\n>>>>>>> other",
)
SLIPS: dict[str, tuple[str, str, str]] = {
    "a conflict": (TEXT, CONFLICT[0], "merge-conflict @<<<<<<<"),
    "a conflict with its base": (TEXT, CONFLICT[1], "merge-conflict @<<<<<<<"),
    "a full-width colon": (TEXT, TEXT.replace(": ", "："), "full-width-mark @：图"),
    "a full-width colon before a mapping": (
        r"^            img:$",
        "            img：",
        "full-width-mark @：",
    ),
    "a full-width colon in braces": (
        "{mediaType: image",
        "{mediaType：image",
        "full-width-mark @：",
    ),
    "a full-width colon behind a status": ('"200":', '"200"：', "full-width-mark @："),
    "a full-width comma in a list": (r"\[code, data\]", "[code，data]", "full-width-mark @，"),
    "a full-width comma in braces": ("jpeg, width: 125", "jpeg，width: 125", "full-width-mark @，"),
    "full-width brackets": (r"\[code, data\]", "［code, data］", "full-width-mark @［"),
    "smart quotes in a list": (CODE, "x-business-success: [“000”]", "smart-quote @“"),
    "smart quotes around a status": ('"200":', "“200”:", "smart-quote @“"),
    "smart quotes around a reference": (
        r'\$ref: "(#/components/schemas/getImgCode)"',
        r"$ref: “\1”",
        "smart-quote @“",
    ),
    "one smart quote": (CODE, 'x-business-success: ["000”]', "smart-quote @”"),
    "a tab that indents": ("^      summary", "\t    summary", "tab-indentation @\t"),
    "a tab for all blanks": ("^      summary", "\t\tsummary", "tab-indentation @\t"),
    "a no-break space that indents": ("^      summary", "     \u00a0summary", "odd-space @\u00a0"),
    "a no-break space behind a colon": ("summary: 获", "summary:\u00a0获", "odd-space @\u00a0"),
    "a wide blank behind a colon": ("type: object$", "type:\u3000object", "odd-space @\u3000"),
    "something invisible behind a word": (
        "type: object$",
        "type: object\u200b",
        "odd-space @\u200b",
    ),
    "something invisible behind a name": (
        "type: object$",
        "type\u200b: object",
        "odd-space @\u200b",
    ),
    "no space behind a colon": ("type: object$", "type:object", "missing-space @:"),
    "no space behind an operationId": ("operationId: ", "operationId:", "missing-space @:"),
    "no space behind a number": ("minLength: 1$", "minLength:1", "missing-space @:"),
    "no space in braces": ("width: 125", "width:125", "missing-space @:"),
    "a quote that is not closed": ('url: "(.*dev-etc.*)"', r'url: "\1', 'unclosed @"'),
    "a bracket that is not closed": (r"\[img, img_code_id\]", "[img, img_code_id", "unclosed @["),
    "a quote in a list that is not closed": (CODE, 'x-business-success: ["000]', 'unclosed @"'),
    "a quote of a name that is not closed": ('"200":', "'200:", "unclosed @'"),
    "a brace that is not closed": ("height: 45}", "height: 45", "unclosed @{"),
    "a word of YAML 1.1": (r"enum: \[成功\]", "enum: [成功, on]", "ambiguous-word @on"),
}
"""An edit of the spec, and the rule that tells it, with the text at its place."""
for _name, (_old, _new, _told) in SLIPS.items():
    assert _told.split(" @")[0] in RULES, _name


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_once_at_its_place_and_read_as_it_was_meant(
    slip: str, tmp_path: Path
) -> None:
    old, new, told = SLIPS[slip]
    claim, _, text = told.partition(" @")
    spec = edited(tmp_path, SPEC.name, old, new)

    (found,) = review(spec)

    (place,) = found.places
    line = spec.read_text(encoding="utf-8").splitlines()[place.line - 1]
    assert place.column is not None
    assert (found.claim, line[place.column - 1 :].startswith(text)) == (claim, True)


RIGHT: dict[str, tuple[str, str]] = {
    "a tab behind a colon": (TEXT, TEXT.replace(": ", ":\t")),
    "a comment with full-width marks": ("^paths:", "# 说明：见“文档”，type:x\npaths:"),
    "prose with full-width marks": ("  title: .*", "  title: 接口：一，二“三”"),
    "a block of prose": (
        "(  title: .*)",
        "\\1\n  description: |\n    用法：\n      type：string\n      required:yes\n    ［a，b］",
    ),
    "quoted prose": ("(  title: .*)", '\\1\n  description: "类型type：string，required:[a，b]"'),
    "a URL": ("(  title: .*)", "\\1\n  termsOfService: https://example.com/a:b"),
    "words of YAML 1.1 in quotes": (r"enum: \[成功\]", 'enum: [成功, "on"]'),
    "the ends of lines of Windows": ("\n", "\r\n"),
    "a BOM": ("^# yaml", "\ufeff# yaml"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_is_no_slip_is_not_told(case: str, tmp_path: Path) -> None:
    old, new = RIGHT[case]
    spec = edited(tmp_path, SPEC.name, old, new)
    if new == "\r\n":
        text = SPEC.read_text(encoding="utf-8").replace("\n", "\r\n")
        spec.write_bytes(text.encode())

    assert review(spec) == ()


def test_every_slip_of_a_file_is_told_in_one_run(tmp_path: Path) -> None:
    spec = edited(tmp_path, SPEC.name, TEXT, CONFLICT[0])
    text = spec.read_text(encoding="utf-8")
    for old, new in (("type: object", "type：object"), ("[img, img_code_id]", "[img, img_code_id")):
        text = text.replace(old, new, 1)
    text = text.replace("summary: 获取图形验证码", "sumary: 获取验证码")
    text = text.replace("图片base64", "图片")
    spec.write_text(text, encoding="utf-8")

    assert [each.claim for each in review(spec)] == [
        *("full-width-mark", "unclosed", "merge-conflict"),
        *("invalid-openapi", "summary", "description"),
    ]


def test_what_cannot_be_read_even_without_its_slips_is_told_beside_them(tmp_path: Path) -> None:
    spec = edited(tmp_path, SPEC.name, TEXT, CONFLICT[0])
    spec.write_text(spec.read_text(encoding="utf-8") + "? {\n", encoding="utf-8")

    assert [each.claim for each in review(spec)] == ["merge-conflict", "unreadable-yaml"]


@pytest.mark.parametrize("mark", ["", "\n"])
def test_a_conflict_in_a_document_is_told_once(mark: str, tmp_path: Path) -> None:
    row = "| img_code_id | .*\n"
    conflict = rf"<<<<<<< HEAD\n\g<0>=======\n| img_code_id | 否 |{mark}\n>>>>>>> other\n"
    spec = edited(tmp_path, DOCUMENT, row.replace("|", r"\|"), conflict)

    (found,) = review(spec)

    lines = (tmp_path / DOCUMENT).read_text(encoding="utf-8").splitlines()
    assert (found.claim, lines[found.places[0].line - 1]) == ("merge-conflict", "<<<<<<< HEAD")
    assert found.claim in OF_DOCUMENTS


# Patterns: what the remedy says is portable, and means the same


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"^\d{6}$", r"^\D+$", r"^\w+$", r"^\W$", r"^\s$", r"^\S{6}$"),
        *(r"^[\d]+$", r"^[^\s]+$", r"^[\S]$", r"^[^\W]$", r"^[\D]$"),
    ],
)
def test_the_remedy_of_a_class_is_portable_and_means_the_same(pattern: str) -> None:
    told = unportable(pattern)

    assert told is not None
    (instead,) = re.findall(r"write (\[.*\])$", told)
    written = re.sub(r"\[\^?\\[dDwWsS]\]|\\[dDwWsS]", lambda _: instead, pattern)
    assert unportable(written) is None
    texts = [each * count for each in "aZ0_ \t\n-图" for count in (1, 6)]
    for text in texts:
        both = [re.search(each, text, re.ASCII) is None for each in (pattern, written)]
        assert both[0] == both[1], (text, written)


def test_a_class_beside_others_in_a_set_is_written_as_its_members() -> None:
    assert "write 0-9 there" in (unportable(r"^[\da-f]+$") or "")


def test_smart_quotes_in_a_sample_are_told_at_their_line(tmp_path: Path) -> None:
    spec = edited(tmp_path, DOCUMENT, r'  "code": "000"', "  “code”: “000”")

    (found,) = review(spec)

    lines = (tmp_path / DOCUMENT).read_text(encoding="utf-8").splitlines()
    assert "smart quotes" in found.evidence
    assert any("“code”" in lines[place.line - 1] for place in found.places)
