"""`captcha-contract check`: what the document and the spec say differently, with both places."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract.documents import document_rules
from contract.findings import Finding
from contract.review import RULES, review
from contract.review.finding_formats import FORMATS
from contract.review.portable_patterns import unportable
from contract.rules import Rule
from contract.spec.default import SPEC
from contract.spec.yaml_text import UnreadableYaml
from tests.conftest import PLATFORM
from tests.loopback import ROOT, environment, python

IMG = r"(\| img +\|    )是(    \| )String( \| )         (\| )图片base64( \| )       (\|)"
DOCUMENT = "documents/getImgCode.md"
DOCUMENTS = Path(__file__).parent / "documents"


def edited(folder: Path, file: str, old: str, new: str) -> Path:
    """Copy the contract, and replace in one file of it, once, what a regular expression finds."""
    shutil.copytree(SPEC.parent / "documents", folder / "documents")
    shutil.copy(SPEC, folder)
    path = folder / file
    text, count = re.subn(old, new, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    assert count == 1
    path.write_text(text, encoding="utf-8")
    return folder / SPEC.name


def told(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(finding.claim, finding.subject) for finding in findings}


@pytest.mark.parametrize("spec", [SPEC, PLATFORM], ids=["openapi", "platform"])
def test_a_spec_that_says_what_its_documents_say_has_no_finding(spec: Path) -> None:
    assert review(spec) == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            r"^\| img  ",
            "| pic  ",
            {("name", "pic")},
        ),
        (IMG, r"\1否\2String\3         \4图片base64\5       \6", {("required", "img")}),
        (IMG, r"\1是\2Integer\3         \4图片base64\5       \6", {("type", "img")}),
        (IMG, r"\1是\2String\3 9999999 \4图片base64\5       \6", {("max-length", "img")}),
        (IMG, r"\1是\2String\3         \4图片\5       \6", {("description", "img")}),
        (IMG, r"\1是\2String\3         \4图片base64\5 abc   \6", {("example", "img")}),
        (r"^\* 请求类型 : POST", "* 请求类型 : GET", {("method", "method")}),
        (r"getImgCode$", "getImageCode", {("path", "path")}),
        (r"dev-etc", "dev2-etc", {("environment", "dev")}),
        (
            r"生产  \|                    ",
            "生产  | etc.ebaas.com      ",
            {("environment", "production")},
        ),
        (r"^\|   2   .*\n", "", {("environment", "test")}),
        (r"^## 获取图形验证码", "## 获取验证码", {("summary", "summary")}),
    ],
)
def test_each_edit_of_the_document_is_told_with_both_places(
    tmp_path: Path, old: str, new: str, expected: set[tuple[str, str]]
) -> None:
    spec = edited(tmp_path, DOCUMENT, old, new)

    findings = [found for found in review(spec) if found.claim not in document_rules.RULES]

    assert told(tuple(findings)) == expected
    for finding in findings:
        names = [Path(place.path).name for place in finding.places]
        assert list(dict.fromkeys(names)) == ["getImgCode.md", SPEC.name]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            r"^            img:$",
            "            pic:",
            {"name"},
        ),
        (r"required: \[img, img_code_id\]", "required: [img_code_id]", {"required"}),
        (
            r"minLength: 1\n              description: 图片编号",
            "description: 图片编号",
            {"required"},
        ),
        (
            r"type: string\n              minLength: 1\n              description: 图片编号",
            "type: integer\n              minLength: 1\n              description: 图片编号",
            {"type"},
        ),
        (
            r"description: 图片编号",
            "description: 图片编号\n              maxLength: 6",
            {"max-length"},
        ),
        (r"description: 图片编号", "description: 编号", {"description"}),
        (r"description: 图片编号", "description: 图片编号\n              example: A", {"example"}),
        (r"^    post:", "    put:", {"method"}),
        (r"getImgCode:$", "getImage:", {"path"}),
        (r"://test-etc\.ebaas\.com", "://test.ebaas.com", {"environment"}),
        (r"x-environment: test", "x-environment: staging", {"environment"}),
        (r"summary: 获取图形验证码", "summary: 验证码", {"summary"}),
        (r"documents/getImgCode\.md", "documents/none.md", {"document-missing"}),
        (r"      externalDocs:\n.*\n", "", {"document-missing"}),
        (r'\["000"\]', "[000]", {"unquoted-code"}),
        (r'code: "000"', "code: 000", {"example-breaks-schema"}),
        (r"img_code_id: 6OPM6H", "img_code_id: ''", {"example-breaks-schema"}),
        (
            r"img: data:image/jpg;base64,/9j/4AAQSk",
            "img: data:image/jpg;base64,",
            {"example-breaks-schema"},
        ),
        (
            r"operationId: getImgCode",
            "operationId: getImgCode\n      operationId: x",
            {"unclear-name"},
        ),
        (r'"200":', "200:", {"unclear-name"}),
        (r"  title: ETC 平台接口\n", "", {"invalid-openapi"}),
        (r"schemas/getImgCode", "schemas/none", {"invalid-openapi"}),
        (r"type: object$", "type: thing", {"invalid-openapi"}),
    ],
)
def test_each_edit_of_the_spec_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, expected: set[str]
) -> None:
    spec = edited(tmp_path, SPEC.name, old, new)

    findings = review(spec)

    assert {finding.claim for finding in findings} == expected
    for finding in findings:
        assert Path(finding.places[-1].path).name == SPEC.name
        assert finding.places[-1].line > 1 or finding.claim == "invalid-openapi"


CELLS = {
    "参数": ("renamed", {"name"}),
    "是否必填": ("否", {"required"}),
    "类型": ("Integer", {"type"}),
    "最大长度": ("9999", {"max-length"}),
    "参数描述": ("别的", {"description"}),
    "示例值": ("A1B2C3", {"example"}),
}


def with_cell(folder: Path, row: str, column: str) -> tuple[Path, int]:
    """Copy the contract with one cell of the document changed; give the spec and the line."""
    shutil.copytree(SPEC.parent / "documents", folder / "documents")
    shutil.copy(SPEC, folder)
    path = folder / DOCUMENT
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(k for k, line in enumerate(lines) if line.startswith(f"| {row} "))
    cells = lines[at].split("|")
    cells[1 + list(CELLS).index(column)] = f" {CELLS[column][0]} "
    lines[at] = "|".join(cells)
    path.write_text("".join(lines), encoding="utf-8")
    return folder / SPEC.name, at + 1


@pytest.mark.parametrize("row", ["img", "img_code_id"])
@pytest.mark.parametrize("column", CELLS)
def test_a_change_of_any_cell_is_told_with_both_places(
    tmp_path: Path, row: str, column: str
) -> None:
    spec, line = with_cell(tmp_path, row, column)

    findings = [found for found in review(spec) if found.claim not in document_rules.RULES]

    assert {found.claim for found in findings} == CELLS[column][1]
    named = {(place.path, place.line) for found in findings for place in found.places}
    assert ((tmp_path / DOCUMENT).as_posix(), line) in named
    assert spec.as_posix() in {name for name, _ in named}


PROPERTIES = {
    "参数": ("            {row}:\n", "            renamed:\n"),
    "是否必填": (r"required: \[img, img_code_id\]", "required: [{other}]"),
    "类型": (r"(            {row}:\n +)type: string", r"\1type: boolean"),
    "最大长度": (r"(            {row}:\n +)type", r"\1maxLength: 9999\n              type"),
    "参数描述": (r"(            {row}:\n(?: .*\n)*? +)description: .*", r"\1description: 别的"),
    "示例值": (r"(            {row}:\n +)type", r"\1example: A1B2C3\n              type"),
}


def with_keyword(folder: Path, row: str, column: str) -> Path:
    """Copy the contract with one keyword of a property changed."""
    other = {"img": "img_code_id", "img_code_id": "img"}[row]
    old, new = PROPERTIES[column]
    return edited(folder, SPEC.name, old.replace("{row}", row), new.replace("{other}", other))


@pytest.mark.parametrize("row", ["img", "img_code_id"])
@pytest.mark.parametrize("column", PROPERTIES)
def test_a_change_of_any_keyword_of_a_property_is_told_with_both_places(
    tmp_path: Path, row: str, column: str
) -> None:
    spec = with_keyword(tmp_path, row, column)

    findings = review(spec)

    assert {found.claim for found in findings} == CELLS[column][1]
    assert {len({place.path for place in found.places}) for found in findings} == {2}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("x-unique: true", "x-uniqe: true", "x-uniqe means nothing here; did you mean x-unique?"),
        ("x-unique: true", "x-unique: maybe", "x-unique: maybe means nothing here"),
        ("format: image-base64", "format: image-bas64", "did you mean image-base64?"),
        ("x-mock: captcha.id", "x-mock: captcha.idd", "did you mean captcha.id?"),
        ("x-mock: uuid", "x-mock-expects: captcha.answr", "did you mean captcha.answer?"),
        ("x-mock: uuid", "x-mock-expect: token", "did you mean x-mock-expects?"),
        ("img, img_code_id]", "img, img_cod_id]", "required: img_cod_id means nothing here; did"),
    ],
)
def test_a_word_that_every_program_would_pass_over_is_told_at_its_line(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    spec = edited(tmp_path, SPEC.name, re.escape(old), new)

    (found,) = [each for each in review(spec) if each.claim == "unknown-word"]

    line = spec.read_text(encoding="utf-8").splitlines()[found.places[0].line - 1]
    assert (told in found.evidence, new.split(":", maxsplit=1)[0] in line) == (True, True)


def test_a_member_whose_name_looks_like_a_keyword_is_a_member(tmp_path: Path) -> None:
    more = "            x-trace: {type: string}\n            format: {type: string}\n"
    spec = edited(tmp_path, SPEC.name, r"(?=^            img:)", more)

    assert "unknown-word" not in {found.claim for found in review(spec)}


def test_the_place_of_a_difference_is_the_line_that_says_it(tmp_path: Path) -> None:
    spec = edited(tmp_path, SPEC.name, "description: 图片编号", "description: 编号")
    lines = spec.read_text(encoding="utf-8").splitlines()

    (finding,) = review(spec)

    document, yaml = finding.places
    assert "| 图片编号 " in (tmp_path / DOCUMENT).read_text("utf-8").splitlines()[document.line - 1]
    assert lines[yaml.line - 1].strip() == "description: 编号"


def test_a_finding_is_printed_with_both_places_and_exit_status_1(tmp_path: Path) -> None:
    spec = edited(tmp_path, DOCUMENT, r"图片编号  ", "图片号码  ")

    done = python("-m", "openapi", "check", str(spec))

    assert done.returncode == 1
    assert re.fullmatch(
        r"\S+/openapi\.yaml:\d+:\d+: description: getImgCode, img_code_id\n"
        r"  规则      参数描述不一致：description 与文档的「参数描述」一致。\n"
        r"  promised  the document says 参数描述 图片号码\n"
        r"  actual    the spec says description 图片编号\n"
        r"  see       \S+/getImgCode\.md:28:47\n"
        r"  to do     change the spec to what the document says.*\n"
        r"1 finding: \S+/openapi\.yaml.*\n",
        done.stdout,
    )


def test_a_spec_without_a_finding_ends_in_one_line_and_exit_status_0() -> None:
    done = python("-m", "openapi", "check")

    assert (done.returncode, done.stdout.startswith("no findings: ")) == (0, True)
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("text", [None, "a: b: c", "\x00", "a: &a [*b]"])
def test_a_file_that_cannot_be_read_or_is_no_yaml_is_exit_status_2(
    tmp_path: Path, text: str | None
) -> None:
    path = tmp_path / "openapi.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    done = python("-m", "openapi", "check", str(path))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    with pytest.raises(UnreadableYaml):
        review(path)


# In every form


@pytest.mark.parametrize("row", ["img", "img_code_id"])
@pytest.mark.parametrize("column", CELLS)
def test_a_changed_cell_is_one_annotation_that_names_both_lines(
    tmp_path: Path, row: str, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, line = with_cell(tmp_path, row, column)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))

    told = FORMATS["github"](review(spec), "").splitlines()

    assert len(told) == 1
    assert told[0].startswith(f"::error file={DOCUMENT},line={line},col=")
    assert re.search(rf"{DOCUMENT}:{line}:\d+ and \S+/openapi\.yaml:\d+:\d+", told[0])


@pytest.mark.parametrize("row", ["img", "img_code_id"])
@pytest.mark.parametrize("column", PROPERTIES)
def test_a_changed_keyword_is_one_annotation_that_names_both_lines(
    tmp_path: Path, row: str, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = with_keyword(tmp_path, row, column)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))

    told = FORMATS["github"](review(spec), "").splitlines()

    assert len(told) == 1
    assert re.search(rf"{DOCUMENT}:\d+:\d+ and \S+/openapi\.yaml:\d+:\d+", told[0])


def test_findings_are_json_for_programs(tmp_path: Path) -> None:
    spec, line = with_cell(tmp_path, "img", "参数描述")

    done = python("-m", "openapi", "check", str(spec), "--format", "json")

    (found,) = json.loads(done.stdout)["findings"]
    place = found["places"][0]
    assert (done.returncode, found["id"], found["level"], place["line"], place["column"]) == (
        *(1, "getImgCode-img-description", "table", line),
        47,
    )


def test_a_spec_without_a_finding_annotates_nothing() -> None:
    done = python("-m", "openapi", "check", "--format", "github")

    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_rule_is_explained_in_a_sentence_of_either_language(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Za-z\u4e00-\u9fff].*\.", rule.english)
    assert re.fullmatch(r".*[\u4e00-\u9fff].*。", rule.chinese)


def test_a_reader_that_has_seen_enough_sees_no_traceback() -> None:
    documents = " ".join(str(path) for path in sorted(DOCUMENTS.glob("*.md")))
    command = f"{sys.executable} -m openapi derive {documents} | head -1"

    done = subprocess.run(  # noqa: S602 - a pipe, as a user would type it
        command,
        shell=True,
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.stdout, "Traceback" in done.stderr) == ("openapi: 3.0.3\n", False)


# The YAML by itself


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (r"operationId: getImgCode", "operationId: 获取", ("operation-id", "operationId: 获取")),
        (r"^  examples:", "  examples:\n    more: {value: 1}", ("unused-component", "more:")),
        (r"\[0-9A-Z\]\{6\}", r"\\\\w{6}", ("unportable-pattern", "pattern:")),
        (r"\^data:image/jpg", "^data:image/png", ("sample-breaks-x-sample", "pattern:")),
        (r"width: 125", "width: 126", ("sample-breaks-x-sample", "x-image:")),
        (r"\[code, data\]", "[code, data, trace]", ("unknown-word", "required:")),
        (r"^      summary: 获取", "      sumary: 获取", ("invalid-openapi", "sumary:")),
        (r"type: object$", "type: thing", ("invalid-openapi", "type:")),
        (r"minLength: 1$", "minLength: one", ("invalid-openapi", "minLength:")),
        (r"required: \[code, data\]", "required: code", ("invalid-openapi", "required:")),
        (r"\^\[0-9A-Z\]\{6\}\$", "[0-9", ("unportable-pattern", "pattern:")),
    ],
)
def test_a_slip_of_the_hand_is_told_at_its_very_line(
    tmp_path: Path, old: str, new: str, expected: tuple[str, str]
) -> None:
    spec = edited(tmp_path, SPEC.name, old, new)

    finding, *_ = [found for found in review(spec) if found.claim == expected[0]]

    line = spec.read_text(encoding="utf-8").splitlines()[finding.places[-1].line - 1]
    assert line.strip().startswith(expected[1])


def test_a_document_that_no_operation_names_is_told_with_the_command(tmp_path: Path) -> None:
    spec = edited(tmp_path, SPEC.name, "version: 1.0.0", "version: 1.0.1")
    shutil.copy(PLATFORM.parent / "documents" / "getParkingRecords.md", tmp_path / "documents")

    (finding,) = review(spec)

    assert (finding.claim, finding.remedy.startswith("captcha-contract derive ")) == (
        "document-without-operation",
        True,
    )


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[0-9a-f]{8}-[0-9a-f]{4}$",
        r"^data:image/jpg;base64,",
        r"^-?[0-9]{1,8}(\.[0-9]{1,2})?$",
        r"^(?:a|b)+$|^c*$",
        r"\^\$\[\{",
    ],
)
def test_a_portable_pattern_is_not_told(pattern: str) -> None:
    assert unportable(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"\d+", r"\w", r"[\s]", r"\bx", r"\p{Han}", r"\x41", r"\1", r"\A", r"\Z"),
        *("(?=a)", "(?<!a)", "(?P<n>a)", "(?<n>a)", "(?i)a", "(?>a)"),
        *("a+?", "a*+", "a{2}?", "a{", "}", "a{,3}"),
        *("a$b", "a^", "[[:alpha:]]", "[a&&b]", "[]a]", "[", "(", "a**", "[z-a]"),
    ],
)
def test_what_dialects_read_differently_is_told(pattern: str) -> None:
    assert unportable(pattern)


def test_an_unknown_command_is_a_usage_error() -> None:
    assert python("-m", "openapi", "chekc").returncode == 2


def test_an_address_with_a_scheme_and_a_closing_slash_is_the_same_address(tmp_path: Path) -> None:
    spec = edited(tmp_path, DOCUMENT, r"dev-etc\.ebaas\.com  ", "https://dev-etc.ebaas.com/")

    assert [found for found in review(spec) if found.claim not in document_rules.RULES] == []
