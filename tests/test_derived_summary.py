"""`derive` ends with what it read, and with what it did not, by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

import captcha_contract
from tests.document_reading_shown import FORMS


def derived(capsys: pytest.CaptureFixture[str], path: Path, output: Path) -> list[str]:
    captcha_contract.main(["derive", str(path), "--output", str(output)])
    return capsys.readouterr().err.splitlines()


def test_a_document_that_is_read_completely_is_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = FORMS / "house" / "twoInterfaces.md"

    (line,) = derived(capsys, path, tmp_path / "openapi.yaml")

    assert line == (
        "tests/documents/forms/house/twoInterfaces.md: 2 operations (POST /level/get, "
        "PUT /level/set), 3 of 3 rows read"
    )


def test_what_is_not_read_is_said_with_its_line_and_the_nearest_heading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = derived(capsys, FORMS / "modern" / "below.md", tmp_path / "openapi.yaml")

    begins = "  not read: tests/documents/forms/modern/below.md"
    title, fields = "自动设置的筛选条件", "“参数名, 值, 说明”"
    remedy, inside = (
        "head it 请求参数 or 请求头, whichever it is",
        "inside the interface that it describes",
    )
    pages = "“页面, 接口”"
    *_, summary, environment, first, second = lines
    assert summary.endswith("), 4 of 6 rows read")
    assert environment.startswith("  no environment: ")
    assert [first, second] == [
        f"{begins}:23 {title}: this table of 1 rows is not read here: {fields}; {remedy}",
        f"{begins}:64 相关接口: this table of 1 rows is not read here: {pages}; {remedy}, {inside}",
    ]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (
            "# 接口\n\n登录用 POST 提交到 /login 即可",
            "line 3 says “登录用 POST 提交到 /login 即可”",
        ),
        ("# 接口\n\n请求地址见 https://a.example.com/b", "line 3 says"),
        ("# 请求\n\n| 方法 | 说明 |\n|-|-|\n| POST | x |", "line 5 says “POST | x”"),
    ],
)
def test_a_document_without_an_operation_quotes_the_lines_that_come_near(
    text: str, quoted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "document.md"
    path.write_text(text, encoding="utf-8")

    (line,) = derived(capsys, path, tmp_path / "openapi.yaml")

    assert quoted in line
